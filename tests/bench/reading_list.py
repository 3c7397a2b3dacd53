"""Papers drawn for a blind reading: `python -m tests.bench.reading_list daily|reviews|mathematics --data FOLDER`.

Prints one JSON object a line: the title and the blurb of each style, without the abstract. The reader judges each blurb
beside its title alone, as a reader of a digest does. The draw is the same on every run, so two versions of the engine
can be compared by reading.
"""

import argparse
import gzip
import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

from summarizer import Abstract, Style
from summarizer.engines.extractive.engine import ExtractiveEngine
from tests.bench.reader_papers import reviews

_SEED = 7
_ATOM = {"atom": "http://www.w3.org/2005/Atom"}
#: The archives of arXiv that are mathematics or physics.
_ARCHIVES = frozenset("math math-ph stat astro-ph gr-qc hep-ph quant-ph".split())
#: The category of statistics that holds computer science.
_LEARNING = "stat.ML"

_Paper = tuple[str, Abstract]


def daily(data: Path) -> list[_Paper]:
    """Return 50 papers of Hugging Face's daily lists of two years, drawn from all distinct ones in the file's order."""
    return _drawn(_listed(data / "data/hf-daily/2024-05_2026-06.jsonl.gz"), 50)


def of_reviews(data: Path) -> list[_Paper]:
    """Return 30 of the systematic reviews, drawn in the file's order."""
    return _drawn(reviews(data), 30)


def mathematics(data: Path) -> list[_Paper]:
    """Return the first 20 papers of mathematics and physics in arXiv's recorded answers, files in order of name."""
    found: dict[str, Abstract] = {}
    for path in sorted((data / "fixtures/arxiv").glob("*.xml")):
        for entry in ET.parse(path).getroot().iterfind("atom:entry", _ATOM):  # noqa: S314  # our own recorded file
            terms = [category.get("term", "") for category in entry.iterfind("atom:category", _ATOM)]
            if any(term.partition(".")[0] in _ARCHIVES and term != _LEARNING for term in terms):
                text, title = (entry.findtext(f"atom:{part}", "", _ATOM) for part in ("summary", "title"))
                number = entry.findtext("atom:id", "", _ATOM).partition("/abs/")[2]
                found.setdefault(number, Abstract(text=" ".join(text.split()), title=" ".join(title.split())))
    return list(found.items())[:20]


LISTS: Mapping[str, Callable[[Path], list[_Paper]]] = {
    "daily": daily,
    "reviews": of_reviews,
    "mathematics": mathematics,
}


def blurbs(papers: list[_Paper]) -> Iterator[dict[str, str]]:
    """Yield the id, the title and the blurb of each style."""
    engine = ExtractiveEngine()
    for number, abstract in papers:
        texts = {style.name.lower(): engine.condense(abstract, style).text for style in Style}
        yield {"id": number, "title": abstract.title, **texts}


def main() -> int:
    """Print the blurbs of the named list."""
    parser = argparse.ArgumentParser(prog="reading_list", description=__doc__, allow_abbrev=False)
    parser.add_argument("name", choices=LISTS)
    parser.add_argument("--data", type=Path, required=True)
    asked = parser.parse_args()
    for row in blurbs(LISTS[asked.name](asked.data)):
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0


def _drawn(papers: Iterator[_Paper], count: int) -> list[_Paper]:
    distinct = list({paper[0]: paper for paper in papers}.values())
    return random.Random(_SEED).sample(distinct, count)  # noqa: S311  # no secret


def _listed(path: Path) -> Iterator[_Paper]:
    seen: set[str] = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row.get("abstract") and row["id"] not in seen:
                seen.add(row["id"])
                yield row["id"], Abstract(text=row["abstract"], title=row["title"], dollar_math=False)


if __name__ == "__main__":
    raise SystemExit(main())
