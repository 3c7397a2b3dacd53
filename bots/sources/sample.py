"""One day of real papers that ships with Paperwire, for trials without a network and for tests."""

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
from bots.sources.reading.json_file import read_json
from bots.translation.speech import gettext_lazy

_SPEC = "sample"


class SampleDay:
    """The packaged day, returned for any requested day."""

    spec = _SPEC
    name = "the sample day"
    description: ClassVar[SourceDescription] = SourceDescription(
        title="sample day",
        says="the shipped day",
        examples=(_SPEC,),
        # It is for a first trial, not for a daily digest.
        offered=False,
    )

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> "SampleDay":  # noqa: ARG003
        """Return the source of `sample`; it has the same signature as every source and uses no context.

        Raises:
            SettingsError: an argument is given.
        """
        if argument.strip():
            raise SettingsError(gettext_lazy("The source “sample” takes no argument."), hint="Write “sample”.")
        return cls()

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the sample papers as listed on the requested day."""
        papers = await asyncio.to_thread(_papers)
        listed = tuple(replace(paper, announced=ask.day) for paper in papers[: ask.limit])
        return Harvest(source=self.spec, papers=listed, state=Freshness.FRESH)

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the sample paper with an id, under any of its names."""
        return pick(await asyncio.to_thread(_papers), paper_id, "The sample day")

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return the sample papers that contain every word."""
        return best(await asyncio.to_thread(_papers), words, limit)


@cache
def _papers() -> tuple[Paper, ...]:
    """Return the packaged papers, read once: the package does not change while the program runs."""
    try:
        written = resources.files("bots.sources").joinpath("sample_day.jsonl").read_text(encoding="utf-8")
    except OSError as error:
        raise SourceRefused(
            gettext_lazy("The sample day is missing."), hint=gettext_lazy("Install Paperwire again.")
        ) from error
    # The abstracts are in arXiv's format, with mathematics between dollars.
    return tuple(replace(paper, dollar_math=True) for paper in read_json(written, _SPEC).papers)
