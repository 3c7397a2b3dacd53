"""The labels of the readers are well formed, and the measurement that uses them counts what it says."""

from pathlib import Path

import pytest

from summarizer import Span
from tests.bench.reader_papers import FRESH_LABELS, LABELS, Kept, Label, read_labels
from tests.bench.readers import has_heading, hits

_LABEL = Label(set="reviews", id="1", kind="finding", kept=(Kept(start=100, end=200, begins="We find"),))


@pytest.mark.parametrize(("path", "papers"), [(LABELS, 112), (FRESH_LABELS, 60)])
def test_each_paper_is_labelled_once_with_one_to_three_sentences_in_range(path: Path, papers: int) -> None:
    """Each names its kind and one to three different, non-empty ranges with their first words."""
    labels = list(read_labels(path))

    assert papers == len({(label.set, label.id) for label in labels}) == len(labels)
    assert {"finding", "making", "none"} == {label.kind for label in labels}
    for label in labels:
        assert 1 <= len({(kept.start, kept.end) for kept in label.kept}) == len(label.kept) <= 3
        assert all(0 <= kept.start < kept.end and kept.begins.strip() for kept in label.kept)


def test_no_paper_of_the_held_out_labels_is_among_the_others() -> None:
    """The two files share neither a set nor a paper."""
    assert {label.set for label in read_labels(FRESH_LABELS)}.isdisjoint(label.set for label in read_labels(LABELS))


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        pytest.param(Span(start=100, end=200), True, id="the same"),
        pytest.param(Span(start=91, end=200), True, id="with the heading before it"),
        pytest.param(Span(start=120, end=160), True, id="a part of it"),
        pytest.param(Span(start=0, end=200), False, id="half of the sentence lies outside"),
        pytest.param(Span(start=40, end=150), False, id="most of the sentence lies outside"),
        pytest.param(Span(start=200, end=300), False, id="the next one"),
    ],
)
def test_a_sentence_hits_if_more_than_half_of_it_is_labelled(span: Span, expected: bool) -> None:
    """The share is of the blurb's sentence, so a longer label does not matter."""
    assert expected is hits([span], _LABEL)
    assert expected is hits([Span(start=300, end=400), span], _LABEL)


@pytest.mark.parametrize(
    "text",
    [
        "Results: Half of the fish lived.",
        "METHODS We counted fish.",
        "Abstract Objectives The objective was to count fish.",
        "We counted fish.; ; ; Results; From 13 lakes, 5 were included.",
        "Half of the fish lived. Conclusions: Fish live.",
        "Methods and Material: To count fish, we went there.",
        "Background 13 lakes have fish.",
    ],
)
def test_a_section_label_before_a_sentence_is_a_heading(text: str) -> None:
    """Sections are marked by a colon, a semicolon, or only by the capital of the next word."""
    assert has_heading(text)


@pytest.mark.parametrize(
    "text",
    [
        "Results show that half of the fish lived.",
        "Findings indicate that fish live. Results of this study agree.",
        "Methods that count fish fail here.",
        "We compare Methods A and B.",
        "Background noise confuses fish.",
    ],
)
def test_a_word_of_the_sentence_is_no_heading(text: str) -> None:
    """The same words begin ordinary sentences."""
    assert not has_heading(text)
