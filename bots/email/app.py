"""Connects e-mail: sends digests over the mail server and, if readers can reach them, serves its pages."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

from bots.chat.health import HealthFinding
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Part
from bots.domain.errors import HistoryClosed, PaperwireError
from bots.domain.mailboxes import PLATFORM
from bots.domain.replies import Problem
from bots.email.health import check_health
from bots.email.http import open_pages
from bots.email.mailboxes import Mailboxes
from bots.email.outgoing import digest_parts, notice_parts, smaller
from bots.email.poster import MailPoster
from bots.email.settings import EmailSettings, WhenUnknown
from bots.email.sign_up import SignUps
from bots.email.smtp import Smtp
from bots.ports.rate_limits import Rate, RateLimits
from bots.usecases.service import Service

_log = logging.getLogger(__name__)

__all__ = ["EmailAdapter", "EmailSettings", "connect"]

#: Connections at a time; servers commonly accept ten or twenty from one client (Postfix: 50).
_AT_ONCE = 4
#: Mails a second to all domains together, which a single server accepts of one client.
_A_SECOND = 10
#: Seconds between two sweeps for mailboxes that nobody uses.
_SWEEP = 3600.0


class EmailAdapter:
    """Sends digests by mail."""

    platform = PLATFORM

    def __init__(self, settings: EmailSettings, poster: MailPoster, sign_ups: SignUps) -> None:
        self._settings = settings
        #: Answers those who sign up on the pages.
        self.sign_ups = sign_ups
        self._poster = poster
        self._mailboxes = poster.mailboxes
        self.limits = RateLimits(
            channel=Rate(count=1, seconds=1),
            platform=Rate(count=_A_SECOND, seconds=1),
            group=Rate(count=settings.per_minute, seconds=60),
            group_of=poster.mailboxes.domain_of,
            at_once=_AT_ONCE,
        )

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the digest as mails; see `Adapter.compose`."""
        return digest_parts(digest)

    def notice(self, channel: Channel, problem: Problem) -> tuple[Part, ...]:
        """Return a notice as a mail; see `Adapter.notice`."""
        return notice_parts(channel, problem)

    def shrink(self, part: Part) -> tuple[Part, ...]:
        """Return a part as smaller ones; see `Adapter.shrink`."""
        return smaller(part)

    async def post(self, part: Part, key: str, *, root: str = "") -> str:
        """Send one part, and return its Message-ID; see `Adapter.post`."""
        return await self._poster.post(part, key, root)

    async def find(self, channel: Channel, key: str, since: datetime, *, root: str = "") -> str | None:  # noqa: ARG002
        """Raise HistoryClosed: nobody can ask a mailbox what is in it; see `Adapter.find`.

        Raises:
            HistoryClosed: always. The part can be sent again under its own Message-ID, unless the settings say to hold.
        """
        raise HistoryClosed(
            "It is not known whether the mail server accepted the mail, and a mailbox cannot be asked.",
            hint="Ask the reader, or look into the mail server's log for the Message-ID.",
            repeat=self._settings.when_unknown is WhenUnknown.REPOST,
        )

    async def channel_named(self, channel: Channel) -> Channel:
        """Return the mailbox of an address; see `NamesChannels.channel_named`."""
        return await self._mailboxes.named(channel)

    async def check(self) -> tuple[HealthFinding, ...]:
        """Return the findings about the set-up; see `Checked.check`."""
        return await check_health(self._settings, self._poster.smtp)


@asynccontextmanager
async def connect(settings: EmailSettings, service: Service) -> AsyncIterator[EmailAdapter]:
    """Yield the adapter; if `settings.listening` and there is a public address, serve the pages until the exit.

    No connection to the mail server is made before the first mail: one that is down delays nothing else.

    Raises:
        SettingsError: the pages cannot be served on the address.
        StoreError: the mailboxes cannot be read.
    """
    mailboxes = Mailboxes(store=service.store, clock=service.clock)
    await mailboxes.load()
    smtp = Smtp(server=settings.server, sender=settings.sender.address)
    poster = MailPoster(settings=settings, smtp=smtp, mailboxes=mailboxes, clock=service.clock)
    async with AsyncExitStack() as stack:
        sign_ups = SignUps(mailboxes=mailboxes, poster=poster, clock=service.clock)
        if settings.listening:
            stack.push_async_callback(_stopped, asyncio.create_task(_sweep(mailboxes)))
            stack.push_async_callback(sign_ups.close)
        if settings.listening and settings.public_url:
            await stack.enter_async_context(open_pages(settings, service, mailboxes, sign_ups))
        yield EmailAdapter(settings, poster, sign_ups)


async def _sweep(mailboxes: Mailboxes) -> None:
    """Delete now and then the mailboxes that nobody uses; runs until it is cancelled."""
    while True:
        try:
            if gone := await mailboxes.sweep():
                _log.info("mailboxes that nobody uses were deleted", extra={"mailboxes": gone})
        except PaperwireError as error:
            _log.warning("unused mailboxes could not be deleted", extra={"error": str(error)})
        await asyncio.sleep(_SWEEP)


async def _stopped(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait({task})
