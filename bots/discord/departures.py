"""Pause the subscriptions of a server that removed Paperwire, keep them for a week, and then delete its data.

The gateway reports a removal while we are connected. A missed removal, and every removal in HTTP mode, is found
by querying each known server; a removal counts only if Discord says that the bot is not in that server. A kick is
often a mistake, or the first half of a new invitation: so the subscriptions go on when the bot is invited again.
"""

import asyncio
import logging
import re
import uuid
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import discord

from bots.discord.payloads import PLATFORM
from bots.discord.rest_client import RestClient
from bots.discord.transport import FAILED
from bots.domain.errors import PaperwireError, StoreError
from bots.domain.subscriptions import Subscription
from bots.ports import Clock, Store
from bots.ports.whole_calls import to_its_end

_log = logging.getLogger(__name__)

#: Unknown Guild, Missing Access: the bot is not in that server.
_NOT_THERE = frozenset({10004, 50001})
#: How long subscriptions are kept: long enough for an administrator who was away for a week's work to undo a mistake.
KEPT = timedelta(days=7)
#: The reason of a pause by a removal: its instant, and what the subscription was before.
_REMOVED = re.compile(
    r"Paperwire was removed from this server at (?P<at>\S+); before, it was (?P<was>on|off)(?P<why>.*)", re.DOTALL
)
#: The lease of the process that checks the servers, and how much of the time until the next check it lasts.
_LOOKS, _ALL, _KEPT_FOR = "discord.departures", "all", 0.9
#: Reasons of a pause that a removal causes, if a digest was due before the removal was noticed.
_BY_THE_REMOVAL = re.compile(r"\(50001\)|\(10004\)|View Channel|no longer in this server")


def removed(subscription: Subscription, now: datetime) -> Subscription:
    """Return a subscription as a removal at an instant leaves it; one that a removal paused already is unchanged."""
    if _REMOVED.match(subscription.off_because):
        return subscription
    was = "on" if subscription.enabled else f"off: {subscription.off_because}".removesuffix(": ")
    because = f"Paperwire was removed from this server at {now.isoformat(timespec='seconds')}; before, it was {was}"
    return replace(subscription, enabled=False, off_because=because)


def removed_at(subscription: Subscription) -> datetime | None:
    """Return when a removal paused a subscription; None if none did."""
    found = _REMOVED.match(subscription.off_because)
    return datetime.fromisoformat(found["at"]) if found else None


def invited_again(subscription: Subscription, now: datetime) -> Subscription:
    """Return a subscription as it was before the removal; digests that were due in between are not caught up."""
    found = _REMOVED.match(subscription.off_because)
    if found is None:
        return subscription
    if found["was"] == "off" and not _BY_THE_REMOVAL.search(found["why"]):
        return replace(subscription, off_because=found["why"].removeprefix(": "))
    # A pause until a later day stands.
    resumes = max(now, subscription.resumes) if subscription.resumes else now
    return replace(subscription, enabled=True, off_because="", resumes=resumes)


class ServerDepartures:
    """Detects the servers that removed the bot or invited it again, and pauses, resumes and deletes accordingly."""

    def __init__(self, *, store: Store, rest: RestClient, clock: Clock, every: float) -> None:
        self._store = store
        self._rest = rest
        self._clock = clock
        self._every = every
        #: Servers in which this token's bot was found.
        self._present: set[str] = set()
        self._me = uuid.uuid4().hex

    async def left(self, server: str) -> None:
        """Pause a server's subscriptions; delete everything that belongs to it if there are none to keep any longer."""
        now, here = self._clock(), await self._of(server)
        since = [at for each in here if (at := removed_at(each))]
        if not here or (since and now - min(since) >= KEPT):
            gone = await self._store.purge_workspace(PLATFORM, server)
            _log.warning("a server has removed the bot; its data is deleted", extra={"server": server, "rows": gone})
            return
        fresh = [each for each in here if removed_at(each) is None]
        for each in fresh:
            await self._store.keep_subscription(removed(each, min(since, default=now)))
        if fresh:
            more = {"server": server, "subscriptions": len(fresh), "days": KEPT.days}
            _log.warning("a server has removed the bot; its subscriptions are paused and kept for a while", extra=more)

    async def joined(self, server: str) -> None:
        """Resume the subscriptions that a removal paused."""
        paused = [each for each in await self._of(server) if removed_at(each)]
        for each in paused:
            await self._store.keep_subscription(invited_again(each, self._clock()))
        if paused:
            more = {"server": server, "subscriptions": len(paused)}
            _log.info("a server has invited the bot again; its subscriptions go on", extra=more)

    async def _of(self, server: str) -> list[Subscription]:
        held = await self._store.subscriptions()
        return [each for each in held if (each.channel.platform, each.channel.workspace) == (PLATFORM, server)]

    async def look(self) -> None:
        """Find the servers that removed the bot, or invited it again, while it was not connected.

        A bot that is in none of the known servers may be another bot, whose token was set by mistake: then nothing is
        paused or deleted, except in a server whose removal is known already.
        """
        try:
            known = [each for each in await self._store.workspaces(PLATFORM) if each.isdigit()]
            states = {server: await self._is_there(server) for server in known}
            self._present |= {server for server, there in states.items() if there}
            for server, there in states.items():
                if there:
                    await self.joined(server)
                elif there is False:
                    await self._absent(server)
        except PaperwireError as error:
            _log.warning("the bot's servers could not be listed", extra={"error": str(error)})

    async def _absent(self, server: str) -> None:
        if self._present or any(map(removed_at, await self._of(server))):
            await self.left(server)
        else:
            _log.warning("the bot is in none of the known servers, so no data is deleted")

    async def _is_there(self, server: str) -> bool | None:
        """Return whether the bot is in a server; None if Discord does not say."""
        try:
            await self._rest.ask("GET", f"/guilds/{server}")
        except discord.HTTPException as error:
            return False if error.code in _NOT_THERE else None
        except (*FAILED, PaperwireError):
            return None
        return True

    async def keep_looking(self) -> None:
        """Check now and then every `every` seconds (an hour by default); runs until it is cancelled."""
        try:
            while True:
                try:
                    if await self._is_ours():
                        await self.look()
                except StoreError as error:
                    _log.error("the check for servers that removed the bot failed", extra={"error": str(error)})
                except Exception:  # noqa: BLE001 - the next check may succeed
                    _log.exception("the check for servers that removed the bot failed")
                await asyncio.sleep(self._every)
        finally:
            with suppress(StoreError):
                await self._store.end_leases(_LOOKS, [_ALL], holder=self._me)

    async def _is_ours(self) -> bool:
        """Return whether this process checks this time: each server costs a request, and one process is enough."""
        now = self._clock()
        until = now + timedelta(seconds=self._every * _KEPT_FOR)
        held = self._store.hold_leases(_LOOKS, [_ALL], holder=self._me, now=now, until=until)
        return bool(await to_its_end(held))
