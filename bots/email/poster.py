"""Sends the parts of digests, and the mails that answer a sign-up."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bots.domain.digests import Part
from bots.domain.errors import ChannelGone
from bots.domain.mail_addresses import read_mail_address
from bots.domain.mailboxes import Mailbox
from bots.email.letters import NOT_YOU
from bots.email.links import Links, Purpose
from bots.email.mailboxes import Mailboxes
from bots.email.messages import Envelope, message_id, written
from bots.email.settings import EmailSettings
from bots.email.smtp import Smtp
from bots.ports import Clock
from bots.translation.languages import load_languages
from bots.translation.speech import gettext, gettext_noop, pgettext, speaking

_SUBSCRIBED = gettext_noop("You get this mail because this address is subscribed to it.")
#: Bytes of a key for a mail that is not repeated under the same Message-ID.
_KEY = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class MailPoster:
    """Writes mails and hands them to the mail server."""

    settings: EmailSettings
    smtp: Smtp
    mailboxes: Mailboxes
    clock: Clock

    async def post(self, part: Part, key: str, root: str = "") -> str:
        """Send a part under the Message-ID of its key, and return that; see `Adapter.post`."""
        mailbox = await self.mailboxes.of_channel(part.channel)
        if mailbox is None:
            raise ChannelGone("Nothing is stored of this mailbox any more: its owner unsubscribed.")
        named = message_id(key, self.settings.sender)
        with speaking(load_languages().of(str(part.payload.get("language", "")))):
            await self._send(part.payload, mailbox, self._envelope(mailbox, named, root if root != named else ""))
        return named

    def _envelope(self, mailbox: Mailbox, named: str, root: str) -> Envelope:
        now, links = self.clock(), Links(public_url=self.settings.public_url)
        leave = links.of(mailbox, Purpose.UNSUBSCRIBE, now)
        change = links.of(mailbox, Purpose.PREFERENCES, now)
        by_mail = f"mailto:{self.settings.sender.address}?subject=unsubscribe"
        return Envelope(
            sender=self.settings.sender,
            recipient=read_mail_address(mailbox.address),
            message_id=named,
            root_id=root,
            date=now,
            unsubscribe=leave,
            footer=((_preferences(), change), (_unsubscribe(), leave)) if leave else ((_unsubscribe(), by_mail),),
            reason=gettext(_SUBSCRIBED),
        )

    async def answer_sign_up(self, letter: Mapping[str, Any], mailbox: Mailbox) -> None:
        """Send the answer to a sign-up, with the link that goes with it.

        Raises:
            DeliveryError: as `Adapter.post` does.
        """
        now, links = self.clock(), Links(public_url=self.settings.public_url)
        purpose, label = (
            (Purpose.PREFERENCES, gettext("Your preferences"))
            if mailbox.confirmed
            else (Purpose.CONFIRM, gettext("Confirm and choose"))
        )
        envelope = Envelope(
            sender=self.settings.sender,
            recipient=read_mail_address(mailbox.address),
            message_id=message_id(secrets.token_hex(_KEY), self.settings.sender),
            date=now,
            reason=gettext(_SUBSCRIBED if mailbox.confirmed else NOT_YOU),
            button=(label, links.of(mailbox, purpose, now)),
            listed=False,
        )
        await self._send(letter, mailbox, envelope)

    async def _send(self, payload: Mapping[str, Any], mailbox: Mailbox, envelope: Envelope) -> None:
        mail, dkim = written(payload, envelope), self.settings.dkim
        # Some milliseconds of arithmetic with large numbers.
        signed = await asyncio.to_thread(dkim.signed, mail) if dkim else mail
        await self.smtp.send(signed, read_mail_address(mailbox.address))


def _preferences() -> str:
    return pgettext("button", "Preferences")


def _unsubscribe() -> str:
    return pgettext("button", "Unsubscribe")
