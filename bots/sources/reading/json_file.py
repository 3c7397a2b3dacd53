"""Papers from JSON: an array, an object that contains one, or one object a line."""

from collections.abc import Sequence

from bots.domain.errors import SourceRefused
from bots.domain.papers import Paper
from bots.sources.reading.json_shapes import list_in
from bots.sources.reading.json_text import load_json
from bots.sources.reading.records import paper_of, read_records, speaks_of_papers
from bots.sources.reading.result import Reading, collected


def read_json(written: str, source: str) -> Reading:
    """Return the papers of a JSON array, of an object that contains one, or of JSON lines.

    Raises:
        SourceRefused: the text is none of these.
    """
    try:
        value = load_json(written)
        items: Sequence[object] = list_in(value)
    except ValueError:
        return _read_lines(written, source)
    if isinstance(value, dict) and items == [value] and "title" in value and not speaks_of_papers(value):
        raise SourceRefused(
            "The file holds one JSON object, which is no paper.",
            hint="Give an array of objects, each with a title and an abstract, authors, a DOI or an arXiv id.",
        )
    return read_records(items, source)


def _read_lines(written: str, source: str) -> Reading:

    def read(_: int, numbered: tuple[int, str]) -> Paper | str:
        try:
            paper = paper_of(load_json(numbered[1]), source)
        except ValueError:
            paper = None
        return paper or f"line {numbered[0]}"

    # Not splitlines(): JSON allows U+2028 inside a string, and only a line feed ends a line of JSON lines.
    lines = [(number, line) for number, line in enumerate(written.split("\n"), start=1) if line.strip()]
    reading = collected(lines, read)
    if lines and not reading.papers:
        raise SourceRefused(
            "The file looks like JSON but contains no paper.",
            hint="Give an array of objects, or one object a line, each with a title and an abstract.",
        )
    return reading
