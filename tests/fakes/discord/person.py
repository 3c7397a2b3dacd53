"""Simulates a person in Discord: commands, clicks, modals, messages; the app is reached through the platform only."""

from collections.abc import Sequence
from typing import Any

from tests.fakes.discord.asking import Asked, Asking
from tests.fakes.discord.bodies import USERS_PARSED, parts, pinged
from tests.fakes.discord.intents import Intent
from tests.fakes.discord.interactions import Interaction, Kind
from tests.fakes.discord.looking import Reader
from tests.fakes.discord.payloads import Resolved, interaction
from tests.fakes.discord.permissions import Permissions
from tests.fakes.discord.problems import Json, NotPossible
from tests.fakes.discord.reading import Seen
from tests.fakes.discord.windows import CHECKBOX, FILE_UPLOAD, PICKERS, TEXT_INPUT, Field, Modal
from tests.fakes.discord.world import THREADS, Channel, Flag, Message

File = tuple[str, bytes]
_BUTTON, _SELECTS = 2, (3, 5, 6, 7, 8)
#: docs.discord.com, Component Reference, "Button Styles": LINK and PREMIUM send no interaction.
_SILENT = (5, 6)
_REPLY = 19
#: The error of Discord's client when the app did not respond to a modal's submission.
_WRONG = "Something went wrong. Try again."


