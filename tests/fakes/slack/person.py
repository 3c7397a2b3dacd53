"""Simulates a person in Slack: commands, messages, clicks, modals; the app is reached through the platform only."""

from typing import TypeVar

from tests.fakes.slack.answers import Answers
from tests.fakes.slack.api_files import new_file
from tests.fakes.slack.deliveries import Delivery
from tests.fakes.slack.hub import Hub
from tests.fakes.slack.interactions import Interactions
from tests.fakes.slack.looking import Reader
from tests.fakes.slack.mrkdwn import as_typed
from tests.fakes.slack.oauth import Browser, Page
from tests.fakes.slack.payloads import typed_blocks
from tests.fakes.slack.problems import Json, NotPossible
from tests.fakes.slack.reading import Control, Seen
from tests.fakes.slack.screens import Screen, option_named
from tests.fakes.slack.world import Channel, Message, User, Workspace

T = TypeVar("T")
#: Above every deadline for an acknowledgement.
_ACKED_WITHIN = 10.0


class Person(Reader):
    """A person in a workspace who writes messages, uses commands, clicks and fills in modals."""

    def __init__(self, hub: Hub, answers: Answers, workspace: Workspace, user: User) -> None:
        super().__init__(hub, workspace, user)
        self._does = Interactions(hub, answers, workspace, user)

    # ── writing messages ─────────────────────────────────────────────────────────────────────────────────────────────

    async def types(
        self, line: str, channel: Channel | str, *, thread: str | None = None, wait: bool = True
    ) -> Delivery:
        """Type a slash command; wait until the app has acknowledged it or the delivery has failed."""
        if thread:
            raise NotPossible("slash commands cannot be used in threads")
        name, _, text = line.partition(" ")
        return await self._done(self._does.command(name, text.strip(), self._place(channel)), wait=wait)

    async def says(
        self, text: str, channel: Channel | str, thread: str | None = None, *, files: list[Json] | None = None
    ) -> Seen:
        """Post a message; `<@U…>` in it is a mention, as picked from Slack's list."""
        place = self._place(channel)
        if self.user.id not in place.members:
            raise NotPossible(f"{self.user.name} is not in {place.name}")
        typed = as_typed(text)
        message = Message(
            ts=self.hub.stamp(),
            user=self.user.id,
            text=typed,
            blocks=typed_blocks(typed) if typed else [],
            thread_ts=thread,
            files=files or [],
        )
        return self.hub.seen(place, self.hub.post(place, message))

    async def mentions(self, text: str, channel: Channel | str, thread: str | None = None) -> Seen:
        """Post a message that starts with a mention of the bot."""
        return await self.says(f"<@{self.bot.id}> {text}".strip(), channel, thread)

    async def dms(self, text: str, thread: str | None = None) -> Seen:
        """Post a direct message to the bot."""
        if not self.hub.manifest.messages_tab:
            raise NotPossible("sending messages to this app has been turned off")
        return await self.says(text, self.direct, thread)

    async def shares_link(self, url: str, channel: Channel | str, thread: str | None = None) -> Seen:
        """Post a link."""
        return await self.says(url, channel, thread)

    async def drafts_link(self, url: str) -> str:
        """Type a link without sending it; return the unfurl_id, the key of the app's unfurls in `hub.drafts`."""
        return self.hub.events.of_draft(self.workspace.id, self.user.id, url)

    async def uploads(self, name: str, content: bytes, channel: Channel | str, text: str = "") -> Seen:
        """Share a file."""
        return await self.says(text, channel, files=[self.has_file(name, content)])

    def has_file(self, name: str, content: bytes) -> Json:
        """Return an uploaded file of this person; a file field takes a list of such files."""
        file = new_file(self.hub, name=name, size=len(content), user=self.user.id, team=self.workspace.id)
        self.hub.files[file["id"]]["content"] = content
        return file

    async def edits(self, message: Seen, text: str) -> None:
        """Edit one's own message."""
        self._mine(message)
        message.message.text = as_typed(text)
        message.message.blocks = typed_blocks(message.message.text)
        message.message.edited = self.hub.stamp()
        self.hub.note("updated", self.workspace.channels[message.channel], message.message)

    async def deletes(self, message: Seen) -> None:
        """Delete one's own message."""
        self._mine(message)
        channel = self.workspace.channels[message.channel]
        channel.messages.remove(message.message)
        self.hub.note("deleted", channel, message.message)

    def _mine(self, message: Seen) -> None:
        if message.message.user != self.user.id:
            raise NotPossible("only one's own messages can be changed")

    async def invites_bot(self, channel: Channel | str) -> None:
        """Add the bot to a channel."""
        place = self._place(channel)
        if self.bot.id not in place.members:
            place.members.append(self.bot.id)
            self._membership("member_joined_channel", place)

    async def removes_bot(self, channel: Channel | str) -> None:
        """Remove the bot from a channel."""
        place = self._place(channel)
        if self.bot.id in place.members:
            self._membership("member_left_channel", place)
            place.members.remove(self.bot.id)
            # docs.slack.dev/reference/events/channel_left: to the one who is gone, and it names no user.
            named = "group_left" if place.is_private else "channel_left"
            event: Json = {"type": named, "channel": place.id, "actor_id": self.user.id, "event_ts": self.hub.stamp()}
            self.hub.events.send(self._does.installation, self.workspace, event)

    def _membership(self, kind: str, place: Channel) -> None:
        event: Json = {"type": kind, "user": self.bot.id, "channel": place.id, "team": place.team}
        event |= {"channel_type": "G" if place.is_private else "C", "event_ts": self.hub.stamp()}
        if kind == "member_joined_channel":
            event["inviter"] = self.user.id
        self.hub.happenings.add(kind, team=place.team, who=self.bot.id, channel=place.id)
        self.hub.events.send(self._does.installation, self.workspace, event)

    async def archives(self, channel: Channel | str, *, undo: bool = False) -> None:
        """Archive a channel, or with `undo` bring it back."""
        place = self._place(channel)
        place.is_archived = not undo
        named = f"{'group' if place.is_private else 'channel'}_{'unarchive' if undo else 'archive'}"
        event: Json = {"type": named, "channel": place.id, "user": self.user.id, "event_ts": self.hub.stamp()}
        self.hub.happenings.add(named, team=place.team, who=self.user.id, channel=place.id)
        self.hub.events.send(self._does.installation, self.workspace, event)

    # ── using controls ───────────────────────────────────────────────────────────────────────────────────────────────

    async def presses(self, where: Seen | Screen, what: str, *, confirm: bool = True, wait: bool = True) -> Delivery:
        """Click a button, named by its label or action_id."""
        control = self._control(where, what, ("button", "icon_button", "feedback_buttons"))
        if control.element.get("confirm") and not confirm:
            raise NotPossible("the confirmation was declined, and nothing is sent")
        return await self._done(self._act(where, control, _pressed(control, what)), wait=wait)

    async def chooses(self, where: Seen | Screen, option: str, *, of: str = "", wait: bool = True) -> Delivery:
        """Choose an option from an overflow menu or another menu."""
        for control in where.controls:
            named = not of or of in (control.label, control.element["action_id"], control.block_id)
            if named and "options" in control.element and option in control.options:
                chosen = option_named(control.element, option)
                many = control.element["type"].startswith(("multi", "check"))
                picked = {"selected_options": [chosen]} if many else {"selected_option": chosen}
                return await self._done(self._act(where, control, picked), wait=wait)
        raise NotPossible(f"there is no option {option!r} in {[each.options for each in where.controls]}")

    async def uses_shortcut(self, callback_id: str, *, wait: bool = True) -> Delivery:
        """Use a global shortcut."""
        return await self._done(self._does.shortcut(callback_id), wait=wait)

    async def uses_message_shortcut(self, callback_id: str, message: Seen, *, wait: bool = True) -> Delivery:
        """Use a message shortcut."""
        channel = self.workspace.channels[message.channel]
        return await self._done(self._does.message_shortcut(callback_id, message.message, channel), wait=wait)

    async def opens_home(self, *, tab: str = "home") -> None:
        """Open the app's home tab, or its messages tab."""
        if tab == "home" and not self.hub.manifest.home_tab:
            raise NotPossible("the app has no home tab")
        event: Json = {"type": "app_home_opened", "user": self.user.id, "channel": self.direct.id, "tab": tab}
        event["event_ts"] = self.hub.stamp()
        known = self.hub.windows.homes.get(self.user.id)
        if known is not None and tab == "home":
            event["view"] = known.as_json(self.hub.app_id, self.bot.bot_id)
        self.hub.happenings.add("home", team=self.workspace.id, who=self.user.id, text=f"opened {tab}")
        self.hub.events.send(self._does.installation, self.workspace, event)

    async def reacts(self, message: Seen, name: str, *, off: bool = False) -> None:
        """Add a reaction to a message, or take it off."""
        people = message.message.reactions.setdefault(name, [])
        (people.remove if off else people.append)(self.user.id)
        item = {"type": "message", "channel": message.channel, "ts": message.ts}
        kind = "reaction_removed" if off else "reaction_added"
        event: Json = {"type": kind, "user": self.user.id, "reaction": name, "item": item}
        event |= {"item_user": message.message.user, "event_ts": self.hub.stamp()}
        self.hub.events.send(self._does.installation, self.workspace, event)

    async def installs(self, url: str, *, grant: bool = True, whole_enterprise: bool = False) -> Page:
        """Open the app's install page, allow or deny the installation, and return the browser's last page."""
        browser = Browser(self.hub, self.workspace, self.user)
        return await browser.install(url, grant=grant, whole_enterprise=whole_enterprise)

    def uninstalls(self) -> None:
        """Uninstall the app from the workspace."""
        self.hub.uninstall(self._does.installation)

    # ── filling in modals ────────────────────────────────────────────────────────────────────────────────────────────

    async def fills(self, values: dict[str, object]) -> None:
        """Fill in fields of the open modal, each named by its label, block_id or action_id."""
        screen = self._open()
        for name, value in values.items():
            control = screen.fill(name, value)
            block = next(each for each in screen.view.blocks if each["block_id"] == control.block_id)
            if block["type"] != "input" or block.get("dispatch_action"):
                held = screen.view.values[control.block_id][control.element["action_id"]]
                await self._done(self._act(screen, control, held), wait=True)

    async def submits(self, *, wait: bool = True) -> Delivery | None:
        """Submit the open modal; return None if Slack's client refuses it with an error under a field."""
        screen = self._open()
        if not screen.submit:
            raise NotPossible("this modal cannot be submitted")
        if not screen.complete():
            return None
        return await self._done(self._does.submit(screen.view), wait=wait)

    async def cancels(self, *, everything: bool = False) -> None:
        """Close the top modal, or with `everything` the whole stack."""
        self._open()
        for view in self.hub.windows.close(self.user.id, everything=everything):
            sent = self._does.closed(view, cleared=everything)
            if sent is not None:
                await self._done(sent, wait=True)

    async def looks_up(self, field: str, typed: str) -> list[str]:
        """Type into a menu with external options; return the labels that the app offers."""
        screen = self._open()
        control = screen.field(field)
        sent = self._does.suggest(screen.view, control.block_id, control.element["action_id"], typed)
        answer = (await self._done(sent, wait=True)).answer
        control.element["options"] = answer.get("options", [])
        return control.options

    # ── internals ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _control(self, where: Seen | Screen, what: str, kinds: tuple[str, ...]) -> Control:
        usable = [each for each in where.controls if each.element["type"] in kinds]
        for each in usable:
            if what in _names(each):
                return each
        raise NotPossible(f"there is no button {what!r}; there are {[_names(each) for each in usable]}")

    def _act(self, where: Seen | Screen, control: Control, more: Json) -> Delivery:
        action: Json = {"type": control.element["type"], "action_id": control.element["action_id"]}
        action |= {"block_id": control.block_id, **more}
        if isinstance(where, Screen):
            return self._does.act(where.view, None, action)
        return self._does.act(where.message, self.workspace.channels[where.channel], action)

    async def _done(self, delivery: Delivery, *, wait: bool) -> Delivery:
        return await self.hub.office.finished(delivery, _ACKED_WITHIN) if wait else delivery


def _names(control: Control) -> list[str]:
    sides = [control.element.get(side, {}) for side in ("positive_button", "negative_button")]
    return [control.label, control.element["action_id"], *(side["text"]["text"] for side in sides if side)]


def _pressed(control: Control, what: str) -> Json:
    for side in ("positive_button", "negative_button"):
        half = control.element.get(side)
        if half and half["text"]["text"] == what:
            return {"text": half["text"], "value": half["value"]}
    return {name: control.element[name] for name in ("text", "value", "style", "url") if name in control.element}
