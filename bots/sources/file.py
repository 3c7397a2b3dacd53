"""Papers out of a file: a listing copied from a page, JSON, JSON lines or BibTeX, plain or gzipped."""

import asyncio
import re
from pathlib import Path
from typing import ClassVar

from bots.config.source_descriptions import SourceDescription
from bots.domain.errors import SettingsError, SourceRefused
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper, PaperId, unique
from bots.ports import SourceQuery
from bots.sources.context import SourceContext
from bots.sources.in_memory import best, pick
from bots.sources.reading.bibtex import read_bibtex
from bots.sources.reading.disk import read_text
from bots.sources.reading.listing import read_listing
from bots.sources.reading.records import read_json
from bots.sources.reading.result import Reading

# An object, or an array of something: a title may begin with a bracket too, as "[Re] …" does.
_JSON = re.compile(r"\s*(?:\{|\[\s*[\[{\]\"])")
_BIBTEX = re.compile(r"^[ \t]*@[A-Za-z]+[ \t]*[{(]", re.MULTILINE)


class PaperFile:
    """A file as a source and a library; it is read anew whenever it has changed."""

    description: ClassVar[SourceDescription] = SourceDescription(
        title="file",
        says="a listing copied from a page, JSON, JSON Lines (also `.gz`), BibTeX",
        argument="The path of a file on this machine.",
        usage="file:PATH",
        examples=("file:papers.bib",),
        local=True,
    )

    def __init__(self, spec: str, path: Path) -> None:
        self.spec = spec
        self.name = f"the file {path.name}"
        self._path = path
        self._kept: tuple[tuple[int, int], Reading, tuple[Paper, ...]] | None = None

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> "PaperFile":
        """Return the source of `file:PATH`; a relative path starts at the context's folder.

        Raises:
            SettingsError: no path is given, or it leads out of the folder where that is fenced.
        """
        if not argument.strip():
            raise SettingsError("The source `file` needs a path.", hint="Write `file:papers.bib`.")
        spec = f"file:{argument.strip()}"
        try:
            path = context.folder / Path(argument.strip()).expanduser()
            inside = path.resolve().is_relative_to(context.folder.resolve())
        except (OSError, RuntimeError, ValueError) as error:  # a home that nobody has, a loop of links, a NUL
            raise SettingsError(f"The path in `{spec}` cannot be read.", hint="Write `file:papers.bib`.") from error
        if context.fenced and not inside:
            raise SettingsError(
                f"`{spec}` is outside the folder for paper files.", hint="Move the file into that folder."
            )
        return cls(spec, path)

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the file's papers; where they carry days, those of the day asked for."""
        reading, _ = await asyncio.to_thread(self._read)
        return _for_day(self.spec, reading, ask)

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the paper that goes by an id."""
        return pick((await asyncio.to_thread(self._read))[1], paper_id, self.name.capitalize())

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return the papers that hold every word."""
        return best((await asyncio.to_thread(self._read))[1], words, limit)

    def _read(self) -> tuple[Reading, tuple[Paper, ...]]:
        """Return the file's papers as they stand in it, and every one of them once; blocking."""
        stamp = _stamp(self._path)
        if self._kept is None or self._kept[0] != stamp:
            reading = parse(read_text(self._path), self.spec)
            self._kept = (stamp, reading, unique(reading.papers))
        return self._kept[1:]


def parse(written: str, source: str) -> Reading:
    """Return the papers of a text, in whichever of the known forms it is.

    Raises:
        SourceRefused: no form fits.
    """
    written = written.removeprefix("\ufeff")
    reading = Reading()
    if _JSON.match(written):
        reading = read_json(written, source)
    elif _BIBTEX.search(written):
        reading = read_bibtex(written, source)
    if not reading.papers:
        reading = read_listing(written, source) if not reading.skipped else reading
    if not reading.papers:
        raise SourceRefused(
            f"No paper was found in `{source}`.",
            hint="Give a listing (title, then abstract, line by line), JSON, JSON lines or BibTeX.",
        )
    return reading


def _for_day(spec: str, reading: Reading, ask: SourceQuery) -> Harvest:
    days = {paper.announced for paper in reading.papers if paper.announced}
    # One day's records are merged only with each other: a paper listed on two days belongs to both.
    wanted = unique(tuple(paper for paper in reading.papers if paper.announced in (None, ask.day)))
    if wanted:
        return _harvest(spec, wanted, reading.trouble, ask)
    if len(days) == 1:
        # One day's list, asked for on another: what it holds is what its owner wants to see.
        note = f"The file lists the papers of {max(days).isoformat()}."
        return Harvest(source=spec, papers=unique(reading.papers)[: ask.limit], state=Freshness.STALE, note=note)
    note = f"The file lists {len(days)} days, and none of them is {ask.day.isoformat()}."
    return Harvest(source=spec, state=Freshness.EMPTY, note=note)


def _harvest(spec: str, papers: tuple[Paper, ...], trouble: str, ask: SourceQuery) -> Harvest:
    state = Freshness.PARTIAL if trouble else Freshness.FRESH
    return Harvest(source=spec, papers=papers[: ask.limit], state=state, note=trouble)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return (0, 0)  # read_text says what is wrong with it
    return (status.st_mtime_ns, status.st_size)
