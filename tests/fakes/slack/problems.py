"""How Slack says no: an error by its name, with whatever goes with it."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


class SlackRefusal(Exception):
    """A call that Slack answers with `ok: false`."""

    def __init__(self, error: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.headers = dict(headers or {})
        self.more = more

    def body(self) -> Json:
        """Return what is sent."""
        return {"ok": False, "error": self.error, **self.more}


class NotPossible(Exception):
    """A person tried what Slack's own windows would not let them do."""


class NotDeclared(NotPossible):
    """A person used what the app's manifest does not declare."""


class Timeout(AssertionError):
    """What a test waited for did not happen in time."""


def invalid_blocks(messages: list[str], error: str = "invalid_blocks") -> SlackRefusal:
    """Return the refusal of blocks, each fault pointed at."""
    marked = [f"[ERROR] {message}" for message in messages]
    return SlackRefusal(error, errors=messages, response_metadata={"messages": marked})
