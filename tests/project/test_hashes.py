"""The set-up installs exactly the archives that the locks name: one that was swapped on a mirror is refused."""

import hashlib
import os
import sys
import zipfile
from pathlib import Path

import pytest

import devenv

NAME = "paperwire_madeup-1.0"
posix = pytest.mark.skipif(os.name != "posix", reason="the recording programs are shell scripts")


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with one archive, which pip is told to use instead of any index."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "mirror"
    folder.mkdir()
    told = {"NO_INDEX": "1", "FIND_LINKS": str(folder), "TARGET": str(tmp_path / "out"), "CONFIG_FILE": os.devnull}
    for name, value in told.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    write_wheel(folder, "good = True\n")
    return folder


def write_wheel(folder: Path, code: str) -> Path:
    """Write an archive that holds one module with this code."""
    path = folder / f"{NAME}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("paperwire_madeup.py", code)
        wheel.writestr(f"{NAME}.dist-info/METADATA", "Metadata-Version: 2.1\nName: paperwire-madeup\nVersion: 1.0\n")
        wheel.writestr(
            f"{NAME}.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: a\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{NAME}.dist-info/RECORD", "")
    return path


def locked(root: Path, requirement: str) -> None:
    """Install the lock of a checkout that holds one requirement."""
    (root / "requirements").mkdir(exist_ok=True)
    (root / "requirements" / "core.txt").write_text(f"{requirement}\n", encoding="utf-8")
    devenv.Installer(root, Path(sys.executable), only_pip=True, anew=False).locked("core")


@pytest.mark.slow
def test_only_the_archive_that_was_locked_is_installed(tmp_path: Path, mirror: Path) -> None:
    """The locked archive is installed; another one of the same name and version is refused before it is unpacked."""
    digest = hashlib.sha256((mirror / f"{NAME}-py3-none-any.whl").read_bytes()).hexdigest()
    requirement = f"paperwire-madeup==1.0 --hash=sha256:{digest}"
    locked(tmp_path, requirement)
    module = tmp_path / "out" / "paperwire_madeup.py"
    assert "good = True\n" == module.read_text(encoding="utf-8")
    module.unlink()

    write_wheel(mirror, "good = False\n")
    with pytest.raises(devenv.SetupProblem, match="DO NOT MATCH THE HASHES"):
        locked(tmp_path, requirement)
    assert not module.exists()


@pytest.mark.slow
@pytest.mark.usefixtures("mirror")
def test_a_requirement_without_a_hash_is_not_installed(tmp_path: Path) -> None:
    """A line that was added to a lock by hand, without the hash of an archive, installs nothing."""
    with pytest.raises(devenv.SetupProblem, match="hash"):
        locked(tmp_path, "paperwire-madeup==1.0")
    assert not (tmp_path / "out").exists()


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


@posix
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


@posix
def test_the_installer_is_installed_with_its_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """uv itself is installed as a wheel whose hash is checked."""
    monkeypatch.setenv("PATH", str(tmp_path))
    devenv.Installer(tmp_path, recording(tmp_path / "venv", "python"), only_pip=False, anew=False)
    (made,) = calls(tmp_path / "venv")
    assert f"--only-binary=:all: --require-hashes -r {tmp_path}/requirements/installer.txt" in made
