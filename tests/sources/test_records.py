"""Tests of records from any program: field names, ids and URLs, JSON formats, broken BibTeX."""

import json
from datetime import UTC, datetime

import pytest

from bots.domain.errors import SourceRefused
from bots.domain.papers import PaperId, Signals
from bots.sources.reading.formats import parse

RECORD = {"title": "A Paper", "abstract": "We show it."}


def test_fields_are_known_by_many_names() -> None:
    """Other programs' field names for id, abstract, people, dates, votes and code are recognised."""
    record = {
        "doi": "https://doi.org/10.1145/123.456",
        "arxiv_id": "2004.15011v2",
        "title": " TLDR:\n Extreme ",
        "summary": "One\ntwo.",
        "authors": [{"name": "Ada Lovelace"}, "Turing, Alan"],
        "year": 2020,
        "categories": "cs.CL cs.AI",
        "ai_keywords": ["summaries", "summaries", 7],
        "venue": "ACL",
        "githubRepo": "https://github.com/allenai/scitldr",
        "likes": "12",
        "citationCount": 300,
    }
    (paper,) = parse(json.dumps({"papers": [record]}), "file:x").papers
    assert (PaperId.arxiv("2004.15011"), 2) == (paper.id, paper.version)
    assert frozenset({PaperId(scheme="doi", value="10.1145/123.456")}) == paper.aliases
    assert ("TLDR: Extreme", "One two.") == (paper.title, paper.abstract)
    assert ("Ada Lovelace", "Alan Turing") == paper.authors
    assert (datetime(2020, 1, 1, tzinfo=UTC), "ACL") == (paper.published, paper.venue)
    assert (("cs.CL", "cs.AI"), ("summaries",)) == (paper.categories, paper.keywords)
    assert (Signals(upvotes=12, citations=300), "https://github.com/allenai/scitldr") == (paper.signals, paper.code)


@pytest.mark.parametrize(
    ("record", "name", "url"),
    [
        ({"id": "2004.15011"}, "arxiv:2004.15011", "https://arxiv.org/abs/2004.15011"),
        ({"url": "http://arxiv.org/pdf/2004.15011v1"}, "arxiv:2004.15011", "https://arxiv.org/abs/2004.15011"),
        ({"doi": "10.1/A<b>"}, "text:", ""),
        ({"doi": "10.1145/A(b)"}, "doi:10.1145/a(b)", "https://doi.org/10.1145/a(b)"),
        ({"id": "4779", "url": "https://example.org/4779"}, "text:", "https://example.org/4779"),
        ({"id": "4779", "url": "http://example.org/4779"}, "text:", ""),
        ({"url": "javascript:alert(1)"}, "text:", ""),
        ({"id": 7, "url": {"a": 1}}, "text:", ""),
    ],
)
def test_ids_and_addresses(record: dict[str, object], name: str, url: str) -> None:
    """A record is identified by its best id, or by its title if it has none, and its URL is https."""
    (paper,) = parse(json.dumps([{**RECORD, **record}]), "file:x").papers
    assert str(paper.id).startswith(name)
    assert url == paper.url


FILM = {"title": "Alien", "year": 1979, "director": "Ridley Scott", "genres": ["Horror"]}


@pytest.mark.parametrize(
    "record",
    [
        FILM,
        {**FILM, "description": "A crew answers a call.", "id": 348, "url": "https://films.example/348"},
        {"title": "Alien", "year": 1979},
        {"title": "Heroes", "artist": "David Bowie", "album": "Heroes", "duration": 371},
        {"title": "Fix the lamp", "state": "open", "assignee": {"login": "ada"}, "description": "It is dark."},
        {"title": "Lentil soup", "ingredients": ["lentils"], "instructions": "Boil.", "summary": "A soup."},
        {"title": "Desk lamp", "price": 12.5, "currency": "EUR", "sku": "L-1", "description": "It is bright."},
        {"title": "News of the day", "url": "https://news.example/1", "note": "read later"},
        {"title": "Data engineer", "salary": 90000, "location": "Bonn", "description": "Join our team."},
        {"title": "Item"},
    ],
)
@pytest.mark.parametrize("lines", [True, False])
def test_records_of_something_else_are_refused(record: dict[str, object], lines: bool) -> None:
    """Films, songs, tasks, recipes, products, bookmarks and jobs have titles too; the error names the file."""
    records = [record, {**record, "title": "Another"}]
    body = "\n".join(map(json.dumps, records)) if lines else json.dumps(records)
    with pytest.raises(SourceRefused, match="`file:x` looks like JSON of something else than papers") as caught:
        parse(body, "file:x")
    assert "authors" in caught.value.hint


