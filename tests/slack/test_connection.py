"""The line to Slack breaks in every way it can: it is put up again, and what was asked is answered once."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.person import Person
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.world import Channel
from tests.slack.conftest import at_work

#: Seconds; the product waits 45.
STUCK_AFTER = 0.3
#: Papers of the sample day: a card of each can be told from the others.
ASKED = {"1706.03762": "Attention Is All You Need", "1810.04805": "BERT", "1512.03385": "Deep Residual Learning"}


@dataclass(frozen=True, kw_only=True, slots=True)
class RunExecutor:
    """Ada at work, over Socket Mode."""

    slack: FakeSlack
    ada: Person
    papers: Channel

    async def is_answered(self) -> None:
        """Ask for papers, and find each answered once."""
        for paper_id in ASKED:
            await self.ada.types(f"/paper {paper_id}", self.papers)
        for title in ASKED.values():
            await self.ada.reads(title, self.papers, only_me=True)
        # What comes after all of them is answered after all of them.
        await self.ada.types("/paper help", self.papers)
        await self.ada.reads("What you can ask", self.papers, only_me=True)
        assert dict.fromkeys(ASKED.values(), 1) == {title: self.count(title) for title in ASKED.values()}

    def count(self, title: str) -> int:
        """Return how many answers show a paper."""
        return sum(title in seen.text for seen in self.ada.sees(self.papers, only_me=True))


@pytest.fixture
async def executor(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[RunExecutor]:
    """Paperwire, on a line that is looked after every moment."""
    async with AsyncExitStack() as stack:
        executor = seated(slack)
        await joined(stack, slack, tmp_path)
        yield executor


def seated(slack: FakeSlack) -> RunExecutor:
    """Return Ada at a desk, in a channel with the bot."""
    ada = slack.person("ada", tz="Europe/Vienna")
    slack.hub.install(slack.workspace())
    return RunExecutor(slack=slack, ada=ada, papers=slack.channel("papers", ada))


async def joined(stack: AsyncExitStack, slack: FakeSlack, folder: Path) -> None:
    """Have one more Paperwire join, on the same database as the others."""
    before = len(slack.hub.sockets.ready())
    token = slack.hub.install(slack.workspace()).token
    await stack.enter_async_context(at_work(slack, folder, token, stuck_after=STUCK_AFTER))
    await slack.hub.sockets.connected(before + 1)


async def dead_ticket(slack: FakeSlack) -> None:
    """End the connection, and give out an address that never takes a handshake."""
    slack.hub.faults.switch(Trouble.DEAD_TICKET, "ticket", left=1)
    slack.hub.sockets.drop()
    await slack.until(lambda: slack.hub.sockets.refused, what="a handshake that is refused")


async def refresh(slack: FakeSlack) -> None:
    """Ask for another connection, as Slack does every few hours."""
    opened = slack.hub.sockets.opened
    await slack.hub.sockets.disconnect("refresh_requested")
    await slack.until(lambda: slack.hub.sockets.opened > opened, within=20, what="another connection")


async def drop(slack: FakeSlack) -> None:
    """Cut the connection."""
    slack.hub.sockets.drop()


async def storm(slack: FakeSlack) -> None:
    """Cut every connection as soon as it stands, five times."""
    await slack.hub.sockets.storm(5)


async def restart(slack: FakeSlack) -> None:
    """Have the server go away, and come back at the same address."""
    await slack.__aexit__(None, None, None)
    await slack.__aenter__()


async def nothing(slack: FakeSlack) -> None:
    """Leave the line alone."""


@pytest.mark.parametrize("breaks", [nothing, dead_ticket, refresh, drop, storm, restart])
async def test_whatever_breaks_the_line_commands_are_answered_once(
    executor: RunExecutor, breaks: Callable[[FakeSlack], Awaitable[None]]
) -> None:
    """After the line was broken it stands again, and each command is answered, once."""
    await breaks(executor.slack)
    await executor.slack.hub.sockets.connected(within=20)

    await executor.is_answered()


async def test_a_client_that_is_stuck_is_replaced(executor: RunExecutor, caplog: pytest.LogCaptureFixture) -> None:
    """The library tries a dead ticket for ever; whoever watches it asks for a new one."""
    await dead_ticket(executor.slack)
    await executor.slack.hub.sockets.connected(within=20)

    assert "the line to Slack is replaced" in [each.message for each in caplog.records]
    assert 1 == len(executor.slack.hub.sockets.ready())


async def test_a_socket_that_breaks_under_a_command_costs_no_answer_and_doubles_none(executor: RunExecutor) -> None:
    """Slack sends again what it was carrying when the connection ended."""
    executor.slack.hub.faults.switch(Trouble.DROPPED, "/paper", left=2)

    await executor.is_answered()


async def test_what_slack_did_not_hear_acknowledged_is_answered_once(executor: RunExecutor) -> None:
    """Commands, presses and mentions that come again are known again."""
    executor.slack.hub.faults.switch(Trouble.REDELIVERED, "*")
    await executor.is_answered()
    card = await executor.ada.reads("BERT", executor.papers, only_me=True)
    await executor.ada.presses(card, "Save")
    asked = await executor.ada.mentions("1412.6980", executor.papers)
    await executor.ada.reads("Adam", executor.papers, thread=asked.ts)
    await executor.slack.until(
        lambda: len(executor.slack.hub.happenings.of("redelivered")) == 6, what="six that came again"
    )
    await executor.ada.types("/paper saved", executor.papers)
    await executor.ada.reads("1 saved", executor.papers, only_me=True)

    assert 1 == executor.count("Saved:")
    assert 2 == len(executor.ada.sees(executor.papers, thread=asked.ts))


async def test_two_instances_on_one_app_answer_each_command_once(
    executor: RunExecutor, tmp_path: Path, slack: FakeSlack
) -> None:
    """Slack gives what it has to either, and what it doubts to both: the database knows what was answered."""
    async with AsyncExitStack() as stack:
        await joined(stack, slack, tmp_path)
        assert 2 == len(slack.hub.sockets.ready())
        slack.hub.faults.switch(Trouble.REDELIVERED, "/paper", left=3)
        await executor.is_answered()
        for _ in range(20):
            await executor.ada.types("/paper subscriptions", executor.papers)
        await slack.until(lambda: executor.count("no subscriptions") >= 20, what="twenty answers")
        assert all(connection.carried for connection in slack.hub.sockets.ready())
    assert 20 == executor.count("no subscriptions")


@pytest.mark.parametrize("moment", ["at the end", "when it is replaced"])
async def test_a_client_that_hangs_at_its_end_holds_nobody_up(
    slack: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """A close that never returns is left behind: the house closes, and a stuck client is replaced all the same."""

    async def hang(_client: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("bots.slack.connection._CLOSE", 0.1)
    executor = seated(slack)
    async with AsyncExitStack() as stack:
        await joined(stack, slack, tmp_path)
        monkeypatch.setattr(SocketModeClient, "disconnect", hang)
        if moment == "when it is replaced":
            await dead_ticket(slack)
            await slack.hub.sockets.connected(within=20)
            await executor.is_answered()
        started = time.monotonic()
    assert 5 > time.monotonic() - started
