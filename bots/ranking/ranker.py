"""Ranks the papers of a list for one channel: what is relevant enough, in which order, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bots.domain.papers import Paper
from bots.domain.subscriptions import SortBy
from bots.ranking.bm25 import Lexicon, Stems, stems_of_paper
from bots.ranking.interests import Interests
from bots.ranking.popularity import buzz_of, code_of, freshness_of
from bots.ranking.reasons import Grounds, reason
from bots.ranking.relevance import Comparison, Texts, joined
from bots.ranking.taste import Examples, Taste, learned
from bots.ranking.variety import Kinds, varied
from bots.ranking.vectors import Matrix, matrix
from bots.ranking.weights import BUZZ, CODE, FOLLOWED, RELEVANCE, THRESHOLD
from bots.selection.query import is_named
from bots.selection.words import words_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What a channel is known to like; vectors are packed as `summarizer.Embedder` returns them."""

    interests: Interests
    #: The vectors of `interests.wanted` and `interests.unwanted`, in their order.
    wanted: tuple[bytes | None, ...] = ()
    unwanted: tuple[bytes | None, ...] = ()
    #: The vectors of `REFERENCE`.
    reference: tuple[bytes | None, ...] = ()
    #: The papers that people spoke about, each once, with their weights and vectors.
    spoken: tuple[tuple[Paper, float, bytes | None], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """How a list is to be ranked."""

    #: The last day that the digest covers, and the number of days.
    day: date
    days: int = 1
    sort_by: SortBy = SortBy.TRENDING
    #: The number of papers that are shown.
    limit: int = 5
    #: Whether the last of them may be the most popular paper that is not near to the interests.
    wildcard: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranked:
    """One paper that is relevant enough, with its score and the reason in a few words."""

    paper: Paper
    score: float
    #: The probability that it fits.
    relevance: float
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """The papers of a list that are relevant enough, best first."""

    papers: tuple[Ranked, ...]
    #: The papers that are too far from the interests, nearest first.
    far: tuple[Paper, ...] = ()


def rank(papers: Sequence[Paper], vectors: Sequence[bytes | None], profile: Profile, setting: Setting) -> Ranking:
    """Return the papers that are relevant enough, best first, with the reason for each.

    Relevance decides which papers pass; popularity and age order those that do. Without subjects in words no paper is
    too far, except for those that fit an unwanted subject.
    """
    if not papers:
        return Ranking(papers=())
    judged = _judged(papers, matrix(vectors), profile)
    scores = _scores(papers, judged.relevance, setting)
    passing = judged.relevance >= (THRESHOLD if profile.interests.wanted else _POSSIBLE)
    order = [int(place) for place in np.argsort(-scores, kind="stable")]
    shown = [place for place in order if passing[place]]
    shown = _with_variety(shown, scores, judged, papers, setting.limit)
    far = sorted((place for place in order if not passing[place]), key=lambda place: -judged.relevance[place])
    wild = _wildcard(far, papers, judged, setting, len(shown))
    shown = [*shown[: setting.limit - len(wild)], *wild, *shown[setting.limit - len(wild) :]]
    return Ranking(
        papers=tuple(_ranked(place, papers, scores, judged, place in wild) for place in shown),
        far=tuple(papers[place] for place in far if place not in wild),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Judged:
    """The papers of a list, compared with a profile."""

    interests: Interests
    vectors: Matrix
    #: The probability that each paper fits.
    relevance: Floats
    #: For each paper, the place of the subject that it fits best, or -1 if it fits none.
    subject: NDArray[np.int64]
    #: For each paper, the followed author who wrote it; may be empty.
    authors: tuple[str, ...]
    #: For each paper, the number of liked papers that it is close to.
    close: NDArray[np.int64]
    buzz: Floats


def _judged(papers: Sequence[Paper], vectors: Matrix, profile: Profile) -> _Judged:
    stems = tuple(map(stems_of_paper, papers))
    wanted, unwanted = _log_odds(vectors, stems, profile)
    taste = _taste(vectors, stems, profile)
    odds = joined(wanted, unwanted) + taste.gain
    authors = tuple(_followed(profile.interests.authors, paper) for paper in papers)
    relevance = np.where([bool(author) for author in authors], FOLLOWED, _probability(odds))
    fits = np.max(wanted, axis=0) >= np.log(THRESHOLD / (1 - THRESHOLD))
    return _Judged(
        interests=profile.interests,
        vectors=vectors,
        relevance=relevance,
        subject=np.where(fits if profile.interests.wanted else False, np.argmax(wanted, axis=0), -1),
        authors=authors,
        close=taste.close,
        buzz=buzz_of(papers),
    )


#: Papers of one digest that are varied; in a longer listing nobody compares neighbours, and it takes quadratic time.
_MOST_VARIED = 50
#: The least probability above zero: without wanted subjects every paper passes that does not fit an unwanted one.
_POSSIBLE = 1e-9


#: The log-odds of a paper for which nothing speaks: less than any subject that it fits, so that unwanted ones win.
_NOTHING_WANTED = -1.8


def _log_odds(vectors: Matrix, stems: Sequence[Stems], profile: Profile) -> tuple[Floats, Floats]:
    """Return the log-odds that each paper fits each wanted and each unwanted subject."""
    interests = profile.interests
    even, none = np.zeros((1, len(vectors))), np.zeros((0, len(vectors)))
    if not interests.wanted and not interests.unwanted:
        return even, none
    comparison = Comparison(vectors, Lexicon(stems), matrix(profile.reference))
    wanted = Texts(texts=interests.wanted, vectors=matrix(profile.wanted))
    unwanted = Texts(texts=interests.unwanted, vectors=matrix(profile.unwanted))
    return (
        comparison.log_odds(wanted) if wanted.texts else np.full_like(even, _NOTHING_WANTED),
        comparison.log_odds(unwanted) if unwanted.texts else none,
    )


def _taste(vectors: Matrix, stems: Sequence[Stems], profile: Profile) -> Taste:
    if not profile.spoken:
        return Taste(gain=np.zeros(len(vectors)), close=np.zeros(len(vectors), np.int64))
    examples = Examples(
        vectors=matrix([vector for _, _, vector in profile.spoken]),
        stems=tuple(stems_of_paper(paper) for paper, _, _ in profile.spoken),
        weights=np.array([weight for _, weight, _ in profile.spoken]),
    )
    return learned(vectors, stems, examples)


def _followed(names: Sequence[str], paper: Paper) -> str:
    """Return the first of the names that one of the authors has; may be empty."""
    return next((name for name in names if any(is_named(words_of(name), each) for each in paper.authors)), "")


def _probability(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -700, 700))))


