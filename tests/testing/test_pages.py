"""The code on the pages for plug-in authors is that of the examples, line by line, and all their links are valid."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGES = [ROOT / "CONTRIBUTING.md", ROOT / "docs/how-to/write-a-plug-in.md"]
#: A fenced block: its language, its source file, its lines.
_BLOCK = re.compile(r"^ *```(?P<language>\w+)?(?: (?P<file>\S+))?\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
#: Commands, output and settings are not excerpts.
FREE = {"console", "text", "toml"}

BLOCKS = [
    pytest.param(block, id=f"{page.name}:{page.read_text('utf-8')[: block.start()].count(chr(10)) + 1}")
    for page in PAGES
    for block in _BLOCK.finditer(page.read_text("utf-8"))
]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_of_code_is_an_excerpt_of_its_file(block: re.Match[str]) -> None:
    """A code block with a file name is an excerpt of that file; a block without one contains no code."""
    if block["file"] is None:
        assert block["language"] in FREE
    else:
        assert block["text"] in (ROOT / block["file"]).read_text(encoding="utf-8")


def test_the_pages_show_every_file_of_the_examples() -> None:
    """Each module and each test of the three examples is on a page, at least in part."""
    shown = {block["file"] for page in PAGES for block in _BLOCK.finditer(page.read_text("utf-8"))}
    files = [path for path in (ROOT / "examples").glob("*/*/*.py") if not path.name.startswith("fake_")]
    assert [] == sorted(
        path.relative_to(ROOT).as_posix() for path in files if path.relative_to(ROOT).as_posix() not in shown
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_leads_to_files_that_exist(page: Path) -> None:
    """Every relative link of a page leads to an existing file of the project."""
    places = _LINK.findall(page.read_text("utf-8"))
    assert places
    assert [] == [place for place in places if not (page.parent / place).exists()]
