"""Papers, and the canonical id of a paper in every source."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bots.domain.paper_ids import PaperId, PaperRef, read_ref
from bots.domain.titles import near_titles

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

    @property
    def ref(self) -> PaperRef:
        """Return how this record is asked for again: with the version if its address names one."""
        named = self.version is not None and self.url.endswith(f"/{self.id.value}v{self.version}")
        return PaperRef(id=self.id, version=self.version if named and self.id.scheme == "arxiv" else None)


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


def same_paper(first: Paper, second: Paper) -> bool:
    """Return whether two records are of one paper: the only rule by which records are merged.

    They must share an id, and that is not enough: a volume's DOI is shared by its chapters, and an address by a paper
    and a comment on it. Records with different arXiv ids are never one paper. Records that share a DOI are one if their
    titles are near. Records that share an arXiv id are one unless title and authors are both others, because titles
    change between versions.
    """
    shared = first.names & second.names
    own, others = (frozenset(name for name in paper.names if name.scheme == "arxiv") for paper in (first, second))
    if not shared or (own and others and own.isdisjoint(others)):
        return False
    if any(name.scheme == "text" for name in shared) or near_titles(first.title, second.title):
        return True
    return not own.isdisjoint(others) and not _strangers(first.authors, second.authors)


def _strangers(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Return whether two lists of authors, both known, have no name in common; initials do not count."""
    one, two = (
        {word for name in names for word in re.findall(r"[^\W\d_]{2,}", name.casefold())} for names in (first, second)
    )
    return bool(one and two) and one.isdisjoint(two)


def apart(paper: Paper, other: Paper) -> Paper:
    """Return a paper without the ids that it shares with another paper; if none is left, under the id of its title."""
    own = paper.names - other.names
    ranked = sorted(own, key=lambda name: (name != paper.id, name))
    chosen = ranked[0] if ranked else PaperId.titled(paper.title)
    return replace(paper, id=chosen, aliases=own - {chosen})


def told_apart(paper: Paper, owner: Callable[[PaperId], Paper | None]) -> tuple[Paper, tuple[Paper, ...]]:
    """Return a paper with only the ids that are its own, and the known papers that are the same paper.

    Args:
        paper: the new record.
        owner: returns the known paper with an id; no two of them share one.
    """
    while True:
        owners = {known.id: known for name in sorted(paper.names) if (known := owner(name)) is not None}
        others = [known for known in owners.values() if not same_paper(known, paper)]
        if not others:
            return paper, tuple(owners.values())
        for other in others:
            paper = apart(paper, other)


def unique(papers: tuple[Paper, ...]) -> tuple[Paper, ...]:
    """Return the papers in order, each once; records of one paper are merged, and no two papers share an id."""
    kept: list[Paper | None] = []
    places: dict[PaperId, int] = {}

    def owner(name: PaperId) -> Paper | None:
        return kept[places[name]] if name in places else None

    for given in papers:
        paper, same = told_apart(given, owner)
        first, *others = sorted(same, key=lambda known: places[known.id]) or (None,)
        home = len(kept) if first is None else places[first.id]
        if first is None:
            kept.append(paper)
        else:
            kept[home], gone = joined(first, others, paper, merge)
            for other in gone:
                kept[places[other.id]] = None
        whole = kept[home]
        places.update(dict.fromkeys(whole.names if whole else (), home))
    return tuple(paper for paper in kept if paper is not None)


def joined(
    first: Paper, others: Iterable[Paper], new: Paper, join: Callable[[Paper, Paper], Paper]
) -> tuple[Paper, list[Paper]]:
    """Return one paper from a known paper, others, and a new record that shows them to be one; and the others in it.

    Args:
        first: the known paper whose id remains.
        others: further known papers that the new record is the same paper as; those that are another paper than `first`
            stay by themselves.
        new: the new record.
        join: makes one paper of two.
    """
    whole, gone = first, list[Paper]()
    for other in others:
        if same_paper(merge(whole, new), other):
            whole = join(whole, other)
            gone.append(other)
        else:
            new = apart(new, other)
    return join(whole, new), gone


def _larger(first: int | None, second: int | None) -> int | None:
    return max((count for count in (first, second) if count is not None), default=None)
