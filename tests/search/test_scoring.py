"""Scores by words, the choice of words, and the joining of lists."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bots.domain.papers import PaperId
from bots.search.joining import joined
from bots.search.records import WordCounts, WordHit
from bots.search.scoring import choosing, rarity, scored

COUNTS = WordCounts(papers=1000, found={"learn": 700, "robot": 60, "laundri": 2})


def hit(number: int, title: str = "", body: str = "", names: str = "") -> WordHit:
    """Return a hit with these stems."""
    return WordHit(paper_id=PaperId.arxiv(f"2401.0000{number}"), title=title, body=body, names=names)


def test_rare_words_choose() -> None:
    """The rarest words choose the papers, as far as they are in few enough; the rarest one always does."""
    asked = (("learn",), ("robot",), ("laundri",), ("phlogiston",))
    assert ("laundri", "robot") == choosing(asked, COUNTS, 100)
    assert ("laundri", "robot", "learn") == choosing(asked, COUNTS, 1000)
    assert ("learn",) == choosing((("learn",),), COUNTS, 100)
    assert () == choosing((("phlogiston",),), COUNTS, 100)


def test_a_rarer_word_weighs_more() -> None:
    """The weight of a word falls with the number of papers that contain it, and is positive even for all."""
    weights = [rarity(COUNTS, stem) for stem in ("phlogiston", "laundri", "robot", "learn")]
    assert sorted(weights, reverse=True) == weights
    assert 0 < rarity(WordCounts(papers=3, found={"robot": 3}), "robot")


def test_titles_and_names_count_more() -> None:
    """A word in the title or in a name counts more than in the abstract; more words count more than one."""
    asked = (("robot",), ("laundri",))
    hits = [
        hit(1, title="knot", body="robot knot"),
        hit(2, title="robot", body="knot knot"),
        hit(3, title="knot", body="knot robot laundri"),
        hit(4, title="knot", body="knot knot", names="robot"),
    ]
    order = [each.paper_id for each in scored(hits, asked, COUNTS)]
    assert hits[2].paper_id == order[0]
    assert hits[0].paper_id == order[-1]


def test_few_of_the_words_do_not_find_a_paper() -> None:
    """A paper with the common word alone is not found; one with the rare word is."""
    asked = (("learn",), ("laundri",))
    found = {
        each.paper_id: each.found for each in scored([hit(1, body="learn"), hit(2, body="laundri")], asked, COUNTS)
    }
    assert {hit(1).paper_id: False, hit(2).paper_id: True} == found


def test_a_word_counts_once_whatever_it_is_read_as() -> None:
    """A paper with a word and what it may be read as has no more of the search than one with either."""
    asked = (("robot", "laundri"),)
    one, both = scored([hit(1, body="robot x"), hit(2, body="robot laundri")], asked, COUNTS)
    assert one.score == both.score


def test_stems_are_whole_words() -> None:
    """A stem is not found within another word."""
    (each,) = scored([hit(1, title="robotlik", body="antirobot")], (("robot",),), COUNTS)
    assert (0.0, False) == (each.score, each.found)


def test_what_is_high_in_two_lists_comes_first() -> None:
    """A paper that two lists have comes before the first of one list; an empty list changes nothing."""
    assert ("b", "a", "c") == joined([["a", "b"], ["c", "b"], []])
    assert ("a", "b") == joined([["a", "b"]]) == joined([["a", "b", "a"], []])


@given(lists=st.lists(st.lists(st.integers(0, 9), max_size=6), max_size=4))
def test_joining_loses_nothing(lists: list[list[int]]) -> None:
    """Everything in the lists is in the result, once."""
    found = joined(lists)
    assert sorted(found) == sorted({each for ranked in lists for each in ranked})


@given(st.permutations(["learn", "robot", "laundri"]))
def test_the_order_of_words_does_not_matter(words: list[str]) -> None:
    """A search finds the same, however its words are ordered."""
    hits = [hit(1, body="learn robot"), hit(2, title="laundri"), hit(3, names="robot")]
    expected = scored(hits, (("learn",), ("robot",), ("laundri",)), COUNTS)
    found = scored(hits, tuple((word,) for word in words), COUNTS)
    assert [each.paper_id for each in expected] == [each.paper_id for each in found]
    assert replace(expected[0], score=0) == replace(found[0], score=0)
