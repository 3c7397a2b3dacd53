"""How well papers are ranked for a channel: precision and nDCG at 5 of ours and of simpler orders.

Two replays. Papers of machine learning with topics held by their authors' keywords, which no ranker sees: days of 200
papers with 6 that fit, each topic once in plain words and once in the field's terms; feedback is on 20 papers of other
days. And Hugging Face's lists of 2026, with five topics held by the list's own keywords. Intervals are over topics.

Vectors are kept in the folder `PAPERWIRE_BENCH_CACHE`; those of all-MiniLM-L6-v2 need the extra `training`.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bots.domain.papers import Paper
from bots.ranking.bm25 import Lexicon, stems_of, stems_of_paper
from bots.ranking.interests import read_interests
from bots.ranking.ranker import Profile, Setting, rank
from bots.ranking.vectors import matrix
from bots.ranking.weights import REFERENCE
from summarizer import Abstract
from summarizer.evaluation.intervals import Interval, bootstrap
from tests.bench.ranking_days import Corpus, Day, base_vectors, days_of, embedded, read_keyworded, read_listed
from tests.bench.ranking_topics import MEASURED_ON, PROFILES
from tests.bench.rows import Row

#: Days of each topic in each wording.
_DAYS = int(os.environ.get("PAPERWIRE_BENCH_DAYS", "10"))
_SHOWN = 5
#: The share of wrong clicks in noisy feedback.
_WRONG = 0.1
_TODAY, _BASE = "the vectors alone", "all-MiniLM-L6-v2"

Scores = NDArray[np.float64]
#: Returns a score for each paper of a day.
Ranker = Callable[[Day], Scores]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """An interest with everything that rankers need of it, and the places of papers that are told apart."""

    corpus: Corpus
    text: str
    profile: Profile

    @classmethod
    def of(cls, corpus: Corpus, text: str, reference: Sequence[bytes | None]) -> "Asked":
        """Return an interest; `reference` are the vectors of the reference subjects."""
        interests = read_interests(text)
        wanted = embedded([Abstract(text="", title=subject, dollar_math=False) for subject in interests.wanted])
        profile = Profile(interests=interests, wanted=tuple(wanted), reference=tuple(reference))
        return cls(corpus=corpus, text=text, profile=profile)

    def papers(self, places: Sequence[int]) -> list[Paper]:
        """Return papers by their places."""
        return [self.corpus.papers[place] for place in places]

    def words(self, day: Day) -> Scores:
        """Score by BM25 alone."""
        return Lexicon([stems_of_paper(paper) for paper in self.papers(day.places)]).shares(dict(stems_of(self.text)))

    def nearness(self, day: Day) -> Scores:
        """Score by the cosine of the shipped encoder's vectors, as releases before did."""
        (asked,) = embedded([Abstract(text=self.text, dollar_math=False)])
        return np.asarray(matrix([self.corpus.vectors[place] for place in day.places]) @ matrix([asked])[0], float)

    def ours(self, day: Day, spoken: Mapping[int, float] | None = None) -> Scores:
        """Score as a digest ranks: those that pass by their order, then the others."""
        known = tuple(
            (self.corpus.papers[place], weight, self.corpus.vectors[place]) for place, weight in (spoken or {}).items()
        )
        papers = self.papers(day.places)
        ranking = rank(
            papers,
            [self.corpus.vectors[place] for place in day.places],
            replace(self.profile, spoken=known),
            Setting(day=day.on, limit=_SHOWN),
        )
        order = [*(each.paper.id for each in ranking.papers), *(paper.id for paper in ranking.far)]
        return -np.array([order.index(paper.id) for paper in papers], float)

    def learned(self, day: Day) -> Scores:
        """Score as a digest ranks after feedback on 20 papers."""
        return self.ours(day, clicks(day))

    def misled(self, day: Day) -> Scores:
        """Score likewise, with one click in ten wrong."""
        return self.ours(day, clicks(day, wrong=_WRONG))


def clicks(day: Day, wrong: float = 0.0) -> dict[int, float]:
    """Return the weights of the papers that someone spoke about; a share of them is the opposite of what is meant."""
    meant = {**dict.fromkeys(day.liked, 1.0), **dict.fromkeys(day.disliked, -1.0)}
    dice = np.random.default_rng(day.places[:2])
    return {place: -sign if dice.random() < wrong else sign for place, sign in meant.items()}


def precision(scores: Scores, fitting: int) -> float:
    """Return the share of the first five, or of all that fit if they are fewer, that fit."""
    shown = min(_SHOWN, fitting)
    return float((np.argsort(-scores, kind="stable")[:shown] < fitting).mean())


