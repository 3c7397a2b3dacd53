"""No form takes a claim further than its sentence, or breaks off in it: kinds of cuts that were read to be wrong."""

import pytest

from summarizer.compression.compress import candidates, tighten
from summarizer.compression.wholeness import is_whole


@pytest.mark.parametrize(
    "sentence",
    [
        "Nets approximate every convex function on the interval [0, 1] at rate 1/n.",
        "Median survival was 24 months [12-36] with the drug and 12 months [6-20] without it.",
        "We study bandits with rewards in [1, 5] and costs in the box [2, 3].",
        "Data up to the cutoff (March 2020) show that cases doubled every week.",
    ],
)
def test_an_interval_in_square_brackets_is_no_citation(sentence: str) -> None:
    """Behind a number, a unit or "in", brackets hold a range; a month is no author."""
    assert sentence == tighten(sentence)


@pytest.mark.parametrize("cited", ["Nets learn fast [3].", "Nets learn fast [3, 4].", "Nets learn fast (Smith 2020)."])
def test_a_citation_goes(cited: str) -> None:
    """A number behind a word is a reference to a list that no reader of a blurb sees."""
    assert "Nets learn fast." == tighten(cited)


@pytest.mark.parametrize(
    "sentence",
    [
        "We present a solver for a class of games that is otherwise intractable.",
        "The method finds errors that can otherwise be missed.",
        "On new data the accuracy is similarly poor.",
        "Trees do not help either.",
    ],
)
def test_a_word_that_carries_the_meaning_stays(sentence: str) -> None:
    """Without "otherwise" the games would be intractable."""
    assert sentence == tighten(sentence)


@pytest.mark.parametrize(
    ("kept", "rest"),
    [
        ("Aspirin reduced mortality by 20% in the group who took part", ", which was not statistically significant."),
        ("Aspirin reduced mortality by 20% in the group who took part", "; the difference was not significant."),
        ("The scheme converges to the true solution of the problem", ", which holds only if the step tends to zero."),
        ("The device reaches output voltages of 160", "–220 Vpp with little distortion."),
        ("We show that although this matching is ambiguous in isolation", ", a second view resolves it."),
        ("This study explores the extent to which a network", " that was trained on faces sees objects."),
        ("We examine data and conclude that the balance of training samples", ", especially of faces, matters most."),
        (
            "Despite the growing skills of models such as Alpha 2, Beta 4 and Gamma 3",
            ", which answer well, none can plan.",
        ),
        ("We propose a library of hybrid controllers that guarantee", " to reach the goal from any state."),
        ("We propose a rule for guards that should be placed in order", " for the polygon to be seen."),
        ("We release the data of the task, study it and demonstrate", " by testing how models fail."),
        ("We propose an elementary proof of the fact", " that every tree has a leaf."),
        ("We propose a corpus of text which is equivalent", " to 4 billion tokens."),
        ("We propose a framework for policy learning to capitalize", " on weak labels of experts."),
        ("We present a method that decomposes simulation into (i) persona creation", " and (ii) dialogue."),
        ("We develop a policy for robots to decide whether to locate objects", " or continue to search."),
        ("The model handles all tasks of speech that are related to representation, inference", ", and generation."),
    ],
)
def test_a_claim_is_not_cut_in_two(kept: str, rest: str) -> None:
    """What takes it back, its range, its verb, its object and the rest of its list stay with it."""
    assert f"{kept}." not in candidates(f"{kept}{rest}")


@pytest.mark.parametrize(
    "aside",
    ["(low-certainty evidence)", "(in mice)", "(nonsignificantly)", "(−2 to 18)", "(3% to 21%)", "(as n grows)"],
)
def test_a_condition_in_brackets_stays(aside: str) -> None:
    """A bracket that says where or how sure a claim is belongs to it."""
    assert all(aside in form for form in candidates(f"The new drug reduced the rate of strokes by a third {aside}."))


@pytest.mark.parametrize(
    ("kept", "rest"),
    [
        ("We propose a model that belongs to the family of sparse networks", ", based on what we know."),
        ("We introduce a fast solver for games of two players", ", which we test on five boards."),
        ("The new drug reduced the rate of strokes by a third", ", improving the lives of many patients."),
        ("We present a scalable method that performs inference over graphs", " using few resources."),
    ],
)
def test_what_only_adds_still_goes(kept: str, rest: str) -> None:
    """The rules leave the shorter forms that are true."""
    assert f"{kept}." in candidates(f"{kept}{rest}")


def test_a_claim_announced_but_cut_off_is_not_whole() -> None:
    """What follows "that," is an opening; the claim comes after the next comma."""
    assert not is_whole("The results indicate that, compared to a single lamp.")
    assert is_whole("The results indicate that, compared to a single lamp, two lamps glow longer.")
