"""What the listener answers to handwritten interactions: who may share and subscribe, and who sees an answer."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from bots.discord.autocomplete import sources, suggestions
from bots.discord.controls import Control, control_id
from bots.discord.listener import Listener
from bots.discord.messages import Message
from bots.discord.payloads import location_of
from bots.discord.permissions import may_speak
from bots.discord.responses import InteractionResponse
from bots.discord.settings import DiscordSettings
from bots.domain.papers import PaperId
from bots.store.memory import MemoryStore
from tests.discord.interactions import Json, control, interaction, slash
from tests.support.doubles import a_bench
from tests.support.factories import a_paper

SEND, SEND_IN_THREADS, MANAGE_CHANNELS = 1 << 11, 1 << 38, 1 << 4
EPHEMERAL = 1 << 6
#: docs.discord.com, Channel Types: a public thread.
THREAD = 11


@dataclass
class Calls:
    """Discord's interface for interactions: records what is sent, by method."""

    sent: list[tuple[str, Json]] = field(default_factory=list)

    async def answer(self, _interaction: str, _token: str, body: Json) -> None:
        """Record the first response."""
        self.sent.append(("answer", body))

    async def edit_answer(self, _token: str, body: Json, _files: object = ()) -> None:
        """Record the reply in place of the placeholder."""
        self.sent.append(("edit", body))

    async def follow_up(self, _token: str, body: Json, _files: object = ()) -> None:
        """Record a further message."""
        self.sent.append(("follow up", body))

    @property
    def said(self) -> str:
        """Everything that was sent, as text."""
        return str(self.sent)


@pytest.fixture
def calls() -> Calls:
    """What is sent to Discord."""
    return Calls()


@pytest.fixture
async def listener(calls: Calls) -> AsyncIterator[Listener]:
    """A listener that answers through the recorder."""
    async with a_bench(MemoryStore()) as bench:
        yield Listener(service=bench.service, rest=calls, settings=DiscordSettings())  # type: ignore[arg-type]  # as used


def member(permissions: int) -> Json:
    """Return Ada as a member with some permissions in the channel of the interaction."""
    return {"user": {"id": "5"}, "permissions": str(permissions)}


# ── sharing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("permissions", "kind", "may"),
    [
        (SEND, 0, True),
        (0, 0, False),
        (MANAGE_CHANNELS, 0, False),
        (SEND_IN_THREADS, 0, False),
        (SEND_IN_THREADS, THREAD, True),
        (SEND, THREAD, False),
    ],
)
async def test_sharing_takes_the_right_to_write(
    listener: Listener, calls: Calls, permissions: int, kind: int, may: bool
) -> None:
    """A person who may not write in the channel, or in a thread of it, shares nothing there and is told so."""
    pressed = control(control_id(Control.SHARE), member=member(permissions), channel={"id": "22", "type": kind})
    assert may == may_speak(location_of(pressed))
    await listener.take(pressed)
    public = [body for way, body in calls.sent if way == "follow up" and not int(body.get("flags", 0)) & EPHEMERAL]
    assert may == bool(public)
    assert may == ("You may not write in this channel" not in calls.said)


# ── who sees an answer ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("deferred", [True, False])
async def test_every_message_of_an_answer_is_for_the_requester_alone(calls: Calls, deferred: bool) -> None:
    """The placeholder or the first message, and each message after it, is marked as ephemeral."""
    response = InteractionResponse(calls, location_of(slash("paper help")))  # type: ignore[arg-type]  # as used
    if deferred:
        await response.defer()
    await response.say([Message(payload={"content": str(number)}) for number in range(4)])
    ways = ["answer", "edit", *["follow up"] * 3] if deferred else ["answer", *["follow up"] * 3]
    assert ways == [way for way, _ in calls.sent]
    flags = [int((body.get("data") or body).get("flags", 0)) for way, body in calls.sent if way != "edit"]
    assert all(each & EPHEMERAL for each in flags)


# ── subscribing elsewhere ────────────────────────────────────────────────────────────────────────────────────────────


def subscribe_to(theirs: int | None, here: int = MANAGE_CHANNELS) -> Json:
    """Return the command to subscribe another channel, with the person's permissions there and here."""
    about: Json = {"id": "44", "type": 0, "app_permissions": str((1 << 50) - 1)}
    if theirs is not None:
        about["permissions"] = str(theirs)
    asked = slash("paper subscribe", channel="44")
    asked["data"]["resolved"] = {"channels": {"44": about}}
    return {**asked, "member": member(here)}


@pytest.mark.parametrize(
    ("theirs", "here", "may"),
    [
        (MANAGE_CHANNELS, MANAGE_CHANNELS, True),
        (0, MANAGE_CHANNELS, False),
        (SEND, MANAGE_CHANNELS, False),
        (MANAGE_CHANNELS, 0, True),
    ],
)
async def test_subscribing_takes_the_permission_in_the_channel_that_gets_the_digests(
    listener: Listener, calls: Calls, theirs: int, here: int, may: bool
) -> None:
    """The permission in the other channel decides alone: it subscribes it from anywhere, and nothing else does."""
    await listener.take(subscribe_to(theirs, here))
    modal = [body for _, body in calls.sent if body.get("type") == 9]
    assert may == bool(modal)
    assert may == ("requires the permission" not in calls.said)


# ── suggestions ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_suggestions_are_as_many_as_discord_accepts() -> None:
    """Of forty papers that match, and of all sources, at most twenty-five are suggested, with short names."""
    store = MemoryStore()
    papers = tuple(
        a_paper(id=PaperId.arxiv(f"2401.{number:05}"), title=f"Agents {number} {'plan ' * 40}") for number in range(40)
    )
    await store.remember(papers, source="a feed", day=datetime(2026, 1, 2, tzinfo=UTC).date())
    option: dict[str, Any] = {"type": 3, "name": "paper", "value": "agents", "focused": True}
    asked = interaction(4, {"name": "paper", "options": [{"type": 1, "name": "lookup", "options": [option]}]})
    found = await suggestions(store, asked)
    assert 25 == len(found)
    assert 0 < len(sources("")) <= 25
    offered = sources("arx", {f"the list {number}": f"arxiv:{number}" for number in range(40)})
    assert 25 == len(offered)
    assert all(len(name) <= 100 and len(value) <= 100 for name, value in (*found, *offered, *sources("arxiv:x," * 9)))
