"""A fake Discord with the chat server's interface: the same mishaps, the same stages, the same messages."""

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from bots.discord.message_marks import carries
from bots.domain.channels import Channel
from tests.fakes.chat_server import Stage
from tests.fakes.chat_troubles import Kind, Mishap, Switched
from tests.fakes.discord.faults import Fault, Faults, Trouble
from tests.fakes.discord.happenings import Happening, Happenings
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import THREADS, Message

#: Discord forgets a nonce after minutes; this is shorter. The library repeats a call within 1.5 seconds, when the nonce
#: is still known; a retry after a lapsed lease of 2 seconds comes when it is forgotten.
_FORGOTTEN_AFTER = 1.6
_POST = "POST /channels/*/messages"
_ON: Mapping[Kind, str] = {Kind.POST: _POST, Kind.HISTORY: "GET /channels/*"}
_TROUBLES: Mapping[Mishap, Trouble] = {
    Mishap.ANSWER_LOST: Trouble.ANSWER_LOST,
    # The library itself waits out a rate limit with Discord's headers; this one comes from the proxy in front of
    # Discord.
    Mishap.REFUSED: Trouble.CLOUDFLARE,
    Mishap.DOWN_BEFORE: Trouble.DOWN_BEFORE,
    Mishap.DOWN_AFTER: Trouble.DOWN_AFTER,
    Mishap.HANGS: Trouble.HANGS,
    Mishap.RESET: Trouble.RESET,
    Mishap.HALF_OPEN: Trouble.HALF_OPEN,
    Mishap.TOO_LARGE: Trouble.REFUSED,
    Mishap.CLOSED: Trouble.REFUSED,
}
_CODES: Mapping[Mishap, int] = {Mishap.TOO_LARGE: 50035, Mishap.CLOSED: 50013}


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """A message in the form that the verdict reads."""

    id: str
    key: str
    channel: str
    blocks: list[dict[str, Any]]
    #: The id of the message whose thread it is in; empty outside a thread.
    thread: str


class _Heeded(Faults):
    """Faults that report each post on arrival."""

    def __init__(self, seed: int, received: Callable[[], None]) -> None:
        super().__init__(seed)
        self._received = received

    def of_call(self, name: str, channel: str) -> Fault | None:
        if name.startswith("POST /channels/") and name.endswith("/messages"):
            self._received()
        return super().of_call(name, channel)


class _Accepted(list[Happening]):
    """A list of happenings that reports each accepted message."""

    def __init__(self, accepted: Callable[[], None]) -> None:
        super().__init__()
        self._accepted = accepted

    def append(self, happening: Happening) -> None:
        super().append(happening)
        if happening.kind == "message":
            self._accepted()


class DiscordChat:
    """The posted messages of all channels and their threads."""

    def __init__(self, discord: FakeDiscord) -> None:
        self._discord = discord
        #: The keys that messages may carry: a message holds only a mark derived from its key.
        self.keys: tuple[str, ...] = ()

    @property
    def messages(self) -> list[Posted]:
        """Every message of the app, in the order of posting."""
        world, bot = self._discord.hub.world, self._discord.hub.bot
        said = [message for channel in world.channels.values() for message in channel.messages if message.author is bot]
        return [self._posted(message) for message in sorted(said, key=lambda message: int(message.id))]

    def _posted(self, message: Message) -> Posted:
        channel = self._discord.hub.world.channels[message.channel]
        hangs = channel.type in THREADS
        place = channel.parent if hangs else channel.id
        return Posted(
            id=message.id,
            key=next((key for key in self.keys if carries(message.body, key)), "of nobody"),
            channel=f"{channel.guild}/{place}",
            blocks=[_bare(each) for each in message.body["components"]],
            thread=channel.id if hangs else "",
        )


def _bare(component: Mapping[str, Any]) -> dict[str, Any]:
    """Return a component without the fields that Discord or our mark adds."""
    made = {name: copy.deepcopy(value) for name, value in component.items() if name not in ("id", "spoiler")}
    if "components" in made:
        made["components"] = [_bare(each) for each in component["components"]]
    if "accessory" in made:
        made["accessory"] = _bare(component["accessory"])
    return made


class DiscordServer:
    """A Discord server with the app and without rate limits."""

    def __init__(self, *, seed: int = 0, forgets: bool = False, cuts: bool = False) -> None:
        #: Called for every post when it is received and when it is accepted.
        self.heed: Callable[[Stage, str], None] = lambda _stage, _key: None
        self.discord = FakeDiscord(pace=None, seed=seed, check=False)
        self.discord.hub.faults = _Heeded(seed, lambda: self.heed(Stage.RECEIVED, ""))
        happenings: Happenings = self.discord.hub.happenings
        happenings.all = _Accepted(self._accepted)
        self._cuts = cuts
        if forgets:
            self.discord.hub.nonce_seconds = _FORGOTTEN_AFTER
        self.chat = DiscordChat(self.discord)
        self._guild = self.discord.guild()
        self.discord.invite(self._guild)
        self.token = self.discord.hub.token

    def _accepted(self) -> None:
        self.heed(Stage.ACCEPTED, "")
        if self._cuts:
            # The gateway connection breaks right after the post was accepted.
            self.discord.hub.gateway.cut(None)

    async def __aenter__(self) -> Self:
        """Listen on the loopback address."""
        await self.discord.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        await self.discord.__aexit__(kind, error, trace)

    @property
    def url(self) -> str:
        """The base URL in place of https://discord.com/api/v10."""
        return self.discord.api

    def channel(self, name: str) -> Channel:
        """Return a channel of the app as a subscription names it."""
        channel = self.discord.channel(name, self._guild)
        return Channel(platform="discord", workspace=self._guild.id, channel=channel.id)

    def know(self, keys: Iterable[str]) -> None:
        """Set the idempotency keys that messages may carry."""
        self.chat.keys = tuple(keys)

    def switch(self, *mishaps: Switched) -> None:
        """Switch mishaps on; the first that applies to a call decides its outcome."""
        for each in mishaps:
            self.discord.hub.faults.switch(
                _TROUBLES[each.mishap],
                _ON[each.kind],
                left=each.left,
                channel=each.channel,
                chance=each.chance,
                seconds=0.2,
                code=_CODES.get(each.mishap, 0),
            )
