"""Finds papers for the pages: public papers that are stored here, and no library is asked.

A page is opened by anyone, and by programs that open every page; none of them may make Paperwire ask arXiv.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bots.domain.errors import BadQuery, SourceError
from bots.domain.papers import Paper, PaperId
from bots.domain.requests import SearchOrder
from bots.selection import Query, parse_query, plan_search
from bots.selection.query import AllOf
from bots.usecases.lookup import PaperLookup
from bots.web.site import Site
from summarizer import BadModel

#: As many as `requests.Search` counts.
MOST_FOUND = 500
#: A page of them.
MOST_RELATED = 15
#: Seconds that a page waits for vectors that are not made yet.
_TO_COMPARE = 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """What a person searches for."""

    words: str = ""
    #: A query that every paper must match, made from the filters.
    only: str = ""
    order: SearchOrder = SearchOrder.RELEVANCE


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """The papers found, the best first, and what to say about them."""

    papers: tuple[Paper, ...] = ()
    notes: tuple[str, ...] = ()


async def find(site: Site, sought: Sought) -> Findings:
    """Return the public papers that match, at most `MOST_FOUND`.

    Raises:
        BadQuery: the words have operators that cannot be obeyed, or there is nothing to search for.
        StoreError: the database cannot be read.
    """
    words = " ".join(sought.words.split())
    only = parse_query(sought.only)
    if not any(map(str.isalnum, words + sought.only)):
        raise BadQuery("There are no words to search for.", hint="Give words of a title or an abstract, or a filter.")
    plan = plan_search(words, asks_libraries=False) if words else None
    store = site.service.store
    if plan is not None and plan.query is None:
        papers = await store.search_papers(words, MOST_FOUND, place=None)
        papers = tuple(filter(only.matches, papers))
    else:
        query = Query(root=AllOf(of=(plan.query.root, only.root))) if plan and plan.query else only
        papers = await store.find_papers(query, MOST_FOUND, place=None)
    return Findings(papers=_sorted(papers, sought.order), notes=plan.notes if plan else ())


def _sorted(papers: Sequence[Paper], order: SearchOrder) -> tuple[Paper, ...]:
    match order:
        case SearchOrder.UPVOTES:
            return tuple(sorted(papers, key=lambda each: -(each.signals.upvotes or 0)))
        case SearchOrder.CITED:
            return tuple(sorted(papers, key=lambda each: -(each.signals.citations or 0)))
        case SearchOrder.NEWEST:
            return tuple(sorted(papers, key=lambda each: -(each.published.timestamp() if each.published else -1e12)))
    return tuple(papers)


async def related(site: Site, paper: Paper) -> tuple[Paper, ...]:
    """Return the public papers nearest to one in content, the nearest first, at most `MOST_RELATED`.

    Raises:
        StoreError: the database cannot be read.
    """
    names = await site.neighbours.get(paper.id, lambda: _neighbours(site, paper))
    return await site.service.store.public_papers(names)


async def _neighbours(site: Site, paper: Paper) -> tuple[PaperId, ...]:
    shelf = PaperLookup(shelf=site.service.store, libraries=())
    try:
        around = (await shelf.around(paper, None)).papers
        async with asyncio.timeout(_TO_COMPARE):
            ranked = await _ranked(site, paper, around)
    except (SourceError, TimeoutError, BadModel):
        return ()
    return tuple(other.id for other in ranked[:MOST_RELATED])


async def _ranked(site: Site, paper: Paper, others: Sequence[Paper]) -> Sequence[Paper]:
    from bots.ranking.vectors import cosines  # needs numpy, which other pages do without

    one, *vectors = await site.service.digest_builder.vectors.of((paper, *others))
    near = sorted(zip(cosines(one, vectors), others, strict=True), key=lambda pair: -pair[0])
    return [other for _, other in near]
