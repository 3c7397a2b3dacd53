"""Builds the payloads of a person's actions in Slack's client and sends them to the app."""

from collections.abc import Callable
from typing import Any

from tests.fakes.slack.answers import Answers
from tests.fakes.slack.deliveries import COMMANDS, INTERACTIVE, Delivery
from tests.fakes.slack.hub import Hub
from tests.fakes.slack.payloads import channel_json, command_body, interaction
from tests.fakes.slack.problems import Json, NotDeclared, NotPossible, SlackRefusal
from tests.fakes.slack.windows import View
from tests.fakes.slack.world import Channel, Installation, Message, User, Workspace

#: docs.slack.dev/interactivity/implementing-slash-commands: the errors shown to people.
_FAILED = {"timeout": "operation_timeout", "http_timeout": "operation_timeout", "http_error": "http_service_error"}


class Interactions:
    """The actions of one person."""

    def __init__(self, hub: Hub, answers: Answers, workspace: Workspace, user: User) -> None:
        self._hub = hub
        self._answers = answers
        self._workspace = workspace
        self._user = user

    @property
    def installation(self) -> Installation:
        """The app's installation in this person's workspace."""
        found = self._hub.world.installed_in(self._workspace.id)
        if found is None:
            raise NotPossible(f"the app is not installed in {self._workspace.name}")
        return found

    @property
    def _app(self) -> Json:
        return self._hub.app | {"is_enterprise_install": self.installation.is_enterprise}

    def command(self, name: str, text: str, channel: Channel) -> Delivery:
        """Send a slash command."""
        declared = self._hub.manifest.command(name)
        if declared is None:
            raise NotDeclared(f"{name} is not a valid command")
        if "commands" not in self.installation.scopes:
            raise NotPossible("the installation lacks the scope commands")
        reply = self._hub.passes.reply_to(self._workspace.id, channel.id, self._user.id)
        trigger = self._trigger((COMMANDS, name), channel.id)
        given = self._escaped(text) if declared.should_escape else text
        more = {"command": name, "text": given, "response_url": self._reply_url(reply.key), "trigger_id": trigger}
        body = command_body(self._app, self._workspace, self._user, channel, **more)
        self._note("command", channel.id, f"{name} {text}".strip())

        def heed(answer: Json) -> None:
            if answer:
                self._shown(lambda: self._answers.show(reply, answer))

        return self._send(COMMANDS, body, (name,), channel.id, heed, name)

    def _escaped(self, text: str) -> str:
        """Replace names with ids, for a command with should_escape in the manifest."""
        for user in self._workspace.users.values():
            text = text.replace(f"@{user.name}", f"<@{user.id}|{user.name}>")
        for channel in self._workspace.channels.values():
            text = text.replace(f"#{channel.name}", f"<#{channel.id}|{channel.name}>") if channel.name else text
        return text

    def _shown(self, show: Callable[[], None]) -> None:
        """Apply a response; if it breaks Slack's rules, notify the person instead."""
        try:
            show()
        except SlackRefusal as refusal:
            self._hub.happenings.add("bad answer", team=self._workspace.id, text=f"{refusal.error} {refusal.more}")
            self._hub.tell(self._user, f"The app's answer could not be shown: {refusal.error}")

    def act(self, where: Message | View, channel: Channel | None, action: Json) -> Delivery:
        """Send a click or a choice in a message or a view; docs.slack.dev, "block_actions payload"."""
        self._interactive()
        names = (action["action_id"],)
        at = channel.id if channel else ""
        more: Json = {"trigger_id": self._trigger((INTERACTIVE, *names), at)}
        if isinstance(where, View):
            more |= {"container": {"type": "view", "view_id": where.id}, "view": self._view(where)}
        elif channel is not None:
            more |= self._in_message(where, channel)
        stamped = {**action, "action_ts": self._hub.stamp()}
        body = interaction(self._app, self._workspace, self._user, "block_actions", actions=[stamped], **more)
        self._note("action", at, action.get("text", {}).get("text") or action["action_id"])
        return self._send(INTERACTIVE, body, names, at)

    def _in_message(self, message: Message, channel: Channel) -> Json:
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.only_for is not None,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        reply = self._hub.passes.reply_to(
            self._workspace.id, channel.id, self._user.id, message_ts=message.ts, thread_ts=message.thread_ts
        )
        return {
            "container": container,
            "channel": channel_json(channel),
            "message": message.as_json() if message.only_for is None else None,
            "state": {"values": {}},
            "response_url": self._reply_url(reply.key),
        }

    def shortcut(self, callback_id: str) -> Delivery:
        """Send a global shortcut."""
        self._interactive()
        self._declared(callback_id, "global")
        more = {"trigger_id": self._trigger((INTERACTIVE, callback_id), "")}
        body = interaction(
            self._app,
            self._workspace,
            self._user,
            "shortcut",
            callback_id=callback_id,
            action_ts=self._hub.stamp(),
            **more,
        )
        self._note("shortcut", "", callback_id)
        return self._send(INTERACTIVE, body, (callback_id,), "")

    def message_shortcut(self, callback_id: str, message: Message, channel: Channel) -> Delivery:
        """Send a message shortcut."""
        self._interactive()
        self._declared(callback_id, "message")
        reply = self._hub.passes.reply_to(self._workspace.id, channel.id, self._user.id, thread_ts=message.thread_ts)
        body = interaction(
            self._app,
            self._workspace,
            self._user,
            "message_action",
            callback_id=callback_id,
            action_ts=self._hub.stamp(),
            trigger_id=self._trigger((INTERACTIVE, callback_id), channel.id),
            response_url=self._reply_url(reply.key),
            message_ts=message.ts,
            message=message.as_json(),
            channel=channel_json(channel),
        )
        self._note("shortcut", channel.id, callback_id)
        return self._send(INTERACTIVE, body, (callback_id,), channel.id)

    def submit(self, view: View) -> Delivery:
        """Send a modal's submission, and apply the app's response."""
        callback = str(view.raw.get("callback_id", ""))
        trigger = self._trigger((INTERACTIVE, callback), "")
        body = interaction(
            self._app,
            self._workspace,
            self._user,
            "view_submission",
            trigger_id=trigger,
            view=self._view(view),
            response_urls=[],
        )
        self._note("submitted", "", str((view.raw.get("title") or {}).get("text", "")))

        def heed(answer: Json) -> None:
            self._shown(lambda: self._hub.windows.answered(view, answer))

        return self._send(INTERACTIVE, body, (callback, "view_submission"), "", heed)

    def closed(self, view: View, *, cleared: bool) -> Delivery | None:
        """Send view_closed, if the view has notify_on_close."""
        if not view.raw.get("notify_on_close"):
            return None
        shown = self._view(view)
        body = interaction(self._app, self._workspace, self._user, "view_closed", view=shown, is_cleared=cleared)
        return self._send(INTERACTIVE, body, (str(view.raw.get("callback_id", "")), "view_closed"), "")

    def suggest(self, view: View, block_id: str, action_id: str, typed: str) -> Delivery:
        """Request the options of a menu from the app; docs.slack.dev, "block_suggestion payload"."""
        more: Json = {"container": {"type": "view", "view_id": view.id}, "view": self._view(view)}
        body = interaction(
            self._app,
            self._workspace,
            self._user,
            "block_suggestion",
            action_id=action_id,
            block_id=block_id,
            value=typed,
            **more,
        )
        return self._send(INTERACTIVE, body, (action_id, "block_suggestion"), "")

    def _declared(self, callback_id: str, kind: str) -> None:
        if self._hub.manifest.shortcut(callback_id, kind) is None:
            raise NotDeclared(f"the manifest has no {kind} shortcut {callback_id}")

    def _interactive(self) -> None:
        if not self._hub.manifest.interactivity:
            raise NotDeclared("the manifest does not enable interactivity")

    def _view(self, view: View) -> Json:
        return view.as_json(self._hub.app_id, self.installation.bot_in(self._workspace.id).bot_id)

    def _trigger(self, names: tuple[str, ...], channel: str) -> str:
        expired = self._hub.faults.of_trigger(names, channel)
        return self._hub.passes.trigger(self._workspace.id, self._user.id, expired=expired).id

    def _reply_url(self, key: str) -> str:
        return f"{self._hub.url}/reply/{key}"

    def _note(self, kind: str, channel: str, text: str) -> None:
        self._hub.happenings.add(kind, team=self._workspace.id, who=self._user.id, channel=channel, text=text)

    def _send(
        self,
        kind: str,
        body: Json,
        names: tuple[str, ...],
        channel: str,
        heed: Any = lambda _answer: None,
        command: str = "",
    ) -> Delivery:
        def fail(reason: str) -> None:
            error = _FAILED.get(reason, "dispatch_failed")
            told = f'{command} failed with the error "{error}"' if command else "We had some trouble connecting."
            self._hub.tell(self._user, told)

        return self._hub.office.send(
            Delivery(
                id=self._hub.world.ids.next("env-"),
                kind=kind,
                team=self._workspace.id,
                payload=body,
                names=names,
                channel=channel,
                url=self._hub.url_of(command=command, interactive=True),
                heed=heed,
                fail=fail,
            )
        )
