"""What is asked of a paper on the command line, in an empty folder without a network: what it prints, and its code."""

import pytest

from bots.cli.context import Exit
from tests.cli.conftest import Run, said


@pytest.fixture
def shown(run: Run) -> str:
    """The id of a paper that a digest of the sample day has shown."""
    entries = said(run("digest", "--source", "sample", "--json"))["entries"]
    return str(entries[0]["paper"]["id"])


def test_the_whole_abstract_of_a_paper_is_printed(run: Run, shown: str) -> None:
    """As text, and as JSON with all that is known."""
    paper = said(run("abstract", shown, "--json"))["paper"]
    assert shown == paper["id"]
    printed = run("abstract", shown)
    assert Exit.DONE == printed.exit_code
    assert " ".join(paper["abstract"].split()[:5]) in " ".join(printed.stdout.split())


def test_a_list_is_kept_from_one_command_to_the_next(run: Run, shown: str) -> None:
    """Saved, found again by a word of its title, taken off."""
    title = said(run("abstract", shown, "--json"))["paper"]["title"]
    assert "Saved: “" in run("save", shown).stdout
    assert [shown] == [paper["id"] for paper in said(run("saved", *title.split()[:2], "--json"))["papers"]]
    assert "1 saved paper" in run("saved").stdout
    assert "Removed from your saved papers" in run("unsave", shown).stdout


def test_an_empty_list_is_found_to_be_empty(run: Run) -> None:
    """Nothing saved, nothing found among it and nothing to cite: said in words, with the code of nothing found."""
    assert [Exit.NOTHING] * 3 == [run(*words).exit_code for words in (["saved"], ["saved", "kv"], ["cite"])]
    assert "You have saved no papers yet." in run("saved").stdout


def test_a_citation_is_a_file_to_use(run: Run, shown: str) -> None:
    """Printed is BibTeX and nothing else, no line of it broken, of one paper or of all that were saved."""
    one = run("cite", shown)
    assert Exit.DONE == one.exit_code
    assert one.stdout.startswith("@")
    assert one.stdout.endswith("}\n")
    run("save", shown)
    assert one.stdout == run("cite").stdout
    assert one.stdout == said(run("cite", "--json"))["text"]


def test_papers_like_one_are_listed(run: Run, shown: str) -> None:
    """From what was met before, without a network; who could not be asked is named."""
    reply = said(run("like", shown, "--limit", "3", "--json"))
    assert len(reply["entries"]) <= 3
    assert shown not in [entry["paper"]["id"] for entry in reply["entries"]]
    assert reply["notes"]


@pytest.mark.parametrize("command", ["abstract", "save", "like", "cite"])
def test_what_is_no_paper_is_refused(run: Run, command: str) -> None:
    """With the forms an id may have, and the command that finds papers by words."""
    result = run(command, "attention is all")
    assert Exit.ASKED_WRONGLY == result.exit_code
    assert "is not a paper id" in result.stderr
    assert "paperwire search" in " ".join(result.stderr.split())
