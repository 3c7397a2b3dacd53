"""The Socket Mode connection recovers from every kind of failure, and each request is answered once."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.person import Person
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.world import Channel
from tests.slack.conftest import at_work

#: Papers of the sample day whose cards differ in their titles.
ASKED = {"1706.03762": "Attention Is All You Need", "1810.04805": "BERT", "1512.03385": "Deep Residual Learning"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Workplace:
    """Ada, who uses Slack, and the fake Slack over Socket Mode."""

    slack: FakeSlack
    ada: Person
    papers: Channel

    async def is_answered(self) -> None:
        """Type a command for each paper and check that each is answered once."""
        for paper_id in ASKED:
            await self.ada.types(f"/paper {paper_id}", self.papers)
        for title in ASKED.values():
            await self.ada.reads(title, self.papers, only_me=True)
        # A command typed last is answered after all the others.
        await self.ada.types("/paper help", self.papers)
        await self.ada.reads("Commands", self.papers, only_me=True)
        assert dict.fromkeys(ASKED.values(), 1) == {title: self.count(title) for title in ASKED.values()}

    def count(self, title: str) -> int:
        """Return the number of replies that show a paper."""
        return sum(title in seen.text for seen in self.ada.sees(self.papers, only_me=True))


@pytest.fixture
async def workplace(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Workplace]:
    """Paperwire, with a connection that is checked at short intervals."""
    async with AsyncExitStack() as stack:
        workplace = seated(slack)
        await joined(stack, slack, tmp_path)
        yield workplace


def seated(slack: FakeSlack) -> Workplace:
    """Return Ada in a channel with the bot."""
    ada = slack.person("ada", tz="Europe/Vienna")
    slack.hub.install(slack.workspace())
    return Workplace(slack=slack, ada=ada, papers=slack.channel("papers", ada))


async def joined(stack: AsyncExitStack, slack: FakeSlack, folder: Path, **settings: Any) -> None:
    """Start one more Paperwire instance on the same database."""
    before = len(slack.hub.sockets.ready())
    token = slack.hub.install(slack.workspace()).token
    await stack.enter_async_context(at_work(slack, folder, token, **settings))
    await slack.hub.sockets.connected(before + settings.get("connections", 1))


async def dead_ticket(slack: FakeSlack) -> None:
    """Cut the connection, and have Slack issue a URL that refuses every handshake."""
    slack.hub.faults.switch(Trouble.DEAD_TICKET, "ticket", left=1)
    slack.hub.sockets.drop()
    await slack.until(lambda: slack.hub.sockets.refused, what="a handshake that is refused")


async def refresh(slack: FakeSlack) -> None:
    """Have Slack request a reconnect, as it does every few hours."""
    opened = slack.hub.sockets.opened
    await slack.hub.sockets.disconnect("refresh_requested")
    await slack.until(lambda: slack.hub.sockets.opened > opened, within=20, what="another connection")


async def drop(slack: FakeSlack) -> None:
    """Cut the connection."""
    slack.hub.sockets.drop()


async def storm(slack: FakeSlack) -> None:
    """Cut every connection as soon as it is up, five times."""
    await slack.hub.sockets.storm(5)


async def restart(slack: FakeSlack) -> None:
    """Restart the server at the same address."""
    await slack.__aexit__(None, None, None)
    await slack.__aenter__()


async def nothing(slack: FakeSlack) -> None:
    """Leave the connection alone."""


@pytest.mark.parametrize("breaks", [nothing, dead_ticket, refresh, drop, storm, restart])
async def test_whatever_breaks_the_line_commands_are_answered_once(
    workplace: Workplace, breaks: Callable[[FakeSlack], Awaitable[None]]
) -> None:
    """After a failure the connection is up again, and each command is answered once."""
    await breaks(workplace.slack)
    await workplace.slack.hub.sockets.connected(within=20)

    await workplace.is_answered()


async def test_a_client_that_is_stuck_is_replaced(workplace: Workplace, caplog: pytest.LogCaptureFixture) -> None:
    """The library retries a dead ticket for ever; here each attempt asks for a new URL, and the log says why."""
    await dead_ticket(workplace.slack)
    await workplace.slack.hub.sockets.connected(within=20)

    assert "a connection to Slack could not be opened: 403" in caplog.text
    assert 1 == len(workplace.slack.hub.sockets.ready())


async def test_a_socket_that_breaks_under_a_command_costs_no_answer_and_doubles_none(workplace: Workplace) -> None:
    """Slack redelivers commands that were in flight when the connection broke, and each is answered once."""
    workplace.slack.hub.faults.switch(Trouble.DROPPED, "/paper", left=2)

    await workplace.is_answered()


async def test_what_slack_did_not_hear_acknowledged_is_answered_once(workplace: Workplace) -> None:
    """Redelivered commands, clicks and mentions are recognised and not answered again."""
    workplace.slack.hub.faults.switch(Trouble.REDELIVERED, "*")
    await workplace.is_answered()
    card = await workplace.ada.reads("BERT", workplace.papers, only_me=True)
    await workplace.ada.presses(card, "Save")
    asked = await workplace.ada.mentions("1412.6980", workplace.papers)
    await workplace.ada.reads("Adam", workplace.papers, thread=asked.ts)
    await workplace.slack.until(
        lambda: len(workplace.slack.hub.happenings.of("redelivered")) == 6, what="six that came again"
    )
    await workplace.ada.types("/paper saved", workplace.papers)
    await workplace.ada.reads("1 saved", workplace.papers, only_me=True)

    assert 1 == workplace.count("Saved:")
    assert 2 == len(workplace.ada.sees(workplace.papers, thread=asked.ts))


async def test_two_instances_on_one_app_answer_each_command_once(
    workplace: Workplace, tmp_path: Path, slack: FakeSlack
) -> None:
    """Payloads reach either instance and redeliveries both; the shared database ensures one answer each."""
    async with AsyncExitStack() as stack:
        await joined(stack, slack, tmp_path)
        assert 2 == len(slack.hub.sockets.ready())
        slack.hub.faults.switch(Trouble.REDELIVERED, "/paper", left=3)
        await workplace.is_answered()
        for _ in range(20):
            await workplace.ada.types("/paper subscriptions", workplace.papers)
        await slack.until(lambda: workplace.count("no subscriptions") >= 20, what="twenty answers")
        assert all(connection.carried for connection in slack.hub.sockets.ready())
    assert 20 == workplace.count("no subscriptions")


@pytest.mark.parametrize("moment", ["at the end", "when it is replaced"])
async def test_a_client_that_hangs_at_its_end_holds_nobody_up(
    slack: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """A close that never returns is abandoned: the app shuts down, and a stuck client is still replaced."""

    async def hang(_client: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("bots.slack.socket_link._CLOSE", 0.1)
    workplace = seated(slack)
    async with AsyncExitStack() as stack:
        await joined(stack, slack, tmp_path)
        monkeypatch.setattr(SocketModeClient, "disconnect", hang)
        if moment == "when it is replaced":
            await dead_ticket(slack)
            await slack.hub.sockets.connected(within=20)
            await workplace.is_answered()
        started = time.monotonic()
    assert 5 > time.monotonic() - started


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_a_connection_that_slack_ends_is_replaced_without_a_gap(
    workplace: Workplace, slack: FakeSlack, reason: str
) -> None:
    """The next connection is open before the old one closes, and what is typed meanwhile is answered once."""
    sockets = slack.hub.sockets
    await sockets.disconnect(reason)
    await workplace.is_answered()
    await slack.until(lambda: (sockets.opened, len(sockets.connections)) == (2, 1), within=30, what="its end")
    told = [each.text for each in slack.hub.happenings.of("socket")]
    assert ["connection 2 opened", "connection 1 closed"] == [each for each in told if "told" not in each][1:]


async def test_several_connections_of_one_process_each_answer(slack: FakeSlack, tmp_path: Path) -> None:
    """Envelopes come over all of them and are acknowledged where they came; one that is cut is opened again."""
    workplace = seated(slack)
    async with AsyncExitStack() as stack:
        await joined(stack, slack, tmp_path, connections=3)
        for _ in range(20):
            await workplace.ada.types("/paper subscriptions", workplace.papers)
        await slack.until(lambda: workplace.count("no subscriptions") >= 20, within=30, what="twenty answers")
        assert all(connection.carried for connection in slack.hub.sockets.ready())
        slack.hub.sockets.drop(1)
        await slack.until(lambda: slack.hub.sockets.opened == 4, within=30, what="another connection")
        await slack.hub.sockets.connected(3, within=30)
    assert 20 == workplace.count("no subscriptions")
    assert [] == slack.hub.happenings.of("late ack")


async def test_too_many_connections_are_told(
    slack: FakeSlack, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log names the limit and what to change; those that are open work, and are replaced one after the other."""
    monkeypatch.setattr("tests.fakes.slack.limits.SOCKETS", 2)
    workplace = seated(slack)
    async with AsyncExitStack() as stack:
        await joined(stack, slack, tmp_path, connections=2)
        monkeypatch.setattr("bots.slack.connection._FIRST", 0.5)
        token = slack.hub.install(slack.workspace()).token
        await stack.enter_async_context(at_work(slack, tmp_path, token, connections=1))
        await slack.until(lambda: "lower slack.connections" in caplog.text, within=30, what="the reason")
        await slack.hub.sockets.disconnect("refresh_requested", count=1)
        await slack.hub.sockets.connected(2, within=30)
        await workplace.is_answered()
