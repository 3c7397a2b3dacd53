"""Tests of the choice: filters, sorting, counts, and the reason for each paper."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.digests import Tally
from bots.domain.errors import BadQuery
from bots.domain.papers import Paper, PaperId, Signals
from bots.domain.subscriptions import SortBy
from bots.selection import Choice, Order, Pick, Query, choose, parse_query, read_category, sift, sort_papers

DAY = datetime(2026, 5, 4, 12, tzinfo=UTC)


def paper(name: str, *, title: str | None = None, upvotes: int | None = None, source: str = "") -> Paper:
    """Return a paper with its own title."""
    return Paper(
        id=PaperId(scheme="text", value=name),
        title=f"About {name}" if title is None else title,
        abstract="",
        source=source,
        signals=Signals(upvotes=upvotes),
    )


def chosen(
    papers: list[Paper],
    *,
    query: str = "",
    categories: tuple[str, ...] = (),
    sort_by: SortBy = SortBy.TRENDING,
    limit: int = 20,
    posted: frozenset[PaperId] = frozenset(),
) -> Choice:
    """Return the choice, with defaults for the arguments that a test does not set."""
    return choose(papers, query=parse_query(query), categories=categories, sort_by=sort_by, limit=limit, posted=posted)


def names(choice: Choice) -> list[str]:
    """Return the names of the chosen papers."""
    return [pick.paper.id.value for pick in choice.picks]


def test_trending_goes_by_votes_then_comments_then_stars_then_age() -> None:
    """Each count decides only between papers with equal earlier counts."""
    papers = [
        replace(paper("old"), signals=Signals(upvotes=5, comments=1, stars=1), published=DAY - timedelta(days=9)),
        replace(paper("new"), signals=Signals(upvotes=5, comments=1, stars=1), published=DAY),
        replace(paper("starred"), signals=Signals(upvotes=5, comments=1, stars=900)),
        replace(paper("discussed"), signals=Signals(upvotes=5, comments=3)),
        replace(paper("loved"), signals=Signals(upvotes=6)),
        paper("unknown"),
    ]
    assert ["loved", "discussed", "starred", "new", "old", "unknown"] == names(chosen(papers))


def test_newest_goes_by_the_day_listed_then_the_instant_published() -> None:
    """An old paper listed today counts as new; a paper without any date comes last."""
    papers = [
        paper("undated"),
        replace(paper("yesterday"), published=DAY - timedelta(days=1)),
        replace(paper("early"), published=DAY - timedelta(hours=3)),
        replace(paper("late"), published=datetime(2026, 5, 4, 14, tzinfo=timezone(timedelta(hours=1)))),
        replace(paper("classic"), published=DAY - timedelta(days=900), announced=date(2026, 5, 5)),
    ]
    assert ["classic", "late", "early", "yesterday", "undated"] == names(chosen(papers, sort_by=SortBy.NEWEST))


def test_an_order_says_what_is_shown_and_why() -> None:
    """Papers in the order come first to last, with its reasons beside the query's; those too far are counted apart."""
    papers = [paper("loved", upvotes=9), paper("far", upvotes=7), paper("near", upvotes=1), paper("nearer")]
    sifted = sift(papers, query=parse_query("about"), categories=(), sort_by=SortBy.TRENDING, posted=())
    picks = tuple(Pick(paper=papers[place], why=why) for place, why in ((3, "near"), (2, ""), (0, "")))
    order = Order(picks=picks, far=1, nearest=papers[1])
    choice = sifted.choice(2, order)
    assert ["nearer", "near"] == names(choice)
    assert ["matches “about” · near", "matches “about”"] == [pick.why for pick in choice.picks]
    assert (Tally(found=4, far=1, chosen=2), 1) == (choice.tally, choice.left_over)
    assert ["loved", "far", "near", "nearer"] == names(sifted.choice(9))


def test_if_nothing_is_near_the_nearest_is_the_miss() -> None:
    """An order without papers chooses none, and its nearest paper shows a reader what was missed."""
    papers = [paper("far"), paper("farther")]
    sifted = sift(papers, query=parse_query(""), categories=(), sort_by=SortBy.TRENDING, posted=())
    choice = sifted.choice(5, Order(picks=(), far=2, nearest=papers[0]))
    assert (Tally(found=2, far=2), papers[0], 0) == (choice.tally, choice.nearest_miss, choice.left_over)


def test_a_plain_listing_keeps_its_order() -> None:
    """Papers without any signal keep their source's order, whatever their dates."""
    papers = [replace(paper(str(number)), published=DAY + timedelta(hours=number % 3)) for number in range(9)]
    assert tuple(papers) == sort_papers(papers, SortBy.TRENDING)


