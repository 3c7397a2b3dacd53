"""Claims about splitting raw abstracts into sentences."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.sentences import first_sentence, split_sentences


def pieces(text: str) -> list[str]:
    """Return the sentences as text."""
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["We use e.g. Adam, i.e. SGD, as J. Smith et al. (2020) do in Fig. 3 and Eq. (2).", "It is 3.5 vs. 4."],
        ["We compare with GPT-4.", "We win.", "This is v2.0.", "We ship."],
        ["It works w.r.t. No. 5 in the U.S. market.", "Data, code etc.", "We release all (arXiv:2004.15011)."],
        ["We follow Lee et al.", "We extend them.", "As in class C.", "The rest fails."],
        ["Does it work?", "Yes!", 'He said "so."', "(It is.)", "And then… Ok, not."][:4],
        ["We do (a) one. (b) two (see Sec. 4. The end) here.", "Done."],
        ["Let $a. B$ be \\emph{A. B}.", "See https://a.b/c.d/e.", "The end."],
        ["1. We start.", "2. We stop."],
        ["Long ago ...", "It works... or not."],
        ["Prior work fails [12].", "We cite.[3, 4]", "Then we stop."],
        ["我们提出一种方法。", "结果很好！", "真的吗？", "是的"],
        ["No stop at all"],
    ],
)
def test_a_text_splits_where_its_sentences_end(sentences: list[str]) -> None:
    """Abbreviations, initials, decimals, versions, math, URLs and brackets do not end a sentence."""
    joiner = "" if sentences[0].endswith("。") else " "
    assert sentences == pieces(joiner.join(sentences))


def test_a_missing_space_and_an_empty_line_end_a_sentence_too() -> None:
    """A sentence ends where scraped text lost its space, and where a paragraph ends without a stop."""
    assert ["One result.", "We go on"] == pieces("One result.We go on")
    assert ["A heading", "The text."] == pieces("A heading\n\nThe text.")


@given(
    st.text()
    | st.lists(st.sampled_from(["A", "b", ".", "?", "。", " ", "\n", "(", ")", "$", "e.g.", "We", "{", "}"])).map(
        "".join
    )
)
def test_sentences_are_ordered_and_cover_all_that_is_visible(text: str) -> None:
    """Spans lie within the text, do not overlap, and leave out nothing but white space."""
    position = 0
    for span in split_sentences(text):
        assert position <= span.start < span.end <= len(text)
        assert "" == text[position : span.start].strip()
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        position = span.end
    assert "" == text[position:].strip()


@pytest.mark.parametrize("piece", [".", ". ", " ", "\n ", "(", "(a. ", "。", ".)", "?! X"])
def test_a_page_of_stops_is_read_without_trouble(piece: str) -> None:
    """100,000 characters of stops or brackets are split within the time limit of the test run."""
    text = piece * (100_000 // len(piece))
    assert (text.strip() == "") == (split_sentences(text) == ())


def test_the_first_sentence_comes_as_given() -> None:
    """The first sentence keeps its TeX, which the caller renders; an empty text has none."""
    assert "At $p. q$ it \\emph{works}." == first_sentence("  At $p. q$ it \\emph{works}. Then not.")
    assert "" == first_sentence(" \n")


def test_real_abstracts_split_as_people_split_them(shared: Path) -> None:
    """Seven in eight abstracts of SciTLDR's development part, joined and split again, have the same sentences."""
    rows = (shared / "data/scitldr/dev.jsonl").read_text(encoding="utf-8").splitlines()
    same = 0
    for row in rows:
        sentences = [sentence.strip() for sentence in json.loads(row)["source"] if sentence.strip()]
        same += sentences == pieces(" ".join(sentences))
    assert 7 / 8 < same / len(rows)
