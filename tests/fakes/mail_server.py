"""A mail server on this machine, on aiosmtpd: it checks every mail strictly, keeps mailboxes, and fails on request.

Its mailboxes drop a second mail with the Message-ID of an earlier one, as Gmail, Exchange and Cyrus do, unless it is
told that they do not.
"""

import asyncio
import ssl
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from enum import StrEnum
from types import TracebackType
from typing import Any, Self, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.fakes.mail_faults import faults_of


class At(StrEnum):
    """When a fault strikes."""

    GREETING = "greeting"
    SENDER = "sender"
    RECIPIENT = "recipient"
    #: When the message has come whole; without an answer it is not accepted.
    CONTENT = "content"
    #: When the message was accepted, before the answer.
    ACCEPTED = "accepted"


@dataclass(frozen=True, kw_only=True, slots=True)
class MailFault:
    """What the server does to one mail."""

    at: At
    #: The answer; empty breaks the connection.
    answer: str = ""
    #: Seconds before it.
    after: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A mail that the server accepted."""

    sender: str
    recipient: str
    raw: bytes
    options: tuple[str, ...] = ()
    encrypted: bool = False
    user: str = ""

    @property
    def mail(self) -> EmailMessage:
        """The mail, parsed."""
        return BytesParser(policy=policy.default).parsebytes(self.raw)

    @property
    def message_id(self) -> str:
        """The Message-ID without angle brackets."""
        return str(self.mail["Message-ID"]).strip("<> ")

    def text(self, kind: str = "plain") -> str:
        """Return one of the alternatives: `plain` or `html`."""
        part = self.mail.get_body((kind,))
        assert part is not None
        return str(part.get_content())


class FakeMailServer:
    """Listens until the context exits; a mail that is not valid makes its exit fail."""

    def __init__(
        self,
        *,
        merges: bool = True,
        utf8: bool = True,
        tls: ssl.SSLContext | None = None,
        over_tls: bool = False,
        login: tuple[str, str] | None = None,
        size: int = 10 * 1024 * 1024,
        port: int = 0,
    ) -> None:
        """Set how the server is set up.

        Args:
            merges: whether a mailbox drops a second mail with a Message-ID that it has.
            utf8: whether it has SMTPUTF8.
            tls: its certificate; with it, it offers STARTTLS.
            over_tls: whether it speaks TLS from the start.
            login: the user and password that it asks for.
            size: the largest mail that it accepts.
            port: the port; 0 is any.
        """
        self.merges = merges
        self.port = port
        #: Every mail that was accepted, copies included, in order.
        self.accepted: list[Received] = []
        #: What was wrong with mails.
        self.wrongs: list[str] = []
        self.faults: list[MailFault] = []
        #: Called for every mail: with True once it was accepted, with False when it has come.
        self.heed: Callable[[bool], None] = lambda _accepted: None
        #: Decides about a mail as it comes; None is no fault.
        self.mishap: Callable[[str], MailFault | None] = lambda _recipient: None
        self._utf8, self._tls, self._over_tls, self._login, self._size = utf8, tls, over_tls, login, size
        self._server: asyncio.Server | None = None
        self._sessions: list[SMTP] = []

    async def __aenter__(self) -> Self:
        """Listen on the loopback address."""
        loop = asyncio.get_running_loop()
        over = self._tls if self._over_tls else None
        self._server = await loop.create_server(self._session, "127.0.0.1", self.port, ssl=over)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening, and break every connection."""
        if self._server is not None:
            self._server.close()
        for session in self._sessions:
            _break(session)
        await asyncio.sleep(0)
        assert kind is not None or [] == self.wrongs

    def _session(self) -> SMTP:
        def authenticate(
            _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
        ) -> AuthResult:
            told = (given.login.decode(), given.password.decode()) if isinstance(given, LoginPassword) else None
            return AuthResult(success=told == self._login, handled=False, auth_data=given)

        with warnings.catch_warnings():
            # The library warns of a password without STARTTLS, also where TLS is spoken from the start.
            warnings.simplefilter("ignore", UserWarning)
            made = _Smtp(
                _Handler(self),
                hostname="mail.example.org",
                ident="Test",
                enable_SMTPUTF8=self._utf8,
                data_size_limit=self._size,
                tls_context=None if self._over_tls else self._tls,
                require_starttls=self._tls is not None and not self._over_tls,
                auth_required=self._login is not None,
                auth_require_tls=self._tls is not None and not self._over_tls,
                authenticator=authenticate if self._login else None,
                loop=asyncio.get_running_loop(),
            )
        made.faults = self.strike
        self._sessions.append(made)
        return made

    def fail(self, *faults: MailFault) -> None:
        """Let faults strike the next mails, one each time its moment comes."""
        self.faults += faults

    def strike(self, at: At) -> MailFault | None:
        """Return the fault that strikes now, and forget it."""
        for fault in self.faults:
            if fault.at is at:
                self.faults.remove(fault)
                return fault
        return None

    def inbox(self, address: str) -> tuple[Received, ...]:
        """Return the mails that the owner of an address sees, oldest first."""
        mine = [mail for mail in self.accepted if mail.recipient == address]
        return tuple({mail.message_id: mail for mail in reversed(mine)}.values())[::-1] if self.merges else tuple(mine)


