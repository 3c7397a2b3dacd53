"""PubMed by NCBI's E-utilities: what entered it on a day and matches a query, look-up and search."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, ClassVar

from bots.config.source_descriptions import HostPace, SourceDescription
from bots.config.values import Setting, address, key, one_of
from bots.domain.errors import PaperNotFound, SettingsError, SourceDown, SourceRefused
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import unique
from bots.ports import SourceQuery
from bots.sources.context import SourceContext
from bots.sources.page_answers import check_status, json_of, unknown_shape
from bots.sources.reading.pubmed_xml import entered, read_pubmed
from bots.sources.reading.values import count, text, texts
from bots.sources.web import LONG, SHORT, Page, Web
from bots.translation.formats import sentences_lazy
from bots.translation.speech import gettext_lazy, gettext_noop
from summarizer import Secret

API = "https://eutils.ncbi.nlm.nih.gov"
_NAME = "PubMed"
_TOOL = "paperwire"
#: Articles for one request: each has 20 to 50 KB with the list of what it cites.
_BATCH = 100
_BATCH_LIMIT = 20 * 1024 * 1024
#: A query that brings more a day is too wide for a digest.
_MOST = 500
#: Characters: a spec is part of messages and buttons of chats, so it is shorter than what PubMed takes.
_QUERY_MOST = 500
#: Days between the one on which an article is said to have entered PubMed and the one in its record: time zones.
_TOLERANCE = timedelta(days=2)
_PMID = re.compile(r"[1-9]\d{0,8}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Hits:
    """The numbers of the articles that a query found, how many there are, and what PubMed remarks."""

    pmids: tuple[str, ...]
    total: int
    remark: str = ""


class PubMed:
    """The articles that entered PubMed on a day and match a query."""

    name = _NAME
    description: ClassVar[SourceDescription] = SourceDescription(
        title=_NAME,
        says="what entered PubMed on a day and matches a query in PubMed's own words",
        argument="A query as PubMed has it, such as crispr[tiab] AND humans[mh].",
        usage="pubmed:QUERY",
        examples=(
            "pubmed:crispr",
            "pubmed:neoplasms[mh] AND clinical trial[pt]",
        ),
        captions={
            "pubmed:crispr": "CRISPR",
            "pubmed:neoplasms[mh] AND clinical trial[pt]": gettext_noop("trials on cancer"),
        },
        # Three requests a second without a key: ncbi.nlm.nih.gov/books/NBK25497. NCBI answers 429 beyond that.
        hosts=(HostPace(host="eutils.ncbi.nlm.nih.gov", every=0.35),),
        settings=(
            Setting(name="pubmed", default=API, says="The address of NCBI's E-utilities.", read=address),
            Setting(
                name="pubmed_key",
                default="",
                says="Your own key of NCBI, from the settings of an account there; it is optional.",
                read=key,
                secret=True,
            ),
            Setting(
                name="pubmed_search",
                default="no",
                says="Whether a search by words in a chat asks PubMed, too: yes or no. Look-ups by id always do.",
                read=one_of("no", "yes"),
            ),
        ),
        is_library=True,
        rank=40,
        wants_contact=True,
        terms="Courtesy of the U.S. National Library of Medicine, which does not endorse this program. Abstracts "
        "belong to their publishers; Paperwire shows a few sentences of each and links to PubMed.",
    )

    def __init__(
        self, query: str, web: Web, base: str = API, *, api_key: str = "", contact: str = "", searched: bool = True
    ) -> None:
        self.spec = f"pubmed:{query}" if query else "pubmed"
        self.searched = searched
        self._query = query
        self._web = web
        self._base = base
        own = {"tool": _TOOL, "email": contact, "api_key": api_key}
        self._own = {name: value for name, value in own.items() if value}

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> "PubMed":
        """Return the source of `pubmed:QUERY`. A bare `pubmed` is a library only.

        Raises:
            SettingsError: the query is too long, or has no word.
        """
        query = " ".join(argument.split())
        if len(query) > _QUERY_MOST:
            raise SettingsError(
                gettext_lazy("A query of PubMed has at most {most} characters here.", most=_QUERY_MOST),
                hint=gettext_lazy("Shorten it."),
            )
        if query and not re.search(r"\w", query):
            raise SettingsError(
                gettext_lazy("PubMed cannot search for “{text}”.", text=query[:40]),
                hint=gettext_lazy("Write pubmed:crispr[tiab]."),
            )
        held = context.settings.get("pubmed_key")
        secret = held.reveal() if isinstance(held, Secret) else ""
        return cls(
            query,
            context.web,
            context.address("pubmed"),
            api_key=secret,
            contact=context.contact,
            searched=context.settings.get("pubmed_search") == "yes",
        )

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the articles that entered PubMed on the day, the most relevant for the query first."""
        if not self._query:
            raise SourceRefused(
                gettext_lazy("PubMed needs a query."), hint=gettext_lazy("Write pubmed:crispr[tiab] AND humans[mh].")
            )
        day = f"{ask.day:%Y/%m/%d}"
        within = {"datetype": "edat", "mindate": day, "maxdate": day, "sort": "relevance"}
        hits = await self._find(self._query, min(ask.limit, _MOST), within, LONG)
        if not hits.pmids:
            none = gettext_lazy("PubMed has no article of {day} for this query (yet).", day=ask.day.isoformat())
            note = sentences_lazy(none, hits.remark)
            return Harvest(source=self.spec, state=Freshness.EMPTY, note=note)
        papers, trouble = await self._whole(hits.pmids, ask.day)
        if hits.total > len(hits.pmids):
            trouble.append(
                gettext_lazy(
                    "PubMed has {given} for this query; these are the first {number}.",
                    given=hits.total,
                    number=len(hits.pmids),
                )
            )
        trouble += [hits.remark] if hits.remark else []
        listed = tuple(replace(paper, announced=ask.day) for paper in unique(tuple(papers)))
        if not listed:
            raise SourceRefused(
                gettext_lazy(
                    "PubMed sent none of the {number} articles that it named. {trouble}",
                    number=len(hits.pmids),
                    trouble=sentences_lazy(*trouble),
                )
            )
        state = Freshness.PARTIAL if trouble else Freshness.FRESH
        return Harvest(source=self.spec, papers=listed[: ask.limit], state=state, note=sentences_lazy(*trouble))

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the article with a number of PubMed or PubMed Central, or with a DOI."""
        pmids: tuple[str, ...]
        if paper_id.scheme == "pmid":
            pmids = (paper_id.value,) if _PMID.fullmatch(paper_id.value) else ()
        elif paper_id.scheme in ("doi", "pmcid"):
            field = "doi" if paper_id.scheme == "doi" else "pmcid"
            pmids = (await self._find(f"{_quoted(paper_id.value)}[{field}]", 3, {}, SHORT)).pmids
        else:
            raise PaperNotFound(
                gettext_lazy("{source} does not have {paper}.", source=_NAME, paper=str(paper_id)),
                hint=gettext_lazy("It has articles of medicine and biology."),
            )
        found = await self._fetch(pmids, SHORT) if pmids else ()
        # PubMed searches on without what it does not know, and finds others.
        paper = next((each for each in found if paper_id in each.names), None)
        if paper is None:
            raise PaperNotFound(gettext_lazy("{source} does not have {paper}.", source=_NAME, paper=str(paper_id)))
        return paper

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return the articles that PubMed finds for some words, in its order of relevance."""
        asked = " ".join(words.split())[:200]
        if not re.search(r"\w", asked) or limit < 1:
            return ()
        hits = await self._find(asked, min(limit, _BATCH), {"sort": "relevance"}, SHORT)
        return unique(await self._fetch(hits.pmids, SHORT))[:limit] if hits.pmids else ()

    async def _whole(self, pmids: Sequence[str], day: date) -> tuple[list[Paper], list[str]]:
        """Return the articles with these numbers, and sentences about those that are missing or of another day."""
        papers: list[Paper] = []
        trouble: list[str] = []
        other = 0
        for start in range(0, len(pmids), _BATCH):
            wanted = pmids[start : start + _BATCH]
            try:
                page = await self._fetch_page(wanted, LONG)
            except (SourceDown, SourceRefused) as error:
                if not papers:
                    raise
                trouble.append(
                    gettext_lazy("Only the first {number} articles could be read: {why}", number=len(papers), why=error)
                )
                break
            found, days = await asyncio.to_thread(self._read, page, wanted)
            kept = [paper for pmid, paper in found.items() if abs(days.get(pmid, day) - day) <= _TOLERANCE]
            other += len(found) - len(kept)
            papers += kept
            missing = len(wanted) - len(found)
            if missing:
                trouble.append(
                    gettext_lazy("PubMed did not send {number} of {given} articles.", number=missing, given=len(wanted))
                )
        if other:
            trouble.append(
                gettext_lazy("PubMed named {number} articles of another day, which are left out.", number=other)
            )
        return papers, trouble

    def _read(self, page: Page, wanted: Sequence[str]) -> tuple[Mapping[str, Paper], Mapping[str, date]]:
        read = {name.value: paper for paper in read_pubmed(page.body, self.spec) for name in _records(paper)}
        return {pmid: read[pmid] for pmid in wanted if pmid in read}, entered(page.body)

    async def _fetch(self, pmids: Sequence[str], patience: float) -> tuple[Paper, ...]:
        page = await self._fetch_page(pmids, patience)
        return tuple((await asyncio.to_thread(self._read, page, pmids))[0].values())

    async def _fetch_page(self, pmids: Sequence[str], patience: float) -> Page:
        params = {"db": "pubmed", "retmode": "xml", "id": ",".join(pmids), **self._own}
        page = await self._web.get(
            f"{self._base}/entrez/eutils/efetch.fcgi",
            params=params,
            accept="application/xml, text/xml",
            patience=patience,
            limit=_BATCH_LIMIT,
            whole=_is_xml,
        )
        check_status(page, _NAME)
        return page

    async def _find(self, term: str, most: int, more: Mapping[str, str], patience: float) -> _Hits:
        params = {"db": "pubmed", "retmode": "json", "term": term, "retmax": str(most), **more, **self._own}
        page = await self._web.get(
            f"{self._base}/entrez/eutils/esearch.fcgi", params=params, accept="application/json", patience=patience
        )
        return _hits(json_of(page, _NAME))