@pytest.mark.parametrize("lines", [True, False])
def test_a_film_among_papers_is_left_out_and_named(lines: bool) -> None:
    """One record of something else costs no paper, and is not posted as one."""
    records = [RECORD, FILM, {"title": "Another", "year": 2020, "journal": "Nature"}]
    body = "\n".join(map(json.dumps, records)) if lines else json.dumps(records)
    reading = parse(body, "file:x")
    assert ["A Paper", "Another"] == [paper.title for paper in reading.papers]
    assert ("line 2 (no paper)" if lines else "item 2 (no paper)",) == reading.skipped


@pytest.mark.parametrize(
    "more",
    [
        {"abstract": "We show it."},
        {"summary": "We show it."},
        {"authors": ["Ada Smith"]},
        {"doi": "10.5555/x"},
        {"id": "2004.15011"},
        {"url": "https://arxiv.org/abs/2004.15011"},
        {"year": 2020, "journal": "Nature"},
        {"venue": "ACL"},
        {"categories": ["cs.CL"]},
        {"pmid": "12345678"},
        {"upvotes": 12},
        {"citationCount": 3},
        {"rating": 8, "authors": ["Ada Smith"], "abstract": "We show it."},
        {"dateAdded": "2024-05-01", "itemType": "journalArticle", "creators": [{"lastName": "Smith"}]},
        {"state": "published", "doi": "10.5555/x"},
    ],
)
def test_a_record_with_what_papers_have_is_a_paper(more: dict[str, object]) -> None:
    """One of abstract, authors, DOI, id, journal, category, votes of papers or citations is enough."""
    (paper,) = parse(json.dumps([{"title": "A Paper", **more}]), "file:x").papers
    assert "A Paper" == paper.title


def test_a_title_is_the_same_however_it_is_spelled() -> None:
    """Titles that differ only in case, spaces and punctuation have the same id; another word changes it."""
    titles = ["KV-Cache: a Study", "kv cache  A STUDY!", "KV-Cache: another Study"]
    first, second, third = (parse(json.dumps([{**RECORD, "title": one}]), "x").papers[0].id for one in titles)
    assert first == second != third
    assert 16 == len(first.value)


@pytest.mark.parametrize(
    ("body", "count", "trouble"),
    [
        (json.dumps([RECORD, {"abstract": "x"}, 7, None]), 1, "3 left out"),
        (json.dumps(RECORD), 1, ""),
        (json.dumps({"data": [RECORD, {**RECORD, "title": "B"}]}), 2, ""),
        (
            json.dumps(RECORD) + "\n\n{broken\n" + json.dumps({**RECORD, "title": "B\u2028C"}, ensure_ascii=False),
            2,
            "line 3",
        ),
        ("\ufeff" + json.dumps([RECORD]), 1, ""),
        ("[Re] A Reproduction\n" + "We repeat the study and find it sound. " * 9, 1, ""),
    ],
)
def test_json_is_read_in_every_form(body: str, count: int, trouble: str) -> None:
    """JSON may be an array, an object, an object with a list, or lines; a leading bracket alone does not make JSON."""
    reading = parse(body, "file:x")
    assert count == len(reading.papers)
    assert trouble in reading.trouble
    assert bool(trouble) == bool(reading.trouble)


def test_a_broken_entry_costs_only_itself() -> None:
    """An entry that is never closed is left out; entries with the same key are all kept."""
    reading = parse("@misc{a, title={One}}\n@misc{a, title={Two}}\n@misc{b, title={Three}\n", "x")
    assert ["One", "Two"] == [paper.title for paper in reading.papers]
    assert ("the entry at line 3",) == reading.skipped