class Person(Reader):
    """A person who writes messages, uses commands, clicks and fills in modals."""

    # ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def uses(self, line: str, channel: Channel, /, *, wait: bool = True, **options: Any) -> Interaction:
        """Use a slash command; wait until the app has responded or the time has run out."""
        self._sees(channel)
        asked = Asking(self.hub, self.user, channel).slash(line, options)
        said = " ".join([asked.name, *(f"{name}:{_named(value)}" for name, value in options.items())])
        return await self._sent(self._command(asked, channel, said), wait=wait)

    async def uses_on_message(self, name: str, message: Seen, *, wait: bool = True) -> Interaction:
        """Use a message command."""
        target = self._message(message)
        channel = self.hub.world.channels[target.channel]
        asked = Asking(self.hub, self.user, channel).menu(name, target)
        return await self._sent(self._command(asked, channel, name), wait=wait)

    def _command(self, asked: Asked, channel: Channel, said: str) -> Interaction:
        self._note("command", channel, said)
        names = (asked.name,)
        return interaction(
            self.hub, self.user, channel, kind=Kind.COMMAND, data=asked.data, names=names, owners=asked.owners
        )

    async def suggests(
        self, line: str, channel: Channel, option: str, *, typed: str = "", **options: Any
    ) -> list[tuple[str, Any]]:
        """Type into an option; return the names and values that the app suggests."""
        self._sees(channel)
        asked = Asking(self.hub, self.user, channel).slash(line, {**options, option: typed}, focused=option)
        kind, names = Kind.AUTOCOMPLETE, (asked.name, option)
        made = interaction(self.hub, self.user, channel, kind=kind, data=asked.data, names=names, owners=asked.owners)
        return (await self._sent(made, wait=True)).choices

    # ── using controls ───────────────────────────────────────────────────────────────────────────────────────────────

    async def presses(self, where: Seen, what: str, *, nth: int = 0, wait: bool = True) -> Interaction:
        """Click a button, named by its label or custom_id; `nth` selects among several."""
        message = self._message(where)
        buttons = [each for each in parts(message.body["components"]) if each["type"] == _BUTTON]
        named = [each for each in buttons if what in (each.get("label"), each.get("custom_id"))]
        if len(named) <= nth:
            raise NotPossible(f"there is no button {what!r}; there are {[each.get('label') for each in buttons]}")
        button = named[nth]
        if button.get("disabled") or button["style"] in _SILENT:
            raise NotPossible(f"{what!r} cannot be pressed, or only opens a page")
        return await self._act(message, button, {}, what, wait=wait)

    async def chooses(self, where: Seen, option: object, *, of: str = "", wait: bool = True) -> Interaction:
        """Choose one option or a list of options from a menu, by label; `of` is the menu's placeholder or custom_id."""
        message = self._message(where)
        menus = [each for each in parts(message.body["components"]) if each["type"] in _SELECTS]
        wanted = list(option) if isinstance(option, list | tuple) else [option]
        for menu in menus:
            if of and of not in (menu.get("placeholder"), menu["custom_id"]):
                continue
            picked = self._picked(menu, wanted, self.hub.world.channels[message.channel])
            if picked is not None and not menu.get("disabled"):
                said = f"{menu.get('placeholder') or menu['custom_id']}: {', '.join(map(_named, wanted))}"
                return await self._act(message, menu, picked, said, wait=wait)
        labels = [[each["label"] for each in menu.get("options") or ()] for menu in menus]
        raise NotPossible(f"there is no option {option!r} in {labels}")

    def _picked(self, menu: Json, wanted: Sequence[object], channel: Channel) -> Json | None:
        resolved = self._resolved(channel)
        if menu["type"] in PICKERS:
            values = [resolved.take(PICKERS[menu["type"]], each) for each in wanted]
            return {"values": values, "resolved": resolved.found}
        known = {each["label"]: each["value"] for each in menu["options"]}
        if not (menu.get("min_values", 1) <= len(wanted) <= menu.get("max_values", 1)):
            raise NotPossible(f"{len(wanted)} cannot be chosen at once")
        return {"values": [known[str(each)] for each in wanted]} if known.keys() >= set(map(str, wanted)) else None

    async def _act(self, message: Message, component: Json, more: Json, said: str, *, wait: bool) -> Interaction:
        channel = self.hub.world.channels[message.channel]
        data = {"custom_id": component["custom_id"], "component_type": component["type"], "id": component["id"], **more}
        self._note("press", channel, said)
        kind, names = Kind.COMPONENT, (component["custom_id"],)
        owners = (message.interaction or {}).get("authorizing_integration_owners")
        made = interaction(
            self.hub, self.user, channel, kind=kind, data=data, names=names, message=message, owners=owners
        )
        return await self._sent(made, wait=wait)

    # ── filling in modals ────────────────────────────────────────────────────────────────────────────────────────────

    async def fills(self, values: dict[str, Any]) -> None:
        """Fill in fields of the open modal, each named by its label or custom_id."""
        modal = self._open()
        for name, value in values.items():
            _fill(modal.field(name), value)

    async def submits(self, *, wait: bool = True) -> Interaction | None:
        """Submit the open modal; return None if Discord's client refuses it with an error under a field."""
        modal = self._open()
        if not modal.complete():
            return None
        it = modal.interaction
        resolved = self._resolved(it.channel)
        for each in modal.fields:
            _resolve(each, resolved)
        data: Json = {"custom_id": modal.raw["custom_id"], "components": modal.submission()}
        data |= {"resolved": resolved.found} if resolved.found else {}
        self._note("submit", it.channel, modal.title)
        made = interaction(
            self.hub,
            self.user,
            it.channel,
            kind=Kind.MODAL,
            data=data,
            names=(modal.raw["custom_id"],),
            message=it.message,
            before=it,
            owners=it.payload["authorizing_integration_owners"],
        )
        sent = await self._sent(made, wait=wait)
        self._closed(modal, sent, waited=wait)
        return sent

    def _closed(self, modal: Modal, sent: Interaction, *, waited: bool) -> None:
        if waited and not sent.acked:
            modal.errors = {"": _WRONG}
        elif self.modal is modal:
            del self.hub.windows.open[self.user.id]

    async def cancels(self) -> None:
        """Close the open modal; the app is not notified."""
        self._open()
        del self.hub.windows.open[self.user.id]

    # ── writing messages ─────────────────────────────────────────────────────────────────────────────────────────────

    async def says(
        self, text: str, channel: Channel, *, files: Sequence[File] = (), reply_to: Seen | None = None
    ) -> Seen:
        """Post a message; `<@…>` in it is a mention, as picked from Discord's list."""
        held = self._sees(channel)
        sending = Permissions.SEND_MESSAGES_IN_THREADS if channel.type in THREADS else Permissions.SEND_MESSAGES
        if not held & sending or channel.locked:
            raise NotPossible(f"{self.user.name} cannot write there")
        attachments = [self.hub.keep(name, content, "") for name, content in files]
        body: Json = {"content": text, "embeds": [], "components": [], "attachments": attachments, "flags": 0}
        message = Message(
            id=self.hub.new_id(),
            channel=channel.id,
            author=self.user,
            at=self.hub.clock(),
            body=self.hub.with_pings(body, pinged(body, None, default=USERS_PARSED)),
            type=_REPLY if reply_to else 0,
            answers=str(reply_to.message["id"]) if reply_to else None,
        )
        return self.hub.seen(self.hub.post(message))

    async def reacts(self, message: Seen, emoji: str, *, off: bool = False) -> int:
        """Add a reaction to a message, or take it off; return the number of sessions that are told."""
        channel = self.hub.world.channels[self._message(message).channel]
        told: Json = {
            "user_id": self.user.id, "channel_id": channel.id, "message_id": message.id, "burst": False, "type": 0,
            "emoji": {"id": None, "name": emoji},
        }  # fmt: skip
        told |= {"guild_id": channel.guild} if channel.guild else {}
        intent = Intent.GUILD_MESSAGE_REACTIONS if channel.guild else Intent.DIRECT_MESSAGE_REACTIONS
        event = "MESSAGE_REACTION_REMOVE" if off else "MESSAGE_REACTION_ADD"
        return self.hub.gateway.dispatch(event, told, guild=channel.guild, intent=intent)

    async def deletes(self, message: Seen) -> None:
        """Delete one's own message, or any with the permission; an ephemeral message is only dismissed."""
        found = self._message(message)
        own = found.author is self.user or found.only_for == self.user.id
        held = self.hub.world.may(self.user, self.hub.world.channels[found.channel])
        if not own and not held & Permissions.MANAGE_MESSAGES:
            raise NotPossible("only one's own messages can be deleted")
        self.hub.delete(found)

    async def archives(self, thread: Channel, *, lock: bool = False) -> None:
        """Archive a thread; with `lock`, lock it as well."""
        thread.archived, thread.locked = True, lock
        self.hub.channel_changed("THREAD_UPDATE", thread)

    # ── internals ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _sees(self, channel: Channel) -> Permissions:
        held = self.hub.world.may(self.user, channel)
        if not held & Permissions.VIEW_CHANNEL:
            raise NotPossible(f"{self.user.name} does not see {channel.name or 'these direct messages'}")
        return held

    def _message(self, seen: Seen) -> Message:
        found = self.hub.world.messages.get(str(seen.message["id"]))
        if found is None or found.deleted or found.only_for not in (None, self.user.id):
            raise NotPossible("that message is not there any more")
        if found.flags & Flag.LOADING:
            raise NotPossible("that message is still to come")
        return found

    def _resolved(self, channel: Channel) -> Resolved:
        guild = self.hub.world.guilds.get(channel.guild or "")
        return Resolved(hub=self.hub, user=self.user, guild=guild)

    def _note(self, kind: str, channel: Channel, said: str) -> None:
        self.hub.happenings.add(kind, who=self.user.name, channel=channel.id, text=said)

    async def _sent(self, made: Interaction, *, wait: bool) -> Interaction:
        sent = self.hub.office.send(made)
        return await self.hub.office.finished(sent) if wait else sent


def _fill(field: Field, value: Any) -> None:
    if field.kind == TEXT_INPUT:
        field.value = str(value)
    elif field.kind == CHECKBOX:
        field.value = bool(value)
    elif field.kind in PICKERS or field.kind == FILE_UPLOAD:
        field.value = list(value) if isinstance(value, list) else [value]
    else:
        field.choose(value)


def _resolve(field: Field, resolved: Resolved) -> None:
    """Replace people, channels and files with their ids."""
    if field.kind in PICKERS:
        field.value = [resolved.take(PICKERS[field.kind], each) for each in field.value]
    elif field.kind == FILE_UPLOAD:
        field.value = [each if isinstance(each, str) else resolved.file(*each) for each in field.value]


def _named(value: object) -> str:
    """Return a value as Discord's client shows it."""
    if isinstance(value, Channel):
        return f"#{value.name}"
    if isinstance(value, tuple):
        return str(value[0])
    return value.user.name if isinstance(value, Reader) else str(value)
