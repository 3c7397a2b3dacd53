"""Reads Discord as a person sees it: messages, modals, offered commands, and Discord's own notices."""

from collections.abc import Callable
from typing import TypeVar

from tests.fakes.discord.asking import offered, spelled
from tests.fakes.discord.commands import SLASH
from tests.fakes.discord.hub import Hub
from tests.fakes.discord.permissions import Permissions
from tests.fakes.discord.problems import NotPossible
from tests.fakes.discord.reading import Seen
from tests.fakes.discord.windows import Modal
from tests.fakes.discord.world import Channel, Flag, Message, User

T = TypeVar("T")


class Reader:
    """A person's view of Discord; `Person` adds the actions."""

    def __init__(self, hub: Hub, user: User) -> None:
        self.hub = hub
        self.user = user

    @property
    def dm(self) -> Channel:
        """This person's direct messages with the bot."""
        return self.hub.world.direct(self.user)

    def group_dm(self, *others: "Reader") -> Channel:
        """Return this person's group direct messages with others; the app is not in them."""
        return self.hub.world.direct(self.user, *(each.user for each in others))

    @property
    def modal(self) -> Modal | None:
        """The modal that this person has open."""
        return self.hub.windows.open.get(self.user.id)

    @property
    def notices(self) -> list[str]:
        """Discord's own notices to this person."""
        return self.hub.notices.get(self.user.id, [])

    def commands(self, channel: Channel) -> list[str]:
        """Return the commands that this person is offered in a channel, in their language."""
        found = [(each["type"], name) for each in offered(self.hub, self.user, channel) for name in self._names(each)]
        return [f"/{name}" if kind == SLASH else name for kind, name in found]

    def _names(self, command: dict[str, object]) -> list[str]:
        return spelled(command, self.user.locale)

    def sees(self, channel: Channel, *, only_me: bool = False) -> list[Seen]:
        """Return the messages that this person sees in a channel; with `only_me`, only those that others do not see."""
        return [self.hub.seen(each) for each in self._visible(channel, only_me=only_me)]

    def _visible(self, channel: Channel, *, only_me: bool) -> list[Message]:
        if not self.hub.world.may(self.user, channel) & Permissions.VIEW_CHANNEL:
            raise NotPossible(f"{self.user.name} does not see {channel.name or 'these direct messages'}")
        there = [each for each in channel.messages if not each.deleted]
        return [m for m in there if m.only_for == self.user.id or (m.only_for is None and not only_me)]

    async def reads(self, words: str, channel: Channel, *, only_me: bool = False, within: float = 30.0) -> Seen:
        """Wait until a message of the app contains the given words; return the latest one."""

        def look() -> Seen | None:
            own = [m for m in self._visible(channel, only_me=only_me) if m.author is self.hub.bot]
            shown = (self.hub.seen(m) for m in reversed(own) if not m.flags & Flag.LOADING)
            return next((each for each in shown if words in each.text), None)

        return await self.waits(look, within=within, what=f"a message with {words!r}")

    async def gets_modal(self, title: str = "", *, within: float = 30.0) -> Modal:
        """Wait for a modal whose title contains `title`."""

        def look() -> Modal | None:
            return self.modal if self.modal is not None and title in self.modal.title else None

        return await self.waits(look, within=within, what=f"a modal {title!r}")

    async def waits(
        self, look: Callable[[], T | None], *, within: float = 30.0, what: str = "what was waited for"
    ) -> T:
        """Wait until `look` returns a value, and return it."""
        return await self.hub.happenings.until(look, within=within, what=what)

    def _open(self) -> Modal:
        if self.modal is None:
            raise NotPossible("no modal is open")
        return self.modal
