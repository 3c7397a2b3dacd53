"""What is shown, in which order and why."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.domain.feedback import Sign
from bots.domain.papers import PaperId, Signals
from bots.domain.subscriptions import SortBy
from bots.ranking.weights import RELEVANCE, THRESHOLD
from tests.ranking.samples import DAY, SUBJECTS, a_day, paper, profile, ranked, said

PROTEINS, ROBOTS, GALAXIES, _ = SUBJECTS


def about(words: str, shown: list[str]) -> int:
    """Return how many titles contain some words."""
    return sum(words in title for title in shown)


def titles(ranking: object) -> list[str]:
    """Return the titles of a ranking, best first."""
    return [each.paper.title for each in ranking.papers]  # type: ignore[attr-defined]


def test_only_what_is_near_passes_and_says_why() -> None:
    """Of four subjects the wanted one passes, each paper with a probability above the threshold and the reason."""
    ranking = ranked(a_day(), profile(PROTEINS))
    assert 10 == len(ranking.papers) == about(PROTEINS, titles(ranking))
    assert {"near to your interests"} == {each.why for each in ranking.papers}
    assert all(each.relevance >= THRESHOLD for each in ranking.papers)
    assert 30 == len(ranking.far)


def test_nothing_near_means_nothing_shown() -> None:
    """A list without any paper of the subject is not padded, whatever its votes."""
    papers = [paper(number, ROBOTS, upvotes=500) for number in range(20)]
    ranking = ranked(papers, profile(PROTEINS))
    assert ((), 20) == (ranking.papers, len(ranking.far))


@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_short_list_is_judged_like_a_long_one(number: int) -> None:
    """One paper alone passes if it is near and does not if it is far."""
    near = [paper(each, PROTEINS) for each in range(number)]
    far = [paper(each, GALAXIES) for each in range(number)]
    assert number == len(ranked(near, profile(PROTEINS)).papers)
    assert () == ranked(far, profile(PROTEINS)).papers


def test_several_subjects_are_each_enough_and_the_reason_names_the_one() -> None:
    """Semicolons separate subjects; a paper needs to fit one of them."""
    ranking = ranked(a_day(), profile(f"{PROTEINS}; {GALAXIES}"))
    assert (10, 10) == (about(PROTEINS, titles(ranking)), about(GALAXIES, titles(ranking)))
    assert all(("near to “galaxies" in each.why) == (GALAXIES in each.paper.title) for each in ranking.papers)


def test_what_is_not_wanted_is_left_out() -> None:
    """An unwanted subject wins over a wanted one, and alone it leaves out its own papers only."""
    both = [paper(number, f"{PROTEINS} {ROBOTS}") for number in range(100, 105)]
    ranking = ranked([*a_day(), *both], profile(f"{PROTEINS}; not: {ROBOTS}"))
    assert (10, 0) == (len(ranking.papers), about(ROBOTS, titles(ranking)))
    alone = ranked(a_day(), profile(f"not: {ROBOTS}"))
    assert (30, 0) == (len(alone.papers), about(ROBOTS, titles(alone)))


def test_a_followed_author_passes_and_comes_first() -> None:
    """A paper by a followed author is shown whatever it is about, and the reason names the author."""
    papers = [*a_day(), paper(90, GALAXIES, authors=("Bo Li", "Marie Curie"))]
    (first, *_) = ranked(papers, profile(f"{PROTEINS}; author: Curie, M. Planck")).papers
    assert "author you follow: Curie" == first.why
    assert 90 == int(first.paper.id.value.split(".")[1])


def test_votes_order_what_passes_and_no_more() -> None:
    """The most voted of the near papers comes first and says so; a far paper with a thousand votes stays out."""
    papers = [*a_day(), paper(50, PROTEINS, upvotes=60, code="https://github.com/a/b"), paper(51, ROBOTS, upvotes=1000)]
    (first, *others) = ranked(papers, profile(PROTEINS)).papers
    assert "near to your interests · 60 upvotes, code" == first.why
    assert 0 == about(ROBOTS, [each.paper.title for each in others])
    newest = ranked(papers, profile(PROTEINS), sort_by=SortBy.NEWEST).papers
    assert [RELEVANCE * each.relevance for each in newest] == pytest.approx([each.score for each in newest])


def test_older_papers_count_less_beyond_the_days_of_the_digest() -> None:
    """A paper listed a week ago comes after the same of today, but not in a round-up of the week."""
    new = [replace(each, announced=DAY) for each in a_day()]
    old = replace(paper(60, PROTEINS, upvotes=53), announced=DAY - timedelta(days=6))
    assert 60 != _number(ranked([*new, old], profile(PROTEINS)).papers[0])
    assert 60 == _number(ranked([*new, old], profile(PROTEINS), days=7).papers[0])


def _number(each: object) -> int:
    return int(each.paper.id.value.split(".")[1])  # type: ignore[attr-defined]


def test_one_subject_cannot_fill_a_digest() -> None:
    """Of two subjects that the day brings ten papers of, five shown papers have both, though one has all the votes."""
    papers = [replace(each, signals=Signals(upvotes=20 if PROTEINS in each.title else 0)) for each in a_day()]
    known = profile(f"{PROTEINS}; {GALAXIES}")
    shown = titles(ranked(papers, known, limit=5))[:5]
    assert 1 <= about(GALAXIES, shown) <= 2


def test_one_group_has_two_papers_at_most_while_others_are_left() -> None:
    """The third paper of one first author comes after those of others, but is shown if there are no others."""
    group = [paper(number, PROTEINS, upvotes=50, authors=("Ann Lab",)) for number in range(5)]
    others = [paper(number, PROTEINS, authors=(f"Bo {number}",)) for number in range(10, 13)]
    five = ranked([*group, *others], profile(PROTEINS), limit=5).papers[:5]
    assert 2 == sum(each.paper.authors == ("Ann Lab",) for each in five)
    assert 5 == len(ranked(group, profile(PROTEINS), limit=5).papers)


def test_a_wildcard_takes_the_last_place() -> None:
    """If it is wanted, the most popular far paper is shown last and says so; without votes there is none."""
    papers = [*a_day(), paper(70, ROBOTS, upvotes=90), paper(71, ROBOTS, upvotes=30)]
    shown = ranked(papers, profile(PROTEINS), limit=3, wildcard=True).papers[:3]
    assert "beyond your interests · 90 upvotes" == shown[-1].why
    assert [PROTEINS in each.paper.title for each in shown] == [True, True, False]
    assert 10 == len(ranked(a_day(), profile(PROTEINS), limit=3, wildcard=True).papers)


def test_liked_papers_raise_their_like_and_hidden_ones_lower_it() -> None:
    """Without interests, saved papers bring papers like them to the top and hidden ones push theirs to the end."""
    feedback = [said(paper(number, ROBOTS)) for number in range(100, 103)]
    feedback += [said(paper(number, GALAXIES), Sign.HIDDEN) for number in range(103, 109)]
    ranking = ranked(a_day(), profile(feedback=feedback))
    assert 40 == len(ranking.papers)
    assert 10 == about(ROBOTS, titles(ranking)[:10])
    assert about(GALAXIES, titles(ranking)[-10:]) >= 8
    assert "close to 3 papers you liked" == ranking.papers[0].why


def test_no_list_is_no_ranking() -> None:
    """An empty list has an empty ranking."""
    assert () == ranked([], profile(PROTEINS)).papers


_words = st.text(max_size=30)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(_words, _words, st.none() | st.integers(-5, 10**9), st.lists(_words, max_size=2)), max_size=6),
    st.text(max_size=60), st.integers(1, 20), st.booleans(),
)  # fmt: skip
def test_any_papers_can_be_ranked(
    drawn: list[tuple[str, str, int | None, list[str]]], interests: str, limit: int, learns: bool
) -> None:
    """Whatever the texts, each paper is either shown or far, once, with finite scores."""
    papers = [
        replace(
            paper(number, "x"), title=title, abstract=abstract, authors=tuple(authors), signals=Signals(upvotes=votes)
        )
        for number, (title, abstract, votes, authors) in enumerate(drawn)
    ]
    feedback = [said(each, Sign.HIDDEN if place % 2 else Sign.MORE) for place, each in enumerate(papers)]
    ranking = ranked(papers, profile(interests, feedback if learns else ()), limit=limit, wildcard=learns)
    seen: list[PaperId] = [*(each.paper.id for each in ranking.papers), *(each.id for each in ranking.far)]
    assert sorted(each.id for each in papers) == sorted(seen)
    assert all(0 <= each.score <= 1 and 0 <= each.relevance <= 1 for each in ranking.papers)
