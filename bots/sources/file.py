"""Papers from a file in any format that `bots.sources.reading.formats` names, plain or gzipped, or a folder of them."""

import asyncio
from pathlib import Path
from typing import ClassVar

from bots.config.source_descriptions import SourceDescription
from bots.domain.errors import SettingsError
from bots.domain.harvests import Harvest
from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import unique
from bots.ports import SourceQuery
from bots.sources.context import SourceContext
from bots.sources.in_memory import best, pick
from bots.sources.listed_papers import for_day
from bots.sources.reading.disk import check_readable, read_text
from bots.sources.reading.folder import files_in, read_folder, stamp
from bots.sources.reading.formats import parse
from bots.sources.reading.result import Reading


class PaperFile:
    """A file or a folder as a source and a library; it is read again whenever it has changed."""

    description: ClassVar[SourceDescription] = SourceDescription(
        title="file",
        says="BibTeX, RIS, NBIB, CSV, JSON, EndNote, a saved feed, a copied listing (also `.gz`), or a folder of them",
        argument="The path of a file on this machine, or of a folder of such files.",
        usage="file:PATH",
        examples=("file:papers.bib",),
        local=True,
    )

    def __init__(self, spec: str, path: Path) -> None:
        self.spec = spec
        self.name = f"the {'folder' if path.is_dir() else 'file'} {path.name}"
        #: Where it is on this machine; for the operator only.
        self.path = path
        self._kept: tuple[tuple[object, ...], Reading, tuple[Paper, ...]] | None = None

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> "PaperFile":
        """Return the source of `file:PATH`; a relative path starts at the context's folder.

        Raises:
            SettingsError: no path is given, or the path leaves a folder to which files are restricted.
        """
        if not argument.strip():
            raise SettingsError("The source `file` needs a path.", hint="Write `file:papers.bib`.")
        spec = f"file:{argument.strip()}"
        try:
            path = context.folder / Path(argument.strip()).expanduser()
            inside = path.resolve().is_relative_to(context.folder.resolve())
        except (OSError, RuntimeError, ValueError) as error:  # unknown user in `~`, a loop of links, a NUL
            raise SettingsError(
                f"The path in `{spec}` cannot be read.", hint="Write `file:papers.bib`.", place=argument.strip()
            ) from error
        if context.fenced and not inside:
            raise SettingsError(
                f"`{spec}` is outside the folder for paper files.",
                hint="Move the file into that folder.",
                place=argument.strip(),
            )
        return cls(spec, path)

    def check(self) -> None:
        """Raise if the file cannot be read now; blocking.

        Raises:
            SourceRefused: it does not exist, is no file, is too large, or must not be read, or is a folder without
                files of papers.
        """
        if self.path.is_dir():
            files_in(self.path)
        else:
            check_readable(self.path)

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the file's papers; if they have dates, those of the requested day."""
        reading, _ = await asyncio.to_thread(self._read)
        return for_day(self.spec, reading, ask, "The folder" if self.path.is_dir() else "The file")

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the paper with an id, under any of its names."""
        return pick((await asyncio.to_thread(self._read))[1], paper_id, self.name.capitalize())

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return the papers that contain every word."""
        return best((await asyncio.to_thread(self._read))[1], words, limit)

    def _read(self) -> tuple[Reading, tuple[Paper, ...]]:
        """Return the file's papers as they are in the file, and the same with duplicates merged; blocking."""
        found = stamp(self.path)
        if self._kept is None or self._kept[0] != found:
            whole = self.path.is_dir()
            reading = read_folder(self.path, self.spec) if whole else parse(read_text(self.path), self.spec)
            self._kept = (found, reading, unique(reading.papers))
        return self._kept[1:]
