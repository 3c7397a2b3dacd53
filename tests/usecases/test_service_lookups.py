"""Look-ups by id: in a sentence, in a version, and never as words."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bots.chat.asker import Asker, current
from bots.domain.channels import Reader
from bots.domain.papers import Paper, PaperId
from bots.domain.replies import Card, CardList, Problem, Trouble
from bots.domain.requests import Lookup, Search
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, ToldSource, a_bench
from tests.support.factories import CHANNEL, a_paper


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


async def test_a_version_that_is_not_shown_is_said(bench: Bench) -> None:
    """If no library has the version that was named, the reply names it and what is shown in its place."""
    reply = await bench.service.answer(Lookup(channel=CHANNEL, text="https://arxiv.org/abs/1810.04805v2"))

    assert isinstance(reply, CardList)
    assert [PaperId.arxiv("1810.04805")] == [entry.paper.id for entry in reply.entries]
    assert "version 2 could not be looked up" in reply.notes[0]


@pytest.mark.parametrize("words", ["1810.04805", "(https://arxiv.org/abs/1810.04805)", "arXiv:1810.04805 [cs.CL]"])
async def test_an_id_is_not_searched_for_as_words(bench: Bench, words: str) -> None:
    """A search for an id or an address shows its paper."""
    reply = await bench.service.answer(Search(channel=CHANNEL, words=words))
    assert isinstance(reply, Card)
    assert PaperId.arxiv("1810.04805") == reply.entry.paper.id


class Watching(ToldSource):
    """A library that records on whose behalf it is asked, and how long that person still waits."""

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the paper, and record who asks."""
        self.askers.append(current())
        return await super().lookup(paper_id)

    @property
    def askers(self) -> list[Asker]:
        """On whose behalf the library was asked."""
        seen: list[Asker] = self.__dict__.setdefault("seen", [])
        return seen


async def test_a_request_runs_for_its_person_who_waits_sixteen_seconds() -> None:
    """Everything done for a request knows the person and when they stop waiting; afterwards nothing does."""
    library = Watching()
    async with a_bench(MemoryStore(), told=library) as bench:
        begun = asyncio.get_running_loop().time()
        await bench.service.answer(Lookup(channel=CHANNEL, user="ada", text="1706.03762"))
    (asker,) = library.askers
    assert Reader(platform=CHANNEL.platform, user="ada") == asker.reader
    assert 16.0 == pytest.approx(asker.until - begun, abs=1.0)
    assert Asker() == current()


class Versions(ToldSource):
    """A library that keeps the first version of each of its papers."""

    async def lookup_version(self, paper_id: PaperId, version: int) -> Paper:
        """Return the first version, with another title."""
        return replace(await self.lookup(paper_id), version=version, title="The first version")


async def test_an_earlier_version_does_not_become_the_newest() -> None:
    """After version 1 was looked up, a look-up without a version still shows the newest, here version 3."""
    newest = a_paper(version=3, title="The third version")
    async with a_bench(MemoryStore(), told=Versions(papers=(newest,))) as bench:
        titles = []
        for text in ("1706.03762v1", "1706.03762", "1706.03762v1", "1706.03762"):
            reply = await bench.service.answer(Lookup(channel=CHANNEL, text=text))
            assert isinstance(reply, Card)
            titles.append(reply.entry.paper.title)
    assert ["The first version", "The third version"] * 2 == titles


async def test_ids_in_a_sentence_are_looked_up(bench: Bench) -> None:
    """One id in a sentence gives its card, several give a list, and an address of no paper is refused."""
    one = await bench.service.answer(Lookup(channel=CHANNEL, text="see arXiv:1810.04805, please"))
    assert isinstance(one, Card)
    both = await bench.service.answer(Lookup(channel=CHANNEL, text="see arXiv:1810.04805 and 2101.00001"))
    assert isinstance(both, CardList)
    assert (1, True) == (len(both.entries), both.notes[0].startswith("2101.00001"))
    none = await bench.service.answer(Lookup(channel=CHANNEL, text="https://openreview.net/forum?id=abc"))
    assert isinstance(none, Problem)
    assert Trouble.REQUEST == none.kind
