"""Fixtures for tests of third-party sources, which are installed with the metadata that Python reads."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bots.config import source_catalogue
from tests.plugins.sources.preprints import PREPRINTS
from tests.support.plugged import installed

#: Writes a package that registers one source; the arguments are the name of the source and the code of its module.
Install = Callable[..., None]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages on Python's path; modules imported from it are removed afterwards."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    source_catalogue.forget()
    yield folder
    for name, each in list(sys.modules.items()):
        if str(getattr(each, "__file__", "")).startswith(str(folder)):
            del sys.modules[name]
    source_catalogue.forget()


@pytest.fixture
def install(site: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """A function that installs packages."""

    def made(name: str = "preprints", text: str = PREPRINTS, *, package: str = "paperwire-preprints") -> None:
        module = package.replace("-", "_")
        (site / f"{module}.py").write_text(text, encoding="utf-8")
        installed(site, monkeypatch, package, {"sources": {name: f"{module}:Preprints"}})
        source_catalogue.forget()

    return made
