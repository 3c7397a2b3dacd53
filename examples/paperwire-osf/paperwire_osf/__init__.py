"""The day's new preprints of PsyArXiv and SocArXiv, from the public API of the Open Science Framework: api.osf.io."""

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

API = "https://api.osf.io"
#: 100 preprints a page is the most that the API gives; PsyArXiv's busiest day has some 80.
_PAGE, _MOST_PAGES = 100, 10
#: "memory", "social media"; the API finds preprints with this tag.
_TAG = re.compile(r"[^\W_][\w -]{1,60}")


def described(name: str, title: str, tag: str) -> SourceDescription:
    """Return the description of one of the two servers, which share an API."""
    return SourceDescription(
        title=title,
        says=f"the preprints that {title} published on a day",
        argument="A tag, such as memory; without one, all of them.",
        examples=(name, f"{name}:{tag}"),
        # 100 requests an hour are allowed without an account, and a day's list takes one or two.
        hosts=(HostPace(host="api.osf.io", every=2.0),),
        settings=(Setting(name="url", default=API, says=f"Where the API of {title} is asked.", read=read_address),),
        terms="Each preprint has a licence of its own.",
    )


class PsyArxiv:
    """The preprints of PsyArXiv, all or with one tag."""

    description: ClassVar[SourceDescription] = described("psyarxiv", "PsyArXiv", "memory")
    #: The name of the server in the API.
    server: ClassVar[str] = "psyarxiv"

    def __init__(self, tag: str, web: Web, base: str) -> None:
        self.spec = f"{self.server}:{tag}" if tag else self.server
        self._tag, self._web, self._base = tag, web, base

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> Self:
        """Return the source of a tag, or of all preprints without an argument.

        Raises:
            SettingsError: the argument is not in the form of a tag.
        """
        tag = " ".join(argument.lower().split())
        if tag and not _TAG.fullmatch(tag):
            raise SettingsError(
                f"{cls.description.title} has no tag {argument[:40]!r}.",
                hint=f"Write it as {cls.server}:social media.",
            )
        return cls(tag, context.web, context.address("url"))

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the day's preprints, in the order of the API; see `Source.recent`."""
        papers: list[Paper] = []
        for number in range(1, _MOST_PAGES + 1):
            records, more = await self._page(ask, number)
            papers += filter(None, (self._paper(record) for record in records))
            if not more or len(papers) >= ask.limit:
                break
        listed = unique(tuple(papers))[: ask.limit]
        if listed:
            return Harvest(source=self.spec, papers=listed)
        note = f"{self.description.title} published nothing new on {ask.day.isoformat()}."
        return Harvest(source=self.spec, state=Freshness.EMPTY, note=note)

    async def _page(self, ask: SourceQuery, number: int) -> tuple[list[Any], bool]:
        """Return the records of one page of the day's list, and whether another page follows."""
        params = {
            "filter[provider]": self.server,
            "filter[date_published]": ask.day.isoformat(),
            "embed": "contributors",
            "page[size]": str(_PAGE),
            "page": str(number),
            **({"filter[tags]": self._tag} if self._tag else {}),
        }
        page = await self._web.get(f"{self._base}/v2/preprints/", params=params, accept="application/json")
        return self._read(page)

    def _read(self, page: Page) -> tuple[list[Any], bool]:
        title = self.description.title
        if page.status != 200:
            raise SourceRefused(f"{title} refused the request: HTTP {page.status}.")
        try:
            answer: Any = reading.load_json(page.body)
            return list(answer["data"]), bool(answer["links"]["next"])
        except ValueError as error:
            raise SourceDown(f"{title} answered with something else than data.") from error
        except (KeyError, TypeError, AttributeError) as error:
            raise SourceRefused(f"{title} answered in an unknown shape.", hint="An update may be needed.") from error

    def _paper(self, record: Any) -> Paper | None:
        """Return the paper of a record; None for one without a DOI or a title."""
        told = record.get("attributes") if isinstance(record, dict) else None
        links = record.get("links") if isinstance(record, dict) else None
        if not isinstance(told, dict) or not isinstance(links, dict):
            return None
        doi, title = reading.ref(links.get("preprint_doi")), reading.text(told.get("title"), reading.TITLE_LIMIT)
        if doi is None or not title:
            return None
        return Paper(
            id=doi.id,
            title=title,
            abstract=reading.text(told.get("description")),
            authors=_authors(record),
            published=reading.instant(told.get("date_published")),
            announced=reading.day(told.get("date_published")),
            url=reading.page_url(doi.id),
            source=self.spec,
            keywords=reading.texts(told.get("tags")),
            venue=self.description.title,
            withdrawn=bool(told.get("date_withdrawn")),
            # People type these texts into a form: a dollar is a currency sign.
            dollar_math=False,
            aliases=_journal(told.get("doi")),
        )


def _authors(record: Any) -> tuple[str, ...]:
    """Return the authors, which come with a preprint because the request asks for its contributors."""
    try:
        people = [each["embeds"]["users"]["data"] for each in record["embeds"]["contributors"]["data"]]
        return reading.names([{"name": each["attributes"]["full_name"]} for each in people])
    except (KeyError, TypeError):
        return ()


def _journal(value: object) -> frozenset[PaperId]:
    """Return the DOI of the journal article; empty if there is none."""
    found = reading.ref(value)
    return frozenset({found.id}) if found else frozenset()


class SocArxiv(PsyArxiv):
    """The preprints of SocArXiv, all or with one tag."""

    description = described("socarxiv", "SocArXiv", "inequality")
    server = "socarxiv"
