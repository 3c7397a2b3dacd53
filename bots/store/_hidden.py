"""Groups the records of turned-down papers: each paper once, whatever name it was turned down under. Pure functions."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from bots.domain.papers import PaperId
from bots.domain.replies import HiddenPaper

#: A paper's name, the person who turned it down, and when.
Refusal = tuple[PaperId, str, datetime]


def grouped(refusals: Iterable[Refusal], names: Callable[[PaperId], Collection[str]]) -> tuple[HiddenPaper, ...]:
    """Return the papers that were turned down, the last turned down first; those of one instant by id.

    Args:
        refusals: one record for each person and name.
        names: returns every name of a paper, including the given one.
    """
    kept: dict[str, list[Refusal]] = {}
    for refusal in sorted(refusals, key=lambda each: (each[2], str(each[0]), each[1])):
        kept.setdefault(min(names(refusal[0])), []).append(refusal)
    papers = sorted(map(_paper, kept.values()), key=lambda paper: str(paper.paper_id))
    return tuple(sorted(papers, key=lambda paper: paper.at, reverse=True))


def _paper(refusals: list[Refusal]) -> HiddenPaper:
    people = tuple(dict.fromkeys(user for _, user, _ in refusals))
    return HiddenPaper(paper_id=refusals[-1][0], at=refusals[-1][2], by=people)
