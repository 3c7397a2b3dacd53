"""What each button of a paper requests. Pure."""

from collections.abc import Callable, Mapping

from bots.discord.controls import Control
from bots.discord.payloads import Location
from bots.domain.paper_ids import PaperRef
from bots.domain.requests import Abstract, Cite, Lookup, MoreLike, NotForUs, Request, Save, Unhide, Unsave

#: The request that each button makes.
OF_PAPER: Mapping[Control, Callable[[Location, PaperRef], Request]] = {
    Control.SHOW: lambda location, ref: Lookup(channel=location.channel, user=location.user, text=ref.key),
    Control.ABSTRACT: lambda location, ref: Abstract(
        channel=location.channel, user=location.user, paper_id=ref.id, version=ref.version
    ),
    Control.SAVE: lambda location, ref: Save(
        channel=location.own, place=location.channel, user=location.user, paper_id=ref.id
    ),
    Control.UNSAVE: lambda location, ref: Unsave(
        channel=location.own, place=location.channel, user=location.user, paper_id=ref.id
    ),
    Control.MORE: lambda location, ref: MoreLike(channel=location.channel, user=location.user, paper_id=ref.id),
    Control.NOT_FOR_US: lambda location, ref: NotForUs(
        channel=location.channel, user=location.user, paper_id=ref.id, sure=False
    ),
    Control.HIDE: lambda location, ref: NotForUs(channel=location.channel, user=location.user, paper_id=ref.id),
    Control.UNDO: lambda location, ref: Unhide(channel=location.channel, user=location.user, paper_id=ref.id),
    Control.CITE: lambda location, ref: Cite(
        channel=location.own,
        place=location.channel,
        user=location.user,
        paper_id=ref.id,
        version=ref.version,
    ),
}
