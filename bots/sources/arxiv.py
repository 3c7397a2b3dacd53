"""arXiv as a source: the announcements of its daily lists by category, and look-up and search."""

import asyncio
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import ClassVar

from bots.config.source_descriptions import HostPace, SourceDescription
from bots.config.values import Setting, address
from bots.domain.errors import SourceDown, SourceError, SourceRefused
from bots.domain.field_search import FieldSearch
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import unique
from bots.ports import SourceQuery
from bots.sources._arxiv_calendar import no_list, submitted_for
from bots.sources._arxiv_categories import HINT, read_categories
from bots.sources._arxiv_feed import Announced, read_feed
from bots.sources._arxiv_library import API, ArxivLibrary
from bots.sources._arxiv_page import read_page
from bots.sources.context import SourceContext
from bots.sources.reading.result import Reading, shortly_lazy
from bots.sources.reading.xml_tree import is_feed
from bots.sources.web import Web
from bots.translation.formats import clock_text, sentences_lazy, short_day
from bots.translation.speech import gettext, gettext_lazy, gettext_noop, ngettext_lazy

FEED = "https://rss.arxiv.org"
LIST = "https://arxiv.org"
# The size of a full feed: 2,000 items of 2.5 KB, and their markup.
_LIST_LIMIT = 10 * 1024 * 1024
# A day's list that consists of papers known from earlier days is the previous list with a new date, as in cs.AI on
# 2026-08-12; one in ten papers may be new by chance, for example after a category was added to the source.
_STALE_SHARE = 0.9
_OK, _BAD_REQUEST, _NOT_FOUND = 200, 400, 404
_NEW_ONLY = "!new"

# The categories that digests use most.
_AREAS = {
    "cs.CL": gettext_noop("language"),
    "cs.LG": gettext_noop("machine learning"),
    "cs.AI": gettext_noop("artificial intelligence"),
    "cs.CV": gettext_noop("vision"),
    "cs.RO": gettext_noop("robotics"),
    "cs.IR": gettext_noop("information retrieval"),
    "cs.HC": gettext_noop("human-computer interaction"),
    "cs.SE": gettext_noop("software engineering"),
    "cs.CR": gettext_noop("security"),
    "cs.NE": gettext_noop("neural computing"),
    "cs.SD": gettext_noop("sound"),
    "stat.ML": gettext_noop("statistical learning"),
    "eess.IV": gettext_noop("images and video"),
    "q-bio.QM": gettext_noop("quantitative methods in biology"),
    "quant-ph": gettext_noop("quantum physics"),
    "math.OC": gettext_noop("optimization"),
    "astro-ph.GA": gettext_noop("galaxies"),
}


def _host(name: str) -> HostPace:
    # One request every three seconds over one connection, for all of arXiv's hosts together:
    # info.arxiv.org/help/api/tou. arXiv also responds with 403 and 406 when it is busy (observed 2025-2026).
    return HostPace(host=name, every=3.0, operator="arXiv", busy=frozenset({403, 406}), backoff=30.0)


def _place(name: str, default: str, says: str) -> Setting:
    return Setting(name=name, default=default, says=says, read=address)


