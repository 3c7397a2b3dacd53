"""The files in deploy/, parsed."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"


def parsed(path: str) -> Any:
    """Return the only document of a YAML or JSON file."""
    text = (DEPLOY / path).read_text(encoding="utf-8")
    return json.loads(text) if path.endswith(".json") else yaml.safe_load(text)


def documents(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield every document of the YAML files in a folder."""
    for path in sorted(folder.glob("*.yaml")):
        yield from yaml.safe_load_all(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def compose() -> Any:
    """The file for Docker Compose."""
    return parsed("docker/compose.yaml")


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Return what a program of this machine says from the root of the checkout; skip the test if it is not here."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"needs {program}")
    return subprocess.run([path, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
