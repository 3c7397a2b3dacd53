"""What the app needs from a Slack workspace, in one table: its manifest, and the scopes of each API call. Pure."""

import json
from collections.abc import Mapping
from typing import Literal

from bots.chat.phrases import listed
from bots.presentation.source_text import titles
from bots.slack.blocks import Json
from bots.slack.outgoing import COMMAND

Mode = Literal["socket", "http"]

#: The callback ids of the two shortcuts.
SHORTCUT = "summarize"
MESSAGE_SHORTCUT = "summarize_message"
#: The path for Slack's events and interactions, and the paths of the OAuth pages.
EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
#: Placeholder in the manifest until the operator sets a public URL.
EXAMPLE_URL = "https://paperwire.example"
#: Slack takes domains only, no paths: for huggingface.co, we filter for /papers ourselves.
UNFURL_DOMAINS = ("arxiv.org", "huggingface.co")

#: docs.slack.dev/reference/methods: the scopes of which a bot needs at least one, by the kind of conversation; empty
#: for methods that any token may call.
SCOPES_OF_METHODS: Mapping[str, tuple[str, ...]] = {
    "auth.test": (),
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.delete": ("chat:write",),
    "chat.unfurl": ("links:write",),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.replies": ("channels:history", "groups:history", "im:history"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.join": ("channels:join",),
    "conversations.members": ("channels:read", "groups:read"),
    "users.conversations": ("channels:read", "groups:read"),
    "users.info": ("users:read",),
    "views.open": (),
    "views.push": (),
    "views.update": (),
    "views.publish": (),
}
#: A scope of the app-level token (`xapp-`), which no workspace grants.
APP_SCOPE = "connections:write"

#: The reason for each scope; a test checks it against the calls and events that need the scope.
SCOPES: Mapping[str, str] = {
    "app_mentions:read": "to receive mentions of the app in a channel",
    "channels:history": "to check, after a lost answer, whether the app's own message was posted",
    "channels:join": "to join a public channel that has a subscription",
    "channels:read": "to distinguish a deleted channel from one that the app is not in",
    "chat:write": "to post",
    "commands": f"for {COMMAND} and the shortcuts",
    "groups:read": "the same as channels:read, in private channels",
    "im:history": "to receive direct messages",
    "users:read": "for the time zone and the language in a person's profile",
}
#: A workspace may decline these; only the features that need them are lost.
OPTIONAL_SCOPES: Mapping[str, str] = {
    "chat:write.public": "to post in public channels without joining them",
    "groups:history": "the same as channels:history, in private channels",
    "reactions:read": "to let the ranking learn from reactions to the app's own digests",
}
#: Requested only if unfurling is switched on: with them Slack reports every link to these domains to the app.
UNFURL_SCOPES: Mapping[str, str] = {
    "links:read": "to receive links to papers",
    "links:write": "to show the papers behind links",
}
#: docs.slack.dev/reference/events: the scope of each event, by its subscription name.
EVENTS: Mapping[str, str] = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "channel_left": "channels:read",
    "channel_unarchive": "channels:read",
    "group_left": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "team_access_revoked": "",
    "tokens_revoked": "",
}
UNFURL_EVENTS: Mapping[str, str] = {"link_shared": "links:read"}

_SHORT = "Reads the day's papers, condenses each abstract to a blurb, and posts digests to your team's channels."
_LONG = (
    f"Paperwire posts a digest of new papers from {{sources}} to a channel at the times of its subscription: each "
    f"paper with its title, authors and a blurb that rests on sentences of the abstract. Anyone can look up a paper "
    f"with {COMMAND}, by mentioning the app or in a direct message; save papers and export them as BibTeX; and "
    f"condense an abstract from a message's menu. The default engine needs no network and no key: pasted text stays "
    f"on the server that runs Paperwire."
)
_USAGE = "[id, address or title] | search | digest | subscribe | saved | help"
_SHORTCUTS = (
    {
        "name": "Summarize an abstract",
        "type": "global",
        "callback_id": SHORTCUT,
        "description": "Condenses an abstract that you paste",
    },
    {
        "name": "Summarize",
        "type": "message",
        "callback_id": MESSAGE_SHORTCUT,
        "description": "Condenses this message, or the papers it links to",
    },
)


def scopes(*, unfurl: bool = False) -> tuple[str, ...]:
    """Return the scopes that a workspace must grant."""
    return tuple(sorted({**SCOPES, **(UNFURL_SCOPES if unfurl else {})}))


def manifest(mode: Mode, url: str = "", *, unfurl: bool = False) -> Json:
    """Return the manifest for creating an app at api.slack.com/apps.

    Args:
        mode: `socket` needs no public URL; `http` needs one, and can be installed in many workspaces.
        url: the public URL of Paperwire, for `http`.
        unfurl: whether links to papers that people post are unfurled with their blurb.
    """
    base = "" if mode == "socket" else (url or EXAMPLE_URL).rstrip("/")
    return {
        "display_information": {
            "name": "Paperwire",
            "description": _SHORT,
            "long_description": _LONG.format(sources=listed(titles())),
            "background_color": "#1f3a5f",
        },
        "features": _features(base, unfurl=unfurl),
        "oauth_config": {
            **({"redirect_urls": [f"{base}{REDIRECT_PATH}"]} if base else {}),
            "scopes": {"bot": [*scopes(unfurl=unfurl)], "bot_optional": [*OPTIONAL_SCOPES]},
        },
        "settings": _settings(base, unfurl=unfurl),
    }


def _features(base: str, *, unfurl: bool) -> Json:
    command = {
        "command": COMMAND,
        "description": "Look up a paper, get a digest, subscribe this channel",
        "usage_hint": _USAGE,
        # Names of people and channels are words of a title here, not mentions.
        "should_escape": False,
        **_reached_at(base, "url"),
    }
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Paperwire", "always_online": True},
        "shortcuts": [dict(each) for each in _SHORTCUTS],
        "slash_commands": [command],
        **({"unfurl_domains": [*UNFURL_DOMAINS]} if unfurl else {}),
    }


def _settings(base: str, *, unfurl: bool) -> Json:
    events = sorted({**EVENTS, **(UNFURL_EVENTS if unfurl else {})})
    return {
        "event_subscriptions": {**_reached_at(base, "request_url"), "bot_events": events},
        "interactivity": {"is_enabled": True, **_reached_at(base, "request_url")},
        "org_deploy_enabled": True,
        "socket_mode_enabled": not base,
        "token_rotation_enabled": False,
    }


def _reached_at(base: str, name: str) -> Mapping[str, str]:
    return {name: f"{base}{EVENTS_PATH}"} if base else {}


def written(mode: Mode, url: str = "", *, unfurl: bool = False) -> str:
    """Return the manifest as text to paste into Slack's app settings."""
    return json.dumps(manifest(mode, url, unfurl=unfurl), indent=2, ensure_ascii=False) + "\n"
