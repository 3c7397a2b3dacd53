"""Tells which records are of one paper, and merges those that are. Pure functions."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from bots.domain.paper_ids import PaperId
from bots.domain.papers import TEASER_MOST, Paper, merge
from bots.domain.titles import is_general, is_mistyped, near_titles

#: The registrants of DOIs of preprints: bioRxiv and medRxiv, arXiv, Research Square, preprints.org, PsyArXiv, SocArXiv
#: and others of OSF, ChemRxiv, Authorea, TechRxiv, SSRN.
_PREPRINTS = frozenset(
    """10.1101 10.64898 10.48550 10.21203 10.20944 10.31234 10.31235 10.31219 10.31222 10.31223 10.26434 10.22541
    10.36227 10.2139""".split()
)
#: Years between a preprint and its article: nine in ten take less than two (Abdill and Blekhman, eLife 2019).
_YEARS_BETWEEN = 3
#: Characters of an abstract that are compared, to tell two papers with one title apart.
_COMPARED = 2_000


def same_paper(first: Paper, second: Paper) -> bool:
    """Return whether two records are of one paper: the only rule by which records are merged.

    They must share an id, and that is not enough: a volume's DOI is shared by its chapters, and an address by a paper
    and a comment on it. Records with different arXiv ids are never one paper. Records that share a DOI are one if their
    titles are near, or one title is the other with a typing error while authors and year agree. Records that share only
    a title are one unless their authors, years or abstracts say that they are two. Records that share an arXiv id are
    one unless title and authors are both others, because titles change between versions.
    """
    shared = first.names & second.names
    own, others = (frozenset(name for name in paper.names if name.scheme == "arxiv") for paper in (first, second))
    if not shared or (own and others and own.isdisjoint(others)):
        return False
    if all(name.scheme == "text" for name in shared):
        return not _contradict(first, second)
    if near_titles(first.title, second.title) or _is_misprint(first, second):
        return True
    return not own.isdisjoint(others) and not _strangers(first.authors, second.authors)


def _contradict(first: Paper, second: Paper) -> bool:
    """Return whether two records with one title are two papers: other authors, or another year or text.

    Preprint and article have one title in two years, "Introduction" is another one each year. Abstracts are compared
    only where the authors of one are not known.
    """
    years = {paper.published.year for paper in (first, second) if paper.published}
    if _strangers(first.authors, second.authors) or (len(years) > 1 and is_general(first.title)):
        return True
    return not (first.authors and second.authors) and _other_texts(first.abstract, second.abstract)


def _is_misprint(first: Paper, second: Paper) -> bool:
    """Return whether one record has the other one's title with a typing error: same authors, same year, same text."""
    years = [paper.published.year if paper.published else 0 for paper in (first, second)]
    people = _family_names(first)
    agree = years[0] == years[1] != 0 and people and people == _family_names(second)
    return bool(agree) and is_mistyped(first.title, second.title) and not _other_texts(first.abstract, second.abstract)


def _is_namesake(first: Paper, second: Paper) -> bool:
    """Return whether two papers of the same people and year are one by title; two with ids of their own are not."""
    bare = [all(name.scheme == "text" for name in paper.names) for paper in (first, second)]
    if all(bare):
        return _is_misprint(first, second)
    same = PaperId.titled(first.title) == PaperId.titled(second.title) and not is_general(first.title)
    return any(bare) and same and not _other_texts(first.abstract, second.abstract)


def _family_names(paper: Paper) -> tuple[str, ...]:
    """Return the last word of each author's name, in order."""
    return tuple(words[-1] for name in paper.authors if (words := re.findall(r"[^\W\d_]+", name.casefold())))


def _other_texts(first: str, second: str) -> bool:
    """Return whether two abstracts, both known, have fewer than half of the shorter one's words in common."""
    one, two = (frozenset(re.findall(r"\w{4,}", text[:_COMPARED].casefold())) for text in (first, second))
    return bool(one and two) and 2 * len(one & two) < min(len(one), len(two))


