"""What is due in the database of 0.1.0 is delivered by today's program as 0.1.0 itself delivered it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from bots.delivery.rate_limiter import RateLimiter
from bots.domain.digests import Part
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper, PaperId
from bots.domain.runs import Delivery, DeliveryState, Run, RunState
from bots.fakechat.app import FakeChatAdapter
from bots.fakechat.chat import FakeChat, Message
from bots.ports import SourceQuery
from bots.store.sql import SqlStore, open_store
from tests.store.recorded import KEY, RECORDED, plain, run_sql
from tests.support.doubles import Bench, Hand, ToldSource, ToldSummarizer, furnished

LATER = datetime.fromisoformat(RECORDED["later"]["at"])
IDS = RECORDED["subscription ids"]
#: A run for Slack; 0.1.0 held its one part.
SLACK_RUN = f"{IDS['held in Slack']}@2026-11-24T11:50"


@dataclass(kw_only=True)
class Listed(ToldSource):
    """A source that lists the papers of each day, and nothing on every other day."""

    by_day: Mapping[date, tuple[Paper, ...]] = field(default_factory=dict)

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the papers of the day."""
        papers = self.by_day.get(ask.day, ())
        if papers:
            return Harvest(source=self.spec, papers=papers)
        return Harvest(source=self.spec, state=Freshness.EMPTY, note="nothing is listed.", final=True)


async def sources(store: SqlStore) -> dict[str, ToldSource]:
    """Return the recorded sources, with the lists that they had."""

    async def named(names: list[str]) -> tuple[Paper, ...]:
        found = [await store.paper(PaperId.parse(name)) for name in names]
        return tuple(filter(None, found))

    return {
        spec: Listed(spec=spec, by_day={date.fromisoformat(day): await named(names) for day, names in days.items()})
        for spec, days in RECORDED["listed"].items()
    }


def message(told: dict[str, Any]) -> Message:
    """Return a message that was in the chat when the recording ended."""
    texts = {name: tuple(told[name]) for name in ("blocks", "pings")}
    return Message(**{**told, **texts, "posted_at": datetime.fromisoformat(told["posted_at"])})


async def furnish(store: SqlStore) -> Bench:
    """Return today's program at 15:00 over the database, with the fake chat alone connected."""
    clock = Hand(now=LATER)
    chat = FakeChat(clock=clock, sleep=clock.sleep, messages=[message(told) for told in RECORDED["chat"]])
    return furnished(store, clock, chat, ToldSummarizer(), await sources(store))


async def go_on(bench: Bench) -> None:
    """Open and carry out what is due, then carry out what is ready, each in the store's order."""
    for subscription in await bench.store.subscriptions():
        if key := await bench.due_runs.open_due(subscription):
            await bench.executor.execute(key)
    for key in await bench.store.ready(bench.clock()):
        await bench.executor.execute(key)


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """A database before and after what was due was delivered."""

    bench: Bench
    runs: tuple[Run, ...]
    parts: tuple[Delivery, ...]

    async def run(self, name: str) -> Run:
        """Return the latest run of a subscription, as it stands now."""
        found = await self.bench.store.last_run(IDS[name])
        assert found
        return found

    async def changed_parts(self) -> list[Delivery]:
        """Return the parts that are new or different."""
        return [part for part in await self.bench.store.deliveries() if part not in self.parts]


@pytest.fixture
async def delivered(upgraded: SqlStore) -> Delivered:
    """What was due at 15:00, delivered."""
    return await deliver(upgraded)


async def deliver(store: SqlStore) -> Delivered:
    """Deliver what is due, and return the database as it was and as it is."""
    bench = await furnish(store)
    runs, parts = await store.runs(limit=1000), await store.deliveries()
    await go_on(bench)
    return Delivered(bench=bench, runs=runs, parts=parts)


def reworded(note: str) -> str:
    """Return a note of 0.1.0 in today's words."""
    return note.replace("its papers stay for the next digest", "the next digest covers its papers")


async def test_the_same_runs_end_in_the_same_way(delivered: Delivered) -> None:
    """Each run that 0.1.0 changed is changed, to the same state with the same note, and no other."""
    runs = [run for run in await delivered.bench.store.runs(limit=1000) if run not in delivered.runs]
    noted = {run.key: {"state": run.state.value, "note": run.note} for run in runs}
    assert {key: {**run, "note": reworded(run["note"])} for key, run in RECORDED["later"]["runs"].items()} == noted


