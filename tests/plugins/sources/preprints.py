"""The text of a package's module: a server of preprints as a source and a library, written by somebody else."""

PREPRINTS = """
from typing import ClassVar

from bots.config.source_descriptions import HostPace, SourceDescription
from bots.domain.harvests import Freshness, Harvest
from bots.domain.errors import PaperNotFound
from bots.config.values import Setting, address, key
from bots.sources import reading


class Preprints:
    name = "Preprints"
    description: ClassVar[SourceDescription] = SourceDescription(
        title="Preprints",
        says="The newest preprints of a subject",
        argument="A subject, such as biology.",
        examples=("preprints:biology", "preprints:physics"),
        captions={"preprints:biology": "all that lives"},
        separator="+",
        hosts=(
            HostPace(host="api.preprints.example", every=0.01),
            # Not its own: it may ask it, and no faster than others may.
            HostPace(host="export.arxiv.org", every=0.0, at_once=4),
        ),
        settings=(
            Setting(name="api", default="https://api.preprints.example", says="Where the API is.", read=address),
            Setting(name="key", default="", says="A key, from the account page.", read=key, secret=True, required=True),
        ),
        is_library=True,
        rank=1,
    )

    def __init__(self, argument, context):
        self.spec = f"preprints:{argument}" if argument else "preprints"
        self._context = context

    @classmethod
    def open(cls, argument, context):
        return cls(argument, context)

    async def recent(self, ask):
        return Harvest(source=self.spec, papers=(await self._ask("/list"))[: ask.limit], state=Freshness.FRESH)

    async def lookup(self, paper_id):
        for paper in await self._ask("/paper"):
            if paper.id == paper_id:
                return paper
        raise PaperNotFound(f"Preprints does not have {paper_id}.")

    async def search(self, words, limit):
        return (await self._ask("/search"))[:limit]

    async def _ask(self, path):
        page = await self._context.web.get(
            self._context.address("api") + path,
            headers={"Authorization": self._context.settings["key"].reveal(), "User-Agent": "somebody else"},
        )
        return reading.read_json(page.body.decode(), self.spec).papers
"""
