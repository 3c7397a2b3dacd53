"""What was found when a platform was looked at, with the fix where something is wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthFinding:
    """One thing that was looked at; `fix` is empty where nothing is to be done."""

    name: str
    says: str
    fix: str = ""
