"""A third-party source that returns or raises anything is reported as failed, and the other sources' papers come."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bots.digests.source_reader import SourceReader
from bots.domain.harvests import Harvest
from bots.store.memory import MemoryStore
from tests.support.doubles import Hand, ToldSource
from tests.support.factories import DAY, a_paper, five_papers
from tests.support.stranger import Panic


class Strangers:
    """A source that returns or raises what the test sets."""

    spec = "strangers"

    def __init__(self, gives: Callable[[], Any]) -> None:
        self._gives = gives

    async def recent(self, _ask: object) -> Any:
        """Return the set value."""
        return self._gives()


def raising(error: BaseException) -> Callable[[], Any]:
    def bug() -> Any:
        raise error

    return bug


def a_harvest(**changes: Any) -> Callable[[], Any]:
    return lambda: replace(Harvest(source="strangers", papers=five_papers()), **changes)


async def source_papers(gives: Callable[[], Any]) -> tuple[list[str], list[str]]:
    """Return the titles and the notes of a harvest of this source and a working one."""
    beside = ToldSource(papers=(a_paper(title="Beside"),))
    sources: dict[str, Any] = {"strangers": Strangers(gives), "told": beside}
    source_reader = SourceReader(shelf=MemoryStore(), open_source=sources.__getitem__, clock=Hand())
    made = await source_reader.harvest(("strangers", "told"), (DAY,))
    return [paper.title for paper in made.papers], [f"{note.source}: {note.reason}" for note in made.notes]


@pytest.mark.parametrize(
    "gives",
    [
        raising(TypeError("canary")),
        raising(SystemExit()),
        raising(Panic()),
        raising(asyncio.CancelledError()),
        lambda: None,
        lambda: list(five_papers()),
        a_harvest(papers=None),
        a_harvest(papers=("1706.03762",)),
        a_harvest(papers=(a_paper(id="1706.03762"),)),
        a_harvest(papers=(a_paper(title=None),)),
        a_harvest(papers=(a_paper(authors="Ada"),)),
        a_harvest(papers=(a_paper(categories=(None,)),)),
        a_harvest(state="fresh enough"),
    ],
)
async def test_a_source_that_breaks_its_promise_costs_itself_alone(gives: Callable[[], Any]) -> None:
    """The digest's notes name the source without its own error text, and the papers of the others come."""
    titles, notes = await source_papers(gives)

    assert ["Beside"] == titles
    assert 1 == len(notes)
    assert notes[0].startswith("strangers: ")
    assert "canary" not in notes[0]


async def test_a_list_of_papers_is_as_good_as_a_tuple() -> None:
    """Harmless deviations are accepted: a list instead of a tuple, and a differently spelt spec."""
    titles, notes = await source_papers(a_harvest(papers=[a_paper()], source="Strangers"))

    assert (["Attention Is All You Need"], []) == (titles, notes)
