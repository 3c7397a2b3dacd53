"""The abstracts that a reader labelled, read from the recorded data, and the labels themselves.

The labels are character offsets, so every text is composed the same way on every run; `begins` checks each of them.
"""

import csv
import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from summarizer import Abstract

_SAMPLES = Path(__file__).resolve().parents[1] / "samples/summarizer"
LABELS = _SAMPLES / "reader_labels.jsonl"
#: A second reader's labels, made once the engine stood: nobody has set anything of the engine while looking at them.
FRESH_LABELS = _SAMPLES / "reader_labels_fresh.jsonl"
#: A title cut to this many letters and digits names a paper of an export file, where numbers are often missing.
_KEY_LENGTH = 48
#: The export files that between them hold every paper of the folder with an abstract.
_CSV_EXPORTS = ("csv_baseline_rayyan.csv", "csv_baseline_cochrane.csv")
_RIS_EXPORTS = ("ris_baseline_cinahl.ris", "ris_baseline_scopus.ris", "ris_baseline_covidence_refworks.ris")
_RIS_TITLE = re.compile(r"^(?:TI|T1)  - (.*)", re.MULTILINE)
_RIS_ABSTRACT = re.compile(r"^(?:AB|N2)  - (.*)", re.MULTILINE)
_ATOM = "{http://www.w3.org/2005/Atom}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A labelled sentence: the half-open range `start` to `end` of the abstract, and its first six words."""

    start: int
    end: int
    begins: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """What a reader would keep of one abstract as its blurb of one line.

    `kind` is "finding", "making" or "none"; for "none", `kept` holds the least bad sentence.
    """

    set: str
    id: str
    kind: str
    kept: tuple[Kept, ...]


class LabelMoved(Exception):
    """The recorded data no longer has the labelled sentence where the label says."""


def read_labels(path: Path = LABELS) -> Iterator[Label]:
    """Yield the labels in the order of their file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kept = tuple(Kept(**kept) for kept in row["keep"] or row["best_of_poor"])
        yield Label(set=row["set"], id=row["id"], kind=row["kind"], kept=kept)


def labelled(data: Path, labels: Path = LABELS) -> Iterator[tuple[Label, Abstract]]:
    """Yield every label of a file with its abstract.

    Raises:
        LabelMoved: the data differs from the data that the reader saw.
        FileNotFoundError: the data is missing.
    """
    papers: dict[str, Mapping[str, Abstract]] = {}
    for label in read_labels(labels):
        if label.set not in papers:
            papers[label.set] = dict(_READERS[label.set](data))
        abstract = papers[label.set][label.id]
        for kept in label.kept:
            if not abstract.text[kept.start : kept.end].startswith(kept.begins):
                raise LabelMoved(f"{label.set} {label.id}: no “{kept.begins}” at {kept.start}.")
        yield label, abstract


def reviews(data: Path) -> Iterator[tuple[str, Abstract]]:
    """Yield the systematic reviews: medicine, psychology, education, management; the id is the DOI."""
    with (data / "data/reviews/reviews-66.jsonl").open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            yield row["id"], Abstract(text=row["abstract"], title=row["title"])


def pubmed(data: Path) -> Iterator[tuple[str, Abstract]]:
    """Yield PubMed's papers, their labelled sections joined as exports join them: "METHODS: …"; the id is PubMed's."""
    for path in sorted((data / "fixtures/pubmed").glob("*.xml")):
        for article in ET.parse(path).getroot().iter("PubmedArticle"):  # noqa: S314  # our own recorded file
            title = article.find(".//ArticleTitle")
            text = " ".join(_section(part) for part in article.iter("AbstractText"))
            yield article.findtext(".//PMID", ""), Abstract(text=text, title=_flat(title))


def exports(data: Path) -> Iterator[tuple[str, Abstract]]:
    """Yield the papers of reference managers' exports: palaeontology, trials in schools; the id is the title's key."""
    seen: set[str] = set()
    for title, text in (*_from_csv(data), *_from_ris(data)):
        key = re.sub(r"[\W_]", "", title.casefold())[:_KEY_LENGTH]
        if text and key not in seen:
            seen.add(key)
            yield key, Abstract(text=text, title=" ".join(title.split()))


def openalex(data: Path) -> Iterator[tuple[str, Abstract]]:
    """Yield OpenAlex's works of several sciences, rebuilt from their index of words; the id is OpenAlex's."""
    for path in sorted((data / "fixtures/openalex").glob("*.json")):
        page = json.loads(path.read_text(encoding="utf-8"))
        for work in page.get("results") or [page]:
            places = work.get("abstract_inverted_index") or {}
            words = sorted((place, word) for word, found in places.items() for place in found)
            text = " ".join(word for _, word in words)
            yield work["id"].rpartition("/")[2], Abstract(text=text, title=work["title"])


def arxiv(data: Path) -> Iterator[tuple[str, Abstract]]:
    """Yield the papers of arXiv's recorded answers; the id is arXiv's, with its version."""
    for path in sorted((data / "fixtures/arxiv").glob("*.xml")):
        for entry in ET.parse(path).getroot().iter(f"{_ATOM}entry"):  # noqa: S314  # our own recorded file
            title, text = _flat(entry.find(f"{_ATOM}title")), _flat(entry.find(f"{_ATOM}summary"))
            yield entry.findtext(f"{_ATOM}id", "").rpartition("/abs/")[2], Abstract(text=text, title=title)


def oai(data: Path) -> Iterator[tuple[str, Abstract]]:
    """Yield the papers that arXiv's repository sent as Dublin Core; the id is arXiv's."""
    for path in sorted((data / "fixtures/oai").glob("*.xml")):
        for record in ET.parse(path).getroot().iter("{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"):  # noqa: S314
            title, text = _flat(record.find(f"{_DUBLIN_CORE}title")), _flat(record.find(f"{_DUBLIN_CORE}description"))
            yield (
                record.findtext(f"{_DUBLIN_CORE}identifier", "").rpartition("/abs/")[2],
                Abstract(text=text, title=title),
            )


def semantic_scholar(data: Path) -> Iterator[tuple[str, Abstract]]:
    """Yield Semantic Scholar's papers of one recorded batch, all economics; the id is Semantic Scholar's."""
    rows = json.loads((data / "fixtures/semanticscholar/paper_batch_with_null.json").read_text(encoding="utf-8"))
    return _from_json(row | {"id": row["paperId"]} for row in rows if row)


def daily(data: Path) -> Iterator[tuple[str, Abstract]]:
    """Yield the papers of the recorded daily lists: a few are of physics, finance or mathematics; the id is arXiv's."""
    return _from_gzip(data / "data/hf-daily/2024-05_2026-06.jsonl.gz")


