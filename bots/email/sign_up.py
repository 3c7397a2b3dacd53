"""Answers sign-ups by mail, in the background: a response tells nothing about the address it is for."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bots.domain.channels import Reader
from bots.domain.errors import DeliveryError, PaperwireError, PostRefused, PostUnknown
from bots.domain.mail_addresses import MailAddress
from bots.domain.mailboxes import PLATFORM, Mailbox
from bots.email.letters import already_here, please_confirm
from bots.email.mailboxes import Mailboxes
from bots.email.poster import MailPoster
from bots.ports import Clock

_log = logging.getLogger(__name__)

#: Mails that one address gets in answer to sign-ups, a day: a second try and a third, and no flood by somebody else.
_A_DAY = 3
#: Such mails to all addresses together, a day: many times what a team needs, and a small part of what a mail server
#: takes before it counts the sender as a spammer.
_ALL_A_DAY = 500
#: Answers under way at a time; more sign-ups at once are nobody's readers.
_MOST = 100
#: Seconds before each try: a server that greylists accepts the second or the third.
_TRIES = (0.0, 30.0, 300.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class SignUps:
    """Answers sign-ups."""

    mailboxes: Mailboxes
    poster: MailPoster
    clock: Clock
    sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(self, address: MailAddress) -> bool:
        """Start to answer a sign-up; return False if there are too many at once."""
        if len(self._under_way) >= _MOST:
            return False
        task = asyncio.create_task(self._quietly(address))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return True

    async def settled(self) -> None:
        """Return when every sign-up so far has been answered."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def close(self) -> None:
        """Stop at once: whose mail was not sent yet signs up again."""
        for task in tuple(self._under_way):
            task.cancel()
        await self.settled()

    async def _quietly(self, address: MailAddress) -> None:
        try:
            await self._answer(address)
        except PaperwireError as error:
            _log.warning("a sign-up could not be answered", extra={"error": str(error)})
        except Exception as error:  # noqa: BLE001 - one sign-up must not end the others
            # Without its text and its traceback, which may hold the address.
            _log.error("a sign-up could not be answered", extra={"error": type(error).__name__})

    async def _answer(self, address: MailAddress) -> None:
        if not await self._spend(Reader(platform=PLATFORM), "answered sign-ups", _ALL_A_DAY):
            _log.warning("no more sign-ups are answered today", extra={"most": _ALL_A_DAY})
            return
        mailbox = await self.mailboxes.opened(address)
        if await self._spend(Reader(platform=PLATFORM, workspace=mailbox.id), "answered sign-ups", _A_DAY):
            await self._send(mailbox)

    async def _spend(self, reader: Reader, kind: str, limit: int) -> bool:
        return await self.mailboxes.store.spend(reader, kind, day=self.clock().date(), limit=limit)

    async def _send(self, mailbox: Mailbox) -> None:
        letter = already_here() if mailbox.confirmed else please_confirm()
        for number, pause in enumerate(_TRIES, start=1):
            await self.sleep(pause)
            try:
                await self.poster.answer_sign_up(letter, mailbox)
            except (PostRefused, PostUnknown) as error:
                if number == len(_TRIES):
                    raise
                _log.info("a sign-up is answered later", extra={"mailbox": mailbox.id, "error": str(error)})
            except DeliveryError as error:
                _log.warning("a sign-up has no mailbox", extra={"mailbox": mailbox.id, "error": str(error)})
                return
            else:
                return
