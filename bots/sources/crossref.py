"""Crossref: look-up by DOI, and what any journal published, by its ISSN."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar
from urllib.parse import quote

from bots.config.source_descriptions import HostPace, SourceDescription
from bots.config.values import Setting, address
from bots.domain.errors import PaperNotFound, SettingsError, SourceRefused
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import unique
from bots.ports import SourceQuery
from bots.sources.context import SourceContext
from bots.sources.page_answers import json_of, unknown_shape
from bots.sources.reading.dates import day
from bots.sources.reading.records import paper_of
from bots.sources.reading.result import Reading
from bots.sources.web import LONG, SHORT, Page, Web
from bots.translation.formats import sentences_lazy
from bots.translation.speech import gettext_lazy, ngettext_lazy

API = "https://api.crossref.org"
_NAME = "Crossref"
_NOT_FOUND = 404
#: Works on a page, each with up to 100 KB of references, which the parameter `select` cannot leave out by name.
_ROWS, _LIMIT = 100, 20 * 1024 * 1024
_ISSN = re.compile(r"(\d{4})-?(\d{3}[\dXx])", re.ASCII)
_HEADING = re.compile(r"^<jats:title>\s*(?:abstract|summary)\s*</jats:title>\s*", re.IGNORECASE)
#: What is no paper among a journal's works: its issues and titles, parts of a paper, reviews of it.
_NO_PAPERS = frozenset({"journal", "journal-issue", "journal-volume", "component", "peer-review", "grant"})


class Crossref:
    """The register of DOIs of most publishers, as a library and as the list of a journal."""

    name = _NAME
    #: Not by words: its search is one for references, without a sense for what a paper is about.
    searched: ClassVar[bool] = False
    description: ClassVar[SourceDescription] = SourceDescription(
        title=_NAME,
        says="what a journal registered on a day, by its ISSN",
        argument="The ISSN of a journal, such as 1476-4687.",
        usage="crossref:ISSN",
        examples=("crossref:1476-4687", "crossref:0140-6736", "crossref:1533-4406"),
        captions={
            "crossref:1476-4687": "Nature",
            "crossref:0140-6736": "The Lancet",
            "crossref:1533-4406": "New England Journal of Medicine",
        },
        # Of the polite pool, for clients that state an address: 10 requests a second, 3 at a time; lists less.
        hosts=(HostPace(host="api.crossref.org", every=0.5),),
        settings=(Setting(name="crossref", default=API, says="The address of Crossref's API.", read=address),),
        is_library=True,
        rank=50,
        offered=False,
        wants_contact=True,
        terms="Metadata of Crossref, which are facts and free. Abstracts belong to their publishers; Paperwire shows a "
        "few sentences of each.",
    )

    def __init__(self, issn: str, web: Web, base: str = API, *, contact: str = "") -> None:
        self.spec = f"crossref:{issn}" if issn else "crossref"
        self._issn, self._web, self._base = issn, web, base
        self._own = {"mailto": contact} if contact else {}

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> "Crossref":
        """Return the source of `crossref:ISSN`. A bare `crossref` is a library only.

        Raises:
            SettingsError: the argument is no ISSN.
        """
        written = argument.strip()
        found = _ISSN.fullmatch(written)
        if written and found is None:
            raise SettingsError(
                gettext_lazy("“{text}” is no ISSN.", text=written[:40]),
                hint=gettext_lazy("Write crossref:1476-4687; a journal's page names its ISSN."),
            )
        issn = f"{found[1]}-{found[2].upper()}" if found else ""
        return cls(issn, context.web, context.address("crossref"), contact=context.contact)

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return what the journal registered on the day, the latest first."""
        if not self._issn:
            raise SourceRefused(
                gettext_lazy("Crossref needs the ISSN of a journal."), hint=gettext_lazy("Write crossref:1476-4687.")
            )
        asked = ask.day.isoformat()
        params = {
            "filter": f"from-created-date:{asked},until-created-date:{asked}",
            "rows": str(min(ask.limit, _ROWS)),
            "sort": "created",
            "order": "desc",
            **self._own,
        }
        page = await self._get(f"/journals/{self._issn}/works", params, LONG)
        if page.status == _NOT_FOUND:
            raise SourceRefused(
                gettext_lazy("Crossref knows no journal with the ISSN {issn}.", issn=self._issn),
                hint=gettext_lazy("Check the number."),
            )
        items, total = _listed(json_of(page, _NAME))
        papers, skipped = self._of_day(items, ask.day)
        return self._harvest(unique(tuple(papers))[: ask.limit], skipped, total - len(items), ask.day)

    def _of_day(self, items: list[Any], wanted: date) -> tuple[list[Paper], list[str]]:
        papers: list[Paper] = []
        skipped: list[str] = []
        for number, item in enumerate(items, start=1):
            paper = _paper(item, self.spec)
            if isinstance(item, dict) and item.get("type") in _NO_PAPERS:
                continue
            if paper is None:
                skipped.append(gettext_lazy("item {place} (no title)", place=number))
            elif (registered := day(_created(item))) not in (None, wanted):
                skipped.append(f"item {number} (of {registered})")
            else:
                papers.append(replace(paper, announced=wanted))
        return papers, skipped

    def _harvest(self, papers: tuple[Paper, ...], skipped: list[str], more: int, wanted: date) -> Harvest:
        trouble = Reading(skipped=tuple(skipped)).trouble
        if more > 0:
            said = ngettext_lazy(
                "Crossref has {number} more of this day.", "Crossref has {number} more of this day.", more
            )
            trouble = sentences_lazy(said, trouble)
        if papers:
            state = Freshness.PARTIAL if trouble else Freshness.FRESH
            return Harvest(source=self.spec, papers=papers, state=state, note=trouble)
        if skipped:
            raise SourceRefused(
                gettext_lazy(
                    "The answer of Crossref has no article of {day}. {trouble}", day=wanted.isoformat(), trouble=trouble
                )
            )
        note = gettext_lazy(
            "Crossref has nothing that the journal {issn} registered on {day} (yet).",
            issn=self._issn,
            day=wanted.isoformat(),
        )
        return Harvest(source=self.spec, state=Freshness.EMPTY, note=note)

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the article with a DOI. The DOIs of arXiv are in another register."""
        if paper_id.scheme != "doi":
            raise PaperNotFound(
                gettext_lazy("{source} does not have {paper}.", source=_NAME, paper=str(paper_id)),
                hint=gettext_lazy("It knows papers by their DOI."),
            )
        page = await self._get(f"/works/{quote(paper_id.value, safe='')}", self._own, SHORT)
        if page.status == _NOT_FOUND:  # a plain text
            raise PaperNotFound(gettext_lazy("{source} does not have {paper}.", source=_NAME, paper=str(paper_id)))
        answer = json_of(page, _NAME)
        paper = _paper(answer.get("message") if isinstance(answer, dict) else None, self.spec)
        if paper is None:
            raise unknown_shape(_NAME)
        if paper_id not in paper.names:
            raise SourceRefused(
                gettext_lazy("{source} answered with another paper than {paper}.", source=_NAME, paper=str(paper_id))
            )
        return paper

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return the works whose reference has the words."""
        asked = " ".join(words.split())[:200]
        if not re.search(r"\w", asked) or limit < 1:
            return ()
        params = {"query.bibliographic": asked, "rows": str(min(limit, _ROWS)), **self._own}
        items, _ = _listed(json_of(await self._get("/works", params, SHORT), _NAME))
        papers = (_paper(item, self.spec) for item in items)
        return unique(tuple(paper for paper in papers if paper is not None))[:limit]

    async def _get(self, path: str, params: Mapping[str, str], patience: float) -> Page:
        return await self._web.get(
            f"{self._base}{path}", params=params, accept="application/json", patience=patience, limit=_LIMIT
        )


def _paper(item: Any, source: str) -> Paper | None:
    paper = paper_of(item, source)
    # Abstracts are JATS, in which a dollar is money, and whose first title says what the whole is.
    return None if paper is None else replace(paper, abstract=_HEADING.sub("", paper.abstract), dollar_math=False)


def _created(item: Any) -> object:
    held = item.get("created") if isinstance(item, dict) else None
    return held.get("date-time") or held if isinstance(held, dict) else None


def _listed(answer: Any) -> tuple[list[Any], int]:
    message = answer.get("message") if isinstance(answer, dict) else None
    items = message.get("items") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(items, list):
        raise unknown_shape(_NAME)
    total = message.get("total-results")
    return items, total if isinstance(total, int) else len(items)
