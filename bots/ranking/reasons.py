"""Why a paper is shown, in a few words. Every text from outside is cut, and each adapter escapes it."""

from dataclasses import dataclass

from bots.chat.phrases import counted, cut
from bots.domain.papers import Paper

#: A subject as long as this is recognised; a name is longer only by mistake.
_MOST = 40
#: A paper with so many of the list's upvotes is shown for them, too.
_POPULAR = 0.7


@dataclass(frozen=True, kw_only=True, slots=True)
class Grounds:
    """What speaks for a paper."""

    #: The followed author who wrote it; may be empty.
    author: str = ""
    #: The followed filter that it matches; may be empty.
    query: str = ""
    #: Whether its subject is followed, and not one of the interests.
    followed: bool = False
    #: The subject in plain words that it fits best; may be empty.
    subject: str = ""
    #: The number of subjects that the channel has.
    subjects: int = 0
    #: The number of liked papers it is close to.
    close: int = 0
    #: From 0 to 1.
    buzz: float = 0.0
    #: Whether it is shown for its popularity alone.
    wildcard: bool = False


def reason(paper: Paper, grounds: Grounds) -> str:
    """Return the reason, such as "author you follow: A. Vaswani · close to 3 papers you liked · 48 upvotes"."""
    parts = (
        _author(grounds),
        _query(grounds),
        _subject(grounds),
        _close(grounds),
        popularity(paper) if _popular(grounds) else "",
    )
    wild = "beyond your interests" if grounds.wildcard else ""
    return " · ".join(filter(None, (wild, *parts)))


def popularity(paper: Paper) -> str:
    """Return what a paper's popularity is, such as "48 upvotes, code"; may be empty."""
    signals = paper.signals
    counts = ((signals.upvotes, "upvote"), (signals.citations, "citation"))
    code = ("code",) if paper.code else ()
    return ", ".join((*(counted(number, thing) for number, thing in counts if number), *code))


def _popular(grounds: Grounds) -> bool:
    return grounds.wildcard or grounds.buzz >= _POPULAR


def _author(grounds: Grounds) -> str:
    return f"author you follow: {cut(grounds.author, _MOST)}" if grounds.author else ""


def _query(grounds: Grounds) -> str:
    return f"matches “{cut(grounds.query, _MOST)}”, which you follow" if grounds.query else ""


def _subject(grounds: Grounds) -> str:
    if not grounds.subject:
        return ""
    if grounds.followed:
        return f"near to “{cut(grounds.subject, _MOST)}”, which you follow"
    return f"near to “{cut(grounds.subject, _MOST)}”" if grounds.subjects > 1 else "near to your interests"


def _close(grounds: Grounds) -> str:
    return f"close to {counted(grounds.close, 'paper')} you liked" if grounds.close else ""
