"""Reads mail addresses: what can be sent to, in one spelling for one mailbox. Pure functions."""

import re
from dataclasses import dataclass
from unicodedata import category, normalize

import idna

#: Octets: the longest local part, and the longest address in an envelope (RFC 5321, 4.5.3.1).
MAX_LOCAL, MAX_ADDRESS = 64, 254
#: The characters of a local part without quotes (RFC 5322, atext); RFC 6531 adds the letters of every script.
_ASCII_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-]*")
_SENDER = re.compile(r"\s*(?:(?P<name>[^<>]*?)\s*<(?P<inner>[^<>]*)>|(?P<bare>[^<>]*))\s*")
_FORM = "give a mail address such as ada@example.org"
#: A display name; longer ones are cut off by mail readers anyway.
_MAX_NAME = 78


@dataclass(frozen=True, kw_only=True, slots=True)
class MailAddress:
    """A mail address with its domain as DNS knows it; `str` is the form that messages are sent to."""

    local: str
    #: In lower case, as A-labels: `xn--bcher-kva.example`.
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def key(self) -> str:
        """The same for all spellings of an address that reach one mailbox anywhere in practice."""
        return f"{self.local.casefold()}@{self.domain}"

    @property
    def is_ascii(self) -> bool:
        """Whether every mail server can carry the address; others need the extension SMTPUTF8 (RFC 6531)."""
        return self.local.isascii()


@dataclass(frozen=True, kw_only=True, slots=True)
class MailSender:
    """Who a message comes from: `Paperwire <papers@example.org>`."""

    address: MailAddress
    name: str = ""


def read_mail_address(text: str) -> MailAddress:
    """Return the address in a text.

    Quoted local parts, comments and addresses of hosts by number are refused: nobody has them, and software disagrees
    about where they end.

    Raises:
        ValueError: the text is no mail address; the message does not repeat it.
    """
    local, at, domain = text.strip().rpartition("@")
    local = normalize("NFC", local)
    if not at or not _is_local(local):
        raise ValueError(_FORM)
    address = MailAddress(local=local, domain=_ascii_domain(domain))
    if len(str(address).encode()) > MAX_ADDRESS:
        raise ValueError(f"{_FORM}; this one is too long")
    return address


def _is_local(local: str) -> bool:
    if not local or len(local.encode(errors="replace")) > MAX_LOCAL or ".." in local or "." in (local[0], local[-1]):
        return False
    return all(_ASCII_ATOM.fullmatch(char) if char.isascii() else category(char)[0] in "LNMS" for char in local)


def _ascii_domain(domain: str) -> str:
    try:
        encoded = idna.encode(domain.strip(), uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError(_FORM) from error
    labels = encoded.rstrip(".").split(".")
    # Without a dot it is a host of this network, which only the operator of a test has.
    if encoded != "localhost" and (len(labels) < 2 or labels[-1].isdigit()):
        raise ValueError(_FORM)
    return ".".join(labels)


def read_sender(text: str) -> MailSender:
    """Return the sender in `Name <address>` or in an address alone.

    Raises:
        ValueError: the text has neither form, or the name has control characters.
    """
    found = _SENDER.fullmatch(text)
    if found is None:
        raise ValueError("give a sender such as Paperwire <papers@example.org>")
    name = (found["name"] or "").strip().strip('"').strip()
    if not name.isprintable() or len(name) > _MAX_NAME:
        raise ValueError(f"give a name of at most {_MAX_NAME} printable characters")
    address = read_mail_address(found["inner"] if found["inner"] is not None else found["bare"])
    if not address.is_ascii:
        raise ValueError("give a sender whose address has only ASCII characters before the @")
    return MailSender(address=address, name=name)
