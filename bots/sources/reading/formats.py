"""The formats of files: how each is recognised, and how it is read, or why not. A new format is one row here.

The rows are tried from the top: first what is no text, then what only one format can begin with, then lists of plain
lines, in which nearly every text could be a title.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

from bots.domain.errors import SourceRefused
from bots.sources.reading import other_texts as other
from bots.sources.reading.arxiv_text import looks_like_mail, looks_like_page, read_arxiv_mail, read_arxiv_page
from bots.sources.reading.bibtex import read_bibtex
from bots.sources.reading.free_listing import read_free_listing
from bots.sources.reading.ids import ref
from bots.sources.reading.json_file import read_json
from bots.sources.reading.labelled import looks_labelled, read_labelled
from bots.sources.reading.markdown import looks_like_markdown, read_markdown
from bots.sources.reading.result import PAPERS_MOST, Reading, nameable
from bots.sources.reading.table_heads import looks_foreign, looks_untitled
from bots.sources.reading.tables import looks_like_table, read_table
from bots.sources.reading.tagged import read_endnote, read_nbib, read_refworks, read_ris, read_web_of_science
from bots.sources.reading.xml_files import read_endnote_xml, read_feed_file

Recognise = Callable[[str], bool]
Read = Callable[[str, str], Reading]

# A format shows itself at the beginning; a notice or a search may stand above it.
_BEGINNING = 20_000
_TAG = re.compile(
    r"(?:TY|ER|AU|A[123]|T[123I]|AB|N[12]|DO|UR|KW|PY|Y1|DA|J[AFO]|SN|VL|SP|EP|PB|PMID|FAU|AID|LID) {0,2}-(?: |$)"
    r"|@[A-Za-z]{3,20} ?\{|%[0-9A-Z] "
)
_ADVICE = "Export it as RIS, BibTeX, CSV or JSON."


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """One format of a file: one that is read, or one that is refused by its name."""

    #: With its article: "a RIS file".
    name: str
    #: Whether the beginning of a text is in this format.
    is_text: Recognise = lambda _: False
    #: The first bytes of a format that is no text, and bytes that must follow somewhere.
    magic: Sequence[bytes] = ()
    holds: bytes = b""
    #: None if the format is refused.
    read: Read | None = None
    #: For a refused format: what the reader of the message should do.
    instead: str = _ADVICE


def _begins(pattern: str) -> Recognise:
    """Return a function that finds a pattern at the beginning of a line among the first ones of a text."""
    compiled = re.compile(pattern, re.MULTILINE)
    return lambda written: compiled.search(written) is not None


def _starts(pattern: str) -> Recognise:
    """Return a function that finds a pattern at the very beginning of a text, behind white space."""
    compiled = re.compile(rf"\s*(?:{pattern})", re.IGNORECASE)
    return lambda written: compiled.match(written) is not None


def _is_ids(written: str) -> bool:
    lines = [line.strip() for line in written[:2_000].splitlines()[:20] if line.strip()]
    return len(lines) > 0 and all(ref(line) for line in (lines[:-1] or lines))


# What may stand above the first element; a comment ends at its first end.
_ABOVE = r"(?:<\?xml[^>]{0,500}>\s*|<!--(?:(?!-->)[\s\S]){0,4000}-->\s*){0,9}"
_ZIP = (b"PK\x03\x04",)
FORMATS: Sequence[Format] = (
    Format(name="an Excel workbook (.xlsx)", magic=_ZIP, holds=b"xl/", instead="Save it as CSV."),
    Format(name="a Word document (.docx)", magic=_ZIP, holds=b"word/"),
    Format(name="an OpenDocument file", magic=_ZIP, holds=b"opendocument", instead="Save a spreadsheet as CSV."),
    Format(name="a zip archive", magic=_ZIP, instead="Unpack it, and name the file that is in it."),
    Format(name="a file of an old version of Office (.xls, .doc)", magic=(b"\xd0\xcf\x11\xe0",),
           instead="Save it as CSV."),
    Format(name="a PDF", magic=(b"%PDF",), instead="Give a list of papers, such as the BibTeX of your library."),
    Format(name="a SQLite database", magic=(b"SQLite format 3",)),
    Format(name="a Parquet file", magic=(b"PAR1",), instead="Convert it to JSON Lines or CSV."),
    Format(name="a compressed archive", magic=(b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"(\xb5/\xfd"),
           instead="Unpack it, or compress it with gzip."),
    Format(name="an image", magic=(b"\x89PNG", b"\xff\xd8\xff", b"GIF8")),
    # An object, or an array of values: a title can begin with a bracket too, as "[Re] …" does.
    Format(name="JSON or JSON Lines", is_text=_starts(r"\{|\[\s*[\[{\]\"]"), read=read_json),
    Format(name="an EndNote XML file",
           is_text=_starts(r"(?:<\?xml[^>]*>\s*)?<(?:xml|records)>\s*(?:<records>|<record>)"), read=read_endnote_xml),
    Format(name="an RSS or Atom feed",
           is_text=_starts(rf"{_ABOVE}<(?:rss|feed|rdf:RDF)[\s>]"),
           read=read_feed_file),
    Format(name="a web page (HTML)", is_text=_starts(
        rf"{_ABOVE}<(?:!doctype html|(?:html|head|body|div|script|main|section|article|table|ul|ol|p|h[1-6]|nav|style"
        r"|span|a|meta|title|link)\b)"),
           instead="Copy the list of papers from the page into a text file, or export it as RIS, BibTeX, CSV or JSON."),
    Format(name="PubMed's XML",
           is_text=_starts(rf"{_ABOVE}(?:<!DOCTYPE[^>]{{0,500}}>\s*)?<(?:PubmedArticleSet|MedlineCitationSet|PubmedArticle)\b"),
           instead="Export it in PubMed's own format: choose “PubMed” (.nbib)."),
    Format(name="an XML file", is_text=_starts(r"<\?xml|<!--|<[a-z][\w:.-]*[\s>]")),
    Format(name="a LaTeX document", is_text=_begins(
        r"^[ \t]{0,40}\\(?:documentclass|begin\{|bibitem|usepackage|(?:sub){0,2}section\*?\{|chapter\*?\{|maketitle"
        r"|newcommand|input\{|title\{|author\{|paragraph\{)"),
           instead="Give its .bib file."),
    Format(name="PubMed's format (.nbib)", is_text=_begins(r"^PMID *- \d"), read=read_nbib),
    Format(name="RIS", is_text=_begins(r"^[ \t]{0,3}TY {0,3}-(?: |$)"), read=read_ris),
    Format(name="the plain-text export of Web of Science",
           is_text=_begins(r"^FN .*\n(?:.*\n)?VR |^PT [A-Z]\n(?:AU|AF) "), read=read_web_of_science),
    Format(name="EndNote's tagged format (.enw)", is_text=_begins(r"^%0 \S"), read=read_endnote),
    Format(name="RefWorks' tagged format",
           is_text=_begins(r"^RT [A-Z][a-z].*\n(?:[A-Z][A-Z0-9] .*\n){2}"), read=read_refworks),
    Format(name="arXiv's mail", is_text=looks_like_mail, read=read_arxiv_mail),
    Format(name="a list copied from arXiv", is_text=looks_like_page, read=read_arxiv_page),
    Format(name="PubMed's text export", is_text=other.looks_like_pubmed_text,
           instead="Export it in PubMed's own format: choose “PubMed” (.nbib) instead of “Abstract (text)”."),
    Format(name="a table (CSV, TSV)", is_text=looks_like_table, read=read_table),
    Format(name="BibTeX", is_text=_begins(r"^[ \t]*@[A-Za-z]+[ \t]*[{(]"), read=read_bibtex),
    Format(name="a file of labelled fields", is_text=looks_labelled, read=read_labelled),
    Format(name="a list in Markdown", is_text=looks_like_markdown, read=read_markdown),
    Format(name="YAML", is_text=_begins(r"\A(?:---\s*\n)?(?:[a-z]+:\s*\n)?\s*- (?:title|id|type|authors?):")),
    Format(name="subtitles", is_text=other.looks_like_subtitles),
    Format(name="a calendar or a book of addresses", is_text=other.looks_like_cards),
    Format(name="an e-mail or a letter", is_text=other.looks_like_letter),
    Format(name="a file of settings", is_text=other.looks_like_settings),
    Format(name="a list of ids", is_text=_is_ids,
           instead="Paperwire looks up single ids with the command `lookup`; a file must hold titles and abstracts."),
    Format(name="an alert of Google Scholar",
           is_text=_begins(r"^.{3,150} - .{2,150}, (?:19|20)\d\d\n.{40,}(?:…|\.\.\.)$"),
           instead="Its abstracts are cut short; give the BibTeX of the papers, or look them up by their titles."),
    Format(name="a file of tags and values",
           is_text=_begins(r"^(?:[A-Z][A-Z0-9]  ?- .*\n){2}"
                           r"|^(?:[A-Z]{2,4} {0,2}- .*\n){3}|^(?:%[A-Z0-9] .*\n){2}|^(?:[A-Z][A-Z0-9] \S.*\n){4}")),
    Format(name="a log", is_text=other.looks_like_log),
    Format(name="source code", is_text=other.looks_like_code),
    Format(name="a document in Markdown", is_text=other.looks_like_document,
           instead="Of Markdown, lists of links to papers are read."),
    Format(name="the text of a whole paper", is_text=other.looks_like_full_text,
           instead="Give its title and abstract, or a list of papers."),
    Format(name="a page of a site that is no list of papers", is_text=other.looks_like_error_page),
    Format(name="a table of something else than papers", is_text=looks_foreign,
           instead="A table of papers has, beside the column `title`, one of abstract, authors, doi or journal."),
    Format(name="a table without a column `title`", is_text=looks_untitled,
           instead="Name the columns in the first line: title, abstract, authors, year, doi."),
)  # fmt: skip
#: What is read when no row of the table recognises a text.
LISTING = Format(name="a copied list (a title, then its abstract, line by line)", read=read_free_listing)


def parse(written: str, source: str) -> Reading:
    """Return the papers of a text in any of the known formats.

    Raises:
        SourceRefused: the text is in a format that is not read, or in none, or holds no paper.
    """
    # Accents as characters of their own, as some systems write them, would be other words to every filter.
    whole = normalize("NFC", written.removeprefix("\ufeff")).replace("\r\n", "\n").replace("\r", "\n")
    beginning = whole[:_BEGINNING]
    found = next((one for one in FORMATS if one.is_text(beginning)), LISTING)
    if found.read is None:
        raise refusal(found, source)
    reading = _without_tags(_capped(found.read(whole, source)))
    if not reading.papers:
        raise SourceRefused(
            f"No paper was found in `{nameable(source)}`, which was read as {found.name}.",
            hint=f"{reading.trouble} Paperwire reads {known()}.".strip(),
        )
    return reading


def _capped(reading: Reading) -> Reading:
    """Return a reading with no more papers than a file may have."""
    more = len(reading.papers) - PAPERS_MOST
    return replace(reading, papers=reading.papers[:PAPERS_MOST], beyond=reading.beyond + more) if more > 0 else reading


def _without_tags(reading: Reading) -> Reading:
    """Return a reading without papers whose titles are lines of a tagged file, which no reader should have let pass."""
    tagged = [paper for paper in reading.papers if _TAG.match(paper.title)]
    if not tagged:
        return reading
    papers = tuple(paper for paper in reading.papers if not _TAG.match(paper.title))
    return replace(reading, papers=papers, skipped=(*reading.skipped, *("a line with a tag" for _ in tagged)))


def refused_bytes(body: bytes, source: str) -> SourceRefused | None:
    """Return the refusal of a file that is no text, or None if its first bytes are those of no such format."""
    for one in FORMATS:
        if body.startswith(tuple(one.magic) or (b"\0\0no format",)) and one.holds in body:
            return refusal(one, source)
    return None


def refusal(unread: Format, source: str) -> SourceRefused:
    """Return the error that names a format that is not read, and says what to do."""
    return SourceRefused(
        f"`{nameable(source)}` looks like {unread.name}, which Paperwire does not read. {unread.instead}",
        hint=f"Paperwire reads {known()}.",
    )


def known() -> str:
    """Return the names of the formats that are read, as an enumeration."""
    return (
        "JSON, JSON Lines, CSV, TSV, RIS, NBIB, BibTeX, the exports of EndNote and Web of Science, feeds, and lists"
        " copied from a page"
    )
