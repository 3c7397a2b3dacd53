"""Creates the events of a change, and sends those that the app's manifest subscribes to and its scopes permit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.fakes.slack.manifest import EVENT_SCOPES
from tests.fakes.slack.mrkdwn import Link, read
from tests.fakes.slack.payloads import message_event

if TYPE_CHECKING:
    from tests.fakes.slack.deliveries import Delivery
    from tests.fakes.slack.hub import Hub
    from tests.fakes.slack.problems import Json
    from tests.fakes.slack.world import Channel, Installation, Message, Workspace

#: The manifest's names of message events, by the type of the conversation.
MESSAGE_EVENTS = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}


class Events:
    """Sends events to the app, according to its subscriptions."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def send(self, installation: Installation, workspace: Workspace, event: Json) -> Delivery | None:
        """Send an event; return None if the app does not receive it, and log the reason."""
        name = event["type"]
        if name == "message":
            name = MESSAGE_EVENTS[event["channel_type"]]
        needed = EVENT_SCOPES.get(name, "")
        reason = ""
        if name not in self._hub.manifest.events:
            reason = "the manifest does not subscribe to it"
        elif needed and needed not in installation.scopes:
            reason = f"the installation lacks the scope {needed}"
        elif installation.revoked:
            reason = "the app is not installed"
        if reason:
            self._hub.happenings.add("withheld", team=workspace.id, text=f"{name}: {reason}")
            return None
        return self._hub.send_event(installation, workspace, event)

    def of_message(self, channel: Channel, message: Message) -> None:
        """Send the events of a message: the message itself, a mention, links to the app's domains."""
        installation = self._hub.world.installed_in(channel.team)
        if installation is None:
            return
        workspace = self._hub.world.workspaces[channel.team]
        bot = installation.bot_in(channel.team)
        if bot.id in channel.members:
            self.send(installation, workspace, message_event(message, channel))
            if f"<@{bot.id}>" in message.text and not channel.im_with and message.user != bot.id:
                self.send(installation, workspace, message_event(message, channel, "app_mention"))
        elif f"<@{bot.id}>" in message.text:
            self._hub.happenings.add("withheld", team=workspace.id, text="app_mention: the bot is not in the channel")
        # docs.slack.dev/reference/events/link_shared: no event for the app's own messages.
        if message.user != bot.id:
            self.of_links(channel, message)

    def of_change(self, channel: Channel, message: Message, *, deleted: bool) -> None:
        """Send the event of an edited or deleted message; docs.slack.dev/reference/events/message, subtypes."""
        installation = self._hub.world.installed_in(channel.team)
        if installation is None or installation.bot_in(channel.team).id not in channel.members:
            return
        stamp = self._hub.stamp()
        event: Json = {
            "type": "message",
            "subtype": "message_deleted" if deleted else "message_changed",
            "hidden": True,
            "channel": channel.id,
            "channel_type": message_event(message, channel)["channel_type"],
            "ts": stamp,
            "event_ts": stamp,
            "previous_message": message.as_json(),
        }
        event |= {"deleted_ts": message.ts} if deleted else {"message": message.as_json()}
        self.send(installation, self._hub.world.workspaces[channel.team], event)

    def of_links(self, channel: Channel, message: Message) -> None:
        """Send link_shared for links to the manifest's domains."""
        found = self.links(message.text)
        installation = self._hub.world.installed_in(channel.team)
        if not found or installation is None:
            return
        event: Json = {
            "type": "link_shared",
            "channel": channel.id,
            "is_bot_user_member": installation.bot_in(channel.team).id in channel.members,
            "user": message.user,
            "message_ts": message.ts,
            "unfurl_id": f"{channel.id}.{message.ts}",
            "source": "conversations_history",
            "links": found,
            "event_ts": message.ts,
        }
        if message.thread_ts:
            event["thread_ts"] = message.thread_ts
        self.send(installation, self._hub.world.workspaces[channel.team], event)

    def of_draft(self, team: str, user: str, text: str) -> str:
        """Send link_shared for links in an unsent message; return the unfurl_id."""
        installation, found, stamp = self._hub.world.installed_in(team), self.links(text), self._hub.stamp()
        unfurl_id = f"draft-{stamp}"
        if found and installation is not None:
            self._hub.drafts[unfurl_id] = {each["url"]: {} for each in found}
            event: Json = {
                "type": "link_shared",
                # docs.slack.dev/reference/events/link_shared: an unsent message has no channel and no timestamp.
                "channel": "COMPOSER",
                "is_bot_user_member": True,
                "user": user,
                "message_ts": f"{user}-{stamp}",
                "unfurl_id": unfurl_id,
                "source": "composer",
                "links": found,
                "event_ts": stamp,
            }
            self.send(installation, self._hub.world.workspaces[team], event)
        return unfurl_id

    def links(self, text: str) -> list[Json]:
        """Return the links in a text to a domain of the app or its subdomains."""
        urls = dict.fromkeys(leaf.url for leaf in read(text) if isinstance(leaf, Link))
        domains = self._hub.manifest.unfurl_domains
        return [{"url": url, "domain": domain} for url in urls for domain in domains if _within(url, domain)]


def _within(url: str, domain: str) -> bool:
    return re.fullmatch(rf"(.+\.)?{re.escape(domain)}", urlsplit(url).hostname or "") is not None
