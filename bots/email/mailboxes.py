"""Finds, makes, confirms and forgets mailboxes; the only module that connects an address with what is stored of it."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bots.commands import write_command
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand
from bots.domain.mail_addresses import MailAddress, read_mail_address
from bots.domain.mailboxes import INBOX, PLATFORM, Mailbox
from bots.domain.requests import Subscribe
from bots.domain.runs import Delivery, Run
from bots.domain.subscriptions import Subscription
from bots.email.links import UNCONFIRMED, UNUSED
from bots.ports import Clock, Store
from bots.translation.speech import gettext

#: Bytes of a mailbox's id: as unlikely to be guessed or met twice as a subscription's.
_ID, _SECRET = 8, 32
#: Characters of the id that the subscription made by signing up has; confirming twice makes it once.
_SUBSCRIPTION_ID = 10
#: Runs of one subscription that an export lists: four years of daily digests.
_MOST_RUNS = 1500


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailboxes:
    """The mailboxes of a store."""

    store: Store
    clock: Clock
    #: The domain of each mailbox that was seen here, by its id.
    _domains: dict[str, str] = field(default_factory=dict)

    async def load(self) -> None:
        """Read which mailboxes there are, so that each is counted to its domain."""
        for mailbox in await self.store.mailboxes():
            self._seen(mailbox)

    def domain_of(self, channel: Channel) -> str:
        """Return the domain of a mailbox, for its pace; empty if it is not known."""
        return self._domains.get(channel.workspace, "")

    def _seen(self, mailbox: Mailbox) -> Mailbox:
        self._domains[mailbox.id] = mailbox.address.rpartition("@")[2]
        return mailbox

    async def of_channel(self, channel: Channel) -> Mailbox | None:
        """Return the mailbox of a channel."""
        found = await self.store.mailbox(channel.workspace)
        return self._seen(found) if found else None

    async def by_id(self, mailbox_id: str) -> Mailbox | None:
        """Return a mailbox by its id."""
        found = await self.store.mailbox(mailbox_id)
        return self._seen(found) if found else None

    async def of_address(self, text: str) -> Mailbox | None:
        """Return the mailbox of an address, or None if nothing is stored of it.

        Raises:
            BadCommand: the text is no mail address.
        """
        return await self.store.mailbox_of(read(text).key)

    async def opened(self, address: MailAddress) -> Mailbox:
        """Return the mailbox of an address; a new one is not confirmed."""
        if (held := await self.store.mailbox_of(address.key)) is not None:
            return self._seen(held)
        fresh = Mailbox(
            id=secrets.token_hex(_ID),
            address=str(address),
            address_key=address.key,
            secret=secrets.token_urlsafe(_SECRET),
            created=self.clock(),
        )
        return self._seen(await self.store.keep_mailbox(fresh))

    async def named(self, channel: Channel) -> Channel:
        """Return the mailbox that the operator names by its address, confirmed; see `NamesChannels`.

        Raises:
            BadCommand: the text is no mail address and no mailbox's id.
        """
        if "@" in channel.channel and not channel.workspace:
            return (await self.confirmed(await self.opened(read(channel.channel)))).channel
        known = await self.store.mailbox(channel.workspace or channel.channel)
        if known is None or channel.channel not in (INBOX, known.id):
            raise BadCommand(f"There is no mailbox {channel}.", hint="Give the address: email:ada@example.org")
        return known.channel

    async def confirmed(self, mailbox: Mailbox) -> Mailbox:
        """Store that the owner, or the operator, wants mail here."""
        if mailbox.confirmed is not None:
            return mailbox
        return await self.store.keep_mailbox(replace(mailbox, confirmed=self.clock()))

    async def subscriptions(self, mailbox: Mailbox) -> tuple[Subscription, ...]:
        """Return a mailbox's subscriptions, oldest first."""
        return await self.store.subscriptions(mailbox.channel)

    async def forget(self, mailbox: Mailbox) -> int:
        """Delete everything that is stored of a mailbox; return the number of rows."""
        self._domains.pop(mailbox.id, None)
        return await self.store.purge_workspace(PLATFORM, mailbox.id)

    async def sweep(self) -> int:
        """Delete the mailboxes that nobody confirmed in time, and those without a subscription; return how many."""
        late = [each for each in await self.store.mailboxes() if _is_late(each, self.clock())]
        gone = [await self.forget(each) for each in late if not await self.subscriptions(each)]
        return len(gone)

    async def exported(self, mailbox: Mailbox) -> dict[str, Any]:
        """Return everything that is stored of a mailbox, as JSON values; its key is left out."""
        held = await self.subscriptions(mailbox)
        return {
            "address": mailbox.address,
            "signed_up": mailbox.created.isoformat(),
            "confirmed": mailbox.confirmed.isoformat() if mailbox.confirmed else None,
            "subscriptions": [_written(each) for each in held],
            "mails": [mail for each in held for mail in await self._mails(each)],
        }

    async def _mails(self, subscription: Subscription) -> list[dict[str, Any]]:
        runs = await self.store.runs(subscription_id=subscription.id, limit=_MOST_RUNS)
        return [_mail(run, part) for run in runs for part in await self.store.deliveries(run.key)]


def _mail(run: Run, part: Delivery) -> dict[str, Any]:
    return {
        "due": f"{run.slot.day} {run.slot.time:%H:%M}",
        "state": part.state.value,
        "message_id": part.message_id,
        "papers": [str(paper_id) for paper_id in part.part.paper_ids],
        "content": dict(part.part.payload),
    }


def subscription_id(mailbox: Mailbox) -> str:
    """Return the id of the subscription that signing up makes."""
    return mailbox.id[:_SUBSCRIPTION_ID]


def read(text: str) -> MailAddress:
    """Return the address in a text.

    Raises:
        BadCommand: the text is no mail address; the message does not repeat it.
    """
    try:
        return read_mail_address(text)
    except ValueError as error:
        hint = gettext("Give an address such as ada@example.org.")
        raise BadCommand(gettext("That is not a mail address."), hint=hint) from error


def _is_late(mailbox: Mailbox, now: datetime) -> bool:
    """Return whether a mailbox is deleted if it has no subscription."""
    if mailbox.confirmed is None:
        return now - mailbox.created > UNCONFIRMED
    return now - mailbox.confirmed > UNUSED


def _written(subscription: Subscription) -> dict[str, Any]:
    asked = Subscribe(channel=subscription.channel, subscription=subscription)
    return {
        "id": subscription.id,
        "command": write_command(asked),
        "timezone": str(subscription.timezone),
        "enabled": subscription.enabled,
        "created": subscription.created.isoformat() if subscription.created else None,
    }
