"""The findings of `paperwire doctor`: each with its state and, if something is wrong, the fix."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The severity of a finding."""

    OK = "ok"
    #: It works, but an action is recommended.
    WARN = "warn"
    WRONG = "wrong"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """The result of one check."""

    name: str
    state: State = State.OK
    says: str
    #: What to do; empty if nothing is to be done.
    fix: str = ""
