"""A small bot on the real slack_bolt, to test the fake Slack with."""

import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.server import FakeSlack

Json = dict[str, Any]

MANIFEST: Json = {
    "display_information": {"name": "Paperwire"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "paperwire"},
        "slash_commands": [{"command": "/paper", "description": "Ask for a paper", "usage_hint": "help"}],
        "shortcuts": [
            {"name": "Summarize", "type": "global", "callback_id": "summarize", "description": "Paste an abstract"},
            {"name": "Summarize", "type": "message", "callback_id": "summarize_message", "description": "This one"},
        ],
        "unfurl_domains": ["arxiv.org"],
    },
    "oauth_config": {
        "scopes": {
            "bot": (
                "app_mentions:read channels:history channels:join channels:read chat:write commands files:read "
                "files:write groups:history groups:read im:history im:read im:write links:read links:write "
                "reactions:read reactions:write team:read users:read"
            ).split()
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": (
                "app_home_opened app_mention app_uninstalled link_shared message.channels message.im reaction_added "
                "tokens_revoked"
            ).split()
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def over_http(url: str) -> Json:
    """Return the manifest of the same app without Socket Mode, at a URL."""
    manifest: Json = json.loads(json.dumps(MANIFEST))
    manifest["settings"]["socket_mode_enabled"] = False
    manifest["settings"]["event_subscriptions"]["request_url"] = url
    manifest["settings"]["interactivity"]["request_url"] = url
    manifest["features"]["slash_commands"][0]["url"] = url
    return manifest


def client(
    slack: FakeSlack, token: str | None = None, *handlers: AsyncRetryHandler, timeout: int = 5
) -> AsyncWebClient:
    """Return slack_sdk's own client, with the given retry handlers only."""
    return AsyncWebClient(token=token, base_url=slack.api, timeout=timeout, retry_handlers=list(handlers))


def text(words: str, kind: str = "mrkdwn") -> Json:
    """Return a text object."""
    return {"type": kind, "text": words}


def section(words: str) -> Json:
    """Return a section block."""
    return {"type": "section", "text": text(words)}


def button(label: str, action: str) -> Json:
    """Return an actions block with one button."""
    element = {"type": "button", "text": text(label, "plain_text"), "action_id": action, "value": "2004.15011"}
    return {"type": "actions", "elements": [element]}


SUBSCRIBE: Json = {
    "type": "modal",
    "callback_id": "subscribe",
    "title": text("Subscribe", "plain_text"),
    "submit": text("Save", "plain_text"),
    "blocks": [
        {
            "type": "input",
            "block_id": "query",
            "label": text("Words to look for", "plain_text"),
            "element": {"type": "plain_text_input", "action_id": "words"},
        },
        {
            "type": "input",
            "block_id": "sources",
            "label": text("Sources", "plain_text"),
            "optional": True,
            "element": {
                "type": "multi_static_select",
                "action_id": "picked",
                "options": [
                    {"text": text("arXiv", "plain_text"), "value": "arxiv"},
                    {"text": text("Hugging Face", "plain_text"), "value": "huggingface"},
                ],
            },
        },
    ],
}


async def paper(ack: Any, command: Json, client: AsyncWebClient, respond: Any) -> None:
    """Respond to /paper."""
    if command["text"] == "subscribe":
        await ack()
        # slack_bolt loses an acknowledgement if its listener fails within the next 10 ms.
        with contextlib.suppress(SlackApiError):
            await client.views_open(trigger_id=command["trigger_id"], view=SUBSCRIBE)
    elif command["text"] == "later":
        await ack()
        await respond("Looking…")
        await respond("Found it.", replace_original=True)
    else:
        await ack(text=f"You asked: {command['text']}", blocks=[section("Help"), button("More", "more")])


async def more_(ack: Any, respond: Any) -> None:
    """Replace the message."""
    await ack()
    await respond(text="More of it.", replace_original=True)


async def menu(ack: Any, action: Json, respond: Any) -> None:
    """Respond with the chosen option."""
    await ack()
    await respond(f"Chose {action['selected_option']['value']}")


async def subscribe(ack: Any, view: Json, body: Json, client: AsyncWebClient) -> None:
    """Accept a subscription, or return an error for its query."""
    words = view["state"]["values"]["query"]["words"]["value"]
    if words == "bad":
        await ack(response_action="errors", errors={"query": "Not a query"})
        return
    await ack()
    await client.chat_postMessage(channel=body["user"]["id"], text=f"Subscribed to {words}")


async def summarize(ack: Any, shortcut: Json, client: AsyncWebClient) -> None:
    """Open the modal."""
    await ack()
    await client.views_open(trigger_id=shortcut["trigger_id"], view=SUBSCRIBE)


async def summarize_message(ack: Any, shortcut: Json, respond: Any) -> None:
    """Respond with the message's text."""
    await ack()
    await respond(f"In short: {shortcut['message']['text']}")


async def mentioned(event: Json, say: Any) -> None:
    """Reply in the thread of a mention."""
    await say("You called?", thread_ts=event.get("thread_ts", event["ts"]))


async def direct(event: Json, say: Any) -> None:
    """Reply to a direct message."""
    if event["channel_type"] == "im":
        await say(f"Heard: {event['text']}")


async def home(event: Json, client: AsyncWebClient) -> None:
    """Publish the home tab."""
    await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Your papers")]})


async def link(event: Json, client: AsyncWebClient) -> None:
    """Unfurl the link to a paper."""
    unfurls = {each["url"]: {"blocks": [section("A paper")]} for each in event["links"]}
    await client.chat_unfurl(unfurl_id=event["unfurl_id"], source=event["source"], unfurls=unfurls)


async def noted() -> None:
    """Do nothing: with a listener, slack_bolt acknowledges the event."""


def make_bot(web_client: AsyncWebClient, **more: Any) -> AsyncApp:
    """Return a bot that handles one event or interaction of every kind."""
    app = AsyncApp(client=web_client, **more)
    app.command("/paper")(paper)
    app.action("more")(more_)
    app.action("menu")(menu)
    app.view("subscribe")(subscribe)
    app.shortcut("summarize")(summarize)
    app.shortcut("summarize_message")(summarize_message)
    app.event("app_mention")(mentioned)
    app.event("message")(direct)
    app.event("app_home_opened")(home)
    app.event("link_shared")(link)
    app.event("reaction_added")(noted)
    if app.oauth_flow is not None:
        app.enable_token_revocation_listeners()
    else:
        app.event("app_uninstalled")(noted)
        app.event("tokens_revoked")(noted)
    return app


@asynccontextmanager
async def socket_bot(slack: FakeSlack, token: str, ping_interval: float = 0.1) -> AsyncIterator[AsyncSocketModeHandler]:
    """Run the bot over Socket Mode."""
    app = make_bot(client(slack, token))
    handler = AsyncSocketModeHandler(
        app, slack.hub.app_token, web_client=client(slack, slack.hub.app_token), ping_interval=ping_interval
    )
    await handler.connect_async()  # type: ignore[no-untyped-call] # slack_bolt does not say what it returns
    try:
        await slack.hub.sockets.connected()
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call] # nor here


@asynccontextmanager
async def http_server(app: web.Application) -> AsyncIterator[str]:
    """Serve an application on the loopback address, and yield its URL."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
