"""The archives of the channels that everyone may read: what was posted there, the latest first."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from bots.chat.phrases import clock_text, day_text
from bots.domain.channels import Channel
from bots.domain.posted import PostedMark, PostedPaper
from bots.web.addresses import with_query
from bots.web.cards import Card, card
from bots.web.channels import OpenChannel, channel_address, open_channels
from bots.web.lists import PER_PAGE
from bots.web.outgoing import DIGEST, PLATFORM
from bots.web.rendering import digest_html, page, said_page
from bots.web.site import SHARED, Route, Site
from bots.web.visits import Answer, Visit

_MISSING = 404
#: Characters of the key of a part.
_LONGEST_KEY = 200
#: The digests of two weeks.
_DIGESTS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What one message brought."""

    when: str
    at: datetime
    cards: Sequence[Card]


async def channels(site: Site, visit: Visit) -> Answer:
    """Return the list of the open channels."""
    named = [(each.name, channel_address(each)) for each in open_channels(site.settings)]
    return page(site, visit, "channels.html", "Channels", channels=named)


async def archive(site: Site, visit: Visit) -> Answer:
    """Return what was posted in a channel, in pages of whole messages."""
    channel = next((each for each in open_channels(site.settings) if each.slug == visit.parts["slug"]), None)
    if channel is None:
        # The same answer for a channel that is not open and for one that does not exist.
        return said_page(site, visit, "There is no such channel", "Its archive is not open.", status=_MISSING)
    if channel.channel.platform == PLATFORM:
        return await _published(site, visit, channel)
    address, feed = channel_address(channel), _feed(channel)
    return await archive_page(site, visit, channel.channel, name=channel.name, address=address, feed=feed)


async def archive_page(
    site: Site, visit: Visit, channel: Channel, *, name: str, address: str, feed: str = ""
) -> Answer:
    """Return a page of a channel's archive; whoever calls this has checked that the visitor may read it.

    Args:
        site: the site.
        visit: the request.
        channel: the channel.
        name: the name under which it is shown.
        address: the address of the archive.
        feed: the address of the channel's feed, for an open channel; any other has a secret one.
    """
    before = _read_mark(visit.query.get("before", ""))
    posted = await site.service.store.posted_papers(channel, limit=PER_PAGE, before=before)
    return page(
        site,
        visit,
        "channel.html",
        name,
        messages=await _messages(site, posted),
        older=_older(address, posted),
        newest=address if before else "",
        zone=str(site.settings.timezone),
        feed=feed,
    )


async def _published(site: Site, visit: Visit, channel: OpenChannel) -> Answer:
    """Return the last digests that were published in a channel of the site itself, as they were composed."""
    sent = await site.service.store.sent_parts(channel.channel, limit=_DIGESTS)
    digests = [each.part.payload for each in sent if each.part.payload.get("kind") == DIGEST]
    public = await site.service.store.public_papers([name for each in sent for name in each.part.paper_ids])
    known = {str(name) for paper in public for name in paper.names}
    shown = [digest_html(_only(each, known)) for each in digests]
    return page(site, visit, "published.html", channel.name, digests=shown, feed=_feed(channel))


def _feed(channel: OpenChannel) -> str:
    """Return the address of a channel's feed, without the end that names its format."""
    return f"/feeds/channel/{quote(str(channel.channel), safe=':')}"


def _only(payload: Mapping[str, Any], known: AbstractSet[str]) -> Mapping[str, Any]:
    """Return a digest with its public papers; a private one belongs to those who read its source."""
    return {**payload, "entries": [each for each in payload["entries"] if each["id"] in known]}


async def _messages(site: Site, posted: Sequence[PostedPaper]) -> Sequence[Message]:
    # A private paper belongs to the workspace; of what it shares with a public record, the public one is shown.
    public = await site.service.store.public_papers([each.paper.id for each in posted])
    known = {name: paper for paper in public for name in paper.names}
    shown = [(each.mark, known[each.paper.id]) for each in posted if each.paper.id in known]
    entries = await site.lists.entries([paper for _, paper in shown])
    marks = list(dict.fromkeys(mark for mark, _ in shown))
    return [
        Message(
            when=_when(site, mark.at),
            at=mark.at,
            cards=[card(entry) for (own, _), entry in zip(shown, entries, strict=True) if own == mark],
        )
        for mark in marks
    ]


def _when(site: Site, at: datetime) -> str:
    local = at.astimezone(site.settings.timezone)
    return f"{day_text(local.date())}, {clock_text(local.time())}"


def _older(address: str, posted: Sequence[PostedPaper]) -> str:
    """Return the address of what was posted earlier; empty if the page is not full."""
    if len(posted) < PER_PAGE:
        return ""
    mark = posted[-1].mark
    return with_query(address, {"before": f"{mark.at.isoformat()}~{mark.part_key}"})


def _read_mark(text: str) -> PostedMark | None:
    at, tilde, key = text.partition("~")
    try:
        instant = datetime.fromisoformat(at)
        if not tilde or len(key) > _LONGEST_KEY or instant.tzinfo is None:
            return None
        # Refuses an instant that is in no year in UTC, which no database can hold.
        return PostedMark(at=instant.astimezone(UTC), part_key=key)
    except (ValueError, OverflowError):
        return None


ROUTES = (
    Route(method="GET", path="/channels", view=channels),
    Route(method="GET", path="/channel/{slug}", view=archive, shared_seconds=SHARED),
)
