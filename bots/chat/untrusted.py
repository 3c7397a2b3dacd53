"""Read external data without trust: any field may be missing or of another type. Pure functions."""

from collections.abc import Mapping


def at(payload: object, *path: str | int) -> object:
    """Return the value at a path of keys and indexes; None if there is none."""
    for step in path:
        if isinstance(payload, Mapping) and isinstance(step, str):
            payload = payload.get(step)
        elif isinstance(payload, list) and isinstance(step, int) and step < len(payload):
            payload = payload[step]
        else:
            return None
    return payload


def text_at(payload: object, *path: str | int) -> str:
    """Return the text at a path; empty if there is none."""
    found = at(payload, *path)
    return found if isinstance(found, str) else ""
