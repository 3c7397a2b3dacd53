"""What is learned from people, and how interests in words are read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.feedback import Feedback, Sign
from bots.ranking.bm25 import stems_of_paper
from bots.ranking.interests import Interests, read_interests
from bots.ranking.taste import Examples, _aimed, learned, weights_of
from bots.ranking.vectors import matrix
from bots.ranking.weights import ONE_MEMBER, SHRINKAGE, SIGNS
from tests.ranking.samples import SUBJECTS, a_day, paper, profile, ranked, said, vector

PROTEINS, ROBOTS, GALAXIES, MARKETS = SUBJECTS


def share(words: str, feedback: list[Feedback], interests: str = "", shown: int = 10) -> float:
    """Return the share of the first papers that are about some words."""
    papers = ranked(a_day(), profile(interests, feedback)).papers[:shown]
    return float(np.mean([words in each.paper.title for each in papers]))


def test_one_click_moves_little_and_several_move_more() -> None:
    """A channel that reads of proteins keeps them first after one liked paper on robots; many likes bring robots up."""
    interests = f"{PROTEINS}; {ROBOTS}"
    one, many = ([said(paper(100 + each, ROBOTS)) for each in range(number)] for number in (1, 12))
    known = [
        {each.paper.title: each.relevance for each in ranked(a_day(), profile(interests, f)).papers}
        for f in ([], one, many)
    ]
    (title,) = [name for name in known[0] if name.startswith(f"On {ROBOTS} 1")][:1]
    assert known[0][title] < known[1][title] < known[2][title]


def test_a_loud_member_does_not_drown_the_others() -> None:
    """A member with a hundred likes counts like ten beside two members with five each, so their subject comes first."""
    loud = [said(paper(100 + each, ROBOTS), user="loud") for each in range(100)]
    others = [said(paper(300 + each, GALAXIES), user=f"member {each % 2}") for each in range(10)]
    weights = weights_of([*loud, *others])
    assert ONE_MEMBER == pytest.approx(sum(weights[str(each.paper.id)] for each in loud))
    assert [1.0] * 10 == [weights[str(each.paper.id)] for each in others]
    assert 10.0 < sum(weights_of(loud).values())


def test_likes_and_dislikes_of_one_paper_cancel_out() -> None:
    """Of two members who disagree neither counts; a saved paper that was also asked more of counts for both."""
    one = paper(100, ROBOTS)
    assert {} == weights_of([said(one), said(one, Sign.HIDDEN, "bob")])
    assert {str(one.id): SIGNS["saved"] + SIGNS["more"]} == weights_of([said(one), said(one, Sign.MORE)])
    assert {} == weights_of([])


@given(st.permutations([said(paper(100 + n, SUBJECTS[n % 3]), (Sign.SAVED, Sign.HIDDEN)[n % 2]) for n in range(6)]))
def test_the_order_of_clicks_does_not_matter(feedback: list[Feedback]) -> None:
    """The same statements in any order give the same ranking."""
    usual = sorted(feedback, key=lambda each: str(each.paper.id))
    orders = [[each.paper.id for each in ranked(a_day(), profile("", f)).papers] for f in (feedback, usual)]
    assert orders[0] == orders[1]


def test_wrong_clicks_do_little_harm() -> None:
    """With one wrong like among ten the wanted subject still fills the first places."""
    feedback = [said(paper(100 + each, ROBOTS)) for each in range(9)] + [said(paper(200, GALAXIES))]
    assert 1.0 == share(ROBOTS, feedback)


def test_interests_in_words_hold_against_a_wrong_click() -> None:
    """A paper that fits the interests in words gains after one example of something else; without them it loses."""
    day = a_day()
    vectors, stems = matrix([vector(each.title) for each in day]), tuple(map(stems_of_paper, day))
    wrong = paper(200, GALAXIES)
    examples = Examples(vectors=matrix([vector(wrong.title)]), stems=(stems_of_paper(wrong),), weights=np.array([1.0]))
    about = np.array([PROTEINS in each.title for each in day])
    none, typed = (learned(vectors, stems, examples, fits).gain for fits in (np.zeros(len(day)), 0.9 * about))
    assert none[about].max() < 0 < typed[about].min()


@pytest.mark.parametrize("shape", [(6, 4), (4, 4), (4, 6)], ids=str)
def test_few_and_many_papers_are_weighed_alike(shape: tuple[int, int]) -> None:
    """Whichever side of the matrix is inverted, the direction is the aim in the space of the shrunk covariance."""
    dice = np.random.default_rng(7)
    papers, aim = dice.standard_normal(shape), dice.standard_normal(shape[1])
    shrunk = papers.T @ papers / shape[0] + SHRINKAGE * np.eye(shape[1])
    assert aim == pytest.approx(shrunk @ _aimed(papers, aim))


def test_hidden_papers_alone_push_their_like_down() -> None:
    """With nothing but hidden papers, their subject comes last."""
    feedback = [said(paper(100 + each, ROBOTS), Sign.HIDDEN) for each in range(8)]
    assert 0.0 == share(ROBOTS, feedback)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("how proteins fold", Interests(wanted=("how proteins fold",))),
        (" how proteins fold ;\n; robots; ", Interests(wanted=("how proteins fold", "robots"))),
        ("proteins; not: cooking; NO : sports", Interests(wanted=("proteins",), unwanted=("cooking", "sports"))),
        ("authors: Yann LeCun, Y. Bengio; by: Hinton", Interests(authors=("Yann LeCun", "Y. Bengio", "Hinton"))),
        ("not only proteins: a survey", Interests(wanted=("not only proteins: a survey",))),
        ("not: ; author: , ; …", Interests()),
        ("proteins; surprise: yes", Interests(wanted=("proteins",), surprise=True)),
        ("proteins; Surprise: No", Interests(wanted=("proteins",))),
        ("", Interests()),
    ],
)
def test_interests_are_read_by_their_marks(text: str, read: Interests) -> None:
    """Semicolons separate, `not:` and `author:` mark; a sentence without marks is one subject."""
    assert read == read_interests(text)


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    """Of any text at most twenty subjects of each kind are read, none of them blank."""
    read = read_interests(text)
    for kind in (read.wanted, read.unwanted, read.authors):
        assert len(kind) <= 20
        assert all(each.strip() for each in kind)
    assert bool(read) == bool(read.wanted or read.unwanted or read.authors)
