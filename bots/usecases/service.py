"""Turns a request into a reply, and a subscription into a digest."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import assert_never

from bots.chat.asker import ANSWER_WITHIN, asking
from bots.chat.turns import Shares
from bots.commands import TOPICS, read_given
from bots.commands.topics import in_words
from bots.digests.builder import DigestBuilder, Watch, unwatched
from bots.domain import replies, requests
from bots.domain.channels import Channel
from bots.domain.digests import Digest
from bots.domain.errors import BadQuery, PaperwireError
from bots.domain.replies import Reply
from bots.domain.requests import Request
from bots.domain.slots import Slot
from bots.ports import Adapters, Clock, Permits, Store
from bots.presentation.digest_text import title_of
from bots.presentation.small_talk_text import small_talk_text
from bots.translation.speech import gettext
from bots.usecases.cards import Cards
from bots.usecases.condensing import Condensing
from bots.usecases.deeds import record
from bots.usecases.following import FollowActions
from bots.usecases.held_runs import with_held
from bots.usecases.hiding import Hiding
from bots.usecases.lookup import PaperLookup
from bots.usecases.one_off import newest, one_off, own_sources, owned
from bots.usecases.paper_actions import PaperActions
from bots.usecases.problems import problem
from bots.usecases.quotas import Quotas
from bots.usecases.reactions import Reactions
from bots.usecases.search_index import SearchIndex
from bots.usecases.source_access import check_all, check_sources, plain_specs, source_errors
from bots.usecases.subscriptions import SubscriptionService
from bots.usecases.tastes import TasteActions

_log = logging.getLogger(__name__)

#: No list of papers is of an earlier day, and no period before it leaves the calendar.
_FIRST_DAY = date(1900, 1, 1)
#: Pasted texts condensed at the same time, one of each person: the threads that are left serve digests, the cards of
#: look-ups and the database.
_PASTES_AT_ONCE = 2


def _short_id() -> str:
    return secrets.token_hex(5)  # 40 bits: a subscription with the id of another would replace it


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """Handles requests and makes digests; holds no state of its own."""

    store: Store
    digest_builder: DigestBuilder
    paper_lookup: PaperLookup
    search_index: SearchIndex
    clock: Clock
    #: The connected platforms, which know who can read which channel.
    adapters: Adapters = field(default_factory=dict)
    #: Permits that the adapters of every process with one database share; None if this process shares none.
    permits: Permits | None = None
    #: Returns the id of a new subscription.
    new_id: Callable[[], str] = field(default=_short_id)

    _placing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _pastes: Shares = field(default_factory=lambda: Shares(_PASTES_AT_ONCE))

    async def answer(self, request: Request) -> Reply:
        """Return the reply to a request; a request that fails returns a `Problem` that says what to do."""
        try:
            with asking(request.reader, within=ANSWER_WITHIN):
                reply = await self._answer(request)
                await record(self.store, request, reply, self.clock)
                return reply
        except PaperwireError as error:
            return problem(error, trusted=request.trusted)

    async def _answer(self, request: Request) -> Reply:
        match request:
            case requests.Lookup():
                return await self._cards.lookup(request, request.text)
            case requests.Search():
                return await self._cards.search(request)
            case requests.Summarize():
                return await self._condensing.condense(request)
            case requests.DigestNow():
                return replies.DigestReply(digest=await self.digest_now(request))
            case requests.Subscribe():
                return await self._subscribe(request)
            case requests.Edit() | requests.Unsubscribe() | requests.Pause() | requests.Resume():
                return await self._change(request)
            case requests.ListSubscriptions():
                return await with_held(await self.standing(request.channel), self.store)
            case requests.Preview():
                return replies.DigestReply(digest=await self._preview(request))
            case requests.Help() | requests.SmallTalk():
                return _help(request)
            case _:
                return await self._of_paper(request)

    async def _of_paper(self, request: requests.OfPaper | requests.OfPerson) -> Reply:
        match request:
            case requests.Follow() | requests.Unfollow() | requests.Following() | requests.Mentions():
                return await self._following.answer(request)
            case requests.Abstract():
                return await self._paper_actions.abstract(request)
            case requests.Save():
                return await self._paper_actions.save(request)
            case requests.Unsave():
                return await self._paper_actions.unsave(request)
            case requests.Saved():
                return await self._paper_actions.saved(request)
            case requests.NotForUs() | requests.Unhide() | requests.Hidden():
                return await self._hiding.answer(request)
            case requests.Taste():
                return await self.taste_actions.answer(request)
            case requests.Cite():
                return await self._paper_actions.cite(request)
            case requests.MoreLike():
                return await self._more_like(request)
        assert_never(request)

    async def _more_like(self, request: requests.MoreLike) -> Reply:
        paper, near = await self._paper_actions.more_like(request)
        found = await self._cards.listed(request, title_of(paper), near)
        return replace(found, alike=True)

    @property
    def _condensing(self) -> Condensing:
        quotas = Quotas(counters=self.store, clock=self.clock, plans=self.store)
        return Condensing(blurbs=self.digest_builder.blurbs, pastes=self._pastes, quotas=quotas)

    @property
    def _following(self) -> FollowActions:
        return FollowActions(follows=self.store, subscriptions=self.store, clock=self.clock)

    @property
    def _hiding(self) -> Hiding:
        return Hiding(readers=self.store, tastes=self.store, paper_lookup=self.paper_lookup, clock=self.clock)

    @property
    def taste_actions(self) -> TasteActions:
        """Shows, teaches, exports and forgets what the ranking of channels learned."""
        return TasteActions(tastes=self.store, paper_lookup=self.paper_lookup, clock=self.clock)

    @property
    def reactions(self) -> Reactions:
        """Lets channels' rankings learn from reactions to their digests."""
        return Reactions(ledger=self.store, shelf=self.store, tastes=self.store, clock=self.clock)

    @property
    def _paper_actions(self) -> PaperActions:
        return PaperActions(
            readers=self.store,
            tastes=self.store,
            paper_lookup=self.paper_lookup,
            clock=self.clock,
            vectors=self.digest_builder.vectors,
            search_index=self.search_index,
        )

    @property
    def _cards(self) -> Cards:
        return Cards(
            store=self.store,
            digest_builder=self.digest_builder,
            paper_lookup=self.paper_lookup,
            search_index=self.search_index,
            clock=self.clock,
            adapters=self.adapters,
        )

    async def digest_now(self, request: requests.DigestNow, *, watch: Watch = unwatched) -> Digest:
        """Return the digest that a person requested; without a day, the newest day on which anything was listed.

        Raises:
            BadQuery: the filter cannot be read, or no list can be of that day.
            SettingsError: there is no such source.
            StoreError: the database cannot be read or written.
        """
        if not request.sources:
            request = replace(request, sources=own_sources(await self.store.subscriptions(request.channel)))
        check_sources(request.sources, request)
        # A mistyped name is not a failed source: report it at once, with the names that exist.
        request = replace(request, sources=plain_specs(request.sources, self.digest_builder.source_reader.open_source))
        if request.day is not None:
            self._check_day(request.day)
        if request.day is None:
            subscription, today = one_off(request), self.clock().date()
            return await newest(
                lambda back: self.digest_builder.digest(subscription, [today - timedelta(days=back)], watch=watch)
            )
        return await self.digest_builder.digest(one_off(request), [request.day], watch=watch)

    def _check_day(self, day: date) -> None:
        # In the easternmost time zones it is already tomorrow.
        if not _FIRST_DAY <= day <= self.clock().date() + timedelta(days=1):
            hint = gettext("Leave the day out for the newest list.")
            raise BadQuery(gettext("There is no list of papers for {day}.", day=day.isoformat()), hint=hint)

    async def _subscribe(self, request: requests.Subscribe) -> Reply:
        subscription, open_source = request.subscription, self.digest_builder.source_reader.open_source
        sources = check_all(subscription.sources, subscription.query, request, open_source)
        async with self._placing:  # so that requests at the same time cannot pass the limit together
            made = owned(replace(subscription, sources=sources), request)
            service = self._subscription_service
            return await (service.place(made, capped=False) if request.trusted else service.place_once(made))

    async def _change(self, request: requests.Edit | requests.Unsubscribe | requests.Pause | requests.Resume) -> Reply:
        if isinstance(request, requests.Edit):
            said = read_given(request.options)
            check_all(said.sources, said.query, request, self.digest_builder.source_reader.open_source)
        async with self._placing:  # so that of two presses at once, one changes it and one finds it changed
            return await self._subscription_service.change(request)

    async def _preview(self, request: requests.Preview) -> Digest:
        subscription, open_source = request.subscription, self.digest_builder.source_reader.open_source
        sources = check_all(subscription.sources, subscription.query, request, open_source)
        subscription = owned(replace(subscription, sources=sources), request)
        today = Slot.at(self.clock(), subscription.timezone)
        return await newest(
            lambda back: self.digest_builder.of_slot(subscription, replace(today, day=today.day - timedelta(days=back)))
        )

    def source_errors(self, specs: Sequence[str], asked: requests.Asked) -> tuple[str, ...]:
        """Return what is wrong with each source that this request may not use or that does not exist."""
        return source_errors(specs, asked, self.digest_builder.source_reader.open_source)

    @property
    def _subscription_service(self) -> SubscriptionService:
        return SubscriptionService(subscriptions=self.store, clock=self.clock, new_id=self.new_id, plans=self.store)

    async def standing(
        self, channel: Channel | None = None, *, among: Callable[[Channel], bool] = lambda _: True
    ) -> replies.SubscriptionList:
        """Return the subscriptions of a channel, or of every channel, each with the instant it is next due.

        Args:
            channel: the channel; None for every channel that `among` accepts.
            among: returns whether a channel's subscriptions are wanted.

        Raises:
            StoreError: the database cannot be read.
        """
        return await self._subscription_service.standing(channel, among=among)


def _help(request: requests.Help | requests.SmallTalk) -> Reply:
    if isinstance(request, requests.SmallTalk):
        return replies.Noted(said=small_talk_text(request.talk, request.language))
    asked = request.topic.casefold()
    found = tuple(topic for topic in TOPICS if not asked or topic.name == asked) or TOPICS
    return replies.HelpReply(topics=tuple(map(in_words, found)))
