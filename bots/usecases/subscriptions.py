"""Creates, lists, pauses, resumes and ends subscriptions, each only for the channel it belongs to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bots.commands import changed
from bots.domain.channels import Channel
from bots.domain.errors import BadQuery, NotAllowed, TooMany
from bots.domain.replies import Change, Changed, Paused, Resumed, Subscribed, SubscriptionList, Unsubscribed
from bots.domain.requests import Edit, Pause, Resume, Unsubscribe
from bots.domain.slots import next_due
from bots.domain.subscriptions import MOST_IN_CHANNEL, MOST_IN_WORKSPACE, MOST_TIMES, Subscription
from bots.ports import Clock, Plans, Subscriptions
from bots.translation.speech import gettext
from bots.usecases.duplicates import duplicate_of, merged
from bots.usecases.subscription_choice import chosen

#: Longer plans are unrealistic, and every instant up to this one is within the calendar.
_LONGEST_PAUSE = timedelta(days=366)


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriptionService:
    """Manages subscriptions."""

    subscriptions: Subscriptions
    clock: Clock
    #: Returns the id of a new subscription.
    new_id: Callable[[], str]
    #: What the operator allows single workspaces.
    plans: Plans | None = None

    async def place(self, subscription: Subscription, *, capped: bool = True) -> Subscribed:
        """Store a subscription; one without an id gets a new one.

        Args:
            subscription: the subscription; a stored one with the same id is replaced.
            capped: whether the number of the channel's and the workspace's subscriptions is limited.

        Raises:
            BadQuery: it has more times of day than `MOST_TIMES`.
            NotAllowed: its id is that of another workspace's subscription.
            TooMany: the channel or its workspace has as many as it may have.
        """
        # The grammar refuses them, too; a form or a plug-in may bring others.
        if len(set(subscription.times)) > MOST_TIMES:
            said = gettext("A subscription has at most {most} times of day.", most=MOST_TIMES)
            raise BadQuery(said, hint=gettext("Give one or two."))
        stored = await self._stored(subscription, anyone=not capped)
        # A subscription that is stored may be changed where it is, however many there are.
        if capped and stored is None:
            await self._check_room(subscription.channel)
        kept = replace(
            subscription,
            id=subscription.id or self.new_id(),
            created=subscription.created or (stored.created if stored else None) or self.clock(),
            made_by=(stored.made_by if stored else "") or subscription.made_by,
        )
        await self.subscriptions.keep_subscription(kept)
        return replace(self._due(kept), change=_change(stored, kept))

    async def place_once(self, new: Subscription) -> Subscribed:
        """Store a subscription; if the channel has one to the same papers, that one is changed instead.

        The operator places each as `place` does: who names subscriptions by their ids may want two to the same papers.

        Raises:
            BadQuery, NotAllowed, TooMany: as `place`.
        """
        held = await self.subscriptions.subscriptions(new.channel)
        old = None if any(each.id == new.id for each in held) else duplicate_of(new, held)
        placed = await self.place(merged(new, old, self.clock()) if old else new)
        return replace(placed, merged=old is not None)

    async def _stored(self, subscription: Subscription, *, anyone: bool) -> Subscription | None:
        """Return the stored subscription that this one replaces; None if the channel gets one more.

        Args:
            subscription: the subscription to store.
            anyone: whether it may be taken from another workspace, as the operator may.

        Raises:
            NotAllowed: its id is that of another workspace's.
        """
        stored = await self.subscriptions.subscription(subscription.id) if subscription.id else None
        if stored is not None and not anyone and stored.channel.owner != subscription.channel.owner:
            raise NotAllowed(
                gettext("There is no such subscription here."),
                hint=gettext("/paper subscriptions lists those of a channel."),
            )
        return stored if stored and stored.channel == subscription.channel else None

    async def _check_room(self, channel: Channel) -> None:
        here, everywhere = await self.subscriptions.subscription_counts(channel)
        if here >= MOST_IN_CHANNEL:
            raise TooMany(
                gettext(
                    "This channel has {given} subscriptions, and {most} is the most that a channel may have.",
                    given=here,
                    most=MOST_IN_CHANNEL,
                ),
                hint=gettext("Change or end one of them first; /paper subscriptions lists them."),
            )
        # Where the platform has no workspaces, the channels have nothing to do with each other.
        most = await self._most(channel)
        if channel.workspace and everywhere >= most:
            raise TooMany(
                gettext(
                    "All channels here together have {given} subscriptions, and {most} is the most.",
                    given=f"{everywhere:,}",
                    most=f"{most:,}",
                ),
                hint=gettext("End subscriptions that nobody reads; /paper subscriptions lists those of a channel."),
            )

    async def _most(self, channel: Channel) -> int:
        planned = (await self.plans.workspace_plan(channel)).subscriptions if self.plans else None
        return MOST_IN_WORKSPACE if planned is None else planned

    async def standing(
        self, channel: Channel | None = None, *, among: Callable[[Channel], bool] = lambda _: True
    ) -> SubscriptionList:
        """Return the subscriptions of a channel, or of every channel, each with the instant it is next due.

        Args:
            channel: the channel; None for every channel that `among` accepts.
            among: returns whether a channel's subscriptions are wanted.
        """
        held = await self.subscriptions.subscriptions(channel)
        wanted = [each for each in held if among(each.channel)]
        return SubscriptionList(items=tuple(map(self._due, wanted)), everywhere=channel is None, channel=channel)

    async def change(self, request: Edit | Unsubscribe | Pause | Resume) -> Changed | SubscriptionList:
        """Change, end, pause or resume a subscription; an `Edit` without options lists what may be changed.

        Raises:
            NotAllowed: the channel has no subscription of that name.
            BadQuery: several may be meant, a value is invalid, or it cannot be paused until that day.
        """
        if isinstance(request, Edit) and not (request.options or request.subscription_id):
            return await self.standing(request.channel)
        subscription = await self._held(request)
        match request:
            case Edit(options=()):
                raise BadQuery(
                    gettext("Say what to change."),
                    hint=gettext(
                        "For example: {command}. /paper subscriptions shows it.",
                        command=f"/paper edit {request.subscription_id} at 10:00",
                    ),
                )
            case Edit():
                return await self.place(changed(subscription, request.options))
            case Pause():
                return Paused(item=await self._pause(subscription, request.until))
            case Resume():
                return Resumed(item=await self._resume(subscription))
        await self.subscriptions.drop_subscription(subscription.id)
        return Unsubscribed(subscription=subscription)

    async def _pause(self, subscription: Subscription, until: date | None) -> Subscribed:
        back = _start(until, subscription, self.clock()) if until else None
        # With a day to resume on, the subscription stays on: no slot before that day counts.
        rests = replace(subscription, enabled=back is not None, off_because="", resumes=back or subscription.resumes)
        await self.subscriptions.keep_subscription(rests)
        return replace(self._due(rests), change=_change(subscription, rests))

    async def _resume(self, subscription: Subscription) -> Subscribed:
        item = self._due(subscription)
        if not item.paused:
            return replace(item, change=Change.NONE)
        # Slots that fell due during the pause are before this instant and are not caught up.
        goes_on = replace(subscription, enabled=True, off_because="", resumes=self.clock())
        await self.subscriptions.keep_subscription(goes_on)
        return replace(self._due(goes_on), change=Change.EDITED)

    async def _held(self, request: Edit | Unsubscribe | Pause | Resume) -> Subscription:
        held = await self.subscriptions.subscriptions(request.channel)
        return chosen(held, request.subscription_id, _VERBS[type(request)])

    def _due(self, subscription: Subscription) -> Subscribed:
        now = self.clock()
        due = next_due(subscription, now)
        return Subscribed(subscription=subscription, next_due=due.at if due else None, paused=subscription.rests(now))


_VERBS: Mapping[type, str] = {Edit: "edit", Unsubscribe: "unsubscribe", Pause: "pause", Resume: "resume"}


def _change(before: Subscription | None, after: Subscription) -> Change:
    if before is None:
        return Change.NEW
    return Change.NONE if before == after else Change.EDITED


def _start(day: date, subscription: Subscription, now: datetime) -> datetime:
    """Return the instant a day begins in a subscription's time zone.

    Raises:
        BadQuery: the day is not in the future, or is more than a year away.
    """
    today = now.astimezone(subscription.timezone).date()
    if not today < day <= today + _LONGEST_PAUSE:
        past = gettext("{day} is not in the future.", day=day.isoformat())
        far = gettext("{day} is more than a year away.", day=day.isoformat())
        hint = gettext("Name a day within a year. Without a day, the pause lasts until someone resumes it.")
        raise BadQuery(past if day <= today else far, hint=hint)
    return datetime.combine(day, time.min, tzinfo=subscription.timezone).astimezone(UTC)