class Arxiv:
    """The daily lists of some categories, requested one at a time because arXiv allows one connection."""

    name = "arXiv"
    description: ClassVar[SourceDescription] = SourceDescription(
        title=name,
        says="arXiv's announcements in these categories",
        argument="Categories with + between them; with !new at the end, without cross-listed papers.",
        usage="arxiv:cs.CL+cs.LG",
        examples=tuple(f"arxiv:{area}" for area in _AREAS),
        captions={f"arxiv:{area}": caption for area, caption in _AREAS.items()},
        separator="+",
        hosts=tuple(map(_host, ("arxiv.org", "www.arxiv.org", "export.arxiv.org", "rss.arxiv.org"))),
        settings=(
            _place("arxiv_api", API, "The address of arXiv's query interface."),
            _place("arxiv_feed", FEED, "The address of arXiv's daily feeds."),
            _place("arxiv_list", LIST, "The address of arXiv's listing pages, which are read when a feed is stale."),
        ),
        is_library=True,
        rank=20,
        wants_contact=True,
    )

    def __init__(self, argument: str, web: Web, *, feed: str = FEED, pages: str = LIST, api: str = API) -> None:
        """Create the source without sending a request.

        Raises:
            SettingsError: the argument is not a list of categories.
        """
        self._categories = read_categories(argument.strip().removesuffix(_NEW_ONLY))
        self._only_new = argument.strip().endswith(_NEW_ONLY)
        named = "+".join(self._categories) + (_NEW_ONLY if self._only_new else "")
        self.spec = f"arxiv:{named}" if named else "arxiv"
        self._web = web
        self._feed_base, self._page_base = feed, pages
        self._library = ArxivLibrary(web, api)

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> "Arxiv":
        """Return the source of `arxiv:cs.CL+cs.LG`; `!new` at the end excludes cross-listed papers.

        A bare `arxiv` is a library only: all of arXiv can be searched, but it has no daily list.

        Raises:
            SettingsError: the argument is not a list of categories.
        """
        return cls(
            argument,
            context.web,
            feed=context.address("arxiv_feed"),
            pages=context.address("arxiv_list"),
            api=context.address("arxiv_api"),
        )

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the paper with an arXiv id."""
        return await self._library.lookup(paper_id)

    async def lookup_version(self, paper_id: PaperId, version: int) -> Paper:
        """Return one version of the paper with an arXiv id."""
        return await self._library.lookup_version(paper_id, version)

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return the papers that contain every word."""
        return await self._library.search(words, limit)

    async def search_fields(self, asked: FieldSearch, limit: int) -> tuple[Paper, ...]:
        """Return the papers that meet what is asked for, and some that nearly do."""
        return await self._library.search_fields(asked, limit)

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the papers that the categories' lists announce for the day, each paper once.

        arXiv keeps no lists of earlier days; for those the result is the papers submitted for that day, with a note.
        """
        if not self._categories:
            raise SourceRefused(gettext_lazy("The source “arxiv” needs a category."), hint=HINT)
        harvests: list[Harvest] = []
        failures: dict[str, SourceError] = {}
        for category in self._categories:
            try:
                harvests.append(await self._category(category, ask))
            except (SourceDown, SourceRefused) as error:
                failures[category] = error
        if not harvests:
            raise next(iter(failures.values()))
        return _joined(self.spec, harvests, failures, ask.limit)

    async def _category(self, category: str, ask: SourceQuery) -> Harvest:
        feed = await self._feed(category)
        if feed.day is not None and ask.day < feed.day:
            return await self._past(category, ask.day)
        if _is_fresh(feed, ask):
            return self._harvest(feed, category)
        if not feed.papers and (reason := no_list(ask.day)):
            return Harvest(source=category, state=Freshness.EMPTY, note=reason, final=True)
        return await self._second_opinion(category, feed, ask)

    async def _feed(self, category: str) -> Announced:
        page = await self._web.get(
            f"{self._feed_base}/rss/{category}",
            accept="application/rss+xml",
            limit=_LIST_LIMIT,
            whole=is_feed,
        )
        if page.status in (_BAD_REQUEST, _NOT_FOUND):
            raise SourceRefused(
                gettext_lazy("arXiv does not know the category {category}.", category=category),
                hint=gettext_lazy("arxiv.org/category_taxonomy lists the names."),
            )
        if page.status != _OK:
            raise SourceRefused(
                gettext_lazy(
                    "arXiv refused its feed of {category}: HTTP {status}.", category=category, status=page.status
                )
            )
        # Runs in a thread: parsing a full list takes a quarter of a second.
        return await asyncio.to_thread(read_feed, page.body, self.spec)

    async def _second_opinion(self, category: str, feed: Announced, ask: SourceQuery) -> Harvest:
        """Query the list page, which states its own day, because the feed is empty, old or made of known papers."""
        trouble: str = ""
        try:
            shown = await self._page(category)
        except (SourceDown, SourceRefused) as error:
            shown, trouble = Announced(day=None), str(error)
        if shown.day == ask.day and _is_fresh(shown, ask):
            return self._harvest(shown, category)
        if feed.papers:
            note = sentences_lazy(_old_list(category, feed, ask), trouble)
            return replace(self._harvest(feed, category), state=Freshness.STALE, note=note)
        none = gettext_lazy("arXiv lists nothing in {category} for {day}.", category=category, day=ask.day.isoformat())
        return Harvest(source=category, state=Freshness.EMPTY, note=sentences_lazy(none, trouble))

    async def _page(self, category: str) -> Announced:
        page = await self._web.get(
            f"{self._page_base}/list/{category}/new",
            params={"skip": "0", "show": "2000"},
            accept="text/html",
            limit=_LIST_LIMIT,
        )
        if page.status != _OK:
            raise SourceRefused(
                gettext_lazy(
                    "arXiv refused its list page of {category}: HTTP {status}.", category=category, status=page.status
                )
            )
        return await asyncio.to_thread(read_page, page.body, self.spec)

    async def _past(self, category: str, day: date) -> Harvest:
        window = submitted_for(day)
        if window is None:
            return Harvest(source=category, state=Freshness.EMPTY, note=no_list(day), final=True)
        papers, whole = await self._library.submitted(category, *window)
        mine = tuple(map(partial(replace, announced=day, source=self.spec), papers))
        if self._only_new:
            mine = Announced(day=day, papers=mine).only_new(category).papers
        if not mine and whole:
            note = gettext_lazy("arXiv has no papers in {category} for {day}.", category=category, day=day.isoformat())
            return Harvest(source=category, state=Freshness.EMPTY, note=note)
        note = gettext_lazy(
            "arXiv keeps no list of {day}: these are the {category} papers submitted from {start} to {end} UTC.",
            day=day.isoformat(),
            category=category,
            start=partial(_instant, window[0]),
            end=partial(_instant, window[1]),
        )
        if not whole:
            note = sentences_lazy(note, gettext_lazy("Some are missing."))
        return Harvest(source=category, papers=mine, state=Freshness.PARTIAL, note=note)

    def _harvest(self, announced: Announced, category: str) -> Harvest:
        chosen = announced.only_new(category) if self._only_new else announced
        trouble = Reading(skipped=announced.skipped).trouble
        if announced.missing:
            unshown = ngettext_lazy(
                "{number} paper of {category}'s list was not shown.",
                "{number} papers of {category}'s list were not shown.",
                announced.missing,
                category=category,
            )
            trouble = sentences_lazy(unshown, trouble)
        state = Freshness.PARTIAL if trouble else Freshness.FRESH
        return Harvest(source=category, papers=chosen.papers, state=state, note=trouble)


def _is_fresh(announced: Announced, ask: SourceQuery) -> bool:
    """Return whether a list is the requested day's: it has that date, is not empty, and is not made of known papers."""
    if not announced.papers or announced.day not in (None, ask.day):
        return False
    return len(announced.new & ask.known) < _STALE_SHARE * len(announced.new)


