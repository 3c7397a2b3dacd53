"""Words errors as the command line is typed: chats write `at=09:00`, a terminal `--at 09:00`. Pure functions."""

import re
from dataclasses import replace

from bots.commands.options import READERS
from bots.domain.replies import Problem

#: An option of a chat's command with the sign behind it; with a value, a blank takes the place of the sign.
_OPTION = re.compile(rf"(?<![\w=?&/.-])(?P<name>{'|'.join(READERS)})=(?P<value>(?=[^\s.,;:)”]))?")
#: What a person typed, as errors quote it; it is never changed.
_QUOTED = re.compile(r"(“[^”]*”)")


def for_terminal(problem: Problem) -> Problem:
    """Return a problem with the options in its texts as the command line takes them; quoted texts stay as typed."""
    return replace(problem, message=_worded(problem.message), hint=_worded(problem.hint))


def _worded(text: str) -> str:
    return "".join(piece if piece.startswith("“") else _OPTION.sub(_as_option, piece) for piece in _QUOTED.split(text))


def _as_option(found: re.Match[str]) -> str:
    return f"--{found['name']}" + ("" if found["value"] is None else " ")
