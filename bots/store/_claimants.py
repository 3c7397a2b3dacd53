"""Which processes of this machine have claimed runs in a database file, and which of them have ended.

Each process holds a lock on a file of its own beside the database. The system ends the lock with the process, however
that ends, and with nothing else: a process id or the name of a host says less, because ids are used again and
containers share them.
"""

import hashlib
import logging
import os
import sys
import threading
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_log = logging.getLogger(__name__)

#: In the name of a process's file, after the database's own name.
_MARK = "-claims-"
#: A file's name until it is locked.
_UNLOCKED = ".new"
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_MACHINE = Path("/etc/machine-id")
#: The bit of a hardware address that says that it was made up, because none was found (RFC 9562, 6.10).
_MADE_UP = 1 << 40


class Claimants:
    """The processes that claim runs in one database file, this one among them."""

    def __init__(self, database: str | None) -> None:
        """Remember the path of the database file; None for a server, whose clients are on other machines too."""
        self._database = Path(database) if database and sys.platform != "win32" else None
        self._once = threading.Lock()
        self._asked = False
        self._name: str | None = None
        self._lock = -1

    @property
    def name(self) -> str | None:
        """The name under which this process has claimed runs; None if it has claimed none."""
        return self._name

    def own(self) -> str | None:
        """Return the name under which this process claims runs, and lock it; None if that is not possible here."""
        with self._once:
            if not self._asked and self._database is not None:
                self._asked = True
                try:
                    self._name = self._locked(self._database)
                except OSError as error:
                    _log.warning("claims cannot be taken over after a crash", extra={"error": str(error)})
        return self._name

    def _locked(self, database: Path) -> str:
        name = uuid.uuid4().hex
        file = self._file(database, name)
        fresh = file.with_name(file.name + _UNLOCKED)
        self._lock = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        os.write(self._lock, "\n".join(sorted(_this_machine())).encode())
        if sys.platform != "win32":
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Only now others see it: unlocked, it would belong to a process that has ended.
        fresh.rename(file)
        return name

    def ended(self) -> tuple[str, ...]:
        """Return the names of those processes of this machine that have certainly ended."""
        if self._database is None:
            return ()
        start = f"{self._database.name}{_MARK}"
        with suppress(OSError):
            names = [
                each.name.removeprefix(start)
                for each in self._database.parent.iterdir()
                if each.name.startswith(start) and not each.name.endswith(_UNLOCKED)
            ]
            return tuple(name for name in names if name != self._name and _is_over(self._file(self._database, name)))
        return ()

    def forget(self, names: Iterable[str]) -> None:
        """Remove the files of processes that have ended and have no claim any more."""
        for name in names:
            if self._database is not None:
                with suppress(OSError):
                    self._file(self._database, name).unlink()

    def close(self, *, idle: bool) -> None:
        """End this process's lock; if it is idle and has no claim left, remove its file too."""
        with self._once:
            if self._name is not None and idle:
                self.forget((self._name,))
            if self._lock >= 0:
                os.close(self._lock)
            self._lock, self._name = -1, None

    @staticmethod
    def _file(database: Path, name: str) -> Path:
        return database.with_name(f"{database.name}{_MARK}{name}")


def _is_over(file: Path) -> bool:
    """Return whether the process that locked a file has ended, and was one of this machine.

    Some file systems that are shared between machines do not share locks: there, a lock of another machine would seem
    to have ended.
    """
    if sys.platform == "win32":
        return False
    with suppress(OSError):
        lock = os.open(file, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return not _this_machine().isdisjoint(os.read(lock, 1024).decode("ascii", "replace").split("\n"))
        finally:
            os.close(lock)
    return False


def _this_machine() -> frozenset[str]:
    """Return what identifies this machine, hashed: its running kernel, and itself if a restart does not change it."""
    known = [f"{kind} {said}" for kind, file in (("boot", _BOOT), ("machine", _MACHINE)) if (said := _said(file))]
    if not known and not (node := uuid.getnode()) & _MADE_UP:
        known = [f"node {node:x}"]
    return frozenset(hashlib.sha256(f"paperwire {each}".encode()).hexdigest()[:32] for each in known)


def _said(file: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return file.read_text(encoding="ascii").strip()
    return ""
