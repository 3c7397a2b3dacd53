"""One thing that can be set, and how each kind of value is read: a value that means nothing says what would."""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from bots.domain.channels import Channel
from summarizer import Secret

#: "Traditional Chinese (Taiwan)" has 29 characters.
_LONGEST_LANGUAGE = 40
#: A shell cannot set a variable whose name has a character of these.
_NO_VARIABLE = re.compile(r"[^A-Za-z0-9_]")
#: Under this key a dataclass's field carries how it is set.
_CARRIED = "paperwire.setting"


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One thing that can be set: in the file under `section.name`, or in the environment."""

    #: A plug-in leaves it empty; the reader of the settings fills in `adapters.NAME` or `engines.NAME`.
    section: str = ""
    name: str
    #: What it is without being set, as it would stand in the file; empty means "not set".
    default: str = ""
    says: str
    #: Returns the value of a text; raises ValueError with what to give instead. Called with the default, too.
    read: Callable[[str], Any]
    #: Whether its value is never to be shown.
    secret: bool = False
    #: Whether a plug-in that is set up cannot do without it.
    required: bool = False

    @property
    def variable(self) -> str:
        """The environment variable that sets it, stronger than the file."""
        named = "_".join(part for part in ("PAPERWIRE", self.section, self.name) if part)
        return _NO_VARIABLE.sub("_", named).upper()

    @property
    def place(self) -> str:
        """Where it stands in the file: `schedule.catch_up_hours`."""
        return f"{self.section}.{self.name}" if self.section else self.name


def setting(
    *, says: str, read: Callable[[str], Any], default: str = "", secret: bool = False, required: bool = False
) -> Any:
    """Return the field of a dataclass whose fields are settings, each named as its field is.

    Without the reader of settings the field has the value of its default; a required one must be given.
    """
    carried = {_CARRIED: {"says": says, "read": read, "default": default, "secret": secret, "required": required}}
    if required:
        return field(kw_only=True, metadata=carried)
    return field(kw_only=True, metadata=carried, default_factory=lambda: read(default))


def declared(record: type) -> tuple[Setting, ...]:
    """Return the settings that the fields of a dataclass carry, in their order."""
    fields = getattr(record, "__dataclass_fields__", {})
    return tuple(
        Setting(name=name, **each.metadata[_CARRIED]) for name, each in fields.items() if _CARRIED in each.metadata
    )


def text(value: str) -> str:
    """Read any text."""
    return value.strip()


def address(value: str) -> str:
    """Read the address of a site."""
    parts = urlsplit(value.strip())
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError("give an address such as https://example.org")
    return value.strip().rstrip("/")


def server(value: str) -> str:
    """Read the address of a server, or nothing."""
    given = address(value) if value.strip() else ""
    parts = urlsplit(given)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("give the address alone; a key is set as engine.remote_key")
    return given


def key(value: str) -> Secret:
    """Read a key or password."""
    # What a header can carry; a key that was pasted with a line break in it fails here and not on its way.
    bare = value.strip()
    if not (bare.isascii() and bare.isprintable() and " " not in bare):
        raise ValueError("give the key as one word of ASCII characters")
    return Secret(bare)


def token(start: str) -> Callable[[str], Secret]:
    """Return what reads a token that begins so."""

    def read(value: str) -> Secret:
        token = key(value)
        if token and not token.reveal().startswith(start):
            raise ValueError(f"give the token that begins with {start}")
        return token

    return read


def keys(value: str) -> tuple[Secret, ...]:
    """Read several keys with commas between them."""
    return tuple(key(part) for part in value.split(",") if part.strip())


def snowflake(value: str) -> str:
    """Read an id of Discord's, or nothing."""
    named = value.strip()
    if named and not (named.isascii() and named.isdigit() and len(named) <= 20):
        raise ValueError("give the id: Settings, Advanced, Developer Mode; then right-click, Copy Server ID")
    return named


def api(value: str) -> str:
    """Read the base address of an API."""
    return f"{address(value)}/"


def host_and_port(value: str) -> tuple[str, int]:
    """Read where to listen."""
    host, _, port = value.strip().rpartition(":")
    if not host or not port.isdigit() or not 0 <= int(port) <= 65535:
        raise ValueError("give a host and a port, such as 127.0.0.1:3000")
    return host, int(port)


def language(value: str) -> str:
    """Read the English name of a language."""
    name = value.strip()
    # It is said to a model word by word, so it has to be a name and nothing else.
    if len(name) > _LONGEST_LANGUAGE or not all(char.isalpha() or char in " -()" for char in name):
        raise ValueError("give the English name of a language, such as German")
    return name


def tokens(value: str) -> str:
    """Read a number of tokens."""
    bare = value.strip().replace("_", "")
    if not (bare.isascii() and bare.isdigit()):
        raise ValueError("give a whole number; 0 is no limit")
    return bare


def one_of(*allowed: str) -> Callable[[str], str]:
    """Return what reads one of a few words."""

    def read(value: str) -> str:
        if value.strip().lower() not in allowed:
            raise ValueError(f"give one of {', '.join(allowed)}")
        return value.strip().lower()

    return read


def mail(value: str) -> str:
    """Read a mail address, or nothing."""
    # It goes into a header of every request: a letter that no header can hold would fail them all.
    plain = value.isascii() and value.strip().isprintable() and not any(char.isspace() for char in value.strip())
    if value and ("@" not in value or not plain):
        raise ValueError("give a mail address such as you@example.org")
    return value.strip()


def zone(value: str) -> ZoneInfo:
    """Read a time zone."""
    if value not in _zones():
        near = difflib.get_close_matches(value, _zones(), n=2)
        raise ValueError(f"give a time zone such as Europe/Berlin{meant(near)}")
    return ZoneInfo(value)


@cache  # to list them takes a walk through several hundred files
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def hours(value: str) -> float:
    """Read a number of hours."""
    hours = float(value)  # past two days a digest is no news
    if not 0 < hours <= 48:
        raise ValueError("give hours between 0 and 48")
    return hours


def channel(value: str) -> Channel | None:
    """Read a channel, or nothing."""
    return Channel.parse(value) if value.strip() else None


def meant(near: list[str]) -> str:
    """Return "; did you mean …" where something is near."""
    return f" (did you mean {' or '.join(near)}?)" if near else ""
