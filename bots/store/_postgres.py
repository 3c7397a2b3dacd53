"""The problem with a Postgres server in a few words, and the remedy, from the many lines of its driver's error."""

import re

from sqlalchemy.exc import DBAPIError

from bots.chat.secret_texts import without_secrets

#: Characters of an unknown error that are shown.
_MOST_SAID = 200
_Told = tuple[str, str]

_PASSWORD = ("refused the user or the password", "Check the user and the password in the address.")
_MISSING = ("does not exist", "Create it there, or correct the name in the address.")
_CLOSED = ("closed the connection", "Try again in a moment.")
#: By a state or its first characters, the longest first (postgresql.org, Appendix A, PostgreSQL Error Codes).
_STATES: dict[str, _Told] = {
    "28": _PASSWORD,
    "3D": _MISSING,
    "42501": ("does not let this user do that", "Give the user the right to create and change tables there."),
    "25006": ("is read-only", "Use the address of the server that accepts writes."),
    "53300": ("accepts no more connections", "Raise max_connections there, or close other programs that use it."),
    "53": ("has no space or memory left", "Free some space on its server."),
    "55": ("has been locked by another program for too long", "Close the other program that has it open."),
    "57P03": ("is starting or stopping", "Try again in a moment."),
    "57P": _CLOSED,
    "08": _CLOSED,
    "58P01": ("lacks an extension", "Install the extension on the database server."),
    "0A000": ("lacks a feature or an extension", "Use Postgres 12 or newer, with the extension installed."),
    "XX": ("is damaged", "Restore a backup, or check the server's log."),
}
#: By the words of the driver, where no connection was made and so no state was sent; the first that fits.
_WORDS: tuple[tuple[str, _Told], ...] = (
    (r"authentication failed|no password supplied|no pg_hba\.conf entry|role .* does not exist", _PASSWORD),
    (r"database .* does not exist", _MISSING),
    (r"extension .* is not available", _STATES["58P01"]),
    (
        r"too many (?:clients|connections)|remaining connection slots",
        _STATES["53300"],
    ),
    (r"starting up|shutting down", _STATES["57P03"]),
    (
        r"could not translate host|resolve host|name or service not known|nodename nor servname|name resolution",
        ("has a host that cannot be found", "Check the name of the host in the address, and the DNS."),
    ),
    (
        r"invalid (?:connection option|port|sslmode|integer value|uri|value for)|bad value for",
        ("has an address that cannot be used", "Check the port and the options behind `?` in the address."),
    ),
    (r"time(?:d )?out", ("did not answer in time", "Check the host and the port, and any firewall between.")),
    (
        r"connection refused",
        ("refused the connection", "Check that the server is running, and the host and the port in the address."),
    ),
    (
        r"no route to host|network is unreachable|no such file or directory",
        ("cannot be reached", "Check the host and the port in the address, and the network."),
    ),
    (
        r"invalid response to (?:ssl|gssapi)|expected authentication request|unexpected message",
        ("answers, but not as Postgres", "Check the host and the port in the address."),
    ),
    (
        r"\bssl\b|certificate|\btls\b",
        ("could not be reached over TLS", "Check sslmode, sslrootcert and the server's certificate."),
    ),
    (r"closed the connection|terminating connection|connection is (?:closed|lost)", _CLOSED),
)
_FORMS = tuple((re.compile(words, re.IGNORECASE), told) for words, told in _WORDS)


def trouble_of(error: DBAPIError) -> _Told:
    """Return the problem, as the end of a sentence about the database, and the remedy as a sentence."""
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
    return f"could not be used: {shown}", "Check that it is running and can be reached."
