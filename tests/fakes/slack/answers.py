"""The app's responses to a command or an interaction: in the acknowledgement, or later to the response URL."""

import json

from aiohttp import web

from tests.fakes.slack.block_check import check_message
from tests.fakes.slack.hub import Hub
from tests.fakes.slack.passes import ReplyTo
from tests.fakes.slack.problems import Json, SlackRefusal
from tests.fakes.slack.windows import with_ids
from tests.fakes.slack.world import Channel, Message


class Answers:
    """Applies responses; docs.slack.dev/interactivity/handling-user-interaction, "message responses"."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a POST to a response URL."""
        fault = self._hub.faults.of_call("response_url", "")
        if fault is not None:
            return web.Response(status=503)
        try:
            said = json.loads(await request.read())
            reply = self._hub.passes.use_reply(request.match_info["key"])
            self.show(reply, said)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        except SlackRefusal as refusal:
            status = refusal.status if refusal.status != 200 else 400
            return web.json_response(refusal.body(), status=status)
        return web.Response(text="ok")

    def show(self, reply: ReplyTo, said: Json) -> None:
        """Apply a response: post a new message, or replace or delete the one whose button was clicked.

        A command has no such message: a response to its URL is always a new message, whatever flags it sets
        (github.com/slackapi, bolt-python#1268 and bolt-js#2287).
        """
        channel = self._hub.world.workspaces[reply.team].channels[reply.channel]
        original = channel.find(reply.message_ts) if reply.message_ts else None
        if original is not None and "replace_original" not in said and "delete_original" not in said:
            # Reports differ on the effect on the message in this case.
            self._hub.happenings.add("ambiguous", team=reply.team, text="an answer that does not say replace_original")
        if original is not None and said.get("delete_original"):
            channel.messages.remove(original)
            self._hub.note("deleted", channel, original)
        elif original is not None and said.get("replace_original"):
            self._replace(channel, original, said)
        elif said.get("text") or said.get("blocks") or said.get("attachments"):
            self._add(channel, reply, said)
        elif not said.get("delete_original"):
            raise SlackRefusal("no_text", status=400)

    def _replace(self, channel: Channel, original: Message, said: Json) -> None:
        if said.get("blocks"):
            check_message(said["blocks"])
        original.text = said.get("text", "")
        original.blocks = with_ids(said.get("blocks") or [], self._hub.world.ids)
        original.attachments = said.get("attachments") or []
        original.edited = self._hub.stamp()
        self._hub.note("updated", channel, original)

    def _add(self, channel: Channel, reply: ReplyTo, said: Json) -> None:
        if said.get("blocks"):
            check_message(said["blocks"])
        installation = self._hub.world.installed_in(reply.team)
        if installation is None:
            raise SlackRefusal("account_inactive", status=404)
        bot = installation.bot_in(reply.team)
        public = said.get("response_type") == "in_channel"
        message = Message(
            ts=self._hub.stamp(),
            user=bot.id,
            bot_id=bot.bot_id,
            app_id=self._hub.app_id,
            text=said.get("text", ""),
            blocks=with_ids(said.get("blocks") or [], self._hub.world.ids),
            attachments=said.get("attachments") or [],
            only_for=None if public else reply.user,
            thread_ts=said.get("thread_ts") or reply.thread_ts,
        )
        self._hub.post(channel, message, "message" if public else "ephemeral")