def _quoted(value: str) -> str:
    return '"' + value.replace('"', "") + '"'


def _records(paper: Paper) -> list[PaperId]:
    return [name for name in paper.names if name.scheme == "pmid"]


def _is_xml(page: Page) -> bool:
    """Return whether an answer is whole: an overloaded server sends pages and blank bodies with the status 200."""
    body = page.body.strip()
    return page.status >= 300 or (body.startswith(b"<?xml") and body.endswith(b"Set>"))


def _hits(answer: Any) -> _Hits:
    """Return what a search found.

    Raises:
        SourceRefused: PubMed does not understand the query, or answers in another format.
    """
    result = answer.get("esearchresult") if isinstance(answer, dict) else None
    if not isinstance(result, dict):
        raise unknown_shape(_NAME)
    if said := text(result.get("ERROR") or answer.get("error"), 200):
        raise SourceRefused(
            gettext_lazy("PubMed does not understand the query: {why}.", why=said),
            hint=gettext_lazy("Try it on pubmed.ncbi.nlm.nih.gov."),
        )
    numbers = result.get("idlist")
    if not isinstance(numbers, list):
        raise unknown_shape(_NAME)
    pmids = tuple(dict.fromkeys(each for each in numbers if isinstance(each, str) and _PMID.fullmatch(each)))
    return _Hits(pmids=pmids, total=count(result.get("count")) or len(pmids), remark=_remark(result))


def _remark(result: Mapping[str, Any]) -> str:
    """Return what PubMed left out of a query because it does not know it; it then searches for the rest."""
    lists = (part for part in (result.get("errorlist"), result.get("warninglist")) if isinstance(part, dict))
    keys = ("phrasesnotfound", "fieldsnotfound", "quotedphrasesnotfound")
    said = [word for part in lists for name in keys for word in texts(part.get(name))]
    return gettext_lazy("PubMed does not know {words} and searched without.", words=", ".join(said[:3])) if said else ""
