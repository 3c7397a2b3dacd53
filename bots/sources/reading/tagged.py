"""Papers from files in which each line begins with the tag of a field: RIS, PubMed, Web of Science, EndNote."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bots.sources.reading.authors import forename_first, initials_first
from bots.sources.reading.ids import note_names, ref
from bots.sources.reading.records import paper_of
from bots.sources.reading.result import Reading, collected
from bots.sources.reading.values import TITLE_LIMIT, https, text

Entry = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """One tagged format: how a line of it looks, and the tags of each field, the best first."""

    #: The tag is the first group, the value the second one.
    line: re.Pattern[str]
    #: The tags that begin an entry and end it.
    begins: str
    ends: str = ""
    title: Sequence[str]
    abstract: Sequence[str]
    authors: Sequence[str]
    groups: Sequence[str] = ()
    dates: Sequence[str]
    venue: Sequence[str]
    #: Where a DOI or the address of a page may stand.
    ids: Sequence[str]
    keywords: Sequence[str]
    #: Remarks, and the kinds of the publication: where a retraction is recorded.
    notes: Sequence[str] = ()
    kinds: Sequence[str] = ()
    #: The tags whose indented further lines are further values, not more of the same value.
    repeated: Sequence[str] = ()


RIS = Dialect(
    # ProCite's export has two spaces behind the hyphen, Mendeley's last line none.
    line=re.compile(r"\s{0,3}([A-Z][A-Z0-9]) {0,3}-(?: +(.*)|)$"),
    begins="TY",
    ends="ER",
    title=("TI", "T1", "CT"),
    abstract=("AB", "N2"),
    authors=("AU", "A1"),
    dates=("DA", "Y1", "PY", "Y2"),
    venue=("JF", "T2", "JO", "JA", "J2", "BT", "T3"),
    ids=("DO", "UR", "L3", "L2", "M3", "L1", "LK", "N1", "ID", "AN"),
    keywords=("KW",),
    notes=("N1", "RN"),
    kinds=("M3",),
)
NBIB = Dialect(
    line=re.compile(r"([A-Z]{2,4}) {0,2}- (.*)$"),
    begins="PMID",
    title=("TI", "BTI", "TT"),
    abstract=("AB", "OAB"),
    authors=("FAU", "AU"),
    groups=("CN",),
    dates=("DP", "DEP"),
    venue=("JT", "TA", "BTI"),
    ids=("AID", "LID"),
    keywords=("OT", "MH"),
    kinds=("PT",),
)
WEB_OF_SCIENCE = Dialect(
    line=re.compile(r"([A-Z][A-Z0-9])(?: (.*))?$"),
    begins="PT",
    ends="ER",
    title=("TI",),
    abstract=("AB",),
    authors=("AF", "AU"),
    groups=("CA",),
    dates=("PY", "EA"),
    venue=("SO",),
    ids=("DI",),
    keywords=("DE", "ID"),
    kinds=("DT",),
    repeated=("AU", "AF", "CA"),
)
ENDNOTE = Dialect(
    line=re.compile(r"%([0-9A-Z@!+^~$&*()?<>\[\]]) ?(.*)$"),
    begins="0",
    title=("T",),
    abstract=("X",),
    authors=("A",),
    dates=("8", "D"),
    venue=("J", "B"),
    ids=("R", "U", "M"),
    keywords=("K",),
    notes=("Z",),
    kinds=("9",),
)
REFWORKS = Dialect(
    line=re.compile(r"([A-Z][A-Z0-9]) (.*)$"),
    begins="RT",
    title=("T1",),
    abstract=("AB",),
    authors=("A1",),
    dates=("FD", "YR"),
    venue=("JF", "JO"),
    ids=("DO", "UL", "LK"),
    keywords=("K1",),
    notes=("NO",),
)
# What databases put behind an abstract: a mark, or a notice of copyright.
_ADDED = re.compile(
    r"\s*(?:\[ABSTRACT FROM [A-Z]{3,12}\]|\(PsycI[Nn][Ff][Oo] Database Record.{0,200}"
    r"|(?:Copyright )?(?:©|\([cC]\)) .{0,200})\s*$"
)
_DOI_MARK = re.compile(r"^(?:doi|https?://(?:dx\.)?doi\.org/)|\[doi\]\s*$|^10\.\d{4,9}/", re.IGNORECASE)


def read_ris(written: str, source: str) -> Reading:
    """Return the papers of a RIS file as reference managers and databases write it, ProCite's form included."""
    return read_tagged(written, source, RIS)


def read_nbib(written: str, source: str) -> Reading:
    """Return the papers of PubMed's own format (`.nbib`, MEDLINE)."""
    return read_tagged(written, source, NBIB)


def read_web_of_science(written: str, source: str) -> Reading:
    """Return the papers of the plain-text export of Web of Science."""
    return read_tagged(written, source, WEB_OF_SCIENCE)


