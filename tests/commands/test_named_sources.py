"""Tests of sources as people name them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.commands.named_sources import nearest, source_alone, source_of, sources_in, sources_of
from bots.domain.errors import BadQuery


@pytest.mark.parametrize(
    ("text", "specs"),
    [
        ("arxiv:cs.CL", ["arxiv:cs.CL"]),
        ("arXiv cs.CL", ["arxiv:cs.CL"]),
        ("arXiv's category cs.CL", ["arxiv:cs.CL"]),
        ("cs.cl", ["arxiv:cs.CL"]),
        ("cs.CL and cs.LG", ["arxiv:cs.CL+cs.LG"]),
        ("hep-th", ["arxiv:hep-th"]),
        ("Hugging Face", ["huggingface"]),
        ("HuggingFace", ["huggingface"]),
        ("hf", ["huggingface"]),
        ("Hugging Face trending", ["huggingface:trending"]),
        ("Hugging Face and arXiv cs.CL", ["huggingface", "arxiv:cs.CL"]),
        ("file:a and b.bib", []),
        ("arxiv:cs.CL at 9", []),
        ("arxiv:cs.CL and huggingface", ["huggingface", "arxiv:cs.CL"]),
        ("agents", []),
        ("math", []),
        ("arXiv agents", []),
    ],
)
def test_sources_are_read_as_people_name_them(text: str, specs: list[str]) -> None:
    """By spec, by name or by an arXiv category, one or several."""
    assert specs == list(sources_in(text))


def test_the_value_of_an_option_may_be_a_path_with_spaces() -> None:
    """What stands between quotes is one source."""
    assert ["file:a and b.bib"] == list(sources_of("file:a and b.bib"))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("huggigface", "huggingface"),
        ("arxv:cs.CL", "arxiv:cs.CL"),
        ("Huging Face", "huggingface"),
        ("cs.LGG", "arxiv:cs.LG"),
    ],
)
def test_a_misspelt_source_is_guessed(text: str, meant: str) -> None:
    """The error asks whether the nearest source was meant."""
    with pytest.raises(BadQuery) as caught:
        source_of(text)
    assert f"Did you mean {meant}?" in caught.value.hint


def test_a_source_of_a_plug_in_that_is_not_installed_is_left_to_who_opens_it() -> None:
    """A name that is near to no source is kept; its opener says that there is none."""
    assert ("elsewhere:x", "") == (source_of("Elsewhere:x"), nearest("elsewhere:x"))


def test_a_filter_that_is_a_source_is_told_from_one_of_words() -> None:
    """query=arxiv:cs.CL is a slip, query=sample is a word to look for."""
    assert ["arxiv:cs.CL", "arxiv:cs.CL", ""] == [source_alone(text) for text in ("arxiv:cs.CL", "cs.CL", "sample")]


@given(
    st.text(max_size=60) | st.sampled_from(["CS.CC", "ARXIV", "hugging face and biorxiv", "https://example.org/feed"])
)
def test_any_text_is_sources_or_none(text: str) -> None:
    """What is read as sources can be read again."""
    assert all([spec] == list(sources_in(spec)) for spec in sources_in(text))
