"""How many papers a minute a model server condenses, by the number of requests that it is sent at the same time.

The server is a stand-in with a stated pace, or the one that `PAPERWIRE_ENGINE_REMOTE_URL` and
`PAPERWIRE_ENGINE_REMOTE_MODEL` name. The pace is that of a server with continuous batching: 0.15 s until the first of
40 tokens, 12 ms for each, and 3 % more for each other request that it works on. Whether the blurbs are usable does not
matter here: `remote` measures that.
"""

import asyncio
import json
import os
import random
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bots.domain.papers import Paper
from bots.ports import SourceQuery
from bots.sources.sample import SampleDay
from summarizer import Abstract, Secret, SummarizerError
from summarizer.engines.remote.engine import RemoteEngine, RemoteSettings
from summarizer.text.plain import to_plain
from summarizer.text.sentences import first_sentence
from tests.bench.rows import Row
from tests.fakes.completions_server import MODEL, Call, CompletionsServer, abstract_of
from tests.support.factories import DAY

AT_ONCE = (1, 4, 16, 64)
#: Papers for each number: a few times as many as requests at the same time, so that the last ones matter little.
_PAPERS, _PAPERS_AT_MOST = 12, 192
_FIRST_TOKEN, _TOKENS, _PER_TOKEN, _PER_OTHER = 0.15, 40, 0.012, 0.03


def pace(at_once: int) -> float:
    """Return the seconds of one answer while the model works on so many."""
    return (_FIRST_TOKEN + _TOKENS * _PER_TOKEN) * (1 + _PER_OTHER * (at_once - 1))


def measure(_data: Path) -> Iterator[Row]:
    """Yield papers a minute for each number of requests at the same time, beside those one after the other."""
    yield from asyncio.run(_measured())


async def _measured() -> list[Row]:
    papers = [Abstract(title=each.title, text=each.abstract) for each in await _papers()]
    rates: list[float] = []
    async with _server() as settings:
        for at_once in AT_ONCE:
            number = min(_PAPERS_AT_MOST, max(_PAPERS, 3 * at_once))
            some = [replace(papers[place % len(papers)], title=f"{place}") for place in range(number)]
            rates.append(await _rate(replace(settings, concurrency=at_once), some))
    return [
        Row(what=f"papers a minute, {at_once} at once", ours=rate, unit="", peer="one at a time", theirs=rates[0],
            more_is_better=True)
        for at_once, rate in zip(AT_ONCE, rates, strict=True)
    ]  # fmt: skip


async def _papers() -> tuple[Paper, ...]:
    return (await SampleDay().recent(SourceQuery(day=DAY))).papers


@asynccontextmanager
async def _server() -> AsyncIterator[RemoteSettings]:
    url, model = (os.environ.get(f"PAPERWIRE_ENGINE_REMOTE_{name}", "") for name in ("URL", "MODEL"))
    if url and model:
        yield RemoteSettings(url=url, model=model, key=Secret(), timeout=300, patience=300)
        return
    async with CompletionsServer(writer=_first_sentence) as server:
        server.pace = pace
        yield RemoteSettings(url=server.url, model=MODEL, key=Secret(), timeout=300, patience=300)


def _first_sentence(call: Call) -> str:
    # The stand-in's usual writer would take more time than the model that it stands for.
    said = to_plain(first_sentence(abstract_of(call).text))
    return said if call.wants_plain_text else json.dumps({"blurb": said})


async def _rate(settings: RemoteSettings, papers: Sequence[Abstract]) -> float:
    engine = RemoteEngine(settings, clock=lambda: datetime.now(UTC), random=random.random)
    started = time.perf_counter()
    try:
        await asyncio.gather(*(_made(engine, each) for each in papers))
    finally:
        await engine.aclose()
    return len(papers) / (time.perf_counter() - started) * 60


async def _made(engine: RemoteEngine, paper: Abstract) -> None:
    try:
        await engine.summarize(paper)
    except SummarizerError:
        return