def _break(session: SMTP) -> None:
    """Break a connection, as a cable that is cut."""
    transport = cast("asyncio.Transport | None", session.transport)
    if transport is not None:
        transport.abort()


class _Smtp(SMTP):
    """The library's server with faults at its greeting."""

    faults: Callable[[At], MailFault | None]

    async def push(self, status: Any) -> None:
        """Send an answer; a greeting may be replaced."""
        if isinstance(status, str) and status.startswith("220 mail.") and (fault := self.faults(At.GREETING)):
            await asyncio.sleep(fault.after)
            if not fault.answer:
                _break(self)
                return
            status = fault.answer
        await super().push(status)


class _Handler:
    """Answers the steps of a mail."""

    def __init__(self, server: FakeMailServer) -> None:
        self._server = server

    async def _struck(self, smtp: SMTP, at: At, fault: MailFault | None = None) -> str:
        fault = fault or self._server.strike(at)
        if fault is None:
            return ""
        await asyncio.sleep(fault.after)
        if not fault.answer:
            _break(smtp)
            return "421 the connection is broken"
        return fault.answer

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept a sender."""
        if said := await self._struck(server, At.SENDER):
            return said
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Accept a recipient."""
        if said := await self._struck(server, At.RECIPIENT):
            return said
        if not address.isascii() and "SMTPUTF8" not in envelope.mail_options:
            return "553 5.6.7 the address needs SMTPUTF8"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Accept a message, or let it fail before or after that."""
        recipient = envelope.rcpt_tos[0]
        fault = self._server.mishap(recipient)
        self._server.heed(False)
        at_once = fault if fault and fault.at is At.CONTENT else None
        if said := await self._struck(server, At.CONTENT, at_once):
            return said
        raw = cast("bytes", envelope.original_content)
        self._server.wrongs += faults_of(raw, ascii_only="SMTPUTF8" not in envelope.mail_options)
        signed_in = cast("Any", session.auth_data)
        user = signed_in.login.decode() if isinstance(signed_in, LoginPassword) else ""
        self._server.accepted.append(
            Received(
                sender=envelope.mail_from or "",
                recipient=recipient,
                raw=raw,
                options=tuple(envelope.mail_options),
                encrypted=session.ssl is not None or self._server._over_tls,
                user=user,
            )
        )
        self._server.heed(True)
        later = fault if fault and fault.at is At.ACCEPTED else None
        return await self._struck(server, At.ACCEPTED, later) or "250 2.0.0 accepted"
