"""Hands mails to the mail server: the only module that speaks SMTP.

Each mail has a connection of its own. It is offered once; a connection that breaks after that leaves it unknown
whether the server accepted it.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException, SMTPHeloError, SMTPResponseException

from bots.domain.errors import ChannelGone, DeliveryError, PostRefused, PostUnknown
from bots.domain.mail_addresses import MailAddress
from bots.email.refusals import Step, refusal, said, unreachable
from bots.email.settings import MailServer, Security
from bots.ports.rate_limits import CALL_TIMEOUT

#: Seconds for one mail; less than a call may take, so that the step it had come to is known.
_MAIL = CALL_TIMEOUT - 3
#: Seconds for the farewell, whose answer changes nothing.
_FAREWELL = 1.0
_FAILED = (SMTPException, OSError, TimeoutError, ssl.SSLError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Smtp:
    """The mail server, as one sender uses it."""

    server: MailServer
    sender: MailAddress
    #: Seconds that one mail may take.
    seconds: float = _MAIL

    async def send(self, mail: bytes, recipient: MailAddress) -> None:
        """Hand one mail to the server; it has accepted it when this returns.

        Raises:
            PostRefused: not now, or not from us.
            PostTooLarge: it is larger than the server accepts.
            ChannelGone: the server never accepts mail for this recipient.
            PostUnknown: the server may or may not have accepted it.
        """
        offered = False
        try:
            async with asyncio.timeout(self.seconds), self._connection() as client:
                await _address(client, self.sender, recipient, len(mail))
                offered = True
                await _offer(client, mail)
        except (DeliveryError, *_FAILED) as error:
            if isinstance(error, DeliveryError):
                raise
            if offered:
                raise PostUnknown("The mail server did not confirm that it accepted the mail.") from error
            raise unreachable(error) from error

    async def check(self) -> str:
        """Connect and authenticate, and return how the connection is encrypted, in words.

        Raises:
            PostRefused: the server cannot be used.
        """
        try:
            async with asyncio.timeout(self.seconds), self._connection() as client:
                encrypted = client.get_transport_info("cipher")
        except (DeliveryError, *_FAILED) as error:
            raise error if isinstance(error, DeliveryError) else unreachable(error) from error
        return f"encrypted with {encrypted[1]}" if encrypted else "not encrypted"

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[SMTP]:
        server, security = self.server, self.server.security
        client = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=security is Security.TLS,
            start_tls=security is Security.STARTTLS,
            username=server.user or None,
            password=server.password.reveal() or None,
            cert_bundle=server.ca_file or None,
            # What this machine is called on its own network is nobody's business.
            local_hostname=self.sender.domain,
            timeout=self.seconds,
        )
        try:
            await _connect(client)
            yield client
            with suppress(*_FAILED):
                async with asyncio.timeout(_FAREWELL):
                    await client.quit()
        finally:
            client.close()


async def _connect(client: SMTP) -> None:
    try:
        await client.connect()
        if client.is_ehlo_or_helo_needed:
            # What the server can do is asked here; one that does not know the question can do nothing more.
            with suppress(SMTPHeloError):
                await client.ehlo()
    except SMTPResponseException as error:
        raise refusal(error.code, str(error.message), Step.CONNECTING) from error
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or error.reason or type(error).__name__
        raise PostRefused(
            f"The mail server's certificate is not accepted: {said(str(reason))}.",
            hint="Check email.server: it must be the name in the certificate. For one of your own set email.ca_file.",
            everywhere=True,
        ) from error


async def _address(client: SMTP, sender: MailAddress, recipient: MailAddress, size: int) -> None:
    """Say who the mail is from and to."""
    options = [f"SIZE={size}"] if client.supports_extension("size") else []
    if not recipient.is_ascii:
        if not client.supports_extension("smtputf8"):
            raise ChannelGone(
                "The mail server cannot send to addresses with letters beyond ASCII before the @.",
                hint="Use a server with the extension SMTPUTF8, or another address.",
            )
        options.append("SMTPUTF8")
    encoding = "ascii" if recipient.is_ascii else "utf-8"
    step = Step.SENDER
    try:
        await client.mail(str(sender), options=options, encoding=encoding)
        step = Step.RECIPIENT
        await client.rcpt(str(recipient), encoding=encoding)
    except SMTPResponseException as error:
        raise refusal(error.code, str(error.message), step) from error


async def _offer(client: SMTP, mail: bytes) -> None:
    try:
        await client.data(mail)
    except SMTPResponseException as error:
        raise refusal(error.code, str(error.message), Step.CONTENT) from error
