"""What a search knows of a paper."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bots.domain.papers import Paper, PaperId, Signals
from bots.search.entries import asked_stems, entry_of
from bots.selection.words import words_of

PAPER = Paper(
    id=PaperId.arxiv("2401.00001"),
    title="Learning $\\alpha$-robots",
    abstract="We are learning to fold &amp; iron.",
    authors=("José Núñez",),
    keywords=("laundry",),
)


def test_an_entry_has_the_stems_of_all_texts() -> None:
    """Title, abstract and keywords, and names are there as stems, without case, accents, markup and common words."""
    entry = entry_of(PAPER)
    assert ("learn α robot", "learn fold iron laundry", "jose nunez") == (entry.title, entry.body, entry.names)
    assert {"learning", "robots", "jose", "nunez"} <= entry.vocabulary


def test_a_key_changes_with_what_is_searched() -> None:
    """Votes do not change an entry; each of its texts does, even if it is the title's order of words."""
    same = replace(PAPER, signals=Signals(upvotes=5), url="https://example.org")
    others = (
        replace(PAPER, title="$\\alpha$-robots learning"),
        replace(PAPER, abstract="Knots"),
        replace(PAPER, authors=()),
        replace(PAPER, keywords=()),
    )
    assert entry_of(PAPER).key == entry_of(same).key
    assert 5 == len({entry_of(PAPER).key, *(entry_of(each).key for each in others)})


@given(title=st.text(max_size=60), abstract=st.text(max_size=200), author=st.text(max_size=40))
def test_any_text_has_an_entry(title: str, abstract: str, author: str) -> None:
    """Whatever a source says, the stems are letters and digits, of bounded length, and found by their own words."""
    entry = entry_of(replace(PAPER, title=title, abstract=abstract, authors=(author,), keywords=()))
    for text in (entry.title, entry.body, entry.names):
        assert all(stem.isalnum() and len(stem) <= 64 for stem in text.split())
    assert set(entry.names.split()) == set(asked_stems(words_of(author)))
