"""Ranks the papers of a list for one channel: what is relevant enough, in which order, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bots.domain.papers import Paper
from bots.domain.subscriptions import SortBy
from bots.ranking.bm25 import Lexicon, stems_of_paper
from bots.ranking.following import Followed
from bots.ranking.interests import Interests
from bots.ranking.kept_stems import Stems
from bots.ranking.popularity import buzz_of, code_of, freshness_of
from bots.ranking.reasons import Grounds, reason
from bots.ranking.relevance import Comparison, Texts, joined, pooled
from bots.ranking.taste import Examples, Taste, learned
from bots.ranking.variety import Kinds, varied
from bots.ranking.vectors import Matrix, matrix
from bots.ranking.weights import BUZZ, CODE, FOLLOWED, NOTHING_WANTED, RELEVANCE, THRESHOLD

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What a channel is known to like; vectors are packed as `summarizer.Embedder` returns them."""

    interests: Interests
    #: The vectors of `interests.wanted`, `interests.unwanted` and `interests.followed`, in their order.
    wanted: tuple[bytes | None, ...] = ()
    unwanted: tuple[bytes | None, ...] = ()
    followed: tuple[bytes | None, ...] = ()
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
    too far, except for those that fit an unwanted subject, and unless only what is followed is wanted.
    """
    if not papers:
        return Ranking(papers=())
    judged = _judged(papers, matrix(vectors), profile)
    scores = _scores(papers, judged.together, setting)
    passing = judged.relevance >= (THRESHOLD if profile.interests.gates else _POSSIBLE)
    order = [int(place) for place in np.argsort(-scores, kind="stable")]
    shown = [place for place in order if passing[place]]
    shown = _with_variety(shown, scores, judged, papers, setting.limit)
    far = sorted((place for place in order if not passing[place]), key=lambda place: -judged.together[place])
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
    #: The probability that each paper fits, by the subject that it fits best.
    relevance: Floats
    #: The same by all subjects together, which orders the papers.
    together: Floats
    #: For each paper, the place of the subject that it fits best, or -1 if it fits none.
    subject: NDArray[np.int64]
    #: For each paper, the followed author who wrote it, and the followed filter that it matches; may be empty.
    authors: tuple[str, ...]
    queries: tuple[str, ...]
    #: For each paper, the number of liked papers that it is close to.
    close: NDArray[np.int64]
    buzz: Floats


def _judged(papers: Sequence[Paper], vectors: Matrix, profile: Profile) -> _Judged:
    stems, interests = tuple(map(stems_of_paper, papers)), profile.interests
    wanted, unwanted = _log_odds(vectors, stems, profile)
    best = joined(wanted, unwanted)
    subjects = wanted[: len(interests.wanted) + len(interests.followed)]
    fits = _probability(joined(subjects, unwanted)) if len(subjects) else np.zeros(len(papers))
    taste = _taste(vectors, stems, profile, fits)
    together = np.where(np.isneginf(best), best, joined(pooled(wanted), unwanted))
    followed = Followed.of(interests.authors, interests.queries)
    authors, queries = tuple(map(followed.author_of, papers)), tuple(map(followed.query_of, papers))
    named = [bool(author or query) for author, query in zip(authors, queries, strict=True)]
    return _Judged(
        interests=interests,
        vectors=vectors,
        relevance=np.where(named, FOLLOWED, _probability(best + taste.gain)),
        together=np.where(named, FOLLOWED, _probability(together + taste.gain)),
        subject=_subjects(subjects),
        authors=authors,
        queries=queries,
        close=taste.close,
        buzz=buzz_of(papers),
    )


#: Papers of one digest that are varied; in a longer listing nobody compares neighbours, and it takes quadratic time.
_MOST_VARIED = 50
#: The least probability above zero: without wanted subjects every paper passes that does not fit an unwanted one.
_POSSIBLE = 1e-9


def _log_odds(vectors: Matrix, stems: Sequence[Stems], profile: Profile) -> tuple[Floats, Floats]:
    """Return the log-odds that each paper fits each wanted or followed subject, and each unwanted one.

    If a paper need not fit any, the last row is what speaks for a paper that fits none.
    """
    interests, number = profile.interests, len(vectors)
    texts = (*interests.wanted, *interests.followed)
    known = texts or interests.unwanted or interests.authors or interests.queries
    rest = np.full((0 if interests.wanted else 1, number), _rest(interests) if known else 0.0)
    if not texts and not interests.unwanted:
        return rest, np.zeros((0, number))
    comparison = Comparison(vectors, Lexicon(stems), matrix(profile.reference))
    wanted = comparison.log_odds(Texts(texts=texts, vectors=matrix((*profile.wanted, *profile.followed))))
    unwanted = comparison.log_odds(Texts(texts=interests.unwanted, vectors=matrix(profile.unwanted)))
    return np.concatenate([wanted, rest]), unwanted


def _rest(interests: Interests) -> float:
    """Return the log-odds of a paper that fits no subject, where no subject must be fitted."""
    return float(np.log(_POSSIBLE)) if interests.only_followed else NOTHING_WANTED


def _subjects(wanted: Floats) -> NDArray[np.int64]:
    """Return for each paper the place of the subject that it fits best, or -1 if it fits none."""
    if not len(wanted):
        return np.full(wanted.shape[1], -1)
    fits = np.max(wanted, axis=0) >= np.log(THRESHOLD / (1 - THRESHOLD))
    return np.where(fits, np.argmax(wanted, axis=0), -1)


def _taste(vectors: Matrix, stems: Sequence[Stems], profile: Profile, fits: Floats) -> Taste:
    if not profile.spoken:
        return Taste(gain=np.zeros(len(vectors)), close=np.zeros(len(vectors), np.int64))
    examples = Examples(
        vectors=matrix([vector for _, _, vector in profile.spoken]),
        stems=tuple(stems_of_paper(paper) for paper, _, _ in profile.spoken),
        weights=np.array([weight for _, weight, _ in profile.spoken]),
    )
    return learned(vectors, stems, examples, fits)


def _probability(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -700, 700))))


def _scores(papers: Sequence[Paper], relevance: Floats, setting: Setting) -> Floats:
    total = RELEVANCE * relevance
    if setting.sort_by is SortBy.TRENDING:
        total = total + BUZZ * buzz_of(papers) + CODE * code_of(papers)
    return np.asarray(freshness_of(papers, setting.day, setting.days) * total)


def _with_variety(order: list[int], scores: Floats, judged: _Judged, papers: Sequence[Paper], limit: int) -> list[int]:
    several = len(judged.interests.wanted) + len(judged.interests.followed) > 1
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
        query=judged.queries[place],
        subject=(*wanted, *judged.interests.followed)[subject] if subject >= 0 else "",
        followed=subject >= len(wanted),
        subjects=len(wanted),
        close=int(judged.close[place]),
        buzz=float(judged.buzz[place]),
        wildcard=wild,
    )
    paper = papers[place]
    relevance = float(judged.relevance[place])
    return Ranked(paper=paper, score=float(scores[place]), relevance=relevance, why=reason(paper, grounds))
