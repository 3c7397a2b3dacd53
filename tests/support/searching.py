"""Searches papers as the service does, for tests that have only a shelf and libraries."""

from typing import cast

from bots.digests.vectors import VectorService
from bots.domain.requests import Search
from bots.ports import Store
from bots.usecases.lookup import Found, PaperLookup
from bots.usecases.paper_search import PaperSearch
from bots.usecases.search_index import SearchIndex
from tests.support.factories import CHANNEL, NOW


def search_of(paper_lookup: PaperLookup) -> PaperSearch:
    """Return the search over the store and the libraries of a look-up."""
    store = cast("Store", paper_lookup.shelf)
    index = SearchIndex(index=store, vectors=VectorService(cache=store, clock=lambda: NOW))
    return PaperSearch(shelf=store, index=index, paper_lookup=paper_lookup)


async def searched(paper_lookup: PaperLookup, text: str, limit: int = 5) -> Found:
    """Return what a person in a channel finds."""
    return await search_of(paper_lookup).find(Search(channel=CHANNEL, words=text, limit=limit))