def _old_list(category: str, feed: Announced, ask: SourceQuery) -> str:
    if not feed.day or feed.day == ask.day:
        return gettext_lazy(
            "arXiv still shows {category}'s list of an earlier day under today's date.", category=category
        )
    return gettext_lazy("arXiv still shows {category}'s list of {day}.", category=category, day=feed.day.isoformat())


def _instant(moment: datetime) -> str:
    return gettext("{day} at {time}", day=short_day(moment.date()), time=clock_text(moment.time()))


def _joined(spec: str, harvests: list[Harvest], failures: dict[str, SourceError], limit: int) -> Harvest:
    """Return one harvest for all categories: with their common state if they agree, otherwise partial."""
    papers = unique(tuple(paper for harvest in harvests for paper in harvest.papers))[:limit]
    states = {harvest.state for harvest in harvests}
    notes = list(dict.fromkeys(harvest.note for harvest in harvests if harvest.note))
    if failures:
        notes.insert(
            0,
            gettext_lazy(
                "No papers of {names}: {why}", names=shortly_lazy(list(failures)), why=next(iter(failures.values()))
            ),
        )
    return Harvest(
        source=spec,
        papers=papers,
        state=_state(states, failed=bool(failures)),
        note=sentences_lazy(*notes),
        final=not failures and all(harvest.final for harvest in harvests),
    )


def _state(states: set[Freshness], *, failed: bool) -> Freshness:
    if failed:
        return Freshness.PARTIAL
    if len(states) == 1:
        return next(iter(states))
    if states == {Freshness.EMPTY, Freshness.STALE}:
        return Freshness.STALE
    # An empty category does not make the list partial if another category has papers.
    return Freshness.FRESH if states == {Freshness.EMPTY, Freshness.FRESH} else Freshness.PARTIAL
