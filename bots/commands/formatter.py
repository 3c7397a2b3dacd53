"""Writes a request as the command that produces it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from bots.commands.paper_commands import ASK, written
from bots.commands.small_talk import spoken
from bots.commands.tokens import quoted
from bots.domain.export_formats import ExportFormat
from bots.domain.follows import FollowKind
from bots.domain.papers import PaperRef
from bots.domain.requests import (
    Abstract,
    Cite,
    DigestNow,
    Edit,
    Follow,
    Following,
    Help,
    Hidden,
    ListSubscriptions,
    Lookup,
    Mentions,
    MoreLike,
    NotForUs,
    OfPaper,
    OfPerson,
    Pause,
    Preview,
    Request,
    Resume,
    Save,
    Saved,
    Search,
    SmallTalk,
    Subscribe,
    Summarize,
    Taste,
    Unfollow,
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
            return " ".join(("digest", *_written(_choice(request)), *day))
        case Subscribe() | Preview():
            given = _written(options_of_subscription(request.subscription))
            return " ".join((_WORDS[type(request)], *given))
        case Unsubscribe() | Pause() | Resume() | Edit():
            return _of_one(request)
        case ListSubscriptions():
            return "subscriptions"
        case (
            Abstract() | Save() | Unsave() | Saved() | MoreLike() | NotForUs() | Unhide() | Hidden() | Cite() | Taste()
        ):
            return _of_paper(request)
        case _:
            return _of_person(request)


def _of_talk(request: Help | SmallTalk) -> str:
    return f"help {request.topic}".strip() if isinstance(request, Help) else spoken(request.talk, request.language)


def _of_person(request: OfPerson | Help | SmallTalk) -> str:
    match request:
        case Follow():
            return follow_words("follow", request.kind, request.text, everyone=request.everyone)
        case Unfollow():
            return follow_words("unfollow", request.kind, request.text, everyone=request.everyone)
        case Following():
            return "following"
        case Mentions():
            return f"mentions {request.step}"
        case Help() | SmallTalk():
            return _of_talk(request)
    assert_never(request)


def follow_words(verb: str, kind: FollowKind | None, text: str, *, everyone: bool) -> str:
    """Return a command about something that is followed: "follow author Ada Lovelace here"."""
    return " ".join(filter(None, (verb, kind or "", text, "here" if everyone else "")))


def _of_one(request: Edit | Unsubscribe | Pause | Resume) -> str:
    named = request.subscription_id
    match request:
        case Edit():
            changes = (f"{name}={quoted(value)}" for name, value in request.options)
            return " ".join(("edit", *([quoted(named)] if named else []), *changes))
        case Pause():
            until = f"until={request.until.isoformat()}" if request.until else ""
            return " ".join(filter(None, ("pause", named, until)))
        case Resume():
            return f"resume {named}".strip()
    return f"unsubscribe {named}".strip()


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
            return f"cite{_form(request)}"
        case Taste():
            return " ".join(("interests", request.step, *map(_written_ref, request.papers)))
    named = written(request.paper_id) if request.paper_id else ""
    version = f"v{request.version}" if isinstance(request, Abstract | Cite) and request.version else ""
    form = _form(request) if isinstance(request, Cite) else ""
    return f"{_WORDS[type(request)]} {named}{version}{form}"


def _form(request: Cite) -> str:
    return "" if request.form is ExportFormat.BIBTEX else f" {request.form}"


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


def options_of_subscription(subscription: Subscription) -> tuple[tuple[str, str], ...]:
    """Return the options of the command that makes a subscription, each by name and value."""
    return (*_choice(subscription), *_when(subscription))


def _choice(asked: DigestNow | Subscription) -> Iterator[tuple[str, str]]:
    yield from (("source", spec) for spec in asked.sources)
    if asked.query:
        yield "query", asked.query
    if asked.interests:
        yield "interests", asked.interests
    yield from (("category", category) for category in asked.categories)
    yield "sort", asked.sort_by
    yield "limit", str(asked.limit)
    yield "style", asked.style


def _when(subscription: Subscription) -> Iterator[tuple[str, str]]:
    yield "at", ",".join(f"{clock:%H:%M}" for clock in sorted(subscription.times))
    yield "on", ",".join(Weekday(day).name.lower() for day in sorted(subscription.weekdays))
    yield "zone", str(subscription.timezone)
    yield "every", subscription.every
    yield "settle", str(subscription.settle)
    if subscription.wait:
        yield "wait", f"{subscription.wait:%H:%M}"
    if subscription.quiet:
        yield "quiet", str(subscription.quiet)
    yield "empty", subscription.empty
    yield "entries", "thread" if subscription.threaded else "inline"
    yield "look", subscription.look
    if subscription.language:
        yield "language", subscription.language


def _written(options: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield options as they are typed; texts and names are quoted."""
    yield from (f"{name}={quoted(value) if name in _QUOTED else value}" for name, value in options)


_QUOTED = frozenset({"source", "query", "interests", "category"})
