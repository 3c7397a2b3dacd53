"""What somebody sees who is signed in: the archives of the channels that their chat lets them read."""

import logging
from collections.abc import Collection, Sequence

from bots.domain.channels import Channel, Reader
from bots.domain.sign_ins import SignIn
from bots.ports import ShowsChannels
from bots.ports.bounded_calls import bounded
from bots.web.channel_pages import archive_page
from bots.web.rendering import page, said_page
from bots.web.site import Route, Site
from bots.web.visits import Answer, Need, Visit

_log = logging.getLogger(__name__)

_MISSING = 404
#: A platform is asked about ten channels at a time (`ShowsChannels`), and about no more than these.
_AT_ONCE, _MOST = 10, 100
#: Seconds that a platform may take for ten channels; without an answer none of them is shown.
_PATIENCE = 8.0


async def readable(site: Site, person: SignIn) -> tuple[Channel, ...]:
    """Return the channels with digests that a person can read, as the chat says now; one in doubt is left out.

    Raises:
        StoreError: the database cannot be read.
    """
    subscribed = {each.channel for each in await site.service.store.subscriptions()}
    theirs = sorted(each for each in subscribed if person.sees(each))[:_MOST]
    found: list[Channel] = []
    for workspace in person.workspaces:
        inside = [each for each in theirs if each.workspace == workspace]
        for start in range(0, len(inside), _AT_ONCE):
            found += await _asked(site, person, workspace, inside[start : start + _AT_ONCE])
    return tuple(found)


async def _asked(site: Site, person: SignIn, workspace: str, channels: Sequence[Channel]) -> Collection[Channel]:
    adapter: object = site.service.adapters.get(person.platform)
    if not isinstance(adapter, ShowsChannels):
        return ()
    reader = Reader(platform=person.platform, workspace=workspace, user=person.user)
    try:
        allowed = frozenset(await bounded(lambda: adapter.readable(reader, channels, alone=True), _PATIENCE))
    except Exception:  # noqa: BLE001 - a fault of an adapter shows fewer channels, and no page is lost to it
        _log.warning("a platform did not tell which channels a person can read", exc_info=True)
        return ()
    return [each for each in channels if each in allowed]


async def mine(site: Site, visit: Visit) -> Answer:
    """Return the list of the channels."""
    person = _person(visit)
    found = await readable(site, person)
    named = [(each.channel, each.workspace, address_of(each)) for each in found]
    several = len({each.workspace for each in found}) > 1
    return page(site, visit, "mine.html", "Your channels", channels=named, who=person.name, several=several)


async def archive(site: Site, visit: Visit) -> Answer:
    """Return what was posted in one of the channels; the same answer for one that is not readable and for none."""
    person = _person(visit)
    wanted = Channel(platform=person.platform, workspace=visit.parts["workspace"], channel=visit.parts["channel"])
    known = {each.channel for each in await site.service.store.subscriptions(wanted)}
    asked = [wanted] if person.sees(wanted) and wanted in known else []
    if not asked or wanted not in await _asked(site, person, wanted.workspace, asked):
        lines = ("It does not exist, or you cannot read it in your chat.",)
        return said_page(site, visit, "There is no such channel", *lines, status=_MISSING)
    return await archive_page(site, visit, wanted, name=wanted.channel, address=address_of(wanted))


def _person(visit: Visit) -> SignIn:
    if visit.person is None:
        raise RuntimeError("the route let in somebody who is not signed in")
    return visit.person


def address_of(channel: Channel) -> str:
    """Return the address of a channel's archive for who is signed in; ids of chats need no quoting."""
    return f"/mine/{channel.workspace}/{channel.channel}"


_ID = r"[\w-]{1,64}"
ROUTES = (
    Route(method="GET", path="/mine", view=mine, needs=Need.MEMBER, per_minute=30),
    Route(
        method="GET", path=f"/mine/{{workspace:{_ID}}}/{{channel:{_ID}}}", view=archive, needs=Need.MEMBER,
        per_minute=60,
    ),
)  # fmt: skip
