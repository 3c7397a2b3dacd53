"""Papers from JSON: an array, an object that contains one, or one object a line."""

from collections.abc import Sequence

from bots.domain.errors import SourceRefused
from bots.domain.papers import Paper
from bots.sources.reading.json_shapes import list_in
from bots.sources.reading.json_text import load_json
from bots.sources.reading.records import paper_of, read_records
from bots.sources.reading.result import Reading


def read_json(written: str, source: str) -> Reading:
    """Return the papers of a JSON array, of an object that contains one, or of JSON lines.

    Raises:
        SourceRefused: the text is none of these.
    """
    try:
        items: Sequence[object] = list_in(load_json(written))
    except ValueError:
        return _read_lines(written, source)
    return read_records(items, source)


def _read_lines(written: str, source: str) -> Reading:
    papers: list[Paper] = []
    skipped: list[str] = []
    # Not splitlines(): JSON allows U+2028 inside a string, and only a line feed ends a line of JSON lines.
    lines = [(number, line) for number, line in enumerate(written.split("\n"), start=1) if line.strip()]
    for number, line in lines:
        try:
            paper = paper_of(load_json(line), source)
        except ValueError:
            paper = None
        if paper is None:
            skipped.append(f"line {number}")
        else:
            papers.append(paper)
    if lines and not papers:
        raise SourceRefused(
            "The file looks like JSON but contains no paper.",
            hint="Give an array of objects, or one object a line, each with a title and an abstract.",
        )
    return Reading(papers=tuple(papers), skipped=tuple(skipped))
