"""Files and folders that we create are private from their first moment, whatever the umask."""

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.config.private_files import make_folder, mend, open_to_others, write_private

pytestmark = pytest.mark.skipif(os.name != "posix", reason="this system has no modes")


def mode(path: Path) -> int:
    """Return the mode of a file or folder."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o277], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Each umask that a machine may have."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_a_file_is_private(tmp_path: Path, umask: int) -> None:
    """A written file has mode 0600, also one that replaces a file that others could read."""
    file = tmp_path / "paperwire.toml"
    write_private(file, b"one")
    assert (0o600, b"one") == (mode(file), file.read_bytes()), umask
    file.chmod(0o644)
    write_private(file, b"two")
    assert (0o600, b"two") == (mode(file), file.read_bytes())
    assert [file] == list(tmp_path.iterdir())


def test_folders_are_private_and_others_stay_as_they_are(tmp_path: Path, umask: int) -> None:
    """Every folder that we create has mode 0700; one that exists keeps its mode."""
    tmp_path.chmod(0o755)
    there = tmp_path / "there"
    there.mkdir()
    there.chmod(0o750)
    make_folder(there / "a/b/c")
    make_folder(there / "a/b/c")
    assert [0o700] * 3 == [mode(there / part) for part in ("a", "a/b", "a/b/c")], umask
    assert (0o755, 0o750) == (mode(tmp_path), mode(there))


def test_no_other_file_is_replaced(tmp_path: Path) -> None:
    """Where a file may not be replaced, the one that is there stays; a link leads to the file that is written."""
    file, link = tmp_path / "real", tmp_path / "link"
    file.write_bytes(b"here")
    with pytest.raises(FileExistsError):
        write_private(file, b"new", replace=False)
    link.symlink_to(file)
    write_private(link, b"through")
    assert (b"through", True) == (file.read_bytes(), link.is_symlink())
    with pytest.raises(NotADirectoryError):
        make_folder(file)


def test_there_is_no_moment_in_which_others_may_read(tmp_path: Path) -> None:
    """Whenever the folder is looked at while a file is written again and again, no file in it is open to others."""
    before, seen, ended = os.umask(0), list[str](), threading.Event()

    def look() -> None:
        while not ended.is_set():
            for each in tmp_path.iterdir():
                try:
                    found = mode(each)
                except OSError:
                    continue
                if found & 0o077:
                    seen.append(f"{each.name} {found:o}")

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        for number in range(200):
            write_private(tmp_path / "file", bytes(number))
    finally:
        ended.set()
        watcher.join()
        os.umask(before)
    assert [] == seen


def test_files_that_are_open_to_others_are_named_with_the_command(tmp_path: Path) -> None:
    """Only existing files with any bit for others are named, and the command quotes their paths."""
    for name, bits in (("private", 0o600), ("readable", 0o644), ("a group's", 0o660)):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(bits)
    named = open_to_others([tmp_path / name for name in ("private", "readable", "a group's", "missing")])
    assert ("readable", "a group's") == tuple(each.name for each in named)
    assert f"chmod 600 {tmp_path}/readable '{tmp_path}/a group'\"'\"'s'" == mend(named)
    assert () == open_to_others([tmp_path])
