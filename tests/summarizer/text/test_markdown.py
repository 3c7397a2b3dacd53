"""Claims about Markdown in abstracts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.markdown import strip_markdown
from summarizer.text.plain import to_plain


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ("We present Reader, a new tool.", "We present **Reader**, a *new* tool."),
        ("Weighted Gaussian Process (WGP)", "**W**eighted **G**aussian **P**rocess (**WGP**)"),
        ("a bidirectional encoder", "a bi**di**rectional encoder"),
        ("rEAsoning wins 60% of it", "r**EA**soning wins 60%** of it"),
        ("Test-Time Merging (TTM)", "_**T**est-**T**ime **M**erging_ (TTM)"),
        ("it is bold italics", "it is ***bold italics***"),
        ("run fit() and don't stop", "run `fit()` and don't stop"),
        ("the code (https://a.b/c_d).", "the [code](https://a.b/c_d)."),
        ("Aim: to read. End: we do.", "**Aim:** to read. **End:** we do."),
        ("best-of-n sampling of k", "best-of-*n* sampling of *k*"),
        ("it is new. We", "__it is new.__ We"),
        ("We show it", "**We show it"),
        ("we win.", "we win.**"),
    ],
)
def test_markdown_reads_without_its_marks(expected: str, source: str) -> None:
    """Bold, emphasis, code and links read as the words they mark."""
    assert expected == to_plain(source)


@pytest.mark.parametrize(
    "text",
    [
        "2*3*4 and 2**3 or x**2 + y**2",
        "a_b of user_id, __init__ and _x_1",
        "A* search and CoSTA* beat k*(t)",
        "p1 * x1 + p2 * x2",
        "*p < 0.05, **p < 0.01",
        "see [3] (https://a.b/c) and [link]",
        "R^* and V^*",
        "1.6* faster, 1.9* smaller",
    ],
)
def test_mathematics_and_names_keep_their_signs(text: str) -> None:
    """Products, powers, names with signs and footnotes stay as they are."""
    assert text == to_plain(text)


def test_quotation_marks_of_tex_stay_quotation_marks() -> None:
    """Backticks closed by apostrophes quote; two backticks on both sides quote as well."""
    assert "‘a’ and “b” and “c”" == to_plain("`a' and ``b'' and ``c``")


@given(
    st.lists(st.sampled_from(["*", "**", "_", "`", "a", "B", " ", "1", "[a](https://b.c)", "$", ".", "("])).map("".join)
)
def test_only_marks_are_removed(source: str) -> None:
    """Letters and digits stay, in their order."""
    kept = [char for char in source if char.isalnum()]
    assert kept == [char for char in strip_markdown(source) if char.isalnum()]
