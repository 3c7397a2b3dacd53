"""Semantic Scholar: papers like some that are given, look-up and search with citations and one-sentence summaries."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import quote

from bots.config.source_descriptions import HostPace, SourceDescription
from bots.config.values import Setting, address, key
from bots.domain.errors import BadPaperId, NotSetUp, PaperNotFound, SettingsError, SourceRefused
from bots.domain.harvests import Freshness, Harvest
from bots.domain.paper_ids import read_ref
from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import unique
from bots.ports import SourceQuery
from bots.sources.context import SourceContext
from bots.sources.page_answers import json_of, unknown_shape
from bots.sources.reading.ids import page_url
from bots.sources.reading.records import read_records
from bots.sources.reading.result import Reading
from bots.sources.reading.values import text
from bots.sources.web import LONG, SHORT, Page, Web
from bots.translation.speech import gettext_lazy, gettext_noop
from summarizer import Secret

API = "https://api.semanticscholar.org"
_NAME = "Semantic Scholar"
_NOT_FOUND, _FORBIDDEN = 404, 403
#: The fields of the recommendations lack the summary, which is a field of the graph only.
_FIELDS = "title,abstract,authors,year,publicationDate,venue,externalIds,citationCount,url,publicationTypes"
_FIELDS_MORE = f"{_FIELDS},tldr"
_RECOMMENDED = 100
_SEARCH_MOST = 100
_GIVEN_MOST = 20
_SHA = re.compile(r"[0-9a-f]{40}")
_FORMS: Mapping[str, str] = {"arxiv": "ARXIV:{}", "doi": "DOI:{}", "pmid": "PMID:{}", "acl": "ACL:{}"}


class SemanticScholar:
    """What Semantic Scholar recommends to readers of some papers, and its catalogue as a library."""

    name = _NAME
    description: ClassVar[SourceDescription] = SourceDescription(
        title=_NAME,
        says="new papers like those that you name; needs a key of its own",
        argument="Ids of papers with + between them, such as 2004.15011+10.1038/s41586-021-03819-2.",
        usage="semanticscholar:ID+ID",
        examples=("semanticscholar:2004.15011",),
        captions={"semanticscholar:2004.15011": gettext_noop("papers like one")},
        separator="+",
        # One request a second with a key, for all of the interfaces together.
        hosts=(HostPace(host="api.semanticscholar.org", every=1.05, backoff=5.0),),
        settings=(
            Setting(name="semantic_scholar", default=API, says="The address of Semantic Scholar's API.", read=address),
            Setting(
                name="semantic_scholar_key",
                default="",
                says="Your own key of Semantic Scholar's API. Without it Semantic Scholar is not asked at all: those "
                "without a key share one small allowance.",
                read=key,
                secret=True,
                required=True,
            ),
        ),
        is_library=True,
        rank=45,
        offered=False,
        terms="Semantic Scholar (semanticscholar.org) is named and linked wherever its data are shown.",
    )

    def __init__(self, given: Sequence[PaperId], web: Web, secret: str, base: str = API) -> None:
        named = "+".join(name.value if name.scheme in ("arxiv", "doi") else str(name) for name in given)
        self.spec = f"semanticscholar:{named}" if named else "semanticscholar"
        self._given = tuple(given)
        self._web, self._base = web, base
        self._headers = {"x-api-key": secret}

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> "SemanticScholar":
        """Return the source of `semanticscholar:ID+ID`. A bare `semanticscholar` is a library only.

        Raises:
            NotSetUp: no key is set.
            SettingsError: one of the ids is none, or there are too many.
        """
        held = context.settings.get("semantic_scholar_key")
        if not (isinstance(held, Secret) and held):
            raise NotSetUp(
                gettext_lazy("Semantic Scholar needs a key."),
                hint=gettext_lazy("Set sources.semantic_scholar_key; keys are free at its site."),
                title="Semantic Scholar",
            )
        parts = [part.strip() for part in argument.split("+") if part.strip()]
        if len(parts) > _GIVEN_MOST:
            raise SettingsError(
                gettext_lazy("At most {most} papers can be named.", most=_GIVEN_MOST),
                hint=gettext_lazy("Name those that matter most."),
            )
        return cls(tuple(map(_id, parts)), context.web, held.reveal(), context.address("semantic_scholar"))

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return new papers like those that are named and that were not listed before, the most alike first."""
        if not self._given:
            raise SourceRefused(
                gettext_lazy("Semantic Scholar needs papers to start from."),
                hint=gettext_lazy("Write semanticscholar:2004.15011 with an id."),
            )
        answer = await self._recommended()
        records = answer.get("recommendedPapers") if isinstance(answer, dict) else None
        if not isinstance(records, list):
            raise unknown_shape(_NAME)
        reading = self._read(records)
        listed = tuple(
            replace(paper, announced=ask.day)
            for paper in unique(reading.papers)
            if paper.names.isdisjoint(ask.known)
            # What appears in a year to come is a mistake, and what is of a later day is not the day's.
            and not (paper.published and paper.published.date() > ask.day)
        )[: ask.limit]
        if listed:
            state = Freshness.PARTIAL if reading.trouble else Freshness.FRESH
            return Harvest(source=self.spec, papers=listed, state=state, note=reading.trouble)
        if records and not reading.papers:
            raise SourceRefused(
                gettext_lazy(
                    "The answer of {source} has no readable papers. {trouble}", source=_NAME, trouble=reading.trouble
                )
            )
        note = gettext_lazy("{source} recommends nothing new for {day}.", source=_NAME, day=ask.day.isoformat())
        # What is recommended later is listed on a later day, so this day is not asked for again.
        return Harvest(source=self.spec, state=Freshness.EMPTY, note=note, final=True)

    async def _recommended(self) -> Any:
        """Return the recommendations: of one paper by its address, of several by their list."""
        path, params = f"{self._base}/recommendations/v1/papers", {"fields": _FIELDS, "limit": str(_RECOMMENDED)}
        if len(self._given) == 1:
            where = f"{path}/forpaper/{quote(_form(self._given[0]), safe=':/.')}"
            page = await self._get(where, {**params, "from": "recent"}, LONG)
        else:
            body = json.dumps({"positivePaperIds": list(map(_form, self._given)), "negativePaperIds": []}).encode()
            page = await self._web.post(f"{path}/", body, params=params, headers=self._headers, patience=LONG)
        if page.status == _NOT_FOUND:
            raise SourceRefused(
                gettext_lazy("{source} does not have one of these papers.", source=_NAME),
                hint=gettext_lazy("Look them up to check their ids."),
            )
        return self._value(page)

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the paper with an id, with its citations and the summary that Semantic Scholar made."""
        form = _form(paper_id)
        if not form:
            raise PaperNotFound(gettext_lazy("{source} does not have {paper}.", source=_NAME, paper=str(paper_id)))
        path = f"{self._base}/graph/v1/paper/{quote(form, safe=':/.')}"
        page = await self._get(path, {"fields": _FIELDS_MORE}, SHORT)
        if page.status == _NOT_FOUND:
            raise PaperNotFound(gettext_lazy("{source} does not have {paper}.", source=_NAME, paper=str(paper_id)))
        papers = self._read([self._value(page)]).papers
        if not papers:
            raise unknown_shape(_NAME)
        paper = papers[0]
        # A paper that is asked for by another id is known by it from now on.
        return paper if paper_id in paper.names else replace(paper, aliases=paper.aliases | {paper_id})

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return the papers that Semantic Scholar's search finds, in its order."""
        asked = " ".join(words.replace("-", " ").split())[:200]  # a hyphen finds nothing, as its documents say
        if not re.search(r"\w", asked) or limit < 1:
            return ()
        params = {"query": asked, "limit": str(min(limit, _SEARCH_MOST)), "fields": _FIELDS_MORE}
        answer = self._value(await self._get(f"{self._base}/graph/v1/paper/search", params, SHORT))
        # Without a result the list is missing: {"total": 0, "offset": 0}.
        records = answer.get("data", []) if isinstance(answer, dict) and "total" in answer else None
        if not isinstance(records, list):
            raise unknown_shape(_NAME)
        return unique(self._read(records).papers)[:limit]

    async def _get(self, path: str, params: Mapping[str, str], patience: float) -> Page:
        return await self._web.get(
            path, params=params, headers=self._headers, accept="application/json", patience=patience
        )

    def _value(self, page: Page) -> Any:
        if page.status == _FORBIDDEN:
            raise SourceRefused(
                gettext_lazy("{source} does not accept the key.", source=_NAME),
                hint=gettext_lazy("Check sources.semantic_scholar_key."),
            )
        return json_of(page, _NAME)

    def _read(self, records: Sequence[Any]) -> Reading:
        known = [_plain(record) for record in records if isinstance(record, dict)]
        reading = read_records(known, self.spec)
        titled = [record for record in known if text(record.get("title"))]
        if len(titled) != len(reading.papers):
            return reading
        papers = tuple(_completed(paper, record) for paper, record in zip(reading.papers, titled, strict=True))
        return replace(reading, papers=papers)


