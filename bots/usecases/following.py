"""Lets people and channels follow authors, subjects and filters, and lets members agree to be mentioned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bots.domain import requests
from bots.domain.channels import Channel, Reader
from bots.domain.errors import BadQuery, NotAllowed, TooMany
from bots.domain.follows import MOST_FOLLOWED, Consents, Follow, FollowKind, MentionStep
from bots.domain.replies import NextStep, Noted, Offer
from bots.ports import Clock, Follows, Subscriptions
from bots.presentation.follow_text import (
    channel_consent_text,
    consent_text,
    followed_text,
    followed_twice_text,
    following_headline,
    item_text,
    not_followed_text,
    unfollowed_text,
    whose_text,
)
from bots.translation.speech import gettext


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowActions:
    """Carries out requests about what is followed, and about mentions."""

    follows: Follows
    subscriptions: Subscriptions
    clock: Clock

    async def answer(self, request: requests.OfPerson) -> Noted:
        """Carry out a request.

        Raises:
            TooMany: as much is followed as can be.
            BadQuery: the list has no such number.
            NotAllowed: nobody can be mentioned here.
        """
        match request:
            case requests.Follow():
                return await self.follow(request)
            case requests.Unfollow():
                return await self.unfollow(request)
            case requests.Following():
                return await self.following(request)
        return await self.mentions(request)

    async def follow(self, request: requests.Follow) -> Noted:
        """Let a person, or the channel, follow something.

        Raises:
            TooMany: they follow as much as they may.
        """
        who, now = _who(request, everyone=request.everyone), self.clock()
        if len(held := await self.follows.follows(who)) >= MOST_FOLLOWED:
            raise TooMany(
                gettext("{number} things are followed already, and that is the most.", number=f"{len(held):,}"),
                hint=gettext("End some of them first; /paper following lists them."),
            )
        said = Follow(kind=request.kind, text=request.text, at=now)
        fresh = await self.follows.keep_follow(who, said)
        if request.personal:
            await self._make_personal(request)
        theirs = isinstance(who, Channel)
        if not fresh:
            return Noted(said=followed_twice_text(said, everyone=theirs))
        offer = _offer(NextStep.UNFOLLOW, said, everyone=theirs)
        return Noted(said=followed_text(said, everyone=theirs, personal=request.personal), offer=offer)

    async def _make_personal(self, request: requests.Asked) -> None:
        """Let digests that this person subscribed to in their direct messages bring what they follow."""
        for each in await self.subscriptions.subscriptions(request.channel):
            if each.made_by in ("", request.user) and not each.personal:
                await self.subscriptions.keep_subscription(replace(each, made_by=request.user, personal=True))

    async def unfollow(self, request: requests.Unfollow) -> Noted:
        """End that a person, or the channel, follows something.

        Raises:
            BadQuery: the list has no such number.
        """
        who = _who(request, everyone=request.everyone)
        said = _named(request, await self.follows.follows(who), self.clock)
        theirs = isinstance(who, Channel)
        if not await self.follows.drop_follow(who, said):
            return Noted(said=not_followed_text(said, everyone=theirs))
        return Noted(said=unfollowed_text(said, everyone=theirs), offer=_offer(NextStep.FOLLOW, said, everyone=theirs))

    async def following(self, request: requests.Following) -> Noted:
        """Return what the person follows, and what the channel follows, each with the step that ends it."""
        mine = await self.follows.follows(_who(request, everyone=False))
        here = () if request.personal else await self.follows.follows(request.here)
        items = (
            *_items(mine, everyone=False, labelled=bool(here)),
            *_items(here, everyone=True, labelled=True),
        )
        return Noted(said=following_headline(len(mine), len(here), personal=request.personal), items=items)

    async def mentions(self, request: requests.Mentions) -> Noted:
        """Show or change whether the person, or anyone, may be mentioned in the channel.

        Raises:
            NotAllowed: the place has one member, or the platform does not tell who asks.
        """
        if request.personal or not request.user:
            raise NotAllowed(
                gettext("Nobody is mentioned here: only you read this."),
                hint=gettext("Write /paper mentions on in a channel with digests."),
            )
        here, now = request.here, self.clock()
        switch = Reader(platform=here.platform, workspace=here.workspace)
        match request.step:
            case MentionStep.ON:
                await self.follows.agree(here, request.reader, now=now)
            case MentionStep.OFF:
                await self.follows.withdraw(here, request.user)
            case MentionStep.ALLOW:
                await self.follows.agree(here, switch, now=now)
            case MentionStep.FORBID:
                await self.follows.withdraw(here, "")
        consents = await self.follows.consents(here)
        if request.step in _OF_CHANNEL:
            return Noted(said=channel_consent_text(consents))
        return await self._told(request, consents)

    async def _told(self, request: requests.Mentions, consents: Consents) -> Noted:
        agreed = request.user in {reader.user for reader in consents.readers}
        mine = await self.follows.follows(request.reader)
        said = consent_text(consents, agreed=agreed, follows=len(mine))
        step = NextStep.MENTIONS_OFF if agreed else NextStep.MENTIONS_ON
        return Noted(said=said, offer=Offer(step=step))


_OF_CHANNEL = (MentionStep.ALLOW, MentionStep.FORBID)


def _who(request: requests.Asked, *, everyone: bool) -> Channel | Reader:
    """Return the list that is meant: the person's, or that of the place; in direct messages both are the person's.

    A chat that does not tell who asks has one list for each place.
    """
    return request.here if (everyone and not request.personal) or not request.user else request.reader


def _named(request: requests.Unfollow, held: Sequence[Follow], clock: Clock) -> Follow:
    """Return what is to be ended.

    Raises:
        BadQuery: the list has no such number, or the words alone name several things.
    """
    if request.kind is not None:
        return Follow(kind=request.kind, text=request.text, at=clock())
    if request.text.isdecimal():
        number = int(request.text)
        if not 1 <= number <= len(held):
            raise BadQuery(
                gettext(
                    "There is no number {number} in the list of what {who} follow.",
                    number=request.text,
                    who=whose_text(everyone=request.everyone),
                ),
                hint=gettext("/paper following shows the list."),
            )
        return held[number - 1]
    same = [each for each in held if each.text.casefold() == request.text.casefold()]
    if len(same) > 1:
        raise BadQuery(
            gettext("“{text}” is followed in more than one way.", text=request.text),
            hint=gettext("Write its kind before it: author, topic or query."),
        )
    return same[0] if same else Follow(kind=FollowKind.TOPIC, text=request.text, at=clock())


def _items(follows: Sequence[Follow], *, everyone: bool, labelled: bool) -> tuple[Noted, ...]:
    return tuple(
        Noted(
            said=item_text(each, number, everyone=everyone, labelled=labelled),
            offer=_offer(NextStep.END_FOLLOW, each, everyone=everyone),
        )
        for number, each in enumerate(follows, start=1)
    )


def _offer(step: NextStep, said: Follow, *, everyone: bool) -> Offer:
    return Offer(step=step, kind=said.kind, text=said.text, everyone=everyone)
