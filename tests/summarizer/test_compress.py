"""Claims about shortening a sentence without changing what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.compress import as_sentence, cut_tail, tighten


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ("We show it.", "However, in this paper, we show it."),
        ("We show it.", "In this work we show it"),
        ("The model adapts.", "To this end, the model adapts."),
        ("We propose X.", "To address these two issues, we propose X."),
        ("Our method wins.", "Extensive experiments show that our method wins."),
        ("k-means works.", "In particular, k-means works."),
        ("iOS apps leak.", "Specifically, iOS apps leak."),
        ("We prove it.", "(2) We prove it."),
        ("While A works, we use B.", "While A works, in this paper we use B."),
        ("Nets learn.", "Nets learn (Smith and Lee, 2020; Roe 2019)."),
        ("Nets learn fast.", "Nets (i.e. models) learn fast [3, 4]."),
    ],
)
def test_what_says_nothing_of_the_paper_goes(expected: str, sentence: str) -> None:
    """Lead-ins, citations and restatements go; capital and stop are repaired."""
    assert expected == tighten(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "For example, models may fail.",
        "Experiments on ImageNet show that it wins.",
        "Results suggest that it may help.",
        "Experiments show that A wins and that B loses.",
        "This paper proposes a model (MPT) of 3 layers (770M parameters).",
        "In this paper.",
        "Unlike prior work, we need no labels.",
    ],
)
def test_scope_hedges_and_quantities_stay(sentence: str) -> None:
    """What limits or qualifies a claim is never dropped."""
    assert sentence == tighten(sentence)


def test_a_long_sentence_ends_before_a_clause_that_only_adds() -> None:
    """The longest start within the limit is kept."""
    sentence = "We train a small model on many noisy pairs of text, which is cheap, and we show it on 3 tasks."
    assert "We train a small model on many noisy pairs of text, which is cheap." == cut_tail(sentence, 15)
    assert "We train a small model on many noisy pairs of text." == cut_tail(sentence, 12)


@pytest.mark.parametrize("tail", ["but it fails on two of them", "although nobody knows why", "if the data are clean"])
def test_a_clause_that_limits_is_never_cut_off(tail: str) -> None:
    """Exceptions and conditions stay, even if then nothing can be cut."""
    assert cut_tail(f"We train a small model on many noisy pairs of text, {tail}.", 12) is None


def test_a_cut_never_leaves_an_open_bracket() -> None:
    """A clause inside brackets is no place to end."""
    assert cut_tail("We train a small model (on many noisy pairs of text, which is cheap) here.", 12) is None


@given(st.text())
def test_tightening_adds_nothing_but_a_stop(sentence: str) -> None:
    """Every character of the result comes from the sentence, but for case and the final stop."""
    left = iter(sentence.lower())
    tightened = tighten(sentence).lower()
    assert all(char in left for char in tightened.removesuffix(".").removesuffix("."))


@given(st.text())
def test_a_sentence_made_once_stays(text: str) -> None:
    """Repairing twice changes nothing more."""
    assert as_sentence(text) == as_sentence(as_sentence(text))