def test_two_plain_listings_take_turns() -> None:
    """Papers of two sources without signals alternate."""
    papers = [paper(name, source=name[0]) for name in ("a1", "a2", "a3", "b1", "b2")]
    assert ["a1", "b1", "a2", "b2", "a3"] == names(chosen(papers))


@pytest.mark.parametrize("sort_by", list(SortBy))
@pytest.mark.parametrize("iso", ["0001-01-01", "9999-12-31T23:59", "9999-12-31T23:59-12:00", "0001-01-01T00:00+12:00"])
def test_any_date_has_a_place(sort_by: SortBy, iso: str) -> None:
    """A date at the limits of the calendar or without a time zone is sorted without an error."""
    papers = [
        replace(paper(name, upvotes=1), published=date_)
        for name, date_ in (("odd", datetime.fromisoformat(iso)), ("plain", DAY))
    ]
    assert {"odd", "plain"} == set(names(chosen(papers, sort_by=sort_by)))


def test_a_paper_posted_under_any_name_is_not_chosen_again() -> None:
    """A paper with a DOI counts as posted if it was posted under its arXiv id."""
    preprint = PaperId.arxiv("2004.15011")
    published = replace(paper("doi"), aliases=frozenset({preprint}))
    choice = chosen([published, paper("other")], posted=frozenset({preprint}))
    assert ["other"] == names(choice)
    assert Tally(found=2, seen=1, filtered=0, chosen=1) == choice.tally


def test_withdrawn_and_nameless_papers_are_left_out() -> None:
    """A paper without a title counts as filtered, a withdrawn one on its own; one without an abstract can be chosen."""
    choice = chosen(
        [replace(paper("gone"), withdrawn=True), paper("blank", title=" "), paper("fine"), paper("0", title="0")]
    )
    assert ["fine", "0"] == names(choice)
    assert Tally(found=4, seen=0, filtered=1, withdrawn=1, chosen=2) == choice.tally


@pytest.mark.parametrize(
    ("expected", "query", "categories", "posted"),
    [
        (Tally(found=1, withdrawn=1), "", (), ()),
        (Tally(found=1, withdrawn=1), "gone", ("cs.CL",), ()),
        (Tally(found=1, filtered=1), "other", (), ()),
        (Tally(found=1, filtered=1), "", ("math.*",), ()),
        (Tally(found=1, seen=1), "", (), ("gone",)),
    ],
)
def test_a_withdrawn_paper_counts_once(
    expected: Tally, query: str, categories: tuple[str, ...], posted: tuple[str, ...]
) -> None:
    """A withdrawn paper counts as withdrawn only if it fits otherwise and was not posted before."""
    gone = replace(paper("gone", title="A gone paper"), withdrawn=True, categories=("cs.CL",))
    before = frozenset(PaperId(scheme="text", value=name) for name in posted)
    assert expected == chosen([gone], query=query, categories=categories, posted=before).tally


def test_records_of_one_paper_are_one_pick() -> None:
    """A paper from two sources is counted and shown once, with the votes of one and the text of both."""
    listed = replace(paper("x"), categories=("cs.CL",))
    voted = replace(paper("x", upvotes=9), withdrawn=False, abstract="Words.")
    choice = chosen([listed, voted], categories=("cs",))
    assert Tally(found=1, seen=0, filtered=0, chosen=1) == choice.tally
    assert [("Words.", "in cs.CL")] == [(pick.paper.abstract, pick.why) for pick in choice.picks]


def test_a_paper_withdrawn_at_one_source_is_not_shown_for_the_other() -> None:
    """Records are merged before filtering, so a paper withdrawn at one source is not shown from another."""
    assert [] == names(chosen([paper("x", upvotes=9), replace(paper("x"), withdrawn=True)]))


@pytest.mark.parametrize(
    ("categories", "found"),
    [
        ((), ["cl", "ml", "none"]),
        (("cs.CL",), ["cl"]),
        (("CS.cl",), ["cl"]),
        (("cs.*",), ["cl", "ml"]),
        (("cs",), ["cl", "ml"]),
        (("stat.*",), ["ml"]),
        (("cs.LG", "cs.CL"), ["cl", "ml"]),
        (("cs.C",), []),
        (("c",), []),
        (("cs.C*",), ["cl"]),
    ],
)
def test_categories_are_a_hard_filter(categories: tuple[str, ...], found: list[str]) -> None:
    """A paper needs one of the requested categories; a paper without categories has none of them."""
    papers = [
        replace(paper("cl"), categories=("cs.CL",)),
        replace(paper("ml"), categories=("stat.ML", "cs.LG")),
        paper("none"),
    ]
    assert found == names(chosen(papers, categories=categories))


