"""The page of the preview as HTML. Pure functions."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bots.commands import short_command, terminal_command
from bots.domain.digests import Digest
from bots.domain.replies import Problem
from bots.domain.subscriptions import Subscription
from bots.pages.html import Templates
from bots.presentation import digest_text, subscription_text
from bots.preview.form import CHOICES, Form, offered_sources
from bots.preview.messages import Messages

#: What the page needs besides itself, each served under its name.
ASSETS = {"preview.css": "text/css", "preview.js": "text/javascript"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What the form leads to."""

    subscription: Subscription
    digest: Digest
    messages: Messages


@cache
def _templates() -> Templates:
    return Templates("bots.preview")


@cache
def asset(name: str) -> str:
    """Return the text of a file that the page needs.

    Raises:
        KeyError: the page needs no such file.
    """
    if name not in ASSETS:
        raise KeyError(name)
    return files("bots.preview").joinpath("static", name).read_text("utf-8")


def preview_page(form: Form, shown: Result | Problem | None, query: str) -> str:
    """Return the page.

    Args:
        form: the form as it is filled in.
        shown: the digest that it leads to; a problem; None if the form is wrong.
        query: the form as the query of an address, for the mails in the page.
    """
    result = shown if isinstance(shown, Result) else None
    return _templates().render(
        "preview.html",
        form=form,
        choices=CHOICES,
        sources=offered_sources(),
        problem=digest_text.problem_lines(shown) if isinstance(shown, Problem) else (),
        status=_status(form, shown),
        result=result,
        facts=_facts(result) if result else {},
        query=query,
    )


def _status(form: Form, shown: Result | Problem | None) -> str:
    if isinstance(shown, Result):
        return counts_line(shown.digest)
    if shown is not None:
        return "No digest could be made."
    many = len(form.wrong)
    return "Correct one field to see the digest." if many == 1 else f"Correct {many} fields to see the digest."


def counts_line(digest: Digest) -> str:
    """Return "28 papers seen, 11 fit, 5 shown"."""
    tally = digest.tally
    fit = tally.found - tally.seen - tally.filtered - tally.withdrawn - tally.far
    seen = f"{tally.found:,} paper{'' if tally.found == 1 else 's'} seen"
    return f"{seen}, {max(fit, len(digest.entries)):,} fit, {len(digest.entries):,} shown"


def _facts(result: Result) -> dict[str, object]:
    digest, subscription = result.digest, result.subscription
    what = subscription_text.capital(subscription_text.what_text(subscription))
    return {
        "tally": digest_text.tally_line(digest),
        "empty": digest_text.empty_line(digest),
        "notes": digest_text.notes_lines(digest),
        "why": [(digest_text.title_of(each.paper), digest_text.why_line(each)) for each in digest.entries],
        "words": f"{what}, {subscription_text.when_text(subscription)}",
        "slack": f"/paper {short_command(subscription)}",
        "terminal": terminal_command(subscription, "slack:WORKSPACE:CHANNEL"),
        "file": _sources_of_this_machine(subscription),
    }


def _sources_of_this_machine(subscription: Subscription) -> bool:
    return any(spec.startswith("file:") for spec in subscription.sources)
