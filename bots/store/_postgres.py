"""The problem with a Postgres server in a few words, and the remedy, from the many lines of its driver's error."""

import re
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from bots.chat.secret_texts import without_secrets

#: Characters of an unknown error that are shown.
_MOST_SAID = 200


class Told(NamedTuple):
    """What people are told."""

    #: The problem, as the end of a sentence about the database.
    says: str
    #: The remedy, as a sentence.
    hint: str
    #: Whether it may pass by itself: the server is away, starting, or has no room at present.
    passes: bool = False


_PASSWORD = Told("refused the user or the password", "Check the user and the password in the address.")
_MISSING = Told("does not exist", "Create it there, or correct the name in the address.")
_CLOSED = Told("closed the connection", "Try again in a moment.", passes=True)
#: By a state or its first characters, the longest first (postgresql.org, Appendix A, PostgreSQL Error Codes).
_STATES: dict[str, Told] = {
    "28": _PASSWORD,
    "3D": _MISSING,
    "42501": Told("does not let this user do that", "Give the user the right to create and change tables there."),
    "25006": Told("is read-only", "Use the address of the server that accepts writes."),
    "53300": Told(
        "accepts no more connections", "Raise max_connections there, or close other programs that use it.", passes=True
    ),
    "53": Told("has no space or memory left", "Free some space on its server.", passes=True),
    "55": Told(
        "has been locked by another program for too long", "Close the other program that has it open.", passes=True
    ),
    "57P03": Told("is starting or stopping", "Try again in a moment.", passes=True),
    "57P": _CLOSED,
    "08": _CLOSED,
    "58P01": Told("lacks an extension", "Install the extension on the database server."),
    "0A000": Told("lacks a feature or an extension", "Use Postgres 12 or newer, with the extension installed."),
    "XX": Told("is damaged", "Restore a backup, or check the server's log."),
}
#: By the words of the driver, where no connection was made and so no state was sent; the first that fits.
_WORDS: tuple[tuple[str, Told], ...] = (
    (r"authentication failed|no password supplied|no pg_hba\.conf entry|role .* does not exist", _PASSWORD),
    (r"database .* does not exist", _MISSING),
    (r"extension .* is not available", _STATES["58P01"]),
    (
        r"too many (?:clients|connections)|remaining connection slots",
        _STATES["53300"],
    ),
    (
        r"starting up|shutting down|in recovery mode|system is not (?:yet )?accepting connections",
        _STATES["57P03"],
    ),
    (
        r"could not translate host|resolve host|name or service not known|nodename nor servname|name resolution",
        Told("has a host that cannot be found", "Check the name of the host in the address, and the DNS.", passes=True),
    ),
    (
        r"invalid (?:connection option|port|sslmode|integer value|uri|value for)|bad value for",
        Told("has an address that cannot be used", "Check the port and the options behind `?` in the address."),
    ),
    (
        r"time(?:d )?out",
        Told("did not answer in time", "Check the host and the port, and any firewall between.", passes=True),
    ),
    (
        r"connection refused",
        Told(
            "refused the connection",
            "Check that the server is running, and the host and the port in the address.",
            passes=True,
        ),
    ),
    (
        r"no route to host|network is unreachable|no such file or directory",
        Told("cannot be reached", "Check the host and the port in the address, and the network.", passes=True),
    ),
    (
        r"invalid response to (?:ssl|gssapi)|expected authentication request|unexpected message",
        Told("answers, but not as Postgres", "Check the host and the port in the address."),
    ),
    (
        r"\bssl\b|certificate|\btls\b",
        Told("could not be reached over TLS", "Check sslmode, sslrootcert and the server's certificate."),
    ),
    (r"closed the connection|terminating connection|connection is (?:closed|lost)", _CLOSED),
)
_FORMS = tuple((re.compile(words, re.IGNORECASE), told) for words, told in _WORDS)


def trouble_of(error: DBAPIError) -> Told:
    """Return what people are told of an error of the driver."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    for known in (state, state[:3], state[:2]):
        if known in _STATES:
            return _STATES[known]
    said = " ".join(str(error.orig).split())
    for form, told in _FORMS:
        if form.search(said):
            return told
    if error.connection_invalidated:
        return _CLOSED
    shown = without_secrets(said)[:_MOST_SAID].rstrip(".")
    return Told(f"could not be used: {shown}", "Check that it is running and can be reached.")