@pytest.mark.parametrize("text", ["", " ", "*", ".*", "cs.", "cs CL!", "cs,stat", "*.CL", "c" * 61, "cs.*.CL"])
def test_what_is_no_category_is_refused(text: str) -> None:
    """The hint for an invalid category shows a category and a whole archive."""
    with pytest.raises(BadQuery) as caught:
        read_category(text)
    assert "cs.CL" in caught.value.hint
    assert "cs.*" in caught.value.hint


@pytest.mark.parametrize("text", ["cs.CL", "cs.*", "cs", "cond-mat.mtrl-sci", "hep-th", "cancer biology", " cs.CL "])
def test_a_category_is_read_as_typed(text: str) -> None:
    """A category is read as typed, without surrounding space."""
    assert text.strip() == read_category(text)


def test_why_says_what_matched() -> None:
    """The reason names at most three matched words as typed and counts the rest; it does not name votes."""
    shown = replace(paper("x", title="KV cache pruning for long agents"), signals=Signals(upvotes=163, stars=1))
    query = '"KV cache" agents long prun*'

    assert ["matches “KV cache”, “agents”, “long” and 1 more"] == [
        pick.why for pick in chosen([shown], query=query).picks
    ]
    assert [""] == [pick.why for pick in chosen([shown]).picks]


def test_the_nearest_miss_is_the_best_paper_that_only_the_query_kept_out() -> None:
    """The nearest miss is not withdrawn, posted or of another category; there is none if the query excludes nothing."""
    posted = paper("posted", upvotes=99)
    papers = [paper("fits", title="agents"), paper("close", upvotes=3), paper("far", upvotes=1), posted]
    papers.append(replace(paper("gone", upvotes=80), withdrawn=True))
    choice = chosen(papers, query="agents", posted=posted.names)
    assert choice.nearest_miss is not None
    assert "close" == choice.nearest_miss.id.value
    assert chosen(papers).nearest_miss is None


def test_what_does_not_fit_in_is_left_over() -> None:
    """The limit applies after sorting; the papers beyond it are left over, neither filtered nor seen."""
    choice = chosen([paper(str(number), upvotes=number) for number in range(8)], limit=3)
    assert ["7", "6", "5"] == names(choice)
    assert 5 == choice.left_over


def test_a_negative_limit_is_a_mistake_of_the_caller() -> None:
    """A negative limit raises ValueError, because it would slice from the wrong end."""
    with pytest.raises(ValueError, match="fewer than no papers"):
        chosen([], limit=-1)


some_papers = st.lists(
    st.builds(
        lambda name, title, upvotes, withdrawn, source: replace(
            paper(name, title=title, upvotes=upvotes, source=source), withdrawn=withdrawn
        ),
        st.sampled_from("abcdefgh"),
        st.sampled_from(["", "agents", "survey of agents"]),
        st.none() | st.integers(0, 3),
        st.booleans(),
        st.sampled_from(["huggingface", "arxiv:cs.CL"]),
    ),
    max_size=20,
)


@given(some_papers, st.sampled_from(list(SortBy)), st.integers(0, 6), st.sets(st.sampled_from("abcdefgh")))
def test_every_paper_is_accounted_for(found: list[Paper], sort_by: SortBy, limit: int, before: set[str]) -> None:
    """Seen, filtered, chosen and left over add up to found; no posted, duplicate or unmatched paper is chosen."""
    posted = frozenset(PaperId(scheme="text", value=name) for name in before)
    choice = chosen(found, query="agents -survey", sort_by=sort_by, limit=limit, posted=posted)
    tally = choice.tally
    assert len({one.id for one in found}) == tally.found
    assert 0 <= choice.left_over
    assert tally.found == tally.seen + tally.filtered + tally.withdrawn + tally.chosen + choice.left_over
    assert min(limit, tally.chosen + choice.left_over) == tally.chosen == len(choice.picks)
    assert len(set(names(choice))) == len(choice.picks)
    assert all(pick.paper.title == "agents" and not pick.paper.names & posted for pick in choice.picks)


@given(some_papers, st.sampled_from(list(SortBy)))
def test_an_order_is_a_rearrangement_that_settles(found: list[Paper], sort_by: SortBy) -> None:
    """Sorting neither loses nor adds papers, and votes never increase along a trending list."""
    ordered = sort_papers(found, sort_by)
    assert sorted(map(id, found)) == sorted(map(id, ordered))
    if sort_by is SortBy.TRENDING:
        votes = [one.signals.upvotes or 0 for one in ordered]
        assert sorted(votes, reverse=True) == votes


def test_a_day_without_papers_is_a_choice_of_none() -> None:
    """Without any papers the choice is empty, not an error."""
    assert Choice(picks=(), tally=Tally()) == choose(
        (), query=Query(), categories=(), sort_by=SortBy.NEWEST, limit=5, posted=()
    )
