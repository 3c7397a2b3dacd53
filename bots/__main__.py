"""Starts the command line: `paperwire`, or `python -m bots` in a checkout."""

import errno
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal, TextIO

from bots.bootstrap.tidying import share_heaps
from bots.cli.app import app
from bots.cli.context import Exit
from bots.cli.logs import hidden
from bots.cli.uncaught import hide_secrets_in_uncaught

#: Options that every command accepts, and whether each takes a value.
_EVERYWHERE = {
    "--json": False,
    "--verbose": False,
    "-v": False,
    "--log-json": False,
    "--config": True,
    "--database": True,
}
#: What a shell gives as the exit code of a program that SIGTERM ended.
_ENDED_BY_SIGTERM = 128 + signal.SIGTERM
#: A full disk, a closed pipe, a closed terminal.
_OUTPUT_LOST = (errno.ENOSPC, errno.EPIPE, errno.EIO, errno.EBADF)


def main() -> None:
    """Run the command line on this process's arguments."""
    end_at_sigterm()
    _open_closed_streams()
    hide_secrets_in_uncaught()
    one_thread_for_arithmetic()
    few_heaps()
    try:
        app(hoisted(sys.argv[1:]), prog_name="paperwire")
    except OSError as error:
        sys.exit(_output_lost(error) if error.errno in _OUTPUT_LOST else _crashed())
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException:  # noqa: BLE001 - the command line's library prints what is no Exception as it is
        sys.exit(_crashed())


def end_at_sigterm() -> None:
    """Let SIGTERM end the process whose number is 1, the first of a container, as it ends every other.

    The kernel ignores the signal there unless it is handled, so a container that is stopped while it starts would wait
    for SIGKILL. `paperwire run` and `paperwire worker` replace this as soon as they have something to finish.
    """
    if os.getpid() == 1:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(_ENDED_BY_SIGTERM))


def one_thread_for_arithmetic() -> None:
    """Let numpy compute on one thread, unless the environment says otherwise.

    The ranking's matrices are small, and digests are made side by side: beside other work, the threads of one product
    wait for one another. Solving 220 equations took 127 ms on two loaded cores, and 0.9 ms on one thread.
    """
    # Read when numpy is imported, which happens later. OpenBLAS is in numpy's wheels; on macOS they use Accelerate.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("VECLIB_MAXIMUM_THREADS", "1")


def few_heaps() -> None:
    """Let all threads take memory from two heaps, unless the environment says otherwise."""
    # Read by glibc when it starts, so to set it here would come too late.
    if "MALLOC_ARENA_MAX" not in os.environ:
        share_heaps()


def _crashed() -> int:
    """Print the error that is being handled with its traceback, but without secrets; return the exit code."""
    sys.stderr.write(hidden(traceback.format_exc()))
    return Exit.FAILED


def _open_closed_streams() -> None:
    """Open the null device for each standard stream that was closed when the process started.

    Otherwise Python sets the stream to None, the next opened file (the database) gets its file descriptor, and every
    print would write into the database.
    """
    # In this order: each file opened gets the lowest free descriptor, and these three streams are 0, 1 and 2.
    sys.stdin = sys.stdin or _nowhere("r")
    sys.stdout = sys.stdout or _nowhere("w")
    sys.stderr = sys.stderr or _nowhere("w")


def _output_lost(error: OSError) -> int:
    """Report on stderr, if it is writable, that the output could not be written; return the exit code."""
    with suppress(OSError):
        sys.stderr.write(f"The output could not be written: {error.strerror}.\n")
    # Buffered output would fail again when Python exits, and change the exit code.
    sys.stdout = _nowhere("w")
    return Exit.FAILED


def _nowhere(mode: Literal["r", "w"]) -> TextIO:
    return Path(os.devnull).open(mode, encoding="utf-8")


def hoisted(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the options that every command accepts moved before the command.

    People type `paperwire digest --json`; the parser requires `paperwire --json digest`. Everything after `--` is text.
    """
    front: list[str] = []
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        name, equals, _ = word.partition("=")
        if word == "--":
            rest += [word, *waiting]
            break
        if name not in _EVERYWHERE:
            rest.append(word)
            continue
        front.append(word)
        if _EVERYWHERE[name] and not equals and waiting:
            front.append(waiting.pop(0))
    return [*front, *rest]


if __name__ == "__main__":
    main()
