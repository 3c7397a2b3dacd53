"""A day of real papers that ships with Paperwire: to try it without a network, and to test with."""

import asyncio
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import ClassVar

from bots.config.source_descriptions import SourceDescription
from bots.domain.errors import SettingsError, SourceRefused
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper, PaperId
from bots.ports import SourceQuery
from bots.sources.context import SourceContext
from bots.sources.in_memory import best, pick
from bots.sources.reading.records import read_json

_SPEC = "sample"


class SampleDay:
    """The packaged day, listed on whichever day is asked for."""

    spec = _SPEC
    name = "the sample day"
    description: ClassVar[SourceDescription] = SourceDescription(
        title="sample day",
        says="the shipped day",
        examples=(_SPEC,),
        # For a first look; nobody wants it every morning.
        offered=False,
    )

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> "SampleDay":  # noqa: ARG003
        """Return the source of `sample`; every source opens alike, this one needs nothing.

        Raises:
            SettingsError: an argument is given.
        """
        if argument.strip():
            raise SettingsError("The source `sample` takes no argument.", hint="Write `sample`.")
        return cls()

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the sample papers as listed on the day asked for."""
        papers = await asyncio.to_thread(_papers)
        listed = tuple(replace(paper, announced=ask.day) for paper in papers[: ask.limit])
        return Harvest(source=self.spec, papers=listed, state=Freshness.FRESH)

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the sample paper that goes by an id."""
        return pick(await asyncio.to_thread(_papers), paper_id, "The sample day")

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return the sample papers that hold every word."""
        return best(await asyncio.to_thread(_papers), words, limit)


@cache
def _papers() -> tuple[Paper, ...]:
    """Return the packaged papers; read once, for the package does not change while it runs."""
    try:
        written = resources.files("bots.sources").joinpath("sample_day.jsonl").read_text(encoding="utf-8")
    except OSError as error:
        raise SourceRefused("The sample day is missing.", hint="Install Paperwire again.") from error
    # The abstracts are written as arXiv has them, with mathematics between dollars.
    return tuple(replace(paper, dollar_math=True) for paper in read_json(written, _SPEC).papers)
