"""The gateway connection is reopened after every kind of failure, and each command is answered once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from bots.discord.settings import ConnectionMode
from tests.discord.conftest import Clock, Lab, at_home, at_work, founded, settings_for
from tests.fakes.discord.faults import Trouble
from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.person import Person
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel

#: Papers of the sample day, whose cards differ from each other.
ASKED = {"1706.03762": "Attention Is All You Need", "1810.04805": "BERT", "1512.03385": "Deep Residual Learning"}
_UNKNOWN, _ANSWERED = 10062, 40060


@dataclass(frozen=True, kw_only=True, slots=True)
class Workplace:
    """Ada, who uses commands in a server with the app."""

    discord: FakeDiscord
    ada: Person
    papers: Channel

    async def is_answered(self) -> None:
        """Request papers, and check that each request is answered once."""
        for paper_id in ASKED:
            await self.ada.uses("/paper lookup", self.papers, paper=paper_id)
        await self.finds_each_once()

    async def finds_each_once(self) -> None:
        """Check that each requested paper is answered once."""
        for title in ASKED.values():
            await self.ada.reads(title, self.papers, only_me=True)
        # This command comes after all lookups, so its reply comes after theirs.
        await self.ada.uses("/paper help", self.papers)
        await self.ada.reads("/paper subscribe", self.papers, only_me=True)
        assert dict.fromkeys(ASKED.values(), 1) == {title: self.count(title) for title in ASKED.values()}

    def shows(self, title: str, times: int) -> bool:
        """Return whether at least `times` replies contain a title or other words."""
        return self.count(title) >= times

    def count(self, title: str) -> int:
        """Return how many replies contain a title or other words."""
        return sum(title in seen.text for seen in self.ada.sees(self.papers, only_me=True))


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the pauses of the library, and our pause before a reconnect, from seconds to moments."""

    async def briefly(_seconds: float) -> None:
        await asyncio.sleep(0.01)

    monkeypatch.setattr("discord.client.asyncio", SimpleNamespace(**{**vars(asyncio), "sleep": briefly}))
    monkeypatch.setattr("bots.discord.connection.FIRST_PAUSE", 0.05)


@pytest.fixture
async def workplace(discord: FakeDiscord, tmp_path: Path, hasty: None) -> AsyncIterator[Workplace]:
    """Ada with a running Paperwire whose connection is reopened at once."""
    workplace = seated(discord)
    async with at_work(discord, tmp_path):
        yield workplace


def seated(discord: FakeDiscord) -> Workplace:
    """Return Ada in a server with the app."""
    guild = founded(discord)
    ada = discord.person("ada", guild, permissions=MEMBER | Permissions.MANAGE_CHANNELS)
    return Workplace(discord=discord, ada=ada, papers=discord.channel("papers", guild))


def calls(discord: FakeDiscord, method: str, path: str) -> list[int]:
    """Return Discord's error code, or else the status, of each call whose path starts with `path`."""
    found = [each.more for each in discord.hub.happenings.of("call") if each.text.startswith(f"{method} {path}")]
    return [int(each["error"].get("code") or each["status"]) for each in found]


async def nothing(_discord: FakeDiscord) -> None:
    """Leave the connection open."""


async def dropped(discord: FakeDiscord) -> None:
    """Close the connection with a code that allows a resume."""
    await discord.hub.gateway.drop(4000)


async def cut(discord: FakeDiscord) -> None:
    """Break the connection without a close code."""
    await discord.hub.gateway.drop(1006)


async def asked_back(discord: FakeDiscord) -> None:
    """Request a reconnect, as Discord does now and then (op 7)."""
    discord.hub.gateway.reconnect()


async def forgotten(discord: FakeDiscord) -> None:
    """Invalidate the session, so that it cannot be resumed (op 9)."""
    discord.hub.gateway.forget_sessions()


