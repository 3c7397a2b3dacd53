"""Discord's refusals: a status, a code and a message, and for a wrong body the paths of its errors."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.discord.wrong import Wrong, error_body

Json = dict[str, Any]

#: docs.discord.com, Opcodes and status codes, "JSON error codes": status and message of each code that the fake sends.
CODES: Mapping[int, tuple[int, str]] = {
    0: (401, "401: Unauthorized"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20012: (403, "You are not authorized to perform this action on this application"),
    30003: (400, "Maximum number of pins reached for the channel (250)"),
    30034: (400, "Max number of daily application command creates has been reached (200)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later."),
    40005: (413, "Request entity too large"),
    40033: (400, "This message has already been crossposted."),
    40060: (400, "Interaction has already been acknowledged."),
    40066: (400, "Tags available for moderators only"),
    40067: (400, "A tag is required to create a forum post in this channel"),
    40094: (400, "This interaction has reached the maximum number of follow-up messages"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160002: (400, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    160005: (400, "Thread is locked"),
    160006: (400, "Maximum number of active threads reached"),
    200000: (400, "Message was blocked by automatic moderation"),
}


class DiscordRefusal(Exception):
    """Raised for a call that Discord refuses."""

    def __init__(
        self, code: int, *, status: int | None = None, message: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        known = CODES.get(code, (400, "Bad Request"))
        super().__init__(f"{code} {message or known[1]}")
        self.code = code
        self.status = status or known[0]
        self.headers = dict(headers or {})
        self.said: Json = {"message": message or known[1], "code": code}


class NoRoute(DiscordRefusal):
    """Raised for a call to a path that Discord does not have."""

    def __init__(self, *, status: int = 404) -> None:
        super().__init__(0, status=status, message="404: Not Found" if status == 404 else "405: Method Not Allowed")


class WrongBody(DiscordRefusal):
    """Raised for a call whose body breaks Discord's rules; `errors` has the paths."""

    def __init__(self, wrongs: Sequence[Wrong]) -> None:
        said = error_body(wrongs)
        super().__init__(said["code"], status=400, message=said["message"])
        self.wrongs = tuple(wrongs)
        self.said = said


class TooFast(DiscordRefusal):
    """Raised for a call above a rate limit; docs.discord.com, Rate Limits, "Exceeding A Rate Limit"."""

    def __init__(self, wait: float, *, scope: str, headers: Mapping[str, str] | None = None, code: int = 0) -> None:
        whole = scope == "global"
        more = {"Retry-After": str(max(1, -int(-wait // 1))), "X-RateLimit-Scope": scope, **(headers or {})}
        more |= {"X-RateLimit-Global": "true"} if whole else {}
        super().__init__(code, status=429, message="You are being rate limited.", headers=more)
        self.scope = scope
        self.said |= {"retry_after": round(wait, 3), "global": whole}
        if not code:
            del self.said["code"]


class NotPossible(Exception):
    """Raised when a person tries something that Discord's client does not allow."""


class NotDeclared(NotPossible):
    """Raised when a person uses a command or an option that the app has not registered."""


class Timeout(AssertionError):
    """Raised when an expected change did not happen in time."""


def wrong(path: str, code: str, message: str) -> WrongBody:
    """Return the refusal for one error in a body, at a dotted path."""
    steps = tuple(int(step) if step.isdigit() else step for step in path.split(".") if step)
    return WrongBody([Wrong(path=steps, code=code, message=message)])
