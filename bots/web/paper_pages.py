"""The page of a paper: its blurb in three styles with the evidence, where it was posted, citations, neighbours."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from bots.chat.phrases import clean, cut, safe_url, short_day
from bots.domain.digests import Entry
from bots.domain.errors import BadPaperId
from bots.domain.export_formats import ExportFormat
from bots.domain.papers import Paper, PaperId, read_ref
from bots.exports import exported
from bots.presentation import digest_text
from bots.presentation.fact_text import popularity
from bots.presentation.source_text import source_text
from bots.web.addresses import paper_address, with_query
from bots.web.cards import authors_of, card
from bots.web.channels import channel_address, open_channels
from bots.web.evidence import marked_abstract
from bots.web.finding import related
from bots.web.rendering import page, said_page
from bots.web.site import SHARED, Route, Site
from bots.web.visits import Answer, Visit
from summarizer import Style
from summarizer.text.plain import to_plain

_MISSING = 404
STYLES = {Style.ONE_LINE: "One line", Style.SHORT: "Short", Style.STRUCTURED: "Structured"}
_CITATIONS = (ExportFormat.BIBTEX, ExportFormat.RIS, ExportFormat.CSL_JSON)
#: Neighbours that are named on the page; more have a page of their own.
_RELATED = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """An open channel in which a paper was posted, and the day in the site's time zone."""

    name: str
    address: str
    day: str


async def paper(site: Site, visit: Visit) -> Answer:
    """Return the page of a public paper, or its citation as a file."""
    found = await _public(site, visit.parts["id"])
    if found is None:
        lines = ("It is in no list here yet.", "Search for it by words of its title.")
        return said_page(site, visit, "This paper is not known here", *lines, status=_MISSING)
    if visit.query.get("as") in list(_CITATIONS):
        return _citation(found, ExportFormat(visit.query["as"]))
    style = Style(visit.query["style"]) if visit.query.get("style") in list(Style) else Style.SHORT
    return await _shown(site, visit, found, style)


async def _public(site: Site, written: str) -> Paper | None:
    """Return the public record of a paper by any of its names, as it is written in an address or by a person."""
    scheme, _, value = written.partition(":")
    names = [PaperId(scheme=scheme, value=value)]
    with suppress(BadPaperId):
        names.append(read_ref(written).id)
    found = await site.service.store.public_papers(list(dict.fromkeys(names)))
    return found[0] if found else None


def _citation(found: Paper, form: ExportFormat) -> Answer:
    stem = "".join(each for each in digest_text.id_of(found) if each.isascii() and (each.isalnum() or each in ".-"))
    name = f"{stem.strip('.') or 'paper'}{form.suffix}"
    return Answer(body=exported([found], form), type=f"{form.media_type}; charset=utf-8", file=name)


async def _shown(site: Site, visit: Visit, found: Paper, style: Style) -> Answer:
    (entry,) = await site.lists.entries([found], style)
    blurb = entry.blurb
    return page(
        site,
        visit,
        "paper.html",
        digest_text.title_of(found),
        card=card(entry),
        authors=authors_of(found),
        pieces=marked_abstract(found, blurb),
        made_by=digest_text.made_by(blurb) if blurb else "",
        styles=[(name, _styled(found, each), each is style) for each, name in STYLES.items()],
        structured=style is Style.STRUCTURED,
        why=_why(found),
        facts=_facts(found),
        labels=_labels((*found.categories, *found.keywords)),
        posted=await _posted(site, found),
        citations=[(form.shown, paper_address(found.id, form)) for form in _CITATIONS],
        bibtex=exported([found], ExportFormat.BIBTEX),
        tldr=clean(found.tldr),
        tldr_by=clean(found.tldr_by),
        related=[card(Entry(paper=each)) for each in (await related(site, found))[:_RELATED]],
        more=with_query("/search", {"like": str(found.id)}),
    )


def _styled(found: Paper, style: Style) -> str:
    return with_query(paper_address(found.id), {"style": style if style is not Style.SHORT else ""})


def _facts(found: Paper) -> Sequence[tuple[str, str, str]]:
    """Return the names of the paper elsewhere: name, text, and an address or nothing."""
    rows = [("Identifier", digest_text.id_of(found), safe_url(found.url))]
    doi = next((name.value for name in sorted(found.names) if name.scheme == "doi"), "")
    if doi and found.id.scheme != "doi":
        rows.append(("DOI", clean(doi), safe_url(f"https://doi.org/{doi}")))
    return tuple(row for row in rows if row[1])


def _why(found: Paper) -> Sequence[tuple[str, str]]:
    """Return who listed the paper and when, and what speaks for it."""
    listed = f"by {source_text(found.source)}" + (f" on {short_day(found.announced)}" if found.announced else "")
    rows = [("Listed", listed), ("Popularity", ", ".join(popularity(found.signals))), ("Venue", _venue(found))]
    return tuple(row for row in rows if row[1])


def _venue(found: Paper) -> str:
    return cut(clean(to_plain(found.venue)), digest_text.MAX_VENUE)


def _labels(labels: Sequence[str]) -> tuple[str, ...]:
    most = 12  # more are no help to a reader
    return tuple(filter(None, (cut(clean(each), 60) for each in dict.fromkeys(labels))))[:most]


async def _posted(site: Site, found: Paper) -> Sequence[Posted]:
    """Return the open channels in which the paper was posted, each with the address of its archive and the time."""
    shown = []
    for each in open_channels(site.settings):
        known = await site.service.store.postings([found.id], place=each.channel)
        times = [posting.at for posting in known.get(found.id, ()) if posting.channel == each.channel]
        if times:
            day = short_day(max(times).astimezone(site.settings.timezone).date())
            shown.append(Posted(name=each.name, address=channel_address(each), day=day))
    return shown


ROUTES = (Route(method="GET", path="/paper/{id:.+}", view=paper, shared_seconds=SHARED),)
