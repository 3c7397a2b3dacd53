"""What a store tells of the papers that it searches."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bots.domain.papers import Paper, PaperId


@dataclass(frozen=True, kw_only=True, slots=True)
class WordHit:
    """A paper that contains some of the words, with its stems as `SearchEntry` has them."""

    paper_id: PaperId
    title: str
    body: str
    names: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WordCounts:
    """How many papers there are, and how many of them contain each stem."""

    papers: int = 0
    #: Stems that no paper contains are absent.
    found: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewsMark:
    """Up to where a reader of the index has read: the numbers of the last entry, vector and word."""

    entry: int = 0
    vector: int = 0
    word: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexNews:
    """What was added to the index since a mark; a paper that is named again replaces what was known of it."""

    #: The signature of each paper's title.
    titles: tuple[tuple[PaperId, bytes], ...] = ()
    #: The packed vector of each paper, as `bots.search.packing` packs it.
    vectors: tuple[tuple[PaperId, bytes], ...] = ()
    #: Words of titles and names.
    words: tuple[str, ...] = ()
    mark: NewsMark = NewsMark()


@dataclass(frozen=True, kw_only=True, slots=True)
class Matches:
    """The stored papers that match a query."""

    #: Best first.
    papers: tuple[Paper, ...]
    #: Whether as many papers as may be were compared with the query, and others could match as well.
    cut: bool = False
