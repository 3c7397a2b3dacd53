"""bioRxiv and medRxiv: the preprints that each posted on a day, and look-up by DOI."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Self
from urllib.parse import quote

from bots.config.source_descriptions import HostPace, SourceDescription
from bots.config.values import Setting, address
from bots.domain.errors import PaperNotFound, SettingsError, SourceDown, SourceRefused
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import unique
from bots.ports import SourceQuery
from bots.sources.context import SourceContext
from bots.sources.page_answers import json_of, unknown_shape
from bots.sources.reading.authors import names
from bots.sources.reading.dates import day, instant
from bots.sources.reading.ids import page_url, ref
from bots.sources.reading.records import says_withdrawn
from bots.sources.reading.result import Reading
from bots.sources.reading.values import TITLE_LIMIT, count, text, texts
from bots.sources.web import LONG, SHORT, Web
from bots.translation.formats import sentences_lazy
from bots.translation.speech import gettext_lazy, gettext_noop

API = "https://api.biorxiv.org"
#: 30 papers a page (seen in July 2026; older documents say 100); a busy day has 400 versions.
_PAGES_MOST = 60
#: Older preprints have the first prefix, those since 2025 the second.
_PREFIXES = ("10.1101/", "10.64898/")
#: "neuroscience", "cell biology"; the API wants an underscore for a space.
_CATEGORY = re.compile(r"[a-z]+(?:[ _-][a-z]+){0,5}")
_NOTHING = "no posts found"


def _described(name: str, title: str, categories: Mapping[str, str]) -> SourceDescription:
    return SourceDescription(
        title=title,
        says=f"the new preprints of {title}, all or of one category",
        argument="A category, such as neuroscience or cell_biology; without one, all of them.",
        usage=f"{name}[:CATEGORY]",
        examples=(name, *(f"{name}:{category}" for category in categories)),
        captions={f"{name}:{category}": caption for category, caption in categories.items()},
        # No limit is published. Both servers have one host.
        hosts=(HostPace(host="api.biorxiv.org", every=1.0),),
        settings=(
            Setting(name="biorxiv", default=API, says="The address of the API of bioRxiv and medRxiv.", read=address),
        ),
        is_library=True,
        # After arXiv, whose ids it does not know; before the indexes, which have its papers a day later.
        rank=30,
        terms="Each preprint has a licence of its own; Paperwire quotes a few sentences and links to it.",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Page:
    """One page of a day's list: its records, and the length of the whole list."""

    records: Sequence[Any]
    total: int


