"""The declaration of a setting, and a reader for each kind of value, whose error names the valid values."""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from bots.domain.channels import Channel
from bots.domain.mail_addresses import MailSender, read_mail_address, read_sender
from summarizer import Secret

_Value = TypeVar("_Value")

#: "Traditional Chinese (Taiwan)" has 29 characters.
_LONGEST_LANGUAGE = 40
#: Characters that the name of a shell variable cannot contain.
_NO_VARIABLE = re.compile(r"[^A-Za-z0-9_]")
#: The metadata key under which a dataclass field stores the declaration of its setting.
_CARRIED = "paperwire.setting"


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """The declaration of one setting, in the file under `section.name`, or in the environment."""

    #: Empty in a plug-in's declaration; the reader of the settings sets `adapters.NAME` or `engines.NAME`.
    section: str = ""
    name: str
    #: The value if it is not set, in the syntax of the file; empty means "not set".
    default: str = ""
    says: str
    #: Converts the text; raises ValueError with the valid values. It is called with the default, too.
    read: Callable[[str], Any]
    #: Whether the value must never be displayed.
    secret: bool = False
    #: Whether a plug-in needs the setting once the plug-in is set up.
    required: bool = False

    @property
    def variable(self) -> str:
        """The environment variable of the setting, which overrides the file."""
        named = "_".join(part for part in ("PAPERWIRE", self.section, self.name) if part)
        return _NO_VARIABLE.sub("_", named).upper()

    @property
    def place(self) -> str:
        """The position in the file: `schedule.catch_up_hours`."""
        return f"{self.section}.{self.name}" if self.section else self.name


def setting(
    *, says: str, read: Callable[[str], Any], default: str = "", secret: bool = False, required: bool = False
) -> Any:
    """Return a dataclass field that declares a setting with the same name as the field.

    Without the reader of settings the field has its default; a required one must be passed to the constructor.
    """
    carried = {_CARRIED: {"says": says, "read": read, "default": default, "secret": secret, "required": required}}
    if required:
        return field(kw_only=True, metadata=carried)
    return field(kw_only=True, metadata=carried, default_factory=lambda: read(default))


def declared(record: type) -> tuple[Setting, ...]:
    """Return the settings that the fields of a dataclass declare, in the same order."""
    fields = getattr(record, "__dataclass_fields__", {})
    return tuple(
        Setting(name=name, **each.metadata[_CARRIED]) for name, each in fields.items() if _CARRIED in each.metadata
    )


def text(value: str) -> str:
    """Read any text."""
    return value.strip()


def database(value: str) -> str:
    """Read a file or the address of a database; may be empty."""
    place = value.strip()
    if "@" in place and "://" not in place:
        raise ValueError("give a file, or an address such as postgresql://user@host/name")
    return place


def address(value: str) -> str:
    """Read the address of a site."""
    given = value.strip()
    try:
        parts = urlsplit(given)
        known = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError as error:  # a port that is no number up to 65535, brackets that hold no address
        raise ValueError(
            "give an address such as https://example.org, or with a port: http://127.0.0.1:8080"
        ) from error
    if not known:
        raise ValueError("give an address such as https://example.org")
    if "@" in parts.netloc:
        raise ValueError("give the address without a user name and a password")
    return given.rstrip("/")


def addresses(value: str) -> tuple[str, ...]:
    """Read addresses of sites with commas or spaces between them; may be empty."""
    return tuple(address(each) for each in value.replace(",", " ").split())


def site(value: str) -> str:
    """Read the address of a site, without a query; may be empty."""
    given = address(value) if value.strip() else ""
    if "?" in given or "#" in given:
        raise ValueError("give the address alone, without “?” or “#” and what follows it")
    return given


def model_server(value: str) -> str:
    """Read the address of a model server; may be empty."""
    try:
        return site(value)
    except ValueError as error:
        key = "; a key is set as engine.remote_key" if {"@", "?", "#"} & set(value) else ""
        raise ValueError(f"{error}{key}") from error


def key(value: str) -> Secret:
    """Read a key or password."""
    # Only characters that a header can contain: a key pasted with a line break fails here, not in a request.
    bare = value.strip()
    if not (bare.isascii() and bare.isprintable() and " " not in bare):
        raise ValueError("give the key as one word of ASCII characters")
    return Secret(bare)


def password(value: str) -> Secret:
    """Read a password: any text."""
    return Secret(value.strip())


