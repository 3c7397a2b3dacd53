"""Papers from a BibTeX or biblatex library; the only module that imports bibtexparser."""

import logging
import re
from collections.abc import Iterable, Mapping

from bots.domain.papers import Paper, PaperRef
from bots.sources.reading.authors import ET_AL, forename_first, listed, split_names
from bots.sources.reading.bibtex_values import Macros, fields_of, uncommented
from bots.sources.reading.dates import instant, names_day
from bots.sources.reading.ids import ARXIV_ID, doi_ref, note_names, page_url, ref, title_id
from bots.sources.reading.records import says_withdrawn
from bots.sources.reading.result import Reading
from bots.sources.reading.tex_text import plain_name, plain_tex
from bots.sources.reading.values import TITLE_LIMIT, https, text, texts
from bots.sources.reading.withdrawal import is_mark
from bots.translation.speech import gettext_lazy

Fields = Mapping[str, str]

# Volumes and collections of data: their entries stand in a library for the sake of the papers in them.
_NO_PAPERS = frozenset({"proceedings", "mvproceedings", "collection", "mvcollection", "periodical", "set", "xdata"})
_ARXIV = re.compile(
    rf"arxiv\s{{0,3}}[:.]\s{{0,3}}(?:abs/)?({ARXIV_ID})|arxiv\.org/(?:abs|pdf)/({ARXIV_ID})", re.IGNORECASE
)
_VOLUME = re.compile(rf"(?:abs/)?({ARXIV_ID})", re.IGNORECASE)
_ARXIV_JOURNAL = re.compile(r"\s*(?:arxiv|corr|computing research repository)\b", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s{}|<>\"]+")
_TO_NAME = re.compile(r"(given|family|prefix|suffix)(?:-i)?\s{0,3}=\s{0,3}([^,]*)")


def read_bibtex(written: str, source: str) -> Reading:
    """Return the papers of all entries with a title; a broken entry is left out and reported.

    Raises:
        SourceRefused: macros and parents make the library far longer than it is written.
    """
    # Imported late: describing a source in help and menus must not load a parser.
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, String

    # We report unreadable entries in one sentence; the library's log would repeat a hostile file line by line.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    library = parse_string(uncommented(written), parse_stack=[])
    known = (DuplicateBlockKeyBlock, DuplicateFieldKeyBlock)
    blocks = [block.ignore_error_block if isinstance(block, known) else block for block in library.blocks]
    macros = Macros({block.key.lower(): str(block.value) for block in blocks if isinstance(block, String)})
    entries = [
        (entry, fields_of(((field.key, str(field.value)) for field in entry.fields), macros))
        for entry in blocks
        if isinstance(entry, Entry)
    ]
    parents = {entry.key.lower(): fields for entry, fields in entries}
    papers: list[Paper] = []
    skipped: list[str] = []
    for entry, fields in entries:
        paper = _paper(_inherited(fields, parents, macros), source)
        if paper is None or entry.entry_type.lower() in _NO_PAPERS:
            why = (
                gettext_lazy("no title")
                if paper is None
                else gettext_lazy("a {kind}, no paper", kind=entry.entry_type.lower())
            )
            skipped.append(f"entry “{text(entry.key, 40)}” ({why})")
        else:
            papers.append(paper)
    broken = [block for block in library.failed_blocks if not isinstance(block, known)]
    skipped += [f"the entry at line {(block.start_line or 0) + 1}" for block in broken]
    return Reading(papers=tuple(papers), skipped=tuple(skipped))


def _inherited(fields: Fields, parents: Mapping[str, Fields], macros: Macros) -> Fields:
    """Return the fields with those that the entry named in `crossref` or `xdata` lends it (biblatex, appendix B)."""
    named = fields.get("crossref") or fields.get("xdata") or ""
    parent = parents.get(named.strip().lower())
    if parent is None or parent is fields:
        return fields
    lent = {key: value for key, value in parent.items() if fields.get("xdata") or key in ("year", "date", "month")}
    if fields.get("crossref"):
        lent["booktitle"] = parent.get("booktitle") or parent.get("title", "")
    return {**{key: macros.lend(value) for key, value in lent.items()}, **fields}


def _paper(fields: Fields, source: str) -> Paper | None:
    title = _title(fields)
    if not title:
        return None
    doi = doi_ref(fields.get("doi")) or doi_ref(_url(fields))
    doi = doi if doi and doi.id.scheme == "doi" else None
    named = _arxiv(fields) or doi or ref(_url(fields)) or PaperRef(id=title_id(title))
    abstract = text(_unwrapped(fields.get("abstract", "")))
    keywords = texts(plain_tex(fields.get("keywords", "")))
    published = _published(fields)
    return Paper(
        id=named.id,
        title=title,
        # Raw except for BibTeX's own syntax: the abstract's TeX is rendered when it is displayed.
        abstract=abstract,
        authors=_authors(fields.get("author", "")),
        published=instant(published),
        day_known=names_day(published),
        url=page_url(named.id) or https(_url(fields)),
        source=source,
        categories=texts(fields.get("primaryclass") or fields.get("eprintclass", "")),
        keywords=keywords,
        venue=text(plain_tex(_venue(fields)), TITLE_LIMIT),
        version=named.version,
        withdrawn=any(map(is_mark, keywords)) or says_withdrawn(title, _bare(fields.get("note", "")), abstract),
        aliases=frozenset({doi.id} - {named.id}) if doi else frozenset(),
    )


