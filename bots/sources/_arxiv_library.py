"""arXiv's query API as a library: look-up, search, and the papers submitted between two instants."""

import re
from collections.abc import Mapping
from datetime import datetime

from bots.domain.errors import PaperNotFound, SourceDown, SourceRefused
from bots.domain.papers import Paper, PaperId, unique
from bots.sources._arxiv_query import Found, category_terms, read_query, search_terms
from bots.sources.context import SourceContext
from bots.sources.reading.xml_tree import is_feed
from bots.sources.web import LONG, SHORT, Page, Web

API = "https://export.arxiv.org"
_SPEC = "arxiv"
_ID = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}")
_OK, _BAD_REQUEST = 200, 400
_PAGE_SIZE = 200  # two megabytes at most
_PAGED_MOST = 1_000  # deeper starts are slow and flaky; a category submits 400 papers on its busiest days


class ArxivLibrary:
    """Every paper of arXiv."""

    name = "arXiv"

    def __init__(self, web: Web, api: str = API) -> None:
        self._web = web
        self._api = api

    @classmethod
    def open(cls, context: SourceContext) -> "ArxivLibrary":
        """Return the library; it needs no argument."""
        return cls(context.web, context.address("arxiv_api"))

    async def lookup(self, paper_id: PaperId, version: int | None = None) -> Paper:
        """Return the paper of an arXiv id, its latest version unless one is pinned."""
        if paper_id.scheme != "arxiv" or not _ID.fullmatch(paper_id.value):
            raise PaperNotFound(
                f"arXiv does not have {paper_id}.", hint="arXiv has papers with arXiv ids only, such as 2004.15011."
            )
        asked = f"{paper_id.value}v{version}" if version else paper_id.value
        found = await self._ask({"id_list": asked, "max_results": "1"}, SHORT)
        paper = next((paper for paper in found.papers if paper.id == paper_id), None)
        if paper is None or (version and paper.version != version):
            raise PaperNotFound(f"arXiv does not have {asked}.")
        return paper

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return the papers that hold every word; words in quotes stay together."""
        terms = search_terms(words)
        if not terms or limit < 1:
            return ()
        params = {"search_query": terms, "max_results": str(min(limit, _PAGE_SIZE)), "sortBy": "relevance"}
        found = await self._ask(params, SHORT)
        if found.error:
            raise SourceRefused(f"arXiv does not understand the search: {found.error}.", hint="Use plain words.")
        return unique(found.papers)[:limit]

    async def submitted(self, category: str, first: datetime, last: datetime) -> tuple[tuple[Paper, ...], bool]:
        """Return the papers of a category submitted between two instants, newest first, and whether they are all."""
        papers: list[Paper] = []
        start, total = 0, 1
        while start < min(total, _PAGED_MOST):
            try:
                found = await self._submitted_page(category_terms(category, first, last), start)
            except SourceDown:
                if not papers:
                    raise
                break
            if found.error:
                raise SourceRefused(f"arXiv does not know {category}: {found.error}.")
            papers += found.papers
            # By what came, not by what was asked: pages come short now and then.
            start, total = start + found.entries, found.total
            if not found.entries:
                break
        return unique(tuple(papers)), start >= total

    async def _submitted_page(self, terms: str, start: int) -> Found:
        order = {"sortBy": "submittedDate", "sortOrder": "descending"}
        return await self._ask(
            {"search_query": terms, "start": str(start), "max_results": str(_PAGE_SIZE), **order}, LONG
        )

    async def _ask(self, params: Mapping[str, str], patience: float) -> Found:
        start = int(params.get("start", "0"))
        page = await self._web.get(
            f"{self._api}/api/query",
            params=params,
            accept="application/atom+xml",
            patience=patience,
            whole=lambda page: _whole(page, start),
        )
        if page.status not in (_OK, _BAD_REQUEST):
            raise SourceRefused(f"arXiv refused the query: HTTP {page.status}.")
        return read_query(page.body, _SPEC)


def _whole(page: Page, start: int) -> bool:
    """Return whether an answer is what it claims: blank bodies and pages without their entries come for years."""
    if not is_feed(page):
        return False
    if page.status != _OK:
        return True
    try:
        found = read_query(page.body, _SPEC)
    except SourceRefused:
        return True  # unreadable for good: said by the one who reads it
    return bool(found.entries or found.error or found.total <= start)
