"""Matches and ranks stored papers by rows of their words. Pure functions.

Saved papers, private papers and papers that match a query are searched so: a scan of 3.5 microseconds a paper in
SQLite. Public papers have a full-text index besides, of stems made by `bots.search.entries`: the database's own rules
for words (FTS5, tsvector) would let SQLite, Postgres and the memory store each find different papers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bots.domain.papers import Paper
from bots.domain.same_paper import unique
from bots.selection.words import Page, words_of
from bots.store.rules import newest_first

#: A shorter word must match a whole word: as a beginning, "ai" would also find aim, air and aisle.
SHORTEST_BEGINNING = 3
#: More than an abstract has (about 150 different words); a search ignores further words.
MOST_WORDS = 200
#: The rank of a paper without all the words, where they only rank.
UNRANKED = 4
#: Papers that the database cannot rule out and that are compared with a whole query: at 0.1 ms each, half a second.
MOST_COMPARED = 5000


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """One search word in the form it has in a row of words."""

    whole: str
    #: Equal to `whole` for a very short word.
    beginning: str


def wanted(text: str) -> tuple[Wanted, ...]:
    """Return the words of a search, each once; empty for a text without letters and digits."""
    words = tuple(dict.fromkeys(words_of(text)))[:MOST_WORDS]
    return tuple(
        Wanted(whole=f" {word} ", beginning=f" {word}" if len(word) >= SHORTEST_BEGINNING else f" {word} ")
        for word in words
    )


def rows(paper: Paper) -> tuple[str, str]:
    """Return the words of a paper's title and of its abstract, with a space before and after every word."""
    page = Page.of(paper)
    return page.title, page.abstract


def ranked(lists: Sequence[Sequence[tuple[int, Paper]]], limit: int) -> tuple[Paper, ...]:
    """Return the papers of several lists in one order, the best first, records of one paper merged.

    Args:
        lists: papers with their ranks, public ones before private ones, each list in the order of rank, newest first.
        limit: maximum number of papers.
    """
    first, *others = lists
    if not any(others):
        return tuple(paper for _, paper in first)[: max(limit, 0)]
    # Sorting is stable, so the public record of a paper stays before a private one of the same rank.
    hits = sorted((hit for each in lists for hit in each), key=lambda hit: (hit[0], *newest_first(hit[1])))
    return unique(tuple(paper for _, paper in hits))[: max(limit, 0)]


def rank(title: str, abstract: str, words: tuple[Wanted, ...]) -> int | None:
    """Return how well a paper with these rows matches, 0 best; None if a word is missing.

    0: every word is in the title. 1: some only as the beginning of a word. 2 and 3: the same in title and abstract.
    """
    if all(word.whole in title for word in words):
        return 0
    if all(word.beginning in title for word in words):
        return 1
    if all(word.whole in title or word.whole in abstract for word in words):
        return 2
    return 3 if all(word.beginning in title or word.beginning in abstract for word in words) else None
