"""Chooses the few papers to show from all papers found, and counts how many each step removed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bots.domain.digests import Tally
from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import unique
from bots.domain.subscriptions import SortBy
from bots.selection.categories import in_category
from bots.selection.query import Query
from bots.selection.sorting import sort_papers
from bots.translation.formats import in_a_row
from bots.translation.speech import gettext, ngettext

#: A reader takes in three words at a glance; the rest are counted.
_WORDS_SHOWN = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Pick:
    """A chosen paper and the reason in a few words; the reason may be empty."""

    paper: Paper
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """The fitting papers that are near enough to a channel's interests, best first, with the reason for each."""

    picks: tuple[Pick, ...]
    #: The number of fitting papers that are too far.
    far: int = 0
    #: The nearest of those; None if none is too far.
    nearest: Paper | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The chosen papers, best first, and the counts of the others.

    `tally.found` counts distinct papers; several records of one paper count once. Each paper is either `seen` (posted
    before), `filtered` (without a title, or excluded by categories or query), `withdrawn` and otherwise fitting, `far`
    from the interests, `chosen`, or left over because of the limit: found is the sum of these.
    """

    picks: tuple[Pick, ...]
    tally: Tally
    #: The best paper that only the query excluded: it shows a reader whether the query is too narrow.
    nearest_miss: Paper | None = None

    @property
    def left_over(self) -> int:
        """Return how many fitting papers exceeded the limit; a later digest can show them."""
        tally = self.tally
        return tally.found - tally.seen - tally.filtered - tally.withdrawn - tally.far - tally.chosen


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

    def choice(self, limit: int, order: Order | None = None) -> Choice:
        """Return at most `limit` papers to show, each with its reason.

        Args:
            limit: the maximum number of papers.
            order: which of the fitting papers are shown, and in which order; None keeps all in their order.

        Raises:
            ValueError: `limit` is negative.
        """
        if limit < 0:
            raise ValueError("a choice cannot hold fewer than no papers")
        ranked = order or Order(picks=tuple(Pick(paper=paper) for paper in self.fitting))
        picks = tuple(replace(pick, why=self._why(pick)) for pick in ranked.picks[:limit])
        return Choice(
            picks=picks,
            tally=Tally(
                found=self.found,
                seen=self.seen,
                filtered=self.found - self.seen - len(self.fitting) - len(self.withdrawn),
                withdrawn=len(self.withdrawn),
                far=ranked.far,
                chosen=len(picks),
            ),
            nearest_miss=self.nearest_miss if picks or ranked.nearest is None else ranked.nearest,
        )

    def _why(self, pick: Pick) -> str:
        words = _words_why(self.query.words_met(pick.paper))
        return " · ".join(filter(None, (words, _category_why(pick.paper, self.categories), pick.why)))


def sift(
    papers: Sequence[Paper],
    *,
    query: Query,
    categories: Collection[str],
    sort_by: SortBy,
    posted: Collection[PaperId],
) -> Sifted:
    """Return the papers that fit, best first.

    Args:
        papers: each once, as `unique` returns them.
        categories: patterns as `read_category` returns them; an empty collection accepts every paper. With any pattern,
            a paper without categories is left out.
        posted: ids of papers not to show again; any of a paper's ids counts.
    """
    before = frozenset(posted)
    unseen = [paper for paper in papers if before.isdisjoint(paper.names)]
    titled = [paper for paper in unseen if paper.title.strip() and _is_in(paper, categories)]
    showable = [paper for paper in titled if not paper.withdrawn]
    fitting = [paper for paper in showable if query.matches(paper)]
    withdrawn = [paper for paper in titled if paper.withdrawn and query.matches(paper)]
    return Sifted(
        query=query,
        categories=categories,
        fitting=sort_papers(fitting, sort_by),
        found=len(papers),
        seen=len(papers) - len(unseen),
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
    """Return at most `limit` papers to show, each once and with its reason: `sift` followed by `Sifted.choice`.

    Raises:
        ValueError: `limit` is negative.
    """
    found = unique(tuple(papers))
    return sift(found, query=query, categories=categories, sort_by=sort_by, posted=posted).choice(limit)


def _is_in(paper: Paper, categories: Collection[str]) -> bool:
    return not categories or any(in_category(pattern, paper.categories) for pattern in categories)


def _nearest_miss(showable: list[Paper], fitting: list[Paper], sort_by: SortBy) -> Paper | None:
    kept = {paper.id for paper in fitting}
    return next(iter(sort_papers((paper for paper in showable if paper.id not in kept), sort_by)), None)


def _words_why(words: tuple[str, ...]) -> str:
    if not words:
        return ""
    shown = in_a_row(gettext("“{text}”", text=word) for word in words[:_WORDS_SHOWN])
    more = len(words) - _WORDS_SHOWN
    if more <= 0:
        return gettext("matches {words}", words=shown)
    return ngettext("matches {words} and {number} more", "matches {words} and {number} more", more, words=shown)


def _category_why(paper: Paper, categories: Collection[str]) -> str:
    asked = (own for own in paper.categories if any(in_category(pattern, (own,)) for pattern in categories))
    own = next(asked, "")
    return gettext("in {categories}", categories=own) if own else ""
