"""The content of the subscription form, and the form as a modal. Pure functions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bots.commands.options import MOST_PAPERS, MOST_SETTLE
from bots.domain.channels import Channel
from bots.domain.subscriptions import Every, Look, Subscription, WhenEmpty
from bots.presentation.labels import sort_labels, weekday_labels
from bots.presentation.source_text import hints
from bots.slack.blocks import Json, actions, button, divider, plain, said
from bots.slack.controls import Control
from bots.slack.fields import choice, number_input, place_input, text_input, ticks, time_input
from bots.slack.modals import MAX_TITLE, modal, styles
from bots.slack.zones import zone_options
from bots.translation.speech import pgettext

#: The callback id in the payload of a submitted modal.
SUBSCRIBE = "subscribe"
#: The names of the command options that the form sets.
FIELDS = (
    "source", "query", "interests", "category", "limit", "sort", "style", "at", "on", "zone", "entries", "look",
    "every", "settle", "wait", "quiet", "empty",
)  # fmt: skip
#: Fields of the form that are no option of their own: the first time of day, and a zone that the menu does not offer.
TIME, ELSEWHERE = "time", "elsewhere"
PLACE = "channel"
ALWAYS = frozenset({PLACE, "source", "query", TIME, "zone"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """The content of the form; every value is the text that a person could have typed as the option."""

    channel: Channel
    values: Mapping[str, str]
    #: The id of the subscription that is edited; empty for a new one.
    subscription: str = ""
    #: Whether the person chooses the channel.
    choose: bool = False
    #: Whether all fields are shown.
    unfolded: bool = False
    #: The person's direct messages, if the form was opened from the home tab.
    direct: str = ""
    #: What is wrong with it, shown above the fields.
    notes: tuple[str, ...] = field(default=())


def values_of(subscription: Subscription) -> dict[str, str]:
    """Return the values of the form's fields for a subscription."""
    first, *more = [f"{clock:%H:%M}" for clock in sorted(subscription.times)] or [""]
    return {
        "source": ", ".join(subscription.sources),
        "query": subscription.query,
        "interests": subscription.interests,
        "category": ", ".join(subscription.categories),
        "limit": str(subscription.limit),
        "sort": subscription.sort_by.value,
        "style": subscription.style.value,
        TIME: first,
        "at": ", ".join(more),
        "on": ",".join(day.name.lower() for day in sorted(subscription.weekdays)),
        "zone": str(subscription.timezone),
        ELSEWHERE: "",
        "entries": "thread" if subscription.threaded else "inline",
        "look": subscription.look.value,
        "every": subscription.every.value,
        "settle": str(subscription.settle),
        "wait": f"{subscription.wait:%H:%M}" if subscription.wait else "",
        "quiet": str(subscription.quiet) if subscription.quiet else "",
        "empty": subscription.empty.value,
    }


def form_modal(form: Form) -> Json:
    """Return a form as a modal."""
    buttons = [button(pgettext("button", "Preview"), Control.PREVIEW)]
    if not form.unfolded:
        buttons.append(button(pgettext("button", "More options"), Control.UNFOLD))
    notes = [said(note) for note in form.notes]
    rest = [divider(), *_finer(form.values)] if form.unfolded else []
    return modal(
        pgettext("title", "Edit subscription") if form.subscription else pgettext("title", "New subscription"),
        [*notes, *_first(form), actions(buttons, "preview"), *rest],
        channel=form.channel,
        about={"order": form.subscription, "home": form.direct},
        callback_id=SUBSCRIBE,
        submit=plain(pgettext("title", "Save") if form.subscription else pgettext("title", "Subscribe"), MAX_TITLE),
    )


