"""Files and folders that only their owner may read, whatever the umask; without a moment in which others may."""

import os
import shlex
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

#: What a private file and a private folder allow: their owner everything that is needed, others nothing.
_FILE, _FOLDER = 0o600, 0o700
#: The bits that let anyone else in.
_OTHERS = 0o077


def make_folder(folder: Path) -> None:
    """Create a folder and its missing parents, each private; the mode of an existing folder is not changed.

    Raises:
        OSError: one of them cannot be created.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        with suppress(FileExistsError):  # another process was faster
            each.mkdir(mode=_FOLDER)
            # The umask may have taken a bit of the owner's away.
            each.chmod(_FOLDER)
    if not folder.is_dir():
        raise NotADirectoryError(20, os.strerror(20), str(folder))


def write_private(file: Path, content: bytes, *, replace: bool = True) -> None:
    """Write a private file whole or not at all; its folder must exist.

    Args:
        file: the file; if it is a link, the file that it leads to.
        content: the content.
        replace: whether an existing file may be replaced.

    Raises:
        FileExistsError: there is a file, and it may not be replaced.
        OSError: the file cannot be written.
    """
    target = file.resolve()
    # `mkstemp` creates with mode 0600, so the content is never in a file that others may open.
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    made = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        made.chmod(_FILE)
        if replace:
            made.replace(target)
        else:
            _link(made, target)
    finally:
        made.unlink(missing_ok=True)


def _link(made: Path, target: Path) -> None:
    """Give a file its name, unless that is taken."""
    try:
        os.link(made, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if target.exists():
            raise FileExistsError(17, os.strerror(17), str(target)) from None
        made.replace(target)


def open_to_others(files: Iterable[Path]) -> tuple[Path, ...]:
    """Return the existing files that other users of this machine may read or write; none on Windows."""
    if os.name != "posix":
        return ()
    return tuple(file for file in files if _mode(file) & _OTHERS)


def mend(files: Iterable[Path]) -> str:
    """Return the command that makes files private."""
    return shlex.join(("chmod", f"{_FILE:o}", *map(str, files)))


def _mode(file: Path) -> int:
    try:
        status = file.stat()
    except (OSError, ValueError):
        return 0
    return stat.S_IMODE(status.st_mode) if stat.S_ISREG(status.st_mode) else 0
