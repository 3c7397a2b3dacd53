"""Fake packages for Python's metadata: a folder on the path that registers the objects of a test."""

from collections.abc import Mapping
from pathlib import Path

import pytest


def installed(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    package: str,
    groups: Mapping[str, Mapping[str, str]],
    *,
    version: str = "1.0",
) -> None:
    """Install a package that registers entry points, by group and name."""
    info = folder / f"{package.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    sections = (
        "\n".join([f"[paperwire.{group}]", *(f"{name} = {value}" for name, value in points.items())])
        for group, points in groups.items()
    )
    (info / "entry_points.txt").write_text("\n\n".join(sections) + "\n")
    monkeypatch.syspath_prepend(str(folder))
