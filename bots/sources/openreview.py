"""OpenReview, with an account: the papers of a conference as they come out, and look-up by the id of a forum."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar

from bots.config.source_descriptions import HostPace, SourceDescription
from bots.config.values import Setting, address, mail, password
from bots.domain.errors import NotSetUp, PaperNotFound, SettingsError, SourceDown, SourceRefused
from bots.domain.harvests import Freshness, Harvest
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
from bots.translation.formats import sentences_lazy
from bots.translation.speech import gettext_lazy
from summarizer import Secret

API = "https://api2.openreview.net"
_NAME = "OpenReview"
_UNAUTHORISED = (401, 403)
_NOT_FOUND = 404
#: Notes on a page, each with 3 to 5 KB; the most that OpenReview gives.
_PAGE, _LIMIT = 1_000, 20 * 1024 * 1024
#: The largest conference of 2025 had some 5,000 papers.
_PAGES_MOST = 10
#: Days for which a paper counts as new after its day; as in feeds.
_WINDOW = timedelta(days=14)
_VENUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{2,118}[A-Za-z0-9]")
_FORUM = re.compile(r"[A-Za-z0-9_-]{8,20}", re.ASCII)


class OpenReview:
    """The papers of one conference at OpenReview."""

    name = _NAME
    #: Not by words: its search finds reviews and comments as well as papers.
    searched: ClassVar[bool] = False
    description: ClassVar[SourceDescription] = SourceDescription(
        title=_NAME,
        says="the papers of a conference as they come out; needs an account there",
        argument="The id of a conference, such as ICLR.cc/2026/Conference.",
        usage="openreview:VENUE",
        examples=("openreview:ICLR.cc/2026/Conference",),
        captions={"openreview:ICLR.cc/2026/Conference": "ICLR 2026"},
        # About 100 requests a minute and user (openreview-py, issue 437).
        hosts=(HostPace(host="api2.openreview.net", every=1.0),),
        settings=(
            Setting(name="openreview", default=API, says="The address of OpenReview's API.", read=address),
            Setting(
                name="openreview_user",
                default="",
                says="The e-mail address of an account at OpenReview, without which it answers no program. The account "
                "must have no second factor.",
                read=mail,
                required=True,
            ),
            Setting(
                name="openreview_password",
                default="",
                says="The password of that account.",
                read=password,
                secret=True,
                required=True,
            ),
        ),
        is_library=True,
        rank=70,
        offered=False,
        terms="Each paper has a licence of its own; Paperwire quotes a few sentences and links to OpenReview.",
    )

    def __init__(self, venue: str, web: Web, *, user: str, password: str, base: str = API) -> None:
        self.spec = f"openreview:{venue}" if venue else "openreview"
        self._venue, self._web, self._base = venue, web, base
        self._login = {"id": user, "password": password}
        self._token = ""

    @classmethod
    def open(cls, argument: str, context: SourceContext) -> "OpenReview":
        """Return the source of `openreview:VENUE`. A bare `openreview` is a library only.

        Raises:
            NotSetUp: no account is set.
            SettingsError: the argument is no id of a conference.
        """
        user, held = context.settings.get("openreview_user"), context.settings.get("openreview_password")
        if not (user and isinstance(held, Secret) and held):
            raise NotSetUp(
                gettext_lazy("OpenReview needs an account."),
                hint=gettext_lazy("Set sources.openreview_user and sources.openreview_password."),
                title="OpenReview",
            )
        venue = argument.strip()
        if venue and not (_VENUE.fullmatch(venue) and ".." not in venue):
            raise SettingsError(
                gettext_lazy("“{text}” is no conference of OpenReview.", text=venue[:60]),
                hint=gettext_lazy(
                    "Write openreview:ICLR.cc/2026/Conference, as in the address of the conference's page."
                ),
            )
        return cls(
            venue, context.web, user=str(user), password=held.reveal(), base=context.address("openreview")
        )  # fmt: skip

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the conference's papers that came out in the last days and were not listed before."""
        if not self._venue:
            raise SourceRefused(
                gettext_lazy("OpenReview needs a conference."), hint=gettext_lazy("Write {form}.", form=_EXAMPLE)
            )
        papers: list[Paper] = []
        skipped: list[str] = []
        trouble = ""
        for number in range(_PAGES_MOST):
            try:
                notes = await self._notes(
                    {"content.venueid": self._venue, "limit": str(_PAGE), "offset": str(number * _PAGE)}, LONG
                )
            except (SourceDown, SourceRefused) as error:
                if number == 0:
                    raise
                trouble = gettext_lazy(
                    "Only the first {number} papers could be read: {why}", number=len(papers), why=error
                )
                break
            reading = self._read(notes)
            papers += reading.papers
            skipped += reading.skipped
            if len(notes) < _PAGE:
                break
        trouble = sentences_lazy(trouble, Reading(skipped=tuple(skipped)).trouble)
        return self._harvest(unique(tuple(papers)), trouble, ask)

    def _harvest(self, papers: tuple[Paper, ...], trouble: str, ask: SourceQuery) -> Harvest:
        new = tuple(paper for paper in papers if _is_new(paper, ask))
        listed = tuple(replace(paper, announced=ask.day) for paper in new)[: ask.limit]
        if listed:
            state = Freshness.PARTIAL if trouble else Freshness.FRESH
            return Harvest(source=self.spec, papers=listed, state=state, note=trouble)
        if trouble and not papers:
            raise SourceRefused(
                gettext_lazy("The answer of OpenReview has no readable papers. {trouble}", trouble=trouble)
            )
        days = [paper.published.date() for paper in papers if paper.published]
        note = gettext_lazy(
            "OpenReview has no new papers of {venue} for {day}.", venue=self._venue, day=ask.day.isoformat()
        )
        if not papers:
            note = gettext_lazy("OpenReview has no papers of {venue} (yet).", venue=self._venue)
        elif latest := max((each for each in days if each <= ask.day), default=None):
            note = gettext_lazy(
                "OpenReview has no new papers of {venue} for {day}; the latest are of {latest}.",
                venue=self._venue,
                day=ask.day.isoformat(),
                latest=latest.isoformat(),
            )
        # What comes out later is listed on a later day, so this day is not asked for again.
        return Harvest(source=self.spec, state=Freshness.EMPTY, note=note, final=True)

    async def lookup(self, paper_id: PaperId) -> Paper:
        """Return the paper with the id of its forum."""
        if paper_id.scheme != "openreview" or not _FORUM.fullmatch(paper_id.value):
            raise PaperNotFound(
                gettext_lazy("{source} does not have {paper}.", source=_NAME, paper=str(paper_id)),
                hint=gettext_lazy("It knows papers by its own ids only."),
            )
        papers = self._read(await self._notes({"id": paper_id.value}, SHORT)).papers
        paper = next((each for each in papers if paper_id in each.names), None)
        if paper is None:
            raise PaperNotFound(gettext_lazy("{source} does not have {paper}.", source=_NAME, paper=str(paper_id)))
        return paper

    async def search(self, words: str, limit: int) -> tuple[Paper, ...]:  # noqa: ARG002 - the signature of a library
        """Return nothing: OpenReview's search finds reviews and comments as well as papers."""
        return ()

    async def _notes(self, params: Mapping[str, str], patience: float) -> Sequence[Any]:
        page = await self._signed_in(params, patience)
        if page.status == _NOT_FOUND and "id" in params:
            return ()
        if page.status in _UNAUTHORISED:
            raise SourceRefused(
                gettext_lazy("OpenReview refuses to answer this account."),
                hint=gettext_lazy("Sign in at openreview.net once in a browser."),
            )
        answer = json_of(page, _NAME)
        notes = answer.get("notes") if isinstance(answer, dict) else None
        if not isinstance(notes, list):
            raise unknown_shape(_NAME)
        return notes

    async def _signed_in(self, params: Mapping[str, str], patience: float) -> Page:
        """Return the answer to a request with a token, which is asked for first."""
        self._token = self._token or await self._sign_in(patience)
        return await self._web.get(
            f"{self._base}/notes",
            params=params,
            headers={"Authorization": f"Bearer {self._token}"},
            accept="application/json",
            patience=patience,
            limit=_LIMIT,
        )

    async def _sign_in(self, patience: float) -> str:
        page = await self._web.post(f"{self._base}/login", json.dumps(self._login).encode(), patience=patience)
        if page.status in (400, *_UNAUTHORISED):
            raise SourceRefused(
                gettext_lazy("OpenReview does not accept the account."),
                hint=gettext_lazy(
                    "Check sources.openreview_user and sources.openreview_password; the account must have no second "
                    "factor."
                ),
            )
        answer = json_of(page, _NAME)
        token = answer.get("token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]{1,4000}", token):
            raise unknown_shape(_NAME)
        return token

    def _read(self, notes: Sequence[Any]) -> Reading:
        """Return the papers of notes; a review or a comment is a note of another note's forum, and no paper."""
        own = [note for note in notes if isinstance(note, dict) and note.get("forum", note.get("id")) == note.get("id")]
        titled = [note for note in own if _FORUM.fullmatch(str(note.get("id"))) and _content(note, "title")]
        reading = read_records(map(_record, titled), self.spec)
        skipped = (*reading.skipped, *(gettext_lazy("a note without a title") for _ in range(len(own) - len(titled))))
        if len(reading.papers) != len(titled):
            return replace(reading, skipped=skipped)
        papers = tuple(_completed(paper, note) for paper, note in zip(reading.papers, titled, strict=True))
        return replace(reading, papers=papers, skipped=skipped)


