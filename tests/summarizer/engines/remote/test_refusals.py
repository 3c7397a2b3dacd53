"""What real servers answer to a request that they cannot serve becomes an error that says what to do."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import EngineDown, Summarizer
from summarizer.engines.remote.engine import RemoteEngine
from summarizer.engines.remote.refusals import Refusal, why_refused
from summarizer.errors import Unfit
from tests.conftest import ROOT
from tests.fakes.completions_server import CompletionsServer, Reply
from tests.summarizer.engines.remote.remotes import ABSTRACT, BLURB, a_world

_LINES = (ROOT / "tests/samples/summarizer/model_refusals.jsonl").read_text(encoding="utf-8").splitlines()
RECORDED = [pytest.param(row, id=f"{row['server'].split()[0]}-{row['case']}") for row in map(json.loads, _LINES)]


async def failure(engine: Summarizer) -> EngineDown:
    """Return the error of the abstract."""
    with pytest.raises(EngineDown) as caught:
        await engine.summarize(ABSTRACT)
    return caught.value


@pytest.mark.parametrize("row", RECORDED)
async def test_a_recorded_refusal_is_understood(row: dict[str, Any]) -> None:
    """Each status and body that a server sent gives the error in the sample, after as many requests."""
    reply = Reply(status=row["status"], body=row["body"].encode(), headers={"Content-Type": row["type"]})
    async with a_world() as world:
        world.server.script(*[reply] * 9)
        raised = await failure(world.engine)
        sent = len(world.server.calls)
    assert (row["says"], row["requests"]) == (f"{raised} {raised.hint}".strip(), sent)


async def test_an_abstract_that_is_too_long_stops_no_other() -> None:
    """After three of them the next abstract is sent at once: the server works."""
    async with a_world() as world:
        world.server.longest_prompt = 10
        assert {Unfit} == {type(await failure(world.engine)) for _ in range(4)}
        assert 4 == len(world.server.calls)
        world.server.longest_prompt = 100_000
        assert BLURB == (await world.engine.summarize(ABSTRACT)).text


async def test_a_model_that_breaks_its_json_is_asked_for_prose() -> None:
    """llama.cpp answers 500 if the JSON was cut off: plain text is requested at once, and the server is not down."""
    body = next(row["body"] for row in map(json.loads, _LINES) if row["case"] == "JSON that was cut off").encode()
    async with a_world() as world:
        world.server.script(Reply(status=500, body=body))
        assert BLURB == (await world.engine.summarize(ABSTRACT)).text
        assert [False, True] == [call.wants_plain_text for call in world.server.calls]
        world.server.script(*[Reply(status=500, body=body)] * 12)
        assert {Unfit} == {type(await failure(world.engine)) for _ in range(4)}
        world.server.script()


async def test_a_server_that_loads_is_waited_for_a_little() -> None:
    """While the model loads the server is tried three times; a server that is ready by then condenses."""
    async with a_world() as world:
        world.server.loading = True
        assert "HTTP 503" in str(await failure(world.engine))
        assert 3 == len(world.server.calls)
        world.clock.turn(hours=1)
        world.server.loading = False
        assert BLURB == (await world.engine.summarize(ABSTRACT)).text


async def test_a_pinned_model_is_named() -> None:
    """`transformers serve MODEL` refuses every other name, and one request is enough to say so."""
    async with a_world() as world:
        world.server.pinned = "another"
        raised = await failure(world.engine)
        assert "no model of that name" in str(raised)
        assert "engine.remote_model" in raised.hint
        assert 1 == len(world.server.calls)


async def test_a_connection_serves_many_abstracts() -> None:
    """The connections are kept: as many as requests at the same time, and no more, whatever the number of abstracts."""
    async with a_world(concurrency=2) as world:
        await asyncio.gather(*(world.engine.summarize(ABSTRACT) for _ in range(12)))
        assert (12, 2) == (len(world.server.calls), world.server.most_at_once)
        assert 1 <= world.server.serving <= 2


async def test_a_connection_that_the_server_closed_is_replaced() -> None:
    """A server may close an idle connection, or each one after its answer: the next abstract has another."""
    async with a_world() as world:
        world.server.script(*[Reply(headers={"Connection": "close"})] * 3)
        for _ in range(3):
            assert BLURB == (await world.engine.summarize(ABSTRACT)).text


async def test_who_gives_up_hangs_up() -> None:
    """A blurb that nobody waits for any more ends its connection: llama.cpp and vLLM then stop writing."""
    async with a_world() as world:
        world.server.open.clear()
        task = asyncio.create_task(world.engine.summarize(ABSTRACT))
        await until(world.server, 1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(30):
            while _connections(world.engine):  # noqa: ASYNC110 - a pool tells nobody
                await asyncio.sleep(0.01)


def _connections(engine: RemoteEngine) -> int:
    assert engine._client
    return len(engine._client._transport._pool.connections)  # type: ignore[attr-defined]  # httpx shows it nowhere


async def until(server: CompletionsServer, calls: int) -> None:
    """Wait until the server has read so many requests."""
    async with asyncio.timeout(30):
        while len(server.calls) < calls:  # noqa: ASYNC110 - a server tells nobody that it has read a request
            await asyncio.sleep(0.01)


@given(body=st.binary(max_size=6000))
def test_any_body_is_read(body: bytes) -> None:
    """No body raises, and only the known words have a meaning."""
    assert isinstance(why_refused(body), Refusal)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        # docs.vllm.ai and its source; platform.openai.com, error codes; Ollama's server/routes.go. Not recorded here.
        ("This model's maximum context length is 4096 tokens. However, you requested 5000 tokens", Refusal.TOO_LONG),
        ('{"error": {"code": "context_length_exceeded"}}', Refusal.TOO_LONG),
        ("The model `gpt-9` does not exist or you do not have access to it.", Refusal.OTHER_MODEL),
        ('{"error":{"message":"model \\"qwen9\\" not found, try pulling it first"}}', Refusal.OTHER_MODEL),
        ("Extra inputs are not permitted", Refusal.UNKNOWN),
        ("", Refusal.UNKNOWN),
    ],
)
def test_other_servers_words_are_known(said: str, meant: Refusal) -> None:
    """What servers that were not run here are documented to say is understood too."""
    assert meant is why_refused(said.encode())
