"""Looks at Discord as a person does: messages, modals, commands on offer, and what Discord itself says."""

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
    """Somebody who looks."""

    def __init__(self, hub: Hub, user: User) -> None:
        self.hub = hub
        self.user = user

    @property
    def dm(self) -> Channel:
        """This person's direct messages with the bot."""
        return self.hub.world.direct(self.user)

    def group_dm(self, *others: "Reader") -> Channel:
        """This person's direct messages with others, where the app is not."""
        return self.hub.world.direct(self.user, *(each.user for each in others))

    @property
    def modal(self) -> Modal | None:
        """The modal in front of this person."""
        return self.hub.windows.open.get(self.user.id)

    @property
    def notices(self) -> list[str]:
        """What Discord itself told this person."""
        return self.hub.notices.get(self.user.id, [])

    def commands(self, channel: Channel) -> list[str]:
        """Return the commands on offer in a channel, in this person's language."""
        found = [(each["type"], name) for each in offered(self.hub, self.user, channel) for name in self._names(each)]
        return [f"/{name}" if kind == SLASH else name for kind, name in found]

    def _names(self, command: dict[str, object]) -> list[str]:
        return spelled(command, self.user.locale)

    def sees(self, channel: Channel, *, only_me: bool = False) -> list[Seen]:
        """Return what this person sees in a channel; only what nobody else does, if asked."""
        return [self.hub.seen(each) for each in self._visible(channel, only_me=only_me)]

    def _visible(self, channel: Channel, *, only_me: bool) -> list[Message]:
        if not self.hub.world.may(self.user, channel) & Permissions.VIEW_CHANNEL:
            raise NotPossible(f"{self.user.name} does not see {channel.name or 'these direct messages'}")
        there = [each for each in channel.messages if not each.deleted]
        return [m for m in there if m.only_for == self.user.id or (m.only_for is None and not only_me)]

    async def reads(self, words: str, channel: Channel, *, only_me: bool = False, within: float = 5.0) -> Seen:
        """Wait until a message of the app's holds some words, and return the latest such."""

        def look() -> Seen | None:
            own = [m for m in self._visible(channel, only_me=only_me) if m.author is self.hub.bot]
            shown = (self.hub.seen(m) for m in reversed(own) if not m.flags & Flag.LOADING)
            return next((each for each in shown if words in each.text), None)

        return await self.waits(look, within=within, what=f"a message with {words!r}")

    async def gets_modal(self, title: str = "", *, within: float = 5.0) -> Modal:
        """Wait for a modal, of some title or any."""

        def look() -> Modal | None:
            return self.modal if self.modal is not None and title in self.modal.title else None

        return await self.waits(look, within=within, what=f"a modal {title!r}")

    async def waits(self, look: Callable[[], T | None], *, within: float = 5.0, what: str = "what was waited for") -> T:
        """Wait until this person sees something."""
        return await self.hub.happenings.until(look, within=within, what=what)

    def _open(self) -> Modal:
        if self.modal is None:
            raise NotPossible("no modal is open")
        return self.modal
