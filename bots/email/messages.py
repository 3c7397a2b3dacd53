"""Makes the mail that is sent of a payload: both alternatives, and the headers that servers and readers want. Pure.

Every header is text of ours or cleaned text; the standard library refuses a line break in any of them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy as policies
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy
from email.utils import format_datetime
from functools import cache
from typing import Any, cast

from bots.chat.phrases import clean, cut
from bots.domain.mail_addresses import MailAddress, MailSender
from bots.email.plain_text import content
from bots.pages.html import Templates
from bots.translation.speech import gettext, html_language

_FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
#: A word without an end must not widen the message on a phone.
_WRAP = "word-break:break-word;overflow-wrap:anywhere;"
_MAX_SUBJECT, _MAX_PREHEADER = 180, 140


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """Who a mail is from and to, and what connects it with others."""

    sender: MailSender
    recipient: MailAddress
    #: Without angle brackets.
    message_id: str
    #: The Message-ID of the digest's first mail; empty for that one.
    root_id: str = ""
    date: datetime
    #: Where its reader unsubscribes with one click; empty if there is no page.
    unsubscribe: str = ""
    #: What its reader can do, each with its address.
    footer: tuple[tuple[str, str], ...] = ()
    #: Why its reader gets it.
    reason: str = ""
    #: One thing to do, with its address.
    button: tuple[str, str] | None = None
    #: Whether it is one of a list's mails, and not a reply to something its reader did.
    listed: bool = True


class _Whole(UniqueUnstructuredHeader):
    """A header that stays on its line: the library would encode an address that is longer than a line."""

    name: str

    def fold(self, *, policy: "Policy[Any]") -> str:
        """Return the header as one line."""
        return f"{self.name}: {self}{policy.linesep}"


def _policy(recipient: MailAddress) -> Any:
    headers = HeaderRegistry()
    # The registry makes it a header, as it does with the library's own classes.
    headers.map_to_type("list-unsubscribe", cast("type[BaseHeader]", _Whole))
    policy = policies.SMTP if recipient.is_ascii else policies.SMTPUTF8
    return policy.clone(header_factory=headers)


def message_id(key: str, sender: MailSender) -> str:
    """Return the Message-ID of a part: always the same for the same key, so that a repeated mail is recognised."""
    return f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@{sender.address.domain}"


def written(payload: Mapping[str, Any], envelope: Envelope) -> bytes:
    """Return a mail with CRLF line ends, all of it ASCII unless the recipient's address is not."""
    mail = EmailMessage(policy=_policy(envelope.recipient))
    for name, value in _headers(payload, envelope):
        mail[name] = value
    text = content(payload, envelope.footer, envelope.reason, envelope.button)
    mail.set_content(text, cte="quoted-printable", params={"format": "flowed"})
    mail.add_alternative(html(payload, envelope), subtype="html", cte="quoted-printable")
    # Not random: a repeated mail is the same, byte for byte.
    mail.set_boundary(f"=_{envelope.message_id.partition('@')[0]}")
    return mail.as_bytes()


def _headers(payload: Mapping[str, Any], envelope: Envelope) -> Sequence[tuple[str, Any]]:
    sender, to = envelope.sender, envelope.recipient
    mailed = Address(sender.name, sender.address.local, sender.address.domain)
    headers: list[tuple[str, Any]] = [
        ("From", mailed),
        ("To", Address("", to.local, to.domain)),
        ("Subject", cut(clean(payload["subject"]), _MAX_SUBJECT)),
        ("Date", format_datetime(envelope.date)),
        ("Message-ID", f"<{envelope.message_id}>"),
        # So that no holiday notice is sent in reply (RFC 3834; the second for Exchange).
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
    ]
    if envelope.root_id:
        headers += [("In-Reply-To", f"<{envelope.root_id}>"), ("References", f"<{envelope.root_id}>")]
    return headers + (_list_headers(envelope) if envelope.listed else [])


def _list_headers(envelope: Envelope) -> list[tuple[str, Any]]:
    """Return the headers with which mail readers offer to unsubscribe (RFC 2369, RFC 2919, RFC 8058)."""
    by_mail = f"<mailto:{envelope.sender.address}?subject=unsubscribe>"
    named = [("List-Id", f"Paperwire <paperwire.{envelope.sender.address.domain}>")]
    if not envelope.unsubscribe:
        return [*named, ("List-Unsubscribe", by_mail)]
    return [
        *named,
        ("List-Unsubscribe", f"<{envelope.unsubscribe}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ]


def html(payload: Mapping[str, Any], envelope: Envelope) -> str:
    """Return the HTML alternative."""
    titles = " · ".join(paper["title"] for paper in payload["papers"][:3])
    return _templates().render(
        "mail.html",
        language=html_language(),
        code=gettext("code"),
        subject=payload["subject"],
        preheader=cut(titles or " ".join(payload["about"]), _MAX_PREHEADER),
        heading=payload["heading"],
        about=payload["about"],
        papers=payload["papers"],
        notes=payload["notes"],
        footer=envelope.footer,
        reason=envelope.reason,
        button=envelope.button,
        font=_FONT,
        wrap=_WRAP,
    )


@cache
def _templates() -> Templates:
    return Templates("bots.email")
