"""Scores the papers that contain words of a search: BM25 over title, abstract and names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from bots.domain.papers import PaperId
from bots.search.entries import SearchEntry
from bots.search.records import WordCounts, WordHit
from bots.search.weights import COVERED, LENGTH, MOST_ASKED, MOST_ROWS, NAME, SATURATION, TITLE

#: Stems of which each stands for the same word: the word, and what it is read as.
Alternatives = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """A paper with its BM25 score, and whether it contains enough of the words to be found by them."""

    paper_id: PaperId
    score: float
    found: bool


def rarity(counts: WordCounts, stem: str) -> float:
    """Return the weight of a stem, which is the higher the fewer papers contain it; always positive."""
    held = counts.found.get(stem, 0)
    return log(1 + (max(counts.papers, held) - held + 0.5) / (held + 0.5))


def choosing(asked: Sequence[Alternatives], counts: WordCounts, most_rows: int = MOST_ROWS) -> tuple[str, ...]:
    """Return the stems by which a store chooses papers: the rarest, as far as they are in at most `most_rows` papers.

    At least one is returned if any paper contains one.
    """
    stems = sorted({stem for each in asked[:MOST_ASKED] for stem in each}, key=lambda stem: counts.found.get(stem, 0))
    chosen, rows = list[str](), 0
    for stem in stems:
        held = counts.found.get(stem, 0)
        if held and chosen and rows + held > most_rows:
            break
        chosen += [stem] if held else []
        rows += held
    return tuple(chosen)


def scored(hits: Iterable[WordHit], asked: Sequence[Alternatives], counts: WordCounts) -> tuple[Scored, ...]:
    """Return papers with their scores, the best first; of equal ones the order stays."""
    weights = [(each, max(rarity(counts, stem) for stem in each)) for each in asked[:MOST_ASKED]]
    whole = sum(weight for _, weight in weights) or 1.0
    listed = [(hit, *_texts(hit)) for hit in hits]
    mean = sum(length for *_, length in listed) / len(listed) if listed else 1.0
    found = [_score(hit, texts, length / (mean or 1.0), weights, whole) for hit, texts, length in listed]
    return tuple(sorted(found, key=lambda each: -each.score))


def _texts(hit: WordHit) -> tuple[tuple[str, str, str], int]:
    texts = (f" {hit.title} ", f" {hit.body} ", f" {hit.names} ")
    return texts, texts[0].count(" ") + texts[1].count(" ")


def _score(
    hit: WordHit,
    texts: tuple[str, str, str],
    length: float,
    weights: Sequence[tuple[Alternatives, float]],
    whole: float,
) -> Scored:
    score = covered = 0.0
    discount = SATURATION * (1 - LENGTH + LENGTH * length)
    for stems, weight in weights:
        count = max(_count(stem, texts) for stem in stems)
        score += weight * count * (SATURATION + 1) / (count + discount)
        covered += weight if count else 0.0
    return Scored(paper_id=hit.paper_id, score=score, found=covered >= COVERED * whole)


def _count(stem: str, texts: tuple[str, str, str]) -> float:
    title, body, names = texts
    piece = f" {stem} "
    return TITLE * title.count(piece) + body.count(piece) + NAME * names.count(piece)


def hit_of(paper_id: PaperId, entry: SearchEntry) -> WordHit:
    """Return an entry as a hit."""
    return WordHit(paper_id=paper_id, title=entry.title, body=entry.body, names=entry.names)


def counted(entries: Mapping[PaperId, SearchEntry], stems: Iterable[str]) -> WordCounts:
    """Return how many of some entries contain each stem."""
    rows = [set(f"{entry.title} {entry.body} {entry.names}".split()) for entry in entries.values()]
    numbers = {stem: sum(stem in row for row in rows) for stem in stems}
    return WordCounts(papers=len(rows), found={stem: number for stem, number in numbers.items() if number})
