"""What a worker tells whoever waits is read back as it was said, and never too long for the server."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.scheduling.answers import Answer, Kind, read_answer
from summarizer import BadModel, Blurb, EngineDown, EngineMissing, SummarizerError, TextTooLong, TextTooShort
from summarizer.blurb import Span

#: Any text that a program can hold, half a pair of UTF-16 included.
TEXT = st.text(st.characters(exclude_categories=()))
BLURBS = st.builds(
    Blurb,
    text=TEXT,
    evidence=st.lists(st.builds(Span, start=st.integers(0, 9999), end=st.integers(0, 9999))).map(tuple),
    engine=TEXT,
    model=TEXT,
    warnings=st.lists(TEXT).map(tuple),
)
ERRORS = (
    TextTooShort(words=3, needed=20),
    TextTooLong(length=99_999, limit=20_000),
    EngineDown("The server is away."),
    EngineMissing("There is none."),
    BadModel("The weights are damaged."),
    SummarizerError("Something else."),
)


@given(BLURBS)
def test_a_blurb_is_read_back(blurb: Blurb) -> None:
    """A blurb comes through unchanged; one that is too long for a message is said to be in the cache."""
    message = Answer(ask="a", kind=Kind.MADE, blurb=blurb).written()
    assert len(message.encode()) < 8000
    read = read_answer(message)
    assert read
    assert (Kind.MADE, blurb) == (read.kind, read.blurb) or (Kind.STORED, None) == (read.kind, read.blurb)


def test_a_long_blurb_is_left_in_the_cache() -> None:
    """8,000 characters do not fit into one message."""
    blurb = Blurb(text="x" * 8000, evidence=(), engine="e", model="m")
    read = read_answer(Answer(ask="a", kind=Kind.MADE, blurb=blurb).written())
    assert Answer(ask="a", kind=Kind.STORED) == read


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_engines_error_keeps_its_name_and_its_words(error: SummarizerError) -> None:
    """The person is told the same as if the engine had refused in this process."""
    read = read_answer(Answer(ask="a", kind=Kind.REFUSED, error=error).written())
    assert read
    assert (type(error), str(error), vars(error)) == (type(read.error), str(read.error), vars(read.error))


@given(st.one_of(TEXT, st.recursive(st.none() | st.integers() | TEXT, st.lists).map(json.dumps)))
def test_what_is_no_answer_is_none(message: str) -> None:
    """A message of another version, or of somebody else, is passed over."""
    assert read_answer(message) is None


@pytest.mark.parametrize("kind", list(Kind))
def test_an_answer_without_what_belongs_to_it_is_none(kind: Kind) -> None:
    """A message that promises a blurb or an error and has none is passed over; the others need nothing more."""
    read = read_answer(json.dumps({"ask": "a", "kind": kind}))
    assert (kind in {Kind.MADE, Kind.REFUSED}) == (read is None)