def token(start: str) -> Callable[[str], Secret]:
    """Return a reader for tokens with a given prefix."""

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
    """Read a Discord id; may be empty."""
    named = value.strip()
    if named and not (named.isascii() and named.isdigit() and len(named) <= 20):
        raise ValueError("give the id: Settings, Advanced, Developer Mode; then right-click, Copy Server ID")
    return named


def api(value: str) -> str:
    """Read the base address of an API."""
    return f"{address(value)}/"


def host_and_port(value: str) -> tuple[str, int]:
    """Read the host and port to listen on."""
    host, _, port = value.strip().rpartition(":")
    if not host or not port.isdigit() or not 0 <= int(port) <= 65535:
        raise ValueError("give a host and a port, such as 127.0.0.1:3000")
    return host, int(port)


def if_given(read: Callable[[str], _Value]) -> Callable[[str], _Value | None]:
    """Return a reader that takes an empty text for None."""

    def reader(value: str) -> _Value | None:
        return read(value) if value.strip() else None

    return reader


def language(value: str) -> str:
    """Read the English name of a language."""
    name = value.strip()
    # The text becomes part of a model's prompt, so only the name of a language is accepted.
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
    """Return a reader that accepts one of a few words."""

    def read(value: str) -> str:
        if value.strip().lower() not in allowed:
            raise ValueError(f"give one of {', '.join(allowed)}")
        return value.strip().lower()

    return read


def mail(value: str) -> str:
    """Read a mail address; may be empty."""
    # The text is sent in a header of every request: an invalid character would make all requests fail.
    plain = value.isascii() and value.strip().isprintable() and not any(char.isspace() for char in value.strip())
    if value and ("@" not in value or not plain):
        raise ValueError("give a mail address such as you@example.org")
    return value.strip()


def sender(value: str) -> MailSender | None:
    """Read who mails come from: `Paperwire <papers@example.org>`; return None if the text is empty."""
    return read_sender(value) if value.strip() else None


def mail_password(value: str) -> Secret:
    """Read a password, which may have spaces, as those that Google makes do."""
    if not value.strip().isprintable():
        raise ValueError("give the password on one line, without control characters")
    return Secret(value.strip())


def mail_server(value: str) -> tuple[str, int | None]:
    """Read the host of a mail server, with or without a port; the host may be empty."""
    host, colon, port = value.strip().rpartition(":")
    if not colon or value.strip().endswith("]"):
        host, port = value.strip(), ""
    host = host.strip("[]")
    if "/" in value or "@" in value or any(map(str.isspace, host)):
        raise ValueError("give a host, such as smtp.example.org or smtp.example.org:587, without a scheme or a user")
    if colon and port and not (port.isascii() and port.isdigit() and 0 < int(port) <= 65535):
        raise ValueError("give a port between 1 and 65535 after the colon")
    return host, int(port) if port else None


def sign_ups(value: str) -> tuple[str, ...]:
    """Read who may sign up by mail: nobody is an empty tuple, anyone is `*`, else the domains of their addresses."""
    said = value.strip().lower()
    if said in ("", "nobody"):
        return ()
    if said == "anyone":
        return ("*",)
    try:
        return tuple(read_mail_address(f"a@{part.strip().lstrip('@')}").domain for part in said.split(","))
    except ValueError as error:
        raise ValueError("give nobody, anyone, or domains such as example.org, example.com") from error


def per_minute(value: str) -> int:
    """Read a number of messages per minute."""
    bare = value.strip()
    if not (bare.isascii() and bare.isdigit() and 1 <= int(bare) <= 6000):
        raise ValueError("give a whole number between 1 and 6000")
    return int(bare)


def zone(value: str) -> ZoneInfo:
    """Read a time zone."""
    if value not in _zones():
        near = difflib.get_close_matches(value, _zones(), n=2)
        raise ValueError(f"give a time zone such as Europe/Berlin{meant(near)}")
    return ZoneInfo(value)


@cache  # listing the time zones reads several hundred files
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def hours(value: str) -> float:
    """Read a number of hours."""
    hours = float(value)  # after two days a digest is out of date
    if not 0 < hours <= 48:
        raise ValueError("give hours between 0 and 48")
    return hours


def channel(value: str) -> Channel | None:
    """Read a channel; return None if the text is empty."""
    return Channel.parse(value) if value.strip() else None


def meant(near: list[str]) -> str:
    """Return " (did you mean …?)" if a similar name exists; otherwise an empty string."""
    return f" (did you mean {' or '.join(near)}?)" if near else ""
