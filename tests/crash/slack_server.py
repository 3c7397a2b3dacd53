"""A fake Slack with the chat server's interface: the same mishaps, the same stages, the same messages."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from bots.domain.channels import Channel
from tests.fakes.chat_server import Stage
from tests.fakes.chat_troubles import Kind, Mishap, Switched
from tests.fakes.slack.faults import Fault, Faults, Trouble
from tests.fakes.slack.happenings import Happening, Happenings
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.world import Message

#: Enough to post and to read the history.
_SCOPES = frozenset({"chat:write", "channels:history"})
_POST = "chat.postMessage"
_ON: Mapping[Kind, str] = {Kind.POST: _POST, Kind.HISTORY: "conversations.*"}
_TROUBLES: Mapping[Mishap, Trouble] = {
    Mishap.ANSWER_LOST: Trouble.ANSWER_LOST,
    Mishap.REFUSED: Trouble.RATE_LIMITED,
    Mishap.DOWN_BEFORE: Trouble.DOWN_BEFORE,
    Mishap.DOWN_AFTER: Trouble.DOWN_AFTER,
    Mishap.HANGS: Trouble.HANGS,
    Mishap.RESET: Trouble.RESET,
    Mishap.HALF_OPEN: Trouble.HALF_OPEN,
    Mishap.TOO_LARGE: Trouble.REFUSED,
    Mishap.CLOSED: Trouble.REFUSED,
}
_ERRORS: Mapping[Mishap, str] = {Mishap.TOO_LARGE: "msg_blocks_too_long", Mishap.CLOSED: "is_archived"}


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

    def of_call(self, method: str, channel: str) -> Fault | None:
        if method == _POST:
            self._received()
        return super().of_call(method, channel)


class _Accepted(list[Happening]):
    """A list of happenings that reports each accepted message."""

    def __init__(self, accepted: Callable[[], None]) -> None:
        super().__init__()
        self._accepted = accepted

    def append(self, happening: Happening) -> None:
        super().append(happening)
        if happening.kind == "message":
            self._accepted()


class SlackChat:
    """The posted messages of all channels."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    @property
    def messages(self) -> list[Posted]:
        """Every message, channel by channel, in the order of posting."""
        workspaces = self._slack.hub.world.workspaces.values()
        channels = [channel for workspace in workspaces for channel in workspace.channels.values()]
        return [
            _posted(f"{channel.team}/{channel.id}", message) for channel in channels for message in channel.messages
        ]


def _posted(channel: str, message: Message) -> Posted:
    payload = (message.metadata or {}).get("event_payload") or {}
    blocks = copy.deepcopy(message.blocks)
    for block in blocks:
        # Slack gives an id to each block that has none.
        if "0FAKE" in block["block_id"]:
            del block["block_id"]
    return Posted(
        id=message.ts,
        key=str(payload.get("key", "")),
        channel=channel,
        blocks=blocks,
        thread=message.thread_ts or "",
    )


class SlackServer:
    """A workspace with the app and without rate limits."""

    def __init__(self, *, seed: int = 0) -> None:
        #: Called for every post when it is received and when it is accepted.
        self.heed: Callable[[Stage, str], None] = lambda _stage, _key: None
        self.slack = FakeSlack(pace=None, seed=seed)
        self.slack.hub.faults = _Heeded(seed, lambda: self.heed(Stage.RECEIVED, ""))
        happenings: Happenings = self.slack.hub.happenings
        happenings.all = _Accepted(lambda: self.heed(Stage.ACCEPTED, ""))
        self.chat = SlackChat(self.slack)
        self._team = self.slack.workspace()
        self.token = self.slack.hub.install(self._team, scopes=_SCOPES).token

    async def __aenter__(self) -> Self:
        """Listen on the loopback address."""
        await self.slack.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        await self.slack.__aexit__(kind, error, trace)

    @property
    def url(self) -> str:
        """The base URL in place of https://slack.com/api/."""
        return self.slack.api

    def channel(self, name: str) -> Channel:
        """Return a channel of the app as a subscription names it."""
        channel = self.slack.channel(name, workspace=self._team)
        return Channel(platform="slack", workspace=self._team.id, channel=channel.id)

    def switch(self, *mishaps: Switched) -> None:
        """Switch mishaps on; the first that applies to a call decides its outcome."""
        for each in mishaps:
            self.slack.hub.faults.switch(
                _TROUBLES[each.mishap],
                _ON[each.kind],
                left=each.left,
                channel=each.channel,
                chance=each.chance,
                # Slack counts in whole seconds.
                seconds=1.0,
                error=_ERRORS.get(each.mishap, "internal_error"),
            )
