"""Papers, and the canonical id of a paper in every source."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bots.domain.paper_ids import PaperId, PaperRef, read_ref

__all__ = ["Paper", "PaperId", "PaperRef", "Signals", "merge", "read_ref", "unique"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Signals:
    """A paper's popularity as a source reports it; None if the source does not report it."""

    upvotes: int | None = None
    comments: int | None = None
    stars: int | None = None
    citations: int | None = None

    def merged(self, other: "Signals") -> "Signals":
        """Return the larger of each count: counts only grow, so the larger is the later."""
        return Signals(
            upvotes=_larger(self.upvotes, other.upvotes),
            comments=_larger(self.comments, other.comments),
            stars=_larger(self.stars, other.stars),
            citations=_larger(self.citations, other.citations),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """One paper as its source describes it; its texts are exactly the source's and untrusted."""

    id: PaperId
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    #: The instant of the first version; None where the source has none.
    published: datetime | None = None
    #: The day its source listed it: "today's papers" means this day.
    announced: date | None = None
    #: The page a reader should be sent to; always https.
    url: str = ""
    #: The spec of the source it came from, such as `arxiv:cs.CL`.
    source: str = ""
    #: Primary category first.
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    #: Where it appeared: a conference or journal, as free text.
    venue: str = ""
    #: The code's address, https.
    code: str = ""
    version: int | None = None
    withdrawn: bool = False
    #: Whether `$…$` in the texts is mathematics; Hugging Face strips it, so there a dollar is money.
    dollar_math: bool = True
    signals: Signals = Signals()
    #: Other names of the same paper: a journal DOI beside an arXiv id.
    aliases: frozenset[PaperId] = frozenset()

    @property
    def names(self) -> frozenset[PaperId]:
        """Every id of this paper."""
        return self.aliases | {self.id}


def merge(first: Paper, second: Paper) -> Paper:
    """Return one paper from two records of it: the first record's texts, with gaps filled from the second."""
    return replace(
        first,
        title=first.title or second.title,
        # Determines how to read the abstract, so it comes from the same record as the abstract.
        dollar_math=first.dollar_math if first.abstract or not second.abstract else second.dollar_math,
        abstract=first.abstract or second.abstract,
        authors=first.authors or second.authors,
        published=first.published or second.published,
        announced=max(filter(None, (first.announced, second.announced)), default=None),
        url=first.url or second.url,
        categories=tuple(dict.fromkeys((*first.categories, *second.categories))),
        keywords=tuple(dict.fromkeys((*first.keywords, *second.keywords))),
        venue=first.venue or second.venue,
        code=first.code or second.code,
        version=_larger(first.version, second.version),
        withdrawn=first.withdrawn or second.withdrawn,
        signals=first.signals.merged(second.signals),
        aliases=(first.names | second.names) - {first.id},
    )


def unique(papers: tuple[Paper, ...]) -> tuple[Paper, ...]:
    """Return the papers in order, each once; records of one paper are merged if they share any name."""
    kept: list[Paper] = []
    places: dict[PaperId, int] = {}
    for paper in papers:
        shared = sorted({places[name] for name in paper.names if name in places})
        if not shared:
            kept.append(paper)
            home = len(kept) - 1
        else:
            home = shared[0]
            for place in shared[1:]:
                kept[home] = merge(kept[home], kept[place])
            kept[home] = merge(kept[home], paper)
        places.update(dict.fromkeys(kept[home].names, home))
    return tuple(kept[place] for place in sorted(set(places.values())))


def _larger(first: int | None, second: int | None) -> int | None:
    return max((count for count in (first, second) if count is not None), default=None)
