"""Papers with vectors that stand for subjects: each subject is a direction of its own."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from bots.domain.feedback import Feedback, Sign
from bots.domain.papers import Paper, PaperId, Signals
from bots.ranking.interests import Interests, read_interests
from bots.ranking.ranker import Profile, Ranking, Setting, rank
from bots.ranking.taste import weights_of
from bots.ranking.vectors import WIDTH

DAY = date(2026, 5, 4)
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
#: The words of each subject; the vector of a text leans to those whose words it has.
SUBJECTS = ("folding proteins enzymes", "grasping robots arms", "galaxies stars telescopes", "markets prices auctions")


def vector(text: str) -> bytes:
    """Return a vector that leans to the subjects whose words a text has, with noise of its own."""
    dice = np.random.default_rng(list(text.encode()))
    made = 0.02 * dice.standard_normal(WIDTH)
    made[-1] += 0.3
    for place, subject in enumerate(SUBJECTS):
        made[place] += sum(word in text.lower() for word in subject.split())
    return (made / np.linalg.norm(made)).astype("<f2").tobytes()


def paper(number: int, words: str, *, upvotes: int | None = None, **changes: Any) -> Paper:
    """Return a paper about some words."""
    given: dict[str, Any] = {"title": f"On {words} {number}", "abstract": f"We study {words}.", **changes}
    return Paper(id=PaperId.arxiv(f"2605.{number:05}"), signals=Signals(upvotes=upvotes), **given)


def a_day(**changes: Any) -> list[Paper]:
    """Return forty papers, ten of each subject."""
    return [paper(number, SUBJECTS[number % 4], **changes) for number in range(40)]


def profile(interests: str = "", feedback: Sequence[Feedback] = ()) -> Profile:
    """Return what a channel is known to like."""
    read: Interests = read_interests(interests)
    weights = weights_of(feedback)
    papers = {str(said.paper.id): said.paper for said in feedback if str(said.paper.id) in weights}
    return Profile(
        interests=read,
        wanted=tuple(map(vector, read.wanted)),
        unwanted=tuple(map(vector, read.unwanted)),
        reference=tuple(map(vector, ("law", "history", "music", *SUBJECTS))),
        spoken=tuple((each, weights[name], vector(each.title)) for name, each in papers.items()),
    )


def ranked(papers: Sequence[Paper], known: Profile, **setting: Any) -> Ranking:
    """Return the ranking of papers."""
    return rank(papers, [vector(each.title) for each in papers], known, Setting(**{"day": DAY, **setting}))


def said(about: Paper, sign: Sign = Sign.SAVED, user: str = "ada") -> Feedback:
    """Return a statement about a paper."""
    return Feedback(paper=about, sign=sign, user=user, at=NOW)
