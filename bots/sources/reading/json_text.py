"""JSON from outside, read without trust in its depth or size."""

import json

# 50 MB of papers hold some 200,000; millions of empty ones would take thirty times their size in memory.
_CONTAINERS_MOST = 1_000_000


def load_json(body: str | bytes) -> object:
    """Return the value of a JSON text.

    Raises:
        ValueError: it is not JSON, or nested deeper or made of more containers than any honest text.
    """
    written = body.decode("utf-8-sig") if isinstance(body, bytes) else body
    if written.count("[") + written.count("{") > _CONTAINERS_MOST:
        raise ValueError("too many containers")
    try:
        value: object = json.loads(written)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return value