def _scores(papers: Sequence[Paper], relevance: Floats, setting: Setting) -> Floats:
    total = RELEVANCE * relevance
    if setting.sort_by is SortBy.TRENDING:
        total = total + BUZZ * buzz_of(papers) + CODE * code_of(papers)
    return np.asarray(freshness_of(papers, setting.day, setting.days) * total)


def _with_variety(order: list[int], scores: Floats, judged: _Judged, papers: Sequence[Paper], limit: int) -> list[int]:
    several = len(judged.interests.wanted) > 1
    kinds = Kinds(
        vectors=judged.vectors,
        authors=[paper.authors[0].casefold() if paper.authors else "" for paper in papers],
        subjects=[int(subject) if several else -1 for subject in judged.subject],
    )
    return list(varied(order, scores, kinds, min(limit, _MOST_VARIED)))


def _wildcard(
    far: Sequence[int], papers: Sequence[Paper], judged: _Judged, setting: Setting, passing: int
) -> tuple[int, ...]:
    """Return the most popular paper that is not near to the interests, if one is wanted and people speak of one."""
    if not setting.wildcard or setting.limit < 2 or not passing:
        return ()
    best = max(
        (place for place in far if papers[place].signals.upvotes), key=lambda place: judged.buzz[place], default=-1
    )
    return (best,) if best >= 0 else ()


def _ranked(place: int, papers: Sequence[Paper], scores: Floats, judged: _Judged, wild: bool) -> Ranked:
    wanted, subject = judged.interests.wanted, int(judged.subject[place])
    grounds = Grounds(
        author=judged.authors[place],
        subject=wanted[subject] if subject >= 0 else "",
        subjects=len(wanted),
        close=int(judged.close[place]),
        buzz=float(judged.buzz[place]),
        wildcard=wild,
    )
    paper = papers[place]
    relevance = float(judged.relevance[place])
    return Ranked(paper=paper, score=float(scores[place]), relevance=relevance, why=reason(paper, grounds))
