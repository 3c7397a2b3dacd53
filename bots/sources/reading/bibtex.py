"""Papers from a BibTeX library; the only module that imports bibtexparser."""

import logging
import re
import unicodedata

from bots.domain.papers import Paper, PaperRef
from bots.sources.reading.authors import forename_first, listed
from bots.sources.reading.dates import instant
from bots.sources.reading.ids import page_url, ref, title_id
from bots.sources.reading.result import Reading
from bots.sources.reading.values import TITLE_LIMIT, https, text, texts

# LaTeX's accents as the Unicode combining marks that follow a letter: `\"o`, `\v{s}`.
_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å",
    "AA": "Å", "i": "i", "j": "j", "&": "&", "%": "%", "_": "_", "#": "#",
}  # fmt: skip
# `\"{o}`, `\"o`, `\"\i`; an accent named by a letter is followed by a brace or a space: `\c{c}`, `\v s`.
_ACCENT = re.compile(r"\\(?:([`'^~=.\"])|([uvHcdkr])(?=[\s{]))\s*\{?\s*\\?([A-Za-z])\s*\}?")
_LETTER = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|[oOlLij])(?![A-Za-z])(?:\{\}|\s+)?|\\([&%_#])")
_MATHS = re.compile(r"(?<!\\)\$[^$]*\$")
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


def read_bibtex(written: str, source: str) -> Reading:
    """Return the papers of all entries with a title; a broken entry is left out and reported."""
    # Imported late: describing a source in help and menus must not load a parser.
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateBlockKeyBlock, Entry

    # We report unreadable entries in one sentence; the library's log would repeat a hostile file line by line.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    library = parse_string(written)
    papers: list[Paper] = []
    skipped: list[str] = []
    for block in library.blocks:
        entry = block.ignore_error_block if isinstance(block, DuplicateBlockKeyBlock) else block
        if not isinstance(entry, Entry):
            continue
        paper = _paper({field.key.lower(): text(str(field.value)) for field in entry.fields}, source)
        if paper is None:
            skipped.append(f"entry “{text(entry.key, 40)}” (no title)")
        else:
            papers.append(paper)
    broken = [block for block in library.failed_blocks if not isinstance(block, DuplicateBlockKeyBlock)]
    skipped += [f"the entry at line {(block.start_line or 0) + 1}" for block in broken]
    return Reading(papers=tuple(papers), skipped=tuple(skipped))


def _paper(fields: dict[str, str], source: str) -> Paper | None:
    title = text(_plain(fields.get("title", "")), TITLE_LIMIT)
    if not title:
        return None
    doi = ref(fields.get("doi"))
    named = _arxiv(fields) or doi or ref(fields.get("url")) or PaperRef(id=title_id(title))
    return Paper(
        id=named.id,
        title=title,
        # Raw except for BibTeX's own syntax: the abstract's TeX is rendered when it is displayed.
        abstract=fields.get("abstract", ""),
        authors=_authors(fields.get("author", "")),
        published=instant(_date(fields)),
        url=page_url(named.id) or https(fields.get("url", "")),
        source=source,
        categories=texts(fields.get("primaryclass", "")),
        keywords=texts(_plain(fields.get("keywords", ""))),
        venue=text(_plain(fields.get("journal", "") or fields.get("booktitle", "")), TITLE_LIMIT),
        version=named.version,
        aliases=frozenset({doi.id} - {named.id}) if doi else frozenset(),
    )


def _arxiv(fields: dict[str, str]) -> PaperRef | None:
    eprint = fields.get("eprint", "")
    archive = (fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv").lower()
    return ref(eprint) if eprint and archive == "arxiv" else None


def _authors(written: str) -> tuple[str, ...]:
    """Return the names as `First Last`; an `and` inside braces is part of a name: `{Alfred and Sons}`."""
    names = [""]
    for word in re.split(r"(\s+and\s+)", written):
        whole = names[-1].count("{") == names[-1].count("}")
        if word.strip() == "and" and whole:
            names.append("")
        else:
            names[-1] += word
    # A name entirely in braces is an organisation; its commas do not separate names.
    return listed(
        _plain(name) if re.fullmatch(r"\s*\{[^{}]*\}\s*", name) else forename_first(_plain(name)) for name in names
    )


def _date(fields: dict[str, str]) -> str:
    year = fields.get("year", "").strip()
    month = fields.get("month", "").strip().lower()
    number = int(month) if month.isascii() and month.isdigit() else _MONTHS.get(month[:3], 1)
    return fields.get("date", "").strip() or (f"{year}-{number:02d}" if year else "")


def _plain(written: str) -> str:
    """Return the text without BibTeX's braces and with Unicode accents; mathematics is kept as it is."""
    parts = _MATHS.split(written)
    maths = [*_MATHS.findall(written), ""]
    return "".join(_unbraced(part) + kept for part, kept in zip(parts, maths, strict=True))


def _unbraced(part: str) -> str:
    accented = _ACCENT.sub(lambda found: found[3] + _MARKS[found[1] or found[2]], part)
    lettered = _LETTER.sub(lambda found: _LETTERS[found[1] or found[2]], accented)
    return unicodedata.normalize("NFC", re.sub(r"(?<!\\)[{}]", "", lettered).replace("~", " "))
