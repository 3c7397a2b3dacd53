"""Saved papers are filtered by queries that a search of libraries could not carry out."""

from collections.abc import AsyncIterator

import pytest

from bots.domain.replies import SavedList
from bots.domain.requests import Save, Saved
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, a_bench
from tests.support.factories import CHANNEL, five_papers


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


async def test_saved_papers_are_filtered_without_words(bench: Bench) -> None:
    """Where no library is asked, a query of fields and exclusions alone is obeyed."""
    for paper in five_papers():
        await bench.service.answer(Save(channel=CHANNEL, user="ada", paper_id=paper.id))
    kept = await bench.service.answer(Saved(channel=CHANNEL, user="ada", words="-learners has:abstract"))
    gone = await bench.service.answer(Saved(channel=CHANNEL, user="ada", words="-has:abstract"))
    assert isinstance(kept, SavedList)
    assert {paper.id for paper in five_papers()} - {five_papers()[2].id} == {paper.id for paper in kept.papers}
    assert SavedList(words="-has:abstract") == gone
