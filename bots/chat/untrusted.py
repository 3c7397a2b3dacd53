"""What comes from outside, read without trust: any field may be missing or of another kind. Pure."""

from collections.abc import Mapping


def at(payload: object, *path: str | int) -> object:
    """Return what lies at a path of keys and places; None where there is nothing."""
    for step in path:
        if isinstance(payload, Mapping) and isinstance(step, str):
            payload = payload.get(step)
        elif isinstance(payload, list) and isinstance(step, int) and step < len(payload):
            payload = payload[step]
        else:
            return None
    return payload


def text_at(payload: object, *path: str | int) -> str:
    """Return the text at a path; empty where there is none."""
    found = at(payload, *path)
    return found if isinstance(found, str) else ""
