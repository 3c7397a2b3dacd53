"""The command `sources`: what is installed, and what is off."""

import pytest

from bots.cli.context import Exit
from bots.config.source_catalogue import catalogue
from tests.cli.conftest import Run, said


def test_every_source_is_listed(run: Run) -> None:
    """With the form of its spec and what it lists; one that lacks a key says which."""
    result = run("sources")

    assert Exit.DONE == result.exit_code
    flat = " ".join(result.stdout.split())
    for each in catalogue().sources:
        assert each.description.says.rstrip(".") in flat
    assert "Off: The source semanticscholar needs sources.semantic_scholar_key" in flat


def test_one_source_is_shown_whole(run: Run) -> None:
    """With its examples, its settings and its terms."""
    shown = " ".join(run("sources", "pubmed").stdout.split())

    assert "pubmed:crispr (CRISPR)" in shown
    assert "sources.pubmed_key: Your own key of NCBI" in shown
    assert "Courtesy of the U.S. National Library of Medicine" in shown


def test_programs_get_all_of_it(run: Run) -> None:
    """As JSON, with an empty `off` for what can be used."""
    listed = {each["name"]: each for each in said(run("--json", "sources"))}

    assert {each.name for each in catalogue().sources} == set(listed)
    assert ("", True) == (listed["pubmed"]["off"], listed["pubmed"]["library"])
    assert "openreview_user" in listed["openreview"]["off"]


def test_an_unknown_source_is_named(run: Run) -> None:
    """With those that exist."""
    result = run("sources", "pubmde")

    assert Exit.NOTHING == result.exit_code
    assert "There is no source 'pubmde'. Known: huggingface, arxiv" in result.stderr


def test_a_key_turns_a_source_on_and_is_not_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the list nor by the doctor."""
    monkeypatch.setenv("PAPERWIRE_SOURCES_SEMANTIC_SCHOLAR_KEY", "sesame-sesame")
    listed = {each["name"]: each["off"] for each in said(run("--json", "sources"))}
    checked = run("doctor", "--offline")

    assert "" == listed["semanticscholar"]
    assert "semanticscholar:2004.15011: reads https://api.semanticscholar.org" in checked.stdout
    assert "sesame" not in checked.output


def test_an_address_is_stored_without_the_marks_of_a_chat(run: Run) -> None:
    """A feed that is pasted from a chat as <https://…> is the feed of that address."""
    made = run("--json", "subscribe", "--source", "feed:<https://blog.example.org/feed.xml>", "--to", "console")

    assert Exit.DONE == made.exit_code, made.output
    assert "feed:https://blog.example.org/feed.xml" in made.stdout
    assert "<https" not in made.stdout


@pytest.mark.parametrize("spec", ["feed:http://127.0.0.1/x", "bib:https://10.0.0.1/x.bib", "feed:natur", "bib:"])
def test_what_cannot_be_read_is_refused_at_once(run: Run, spec: str) -> None:
    """Not when the first digest is due."""
    assert Exit.DONE != run("subscribe", "--source", spec, "--to", "console").exit_code
