"""The vectors of papers are made once, shared, and never stored for private texts."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from bots.digests.vectors import VectorService
from bots.domain.errors import StoreError
from bots.domain.papers import Paper, PaperId
from bots.store.memory import MemoryStore
from summarizer import Abstract, BadModel, Embedder
from tests.support.factories import NOW, a_paper


class SlowEmbedder(Embedder):
    """An encoder that waits until it may go on, and counts the texts that it receives."""

    def __init__(self) -> None:
        self.may_go, self.given, self.error = asyncio.Event(), list[str](), False

    async def model(self) -> str:
        """Return a version."""
        return "1"

    async def embed(self, abstracts: Sequence[Abstract]) -> tuple[bytes | None, ...]:
        """Return a vector for each text; None for an empty one."""
        await self.may_go.wait()
        self.given += [each.text for each in abstracts]
        if self.error:
            raise BadModel("Its weights are altered.")
        return tuple(each.text.encode() or None for each in abstracts)


class BrokenCache(MemoryStore):
    """A store whose vectors can neither be read nor written."""

    async def vectors(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Fail."""
        raise StoreError(f"{len(keys)} vectors cannot be read.")

    async def keep_vectors(self, vectors: Mapping[str, bytes], *, now: datetime) -> None:
        """Fail."""
        raise StoreError(f"{len(vectors)} vectors cannot be written at {now}.")


def some(number: int) -> tuple[Paper, ...]:
    """Return papers with texts of their own."""
    return tuple(
        replace(a_paper(), id=PaperId.arxiv(f"2101.{each:05}"), abstract=f"text {each}") for each in range(number)
    )


def a_service(cache: MemoryStore, embedder: Embedder) -> VectorService:
    """Return a service."""
    return VectorService(cache=cache, clock=lambda: NOW, embedder=embedder)


async def test_many_who_need_the_same_papers_wait_for_one_task() -> None:
    """Of twenty concurrent calls each text is embedded once, in order, and all get the same; one may be cancelled."""
    embedder, papers = SlowEmbedder(), some(100)
    service = a_service(MemoryStore(), embedder)
    calls = [asyncio.create_task(service.of(papers[: 50 + each])) for each in range(20)]
    await asyncio.sleep(0)
    calls[0].cancel()
    embedder.may_go.set()
    found = await asyncio.gather(*calls[1:])
    assert sorted({paper.abstract for paper in papers[:69]}) == sorted(embedder.given)
    assert [each.abstract.encode() for each in papers[:69]] == list(found[-1])


async def test_what_was_stored_is_not_made_again() -> None:
    """After a restart the stored vectors are used; other texts, a wordless one and a private one are not stored."""
    store, papers = MemoryStore(), some(3)
    private = replace(papers[0], abstract="private", private=True)
    wordless = replace(papers[1], abstract="")
    embedders = SlowEmbedder(), SlowEmbedder()
    for embedder in embedders:
        embedder.may_go.set()
        service = a_service(store, embedder)
        assert (b"text 0", b"text 1", b"text 2", b"private", None) == await service.of((*papers, private, wordless))
        assert (b"typed",) == await service.of_texts(("typed",))
    assert ["", "private", "typed"] == sorted(embedders[1].given)


async def test_a_broken_store_costs_only_the_cache() -> None:
    """If vectors can neither be read nor written, they are made, and kept for the next call."""
    embedder = SlowEmbedder()
    embedder.may_go.set()
    service = a_service(BrokenCache(), embedder)
    for _ in range(2):
        assert (b"text 0",) == await service.of(some(1))
    assert ["text 0"] == embedder.given


async def test_a_failure_is_told_and_tried_again() -> None:
    """An error of the encoder reaches the caller; the next call asks the encoder again."""
    embedder = SlowEmbedder()
    embedder.may_go.set()
    embedder.error = True
    service = a_service(MemoryStore(), embedder)
    with pytest.raises(BadModel):
        await service.of(some(1))
    embedder.error = False
    assert (b"text 0",) == await service.of(some(1))
