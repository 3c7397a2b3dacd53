"""Tests of the commands about a paper: their output and exit codes, in an empty folder without a network."""

import pytest

from bots.cli.context import Exit
from tests.cli.conftest import Run, said


@pytest.fixture
def shown(run: Run) -> str:
    """Return the id of a paper that a digest of the sample day has shown."""
    entries = said(run("digest", "--source", "sample", "--json"))["entries"]
    return str(entries[0]["paper"]["id"])


def test_the_whole_abstract_of_a_paper_is_printed(run: Run, shown: str) -> None:
    """`abstract` prints the whole abstract as text, and as JSON with all known fields."""
    paper = said(run("abstract", shown, "--json"))["paper"]
    assert shown == paper["id"]
    printed = run("abstract", shown)
    assert Exit.DONE == printed.exit_code
    assert " ".join(paper["abstract"].split()[:5]) in " ".join(printed.stdout.split())


def test_a_list_is_kept_from_one_command_to_the_next(run: Run, shown: str) -> None:
    """A saved paper is found by words of its title in a later command, and can be removed."""
    title = said(run("abstract", shown, "--json"))["paper"]["title"]
    assert "Saved: “" in run("save", shown).stdout
    assert [shown] == [paper["id"] for paper in said(run("saved", *title.split()[:2], "--json"))["papers"]]
    assert "1 saved paper" in run("saved").stdout
    assert "Removed from your saved papers" in run("unsave", shown).stdout


def test_an_empty_list_is_found_to_be_empty(run: Run) -> None:
    """With no saved papers, `saved` and `cite` say so and exit with the code for nothing found."""
    assert [Exit.NOTHING] * 3 == [run(*words).exit_code for words in (["saved"], ["saved", "kv"], ["cite"])]
    assert "You have saved no papers yet." in run("saved").stdout


def test_a_citation_is_a_file_to_use(run: Run, shown: str) -> None:
    """`cite` prints only BibTeX without wrapped lines, for one paper or for all saved papers."""
    one = run("cite", shown)
    assert Exit.DONE == one.exit_code
    assert one.stdout.startswith("@")
    assert one.stdout.endswith("}\n")
    run("save", shown)
    assert one.stdout == run("cite").stdout
    assert one.stdout == said(run("cite", "--json"))["text"]


@pytest.mark.slow
def test_papers_like_one_are_listed(run: Run, shown: str) -> None:
    """Without a network `like` lists known papers, and names the sources that could not be queried."""
    reply = said(run("like", shown, "--limit", "3", "--json"))
    assert len(reply["entries"]) <= 3
    assert shown not in [entry["paper"]["id"] for entry in reply["entries"]]
    assert reply["notes"]


@pytest.mark.parametrize("command", ["abstract", "save", "like", "cite"])
def test_what_is_no_paper_is_refused(run: Run, command: str) -> None:
    """A text that is not an id is refused, with a hint to the command that finds papers by words."""
    result = run(command, "attention is all")
    assert Exit.ASKED_WRONGLY == result.exit_code
    assert "is not the id or the address of a paper" in result.stderr
    assert "paperwire search" in " ".join(result.stderr.split())
