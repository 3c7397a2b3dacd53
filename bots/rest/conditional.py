"""Answers a program that has a file already without sending it again (RFC 9110, section 13). Pure functions."""

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from bots.rest.calls import Call, Response

_NOT_MODIFIED = 304


def conditional(call: Call, text: str, media_type: str, modified: datetime, *, cache: str) -> Response:
    """Return a file, or that the one which the program has is still the same.

    Args:
        call: the request, with the program's conditions.
        text: the file as it is now.
        media_type: its type, without the encoding.
        modified: when its content last changed.
        cache: the value of `Cache-Control`.
    """
    tag = f'"{hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]}"'
    at = modified.astimezone(UTC).replace(microsecond=0)
    headers = {"ETag": tag, "Last-Modified": format_datetime(at, usegmt=True), "Cache-Control": cache}
    if _has_it(call, tag, at):
        return Response(status=_NOT_MODIFIED, type="", headers=headers)
    return Response(body=text, type=f"{media_type}; charset=utf-8", headers=headers)


def _has_it(call: Call, tag: str, at: datetime) -> bool:
    named = call.headers.get("if-none-match")
    if named is not None:
        # A date beside it is ignored: section 13.1.3. The comparison is weak: section 13.1.2.
        tags = [each.strip().removeprefix("W/") for each in named.split(",")]
        return "*" in tags or tag in tags
    since = _instant(call.headers.get("if-modified-since", ""))
    return since is not None and at <= since


def _instant(said: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(said)
    except (ValueError, TypeError, OverflowError):
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read
