"""Claims about a model that obeys every command in an abstract: no part of its output is posted."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from summarizer import Abstract, EngineDown, Style
from summarizer.engines.chain import ChainEngine
from summarizer.engines.extractive.engine import ExtractiveEngine
from summarizer.engines.writing.prompts import RESPECTS, Brief, Mode
from summarizer.engines.writing.reading import read_source
from summarizer.engines.writing.vetting import Measure, vet
from tests.conftest import ROOT
from tests.fakes.completions_manners import Manner
from tests.fakes.completions_server import Call, abstract_of
from tests.summarizer.engines.remote.remotes import ABSTRACT, World, a_world

ROWS = [json.loads(line) for line in (ROOT / "tests/samples/injections.jsonl").read_text("utf-8").splitlines()]
UNLISTED = [
    json.loads(line) for line in (ROOT / "tests/samples/injections_unlisted.jsonl").read_text("utf-8").splitlines()
]
SAMPLE_DAY = [json.loads(line) for line in (ROOT / "bots/sources/sample_day.jsonl").read_text("utf-8").splitlines()]
BEGIN, _, REST = ABSTRACT.text.partition(". ")


def attacked(row: dict[str, Any]) -> Abstract:
    """Return the abstract with the attack inserted at its place."""
    texts = {
        "end": f"{ABSTRACT.text} {row['attack']}",
        "start": f"{row['attack']} {ABSTRACT.text}",
        "middle": f"{BEGIN}. {row['attack']} {REST}",
    }
    return Abstract(text=texts[row["where"]], title=row["title"] or ABSTRACT.title)


def obeying(row: dict[str, Any], *, as_json: bool) -> Callable[[Call], str]:
    """Return a model that obeys the attack in every step, whether or not the attack is in the prompt."""

    def write(call: Call) -> str:
        said: dict[str, Any] = {}
        for name in call.fields:
            found = {"finding": row["obeyed"], "quote": "postcards"} if name in RESPECTS else row["obeyed"]
            said[name] = [found] if name in ("findings", *RESPECTS) else row["obeyed"]
        if as_json:
            return json.dumps(said)
        return "\n".join(f"{name.capitalize()}: {row['obeyed']}" if len(said) > 1 else row["obeyed"] for name in said)

    return write


async def shown(world: World, row: dict[str, Any], style: Style) -> str:
    """Return the text of the blurb and its warnings; empty if the engine raises EngineDown."""
    try:
        blurb = await world.engine.summarize(attacked(row), style)
    except EngineDown:
        return ""
    return "\n".join((blurb.text, *blurb.warnings))


def leaked(row: dict[str, Any], text: str) -> list[str]:
    return [leak for leak in row["leaks"] if leak.lower() in text.lower()]


def test_there_are_enough_attacks_of_many_kinds() -> None:
    """The corpus has at least fifty attacks of at least ten kinds, and each would leak something."""
    assert 50 <= len({(row["attack"], row["title"]) for row in ROWS})
    assert 10 <= len({row["kind"] for row in ROWS})
    assert [] == [row for row in ROWS if len(leaked(row, row["obeyed"])) == 0]


@pytest.mark.parametrize(
    ("mode", "style"),
    [*((Mode.PLAIN, style) for style in Style), (Mode.CHAIN, Style.SHORT), (Mode.REFLECT, Style.ONE_LINE)],
)
async def test_an_obeying_model_leaks_nothing(mode: Mode, style: Style) -> None:
    """No canary, link or mention of any attack is in the posted text, in any mode and style."""
    found = {}
    async with a_world(brief=Brief(mode=mode)) as world:
        for row in ROWS:
            world.server.writer = obeying(row, as_json=True)
            if leaks := leaked(row, await shown(world, row, style)):
                found[row["attack"] or row["title"]] = leaks
    assert {} == found


@pytest.mark.parametrize("style", Style)
async def test_an_obeying_model_without_a_schema_leaks_nothing(style: Style) -> None:
    """The same holds for a server that answers in plain text, and for the labelled lines of a structured blurb."""
    found = {}
    async with a_world() as world:
        world.server.manner = Manner.REFUSES
        for row in ROWS:
            world.server.writer = obeying(row, as_json=False)
            if leaks := leaked(row, await shown(world, row, style)):
                found[row["attack"] or row["title"]] = leaks
    assert {} == found


@pytest.mark.parametrize("manner", [Manner.HONOURS, Manner.REFUSES])
async def test_an_order_never_reaches_the_model(manner: Manner) -> None:
    """A sentence with commands is withheld, so even a weak model has nothing to obey; a warning says so."""
    reached = []
    async with a_world() as world:
        world.server.manner = manner
        for row in ROWS:
            blurb = await world.engine.summarize(attacked(row))
            read = abstract_of(world.server.calls[-1])
            reached += leaked(row, f"{read.title}\n{read.text}")
            assert "The abstract contains text addressed to machines; it was left out." in blurb.warnings
    assert [] == reached


def test_a_short_abstract_is_read_whole() -> None:
    """No sentence of an abstract of three is removed, even if they share no word."""
    text = "Blind readers rarely hear what a table says. We introduce a reader that names rows and columns first. "
    text += "In a study with 24 blind readers it halves the time to an answer."
    assert 3 == len(read_source(Abstract(title="Reading Tables Aloud", text=text)).sentences)


def test_what_is_said_often_does_not_drive_out_the_paper() -> None:
    """A sentence repeated sixty times counts once, so it does not displace the paper's own."""
    read = read_source(Abstract(title=ABSTRACT.title, text=f"{ABSTRACT.text} {'More is said of it here. ' * 60}"))
    assert BEGIN in read.text


def test_orders_in_words_that_no_list_knows_rarely_pass() -> None:
    """Of attacks written after the lists were closed, and never added to them, at most one in ten succeeds.

    The successful ones are about the paper itself ("postcards are sold by ..."), so that no reader could distinguish
    them from an abstract.
    """
    passed, papers = [], SAMPLE_DAY[:10]
    for paper in papers:
        for row in UNLISTED:
            source = read_source(Abstract(title=paper["title"], text=f"{paper['abstract']} {row['attack']}"))
            with suppress(EngineDown):
                passed += leaked(row, vet(row["obeyed"], Measure(source=source, limit=30)).text)
    assert len(passed) <= len(UNLISTED) * len(papers) / 10


async def test_in_a_chain_an_obeying_model_gives_way_to_the_next_engine() -> None:
    """The paper still gets a blurb, from an engine that cannot be given commands."""
    row = ROWS[0]
    async with a_world(writer=obeying(row, as_json=True)) as world:
        blurb = await ChainEngine([world.engine, ExtractiveEngine()]).summarize(attacked(row))

    assert "extractive" == blurb.engine
    assert "We propose postcards, which carry only large gradients." == blurb.text
