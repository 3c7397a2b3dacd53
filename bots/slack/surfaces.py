"""Surfaces that Paperwire fills without a request: a person's home tab, and unfurls of links to papers."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.shared_links import MOST_UNFURLS, left_out
from bots.chat.untrusted import at, text_at
from bots.domain.channels import Channel
from bots.domain.digests import Entry
from bots.domain.errors import StoreError
from bots.domain.replies import Card, Problem, SavedList, Subscribed
from bots.domain.requests import Lookup, Saved
from bots.slack.actions import SharedLink
from bots.slack.home import MOST_SUBSCRIPTIONS, Home, home_view
from bots.slack.incoming import read_links
from bots.slack.outgoing import unfurl
from bots.slack.payloads import channel_in, first_text
from bots.slack.web_client import UNCONFIRMED, said_by
from bots.translation.speech import gettext, gettext_noop
from bots.usecases.held_runs import with_held
from bots.usecases.problems import problem
from bots.usecases.service import Service

_log = logging.getLogger(__name__)

#: Channels of a person in one answer of Slack's, and the number of such answers that are read per kind.
_MOST_CHANNELS = 200
_MOST_PAGES = 5
#: The kinds of channels, each with what is said if Slack does not show them: each needs a permission of its own.
_KINDS = {
    "public_channel": gettext_noop("Those of public channels are not shown: type /paper subscriptions in the channel."),
    "private_channel": gettext_noop(
        "Those of private channels are not shown: type /paper subscriptions in the channel."
    ),
}


#: The news of this version for people in Slack, the latest first; CHANGELOG.md has the full list.
NEWS = (
    gettext_noop("A subscription can be a round-up of the week or of the month, and wait until arXiv has announced."),
    gettext_noop(
        "Save a paper, take your list along as BibTeX, or see more like it: the buttons are under every paper."
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Surfaces:
    """Draws home tabs and unfurls links."""

    service: Service
    news: tuple[str, ...] = NEWS

    async def publish(
        self, client: AsyncWebClient, own: Channel, user: str, *, words: str = "", view_hash: str = ""
    ) -> None:
        """Publish a person's home tab; leave it as it is if it was redrawn in the meantime.

        Args:
            client: the Web API client of the workspace.
            own: the person's direct messages with the bot.
            user: the person's id.
            words: the search words for the saved papers.
            view_hash: the hash of the view to replace; empty replaces any view.
        """
        saved = await self.service.answer(Saved(channel=own, user=user, words=words))
        subscriptions, missing = await self._subscriptions(client, own, user)
        home = Home(
            subscriptions=subscriptions,
            saved=saved if isinstance(saved, SavedList) else SavedList(),
            missing=(*missing, *([saved.message] if isinstance(saved, Problem) else [])),
            news=tuple(map(gettext, self.news)),
            direct=own.channel if own.channel != user else "",
        )
        try:
            await client.views_publish(user_id=user, view=home_view(home), hash=view_hash or None)
        except SlackApiError as error:
            if said_by(error)[0] != "hash_conflict":
                _log.warning("the home tab could not be drawn", extra={"error": said_by(error)[0]})
        except UNCONFIRMED as error:
            _log.warning("the home tab could not be drawn", extra={"error": type(error).__name__})

    async def _subscriptions(
        self, client: AsyncWebClient, own: Channel, user: str
    ) -> tuple[tuple[Subscribed, ...], tuple[str, ...]]:
        """Return the subscriptions of a person's channels, and a sentence about each kind that Slack does not show."""
        # A person's subscriptions are stored under their direct messages, or under their own id.
        names, missing = {own.channel, user}, []
        for kind, said in _KINDS.items():
            found = await _channels(client, user, kind)
            names |= found or frozenset()
            missing += [gettext(said)] if found is None else []
        try:
            standing = await self.service.standing(
                among=lambda channel: (
                    (channel.platform, channel.workspace) == ("slack", own.workspace) and channel.channel in names
                )
            )
            shown = await with_held(replace(standing, items=standing.items[:MOST_SUBSCRIPTIONS]), self.service.store)
        except StoreError as error:
            told = problem(error)
            return (), (f"{told.message} {told.hint}".strip(),)
        return (*shown.items, *standing.items[MOST_SUBSCRIPTIONS:]), tuple(missing)

    async def unfurl(self, client: AsyncWebClient, body: Mapping[str, Any]) -> None:
        """Unfurl each link to a paper with the paper's card; leave other links as they are."""
        event = at(body, "event")
        if text_at(event, "channel").startswith("D"):
            return  # A link in a direct message to the bot is a request and gets a reply.
        where = channel_in(first_text(body, ("team_id",), ("enterprise_id",)), text_at(event, "channel"))
        links = read_links(body)
        shown, note = links[:MOST_UNFURLS], left_out(len(links))
        async with asyncio.TaskGroup() as group:
            cards = [group.create_task(self._card(where, text_at(event, "user"), link)) for link in shown]
        found = [(link.url, card.result()) for link, card in zip(shown, cards, strict=True)]
        entries = {url: entry for url, entry in found if entry is not None}
        last = next(reversed(entries), "")
        if entries:
            # `unfurl_id` and `source` rather than the message's `ts`: a link in a message being composed has none yet.
            await client.chat_unfurl(
                unfurl_id=text_at(event, "unfurl_id"),
                source=text_at(event, "source"),
                unfurls={url: unfurl(entry, note if url == last else "") for url, entry in entries.items()},
            )

    async def _card(self, where: Channel, user: str, link: SharedLink) -> Entry | None:
        reply = await self.service.answer(Lookup(channel=where, user=user, text=link.url))
        return reply.entry if isinstance(reply, Card) else None


async def _channels(client: AsyncWebClient, user: str, kind: str) -> frozenset[str] | None:
    """Return the ids of a person's channels of one kind; None if Slack does not show them."""
    found: set[str] = set()
    cursor = ""
    for _ in range(_MOST_PAGES):
        more = {"cursor": cursor} if cursor else {}
        try:
            answer = await client.users_conversations(
                user=user, types=kind, limit=_MOST_CHANNELS, exclude_archived=True, **more
            )
        except SlackApiError as error:
            _log.warning("a person's channels are not shown", extra={"error": said_by(error)[0], "kind": kind})
            return None
        except UNCONFIRMED as error:
            _log.warning("a person's channels are not shown", extra={"error": type(error).__name__, "kind": kind})
            return None
        found |= {str(at(channel, "id")) for channel in answer.get("channels") or ()}
        cursor = text_at(answer.data, "response_metadata", "next_cursor")
        if not cursor:
            break
    return frozenset(found)