def _strangers(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Return whether two lists of authors, both known, have no name in common; initials do not count."""
    one, two = (
        {word for name in names for word in re.findall(r"[^\W\d_]{2,}", name.casefold())} for names in (first, second)
    )
    return bool(one and two) and one.isdisjoint(two)


def apart(paper: Paper, other: Paper) -> Paper:
    """Return a paper without the ids that it shares with another paper; if none is left, under the id of its title."""
    own = paper.names - other.names
    ranked = sorted(own, key=lambda name: (name != paper.id, name))
    chosen = ranked[0] if ranked else _next_id(paper)
    return replace(paper, id=chosen, aliases=own - {chosen})


def _next_id(paper: Paper) -> PaperId:
    """Return the first id made of the paper's texts, or the one after the id that it has.

    Such ids name more of the paper each time, then a number; none is returned twice, so that a search for a free one
    ends.
    """
    more = " ".join((*paper.authors, str(paper.published.year) if paper.published else ""))
    told = (paper.title, f"{paper.title} {more}", f"{paper.title} {more} {paper.abstract}")
    ids = list(dict.fromkeys(map(PaperId.titled, told)))
    if paper.id.scheme != "text":
        return ids[0]
    later = ids[ids.index(paper.id) + 1 :] if paper.id in ids else []
    return later[0] if later else PaperId.titled(f"{paper.id} {more}")


def told_apart(paper: Paper, owner: Callable[[PaperId], Paper | None]) -> tuple[Paper, tuple[Paper, ...]]:
    """Return a paper with only the ids that are its own, and the known papers that are the same paper.

    Args:
        paper: the new record.
        owner: returns the known paper with an id; no two of them share one.
    """
    while True:
        found = (owner(name) for name in sorted(paper.names))
        owners = {known.id: known for known in found if known and not known.names.isdisjoint(paper.names)}
        others = [known for known in owners.values() if not same_paper(known, paper)]
        if not others:
            return paper, tuple(owners.values())
        for other in others:
            paper = apart(paper, other)


def unique(papers: tuple[Paper, ...]) -> tuple[Paper, ...]:
    """Return the papers in order, each once; records of one paper are merged, and no two papers share an id.

    A record without an id of its own is also the paper of the same people and year that has its title. So are a
    preprint and an article of the same people with the same title, within a few years.
    """
    once, again = _merged(papers)
    while again:
        # A record that gained its authors from another one may now be known by its title.
        once, again = _merged(once)
    return once


def _merged(papers: tuple[Paper, ...]) -> tuple[tuple[Paper, ...], bool]:
    """Return the papers, each once, and whether one gained what it is compared by after it was compared."""
    grown = False
    kept: list[Paper | None] = []
    places: dict[PaperId, int] = {}
    titled: dict[tuple[object, ...], list[PaperId]] = {}

    def owner(name: PaperId) -> Paper | None:
        return kept[places[name]] if name in places else None

    for given in papers:
        paper, same = told_apart(given, owner)
        same = same or _namesakes(paper, titled, owner)
        first, *others = sorted(same, key=lambda known: places[known.id]) or (None,)
        home = len(kept) if first is None else places[first.id]
        if first is None:
            kept.append(paper)
        else:
            kept[home], gone = joined(first, others, paper)
            grown = grown or not (first.authors and first.published)
            for other in gone:
                kept[places[other.id]] = None
        whole = kept[home]
        places.update(dict.fromkeys(whole.names if whole else (), home))
    return tuple(paper for paper in kept if paper is not None), grown


def _namesakes(
    paper: Paper, titled: dict[tuple[object, ...], list[PaperId]], owner: Callable[[PaperId], Paper | None]
) -> tuple[Paper, ...]:
    """Return the known paper that is this one by its title and authors, though they share no id; note this one.

    A record that has only its title is the paper with that title, the year and an id, or the one with that title
    mistyped; one without a year is the paper with exactly that title.
    """
    if not paper.authors:
        return ()
    people, year = _family_names(paper), paper.published.year if paper.published else None
    of_year = titled.setdefault((people, year), []) if year else []
    of_title = titled.setdefault((people, PaperId.titled(paper.title)), [])
    # The last 20: a group publishes fewer in a year, and the time must not grow with the square of a list.
    found = next((one for one in filter(None, map(owner, of_year[-20:])) if _is_namesake(one, paper)), None)
    titles = filter(None, map(owner, of_title[-20:]))
    found = found or next((one for one in titles if _is_version(one, paper) or _is_undated(one, paper)), None)
    of_year.append(paper.id)
    of_title.append(paper.id)
    return (found,) if found else ()


def _is_undated(first: Paper, second: Paper) -> bool:
    """Return whether two papers of the same people are one by title, where one of them has neither a year nor an id."""
    bare = any(not paper.published and all(name.scheme == "text" for name in paper.names) for paper in (first, second))
    same = PaperId.titled(first.title) == PaperId.titled(second.title) and not is_general(first.title)
    return bare and same and not _other_texts(first.abstract, second.abstract)


def _is_version(first: Paper, second: Paper) -> bool:
    """Return whether two papers of the same people with one title are a preprint and its article.

    Two of one kind, such as two articles or two preprints of one server, are two papers: a talk and the article that
    came of it often have one title.
    """
    if is_general(first.title) or PaperId.titled(first.title) != PaperId.titled(second.title):
        return False
    years = [paper.published.year for paper in (first, second) if paper.published]
    kinds = [frozenset(map(_kind, paper.names)) - {"text"} for paper in (first, second)]
    near = max(years, default=0) - min(years, default=0) <= _YEARS_BETWEEN
    preprint = all(kinds) and any(kind & {"arxiv", "preprint", "openreview"} for kind in kinds)
    # A teaser of one or two sentences need not share the words of the abstract.
    whole = min(len(first.abstract), len(second.abstract)) > TEASER_MOST
    other = whole and _other_texts(first.abstract, second.abstract)
    return near and preprint and kinds[0].isdisjoint(kinds[1]) and not other


def _kind(name: PaperId) -> str:
    """Return what an id names: a paper at arXiv, a preprint elsewhere, an article, or the record of another site."""
    if name.scheme != "doi":
        return name.scheme
    return "preprint" if name.value.partition("/")[0] in _PREPRINTS else "article"


def joined(first: Paper, others: Iterable[Paper], new: Paper) -> tuple[Paper, list[Paper]]:
    """Return one paper from a known paper, others, and a new record that shows them to be one; and the others in it.

    Args:
        first: the known paper whose id remains.
        others: further known papers that the new record is the same paper as; those that are another paper than `first`
            stay by themselves.
        new: the new record.
    """
    whole, gone = first, list[Paper]()
    for other in others:
        if same_paper(merge(whole, new), other):
            whole = merge(whole, other)
            gone.append(other)
        else:
            new = apart(new, other)
    return merge(whole, new), gone
