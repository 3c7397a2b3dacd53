"""The result of a platform's health check, with the fix if something is wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthFinding:
    """One result of a health check; `fix` is empty if nothing is to be done."""

    name: str
    says: str
    fix: str = ""
