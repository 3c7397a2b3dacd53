"""A category that does not exist is refused with the nearest name; every real one is accepted in any case."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.arxiv_taxonomy import ARCHIVES, CATEGORIES
from bots.domain.errors import BadQuery, SettingsError
from bots.selection import read_category
from bots.sources._arxiv_categories import read_categories


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("cs.XL", "cs."), ("cs.CLL", "cs.CL"), ("stat.LM", "stat.ML"), ("math.XX", "math."), ("q-bio.GG", "q-bio."),
     ("physics.optic", "physics.optics"), ("econ.ML", "econ.EM"), ("sc.CL", "cs.CL"), ("astroph.GA", "astro-ph.GA")],
)  # fmt: skip
def test_what_does_not_exist_is_refused(typed: str, meant: str) -> None:
    """Both as a filter and as a source it is refused, and the hint offers a category that exists."""
    with pytest.raises(BadQuery, match="no category") as refused:
        read_category(typed)
    assert meant in refused.value.hint
    with pytest.raises(SettingsError, match="no arXiv category"):
        read_categories(typed)


@pytest.mark.parametrize("name", sorted(CATEGORIES.values()))
def test_every_category_is_known(name: str) -> None:
    """Each of arXiv's categories is accepted in any case, and kept in arXiv's spelling as a source."""
    assert name == read_category(name)
    assert (name,) == read_categories(name.lower()) == read_categories(name.upper())


@pytest.mark.parametrize("other", ["cancer biology", "cs", "cs.*", "cond-mat.*", "neuroscience", "hep-*", "Physics.*"])
def test_other_patterns_stay(other: str) -> None:
    """Whole archives, and the categories of other sites, which have no dot, are accepted."""
    assert other == read_category(other)


@pytest.mark.parametrize("archive", [name for name, subjects in ARCHIVES.items() if subjects])
def test_a_whole_archive_is_no_source(archive: str) -> None:
    """A whole archive is refused as a source with one of its categories as an example."""
    with pytest.raises(SettingsError, match="whole archive") as refused:
        read_categories(archive)
    assert f"{archive}.{ARCHIVES[archive][0]}" in str(refused.value)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever is typed is a category or is refused in words."""
    with suppress(BadQuery):
        assert read_category(text) == " ".join(text.split())