def ndcg(scores: Scores, fitting: int) -> float:
    """Return the normalised discounted cumulative gain at 5."""
    shown = min(_SHOWN, fitting)
    gains = 1 / np.log2(np.arange(2, shown + 2))
    return float(((np.argsort(-scores, kind="stable")[:shown] < fitting) * gains).sum() / gains.sum())


Measured = dict[str, dict[str, list[tuple[float, float]]]]


def measure(data: Path) -> Iterator[Row]:
    """Yield precision and nDCG at 5 of each order, with 95 % intervals, beside those of the vectors alone."""
    cache = Path(os.environ.get("PAPERWIRE_BENCH_CACHE", Path(tempfile.gettempdir()) / "paperwire-bench"))
    reference = embedded([Abstract(text="", title=subject, dollar_math=False) for subject in REFERENCE])
    keyworded = read_keyworded(data, cache)
    papers = base_vectors([f"{paper.title}. {paper.abstract}" for paper in keyworded.papers], cache)
    asked = base_vectors([text for topic in MEASURED_ON for text in (topic.plain, topic.terms)], cache)
    base = {} if papers is None or asked is None else _as_orders(papers, asked)
    yield from _rows("keywords", _by_keywords(keyworded, reference, base))
    yield from _rows("Hugging Face", _by_lists(*read_listed(data, cache, "2026-01-01", "2026-05-15"), reference))


def _as_orders(papers: NDArray[np.float32], asked: NDArray[np.float32]) -> dict[str, Ranker]:
    """Return the order by a peer's vectors for each text of a topic."""
    texts = [text for topic in MEASURED_ON for text in (topic.plain, topic.terms)]
    return {
        text: lambda day, aim=aim: papers[list(day.places)] @ aim  # type: ignore[misc]
        for text, aim in zip(texts, asked, strict=True)
    }


def _by_keywords(corpus: Corpus, reference: Sequence[bytes | None], base: Mapping[str, Ranker]) -> Measured:
    measured: Measured = {}
    for number, topic in enumerate(MEASURED_ON):
        days = list(days_of(corpus, topic, _DAYS, number))
        for text in (topic.plain, topic.terms):
            asked = Asked.of(corpus, text, reference)
            orders: dict[str, Ranker] = {
                "any order": lambda day: np.random.default_rng(day.places[0]).random(len(day.places)),
                "BM25": asked.words,
                _TODAY: asked.nearness,
                **({_BASE: base[text]} if text in base else {}),
                "ours": asked.ours,
                "ours after 20 clicks": asked.learned,
                "ours after 20 clicks, 2 wrong": asked.misled,
            }
            _run(measured, topic.terms, days, orders)
    return measured


def _by_lists(corpus: Corpus, listed: Mapping[date, list[int]], reference: Sequence[bytes | None]) -> Measured:
    measured: Measured = {}
    for profile in PROFILES:
        asked, fits = Asked.of(corpus, profile.subjects, reference), set(map(int, corpus.fitting(profile.keywords)))
        days = [_split(places, fits, on) for on, places in sorted(listed.items()) if fits.intersection(places)]
        votes = {place: float(paper.signals.upvotes or 0) for place, paper in enumerate(corpus.papers)}
        orders: dict[str, Ranker] = {
            "newest": lambda day: np.array(day.places, float),
            "upvotes": lambda day, votes=votes: np.array([votes[place] for place in day.places]),  # type: ignore[misc]
            "BM25": asked.words,
            _TODAY: asked.nearness,
            "ours": asked.ours,
        }
        _run(measured, profile.subjects, days, orders)
    return measured


def _split(places: Sequence[int], fits: set[int], on: date) -> Day:
    first = tuple(place for place in places if place in fits)
    return Day(places=(*first, *(place for place in places if place not in fits)), fitting=len(first), on=on)


def _run(measured: Measured, topic: str, days: Sequence[Day], orders: Mapping[str, Ranker]) -> None:
    for name, order in orders.items():
        found = measured.setdefault(name, {}).setdefault(topic, [])
        for day in days:
            scores = order(day)
            found.append((precision(scores, day.fitting), ndcg(scores, day.fitting)))


def _rows(what: str, measured: Measured) -> Iterator[Row]:
    for place, name in enumerate(("precision", "nDCG")):
        means = {order: _interval(topics, place) for order, topics in measured.items()}
        for order, interval in means.items():
            yield Row(
                what=f"{what}, {name}@5: {order} [{interval.low:.3f}, {interval.high:.3f}]",
                ours=100 * interval.mean,
                unit="%",
                peer=_TODAY,
                theirs=100 * means[_TODAY].mean,
                more_is_better=True,
            )


def _interval(topics: Mapping[str, Sequence[tuple[float, float]]], place: int) -> Interval:
    found = bootstrap([float(np.mean([values[place] for values in days])) for days in topics.values()])
    if found is None:
        raise ValueError("nothing was measured")
    return found
