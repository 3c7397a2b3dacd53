"""Answers name where and when a paper was posted, and only channels that the person may know of."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from bots.domain.channels import Channel, Reader
from bots.domain.digests import Entry, Posting
from bots.domain.replies import Card, CardList
from bots.domain.requests import Lookup, Search
from bots.ports import Adapter
from bots.presentation.posting_text import PLACE, posted_line, posted_text
from bots.store.memory import MemoryStore
from bots.usecases.postings import Postings
from tests.store.stores import a_run, some_parts
from tests.support.doubles import a_bench
from tests.support.factories import DAY, NOW, a_paper

HERE = Channel(platform="slack", workspace="T1", channel="C1")
OPEN, CLOSED, ABROAD = (
    replace(HERE, channel="C2"),
    replace(HERE, channel="C3"),
    replace(HERE, workspace="T2", channel="C4"),
)


class Telling:
    """An adapter that says which channels a person can read."""

    def __init__(self, told: object = (OPEN,)) -> None:
        self.told = told
        self.asked: list[tuple[Reader, tuple[Channel, ...]]] = []

    async def readable(self, reader: Reader, channels: Collection[Channel]) -> Collection[Channel]:
        """Return what the test wants, or raise it."""
        self.asked.append((reader, tuple(channels)))
        if isinstance(self.told, Exception):
            raise self.told
        if self.told is None:
            await asyncio.Event().wait()
        return cast("Collection[Channel]", self.told)


async def posted_in(store: Any, *channels: Channel) -> None:
    """Post the paper in channels, a minute after each other."""
    for minutes, channel in enumerate(channels):
        run = a_run(str(channel))
        await store.open_run(run)
        (part, *_) = some_parts(run, 1, channel)
        await store.plan(run.key, [replace(part, part=replace(part.part, paper_ids=(a_paper().id,)))])
        await store.confirm(part.key, "m", now=NOW + timedelta(minutes=minutes))


async def told(adapter: object, *, user: str = "U1", here: Channel = HERE) -> list[Channel]:
    """Return the channels that an answer names, if the paper was posted in all of them."""
    store = MemoryStore()
    await store.remember([a_paper()], source="arxiv", day=DAY)
    await posted_in(store, HERE, OPEN, CLOSED, ABROAD)
    adapters = {"slack": cast("Adapter", adapter)} if adapter else {}
    request = Lookup(channel=here, user=user, text="")
    (entry,) = await Postings(index=store, adapters=adapters).of(request, (Entry(paper=a_paper()),))
    return [posting.channel for posting in entry.posted]


async def test_what_the_platform_says_can_be_read_is_named() -> None:
    """The own channel and those that the person can read are named, the latest first.

    The platform is not asked of the own channel, and of none of another workspace.
    """
    adapter = Telling()
    assert [OPEN, HERE] == await told(adapter)
    assert [(Reader(platform="slack", workspace="T1", user="U1"), (CLOSED, OPEN))] == adapter.asked


@pytest.mark.parametrize("adapter", [None, object(), Telling(RuntimeError("bug")), Telling(()), Telling(7)])
async def test_in_doubt_only_the_own_channel_is_named(adapter: object) -> None:
    """Without a platform that tells, or if it fails, only the channel that is asked in is named."""
    assert [HERE] == await told(adapter)
    assert [CLOSED] == await told(adapter, here=CLOSED)


async def test_a_platform_cannot_name_other_channels() -> None:
    """A channel that was not asked about is not named, whatever the platform says."""
    assert [OPEN, HERE] == await told(Telling((OPEN, ABROAD)))


async def test_nobody_reads_no_other_channel() -> None:
    """A request without a person is told of its own channel only."""
    assert [HERE] == await told(Telling(), user="")


async def test_a_slow_platform_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform that does not answer in time costs its channels, and not the reply."""
    monkeypatch.setattr("bots.usecases.postings._PATIENCE", 0.01)
    assert [HERE] == await told(Telling(None))


async def test_cards_and_lists_name_it() -> None:
    """A card, a list of hits, and papers alike name where each paper was posted."""
    async with a_bench(MemoryStore()) as bench:
        await bench.store.remember([a_paper()], source="arxiv", day=DAY)
        await posted_in(bench.store, HERE)
        card = await bench.service.answer(Lookup(channel=HERE, user="U1", text=str(a_paper().id)))
        listed = await bench.service.answer(Search(channel=HERE, user="U1", words="attention"))
        elsewhere = await bench.service.answer(Search(channel=ABROAD, user="U1", words="attention"))
    assert isinstance(card, Card)
    assert isinstance(listed, CardList)
    for entry in (card.entry, *listed.entries):
        expected = (Posting(channel=HERE, at=NOW),) if entry.paper.id == a_paper().id else ()
        assert expected == entry.posted
    assert isinstance(elsewhere, CardList)
    assert elsewhere.entries
    assert {()} == {entry.posted for entry in elsewhere.entries}


def test_the_line_names_at_most_three_channels() -> None:
    """The line has a place for each of three channels, and counts the others; without postings there is none."""
    postings = [Posting(channel=replace(HERE, channel=f"C{number}"), at=NOW) for number in range(5)]
    assert "" == posted_line([])
    assert f"Posted in {PLACE} on 24 Nov 2026." == posted_line(postings[:1])
    assert (3, True) == (posted_line(postings).count(PLACE), posted_line(postings).endswith("and in 2 more channels."))
    assert "Posted in slack:T1:C0 on 24 Nov 2026." == posted_text(postings[:1])