def _first(form: Form) -> Iterator[Json]:
    values = form.values
    if form.choose:
        known = form.channel.channel
        yield place_input(PLACE, pgettext("label", "Channel"), known if known.startswith(("C", "G")) else "")
    sources = pgettext("hint", "{sources}; several with commas between them.", sources=", ".join(hints()))
    yield text_input("source", pgettext("label", "Sources"), values["source"], optional=False, hint=sources)
    query = pgettext(
        "hint",
        'Words, "phrases", AND OR NOT, -word, (), ti: au: cat:, and a star at the end of a word. Empty: all papers.',
    )
    yield text_input(
        "query",
        pgettext("label", "Only papers that match"),
        values["query"],
        hint=query,
        placeholder='"language model*" -survey',
    )
    yield time_input(TIME, pgettext("label", "Time"), values[TIME])
    zone = values["zone"]
    yield choice("zone", pgettext("label", "Time zone"), zone_options(zone), zone)


def _finer(values: Mapping[str, str]) -> Iterator[Json]:
    near = pgettext("hint", "In plain words; the papers nearest in meaning come first. Empty: sorted as chosen below.")
    shown = pgettext("placeholder", "efficient inference of language models on small devices")
    yield text_input(
        "interests", pgettext("label", "Interests"), values["interests"], hint=near, placeholder=shown, multiline=True
    )
    yield text_input(
        "category",
        pgettext("label", "Only in these categories"),
        values["category"],
        placeholder="cs.CL, stat.ML, cs.*",
    )
    yield number_input(
        "limit", pgettext("label", "Maximum number of papers"), _number(values["limit"], 5), 1, MOST_PAPERS
    )
    yield choice("sort", pgettext("label", "Order of the papers"), sort_labels(), values["sort"])
    yield choice("style", pgettext("label", "Blurbs"), styles(), values["style"])
    yield text_input("at", pgettext("label", "More times of day"), values["at"], placeholder="17:30")
    days = values["on"].split(",")
    none = pgettext("hint", "None: weekdays; for the best of the week, Fridays.")
    yield ticks("on", pgettext("label", "Days"), weekday_labels(), days, hint=none)
    yield text_input(
        ELSEWHERE,
        pgettext("label", "Another time zone"),
        values[ELSEWHERE],
        hint=pgettext("hint", "If it is not in the menu above: a continent and a city."),
    )
    yield choice("entries", pgettext("label", "Where to show the papers"), _entries(), values["entries"])
    yield choice("look", pgettext("label", "Look of the papers"), _looks(), values["look"])
    yield choice("every", pgettext("label", "A digest covers"), _periods(), values["every"])
    yield number_input(
        "settle", pgettext("label", "Days for votes to settle"), _number(values["settle"], 0), 0, MOST_SETTLE
    )
    yield text_input("wait", pgettext("label", "Wait for late lists until"), values["wait"], placeholder="11:00")
    yield text_input("quiet", pgettext("label", "Quiet hours, from – to"), values["quiet"], placeholder="22:00-07:00")
    yield choice("empty", pgettext("label", "On days without papers"), _empty_days(), values["empty"])


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() else otherwise


def _entries() -> Mapping[str, str]:
    return {
        "inline": pgettext("option", "In the channel"),
        "thread": pgettext("option", "In the thread of one message"),
    }


def _looks() -> Mapping[str, str]:
    return {
        Look.AUTO.value: pgettext("option", "Compact above five papers"),
        Look.COMPACT.value: pgettext("option", "Compact, with one menu"),
        Look.CARDS.value: pgettext("option", "Cards, each with its buttons"),
    }


def _periods() -> Mapping[str, str]:
    return {
        Every.DAY.value: pgettext("option", "The day's papers"),
        Every.WEEK.value: pgettext("option", "The best of the week"),
        Every.MONTH.value: pgettext("option", "The best of the month before"),
    }


def _empty_days() -> Mapping[str, str]:
    return {
        WhenEmpty.SAY.value: pgettext("option", "Say why"),
        WhenEmpty.TROUBLE.value: pgettext("option", "Say so only if a source failed"),
        WhenEmpty.SILENT.value: pgettext("option", "Post nothing"),
    }
