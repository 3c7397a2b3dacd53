"""The headings inside an abstract are found however they were printed, and leave the text; ordinary words stay."""

import re
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.sections import Section, find_labels, place_sentences

AIM, BACKGROUND, CONCLUSION = Section.AIM, Section.BACKGROUND, Section.CONCLUSION
METHOD, OTHER, RESULT = Section.METHOD, Section.OTHER, Section.RESULT


def read(text: str) -> list[tuple[str, Section | None]]:
    return [(text[one.span.start : one.span.end], one.section) for one in place_sentences(text)]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (
            [("Cancer kills.", BACKGROUND), ("Drug X works.", CONCLUSION)],
            "BACKGROUND: Cancer kills. CONCLUSION: Drug X works.",
        ),
        (
            [("Cancer kills.", BACKGROUND), ("Drug X works.", CONCLUSION)],
            "Background Cancer kills. Conclusions Drug X works.",
        ),
        (
            [("Cancer kills.", BACKGROUND), ("Drug X works.", CONCLUSION)],
            "BackgroundCancer kills. ConclusionsDrug X works.",
        ),
        (
            [("To count.", AIM), ("We counted.", METHOD)],
            "<bold>Objective</bold>To count. <bold>Methods</bold>We counted.",
        ),
        ([("To count.", AIM), ("We counted.", METHOD)], "PURPOSE To count. MATERIALS AND METHODS We counted."),
        ([("We counted.", METHOD), ("12 of 20.", RESULT)], "Methods ; We counted.; ; ; Results ; 12 of 20."),
        ([("To count.", AIM), ("We counted.", METHOD)], "Goals. To count. Methods. We counted."),
        ([("It rose.", RESULT), ("It works.", CONCLUSION)], "Findings: It rose. Interpretation: It works."),
        (
            [("We counted.", METHOD), ("It rose.", RESULT)],
            "Design, setting, and participants: We counted. Main results: It rose.",
        ),
        ([("The aim.", AIM), ("It rose.", RESULT)], "Objective of review The aim. Results It rose."),
        ([("It rose.", RESULT), ("NIH.", OTHER)], "Results: It rose. Funding: NIH."),
        ([("This review counts.", AIM)], "Purpose; This review counts."),
        ([("We counted.", METHOD), ("It rose.", RESULT)], "1. Methods: We counted. 2. Results: It rose."),
        ([("We counted.", METHOD), ("It rose.", RESULT)], "**Methods:** We counted. **Results** It rose."),
        ([("We counted.", METHOD), ("It rose.", RESULT)], "## Methods We counted. ## Results It rose."),
        ([("We counted.", METHOD), ("It rose.", RESULT)], "[Methods] We counted. (Results) It rose."),
        (
            [("We counted.", METHOD), ("It rose.", CONCLUSION)],
            "Trial Design: We counted. Discussion/Conclusion: It rose.",
        ),
        ([("We counted.", METHOD), ("It rose.", RESULT)], "Patients & Methods We counted. Results It rose."),
    ],
)
def test_a_heading_goes_and_its_part_is_known(expected: list[tuple[str, Section]], text: str) -> None:
    """Colon, dash, tags, capitals, semicolon, full stop, blank or nothing at all may follow a heading."""
    assert expected == read(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("We present a tool.", "Abstract—We present a tool."),
        ("We present a tool.", "Abstract: We present a tool."),
        ("We present a tool.", "ABSTRACT We present a tool."),
        ("This paper counts.", "AbstractThis paper counts."),
        ("We present a tool.", "<title>Abstract</title><p>We present a tool."),
    ],
)
def test_the_word_abstract_goes(expected: str, text: str) -> None:
    """The heading of the whole says nothing of a sentence."""
    assert [(expected, None)] == [(re.sub(r"^<p>", "", said), section) for said, section in read(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Results show that sleep matters.",
        "We count. Methods such as ours win.",
        "Background subtraction is hard.",
        "Results Of twelve trials are known.",
        "Abstract interpretation proves programs.",
        "AbstractNet is a net.",
        "Conclusions are drawn. Findings differ.",
        "Design matters. Participants agreed.",
        "MethodsNet is a net. We count.",
    ],
)
def test_an_ordinary_word_is_no_heading(text: str) -> None:
    """A word of a sentence stays, and one bare heading alone is not enough."""
    assert all(section is None for _, section in read(text))
    assert text == " ".join(said for said, _ in read(text))


def test_bullets_go_and_keep_their_part() -> None:
    """A bullet begins a sentence of the part it stands in."""
    assert [("We count.", METHOD), ("We weigh.", METHOD)] == read("Methods: • We count. • We weigh.")


@pytest.mark.parametrize(
    "imprint",
    [
        "© 2024 The Author(s).",
        "[ABSTRACT FROM AUTHOR]",
        "Copyright © 2020 Elsevier Ltd. All rights reserved.",
        "(Funded by the Example Trust.)",
        "Published by Cambridge University Press.",
    ],
)
def test_the_imprint_of_a_publisher_is_left_out(imprint: str) -> None:
    """What a publisher or a database adds is not the authors'."""
    said = "Sleep matters for all of us, and more of it helps the young than the old."
    assert [(said, None)] == read(f"{said} {imprint}")


def test_a_sentence_about_copyright_stays() -> None:
    """Only an imprint at the end, which begins like a sentence, is one."""
    text = "We study copyright 2020 and later laws of the land."
    assert [(text, None)] == read(text)


@given(
    st.lists(st.sampled_from([*"aB .;:\n•</—", "Methods", "RESULTS", "Abstract", "<b>", "</b>", "We "])).map("".join)
)
def test_any_text_is_read_whole_and_in_order(text: str) -> None:
    """Sentences and headings do not overlap, and each letter is in one of them."""
    found = [one.span for one in place_sentences(text)] + [label.span for label in find_labels(text)]
    spans = [(span.start, span.end) for span in found]
    read_letters = [place for start, end in sorted(spans) for place in range(start, end) if text[place].isalnum()]
    assert [place for place, char in enumerate(text) if char.isalnum()] == read_letters


def calls_of(work: Callable[[], object]) -> int:
    count = 0

    def counted(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("piece", ["Methods: ", "Results We. ", "• ", "<b>Aim</b>", "© ", "; ", "Abstract ", " \n"])
def test_twice_the_text_is_twice_the_work(piece: str) -> None:
    """The number of calls grows linearly."""
    once, twice = (calls_of(lambda count=count: place_sentences(piece * count)) for count in (400, 800))  # type: ignore[misc]
    assert twice <= 2.3 * once + 200
