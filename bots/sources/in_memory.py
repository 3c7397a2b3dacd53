"""Look-up and search among papers in memory, for the file source and the sample source."""

import re
from collections.abc import Sequence

from bots.domain.errors import PaperNotFound
from bots.domain.papers import Paper, PaperId
from bots.translation.speech import gettext_lazy

# A word in the title counts twice as much as one in the abstract.
_TITLE_WEIGHT = 2


def pick(papers: Sequence[Paper], paper_id: PaperId, place: str) -> Paper:
    """Return the paper with an id, under any of its names.

    Raises:
        PaperNotFound: there is none.
    """
    found = next((paper for paper in papers if paper_id in paper.names), None)
    if found is None:
        raise PaperNotFound(gettext_lazy("{number} does not hold {paper}.", number=place, paper=str(paper_id)))
    return found


def best(papers: Sequence[Paper], words: str, limit: int) -> tuple[Paper, ...]:
    """Return at most `limit` papers that contain every word, ranked by the number of words in the title."""
    asked = tuple(dict.fromkeys(re.findall(r"\w+", words.casefold())))
    if not asked or limit < 1:
        return ()
    scored = [(_score(paper, asked), paper) for paper in papers]
    hits = sorted((hit for hit in scored if hit[0] > 0), key=lambda hit: -hit[0])
    return tuple(paper for _, paper in hits[:limit])


def _score(paper: Paper, asked: Sequence[str]) -> int:
    title = paper.title.casefold()
    rest = " ".join((paper.abstract, *paper.authors, *paper.keywords)).casefold()
    if not all(word in title or word in rest for word in asked):
        return 0
    return sum(_TITLE_WEIGHT if word in title else 1 for word in asked)
