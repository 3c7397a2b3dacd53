"""The day's new preprints of bioRxiv and medRxiv, from their public API: api.biorxiv.org."""

import re
from typing import Any, ClassVar, Self

from bots.api import (
    Freshness,
    Harvest,
    HostPace,
    Page,
    Paper,
    PaperId,
    Setting,
    SettingsError,
    SourceContext,
    SourceDescription,
    SourceDown,
    SourceQuery,
    SourceRefused,
    Web,
    read_address,
    reading,
    unique,
)

API = "https://api.biorxiv.org"
#: About 30 papers a page, and 250 first versions on a busy day; a week's list would be 60 pages.
_MOST_PAGES = 60
#: "neuroscience", "cell biology"; the API requires an underscore instead of a space.
_CATEGORY = re.compile(r"[a-z]+(?:[ _-][a-z]+){0,5}")


def described(name: str, title: str, category: str) -> SourceDescription:
    """Return the description of one of the two servers, which share an API."""
    return SourceDescription(
        title=title,
        says=f"The preprints that {title} posted on a day, first versions only.",
        argument="A category, such as neuroscience or cell_biology; without one, all of them.",
        examples=(name, f"{name}:{category}"),
        # No rate limit is published; both servers share one host.
        hosts=(HostPace(host="api.biorxiv.org", every=1.0),),
        settings=(Setting(name="url", default=API, says=f"Where the API of {title} is asked.", read=read_address),),
    )


class Biorxiv:
    """The preprints of bioRxiv, all or of one category."""

    description: ClassVar[SourceDescription] = described("biorxiv", "bioRxiv", "neuroscience")
    #: The name of the server in the API.
    server: ClassVar[str] = "biorxiv"

    def __init__(self, category: str, web: Web, base: str) -> None:
        self.spec = f"{self.server}:{category}" if category else self.server
        self._category, self._web, self._base = category, web, base

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> Self:
        """Return the source of a category, or of all categories without an argument.

        Raises:
            SettingsError: the argument is not in the form of a category.
        """
        category = argument.strip().lower()
        if category and not _CATEGORY.fullmatch(category):
            raise SettingsError(
                f"{cls.description.title} has no category {argument[:40]!r}.",
                hint=f"Write it as {cls.server}:cell_biology.",
            )
        return cls(re.sub("[ -]", "_", category), context.web, context.address("url"))

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the day's first versions, in the order of the API; see `Source.recent`."""
        papers: list[Paper] = []
        place = 0
        for _ in range(_MOST_PAGES):
            records, total = await self._page(ask, place)
            papers += filter(None, (self._paper(record) for record in records))
            place += len(records)
            if not records or place >= total or len(papers) >= ask.limit:
                break
        listed = unique(tuple(papers))[: ask.limit]
        if listed:
            return Harvest(source=self.spec, papers=listed)
        note = f"{self.description.title} posted nothing new on {ask.day.isoformat()}."
        return Harvest(source=self.spec, state=Freshness.EMPTY, note=note)

    async def _page(self, ask: SourceQuery, place: int) -> tuple[list[Any], int]:
        """Return the records from a position of the day's list on, and the length of the whole list."""
        path = f"/details/{self.server}/{ask.day}/{ask.day}/{place}/json"
        params = {"category": self._category} if self._category else {}
        page = await self._web.get(f"{self._base}{path}", params=params, accept="application/json", timeout=60.0)
        return self._read(page)

    def _read(self, page: Page) -> tuple[list[Any], int]:
        title = self.description.title
        if page.status != 200:
            raise SourceRefused(f"{title} refused the request: HTTP {page.status}.")
        try:
            answer: Any = reading.load_json(page.body)
            message = answer["messages"][0]
            # The response for a day without posts has neither count nor total, and the status "no posts found".
            return list(answer["collection"]), int(message.get("total", 0))
        except ValueError as error:
            raise SourceDown(f"{title} answered with something else than data.") from error
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            raise SourceRefused(f"{title} answered in an unknown shape.", hint="An update may be needed.") from error

    def _paper(self, record: Any) -> Paper | None:
        """Return the paper of a record; None for a later version, and for a record without a DOI or a title."""
        if not isinstance(record, dict) or str(record.get("version")) != "1":
            return None
        doi, title = reading.ref(record.get("doi")), reading.text(record.get("title"), reading.TITLE_LIMIT)
        if doi is None or not title:
            return None
        return Paper(
            id=doi.id,
            title=title,
            abstract=reading.text(record.get("abstract")),
            authors=reading.names(record.get("authors")),
            published=reading.instant(record.get("date")),
            announced=reading.day(record.get("date")),
            url=reading.page_url(doi.id),
            source=self.spec,
            categories=reading.texts(record.get("category")),
            venue=self.description.title,
            # Articles here are HTML and XML: a dollar is a currency sign.
            dollar_math=False,
            aliases=_journal(record.get("published")),
        )


def _journal(value: object) -> frozenset[PaperId]:
    """Return the DOI of the journal article; empty if there is none, which the API writes as "NA"."""
    found = reading.ref(value)
    return frozenset({found.id}) if found else frozenset()


class Medrxiv(Biorxiv):
    """The preprints of medRxiv, all or of one category."""

    description = described("medrxiv", "medRxiv", "epidemiology")
    server = "medrxiv"
