"""The Slack adapter with a shared fake Slack that runs in its own thread, so that a place is created quickly."""

import asyncio
import atexit
import threading
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache

from bots.domain.channels import Channel
from bots.domain.replies import Reply
from bots.slack.app import SlackAdapter
from bots.slack.outgoing import reply_messages
from bots.slack.poster import SlackPoster
from bots.slack.web_client import new_client
from bots.testing import Fault, Stage
from bots.testing.failing import RETRY_AFTER
from bots.testing.stage import hidden_in
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.reading import Seen
from tests.fakes.slack.server import FakeSlack
from tests.slack import strict
from tests.support.doubles import Hand

#: Only for arXiv: an entry's menu links to it besides the addresses of its paper.
_PDF = "https://arxiv.org/pdf/"
#: Number of workspaces to keep: a test has two places at most.
_KEPT = 4


class _Served:
    """One fake Slack for all places; its clock is the `Hand` of the newest place."""

    def __init__(self) -> None:
        self.hand = Hand()
        self.slack = FakeSlack(clock=lambda: self.hand().timestamp(), pace=None)
        self.founded = 0
        self._loop = asyncio.new_event_loop()
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        asyncio.run_coroutine_threadsafe(self.slack.__aenter__(), self._loop).result()
        atexit.register(self._end, thread)

    def found(self, hand: Hand) -> tuple[str, Channel, Channel]:
        """Return the token of a new workspace, and two channels in it."""
        self.hand = hand
        self.founded += 1
        world = self.slack.hub.world
        for old in list(world.workspaces)[:-_KEPT]:
            del world.workspaces[old]
        del world.installations[:-_KEPT]
        self.slack.hub.happenings.all.clear()
        self.slack.hub.faults.heal()
        team = self.slack.workspace(f"Lab {self.founded}")
        token = self.slack.hub.install(
            team, scopes=frozenset({"chat:write", "channels:history", "channels:read"})
        ).token
        papers, other = (self.slack.channel(name, workspace=team).id for name in ("papers", "other"))
        return (
            token,
            Channel(platform="slack", workspace=team.id, channel=papers),
            Channel(platform="slack", workspace=team.id, channel=other),
        )

    def _end(self, thread: threading.Thread) -> None:
        asyncio.run_coroutine_threadsafe(self.slack.__aexit__(None, None, None), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        thread.join()
        self._loop.close()


_served = cache(_Served)

_TROUBLES: Mapping[Fault, tuple[Trouble, Mapping[str, object]]] = {
    Fault.BUSY: (Trouble.RATE_LIMITED, {"seconds": RETRY_AFTER}),
    Fault.DOWN: (Trouble.DOWN_BEFORE, {}),
    Fault.TOO_LARGE: (Trouble.REFUSED, {"error": "msg_too_long"}),
    Fault.GONE: (Trouble.REFUSED, {"error": "channel_not_found"}),
    Fault.FORBIDDEN: (Trouble.REFUSED, {"error": "not_in_channel"}),
    Fault.LOST_BEFORE: (Trouble.RESET, {}),
    Fault.LOST_AFTER: (Trouble.ANSWER_LOST, {}),
    Fault.GARBLED: (Trouble.NOT_JSON, {}),
}


class SlackPlace(Stage):
    """A channel in a workspace."""

    knows_keys = False
    can_be_asked = True
    #: Slack's clock and ours may differ by two minutes.
    skew = timedelta(minutes=2)

    def __init__(self) -> None:
        self.clock = clock = Hand()
        self._slack = _served().slack
        self._token, self.channel, self.elsewhere = _served().found(clock)
        self.adapter = SlackAdapter(SlackPoster(self._slack.api, self._token_of))

    async def _token_of(self, _workspace: str) -> str:
        return self._token

    async def show(self, reply: Reply) -> None:
        client = new_client(self._token, self._slack.api)
        for message in reply_messages(reply):
            await client.chat_postMessage(channel=self.channel.channel, **message)

    def fail(self, fault: Fault) -> None:
        trouble, more = _TROUBLES[fault]
        self._slack.hub.faults.switch(trouble, left=1, **more)  # type: ignore[arg-type] # Fault checks the names

    def _messages(self) -> list[Seen]:
        channel = self._slack.hub.world.workspaces[self.channel.workspace].channels[self.channel.channel]
        return [self._slack.hub.seen(channel, message) for message in channel.shown()]

    def seen(self) -> str:
        messages = self._messages()
        # A reader who points at a link sees its address.
        return "\n".join([*(each.text for each in messages), *(link.url for each in messages for link in each.links)])

    def injected(self, links: Iterable[str]) -> list[str]:
        found: list[str] = []
        for seen in self._messages():
            pdfs = {target for target in strict.targets(seen.blocks) if target.startswith(_PDF)}
            found += strict.injected(seen.blocks, {*links, *pdfs})
            found += [ping.target for ping in (*seen.pings, *seen.doubtful_pings)]
            found += strict.live_in(seen.message.text)
        return found + hidden_in(self.seen())
