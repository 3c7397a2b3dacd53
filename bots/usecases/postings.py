"""Where papers were posted before, as far as whoever asks may know."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace

from bots.domain.channels import Channel, Reader
from bots.domain.digests import Entry, Posting
from bots.domain.requests import Asked
from bots.ports import Adapters, PaperIndex, ShowsChannels
from bots.ports.bounded_calls import bounded

_log = logging.getLogger(__name__)

#: Other channels that the platform is asked about for one reply; each may cost it a request.
_MOST_CHANNELS = 5
#: Seconds that the platform may take: without an answer only the own channel is named.
_PATIENCE = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Postings:
    """Adds to papers where and when they were posted.

    The channel that is asked in is always named. Another one of the workspace is named only if its platform says that
    this person can read it; without an answer it is not.
    """

    index: PaperIndex
    adapters: Adapters

    async def of(self, request: Asked, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Return entries with the postings that a person may know of, the latest first.

        Raises:
            StoreError: the database cannot be read.
        """
        here = request.here
        found = await self.index.postings([entry.paper.id for entry in entries], place=here)
        if not found:
            return entries
        channels = dict.fromkeys(posting.channel for postings in found.values() for posting in postings)
        reader = Reader(platform=here.platform, workspace=here.workspace, user=request.user)
        readable = await self._readable(reader, [each for each in channels if not _is(each, here)])
        return tuple(replace(entry, posted=_seen(found.get(entry.paper.id, ()), here, readable)) for entry in entries)

    async def _readable(self, reader: Reader, channels: list[Channel]) -> Collection[Channel]:
        adapter: object = self.adapters.get(reader.platform)
        asked = channels[:_MOST_CHANNELS]
        if not asked or not reader.user or not isinstance(adapter, ShowsChannels):
            return ()
        try:
            return frozenset(await bounded(lambda: adapter.readable(reader, asked), _PATIENCE)).intersection(asked)
        except Exception:  # noqa: BLE001 - a fault of an adapter names fewer channels, and no reply is lost to it
            _log.warning("a platform did not tell which channels a person can read", exc_info=True)
            return ()


def _is(channel: Channel, here: Channel) -> bool:
    """Return whether a channel is this place; the operator may have named it without its workspace."""
    return (channel.platform, channel.channel) == (here.platform, here.channel)


def _seen(postings: Collection[Posting], here: Channel, readable: Collection[Channel]) -> tuple[Posting, ...]:
    return tuple(each for each in postings if _is(each.channel, here) or each.channel in readable)
