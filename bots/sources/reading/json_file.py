"""Papers from JSON: an array, an object that contains one, or one object a line."""

from collections.abc import Sequence

from bots.domain.errors import SourceRefused
from bots.domain.papers import Paper
from bots.sources.reading.json_shapes import is_attached, list_in
from bots.sources.reading.json_text import load_json
from bots.sources.reading.records import is_foreign, paper_of, speaks_of_papers
from bots.sources.reading.result import Reading, collected, nameable


def read_json(written: str, source: str) -> Reading:
    """Return the papers of a JSON array, of an object that contains one, or of JSON lines.

    A record of something else, such as a film, is left out and reported.

    Raises:
        SourceRefused: the text is none of these, or holds records of something else only.
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

    def read(number: int, item: object) -> Paper | str | None:
        return None if is_attached(item) else _paper(item, source) or f"item {number} ({_why(item)})"

    reading = collected(items, read)
    _check_papers(reading, source, told=any(map(speaks_of_papers, items)), foreign=any(map(is_foreign, items)))
    return reading


def _read_lines(written: str, source: str) -> Reading:
    told, foreign = set[bool](), set[bool]()

    def read(_: int, numbered: tuple[int, str]) -> Paper | str:
        try:
            item = load_json(numbered[1])
        except ValueError:
            return f"line {numbered[0]}"
        told.add(speaks_of_papers(item))
        foreign.add(is_foreign(item))
        return _paper(item, source) or f"line {numbered[0]} ({_why(item)})"

    # Not splitlines(): JSON allows U+2028 inside a string, and only a line feed ends a line of JSON lines.
    lines = [(number, line) for number, line in enumerate(written.split("\n"), start=1) if line.strip()]
    reading = collected(lines, read)
    _check_papers(reading, source, told=True in told, foreign=True in foreign)
    if lines and not reading.papers:
        raise SourceRefused(
            "The file looks like JSON but contains no paper.",
            hint="Give an array of objects, or one object a line, each with a title and an abstract.",
        )
    return reading


def _paper(item: object, source: str) -> Paper | None:
    return None if is_foreign(item) else paper_of(item, source)


def _why(item: object) -> str:
    return "no paper" if is_foreign(item) else "no title"


def _check_papers(reading: Reading, source: str, *, told: bool, foreign: bool) -> None:
    """Raise if no record has anything that papers have beside a title.

    Raises:
        SourceRefused: films, tasks and bookmarks have titles too.
    """
    if (reading.papers and not told) or (foreign and not reading.papers):
        raise SourceRefused(
            f"`{nameable(source)}` looks like JSON of something else than papers, which Paperwire does not read.",
            hint="A record of a paper has, beside its `title`, an abstract, authors, a DOI, an arXiv id or a journal.",
        )