def _title(fields: Fields) -> str:
    title = text(plain_tex(text(fields.get("title", ""))), TITLE_LIMIT)
    subtitle = text(plain_tex(text(fields.get("subtitle", ""))), TITLE_LIMIT) if title else ""
    if not subtitle or subtitle.casefold() in title.casefold():
        return title
    return text(f"{title}{' ' if title[-1] in '?!:' else ': '}{subtitle}", TITLE_LIMIT)


def _unwrapped(abstract: str) -> str:
    """Return a text without the braces around the whole of it."""
    bare = abstract.strip()
    inner = bare[1:-1] if bare.startswith("{") and bare.endswith("}") else ""
    return inner if inner and "}" not in inner.partition("{")[0] and inner.count("{") == inner.count("}") else abstract


def _venue(fields: Fields) -> str:
    return next((said for key in ("journal", "journaltitle", "booktitle") if (said := fields.get(key, ""))), "")


def _url(fields: Fields) -> str:
    r"""Return the first address in the field `url`, which may be inside `\url{…}`."""
    found = _URL.search(fields.get("url", "").replace("\\_", "_").replace("\\%", "%"))
    return found[0] if found else ""


def _arxiv(fields: Fields) -> PaperRef | None:
    """Return the arXiv id, wherever the maker of the entry put it."""
    archive = (fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv").strip().lower()
    own = [fields.get("arxivid", ""), fields.get("eprint", "") if archive == "arxiv" else ""]
    journal, note = _venue(fields), ("note", "howpublished", "addendum", "annote")
    named = [found for key in note if note_names(found := _bare(fields.get(key, "")))]
    spoken = [journal, fields.get("number", ""), fields.get("doi", ""), _url(fields), *named]
    if _ARXIV_JOURNAL.match(journal) and (volume := _VOLUME.fullmatch(_bare(fields.get("volume", "")))):
        own.append(volume[1])
    refs = (*map(ref, own), *(ref(hit[1] or hit[2]) for said in spoken if (hit := _ARXIV.search(_bare(said)))))
    return next((one for one in refs if one and one.id.scheme == "arxiv"), None)


def _bare(value: str) -> str:
    return text(value, TITLE_LIMIT).replace("\\url", "").replace("\\href", "").replace("{", "").replace("}", "")


def _authors(written: str) -> tuple[str, ...]:
    """Return the names as `First Last`; an `and` inside braces is part of a name: `{Alfred and Sons}`."""
    parts = [part for part in _apart(text(written)) if part.strip()]
    if len(parts) == 1 and not _is_whole(parts[0]):
        # Written without `and`: `Smith, A.; Jones, B.`, or `Ada Smith, Bo Jones, Cy Li`.
        single = plain_name(parts[0].replace("\\&", " and "))
        if ";" in single or " and " in single or _is_list(single):
            return listed(split_names(single))
    return listed(map(_name, parts))


def _apart(written: str) -> Iterable[str]:
    names = [""]
    depth = 0
    for word in re.split(r"(?i)(?<!\S)(and)(?!\S)", written):
        if word.lower() == "and" and depth <= 0:
            names.append("")
            depth = 0
        else:
            names[-1] += word
            depth += word.count("{") - word.count("}")
    return names


def _name(part: str) -> str:
    if _is_whole(part):  # a name entirely in braces is an organisation; its commas do not separate names
        return plain_name(part.strip().rstrip(", "))
    if part.strip().lower() == "others":
        return ET_AL
    named = dict(_TO_NAME.findall(part)) if "=" in part else {}
    if "family" in named:  # biblatex's extended format: `given=Hans, family=Harman`
        return plain_name(
            " ".join(named[key].strip() for key in ("given", "prefix", "family", "suffix") if key in named)
        )
    return forename_first(plain_name(part))


def _is_whole(part: str) -> bool:
    bare = part.strip().rstrip(", ")
    return bare.startswith("{") and bare.endswith("}") and "}" not in bare[1:-1].partition("{")[0] and _nested(bare)


def _nested(bare: str) -> bool:
    """Return whether the first brace is closed by the last one."""
    depth = 0
    for place, char in enumerate(bare):
        depth += (char == "{") - (char == "}")
        if depth == 0 and place < len(bare) - 1:
            return False
    return depth == 0


def _is_list(single: str) -> bool:
    """Return whether commas separate whole names: at least three, each of two words or more."""
    names = [name.split() for name in single.split(",") if name.strip()]
    return len(names) > 2 and all(len(name) > 1 for name in names)


def _published(fields: Fields) -> str:
    """Return the text of biblatex's `date`, or of `year`, `month` and `day`, that can be read as a date."""
    if instant(said := _bare(fields.get("date", ""))):
        return said
    year, month, of_month = (_bare(fields.get(key, "")).replace("~", " ").strip() for key in ("year", "month", "day"))
    beside = "" if re.search(r"\d", month) else of_month  # `month={May 12}` names the day itself
    spelled = f"{year}-{month}{f'-{of_month}' if of_month else ''}" if month.isdigit() else f"{year} {month} {beside}"
    return next((said for said in (spelled.strip(), f"{year} {month}".strip(), year) if instant(said)), "")
