"""Every archive that the set-up installs is checked against its hash, with uv and with pip alike."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import devenv

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the recording programs are shell scripts")


def recording(folder: Path, name: str, code: int = 0) -> Path:
    """Write a program that notes its arguments, one call a line, and exits with a code."""
    program = folder / "bin" / name
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f'#!/bin/sh\necho "{name} $*" >> "{folder}/calls"\nexit {code}\n')
    program.chmod(0o755)
    return program


def calls(folder: Path) -> list[str]:
    """Return the calls that install something."""
    noted = (folder / "calls").read_text().splitlines()
    return [each for each in noted if " install " in each]


@pytest.mark.parametrize("uv", [None, 0, 1], ids=["pip alone", "uv", "uv that fails"])
@pytest.mark.parametrize("lock", ["core", "build", "dev"])
def test_every_lock_is_installed_with_its_hashes(tmp_path: Path, lock: str, uv: int | None) -> None:
    """Each program that installs a lock file is told to check hashes, whichever of them does it in the end."""
    python = recording(tmp_path, "python")
    installer = devenv.Installer(tmp_path, python, only_pip=True, anew=False)
    installer.uv = None if uv is None else str(recording(tmp_path, "uv", uv))
    installer.locked(lock)
    made = calls(tmp_path)
    assert {None: ["python"], 0: ["uv"], 1: ["uv", "python"]}[uv] == [each.split()[0] for each in made]
    assert all(each.endswith(f"--require-hashes -r {tmp_path}/requirements/{lock}.txt") for each in made)


def test_the_installer_is_installed_with_its_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """uv itself is installed as a wheel whose hash is checked."""
    monkeypatch.setenv("PATH", str(tmp_path))
    devenv.Installer(tmp_path, recording(tmp_path / "venv", "python"), only_pip=False, anew=False)
    (made,) = calls(tmp_path / "venv")
    assert f"--only-binary=:all: --require-hashes -r {tmp_path}/requirements/installer.txt" in made


def test_an_archive_with_another_hash_is_refused(tmp_path: Path) -> None:
    """With the real pip, a wheel that is not the locked one is not installed, and nothing is run from it."""
    wheel = tmp_path / "planted-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("planted.py", "")
        archive.writestr("planted-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: planted\nVersion: 1.0\n")
        archive.writestr(
            "planted-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("planted-1.0.dist-info/RECORD", "")
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/core.txt").write_text(f"planted==1.0 --hash=sha256:{'0' * 64}\n")
    options = ["--no-index", "--find-links", str(tmp_path), "--target", str(tmp_path / "site")]
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("this environment has no pip")
    installer = devenv.Installer(tmp_path, Path(sys.executable), only_pip=True, anew=False)
    with pytest.raises(devenv.SetupProblem, match=r"(?i)hash"):
        installer.locked("core", *options)
    assert not (tmp_path / "site/planted.py").exists()
