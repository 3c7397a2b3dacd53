"""Parses external JSON with limits on its depth and size."""

import json

# 50 MB of papers contain about 200,000; millions of empty containers would take thirty times their size in memory.
_CONTAINERS_MOST = 1_000_000


def load_json(body: str | bytes) -> object:
    """Return the value of a JSON text.

    Raises:
        ValueError: the text is not JSON, or exceeds the limits on nesting and number of containers.
    """
    written = body.decode("utf-8-sig") if isinstance(body, bytes) else body
    if written.count("[") + written.count("{") > _CONTAINERS_MOST:
        raise ValueError("too many containers")
    try:
        value: object = json.loads(written)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return value
