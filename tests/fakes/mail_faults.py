"""Finds what is wrong with a mail, by the standards of mail, of MIME and of encoded words."""

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

#: The longest line that a mail may have, without its end (RFC 5322, 2.1.1).
_LONGEST_LINE = 998
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
#: The longest encoded word (RFC 2047, 2).
_LONGEST_WORD = 75
_ENCODED_WORD = re.compile(r"=\?[^? ]+\?[bBqQ]\?[^? ]*\?=")


def faults_of(raw: bytes, *, ascii_only: bool = True) -> list[str]:
    """Return what is wrong with a mail, by the standards of mail, of MIME and of encoded words."""
    found = list(_of_lines(raw))
    if ascii_only and not raw.isascii():
        found.append("it is not ASCII, without SMTPUTF8")
    try:
        # Raises an error for every defect that the standard library knows.
        mail = BytesParser(policy=policy.default.clone(raise_on_defect=True)).parsebytes(raw)
        found += _of_headers(mail)
        for part in mail.walk():
            if not part.is_multipart():
                part.get_content()
    except Exception as error:  # noqa: BLE001 - whatever a parser finds is a fault
        found.append(f"it cannot be parsed: {error!r}")
    return found


def _of_lines(raw: bytes) -> Iterator[str]:
    if _BARE.search(raw):
        yield "a line does not end with CRLF"
    longest = max(map(len, raw.split(b"\r\n")))
    if longest > _LONGEST_LINE:
        yield f"a line has {longest} bytes"
    if b"\x00" in raw:
        yield "it has a NUL"


def _of_headers(mail: EmailMessage) -> Iterator[str]:
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        if len(mail.get_all(name, [])) != 1:
            yield f"it has not one {name}"
    for name, value in mail.raw_items():
        words = _ENCODED_WORD.findall(str(value))
        if any(len(word) > _LONGEST_WORD for word in words):
            yield f"an encoded word in {name} is too long"
        if (
            name.lower() in ("message-id", "list-unsubscribe", "list-unsubscribe-post", "list-id", "references")
            and words
        ):
            yield f"{name} must not be encoded"
    if mail.get_content_type() == "multipart/alternative":
        kinds = [part.get_content_type() for part in mail.iter_parts()]
        if kinds != ["text/plain", "text/html"]:
            yield f"its alternatives are {kinds}"
