"""The real command line in a process that tells on SIGUSR2 what it holds, as one line of JSON in a file.

`python -m tests.soak.product FILE run`. On SIGUSR1 it begins to leak, on purpose: a handle for each connection that it
accepts, and a task. On SIGURG it tells where its memory is, in the file SOAK_WHERE.
"""

import asyncio
import json
import os
import signal
import socket
import sys
import tracemalloc
from pathlib import Path
from types import FrameType
from typing import Any

from bots.__main__ import main
from tests.soak.memory import where


def held() -> dict[str, int]:
    """Return how much of each thing this process holds; called in its main thread while its loop runs."""
    handles = [str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    return {
        "handles": len(handles),
        "sockets": sum(each.startswith("socket:") for each in handles),
        "threads": len(list(Path("/proc/self/task").iterdir())),
        "tasks": len(asyncio.all_tasks(asyncio.get_running_loop())),
    }


def leak() -> None:
    """Lose a handle and a task for each connection that is accepted from now on."""
    lost: list[Any] = []
    accept = socket.socket.accept

    def leaking(server: socket.socket) -> Any:
        lost.append(os.open(os.devnull, os.O_RDONLY))
        lost.append(asyncio.get_running_loop().create_task(asyncio.Event().wait()))
        return accept(server)

    vars(socket)["socket"].accept = leaking


def _tell(file: Path) -> None:
    def tell(_number: int, _frame: FrameType | None) -> None:
        with file.open("a", encoding="ascii") as lines:
            lines.write(f"{json.dumps(held())}\n")

    def tell_where(_number: int, _frame: FrameType | None) -> None:
        where(Path(os.environ["SOAK_WHERE"]))

    signal.signal(signal.SIGUSR2, tell)
    if "SOAK_WHERE" in os.environ:
        signal.signal(signal.SIGURG, tell_where)
    signal.signal(signal.SIGUSR1, lambda _number, _frame: leak())


if __name__ == "__main__":
    if "SOAK_TRACE" in os.environ:
        tracemalloc.start(int(os.environ["SOAK_TRACE"]))
    _tell(Path(sys.argv.pop(1)))
    main()
