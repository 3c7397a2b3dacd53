"""The result of parsing external text: the papers, and a description of the items that were left out."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bots.domain.papers import Paper
from bots.translation.formats import in_a_row, sentences_lazy
from bots.translation.speech import LazyText, gettext_lazy, localized, ngettext, ngettext_lazy

# A few names are enough to find the problem; a note is one sentence, however many hostile items there are.
_NAMED = 3
#: The most papers of one file: a library of a lifetime has some thousand, and each paper takes up to 0.1 ms.
PAPERS_MOST = 20_000


_Raw = TypeVar("_Raw")
_FOLDERS = re.compile(r"^.*[/\\]", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The papers of one text, in the same order."""

    papers: tuple[Paper, ...] = ()
    #: A few words for each item that was left out, such as `item 3 (no title)`.
    skipped: tuple[str, ...] = ()
    #: How many records stood behind the last paper that a file may have.
    beyond: int = 0

    @property
    def trouble(self) -> str:
        """A sentence about the items that were left out; empty if there are none."""
        unread = ngettext_lazy(
            "{number} left out as unreadable: {items}.",
            "{number} left out as unreadable: {items}.",
            len(self.skipped),
            items=shortly_lazy(self.skipped),
        )
        most = gettext_lazy(
            "Only the first {most} papers are read; {number} more are left out.", most=PAPERS_MOST, number=self.beyond
        )
        return sentences_lazy(unread if self.skipped else "", most if self.beyond else "")


def collected(records: Iterable[_Raw], read: Callable[[int, _Raw], Paper | str | None]) -> Reading:
    """Return the papers of some records, up to the most that a file may have.

    Args:
        records: what stands in the file; behind the last paper they are counted and not read.
        read: returns, of the number of a record from 1 on and the record, its paper, or a few words on why it is left
            out, or None if it is no record.
    """
    papers: list[Paper] = []
    skipped: list[str] = []
    beyond = 0
    for number, record in enumerate(records, start=1):
        # Records that are no papers cost as much as papers.
        if len(papers) + len(skipped) >= PAPERS_MOST:
            beyond += bool(record)  # an empty line is none
            continue
        found = read(number, record)
        if isinstance(found, Paper):
            papers.append(found)
        elif found:
            skipped.append(found)
    return Reading(papers=tuple(papers), skipped=tuple(skipped), beyond=beyond)


def nameable(source: str) -> str:
    """Return the spec of a source as an error may name it: a file without its folder, which no chat must learn."""
    name, colon, path = source.partition(":")
    return f"file:{_FOLDERS.sub('', path)}" if name == "file" and colon else source


def shortly(names: Sequence[str]) -> str:
    """Return the first few names and the number of the others."""
    more = len(names) - _NAMED
    few = in_a_row(map(localized, names[:_NAMED]))
    if more <= 0:
        return few
    return ngettext("{names} and {number} more", "{names} and {number} more", more, names=few)


def shortly_lazy(names: Sequence[str]) -> LazyText:
    """Return the same, translated where `localized` shows it."""
    return LazyText(lambda: shortly(names))
