"""Looking papers up: a library that fails costs itself, and never says that a paper does not exist."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from bots.domain.errors import PaperNotFound, SettingsError, SourceDown
from bots.domain.papers import Paper, PaperId
from bots.ports import Library
from bots.store.memory import MemoryStore
from bots.usecases.lookup import PaperLookup
from tests.support.factories import a_paper


class Giving:
    """A library that gives, or raises, whatever it was told to."""

    def __init__(self, name: str, found: Any) -> None:
        self.name = name
        self._found = found

    async def lookup(self, _paper_id: PaperId) -> Paper:
        """Give it."""
        found: Paper = await self._give()
        return found

    async def search(self, _words: str, _limit: int) -> tuple[Paper, ...]:
        """Give it, one by itself as the only one."""
        found = await self._give()
        return (found,) if isinstance(found, Paper) else found

    async def _give(self) -> Any:
        await asyncio.sleep(0)
        if isinstance(self._found, Exception):
            raise self._found
        return self._found


GOOD = Giving("Good", a_paper())


def paper_lookup(libraries: Sequence[Library]) -> PaperLookup:
    """Return what asks these libraries."""
    return PaperLookup(shelf=MemoryStore(), libraries=libraries)


@pytest.mark.parametrize(
    "found", [RuntimeError("bug"), SettingsError("not here"), None, "a paper", ["a", "list"], (1, 2)], ids=repr
)
async def test_a_failing_library_costs_only_itself(found: object) -> None:
    """The next library is asked, a search has what the others found, and the failure is noted under its name."""
    asking = paper_lookup([Giving("Odd", found), GOOD])

    assert a_paper() == await asking.by_id(a_paper().id)
    searched = await asking.by_words("attention", 5)
    assert ((a_paper(),), 1) == (searched.papers, len(searched.notes))
    assert searched.notes[0].startswith("Odd could not be searched: it failed")


async def test_a_failing_library_does_not_say_that_there_is_no_paper() -> None:
    """Where one library failed and no other has the paper, nobody claims that it does not exist."""
    libraries = [Giving("Odd", RuntimeError("bug")), Giving("Other", PaperNotFound("no"))]

    with pytest.raises(SourceDown, match="Odd: it failed"):
        await paper_lookup(libraries).by_id(a_paper().id)