def conferences(data: Path) -> Iterator[tuple[str, Abstract]]:
    """Yield papers of conferences, some of them of neuroscience, medical engineering or society; the id is theirs."""
    return _from_gzip(data / "data/papers/papers-50k.jsonl.gz")


_READERS: Mapping[str, Callable[[Path], Iterator[tuple[str, Abstract]]]] = {
    "reviews": reviews,
    "pubmed": pubmed,
    "exports": exports,
    "openalex": openalex,
    "fresh-arxiv": arxiv,
    "fresh-oai": oai,
    "fresh-semanticscholar": semantic_scholar,
    "fresh-hf-daily": daily,
    "fresh-papers": conferences,
}


def _section(part: ET.Element) -> str:
    label = part.get("Label")
    return f"{label}: {_flat(part)}" if label else _flat(part)


def _flat(element: ET.Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _from_csv(data: Path) -> Iterator[tuple[str, str]]:
    for name in _CSV_EXPORTS:
        with (data / "data/exports" / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                cells = {(column or "").casefold(): cell for column, cell in row.items()}
                yield cells.get("title") or "", cells.get("abstract") or ""


def _from_ris(data: Path) -> Iterator[tuple[str, str]]:
    for name in _RIS_EXPORTS:
        text = (data / "data/exports" / name).read_text(encoding="utf-8-sig")
        for record in re.split(r"\nER  -", text):
            title, abstract = _RIS_TITLE.search(record), _RIS_ABSTRACT.search(record)
            if title and abstract:
                yield title[1], abstract[1]


def _from_gzip(path: Path) -> Iterator[tuple[str, Abstract]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from _from_json(map(json.loads, file))


def _from_json(rows: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, Abstract]]:
    for row in rows:
        yield row["id"], Abstract(text=row["abstract"] or "", title=row["title"])
