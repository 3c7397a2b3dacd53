"""Cursors: opaque texts that say where the next page of a list begins. Pure functions."""

import base64
import binascii
import json
from datetime import UTC, datetime

from bots.domain.posted import PostedMark
from bots.rest.problems import ApiProblem, bad

#: Longer than any cursor of ours.
_LONGEST = 300
#: Results of a search that can be paged through.
MOST_SKIPPED = 10_000


def offset_cursor(offset: int) -> str:
    """Return the cursor of a list that is paged by number."""
    return _written([offset])


def read_offset(cursor: str) -> int:
    """Return the number of items to skip; none for an empty cursor.

    Raises:
        ApiProblem: the text is no cursor of such a list.
    """
    match _read(cursor) if cursor else [0]:
        case [int(offset)] if 0 <= offset <= MOST_SKIPPED and not isinstance(offset, bool):
            return offset
    raise _no_cursor()


def mark_cursor(mark: PostedMark) -> str:
    """Return the cursor of a list of posted papers."""
    return _written([mark.at.astimezone(UTC).isoformat(), mark.part_key])


def read_mark(cursor: str) -> PostedMark | None:
    """Return the message before which the page begins; None for an empty cursor.

    Raises:
        ApiProblem: the text is no cursor of such a list.
    """
    if not cursor:
        return None
    match _read(cursor):
        case [str(at), str(key)]:
            try:
                instant = datetime.fromisoformat(at)
                # Refuses a naive instant, and one that no database can hold.
                return PostedMark(at=instant.astimezone(UTC) if instant.tzinfo else _naive(), part_key=_plain(key))
            except (ValueError, OverflowError):
                pass
    raise _no_cursor()


def _written(values: list[object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _read(cursor: str) -> object:
    if len(cursor) > _LONGEST or not cursor.isascii():
        raise _no_cursor()
    try:
        return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError, binascii.Error) as error:
        raise _no_cursor() from error


def _naive() -> datetime:
    raise ValueError("an instant without a time zone")


def _plain(key: str) -> str:
    if not key.isascii() or not key.isprintable():
        raise ValueError("no key of a part")
    return key


def _no_cursor() -> ApiProblem:
    return bad("This is no cursor of this list.", "Give `next_cursor` of the page before, or no cursor for the first.")
