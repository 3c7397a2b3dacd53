"""Claims about what is mended: backslashes that were lost, and words broken at the end of a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.hyphens import join_lines
from summarizer.text.plain import to_plain
from summarizer.text.repairs import restore_backslashes, restore_control_characters


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ("ABC outperforms X", "softred{ABC} outperforms X"),
        ("our tool wins", "ourcolor{our tool} wins"),
        ("a new and a bold word", "a emph{new} and a textbf{bold} word"),
        ("specialist and U ∈ ℝ", "textbfspecialist and mathbfU $\\in$ mathbbR"),
        ("so, e.g., it is", "so, mph{e.g.,} it is"),
        ("code in https://a.b/c", "code in blue{https://a.b/c}"),
        ("Code: https://a.b.io/long/name/", "Code: https://a.b.io/long/name/{https://a.b.io/long/name/}"),
        ("trees—a naive way, R^2=0.86", "trees{—}a naive way, R^2{=}0.86"),
        ("1/2 and √x", "frac{1}{2} and sqrt{x}"),
        ("apply (⊕) to n ≤ 5", "apply (oplus) to n leq 5"),
        ("the ℓ_2 norm of O(1/k)", "the ell_2 norm of calO(1/k)"),
        ("26× and cow→dog", "26$\times$ and cow$\rightarrow$dog"),
        ("26× and cow→dog", "26$ imes$ and cow$ ightarrow$dog"),
        ("1 to 5 GHz", "SIrange{1}{5}{GHz}"),
        ("0.5″ and 1.2′", r"0\farcs5 and 1farcm2"),
        ("0.5″ and 0.5″", r"$0\farcs5$ and 0$\farcs$5"),
    ],
)
def test_lost_backslashes_are_restored(expected: str, source: str) -> None:
    """A macro without its backslash reads as the macro, where nothing else can be meant."""
    assert expected == to_plain(source)


@pytest.mark.parametrize(
    "text",
    ["the set{0, 1} of", "max{a, b} and log{n}", "f{x} or GPT{4}", "alpha, beta and times", "a text on calculus"],
)
def test_sets_and_words_are_not_macros(text: str) -> None:
    """A set behind its name stays, and so do words that are also names of symbols."""
    assert text == restore_backslashes(text)


def test_an_ending_in_braces_is_joined_to_its_word() -> None:
    """Braces that protect a part of a word do not cost the rest of it."""
    assert "statement of models" == to_plain("state{ment} of model{s}")


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ("parsing", "par-\nsing"),
        ("a small language model", "a small lan-\n  guage model"),
        ("memory", "mem‐\r\nory"),
        ("efficient first", "eﬃ-\ncient ﬁrst"),
        ("time is timely", "time is time-\nly"),
        ("established in classifiers", "es- tablished in classi- ﬁers"),
    ],
)
def test_a_broken_word_joins(expected: str, source: str) -> None:
    """A word broken at the end of a line is one word, also where the line's end became a blank."""
    assert expected == to_plain(source)


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ("state-of-the-art", "state-of-the-\nart"),
        ("out-of-distribution", "out-of-\ndistribution"),
        ("a day-to-day task", "a day-\nto-day task"),
        ("a well-known, low-level task", "a well-\nknown, low-\nlevel task"),
        ("GPT-4 and AI-based", "GPT-\n4 and AI-\nbased"),
        ("open- and closed-source", "open-\nand closed-source"),
        ("pre- or post-training", "pre- or post-training"),
        ("the x-axis", "the x-\naxis"),
        ("our approach- both of them", "our approach- both of them"),
        ("COVID- 19 and A- b", "COVID- 19 and A- b"),
    ],
)
def test_a_compound_keeps_its_hyphen(expected: str, source: str) -> None:
    """A hyphen that belongs to the word stays, and a dash is no break."""
    assert expected == to_plain(source)


@given(st.lists(st.sampled_from(["-", "\n", " ", "par", "sing", "and", "GPT", "4", "a", "‐"])).map("".join))
def test_joining_keeps_every_letter(source: str) -> None:
    """Only white space and hyphens go."""
    assert "".join(filter(str.isalnum, source)) == "".join(filter(str.isalnum, join_lines(source)))


@given(
    st.lists(st.sampled_from(["{", "}", "emph", "abc", "A", " ", "mathbf", "0", "farcs", "$", "\t", "imes"])).map(
        "".join
    )
)
def test_any_text_is_mended(source: str) -> None:
    """Any text is accepted; a repair adds backslashes and drops at most an author's own macro."""
    assert restore_backslashes(restore_control_characters(source)).count("A") == source.count("A")