def read_endnote(written: str, source: str) -> Reading:
    """Return the papers of EndNote's tagged format (`.enw`, refer)."""
    return read_tagged(written, source, ENDNOTE)


def read_refworks(written: str, source: str) -> Reading:
    """Return the papers of RefWorks' tagged format."""
    return read_tagged(written, source, REFWORKS)


def read_tagged(written: str, source: str, dialect: Dialect) -> Reading:
    """Return the papers of a tagged file; an entry without a title is left out and reported."""
    return collected(
        _entries(written, dialect),
        lambda number, entry: paper_of(_record(entry, dialect), source) or f"entry {number} (no title)",
    )


def _entries(written: str, dialect: Dialect) -> Iterator[Entry]:
    """Yield the values of each entry by tag; an entry that is never ended ends where the next one begins."""
    entry: dict[str, list[str]] = {}
    last = ""
    for line in written.split("\n"):
        found = dialect.line.match(line)
        tag, value = (found[1], (found[2] or "").strip()) if found else ("", line.strip())
        if tag in (dialect.begins, dialect.ends) and tag:
            if _has_content(entry, dialect):
                yield entry
            entry, last = {}, ""
        if not tag:
            _continue(entry.get(last), value, new=last in dialect.repeated)
        elif tag != dialect.ends:
            entry.setdefault(tag, []).append(value)
            last = tag
    if _has_content(entry, dialect):
        yield entry


def _has_content(entry: Entry, dialect: Dialect) -> bool:
    """Return whether an entry is more than a heading: Web of Science's file begins and ends with such lines."""
    return any(entry.get(tag) for tag in (*dialect.title, *dialect.authors, *dialect.abstract, dialect.begins))


def _continue(values: list[str] | None, more: str, *, new: bool) -> None:
    if values is None or not more:
        return
    if new:
        values.append(more)
    elif len(values[-1]) < TITLE_LIMIT * 50:  # longer than any field that is kept
        values[-1] = f"{values[-1]} {more}"


def _record(entry: Entry, dialect: Dialect) -> dict[str, object]:
    ids = [value for tag in dialect.ids for value in entry.get(tag, ()) if tag not in _NOTES or _names_itself(value)]
    people = _all(entry, dialect.authors)
    return {
        "title": _title(_one(entry, dialect.title)),
        "abstract": _ADDED.sub("", text(_one(entry, dialect.abstract))),
        "authors": [*initials_first([forename_first(name) for name in people]), *_all(entry, dialect.groups)],
        **dict(zip(_DATES, _dates(entry, dialect), strict=False)),
        "venue": _one(entry, dialect.venue),
        "doi": next((_bare(value) for value in ids if _DOI_MARK.search(value) and ref(_bare(value))), ""),
        "id": next((word for value in ids for word in value.split()[:3] if _is_arxiv(word)), ""),
        "url": next((word for value in ids for word in value.split()[:1] if https(word)), ""),
        "comment": "; ".join(value for tag in dialect.notes for value in entry.get(tag, ())),
        "publicationtypes": [
            kind for tag in dialect.kinds for value in entry.get(tag, ()) for kind in value.split(";")
        ],
        "keywords": [word for value in _all(entry, dialect.keywords) for word in value.split(";")],
    }


# Remarks, which may speak of another paper.
_NOTES = frozenset({"N1", "M3", "ID", "AN"})


def _names_itself(note: str) -> bool:
    """Return whether a remark is an id and nothing else."""
    return note_names(note) or (len(note.split()) <= 2 and "arxiv" not in note.lower())


# The keys of a record that hold a date, in the order in which they are tried.
_DATES = ("published", "publicationdate", "date", "year")


def _dates(entry: Entry, dialect: Dialect) -> list[str]:
    """Return the dates of an entry, the most exact first: a day says more than a year."""
    written = [value for tag in dialect.dates for value in entry.get(tag, ()) if value.strip(" /")]
    return sorted(written, key=lambda value: -len(value.strip(" /")))


def _one(entry: Entry, tags: Sequence[str]) -> str:
    return next((value for tag in tags for value in entry.get(tag, ()) if value), "")


def _all(entry: Entry, tags: Sequence[str]) -> list[str]:
    """Return the values of the first tag that has any: full names stand beside the same names with initials."""
    return next(([value for value in entry[tag] if value] for tag in tags if any(entry.get(tag, ()))), [])


def _title(written: str) -> str:
    """Return a title without the full stop that libraries put behind it."""
    title = text(written, TITLE_LIMIT)
    return title[:-1] if title.endswith(".") and not title.endswith("..") and title.count(".") == 1 else title


def _bare(value: str) -> str:
    return (value.split() or [""])[0 if not value.lower().startswith("doi ") else 1 if " " in value else 0]


def _is_arxiv(word: str) -> bool:
    named = ref(word) if "arxiv" in word.lower() else None
    return named is not None and named.id.scheme == "arxiv"
