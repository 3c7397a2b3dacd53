"""Recorded answers of real servers become the blurbs, or the errors, that they deserve."""

import json
from typing import Any

import pytest

from summarizer import Abstract, EngineDown, Style
from tests.conftest import ROOT
from tests.fakes.completions_manners import Manner
from tests.fakes.completions_server import Reply
from tests.summarizer.engines.remote.remotes import a_world

_LINES = (ROOT / "tests/samples/summarizer/model_answers.jsonl").read_text(encoding="utf-8").splitlines()
RECORDED = [
    pytest.param(row, id=f"{row['server'].split()[0]}-{row['form']}-{row['style']}-{row['title'].split()[0]}")
    for row in map(json.loads, _LINES)
]


@pytest.mark.parametrize("row", RECORDED)
async def test_a_recorded_answer_is_read_as_before(row: dict[str, Any]) -> None:
    """The body that a server sent gives the blurb in the sample, or the error."""
    abstract = Abstract(title=row["title"], text=row["abstract"])
    async with a_world() as world:
        world.server.manner = Manner.REFUSES if row["form"] == "text" else Manner.HONOURS
        # A text that is too long is requested once more, and the model would write the same.
        world.server.script(*[Reply(body=json.dumps(row["body"]).encode())] * 3)
        try:
            shown = (await world.engine.summarize(abstract, Style(row["style"]))).text
        except EngineDown as error:
            shown = f"error: {error}"

    assert row["shown"] == shown


def test_the_samples_are_of_both_kinds_of_server() -> None:
    """There are answers of a server that honours a schema and of one that ignores it, usable ones of each."""
    rows = [json.loads(line) for line in _LINES]
    usable = {(row["server"].split()[0], row["form"]) for row in rows if not row["shown"].startswith("error:")}

    assert {("llama.cpp", "json"), ("llama.cpp", "text"), ("transformers", "text")} <= usable
