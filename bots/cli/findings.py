"""What `paperwire doctor` finds: each finding with its state and, if something is wrong, the fix."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    #: It works, and something is worth doing.
    WARN = "warn"
    WRONG = "wrong"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: State = State.OK
    says: str
    #: What to do; empty where nothing is to be done.
    fix: str = ""
