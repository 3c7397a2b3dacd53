"""The set-up installs exactly the archives that the locks name: one that was swapped on a mirror is refused."""

import hashlib
import os
import sys
import zipfile
from pathlib import Path

import pytest

import devenv

NAME = "paperwire_madeup-1.0"


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
