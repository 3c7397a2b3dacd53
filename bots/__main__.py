"""Starts the command line: `paperwire`, or `python -m bots` in a checkout."""

import sys
from collections.abc import Sequence

from bots.cli.app import app

#: Options that belong to every command, and whether each takes a value.
_EVERYWHERE = {"--json": False, "--verbose": False, "-v": False, "--config": True, "--database": True}


def main() -> None:
    """Run the command line on this process's arguments."""
    app(hoisted(sys.argv[1:]))


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
