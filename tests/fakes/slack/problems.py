"""Slack's refusals: an error code with its additional fields."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


class SlackRefusal(Exception):
    """Raised for a call that Slack answers with `ok: false`."""

    def __init__(self, error: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.headers = dict(headers or {})
        self.more = more

    def body(self) -> Json:
        """Return the body of the response."""
        return {"ok": False, "error": self.error, **self.more}


class NotPossible(Exception):
    """Raised when a person tries something that Slack's client does not allow."""


class NotDeclared(NotPossible):
    """Raised when a person uses something that the app's manifest does not declare."""


class Timeout(AssertionError):
    """Raised when an expected change did not happen in time."""


def invalid_blocks(messages: list[str], error: str = "invalid_blocks") -> SlackRefusal:
    """Return the refusal of blocks, with all error messages."""
    marked = [f"[ERROR] {message}" for message in messages]
    return SlackRefusal(error, errors=messages, response_metadata={"messages": marked})
