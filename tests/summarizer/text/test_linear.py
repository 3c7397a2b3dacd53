"""Claims about the cost of hostile text: twice the text is at most about twice the work."""

from collections.abc import Callable

import pytest

from summarizer.text.plain import to_plain
from summarizer.text.sentences import split_sentences
from tests.support.counted_calls import calls_of

HOSTILE = [
    "$", "$a", "$ab ", "$$", "*", "**a ", "*a ", "_a ", "`a ", "(i) ", "i) ", "{", "}", "^{", "word{A ", "<sup>",
    "<sup>a", "</sup>", "<math><mi>", "<alternatives>", "<msup><mi>", "<tex-math>", "<!--", "\n", "a-\n", "a- ",
    "a--\n", "[a](http://x", "\\textbf{", "\\SI{1}", "\\num{1e", "\\sqrt[", "\\frac", "0\\farcs", "A. ", "V.I. ",
    "Yahoo! ", "a.B", "CPU.It ", "e.g. ", "Phys. Rev. ", "p53. ", "x.<p>", "...", ".$", "\\begin{document}",
    "\\documentclass{a}", "\\documentclass \\begin{document}x\\end{document}",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("function", [to_plain, split_sentences])
def test_twice_the_text_is_twice_the_work(function: Callable[[str], object], piece: str) -> None:
    """The number of calls grows with the length of the text and not with its square."""
    function(piece)  # what is compiled or cached on first use does not count
    once, twice = calls_of(lambda: function(piece * 400)), calls_of(lambda: function(piece * 800))
    assert twice <= 2.2 * once + 200


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_page_of_one_piece_is_read(piece: str) -> None:
    """40,000 characters of one piece are read and split within the time limit of the test run."""
    text = piece * (40_000 // len(piece))
    assert isinstance(to_plain(text), str)
    assert all(span.end <= len(text) for span in split_sentences(text))


@pytest.mark.parametrize(
    "opener", ["\\textbf{", "{", "$\\hat{", "x^{", "\\frac{", "\\href{a}{", "\\SI{", "<math><mrow>"]
)
def test_deep_nesting_is_read_to_the_end(opener: str) -> None:
    """Groups nested deeper than the reader follows are passed on; the reader always comes to an end."""
    closer = "}" if "{" in opener else "</mrow></math>"
    for depth in (20, 24, 25, 26, 60, 500):
        assert "QQ" in to_plain("some words " + opener * depth + "QQ" + closer * depth)