def _id(written: str) -> PaperId:
    if _SHA.fullmatch(written.lower()):
        return PaperId(scheme="s2", value=written.lower())
    try:
        return read_ref(written).id
    except BadPaperId as error:
        raise SettingsError(
            gettext_lazy("“{text}” is no id of a paper.", text=written[:60]),
            hint=gettext_lazy("Write semanticscholar:2004.15011, or a DOI."),
        ) from error


def _form(paper_id: PaperId) -> str:
    """Return an id as Semantic Scholar has it; empty if it has no such ids."""
    if paper_id.scheme == "s2":
        corpus = paper_id.value.removeprefix("corpusid:")
        return f"CorpusId:{corpus}" if corpus != paper_id.value else paper_id.value
    form = _FORMS.get(paper_id.scheme, "")
    return form.format(paper_id.value)


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record without its own id and address, which name no paper to the reader of records."""
    return {name: value for name, value in record.items() if name not in ("paperId", "url", "corpusId", "tldr")} | {
        "own": record.get("paperId"),
        "short": record.get("tldr"),
    }


def _completed(paper: Paper, record: Mapping[str, Any]) -> Paper:
    """Return a paper with its further ids, its page at Semantic Scholar if it has no other, and the summary."""
    ids = record.get("externalIds")
    held: Mapping[str, Any] = ids if isinstance(ids, dict) else {}
    own = record.get("own")
    more = {PaperId(scheme="s2", value=own)} if isinstance(own, str) and _SHA.fullmatch(own) else set()
    pubmed = held.get("PubMed")
    if isinstance(pubmed, str) and re.fullmatch(r"[1-9]\d{0,8}", pubmed, re.ASCII):
        more.add(PaperId(scheme="pmid", value=pubmed))
    best = min(more, key=lambda name: name.scheme) if more and paper.id.scheme == "text" else paper.id
    short = record.get("short")
    told = text(short.get("text"), 500) if isinstance(short, dict) else ""
    return replace(
        paper,
        id=best,
        aliases=frozenset((paper.aliases | more) - {best}),
        url=paper.url or page_url(best),
        tldr=told,
        tldr_by=_NAME if told else "",
    )
