"""The choice itself: from everything found to the few that are shown, with a count of what fell out where."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bots.domain.digests import Tally
from bots.domain.papers import Paper, PaperId, unique
from bots.domain.subscriptions import SortBy
from bots.selection.categories import in_category
from bots.selection.query import Query
from bots.selection.sorting import sort_papers

#: A reader takes in three at a glance; the rest are counted.
_WORDS_SHOWN = 3
#: A paper is called near from this cosine on. To "how proteins fold" the sample day's papers on proteins are at 0.30
#: and 0.36, the others below 0.16; to "cooking recipes", of which it has none, all are below 0.25.
NEAR = 0.25
#: And from this part of the best's: to "graph neural networks" 17 of the day's 28 are above 0.25, for they are about
#: networks; the two that are meant are at 0.68 and 0.63, the next at 0.48.
_OF_THE_BEST = 3 / 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Pick:
    """A paper that was chosen, and why in a few words; empty where there is nothing to say."""

    paper: Paper
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The papers chosen, first things first, and what became of the others.

    `tally.found` counts different papers, records of one paper once. Each of them is either `seen` (posted before),
    `filtered` (withdrawn, without a title, or not what categories and query ask for), `chosen`, or left over for want
    of room: found == seen + filtered + chosen + left over.
    """

    picks: tuple[Pick, ...]
    tally: Tally
    #: The best paper that only the query kept out: shows a reader whether the query is too narrow.
    nearest_miss: Paper | None = None

    @property
    def left_over(self) -> int:
        """How many papers fit and found no room; they can come with a later digest."""
        return self.tally.found - self.tally.seen - self.tally.filtered - self.tally.chosen


@dataclass(frozen=True, kw_only=True, slots=True)
class Sifted:
    """The papers that fit, first things first, and what fell out before there was a question of room."""

    query: Query
    categories: Collection[str]
    fitting: tuple[Paper, ...]
    #: How many different papers there were, and how many of them were posted before.
    found: int
    seen: int
    nearest_miss: Paper | None = None

    def choice(self, limit: int, near: Mapping[PaperId, float] | None = None) -> Choice:
        """Return the papers to show, at most `limit`, and why each.

        Args:
            limit: how many there is room for.
            near: how near papers are to what the reader asked for in plain words, the nearest to come first; after
                them the others in their own order, those without an abstract last. None or empty keeps the order.

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
                filtered=self.found - self.seen - len(self.fitting),
                chosen=min(limit, len(self.fitting)),
            ),
            nearest_miss=self.nearest_miss,
        )

    def _why(self, paper: Paper, is_near: bool) -> str:
        # Votes and code stand in every entry's own line; here they would be said twice.
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
    """Return the papers that fit, first things first.

    Args:
        categories: patterns as `read_category` takes them; none lets every paper through. With any, a paper that names
            no category of its own is left out.
        posted: ids of papers not to show again; any name of a paper counts.
    """
    found = unique(tuple(papers))
    before = frozenset(posted)
    unseen = [paper for paper in found if before.isdisjoint(paper.names)]
    showable = [paper for paper in unseen if _is_showable(paper) and _is_in(paper, categories)]
    fitting = [paper for paper in showable if query.matches(paper)]
    return Sifted(
        query=query,
        categories=categories,
        fitting=sort_papers(fitting, sort_by),
        found=len(found),
        seen=len(found) - len(unseen),
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
    """Return the papers to show, at most `limit`, and why each: `sift` and `choice` in one.

    Raises:
        ValueError: `limit` is negative.
    """
    return sift(papers, query=query, categories=categories, sort_by=sort_by, posted=posted).choice(limit)


def _is_showable(paper: Paper) -> bool:
    return bool(paper.title.strip()) and not paper.withdrawn


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
