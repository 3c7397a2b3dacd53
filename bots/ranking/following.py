"""Finds the papers that match what is followed by name: authors and filters. Pure functions."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from bots.domain.errors import BadQuery
from bots.domain.papers import Paper
from bots.selection.filters import parse_query
from bots.selection.query import Query, is_named_in
from bots.selection.words import words_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """Authors and filters that are followed, read once for all papers."""

    #: Each name with its words.
    authors: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: Each filter as typed and as read.
    queries: tuple[tuple[str, Query], ...] = ()

    @classmethod
    def of(cls, authors: Sequence[str], queries: Sequence[str]) -> "Followed":
        """Return what is followed; a filter that cannot be read any more matches nothing."""
        read = list[tuple[str, Query]]()
        for text in queries:
            with suppress(BadQuery):
                read.append((text, parse_query(text)))
        named = tuple((name, words_of(name)) for name in authors)
        return cls(authors=tuple((name, words) for name, words in named if words), queries=tuple(read))

    def author_of(self, paper: Paper) -> str:
        """Return the first of the names that one of the paper's authors has; empty if none has one."""
        if not self.authors:
            return ""
        names = tuple(map(words_of, paper.authors))
        return next((name for name, words in self.authors if any(is_named_in(words, each) for each in names)), "")

    def query_of(self, paper: Paper) -> str:
        """Return the first of the filters that a paper matches; empty if it matches none."""
        return next((text for text, query in self.queries if query.matches(paper)), "")
