"""Reads interests in plain words: what a channel wants, what it does not want, and whom it follows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bots.domain.follows import Follow, FollowKind
from bots.selection.words import words_of

#: Interests that one channel can list; each is compared with every paper. 500 characters hold some twenty.
_MOST = 20
_REFUSALS = ("no", "off", "none", "never")
_CLAUSE = re.compile(r"[;\n]+")
_MARK = re.compile(r"\s*(?P<mark>not|no|without|authors?|by|surprise)\s*:\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Interests:
    """The interests of a channel; all empty if it has none."""

    #: Subjects in plain words, each of which is reason enough.
    wanted: tuple[str, ...] = ()
    #: Subjects that are not wanted.
    unwanted: tuple[str, ...] = ()
    #: Names of authors whose papers are always wanted.
    authors: tuple[str, ...] = ()
    #: Subjects that are followed: papers near to them rise, and the others stay.
    followed: tuple[str, ...] = ()
    #: Filters that are followed: papers that match one are always wanted.
    queries: tuple[str, ...] = ()
    #: Whether only what is followed is wanted.
    only_followed: bool = False
    #: Whether the last place of a digest goes to the most popular paper beyond the subjects.
    surprise: bool = False

    def __bool__(self) -> bool:
        """Return whether there is anything to rank by."""
        return bool(self.wanted or self.unwanted or self.authors or self.followed or self.queries)

    @property
    def gates(self) -> bool:
        """Whether papers that are far from everything named here are left out."""
        return bool(self.wanted) or self.only_followed


def read_interests(text: str) -> Interests:
    """Return the interests that a text names.

    Semicolons separate subjects; "not: …" names one that is not wanted, "author: …" people to follow, separated by
    commas; "surprise: yes" asks for one popular paper beyond them. A text without any of these is one subject.
    """
    wanted, unwanted, authors, surprise = list[str](), list[str](), list[str](), False
    for clause in _CLAUSE.split(text):
        found = _MARK.fullmatch(clause)
        mark = found["mark"].lower() if found else ""
        said = (found["rest"] if found else clause).strip()
        if mark.startswith(("author", "by")):
            authors.extend(filter(words_of, map(str.strip, said.split(","))))
        elif mark == "surprise":
            surprise = said.lower() not in _REFUSALS
        elif words_of(said):
            (unwanted if mark else wanted).append(said)
    return Interests(
        wanted=tuple(wanted[:_MOST]),
        unwanted=tuple(unwanted[:_MOST]),
        authors=tuple(authors[:_MOST]),
        surprise=surprise,
    )


def with_follows(interests: Interests, follows: Sequence[Follow], *, only: bool) -> Interests:
    """Return interests together with what is followed.

    Args:
        interests: what was named in words.
        follows: what is followed, each thing once.
        only: whether nothing else is wanted, if anything is followed and no subject is named in words.
    """
    texts = {kind: tuple(each.text for each in follows if each.kind is kind) for kind in FollowKind}
    named = {word.casefold() for word in (*interests.wanted, *interests.authors)}
    fresh = {kind: tuple(text for text in said if text.casefold() not in named) for kind, said in texts.items()}
    return replace(
        interests,
        authors=(*interests.authors, *fresh[FollowKind.AUTHOR]),
        followed=fresh[FollowKind.TOPIC],
        queries=texts[FollowKind.QUERY],
        only_followed=only and bool(follows) and not interests.wanted,
    )
