"""Words errors as the command line is typed: chats write `/paper saved`, `at=09:00`. Pure functions."""

import re
from dataclasses import replace

from bots.commands.options import READERS
from bots.domain.replies import Problem

#: An option of a chat's command with the sign behind it; with a value, a blank takes the place of the sign.
_OPTION = re.compile(rf"(?<![\w=?&/.-])(?P<name>{'|'.join(READERS)})=(?P<value>(?=[^\s.,;:)”]))?")
#: What begins a command in a chat.
_COMMAND = re.compile(r"/paper (?=[a-z])")
#: What a person typed, as errors quote it; it is never changed.
_QUOTED = re.compile(r"(“[^”]*”)")


def for_terminal(problem: Problem) -> Problem:
    """Return a problem with commands and options as the command line takes them; quoted texts stay as typed."""
    return replace(problem, message=_worded(problem.message), hint=_worded(problem.hint))


def _worded(text: str) -> str:
    pieces = _QUOTED.split(_COMMAND.sub("paperwire ", text))
    return "".join(piece if piece.startswith("“") else _OPTION.sub(_as_option, piece) for piece in pieces)


def _as_option(found: re.Match[str]) -> str:
    return f"--{found['name']}" + ("" if found["value"] is None else " ")
