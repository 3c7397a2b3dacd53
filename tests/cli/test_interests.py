"""Tests of `interests`: what the ranking learned is kept from one command to the next, in an empty folder."""

from pathlib import Path

from bots.cli.context import Exit
from tests.cli.conftest import Run, said

LIBRARY = """
@article{a, title={Protein Folding by Attention}, author={Ada, A.}, year={2020}, abstract={We fold.}}
@article{b, title={Docking Molecules to Proteins}, author={Bo, B.}, year={2021}, abstract={We dock.}}
"""


def test_a_library_is_learned_shown_exported_and_forgotten(run: Run, tmp_path: Path) -> None:
    """A BibTeX library and an id teach the channel; the export names all of it, and a reset leaves nothing."""
    (tmp_path / "library.bib").write_text(LIBRARY, encoding="utf-8")
    shown = said(run("digest", "--source", "sample", "--json"))["entries"][0]["paper"]["id"]
    taught = run("interests", "like", "console", "library.bib", shown.removeprefix("arxiv:"))
    assert Exit.DONE == taught.exit_code
    assert "Learned from 2 papers of library.bib." in taught.stdout
    assert "learned from 3 liked papers and 0 disliked" in " ".join(run("interests", "show", "console").stdout.split())
    assert 3 == run("interests", "export", "console").stdout.count("@")
    assert "Forgotten: 3 statements" in run("interests", "reset", "console").stdout
    assert "no paper yet" in " ".join(run("interests", "show", "console").stdout.split())


def test_what_cannot_be_learned_is_named(run: Run, tmp_path: Path) -> None:
    """A file without papers, a text that is no id, and a channel that is none are refused with what to do."""
    (tmp_path / "empty.bib").write_text("% nothing\n", encoding="utf-8")
    for words in (["console", "empty.bib"], ["console", "no such paper at all"], ["nowhere", "2004.15011"]):
        refused = run("interests", "like", *words)
        assert Exit.DONE != refused.exit_code
        assert refused.stderr.strip()
        assert "Traceback" not in refused.stderr
