"""Finds papers for the pages: public papers that are stored here, and no library is asked.

A page is opened by anyone, and by programs that open every page; none of them may make Paperwire ask arXiv, or write
anything to the database.
"""

from dataclasses import dataclass

from bots.domain.channels import Channel, Reader
from bots.domain.errors import BadPaperId, BadQuery
from bots.domain.paper_ids import read_ref
from bots.domain.papers import Paper, PaperId
from bots.domain.requests import Search, SearchOrder
from bots.search.weights import MOST_FOUND
from bots.usecases.paper_search import PaperSearch
from bots.web.site import Site
from summarizer import BadModel

__all__ = ["HERE", "MOST_FOUND", "MOST_RELATED", "Findings", "Sought", "find", "related"]

#: Where the readers of the pages are: no private paper belongs to it.
HERE = Channel(platform="web", channel="pages")
#: The papers near to one that fill a page.
MOST_RELATED = 15
#: The cosine of two papers of one field; below it papers have little in common.
_LEAST_NEAR = 0.3


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """What a person searches for."""

    words: str = ""
    #: A query that every paper must match, made from the filters.
    only: str = ""
    order: SearchOrder = SearchOrder.RELEVANCE


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """One page of the papers found, the best first, and what to say about them."""

    papers: tuple[Paper, ...] = ()
    notes: tuple[str, ...] = ()
    #: The number of papers on all pages, at most `MOST_FOUND`.
    total: int = 0


async def find(site: Site, sought: Sought, *, client: str, limit: int, offset: int = 0) -> Findings:
    """Return one page of the public papers that match.

    Args:
        site: the site.
        sought: what is searched for.
        client: the network address that asks; each has its share of the processor.
        limit: the number of papers on a page.
        offset: the number of papers on the pages before.

    Raises:
        BadQuery: the words have operators that cannot be obeyed, or there is nothing to search for.
        StoreError: the database cannot be read.
    """
    words, only = (sought.words, sought.only) if any(map(str.isalnum, sought.words)) else (sought.only, "")
    if not any(map(str.isalnum, words)):
        raise BadQuery("There are no words to search for.", hint="Give words of a title or an abstract, or a filter.")
    if names := _named(words):
        papers = await site.service.store.public_papers(names)
        return Findings(papers=papers[offset:], total=len(papers))
    service = site.service
    search = PaperSearch(shelf=service.store, index=service.search_index, paper_lookup=service.paper_lookup)
    asked = Search(
        channel=HERE, words=words, only=only, order=sought.order, limit=limit, offset=offset, live=False, blurbs=False
    )
    async with site.searching.turn(Reader(platform=HERE.platform, user=client)):
        found = await search.find(asked)
    return Findings(papers=found.papers, notes=found.notes, total=found.total or 0)


def _named(words: str) -> tuple[PaperId, ...]:
    """Return the id that the words are, and nothing else."""
    try:
        return (read_ref(words).id,)
    except BadPaperId:
        return ()


async def related(site: Site, paper: Paper) -> tuple[Paper, ...]:
    """Return the public papers nearest to one in content, the nearest first, at most `MOST_RELATED`.

    Raises:
        StoreError: the database cannot be read.
    """
    try:
        names = await site.neighbours.get(paper.id, lambda: _neighbours(site, paper))
    except _BusyError:
        return ()
    return await site.service.store.public_papers(names)


class _BusyError(Exception):
    """Too many neighbours are being looked for at this moment."""


async def _neighbours(site: Site, paper: Paper) -> tuple[PaperId, ...]:
    service = site.service
    if site.lists.making.locked():
        raise _BusyError
    async with site.lists.making:
        try:
            (vector,) = await service.digest_builder.vectors.of((paper,))
        except BadModel:
            return ()
        near = await service.search_index.near(vector, MOST_RELATED + len(paper.names), least=_LEAST_NEAR)
    return tuple(each.paper_id for each in near if each.paper_id not in paper.names)[:MOST_RELATED]
