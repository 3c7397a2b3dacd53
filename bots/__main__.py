"""Starts the command line: `paperwire`, or `python -m bots` in a checkout."""

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal, TextIO

from bots.cli.app import app
from bots.cli.context import Exit

#: Options that belong to every command, and whether each takes a value.
_EVERYWHERE = {
    "--json": False,
    "--verbose": False,
    "-v": False,
    "--log-json": False,
    "--config": True,
    "--database": True,
}
#: A full disk, a reader that has left, a terminal that was closed.
_OUTPUT_LOST = (errno.ENOSPC, errno.EPIPE, errno.EIO, errno.EBADF)


def main() -> None:
    """Run the command line on this process's arguments."""
    _open_closed_streams()
    try:
        app(hoisted(sys.argv[1:]))
    except OSError as error:
        if error.errno not in _OUTPUT_LOST:
            raise
        sys.exit(_output_lost(error))


def _open_closed_streams() -> None:
    """Give a process that was started with a stream closed one that leads nowhere.

    Without it Python has None there, and the next file opened, the database, would be written to by every print.
    """
    # In this order: the lowest free number is given out first, and 0, 1 and 2 are these three.
    sys.stdin = sys.stdin or _nowhere("r")
    sys.stdout = sys.stdout or _nowhere("w")
    sys.stderr = sys.stderr or _nowhere("w")


def _output_lost(error: OSError) -> int:
    """Say on stderr, if that can be written to, that the output was not; return the exit code."""
    with suppress(OSError):
        sys.stderr.write(f"The output could not be written: {error.strerror}.\n")
    # What is left in the buffer would fail once more when Python ends, and change the exit code.
    sys.stdout = _nowhere("w")
    return Exit.FAILED


def _nowhere(mode: Literal["r", "w"]) -> TextIO:
    return Path(os.devnull).open(mode, encoding="utf-8")


def hoisted(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the options of every command before the command, wherever they were typed.

    People type `paperwire digest --json`; the parser wants `paperwire --json digest`. What follows `--` is text.
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
