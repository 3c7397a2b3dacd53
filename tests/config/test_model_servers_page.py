"""The settings on the page about model servers are read by the program and reach the engine."""

import re
from pathlib import Path

import pytest

from bots.config.settings import read_settings
from bots.config.settings_table import TABLE
from summarizer import EngineSetup, load
from tests.conftest import ROOT
from tests.support.doubles import Hand

PAGE = (ROOT / "docs/how-to/model-servers.md").read_text(encoding="utf-8")
_BLOCK = re.compile(
    r"^## (?P<title>[^\n]+)\n(?:(?!^## ).)*?^```(?P<language>toml|sh)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
BLOCKS = [pytest.param(block["language"], block["text"], id=block["title"]) for block in _BLOCK.finditer(PAGE)]


def test_every_server_has_settings_to_paste() -> None:
    """The page has a block of settings for each of the four servers, and one for the environment."""
    titles = ["Ollama", "llama.cpp", "vLLM", "transformers serve", "The environment instead of the file"]
    assert titles == [block["title"] for block in _BLOCK.finditer(PAGE)]


@pytest.mark.parametrize(("language", "text"), BLOCKS)
def test_settings_to_paste_open_the_engine(language: str, text: str, tmp_path: Path) -> None:
    """Each block is accepted as it stands, nothing in it is unknown, and the remote engine opens with it."""
    file = tmp_path / "paperwire.toml"
    file.write_text(text if language == "toml" else "", encoding="utf-8")
    pairs = [line.partition("=") for line in text.splitlines()] if language == "sh" else []
    settings = read_settings({name: value.strip('"') for name, _, value in pairs}, file=file)
    clock = Hand()
    setup = EngineSetup(options=settings.engine, clock=clock, random=lambda: 1.0, sleep=clock.sleep)

    assert ((), "remote, extractive") == (settings.unread, settings.engine["order"])
    assert load("remote", setup).model.startswith(f"{settings.engine['remote_model']}@")


def test_the_settings_named_in_the_text_exist() -> None:
    """Each `engine.…` setting and each variable on the page is a setting."""
    known = {setting.place for setting in TABLE} | {setting.variable for setting in TABLE}
    named = set(re.findall(r"\bengine\.[a-z_]+\b|\bPAPERWIRE_[A-Z_]+\b", PAGE))

    assert {"engine.remote_mode", "PAPERWIRE_ENGINE_REMOTE_KEY"} <= named <= known


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https?:)([^)#\s]+)", PAGE))
def test_the_page_leads_to_files_that_exist(target: str) -> None:
    """Every relative link leads to a file."""
    assert (ROOT / "docs/how-to" / target).exists()
