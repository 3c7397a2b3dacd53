"""Mentions in a digest that is posted later than it was made: only of those who still agree and are still there."""

from collections.abc import AsyncIterator, Collection
from dataclasses import replace

import pytest

from bots.delivery.part_delivery import LEASE
from bots.domain.channels import Channel, Reader
from bots.domain.digests import Digest, Part
from bots.domain.errors import StoreError
from bots.domain.follows import Consents, Follow, FollowKind
from bots.domain.runs import RunState
from bots.fakechat.app import FakeChatAdapter
from bots.fakechat.chat import FakeChat
from bots.store.memory import MemoryStore
from tests.delivery.test_run_executor import stopped_at_its_first_post
from tests.support.doubles import Bench, ToldSource, a_bench
from tests.support.factories import CHANNEL, NOW, five_papers
from tests.support.scenes import ended, shown

PEOPLE = ("ada", "bob")


class Mentioning(FakeChatAdapter):
    """A chat whose messages name people in blocks of their own."""

    def __init__(self, chat: FakeChat) -> None:
        super().__init__(chat)
        self.there = set(PEOPLE)
        self.broken = False

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the digest, with everyone whom it mentions in each message."""
        named = sorted({user for entry in digest.entries for user in entry.care})
        return tuple(_naming(part, named) for part in super().compose(digest))

    async def members(self, _channel: Channel, users: Collection[str]) -> frozenset[str]:
        """Return who is there."""
        return frozenset(self.there & set(users))

    def mentioned(self, part: Part) -> frozenset[str]:
        """Return whom a part names."""
        return frozenset(part.payload["named"])  # type: ignore[call-overload,no-any-return]

    def without_mentions(self, part: Part, users: Collection[str]) -> Part:
        """Return a part that names fewer, or fail."""
        if self.broken:
            raise ZeroDivisionError
        return _naming(part, sorted(self.mentioned(part) - set(users)))


def _naming(part: Part, named: list[str]) -> Part:
    told = part.payload.get("told", part.payload["blocks"])
    blocks = [*told, *(f"for:{user}" for user in named)]  # type: ignore[misc]
    return replace(part, payload={**part.payload, "told": told, "blocks": blocks, "named": named})


class MuteStore(MemoryStore):
    """A store that may not tell who agreed."""

    silent = False

    async def consents(self, channel: Channel) -> Consents:
        """Return who agreed, or fail."""
        if self.silent:
            raise StoreError("it cannot be read")
        return await super().consents(channel)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """A channel in which two people agreed, and follow the author of every paper."""
    papers = tuple(replace(paper, authors=("Ada Lovelace",)) for paper in five_papers())
    store, said = MuteStore(), Follow(kind=FollowKind.AUTHOR, text="Ada Lovelace", at=NOW)
    async with a_bench(store, told=ToldSource(papers=papers)) as made:
        made.executor.part_delivery.adapters["fakechat"] = Mentioning(made.chat)  # type: ignore[index]
        for user in (*PEOPLE, ""):
            reader = Reader(platform=CHANNEL.platform, workspace=CHANNEL.workspace, user=user)
            await store.agree(CHANNEL, reader, now=NOW)
            await store.keep_follow(reader, said)
        yield made


def adapter_of(bench: Bench) -> Mentioning:
    """Return the adapter."""
    found = bench.executor.part_delivery.adapters["fakechat"]
    assert isinstance(found, Mentioning)
    return found


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("nothing", {"ada", "bob"}),
        ("bob withdraws", {"ada"}),
        ("bob leaves", {"ada"}),
        ("forbidden", set()),
        ("silent", set()),
    ],
)
async def test_only_who_still_agrees_is_mentioned(bench: Bench, what: str, expected: set[str]) -> None:
    """Between the making and the posting, people withdraw or leave, the channel forbids it, or nobody can tell."""
    run = await stopped_at_its_first_post(bench)
    store, adapter = bench.store, adapter_of(bench)
    assert isinstance(store, MuteStore)
    assert "for:bob" in repr([each.part.payload for each in await store.deliveries(run.key)])
    match what:
        case "bob withdraws":
            await store.withdraw(CHANNEL, "bob")
        case "bob leaves":
            adapter.there.remove("bob")
        case "forbidden":
            await store.withdraw(CHANNEL, "")
        case "silent":
            store.silent = True
    bench.clock.turn(seconds=LEASE.total_seconds() + 1)

    await bench.executor.execute(run.key)

    assert RunState.DONE == (await ended(bench, run.key)).state
    assert expected == {user for user in PEOPLE if f"for:{user}" in shown(bench)}
    assert five_papers()[4].title in shown(bench)


async def test_a_mention_that_cannot_be_taken_back_is_not_posted(bench: Bench) -> None:
    """If the adapter fails to take a mention back, the message is not posted, and the run has failed."""
    run = await stopped_at_its_first_post(bench)
    await bench.store.withdraw(CHANNEL, "bob")
    adapter_of(bench).broken = True
    bench.clock.turn(seconds=LEASE.total_seconds() + 1)

    await bench.executor.execute(run.key)

    assert RunState.FAILED == (await ended(bench, run.key)).state
    assert "for:bob" not in shown(bench)
