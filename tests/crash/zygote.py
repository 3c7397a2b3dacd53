"""Starts workers in milliseconds: a process that has imported everything and forks one worker per connection.

A new Python process per worker takes over a second, nearly all of it for imports; 200 kills would spend four
minutes on that alone. The forked process has no thread and no event loop yet, so a worker equals a fresh process.

`python -m tests.crash.zygote DOOR MODULE`: `become` of the module does a worker's work, and returns its exit status.
"""

import asyncio
import contextlib
import importlib
import io
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bots.bootstrap.app import open_app
from bots.config.settings import read_settings
from bots.domain.channels import Channel
from bots.domain.requests import DigestNow

#: Does the work that a line names.
Become = Callable[[str], int]
#: Interval between checks whether the worker has exited. Seconds.
_LOOK = 0.01


def serve(path: str, become: Become) -> None:
    """Fork a worker for every connection until the standard input is closed."""
    _import_everything()
    # Child processes are not waited for: they report on their connection.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen(64)
        os.write(1, b"ready\n")
        while True:
            ready, _, _ = select.select([door, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            connection, _ = door.accept()
            if os.fork() == 0:
                door.close()
                _keep(connection, become)
            connection.close()


def _import_everything() -> None:
    """Import every module that a child process imported while it built a digest."""
    ours, theirs = os.pipe()
    if os.fork() == 0:
        os.close(ours)
        asyncio.run(_scout())
        os.write(theirs, "\n".join(sys.modules).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as names:
        for name in names.read().splitlines():
            # Some modules are created by their libraries and cannot be imported by name.
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    os.wait()


async def _scout() -> None:
    with TemporaryDirectory() as folder:
        settings = read_settings({}, database=str(Path(folder) / "scout.sqlite3"))
        async with (
            open_app(settings, screen=io.StringIO(), libraries=()) as application,
            application.scheduler().running(),
        ):
            asked = DigestNow(channel=Channel(platform="console", channel="scout"), sources=("sample",))
            await application.executor.post_now(await application.service.digest_now(asked))


def _keep(connection: socket.socket, become: Become) -> None:
    """Run one worker until it exits; send its process id at the start, and its exit status at the end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with contextlib.suppress(OSError), connection, connection.makefile("rw", encoding="utf-8") as line:
        job = line.readline()
        worker = os.fork()
        if worker == 0:
            _become(job, become)
        line.write(f"{worker}\n")
        line.flush()
        line.write(f"{_ended(worker, connection)}\n")
    os._exit(0)


def _ended(worker: int, connection: socket.socket) -> int:
    """Return the worker's exit status; kill it if its test has closed the connection, or it would run for ever."""
    while True:
        pid, status = os.waitpid(worker, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        readable, _, _ = select.select([connection], [], [], _LOOK)
        if readable and not connection.recv(1):
            os.kill(worker, signal.SIGKILL)


def _become(job: str, become: Become) -> None:
    code = 1
    try:
        code = become(job)
    except BaseException:  # noqa: BLE001 - the traceback goes where the worker's log is, and no worker returns to the zygote
        with Path(json.loads(job)["log"]).open("a", encoding="utf-8") as log:
            import traceback

            traceback.print_exc(file=log)
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1], importlib.import_module(sys.argv[2]).become)
