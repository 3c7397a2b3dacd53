"""Writes a request as the command that produces it."""

from collections.abc import Iterator, Mapping
from typing import assert_never

from bots.commands.paper_commands import ASK, written
from bots.commands.tokens import quoted
from bots.domain.papers import PaperRef
from bots.domain.requests import (
    Abstract,
    Cite,
    DigestNow,
    Help,
    Hidden,
    ListSubscriptions,
    Lookup,
    MoreLike,
    NotForUs,
    OfPaper,
    Pause,
    Preview,
    Request,
    Resume,
    Save,
    Saved,
    Search,
    Subscribe,
    Summarize,
    Taste,
    Unhide,
    Unsave,
    Unsubscribe,
)
from bots.domain.subscriptions import Subscription, Weekday


def write_command(request: Request) -> str:
    """Return the command that `parse_command` parses into an equal request, with every option spelled out."""
    match request:
        case Lookup():
            return f"lookup {request.text}"
        case Search():
            return f"search {request.words} limit={request.limit}"
        case Summarize():
            title = f" title={quoted(request.title)}" if request.title else ""
            return f"summarize style={request.style}{title} {request.text}"
        case DigestNow():
            day = (f"day={request.day.isoformat()}",) if request.day else ()
            return " ".join(("digest", *_choice(request), *day))
        case Subscribe() | Preview():
            return " ".join((_WORDS[type(request)], *_choice(request.subscription), *_when(request.subscription)))
        case Unsubscribe() | Pause() | Resume():
            return _of_one(request)
        case ListSubscriptions():
            return "subscriptions"
        case (
            Abstract() | Save() | Unsave() | Saved() | MoreLike() | NotForUs() | Unhide() | Hidden() | Cite() | Taste()
        ):
            return _of_paper(request)
        case Help():
            return f"help {request.topic}".strip()
    assert_never(request)


def _of_one(request: Unsubscribe | Pause | Resume) -> str:
    match request:
        case Pause():
            until = f" until={request.until.isoformat()}" if request.until else ""
            return f"pause {request.subscription_id}{until}"
        case Resume():
            return f"resume {request.subscription_id}"
    return f"unsubscribe {request.subscription_id}"


def _of_paper(request: OfPaper) -> str:
    match request:
        case Saved():
            return f"saved {request.words}".strip()
        case MoreLike():
            return f"like {written(request.paper_id)} limit={request.limit}"
        case Hidden():
            return f"hidden {request.page}"
        case NotForUs(sure=False):
            return f"hide {written(request.paper_id)} {ASK}"
        case Cite(paper_id=None):
            return "cite"
        case Taste():
            return " ".join(("interests", request.step, *map(_written_ref, request.papers)))
    named = written(request.paper_id) if request.paper_id else ""
    version = f"v{request.version}" if isinstance(request, Abstract | Cite) and request.version else ""
    return f"{_WORDS[type(request)]} {named}{version}"


def _written_ref(ref: PaperRef) -> str:
    return written(ref.id) + (f"v{ref.version}" if ref.version else "")


_WORDS: Mapping[type, str] = {
    Subscribe: "subscribe",
    Preview: "preview",
    Abstract: "abstract",
    Save: "save",
    Unsave: "unsave",
    NotForUs: "hide",
    Unhide: "unhide",
    Cite: "cite",
}


def _choice(asked: DigestNow | Subscription) -> Iterator[str]:
    yield from (f"source={quoted(spec)}" for spec in asked.sources)
    if asked.query:
        yield f"query={quoted(asked.query)}"
    if asked.interests:
        yield f"interests={quoted(asked.interests)}"
    yield from (f"category={quoted(category)}" for category in asked.categories)
    yield f"sort={asked.sort_by}"
    yield f"limit={asked.limit}"
    yield f"style={asked.style}"


def _when(subscription: Subscription) -> Iterator[str]:
    yield f"at={','.join(f'{clock:%H:%M}' for clock in subscription.times)}"
    yield f"on={','.join(Weekday(day).name.lower() for day in sorted(subscription.weekdays))}"
    yield f"zone={subscription.timezone}"
    yield f"every={subscription.every}"
    yield f"settle={subscription.settle}"
    if subscription.wait:
        yield f"wait={subscription.wait:%H:%M}"
    if subscription.quiet:
        yield f"quiet={subscription.quiet}"
    yield f"empty={subscription.empty}"
    yield f"entries={'thread' if subscription.threaded else 'inline'}"
    yield f"look={subscription.look}"