async def given_up(discord: FakeDiscord) -> None:
    """Close the connection with a code after which the library stops for good."""
    await discord.hub.gateway.drop(4010)


async def given_up_nowhere(discord: FakeDiscord) -> None:
    """Do the same, and refuse the next two queries for the gateway's address."""
    discord.hub.faults.switch(Trouble.DOWN_BEFORE, "GET /gateway/bot", left=2)
    await given_up(discord)


async def refused_again(discord: FakeDiscord) -> None:
    """Break the connection, and refuse the next two handshakes."""
    discord.hub.faults.switch(Trouble.HANDSHAKE, "gateway", left=2)
    await cut(discord)


Breaks = Callable[[FakeDiscord], Awaitable[None]]


@pytest.mark.parametrize(
    "breaks", [nothing, dropped, cut, asked_back, forgotten, given_up, given_up_nowhere, refused_again]
)
async def test_whatever_breaks_the_line_commands_are_answered_once(workplace: Workplace, breaks: Breaks) -> None:
    """A broken connection is reopened, and each command is answered once."""
    gateway = workplace.discord.hub.gateway
    opened = gateway.opened
    await breaks(workplace.discord)
    if breaks is not nothing:
        await workplace.discord.until(lambda: gateway.opened > opened, what="another handshake")
    await gateway.connected()

    await workplace.is_answered()
    assert [] == workplace.ada.notices


@pytest.mark.parametrize("breaks", [dropped, cut, asked_back, refused_again])
async def test_what_was_asked_meanwhile_is_answered_once_after_a_resume(workplace: Workplace, breaks: Breaks) -> None:
    """A resumed session delivers the commands that were used while there was no connection."""
    gateway = workplace.discord.hub.gateway
    await breaks(workplace.discord)
    for paper_id in ASKED:
        await workplace.ada.uses("/paper lookup", workplace.papers, paper=paper_id, wait=False)

    await workplace.finds_each_once()
    assert (1, 1) == (len(gateway.identified), gateway.resumed)


async def test_a_connection_that_breaks_under_a_command_costs_no_answer(workplace: Workplace) -> None:
    """A command that was in transit when the connection ended is sent again and answered."""
    workplace.discord.hub.faults.switch(Trouble.DROPPED, "/paper lookup", left=2)

    await workplace.is_answered()


async def test_after_a_lost_session_the_same_client_begins_another(workplace: Workplace) -> None:
    """After a lost session the client identifies again, without a resume or a new login, on a single connection."""
    gateway, logins = workplace.discord.hub.gateway, len(calls(workplace.discord, "GET", "/users/@me"))
    await forgotten(workplace.discord)
    await workplace.discord.until(lambda: len(gateway.identified) == 2, what="another session")
    await gateway.connected()

    await workplace.is_answered()
    assert (0, 1) == (gateway.resumed, len(gateway.ready()))
    assert logins == len(calls(workplace.discord, "GET", "/users/@me"))


async def test_a_handshake_that_is_refused_at_the_start_stops_nothing_else(
    discord: FakeDiscord, tmp_path: Path, hasty: None
) -> None:
    """The application starts and registers the commands, and the gateway connects as soon as Discord accepts it."""
    workplace = seated(discord)
    refused = discord.hub.faults.switch(Trouble.HANDSHAKE, "gateway")
    async with at_home(settings_for(discord), tmp_path):
        await discord.until(lambda: discord.hub.gateway.refused > 1, what="handshakes that are refused")
        await discord.until(lambda: discord.hub.commands.of(None), what="the commands")
        assert [] == discord.hub.gateway.ready()
        refused.left = 0
        await discord.hub.gateway.connected()

        await workplace.is_answered()


