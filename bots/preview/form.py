"""The form of the preview: a subscription as its fields, and what is wrong with each. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bots.commands import FIELDS, form_errors, form_subscription, values_of
from bots.config.source_catalogue import catalogue
from bots.domain.errors import RequestError
from bots.domain.subscriptions import Every, Look, SortBy, Subscription
from bots.presentation.source_text import source_text
from summarizer import Style

#: Longer than any value a person enters; the grammar has limits of its own.
_LONGEST = 1000
#: Examples of one source that the list of sources suggests.
_EXAMPLES = 8
#: What a field may be set to, with the words for it.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "sort": {SortBy.TRENDING: "trending first", SortBy.NEWEST: "newest first"},
    "style": {Style.ONE_LINE: "one line", Style.SHORT: "short", Style.STRUCTURED: "structured"},
    "look": {
        Look.AUTO: "cards, compact above five papers",
        Look.CARDS: "cards, each with its buttons",
        Look.COMPACT: "compact, with one menu",
    },
    "entries": {"inline": "in the channel", "thread": "in a thread"},
    "every": {Every.DAY: "each day", Every.WEEK: "a week's best", Every.MONTH: "a month's best"},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """The values of the fields, by the names of the options, and what is wrong with each."""

    values: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)

    def with_wrong(self, name: str, said: str) -> "Form":
        """Return the form with one more thing that is wrong."""
        return replace(self, wrong={**self.wrong, name: " ".join(filter(None, (self.wrong.get(name, ""), said)))})


def filled(given: Sequence[tuple[str, str]], start: Subscription) -> Form:
    """Return the form as it was sent, or as a subscription fills it if nothing was sent.

    Args:
        given: the names and values of the request.
        start: the subscription that the form begins with; what is not among the fields stays as it is there.
    """
    values = values_of(start)
    sent = {name: value.strip()[:_LONGEST] for name, value in given if name in FIELDS}
    if sent.get("every", values["every"]) != values["every"] and sent.get("on") == values["on"]:
        # Days that nobody chose: a round-up has others.
        sent["on"] = ""
    return Form(values={**values, **sent})


def read(form: Form, start: Subscription) -> Subscription | Form:
    """Return the subscription that the form describes, or the form with what is wrong with it."""
    wrong = form_errors(form.values, start.channel)
    if not form.values["source"]:
        wrong["source"] = "Choose where the papers come from."
    if wrong:
        return replace(form, wrong=wrong)
    try:
        made = form_subscription(form.values, start.channel)
    except RequestError as error:
        return form.with_wrong("source", f"{error} {error.hint}".strip())
    return replace(made, id=start.id, created=start.created)


def offered_sources() -> list[tuple[str, str]]:
    """Return the specs that the field of sources suggests, each with its name."""
    offered = [each.description for each in catalogue().offered]
    specs = [spec for each in offered for spec in each.examples[:_EXAMPLES]]
    return [(spec, source_text(spec)) for spec in (*specs, "sample")]
