"""Hugging Face Papers: the lists of a day with votes, of a week and of a month, trending papers, look-up and search."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import ClassVar
from urllib.parse import quote

from bots.config.source_descriptions import HostPace, SourceDescription
from bots.config.values import Setting, address
from bots.domain.errors import PaperNotFound, SettingsError, SourceDown, SourceRefused
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import unique
from bots.ports import SourceQuery
from bots.sources.context import SourceContext
from bots.sources.reading.json_text import load_json
from bots.sources.reading.records import read_records
from bots.sources.reading.result import Reading
from bots.sources.reading.withdrawal import is_withdrawn
from bots.sources.web import LONG, SHORT, Page, Web
from bots.translation.speech import gettext_lazy, gettext_noop

BASE = "https://huggingface.co"
_NAME = "Hugging Face"
# The query parameter for each argument; the server accepts one at a time (huggingface_hub 2.4, list_daily_papers).
_LISTS: Mapping[str, str] = {"": "date", "daily": "date", "week": "week", "month": "month", "trending": "sort"}
_PAGE_SIZE = 100  # The server's maximum; its default of 50 would have truncated three days of 2025.
_PAGES_MOST = 20  # A month has about 500 papers.
_TRENDING_MOST = 100  # The list is endless, and only its first page is what most people read.
_SEARCH_MOST = 120
_OK, _BAD_REQUEST, _NOT_FOUND = 200, 400, 404
# Hugging Face uses only new-style ids: it has no math/0309136.
_ID = re.compile(r"\d{4}\.\d{4,5}")
_FRIDAY = 4


class HuggingFace:
    """The papers that people submit to huggingface.co/papers, as a source and a library."""

    name = _NAME
    description: ClassVar[SourceDescription] = SourceDescription(
        title=_NAME,
        says="Hugging Face's papers of the day; `huggingface:week`, `:month`, `:trending`",
        argument="week, month or trending; without it, the day's list.",
        usage="huggingface[:week|month|trending]",
        examples=("huggingface",),
        captions={"huggingface": gettext_noop("trending papers of the day")},
        # 500 requests in five minutes are allowed without a token: huggingface.co/docs/hub/rate-limits.
        hosts=(HostPace(host="huggingface.co", every=1.0),),
        settings=(
            Setting(
                name="huggingface",
                default=BASE,
                says="The address of Hugging Face papers: the site, or a mirror of it.",
                read=address,
            ),
        ),
        is_library=True,
        # Before arXiv: Hugging Face also provides votes and code.
        rank=10,
    )

    def __init__(self, kind: str, web: Web, base: str = BASE) -> None:
        self.spec = f"huggingface:{kind}" if kind else "huggingface"
        self._kind = kind
        self._web = web
        self._base = base

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> "HuggingFace":
        """Return the source of `huggingface`, `huggingface:week`, `huggingface:month` or `huggingface:trending`.

        Raises:
            SettingsError: there is no list of that name.
        """
        kind = argument.strip().lower()
        if kind not in _LISTS:
            raise SettingsError(
                gettext_lazy("Hugging Face has no list “{text}”.", text=argument.strip()[:40]),
                hint="Write “huggingface”, “huggingface:week”, “huggingface:month” or “huggingface:trending”.",
            )
        return cls("" if kind == "daily" else kind, context.web, context.address("huggingface"))

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the list of the day, or of its week or month; `trending` returns the current trend for any day."""
        papers: list[Paper] = []
        skipped: list[str] = []
        trouble = ""
        wanted = min(ask.limit, _TRENDING_MOST) if self._kind == "trending" else ask.limit
        for number in range(_PAGES_MOST):
            try:
                reading, more = await self._page(ask.day, number)
            except (SourceDown, SourceRefused) as error:
                if number == 0:
                    raise
                trouble = gettext_lazy(
                    "Only the first {number} papers could be read: {why}", number=len(papers), why=error
                )
                break
            papers += reading.papers
            skipped += reading.skipped
            if not more or len(papers) >= wanted:
                break
        listed = tuple(self._dated(paper, ask.day) for paper in unique(tuple(papers))[:wanted])
        return self._harvest(listed, trouble or Reading(skipped=tuple(skipped)).trouble, ask.day)

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the paper with an arXiv id, with its votes."""
        if paper_id.scheme != "arxiv" or not _ID.fullmatch(paper_id.value):
            raise PaperNotFound(
                gettext_lazy("{source} does not have {paper}.", source=_NAME, paper=str(paper_id)),
                hint=gettext_lazy("Hugging Face has arXiv papers from April 2007 on only."),
            )
        page = await self._get(f"/api/papers/{quote(paper_id.value, safe='')}", {}, patience=SHORT)
        if page.status == _NOT_FOUND:
            raise PaperNotFound(gettext_lazy("{source} does not have {paper}.", source=_NAME, paper=str(paper_id)))
        papers = self._read(_value(page), list_wanted=False).papers
        if not papers or papers[0].id != paper_id:
            raise SourceRefused(
                gettext_lazy("{source} answered with another paper than {paper}.", source=_NAME, paper=str(paper_id))
            )
        return papers[0]

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return the results of Hugging Face's search, in its order."""
        asked = " ".join(words.split())[:200]
        if not asked or limit < 1:
            return ()
        page = await self._get("/api/papers/search", {"q": asked, "limit": str(min(limit, _SEARCH_MOST))}, SHORT)
        return unique(self._read(_value(page)).papers)[:limit]

    async def _page(self, day: date, number: int) -> tuple[Reading, bool]:
        """Return one page of the list, and whether another page follows."""
        params = {**self._list(day), "limit": str(_PAGE_SIZE), "p": str(number)}
        page = await self._get("/api/daily_papers", params, LONG)
        if page.status == _BAD_REQUEST and self._kind != "trending" and b"date" in page.body.lower():
            # The server rejects dates for which it has no list: before May 2023, or in the future.
            return Reading(), False
        reading = self._read(_value(page))
        return reading, 'rel="next"' in page.headers.get("link", "")

    def _list(self, day: date) -> dict[str, str]:
        week = day.isocalendar()
        value = {
            "date": day.isoformat(),
            "week": f"{week.year}-W{week.week:02d}",
            "month": f"{day:%Y-%m}",
            "sort": "trending",
        }
        key = _LISTS[self._kind]
        return {key: value[key]}

    async def _get(self, path: str, params: Mapping[str, str], patience: float) -> Page:
        return await self._web.get(f"{self._base}{path}", params=params, accept="application/json", patience=patience)

    def _read(self, value: object, *, list_wanted: bool = True) -> Reading:
        if isinstance(value, dict) == list_wanted or not isinstance(value, (dict, list)):
            raise SourceRefused(
                gettext_lazy("{source} answered in an unknown format.", source=_NAME),
                hint=gettext_lazy("Paperwire may need an update."),
            )
        reading = read_records(value if isinstance(value, list) else [value], self.spec)
        known = tuple(map(_known, (paper for paper in reading.papers if paper.id.scheme == "arxiv")))
        strange = tuple(
            gettext_lazy("“{title}” (no id)", title=paper.title[:40])
            for paper in reading.papers
            if paper.id.scheme != "arxiv"
        )
        return Reading(papers=known, skipped=(*reading.skipped, *strange))

    def _dated(self, paper: Paper, day: date) -> Paper:
        """Return the paper with the day it was listed; the lists of 2024 do not state the day of each paper."""
        return replace(paper, announced=paper.announced or day) if self._kind == "" else paper

    def _harvest(self, papers: tuple[Paper, ...], trouble: str, day: date) -> Harvest:
        if papers:
            state = Freshness.PARTIAL if trouble else Freshness.FRESH
            return Harvest(source=self.spec, papers=papers, state=state, note=trouble)
        if trouble:
            raise SourceRefused(
                gettext_lazy("The answer of {source} has no readable papers. {trouble}", source=_NAME, trouble=trouble)
            )
        weekend = self._kind == "" and day.weekday() > _FRIDAY
        return Harvest(source=self.spec, state=Freshness.EMPTY, note=self._nothing(day), final=weekend)

    def _nothing(self, day: date) -> str:
        if self._kind == "trending":
            return gettext_lazy("{source} shows no trending papers.", source=_NAME)
        if self._kind:
            return gettext_lazy(_NOT_YET[self._kind], source=_NAME, day=day.isoformat())
        if day.weekday() > _FRIDAY:
            return gettext_lazy(
                "{source} lists nothing on Saturdays and Sundays; {day} is one.", source=_NAME, day=day.isoformat()
            )
        return gettext_lazy("{source} has no list of {day} (yet).", source=_NAME, day=day.isoformat())


