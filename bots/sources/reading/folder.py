"""Reads every list of papers in a folder that a person named; a file that cannot be read costs only itself."""

from collections.abc import Iterator
from pathlib import Path

from bots.domain.errors import SourceRefused
from bots.domain.papers import Paper
from bots.sources.reading.disk import FILE_LIMIT, read_text
from bots.sources.reading.formats import parse
from bots.sources.reading.result import PAPERS_MOST, Reading

#: The ends of names of files that hold papers; others, such as the PDFs beside them, are not looked at.
_ENDS = (".bib", ".bibtex", ".biblatex", ".ris", ".nbib", ".enw", ".csv", ".tsv", ".json", ".jsonl", ".xml", ".txt",
         ".md")  # fmt: skip
#: A folder with a file per day of a year has 250; a folder of single citations is better joined into one file.
_FILES_MOST = 500


def files_in(folder: Path) -> tuple[Path, ...]:
    """Return the files of papers that lie in a folder, by name; blocking.

    Left out are hidden files, folders, and links that lead out of the folder.

    Raises:
        SourceRefused: the folder cannot be read, or has no such file, or too many.
    """
    home = folder.resolve()
    try:
        found = sorted(each for each in folder.iterdir() if _is_wanted(each, home))
    except OSError as error:
        said = getattr(error, "strerror", None) or str(error)
        raise SourceRefused(
            f"{folder} cannot be read: {said}.", hint="Check the path in `file:PATH`.", place=str(folder)
        ) from error
    if not found:
        raise SourceRefused(
            f"{folder} has no file of papers.",
            hint=f"Put files in it that end with {', '.join(_ENDS[:4])} or the like.",
            place=str(folder),
        )
    if len(found) > _FILES_MOST:
        raise SourceRefused(
            f"{folder} has more than {_FILES_MOST} files of papers.", hint="Join them into fewer.", place=str(folder)
        )
    return tuple(found)


def _is_wanted(path: Path, home: Path) -> bool:
    name = path.name.lower().removesuffix(".gz")
    inside = not path.is_symlink() or path.resolve().is_relative_to(home)
    return not name.startswith(".") and name.endswith(_ENDS) and inside and path.is_file()


def read_folder(folder: Path, source: str) -> Reading:
    """Return the papers of all files in a folder, file by file; blocking.

    Raises:
        SourceRefused: the folder cannot be read, or none of its files.
    """
    papers: list[Paper] = []
    skipped: list[str] = []
    beyond = 0
    room = FILE_LIMIT
    errors: list[SourceRefused] = []
    files = files_in(folder)
    for path in files:
        try:
            reading = parse(read_text(path, min(room, FILE_LIMIT)), source)
        except SourceRefused as error:
            errors.append(error)
            skipped.append(f"the file {path.name}")
            continue
        room = max(0, room - path.stat().st_size)
        papers += reading.papers
        skipped += _named(path, reading)
        beyond += reading.beyond
    if len(errors) == len(files):
        raise errors[0]
    more = max(0, len(papers) - PAPERS_MOST)
    return Reading(papers=tuple(papers[:PAPERS_MOST]), skipped=tuple(skipped), beyond=beyond + more)


def _named(path: Path, reading: Reading) -> Iterator[str]:
    return (f"{each} of {path.name}" for each in reading.skipped)


def stamp(path: Path) -> tuple[object, ...]:
    """Return a value that changes whenever the file, or a file in the folder, has changed; blocking."""
    try:
        if path.is_dir():
            return tuple((each.name, each.stat().st_mtime_ns, each.stat().st_size) for each in files_in(path))
        status = path.stat()
    except (OSError, ValueError, SourceRefused):
        return ()  # The error is reported by what reads it.
    return (status.st_mtime_ns, status.st_size)
