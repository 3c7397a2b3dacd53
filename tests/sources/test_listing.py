"""Tests of listings copied from a page, with everything else the page contains."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.sources.reading.listing import read_listing

# A slow example on a busy machine is not a failure.
PATIENT = settings(deadline=None)
BANNER = "Get trending papers in your email inbox once a day!"
ABSTRACT = "We study how listings are copied from pages, and what pages mix into them. " * 5


def lines(*written: str) -> str:
    """Return the lines as one text."""
    return "\n".join(written)


def pairs(written: str) -> list[tuple[str, str]]:
    """Return each title with the last word of its abstract."""
    return [(paper.title, paper.abstract[-8:]) for paper in read_listing(written, "x").papers]


def test_line_ends_and_blank_lines_do_not_matter() -> None:
    """Windows, old Mac and Unix line ends, blank lines and surrounding spaces yield the same papers."""
    written = [BANNER, "One", f"{ABSTRACT}first.", "Two", f"{ABSTRACT}second."]
    for joint in ("\n", "\r\n", "\r", "\n\n", "\n \t\n  "):
        assert [("One", ". first."), ("Two", " second.")] == pairs(joint.join(written))


def test_banners_go_wherever_they_stand() -> None:
    """Banner text is not a paper, whether at the beginning, in the middle or at the end."""
    written = lines(BANNER, "One", ABSTRACT, BANNER, "Subscribe", "Two", "Upvote", "12", ABSTRACT, "View Paper")
    reading = read_listing(written, "x")
    assert (["One", "Two"], ()) == ([paper.title for paper in reading.papers], reading.skipped)


def test_a_glued_label_is_cut_off_after_a_banner_only() -> None:
    """The label in `SubscribeAdaptive…` is removed only after a banner; other titles keep the word."""
    written = lines(BANNER, "SubscribeAdaptive Design", ABSTRACT, "SubscribeNet: A Network", ABSTRACT)
    assert ["Adaptive Design", "SubscribeNet: A Network"] == [title for title, _ in pairs(written)]
    written = lines(BANNER, "Subscribers and their Habits", ABSTRACT)
    assert ["Subscribers and their Habits"] == [title for title, _ in pairs(written)]


def test_a_title_without_an_abstract_is_named() -> None:
    """A title without an abstract is reported and does not take its neighbour's abstract."""
    reading = read_listing(lines("Lonely Title", "One", ABSTRACT, "The Last"), "x")
    assert ["One"] == [paper.title for paper in reading.papers]
    assert ("line 1 (no abstract)", "line 4 (no abstract)") == reading.skipped
    assert "2 left out as unreadable" in reading.trouble


def test_authors_between_title_and_abstract_are_authors() -> None:
    """A line of names below a title is parsed as its authors."""
    for line in ("Ada Lovelace, Alan M. Turing and Maria de la Cruz", "Authors: Ada Lovelace, Alan M. Turing"):
        (paper,) = read_listing(lines("One", line, ABSTRACT), "x").papers
        assert ("Ada Lovelace", "Alan M. Turing") == paper.authors[:2]


@pytest.mark.parametrize(
    "between",
    [
        ("Abstract",), ("ABSTRACT:",), ("Summary",), ("1 Introduction",), ("University of Oslo",),
        ("Published on Nov 30",), ("Ada Smith, Bo Jones", "Abstract"),
        ("Ada Smith, Bo Jones", "Department of Zoology, University of Oslo", "Submitted on 30 Nov 2026", "Abstract"),
    ],
)  # fmt: skip
def test_a_label_is_no_title(between: tuple[str, ...]) -> None:
    """Headings of sections, affiliations and dates below a title do not replace it."""
    titles = ["A paper about cats in the winter of Oslo", "Dogs and their People"]
    reading = read_listing(lines(*(line for title in titles for line in (title, *between, ABSTRACT))), "x")
    assert (titles, ()) == ([paper.title for paper in reading.papers], reading.skipped)
    if "Ada Smith, Bo Jones" in between:
        assert ("Ada Smith", "Bo Jones") == reading.papers[0].authors


def test_a_short_abstract_may_stand_below_its_label() -> None:
    """What stands below the line `Abstract` is the abstract, however short it is."""
    (paper,) = read_listing("Cats\nAbstract\nWe study cats.\n", "x").papers
    assert ("Cats", "We study cats.") == (paper.title, paper.abstract)


@pytest.mark.parametrize(
    "title", ["Abstract Interpretation", "Introduction to Cats", "Learning at University", "Background Models of Cats",
              "The University of the Future: What Remains?", "Published Works and their Readers"]
)  # fmt: skip
def test_titles_that_look_a_little_like_labels_are_titles(title: str) -> None:
    """A title may begin with the name of a section or speak of a university."""
    reading = read_listing(lines("Lonely Title", title, ABSTRACT), "x")
    assert [title] == [paper.title for paper in reading.papers]


def test_a_line_that_is_left_out_is_not_quoted() -> None:
    """A note names the number of a line that is left out, and nothing of what it says."""
    reading = read_listing(lines("DISCORD_TOKEN=secret", "AU  - secret", "My password is secret", "One", ABSTRACT), "x")
    assert "secret" not in reading.trouble
    assert "line 1 (no abstract)" in reading.trouble


def test_a_second_paragraph_belongs_to_its_abstract() -> None:
    """An abstract of two paragraphs is one abstract."""
    (paper,) = read_listing(lines("One", ABSTRACT, ABSTRACT + "The end."), "x").papers
    assert paper.abstract.endswith("The end.")
    assert 10 == paper.abstract.count("We study how listings are copied from pages")


def test_short_abstracts_are_abstracts() -> None:
    """A sentence after a title is its abstract, a long title is a title, and a question can be a title."""
    title = "A Very Long Title About Everything: What Do Large Language Models Know About the Length of Their Titles?"
    short = "We prove that short abstracts exist and that they are, contrary to belief, quite useful to readers."
    assert [(title, short[-8:])] == pairs(f"{title}\n{short}")


TITLES = st.lists(st.text("abcdefghij KLMNOP:-", min_size=3, max_size=120).map(lambda text: f"T{text}x"), max_size=8)


@given(TITLES)
@PATIENT
def test_any_listing_is_paired_whole(titles: list[str]) -> None:
    """Every title of a listing is returned with its own abstract, in order."""
    written = [line for number, title in enumerate(titles) for line in (title, f"{ABSTRACT}Number {number}.")]
    reading = read_listing(lines(BANNER, *written), "x")
    assert [" ".join(title.split()) for title in titles] == [paper.title for paper in reading.papers]
    assert [f"Number {number}." for number in range(len(titles))] == [
        paper.abstract[-len(f"Number {number}.") :] for number, paper in enumerate(reading.papers)
    ]


@given(st.text())
@PATIENT
def test_no_text_breaks_it(written: str) -> None:
    """Any text yields only papers with a title and an abstract, or none."""
    assert all(paper.title and paper.abstract for paper in read_listing(written, "x").papers)
