"""Tell a channel in one line who changed its subscriptions; nobody is pinged."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from bots.discord.channel_kinds import FORUMS
from bots.discord.markup import mention, plain
from bots.discord.message_marks import nonce
from bots.discord.payloads import PLATFORM, Location, number_at
from bots.discord.rest_client import RestClient
from bots.domain.channels import Channel
from bots.domain.replies import Changed, Reply
from bots.presentation.announcement_text import announcement, changed
from bots.translation.languages import load_languages
from bots.translation.speech import gettext, gettext_noop, speaking

_log = logging.getLogger(__name__)

#: docs.discord.com, Message Flags: SUPPRESS_EMBEDS and SUPPRESS_NOTIFICATIONS.
_QUIET = 1 << 2 | 1 << 12
#: The name of a person whose id has another format than Discord's.
_SOMEONE = gettext_noop("Someone")


@dataclass(frozen=True, kw_only=True, slots=True)
class Announcer:
    """Posts the lines that tell a channel who did what."""

    rest: RestClient

    async def announce(self, location: Location, replies: Iterable[Reply]) -> None:
        """Announce changes of subscriptions in their channels; never raise, because the changes are made already.

        Nothing is announced in direct messages. A forum takes no messages; there the list of subscriptions tells.
        """
        for reply in replies:
            if not isinstance(reply, Changed):
                continue
            subscription = changed(reply)
            # Everyone in the channel reads it.
            with speaking(load_languages().of(subscription.language or location.server_locale, PLATFORM)):
                does, who = announcement(reply), mention(location.user) or gettext(_SOMEONE)
            if does and subscription.channel.workspace:
                await self._tell(subscription.channel, f"{who} {plain(does)}", location)

    async def _tell(self, channel: Channel, line: str, location: Location) -> None:
        try:
            if channel == location.channel or not await self._is_forum(channel):
                await self._post(channel, line, location.interaction)
        except Exception as error:  # noqa: BLE001 - whatever fails, the change itself must be answered as made
            _log.info("a change was not announced", extra={"channel": str(channel), "error": str(error)})

    async def _is_forum(self, channel: Channel) -> bool:
        return number_at(await self.rest.ask("GET", f"/channels/{channel.channel}"), "type") in FORUMS

    async def _post(self, channel: Channel, line: str, key: str) -> None:
        # The nonce ensures that a repeated request posts one message.
        sent = {
            "content": line,
            "flags": _QUIET,
            "allowed_mentions": {"parse": []},
            "nonce": nonce(f"announce|{key}", channel.channel),
            "enforce_nonce": True,
        }
        await self.rest.ask("POST", f"/channels/{channel.channel}/messages", body=sent)