async def test_the_same_parts_are_delivered(delivered: Delivered) -> None:
    """Each part that 0.1.0 changed is changed in the same way: its papers, its state, the id of its message."""
    names = ("key", "run_key", "state", "message_id")
    assert RECORDED["later"]["deliveries"] == [
        {
            **{name: plain(getattr(part, name)) for name in names},
            "number": part.part.number,
            "paper_ids": plain(part.part.paper_ids),
        }
        for part in await delivered.changed_parts()
    ]


async def test_the_same_messages_are_posted_in_the_same_order(delivered: Delivered) -> None:
    """The chat holds the messages it held, then those that 0.1.0 posted, in the order in which it posted them."""
    before, messages = len(RECORDED["chat"]), delivered.bench.chat.messages
    assert RECORDED["chat"] == plain(messages[:before])
    fresh = [{"channel": each.channel, "key": each.key} for each in messages[before:]]
    assert RECORDED["later"]["posted to the chat"] == fresh


async def test_no_message_is_posted_twice(delivered: Delivered) -> None:
    """Each part is in the chat once at most; when everything is carried out again, nothing more is posted."""
    messages = delivered.bench.chat.messages
    keys = [each.key for each in messages]
    assert len(keys) == len(set(keys))
    await go_on(delivered.bench)
    assert len(keys) == len(messages)


@pytest.mark.parametrize(("name", "times"), [("killed", 0), ("stopped", 1)])
async def test_a_part_is_posted_only_if_the_chat_lacks_it(delivered: Delivered, name: str, times: int) -> None:
    """A part whose lease expired is found in the chat and not posted again, or missed there and posted."""
    run = await delivered.run(name)
    (part,) = await delivered.bench.store.deliveries(run.key)
    found = [each.id for each in delivered.bench.chat.messages if each.key == part.key]
    assert (RunState.DONE, DeliveryState.SENT, [part.message_id]) == (run.state, part.state, found)
    assert times == [attempt.key for attempt in delivered.bench.chat.attempts].count(part.key)


async def test_a_held_part_stays_held(delivered: Delivered) -> None:
    """A part that may or may not be posted waits for a person, beside the parts of its run that are posted."""
    run = next(run for run in delivered.runs if run.key == f"{IDS['main']}@2026-11-24T09:00")
    parts = await delivered.bench.store.deliveries(run.key)
    assert ["sent", "ambiguous", "sent"] == [part.state.value for part in parts]
    assert parts[1] in delivered.parts
    assert parts[1].key not in {each.key for each in delivered.bench.chat.attempts}


class Elsewhere(FakeChatAdapter):
    """Slack, which takes every message."""

    platform = "slack"

    def __init__(self, chat: FakeChat) -> None:
        super().__init__(chat)
        self.posted: list[Part] = []

    async def post(self, part: Part, key: str, *, root: str = "") -> str:  # noqa: ARG002 - it answers at once
        """Return the timestamp of a message."""
        self.posted.append(part)
        return "1795532400.000100"


@pytest.fixture
async def waiting(left: str) -> AsyncIterator[Delivered]:
    """What was due at 15:00, delivered, while a run for Slack waits with a part that was never tried."""
    queued = "UPDATE digest_run SET state = 'queued', note = '', finished = NULL WHERE key = :key"
    planned = "UPDATE delivery SET state = 'planned', attempts = 0, last_error = '' WHERE run_key = :key"
    run_sql(left, *(text(statement).bindparams(key=SLACK_RUN) for statement in (queued, planned)))
    async with open_store(left, keys=(KEY,)) as store:
        yield await deliver(store)


async def test_a_run_of_a_platform_that_is_not_connected_is_left_alone(waiting: Delivered) -> None:
    """A run for Slack stays queued and its part planned, so that a process that has Slack can still post it.

    0.1.0 claimed such a run, found no adapter and ended it as failed.
    """
    assert await waiting.run("held in Slack") in waiting.runs
    assert SLACK_RUN not in {part.run_key for part in await waiting.changed_parts()}
    assert (SLACK_RUN,) == await waiting.bench.store.ready(waiting.bench.clock())


async def test_a_run_that_was_left_alone_is_posted_when_its_platform_is_connected(waiting: Delivered) -> None:
    """The part that 0.1.0 planned is posted to Slack as it was planned, and the run is done."""
    bench = waiting.bench
    slack = Elsewhere(bench.chat)
    limiter = RateLimiter(slack.limits, ticks=bench.clock.ticks, sleep=bench.clock.pace)
    part_delivery = replace(
        bench.executor.part_delivery, adapters={"slack": slack}, rate_limiters={slack.platform: limiter}
    )
    await replace(bench.executor, part_delivery=part_delivery).execute(SLACK_RUN)
    assert RunState.DONE == (await waiting.run("held in Slack")).state
    assert [part.part for part in waiting.parts if part.run_key == SLACK_RUN] == slack.posted
