"""Chooses the few papers to show from all papers found, and counts how many each step removed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bots.domain.digests import Tally
from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import unique
from bots.domain.subscriptions import SortBy
from bots.selection.categories import in_category
from bots.selection.query import Query
from bots.selection.sorting import sort_papers

#: A reader takes in three words at a glance; the rest are counted.
_WORDS_SHOWN = 3
#: A paper is called near from this cosine similarity upwards. For "how proteins fold" the sample day's papers on
#: proteins score 0.33 and 0.38, the others at most 0.16; for "cooking recipes", which no paper is about, all score
#: below 0.25.
NEAR = 0.25
#: A near paper must also reach this share of the best score: for "graph neural networks" 10 of the day's 28 papers
#: score above 0.25, because they are about networks; the two relevant ones score 0.73 and 0.59, the next 0.42.
_OF_THE_BEST = 3 / 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Pick:
    """A chosen paper and the reason in a few words; the reason may be empty."""

    paper: Paper
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The chosen papers, best first, and the counts of the others.

    `tally.found` counts distinct papers; several records of one paper count once. Each paper is either `seen` (posted
    before), `filtered` (without a title, or excluded by categories or query), `withdrawn` and otherwise fitting,
    `chosen`, or left over because of the limit: found == seen + filtered + withdrawn + chosen + left over.
    """

    picks: tuple[Pick, ...]
    tally: Tally
    #: The best paper that only the query excluded: it shows a reader whether the query is too narrow.
    nearest_miss: Paper | None = None

    @property
    def left_over(self) -> int:
        """Return how many fitting papers exceeded the limit; a later digest can show them."""
        tally = self.tally
        return tally.found - tally.seen - tally.filtered - tally.withdrawn - tally.chosen


@dataclass(frozen=True, kw_only=True, slots=True)
class Sifted:
    """The papers that fit, best first, and the counts of the others, before the limit is applied."""

    query: Query
    categories: Collection[str]
    fitting: tuple[Paper, ...]
    #: The number of distinct papers found, and how many of them were posted before.
    found: int
    seen: int
    #: The withdrawn papers that would fit, in the same order.
    withdrawn: tuple[Paper, ...] = ()
    nearest_miss: Paper | None = None

    def choice(self, limit: int, near: Mapping[PaperId, float] | None = None) -> Choice:
        """Return at most `limit` papers to show, each with its reason.

        Args:
            limit: the maximum number of papers.
            near: each paper's similarity to the reader's interests. The most similar papers come first, then the
                others in their existing order, papers without an abstract last. None or empty keeps the order.

        Raises:
            ValueError: `limit` is negative.
        """
        if limit < 0:
            raise ValueError("a choice cannot hold fewer than no papers")
        ranked = _nearest_first(self.fitting, near) if near else self.fitting
        called = _called_near(near or {})
        return Choice(
            picks=tuple(Pick(paper=paper, why=self._why(paper, paper.id in called)) for paper in ranked[:limit]),
            tally=Tally(
                found=self.found,
                seen=self.seen,
                filtered=self.found - self.seen - len(self.fitting) - len(self.withdrawn),
                withdrawn=len(self.withdrawn),
                chosen=min(limit, len(self.fitting)),
            ),
            nearest_miss=self.nearest_miss,
        )

    def _why(self, paper: Paper, is_near: bool) -> str:
        # Votes and code are in every entry's own line; naming them here would repeat them.
        nearness = "near to your interests" if is_near else ""
        reasons = (_words_why(self.query.words_met(paper)), _category_why(paper, self.categories), nearness)
        return " · ".join(reason for reason in reasons if reason)


def _nearest_first(papers: tuple[Paper, ...], near: Mapping[PaperId, float]) -> tuple[Paper, ...]:
    def place(paper: Paper) -> tuple[int, float]:
        if paper.id in near:
            return (0, -near[paper.id])
        return (1 if paper.abstract.strip() else 2, 0.0)

    return tuple(sorted(papers, key=place))


def _called_near(near: Mapping[PaperId, float]) -> frozenset[PaperId]:
    least = max(NEAR, _OF_THE_BEST * max(near.values(), default=0.0))
    return frozenset(name for name, value in near.items() if value >= least)


def sift(
    papers: Iterable[Paper],
    *,
    query: Query,
    categories: Collection[str],
    sort_by: SortBy,
    posted: Collection[PaperId],
) -> Sifted:
    """Return the papers that fit, best first.

    Args:
        categories: patterns as `read_category` returns them; an empty collection accepts every paper. With any pattern,
            a paper without categories is left out.
        posted: ids of papers not to show again; any of a paper's ids counts.
    """
    found = unique(tuple(papers))
    before = frozenset(posted)
    unseen = [paper for paper in found if before.isdisjoint(paper.names)]
    titled = [paper for paper in unseen if paper.title.strip() and _is_in(paper, categories)]
    showable = [paper for paper in titled if not paper.withdrawn]
    fitting = [paper for paper in showable if query.matches(paper)]
    withdrawn = [paper for paper in titled if paper.withdrawn and query.matches(paper)]
    return Sifted(
        query=query,
        categories=categories,
        fitting=sort_papers(fitting, sort_by),
        found=len(found),
        seen=len(found) - len(unseen),
        withdrawn=sort_papers(withdrawn, sort_by),
        nearest_miss=_nearest_miss(showable, fitting, sort_by),
    )


def choose(
    papers: Iterable[Paper],
    *,
    query: Query,
    categories: Collection[str],
    sort_by: SortBy,
    limit: int,
    posted: Collection[PaperId],
) -> Choice:
    """Return at most `limit` papers to show, each with its reason: `sift` followed by `Sifted.choice`.

    Raises:
        ValueError: `limit` is negative.
    """
    return sift(papers, query=query, categories=categories, sort_by=sort_by, posted=posted).choice(limit)


def _is_in(paper: Paper, categories: Collection[str]) -> bool:
    return not categories or any(in_category(pattern, paper.categories) for pattern in categories)


def _nearest_miss(showable: list[Paper], fitting: list[Paper], sort_by: SortBy) -> Paper | None:
    kept = {paper.id for paper in fitting}
    return next(iter(sort_papers((paper for paper in showable if paper.id not in kept), sort_by)), None)


def _words_why(words: tuple[str, ...]) -> str:
    if not words:
        return ""
    shown = ", ".join(f"“{word}”" for word in words[:_WORDS_SHOWN])
    more = len(words) - _WORDS_SHOWN
    return f"matches {shown}" + (f" and {more} more" if more > 0 else "")


def _category_why(paper: Paper, categories: Collection[str]) -> str:
    asked = (own for own in paper.categories if any(in_category(pattern, (own,)) for pattern in categories))
    own = next(asked, "")
    return f"in {own}" if own else ""