async def test_two_sessions_of_one_shard_answer_each_command_once(workplace: Workplace, tmp_path: Path) -> None:
    """While two processes have the same shard, Discord accepts one acknowledgement; the other does nothing."""
    discord, other = workplace.discord, tmp_path / "other"
    other.mkdir()
    # On a database of its own an instance knows nothing of the first one's leases.
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(at_work(discord, other))
        await discord.hub.gateway.connected(2)
        await workplace.is_answered()
        for done in range(10):
            await workplace.ada.uses("/paper subscriptions", workplace.papers)
            await discord.until(partial(workplace.shows, "no subscriptions", done + 1), what="an answer")
        asked = len(ASKED) + 1 + 10
        await discord.until(lambda: len(calls(discord, "POST", "/interactions")) == 2 * asked, what="both")
    assert 10 == workplace.count("no subscriptions")
    assert asked == calls(discord, "POST", "/interactions").count(_ANSWERED)


async def test_an_interaction_that_comes_twice_does_its_work_once(lab: Lab, way: ConnectionMode) -> None:
    """A command that is sent twice is answered once: its signature is known, or Discord refuses the second answer."""
    lab.discord.hub.faults.switch(Trouble.INTERACTION_TWICE, "/paper lookup")
    workplace = Workplace(discord=lab.discord, ada=lab.ada, papers=lab.papers)

    await workplace.is_answered()
    assert len(ASKED) == len([each for each in lab.discord.hub.happenings.of("fault") if "twice" in each.text])
    refused = 0 if way is ConnectionMode.HTTP else len(ASKED)
    await lab.discord.until(lambda: refused == calls(lab.discord, "POST", "/interactions").count(_ANSWERED))
    assert len(ASKED) + 1 == len(calls(lab.discord, "PATCH", "/webhooks"))


async def test_an_acknowledgement_whose_answer_is_lost_costs_no_answer(lab: Lab) -> None:
    """If the response to an acknowledgement is lost, Discord refuses the retry, and the person still gets the reply."""
    lab.discord.hub.faults.switch(Trouble.ANSWER_LOST, "POST /interactions/*", left=1)
    workplace = Workplace(discord=lab.discord, ada=lab.ada, papers=lab.papers)

    await workplace.is_answered()
    assert 1 == calls(lab.discord, "POST", "/interactions").count(_ANSWERED)


async def test_what_comes_too_late_to_be_answered_is_not_done(tmp_path: Path) -> None:
    """A button click that arrives after its three seconds saves no subscription: its result cannot be reported."""
    clock = Clock()
    async with FakeDiscord(clock=lambda: clock().timestamp()) as discord:
        workplace = seated(discord)
        async with at_work(discord, tmp_path, clock=clock) as application:
            await workplace.ada.uses("/paper subscribe", workplace.papers)
            await workplace.ada.gets_modal("New subscription")
            await workplace.ada.submits()
            shown = await workplace.ada.reads("New subscription", workplace.papers, only_me=True)
            discord.hub.faults.switch(Trouble.LATE, "INTERACTION_CREATE", seconds=0, left=1)
            await workplace.ada.presses(shown, "Subscribe", wait=False)
            await discord.until(lambda: discord.hub.happenings.of("fault"), what="the delay")
            clock.ahead += timedelta(seconds=4)
            discord.hub.faults.release()
            await discord.until(lambda: _UNKNOWN in calls(discord, "POST", "/interactions"), what="the refusal")
            await workplace.ada.uses("/paper subscriptions", workplace.papers)
            await workplace.ada.reads("no subscriptions", workplace.papers, only_me=True)

            assert () == await application.store.subscriptions()
        assert [] == discord.hub.wrongs


async def test_the_app_closes_while_the_connection_is_reopened(tmp_path: Path) -> None:
    """The application closes within eight seconds while the library resumes, identifies or waits for a handshake."""
    for turns in (0, 1, 2, 3, 5, 8, 13, 21, 34):
        async with FakeDiscord() as discord:
            founded(discord)
            async with asyncio.timeout(8), at_work(discord, tmp_path):
                discord.hub.gateway.cut(None)
                for _ in range(turns):
                    await asyncio.sleep(0.001)