_EXAMPLE = OpenReview.description.examples[0]


def _content(note: Mapping[str, Any], name: str) -> Any:
    """Return a value of a note: `{"value": …}` in the second version of the API; hidden ones have no value."""
    held = note.get("content")
    value = held.get(name) if isinstance(held, dict) else None
    return value.get("value") if isinstance(value, dict) else value


def _record(note: Mapping[str, Any]) -> dict[str, Any]:
    """Return a note as a record of a paper; its dates are milliseconds: of publication, of its being made public."""
    wanted = ("title", "abstract", "authors", "keywords", "venue")
    dates = (note.get(name) for name in ("pdate", "odate", "cdate"))
    return {name: _content(note, name) for name in wanted} | {"published": next((each for each in dates if each), None)}


def _completed(paper: Paper, note: Mapping[str, Any]) -> Paper:
    name = PaperId(scheme="openreview", value=str(note["id"]))
    told = text(_content(note, "TLDR") or _content(note, "TL;DR"), 500)
    return replace(
        paper,
        id=name,
        aliases=frozenset(each for each in paper.names if each.scheme != "text"),
        url=page_url(name),
        tldr=told,
        tldr_by="its authors" if told else "",
    )


def _is_new(paper: Paper, ask: SourceQuery) -> bool:
    day: date | None = paper.published.date() if paper.published else None
    in_time = day is None or ask.day - _WINDOW <= day <= ask.day
    return in_time and paper.names.isdisjoint(ask.known)
