"""arXiv's query API as a library: look-up, search, and the papers submitted in a period."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from bots.domain.errors import PaperNotFound, SourceDown, SourceRefused
from bots.domain.field_search import FieldSearch
from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import unique
from bots.sources._arxiv_batches import Batches, Wanted
from bots.sources._arxiv_query import Found, category_terms, field_terms, read_query, search_terms
from bots.sources.context import SourceContext
from bots.sources.reading.xml_tree import is_feed
from bots.sources.web import LONG, SHORT, Page, Web
from bots.translation.speech import gettext_lazy

API = "https://export.arxiv.org"
_SPEC = "arxiv"
_ID = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}")
_OK, _BAD_REQUEST = 200, 400
_PAGE_SIZE = 200  # At most two megabytes.
_PAGED_MOST = 1_000  # Deeper pages are slow and unreliable; a category receives 400 papers on its busiest days.


class ArxivLibrary:
    """The library of all arXiv papers."""

    name = "arXiv"

    def __init__(self, web: Web, api: str = API) -> None:
        self._web = web
        self._api = api
        self._batches = Batches(self._many)

    @classmethod
    def open(cls, context: SourceContext) -> "ArxivLibrary":
        """Return the library, which takes no argument."""
        return cls(context.web, context.address("arxiv_api"))

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the paper with an arXiv id, in its latest version."""
        return await self._one(paper_id, None)

    async def lookup_version(self, paper_id: PaperId, version: int) -> Paper:
        """Return one version of the paper with an arXiv id."""
        return await self._one(paper_id, version)

    async def _one(self, paper_id: PaperId, version: int | None) -> Paper:
        if paper_id.scheme != "arxiv" or not _ID.fullmatch(paper_id.value):
            raise PaperNotFound(
                gettext_lazy("arXiv does not have {paper}.", paper=str(paper_id)),
                hint=gettext_lazy("arXiv has papers with arXiv ids only, such as 2004.15011."),
            )
        wanted = Wanted(paper_id, version)
        paper = await self._batches.find(wanted)
        if paper is None:
            raise PaperNotFound(gettext_lazy("arXiv does not have {paper}.", paper=wanted))
        return paper

    async def _many(self, wanted: Sequence[Wanted]) -> Found:
        params = {"id_list": ",".join(map(str, wanted)), "max_results": str(len(wanted))}
        return await self._ask(params, SHORT)

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return the papers that contain every word; words in quotes are matched as a phrase."""
        return await self._search(search_terms(words), limit)

    async def search_fields(self, asked: FieldSearch, limit: int) -> tuple[Paper, ...]:
        """Return the papers that meet what is asked for, and some that nearly do."""
        return await self._search(field_terms(asked), limit)

    async def _search(self, terms: str, limit: int) -> tuple[Paper, ...]:
        if not terms or limit < 1:
            return ()
        params = {"search_query": terms, "max_results": str(min(limit, _PAGE_SIZE)), "sortBy": "relevance"}
        found = await self._ask(params, SHORT)
        if found.error:
            raise SourceRefused(
                gettext_lazy("arXiv does not understand the search: {why}.", why=found.error),
                hint=gettext_lazy("Use plain words."),
            )
        return unique(found.papers)[:limit]

    async def submitted(self, category: str, first: datetime, last: datetime) -> tuple[tuple[Paper, ...], bool]:
        """Return a category's papers submitted in a period, newest first, and whether the list is complete."""
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
                raise SourceRefused(
                    gettext_lazy("arXiv does not know {category}: {why}.", category=category, why=found.error)
                )
            papers += found.papers
            # Continues after the entries received, not after those requested: some pages are shorter than requested.
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
            raise SourceRefused(gettext_lazy("arXiv refused the query: HTTP {status}.", status=page.status))
        return read_query(page.body, _SPEC)


def _whole(page: Page, start: int) -> bool:
    """Return whether a response is complete: arXiv has sent blank bodies and pages without entries for years."""
    if not is_feed(page):
        return False
    if page.status != _OK:
        return True
    try:
        found = read_query(page.body, _SPEC)
    except SourceRefused:
        return True  # The response is permanently unreadable; the caller that parses it raises the error.
    return bool(found.entries or found.error or found.total <= start)
