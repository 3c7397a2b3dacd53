"""OpenAlex: look-up by DOI and by PubMed's numbers, citations, and the works of a day about something."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import quote

from bots.config.source_descriptions import HostPace, SourceDescription
from bots.config.values import Setting, address, key
from bots.domain.errors import PaperNotFound, SettingsError, SourceRefused
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import unique
from bots.ports import SourceQuery
from bots.sources.context import SourceContext
from bots.sources.page_answers import json_of, unknown_shape
from bots.sources.reading.ids import page_url, ref
from bots.sources.reading.records import read_records
from bots.sources.reading.result import Reading
from bots.sources.web import LONG, SHORT, Page, Web
from bots.translation.speech import gettext_lazy, gettext_noop
from summarizer import Secret

API = "https://api.openalex.org"
_NAME = "OpenAlex"
_NOT_FOUND = 404
#: A page of the list; 100 is what OpenAlex advises as the most.
_PAGE = 100
#: Pages of a day's list: each is paid from a small daily allowance.
_PAGES_MOST = 3
_WORDS_MOST = 200
#: The fields that are read; a whole work has 50 KB.
_FIELDS = (
    "id,doi,ids,display_name,publication_date,authorships,abstract_inverted_index,primary_location,cited_by_count,"
    "is_retracted,keywords,type"
)
_ALSO_THERE = {"arxiv": "doi:10.48550/arxiv.{}", "doi": "doi:{}", "pmid": "pmid:{}"}


class OpenAlex:
    """The catalogue of all works, as a library and as a list of a day's works about something."""

    name = _NAME
    #: Not by words: each search is paid from a small daily allowance, which look-ups do not touch.
    searched: ClassVar[bool] = False
    description: ClassVar[SourceDescription] = SourceDescription(
        title=_NAME,
        says="the works of all fields that came out on a day and hold some words",
        argument="Words that title or abstract hold, such as protein folding.",
        usage="openalex:WORDS",
        examples=("openalex:protein folding",),
        captions={"openalex:protein folding": gettext_noop("works of all publishers")},
        # Prices, not a pace, are the limit: 1,000 lists a day without a key (developers.openalex.org, 2026-02).
        hosts=(HostPace(host="api.openalex.org", every=0.2),),
        settings=(
            Setting(name="openalex", default=API, says="The address of OpenAlex's API.", read=address),
            Setting(
                name="openalex_key",
                default="",
                says="Your own key of OpenAlex, which is free and allows ten times as many lists a day.",
                read=key,
                secret=True,
            ),
        ),
        is_library=True,
        rank=60,
        offered=False,
        terms="Data of OpenAlex, CC0.",
    )

    def __init__(self, words: str, web: Web, base: str = API, *, api_key: str = "") -> None:
        self.spec = f"openalex:{words}" if words else "openalex"
        self._words, self._web, self._base = words, web, base
        self._own = {"api_key": api_key} if api_key else {}

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> "OpenAlex":
        """Return the source of `openalex:WORDS`. A bare `openalex` is a library only.

        Raises:
            SettingsError: the words are too many, or hold signs that mean something in a filter.
        """
        words = " ".join(argument.split())
        if len(words) > _WORDS_MOST or set(words) & set(",|:!"):
            raise SettingsError(
                gettext_lazy("OpenAlex cannot search for “{text}”.", text=words[:40]),
                hint=gettext_lazy("Write plain words: openalex:protein folding."),
            )
        held = context.settings.get("openalex_key")
        return cls(
            words, context.web, context.address("openalex"), api_key=held.reveal() if isinstance(held, Secret) else ""
        )

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the works with the words that are dated on the day, the most relevant first."""
        if not self._words:
            raise SourceRefused(
                gettext_lazy("OpenAlex needs words to search for."),
                hint=gettext_lazy("Write openalex:protein folding."),
            )
        day = ask.day.isoformat()
        filters = f"from_publication_date:{day},to_publication_date:{day},title_and_abstract.search:{self._words}"
        papers: list[Paper] = []
        skipped: list[str] = []
        for number in range(1, _PAGES_MOST + 1):
            params = {"filter": filters, "per_page": str(_PAGE), "page": str(number), "select": _FIELDS, **self._own}
            records, total = _listed(await self._ask("/works", params, LONG))
            reading = self._read(records)
            of_day = [paper for paper in reading.papers if paper.published and paper.published.date() == ask.day]
            skipped += [*reading.skipped, *["a work of another day"] * (len(reading.papers) - len(of_day))]
            papers += of_day
            if number * _PAGE >= total or len(papers) >= ask.limit or not records:
                break
        listed = tuple(replace(paper, announced=ask.day) for paper in unique(tuple(papers)))[: ask.limit]
        trouble = Reading(skipped=tuple(skipped)).trouble
        if not listed and trouble:
            raise SourceRefused(
                gettext_lazy("The answer of OpenAlex has no work of {day}. {trouble}", day=day, trouble=trouble)
            )
        if not listed:
            note = gettext_lazy("OpenAlex has no work of {day} with these words (yet).", day=day)
            return Harvest(source=self.spec, state=Freshness.EMPTY, note=note)
        state = Freshness.PARTIAL if trouble else Freshness.FRESH
        return Harvest(source=self.spec, papers=listed, state=state, note=trouble)

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the work with a DOI, an arXiv id or a number of PubMed; it costs nothing of the day's allowance."""
        form = _ALSO_THERE.get(paper_id.scheme)
        if form is None:
            raise PaperNotFound(
                gettext_lazy("{source} does not have {paper}.", source=_NAME, paper=str(paper_id)),
                hint=gettext_lazy("It knows papers by DOI, arXiv id and PMID."),
            )
        path = f"/works/{quote(form.format(paper_id.value), safe=':/.')}"
        page = await self._get(path, {"select": _FIELDS, **self._own}, SHORT)
        if page.status == _NOT_FOUND:  # a page in HTML
            raise PaperNotFound(gettext_lazy("{source} does not have {paper}.", source=_NAME, paper=str(paper_id)))
        papers = self._read([json_of(page, _NAME)]).papers
        paper = next((each for each in papers if paper_id in each.names), None)
        if paper is None:
            raise SourceRefused(
                gettext_lazy("{source} answered with another paper than {paper}.", source=_NAME, paper=str(paper_id))
            )
        return paper

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return the works whose title or abstract hold the words."""
        asked = " ".join("".join(" " if sign in ",|:!" else sign for sign in words).split())[:_WORDS_MOST]
        if not asked or limit < 1:
            return ()
        params = {
            "filter": f"title_and_abstract.search:{asked}",
            "per_page": str(min(limit, _PAGE)),
            "select": _FIELDS,
            **self._own,
        }
        records, _ = _listed(await self._ask("/works", params, SHORT))
        return unique(self._read(records).papers)[:limit]

    async def _ask(self, path: str, params: Mapping[str, str], patience: float) -> Any:
        return json_of(await self._get(path, params, patience), _NAME)

    async def _get(self, path: str, params: Mapping[str, str], patience: float) -> Page:
        return await self._web.get(f"{self._base}{path}", params=params, accept="application/json", patience=patience)

    def _read(self, records: list[Any]) -> Reading:
        reading = read_records(map(_without_own_id, records), self.spec)
        return replace(reading, papers=tuple(map(_read_well, reading.papers, map(_pmid, records))))


def _without_own_id(record: Any) -> Any:
    """Return a record without OpenAlex's own number, which nobody looks a paper up by."""
    return {name: value for name, value in record.items() if name != "id"} if isinstance(record, dict) else record


def _pmid(record: Any) -> PaperId | None:
    ids = record.get("ids") if isinstance(record, dict) else None
    found = ref(ids.get("pmid")) if isinstance(ids, dict) else None
    return found.id if found and found.id.scheme == "pmid" else None


def _read_well(paper: Paper, pmid: PaperId | None) -> Paper:
    """Return a paper with its number in PubMed; the dates of preprints here are those of the year's first day."""
    aliases = paper.aliases | ({pmid} if pmid else set())
    return replace(
        paper, aliases=frozenset(aliases - {paper.id}), url=paper.url or page_url(paper.id), dollar_math=False
    )


def _listed(answer: Any) -> tuple[list[Any], int]:
    records = answer.get("results") if isinstance(answer, dict) else None
    meta = answer.get("meta") if isinstance(answer, dict) else None
    if not isinstance(records, list) or not isinstance(meta, dict):
        raise unknown_shape(_NAME)
    total = meta.get("count")
    return records, total if isinstance(total, int) else len(records)
