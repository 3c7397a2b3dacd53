"""What a search of kept papers looks for, and what comes first: pure.

No full-text index: one built into the database (FTS5, tsvector) would read words in its own way, so that SQLite,
Postgres and the store in memory would each find something else. Rows of words made here are looked through instead:
3.5 microseconds a paper in SQLite, so a fifth of a second for 60 000, which no library on the net answers in.
"""

from dataclasses import dataclass

from bots.domain.papers import Paper
from bots.selection.words import Page, words_of

#: A shorter word is looked for whole only: as a beginning, "ai" would also find aim, air and aisle.
SHORTEST_BEGINNING = 3
#: More than an abstract has (about 150 different ones); the words after these are not asked for.
MOST_WORDS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """One word as it must stand in a row of words."""

    whole: str
    #: The same as `whole` for a very short word.
    beginning: str


def wanted(text: str) -> tuple[Wanted, ...]:
    """Return the words of a search, every one once; none for a text without letters and digits."""
    words = tuple(dict.fromkeys(words_of(text)))[:MOST_WORDS]
    return tuple(
        Wanted(whole=f" {word} ", beginning=f" {word}" if len(word) >= SHORTEST_BEGINNING else f" {word} ")
        for word in words
    )


def rows(paper: Paper) -> tuple[str, str]:
    """Return the words of a paper's title and of its abstract, each with a space before and after every word."""
    page = Page.of(paper)
    return page.title, page.abstract


def rank(title: str, abstract: str, words: tuple[Wanted, ...]) -> int | None:
    """Return how well a paper of these rows fits, 0 best, None where a word is missing.

    0: every word in the title. 1: the beginnings of some. 2 and 3: the same with the abstract's help.
    """
    if all(word.whole in title for word in words):
        return 0
    if all(word.beginning in title for word in words):
        return 1
    if all(word.whole in title or word.whole in abstract for word in words):
        return 2
    return 3 if all(word.beginning in title or word.beginning in abstract for word in words) else None
