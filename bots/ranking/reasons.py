"""Why a paper is shown, in a few words. Every text from outside is cut, and each adapter escapes it."""

from dataclasses import dataclass

from bots.chat.phrases import cut
from bots.domain.papers import Paper
from bots.translation.formats import in_a_row
from bots.translation.speech import gettext, ngettext

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
    wild = gettext("beyond your interests") if grounds.wildcard else ""
    return " · ".join(filter(None, (wild, *parts)))


def popularity(paper: Paper) -> str:
    """Return what a paper's popularity is, such as "48 upvotes, code"; may be empty."""
    signals = paper.signals
    counts = (
        (signals.upvotes, ngettext("{number} upvote", "{number} upvotes", signals.upvotes or 0)),
        (signals.citations, ngettext("{number} citation", "{number} citations", signals.citations or 0)),
    )
    code = (gettext("code"),) if paper.code else ()
    return in_a_row((*(said for number, said in counts if number), *code))


def _popular(grounds: Grounds) -> bool:
    return grounds.wildcard or grounds.buzz >= _POPULAR


def _author(grounds: Grounds) -> str:
    return gettext("author you follow: {author}", author=cut(grounds.author, _MOST)) if grounds.author else ""


def _query(grounds: Grounds) -> str:
    if not grounds.query:
        return ""
    return gettext("matches “{query}”, which you follow", query=cut(grounds.query, _MOST))


def _subject(grounds: Grounds) -> str:
    if not grounds.subject:
        return ""
    if grounds.followed:
        return gettext("near to “{subject}”, which you follow", subject=cut(grounds.subject, _MOST))
    if grounds.subjects > 1:
        return gettext("near to “{subject}”", subject=cut(grounds.subject, _MOST))
    return gettext("near to your interests")


def _close(grounds: Grounds) -> str:
    if not grounds.close:
        return ""
    return ngettext("close to {number} paper you liked", "close to {number} papers you liked", grounds.close)
