"""Texts that say what is known of papers, lists and searches: no more and no less."""

from datetime import UTC, datetime

import pytest

from bots.domain.digests import SourceNote
from bots.domain.replies import SavedList
from bots.presentation import digest_text
from tests.support.factories import a_digest, a_paper


@pytest.mark.parametrize(
    ("published", "shown"),
    [(datetime(2024, 5, 1, tzinfo=UTC), "1 May 2024"), (datetime(2024, 1, 1, tzinfo=UTC), "1 Jan 2024")],
)
def test_a_known_day_is_shown(published: datetime, shown: str) -> None:
    """The first of a month is a day like any other, if its source names it."""
    assert shown == digest_text.facts(a_paper(published=published, day_known=True))[0]


@pytest.mark.parametrize(
    ("shown", "authors"),
    [
        ("A. One et al.", ("A. One", "et al.")),
        ("A. One, B. Two, C. Three et al.", ("A. One", "B. Two", "C. Three", "et al.")),
        ("A. One, B. Two, C. Three et al.", ("A. One", "B. Two", "C. Three", "D. Four", "et al")),
        ("A. One, B. Two et al.", ("A. One", "B. Two", "and others")),
        ("A. One et al.", ("A. One", "…")),
        ("", ("et al.",)),
        ("A. One, B. Two, C. Three + 1 more", ("A. One", "B. Two", "C. Three", "D. Four")),
        ("Al Others, B. Two", ("Al Others", "B. Two")),
    ],
)
def test_et_al_is_no_author(shown: str, authors: tuple[str, ...]) -> None:
    """A list that its source cut short has more authors than anyone counted."""
    assert shown == digest_text.authors_line(a_paper(authors=authors))


@pytest.mark.parametrize(
    ("expected", "titles"),
    [
        ("", ()),
        ("Withdrawn, and so not shown: “One”.", ("One",)),
        ("Withdrawn, and so not shown: “One” and “Two”.", ("One", "Two")),
        ("Withdrawn, and so not shown: “A”, “B”, “C” and 2 more.", tuple("ABCDE")),
    ],
)
def test_withdrawn_papers_are_named(expected: str, titles: tuple[str, ...]) -> None:
    """The operator reads the titles of the first withdrawn papers and the number of the others."""
    withdrawn = tuple(a_paper(title=title, withdrawn=True) for title in titles)
    assert expected == digest_text.withdrawn_line(a_digest(withdrawn=withdrawn))


def test_a_source_that_listed_papers_is_not_called_empty() -> None:
    """A list of an earlier day, or one that a filter excludes, is a list: papers may stand beside its note."""
    note = SourceNote(source="file:a/b.jsonl", reason="The file lists one day.", failed=False, listed=True)
    assert "Note on file b.jsonl: The file lists one day." == digest_text.note_line(note)


@pytest.mark.parametrize(
    ("line", "papers"),
    [("No saved paper for “a or b”. “or” is a word.", 0), ("2 saved papers for “a or b”. “or” is a word.", 2)],
)
def test_a_list_says_how_its_words_were_read(line: str, papers: int) -> None:
    """A note on the search stands beside the number, with papers and without."""
    reply = SavedList(papers=(a_paper(),) * papers, words="a or b", notes=("“or” is a word",))
    assert line == digest_text.saved_headline(reply)
