"""Splitting abstracts into sentences, compared with pysbd and syntok: boundaries found, and time.

The expected sentences are those of written cases of every hard kind, and of 76 abstracts of papers that were marked by
reading: ten drawn at random, fifty with abbreviations, mathematics or enumerations, sixteen on which splitters differ.
Our splitter was written with the cases in view; of the papers, the last thirty were marked when it was finished. The
marks are in the repository, the papers are in FOLDER/data/papers.

Needs the peers: python3 dev.py install --extra peers.
"""

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from zlib import crc32

from summarizer.text.sentences import split_sentences
from tests.bench.rows import Row, best_of

_SAMPLES = Path(__file__).parents[1] / "samples/summarizer"

Sentences = Sequence[str]
Split = Callable[[str], Sentences]


def measure(data: Path) -> Iterator[Row]:
    """Yield precision, recall and F1 of the boundaries and the share of texts that are split as expected."""
    peers = {"pysbd": _pysbd(), "syntok": _syntok()}
    cases = list(_cases(_SAMPLES / "sentences_cases.jsonl"))
    yield from _compare("cases", cases, peers)
    papers = list(_papers(_SAMPLES / "sentences_papers.jsonl", data / "data/papers/papers-50k.jsonl.gz"))
    yield from _compare("papers", papers, peers)
    texts = [text for text, _ in papers]
    ours = best_of(3, lambda: [_ours(text) for text in texts]) / len(texts)
    for name, split in peers.items():
        theirs = best_of(1, lambda split=split: [split(text) for text in texts]) / len(texts)  # type: ignore[misc]
        yield Row(what="time per abstract", ours=ours, unit="ms", peer=name, theirs=theirs)


def _compare(what: str, expected: Sequence[tuple[str, Sentences]], peers: dict[str, Split]) -> Iterator[Row]:
    ours = _scores(expected, _ours)
    for name, split in peers.items():
        for score, mine, theirs in zip(_NAMES, ours, _scores(expected, split), strict=True):
            yield Row(what=f"{what}, {score}", ours=mine, unit="%", peer=name, theirs=theirs, more_is_better=True)


_NAMES = ("boundaries, precision", "boundaries, recall", "boundaries, F1", "texts split as expected")


def _scores(expected: Sequence[tuple[str, Sentences]], split: Split) -> tuple[float, ...]:
    """Return the four scores in percent; a boundary is known by the visible characters before it."""
    right = found = wanted = whole = 0
    for text, sentences in expected:
        want, have = _boundaries(sentences), _boundaries(split(text))
        right, found, wanted = right + len(want & have), found + len(have), wanted + len(want)
        whole += want == have
    precision, recall = right / found, right / wanted
    return tuple(
        100 * score
        for score in (precision, recall, 2 * precision * recall / (precision + recall), whole / len(expected))
    )


def _boundaries(sentences: Sentences) -> frozenset[int]:
    """Return how many visible characters stand before each boundary between two sentences."""
    sizes = [len("".join(sentence.split())) for sentence in sentences]
    return frozenset(accumulate(size for size in sizes if size)) - {sum(sizes)}


def _cases(path: Path) -> Iterator[tuple[str, Sentences]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        yield case.get("joiner", " ").join(case["sentences"]), case["sentences"]


def _papers(marks: Path, papers: Path) -> Iterator[tuple[str, Sentences]]:
    rows = map(json.loads, marks.read_text(encoding="utf-8").splitlines())
    starts = {row["crc32"]: row["starts"] for row in rows}  # an id occurs in more than one venue
    with gzip.open(papers, "rt", encoding="utf-8") as lines:
        for paper in map(json.loads, lines):
            text = paper["abstract"] or ""
            if begins := starts.get(crc32(text.encode())):
                yield text, [text[a:b] for a, b in zip(begins, [*begins[1:], len(text)], strict=True)]


def _ours(text: str) -> Sentences:
    return [text[span.start : span.end] for span in split_sentences(text)]


def _pysbd() -> Split:
    from pysbd import Segmenter

    return Segmenter(language="en", clean=False).segment  # type: ignore[no-any-return]


def _syntok() -> Split:
    from syntok import segmenter

    def split(text: str) -> Sentences:
        found = (sentence for paragraph in segmenter.process(text) for sentence in paragraph)
        return ["".join(token.spacing + token.value for token in sentence) for sentence in found]

    return split