def _known(paper: Paper) -> Paper:
    withdrawn = paper.withdrawn or is_withdrawn(title=paper.title, abstract=paper.abstract)
    return replace(paper, dollar_math=False, withdrawn=withdrawn)


def _value(page: Page) -> object:
    """Return the JSON value of a response.

    Raises:
        SourceDown: the response is a web page instead of data, as from a server under maintenance.
        SourceRefused: the status or the text indicates a permanent failure.
    """
    if page.status != _OK:
        raise SourceRefused(
            gettext_lazy("{source} refused the request: HTTP {status}.", source=_NAME, status=page.status),
            hint=_HINTS.get(page.status, ""),
        )
    try:
        return load_json(page.body)
    except ValueError as error:
        if not page.body.strip() or page.body.lstrip()[:1] == b"<":
            raise SourceDown(
                gettext_lazy("{source} answered with a web page instead of data.", source=_NAME)
            ) from error
        raise SourceRefused(
            gettext_lazy("{source} answered with unreadable data.", source=_NAME),
            hint=gettext_lazy("Paperwire may need an update."),
        ) from error


_NOT_YET: Mapping[str, str] = {
    "week": gettext_noop("{source} has no papers of the week of {day} yet."),
    "month": gettext_noop("{source} has no papers of the month of {day} yet."),
}
_HINTS: Mapping[int, str] = {
    401: gettext_lazy("It requires a sign-in; a proxy in between may be the cause."),
    403: gettext_lazy("It refuses this machine; a proxy in between may be the cause."),
}
