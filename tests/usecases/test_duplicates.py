"""A second subscription to the same papers is recognised, however it is spelt."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta

import pytest

from bots.domain.channels import Channel
from bots.domain.replies import Subscribed
from bots.domain.requests import Subscribe
from bots.presentation.subscription_text import changed_lines
from bots.store.memory import MemoryStore
from bots.usecases.duplicates import duplicate_of, merged
from tests.support.doubles import Bench, a_bench
from tests.support.factories import CHANNEL, NOW, a_subscription


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """The service with a store in memory."""
    async with a_bench(MemoryStore()) as made:
        yield made


HELD = a_subscription(
    id="old", sources=("huggingface", "arxiv:cs.CL"), query="agents -survey", categories=("cs.CL",), made_by="U1"
)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"times": (time(17),)},
        {"limit": 20},
        {"sources": ("arxiv:cs.CL", "huggingface")},
        {"query": " Agents   -survey "},
        {"categories": ("CS.cl",)},
        {"threaded": True, "settle": 3},
    ],
)
def test_the_same_papers(change: dict[str, object]) -> None:
    """Other times, another number or order, or another spelling bring the same papers."""
    assert HELD == duplicate_of(replace(HELD, id="", **change), [HELD])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"query": "agents"},
        {"sources": ("huggingface",)},
        {"categories": ()},
        {"interests": "proteins"},
        {"channel": Channel(platform="slack", workspace="T1", channel="C2")},
    ],
)
def test_other_papers(change: dict[str, object]) -> None:
    """Another filter, source or channel is another subscription."""
    assert None is duplicate_of(replace(HELD, id="", **change), [HELD])  # type: ignore[arg-type]


def test_a_merged_one_keeps_its_identity_and_is_on() -> None:
    """The old subscription keeps its id, age and maker, takes the new times, and sends nothing of a pause later."""
    paused = replace(HELD, enabled=False, off_because="gone", created=NOW - timedelta(days=9))
    new = merged(replace(HELD, id="new", times=(time(17),), made_by="U2"), paused, NOW)
    assert ("old", NOW - timedelta(days=9), "U1", (time(17),)) == (new.id, new.created, new.made_by, new.times)
    assert (True, "", NOW) == (new.enabled, new.off_because, new.resumes)


async def test_two_people_at_once_make_one_subscription(bench: Bench) -> None:
    """Who subscribes a channel to the same papers at the same moment changes the other's; both read what is so."""
    wanted = [a_subscription(id=name, sources=("told",)) for name in ("", "form")]
    asked = (bench.service.answer(Subscribe(channel=CHANNEL, user="ada", subscription=each)) for each in wanted)
    first, second = await asyncio.gather(*asked)
    assert 1 == len((await bench.service.standing(CHANNEL)).items)
    assert isinstance(first, Subscribed)
    assert isinstance(second, Subscribed)
    assert (False, True) == (first.merged, second.merged)
    assert "there is no second one" in " ".join(changed_lines(second))


async def test_the_operator_may_have_two_of_the_same(bench: Bench) -> None:
    """On the command line a subscription is what was typed: two to the same papers are two."""
    for name in ("one", "two"):
        wanted = a_subscription(id=name, sources=("told",))
        await bench.service.answer(Subscribe(channel=CHANNEL, trusted=True, subscription=wanted))
    assert 2 == len((await bench.service.standing(CHANNEL)).items)
