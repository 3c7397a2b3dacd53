"""Reads Slack as a person sees it: messages, modals, the home tab, and Slack's own notices."""

from collections.abc import Callable
from typing import TypeVar

from tests.fakes.slack.hub import Hub
from tests.fakes.slack.problems import NotPossible
from tests.fakes.slack.reading import Seen
from tests.fakes.slack.screens import Screen
from tests.fakes.slack.world import Channel, User, Workspace

T = TypeVar("T")


class Reader:
    """A person's view of a workspace; `Person` adds the actions."""

    def __init__(self, hub: Hub, workspace: Workspace, user: User) -> None:
        self.hub = hub
        self.workspace = workspace
        self.user = user

    @property
    def bot(self) -> User:
        """The app's bot in this person's workspace."""
        found = self.hub.world.installed_in(self.workspace.id)
        if found is None:
            raise NotPossible(f"the app is not installed in {self.workspace.name}")
        return found.bot_in(self.workspace.id)

    @property
    def direct(self) -> Channel:
        """This person's direct messages with the bot."""
        return self.hub.world.direct(self.workspace, self.user.id, self.bot.id)

    @property
    def modal(self) -> Screen | None:
        """The modal that this person has open on top."""
        view = self.hub.windows.top(self.user.id)
        return Screen(view) if view else None

    @property
    def home(self) -> Screen | None:
        """The app's home tab for this person."""
        view = self.hub.windows.homes.get(self.user.id)
        return Screen(view) if view else None

    @property
    def notices(self) -> list[str]:
        """Slack's own notices to this person."""
        return self.hub.notices.get(self.user.id, [])

    def sees(self, channel: Channel | str, *, thread: str | None = None, only_me: bool = False) -> list[Seen]:
        """Return the messages that this person sees in a channel or thread.

        With `only_me`, only those that others do not see.
        """
        place = self._place(channel)
        found = [m for m in place.messages if m.only_for == self.user.id or (m.only_for is None and not only_me)]
        if thread:
            found = [m for m in found if thread in (m.ts, m.thread_ts)]
        else:
            found = [m for m in found if m.thread_ts in (None, m.ts) or m.broadcast]
        return [self.hub.seen(place, each) for each in found]

    async def reads(
        self,
        words: str,
        channel: Channel | str,
        *,
        thread: str | None = None,
        only_me: bool = False,
        within: float = 30.0,
    ) -> Seen:
        """Wait until a message of the bot contains the given words; return the latest one."""

        def look() -> Seen | None:
            found = [s for s in self.sees(channel, thread=thread, only_me=only_me) if s.message.bot_id]
            return next((each for each in reversed(found) if words in each.text), None)

        return await self.waits(look, within=within, what=f"a message with {words!r}")

    async def gets_modal(self, title: str = "", *, within: float = 30.0) -> Screen:
        """Wait for a modal whose title contains `title`."""

        def look() -> Screen | None:
            screen = self.modal
            return screen if screen and title in screen.title else None

        return await self.waits(look, within=within, what=f"a modal {title!r}")

    async def waits(
        self, look: Callable[[], T | None], *, within: float = 30.0, what: str = "what was waited for"
    ) -> T:
        """Wait until `look` returns a value, and return it."""
        return await self.hub.happenings.until(look, within=within, what=what)

    def _place(self, channel: Channel | str) -> Channel:
        if isinstance(channel, Channel):
            return channel
        found = self.workspace.channel_named(channel)
        if found is None:
            raise NotPossible(f"there is no channel {channel}")
        return found

    def _open(self) -> Screen:
        screen = self.modal
        if screen is None:
            raise NotPossible("no modal is open")
        return screen