class Biorxiv:
    """The preprints of bioRxiv, all or of one category."""

    name: ClassVar[str] = "bioRxiv"
    #: Not by words: the API has no search.
    searched: ClassVar[bool] = False
    #: The name of the server in the API.
    server: ClassVar[str] = "biorxiv"
    description: ClassVar[SourceDescription] = _described(
        "biorxiv",
        "bioRxiv",
        # A menu of a chat has 25 places for all sources together.
        {
            "neuroscience": gettext_noop("neuroscience"),
            "bioinformatics": gettext_noop("bioinformatics"),
            "cell_biology": gettext_noop("cell biology"),
        },
    )

    def __init__(self, category: str, web: Web, base: str = API) -> None:
        self.spec = f"{self.server}:{category}" if category else self.server
        self._category, self._web, self._base = category, web, base

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> Self:
        """Return the source of a category, or of all of them without an argument.

        Raises:
            SettingsError: the argument does not have the form of a category.
        """
        category = argument.strip().lower()
        if category and not _CATEGORY.fullmatch(category):
            raise SettingsError(
                gettext_lazy("{source} has no category “{text}”.", source=cls.name, text=argument.strip()[:40]),
                hint=gettext_lazy("Write {form}.", form=f"{cls.server}:cell_biology"),
            )
        return cls(re.sub("[ -]", "_", category), context.web, context.address("biorxiv"))

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the first versions that were posted on the day, in the order of the API."""
        papers: list[Paper] = []
        skipped: list[str] = []
        place, trouble = 0, ""
        for _ in range(_PAGES_MOST):
            try:
                page = await self._page(ask.day, place)
            except (SourceDown, SourceRefused) as error:
                if place == 0:
                    raise
                trouble = gettext_lazy("Only the first {number} papers could be read: {why}", number=place, why=error)
                break
            for number, record in enumerate(page.records, start=place + 1):
                read = self._new(record, number, ask.day)
                papers += [read] if isinstance(read, Paper) else []
                skipped += [read] if isinstance(read, str) else []
            # By what came, not by what a page should have: both 30 and 100 are documented.
            place += len(page.records)
            if not page.records or place >= page.total or len(papers) >= ask.limit:
                break
        return self._harvest(unique(tuple(papers))[: ask.limit], skipped, trouble, ask.day)

    def _harvest(self, papers: tuple[Paper, ...], skipped: Sequence[str], trouble: str, day: date) -> Harvest:
        said = sentences_lazy(trouble, Reading(skipped=tuple(skipped)).trouble)
        if papers:
            state = Freshness.PARTIAL if said else Freshness.FRESH
            return Harvest(source=self.spec, papers=papers, state=state, note=said)
        if said:
            raise SourceRefused(
                gettext_lazy(
                    "The answer of {source} has no preprint of {day}. {why}",
                    source=self.name,
                    day=day.isoformat(),
                    why=said,
                )
            )
        note = gettext_lazy("{source} has posted nothing new for {day}.", source=self.name, day=day.isoformat())
        if self._category:
            note = gettext_lazy(
                "{source} has posted nothing new in {category} for {day}.",
                source=self.name,
                category=self._category.replace("_", " "),
                day=day.isoformat(),
            )
        return Harvest(source=self.spec, state=Freshness.EMPTY, note=note)

    def _new(self, record: Any, number: int, day: date) -> Paper | str | None:
        """Return the preprint of a record, or why it is left out; None for a later version of one."""
        paper = self._paper(record)
        if paper is None:
            return gettext_lazy("item {place} (no title or DOI)", place=number)
        if paper.announced != day:
            if not paper.announced:
                return gettext_lazy("item {place} (without a day)", place=number)
            return gettext_lazy("item {place} (of {day})", place=number, day=paper.announced.isoformat())
        return paper if paper.version == 1 else None

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the preprint with a DOI, in its latest version."""
        if paper_id.scheme != "doi" or not paper_id.value.startswith(_PREFIXES):
            raise PaperNotFound(
                gettext_lazy("{source} does not have {paper}.", source=self.name, paper=str(paper_id)),
                hint=gettext_lazy("It has preprints with its DOIs only."),
            )
        path = f"/details/{self.server}/{quote(paper_id.value, safe='/.')}/na/json"
        page = self._read(await self._ask(path, {}, SHORT))
        papers = [paper for record in page.records if (paper := self._paper(record)) and paper.id == paper_id]
        if not papers:
            raise PaperNotFound(gettext_lazy("{source} does not have {paper}.", source=self.name, paper=str(paper_id)))
        # The versions come in ascending order; the day of the first one is the paper's.
        return replace(papers[-1], published=papers[0].published)

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:  # noqa: ARG002 - the signature of a library
        """Return nothing: the API has no search by words."""
        return ()

    async def _page(self, day: date, place: int) -> _Page:
        params = {"category": self._category} if self._category else {}
        return self._read(await self._ask(f"/details/{self.server}/{day}/{day}/{place}/json", params, LONG))

    async def _ask(self, path: str, params: Mapping[str, str], patience: float) -> Any:
        page = await self._web.get(
            f"{self._base}{path}", params=params, accept="application/json", timeout=60.0, patience=patience
        )
        return json_of(page, self.name)

    def _read(self, answer: Any) -> _Page:
        """Return the records of an answer; one without posts has the status 200 too, and neither count nor total."""
        try:
            message, records = answer["messages"][0], answer["collection"]
        except (KeyError, IndexError, TypeError) as error:
            raise unknown_shape(self.name) from error
        if not isinstance(records, list) or not isinstance(message, dict):
            raise unknown_shape(self.name)
        if not records and message.get("status") not in (_NOTHING, "ok"):
            raise SourceRefused(
                gettext_lazy(
                    "{source} refused the request: {why}.",
                    source=self.name,
                    why=text(message.get("status"), 200) or "—",
                )
            )
        return _Page(records=records, total=count(message.get("total")) or 0)

    def _paper(self, record: Any) -> Paper | None:
        if not isinstance(record, dict):
            return None
        doi, title = ref(record.get("doi")), text(record.get("title"), TITLE_LIMIT)
        if doi is None or not title:
            return None
        abstract = text(record.get("abstract"))
        return Paper(
            id=doi.id,
            title=title,
            abstract=abstract,
            authors=names(record.get("authors")),
            published=instant(record.get("date")),
            day_known=True,
            announced=day(record.get("date")),
            url=page_url(doi.id),
            source=self.spec,
            categories=texts(record.get("category")),
            venue=self.name,
            version=count(record.get("version")),
            withdrawn=record.get("type") == "withdrawn" or says_withdrawn(title, "", abstract),
            # Its texts are those of its web pages: a dollar is a currency sign.
            dollar_math=False,
            aliases=_journal(record.get("published")),
        )


def _journal(value: object) -> frozenset[PaperId]:
    """Return the DOI of the journal's article; empty if there is none, which the API writes as "NA"."""
    found = ref(value)
    return frozenset({found.id}) if found else frozenset()


class Medrxiv(Biorxiv):
    """The preprints of medRxiv, all or of one category."""

    name = "medRxiv"
    server = "medrxiv"
    description = replace(
        _described("medrxiv", "medRxiv", {"epidemiology": gettext_noop("epidemiology")}),
        rank=31,
    )
