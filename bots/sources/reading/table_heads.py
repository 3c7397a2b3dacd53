"""The heads of the columns of tables of papers, and the line of a table in which they stand. Pure functions."""

import re
from collections.abc import Mapping, Sequence

from bots.sources.reading.json_shapes import FOREIGN_KEYS, plain_key

# The heads of the columns of each field, without spaces and punctuation, the best first. Seen in exports of Zotero,
# Scopus, Embase, Cochrane, PubMed, IEEE, Springer, Dimensions, Lens, Rayyan, Covidence, Publish or Perish, Google
# Scholar; the heads of two letters are those of Web of Science.
FIELD_HEADS: Mapping[str, Sequence[str]] = {
    "title": ("title", "articletitle", "papertitle", "documenttitle", "primarytitle", "itemtitle", "titles", "ti",
              "titel", "titre", "titulo", "papername"),
    "abstract": ("abstract", "abstractnote", "abstracttext", "abstracts", "summary", "summaries", "ab",
                 "zusammenfassung"),
    "authors": ("authorfullnames", "authors", "author", "authornames", "authorlist", "af", "au", "creators", "autoren",
                "auteurs", "itemauthors"),
    "published": ("publicationdate", "dateofpublication", "publisheddate", "datepublished", "published", "date",
                  "coverdate", "publicationyear", "publishedyear", "pubyear", "year", "py", "jahr", "annee"),
    "venue": ("journal", "sourcetitle", "journalbook", "publicationtitle", "containertitle", "journaltitle",
              "journalname", "booktitle", "publication", "conference", "conferencename", "venue", "so", "source"),
    "doi": ("doi", "itemdoi", "di", "doilink"),
    "arxiv": ("arxivid", "arxiv", "eprint", "entryid"),
    "url": ("url", "link", "articleurl", "itemurl", "sourceurl", "paperurl", "links", "fulltextlink", "pdflink",
            "pdfurl"),
    "id": ("id", "key"),
    "keywords": ("keywords", "authorkeywords", "manualtags", "tags", "de"),
    "categories": ("categories", "category", "subjects", "terms", "primarycategory"),
    "citations": ("citations", "citationcount", "citedby", "cites", "timescited"),
    "upvotes": ("upvotes", "likes", "votes"),
    "code": ("code", "github", "repository"),
}  # fmt: skip
#: The field of each head.
HEADS = {head: field for field, heads in FIELD_HEADS.items() for head in heads}
_KNOWN_LEAST = 2
# Columns of titles have films, bookmarks, songs and tasks too. Beside them a table of papers has one of these.
_OF_PAPERS = frozenset({"abstract", "authors", "doi", "arxiv", "venue"})
_PAPER_HEADS = frozenset({"pmid", "pmcid", "pubmedid", "issn", "isbn"})
# The place of any text may be called so.
_ANY_SOURCE = frozenset({"source", "publication", "so"})
# The longest heads of exports have four words: "Published Conference Name" has three.
_HEAD_WORDS = 4
_SENTENCE = re.compile(r"[.!?]$|[.!?;] ")
# Above the head stand at most the search and a notice: Embase's three lines, Dimensions' one.
_LINES_ABOVE = 40
_SEPARATORS = ",;\t|"


def head_of(written: str) -> tuple[int, dict[str, str]] | None:
    """Return the position of the head of a table of papers, and how its cells are separated and quoted."""
    start = 0
    for _ in range(_LINES_ABOVE):
        end = written.find("\n", start)
        line = written[start : end if end >= 0 else len(written)]
        for separator in _SEPARATORS if len(line) < 10_000 else "":
            quote = "'" if line.lstrip().startswith("'") else '"'
            cells = [cell.strip().strip(quote).strip() for cell in line.split(separator)]
            if _is_head(cells) and _is_of_papers({plain_key(cell) for cell in cells}, written[start : start + 20_000]):
                return start, {"delimiter": separator, "quotechar": quote}
        if end < 0:
            break
        start = end + 1
    return None


def looks_untitled(written: str) -> bool:
    """Return whether a text begins like a table that has no column of titles."""
    lines = [line for line in written.split("\n", 10)[:10] if line.strip()][:3]
    for separator in _SEPARATORS if lines else "":
        cells = [plain_key(cell) for cell in lines[0].split(separator)]
        known = {HEADS[cell] for cell in cells if cell in HEADS}
        same = len({line.count(separator) for line in lines}) == 1 and len(lines) == 3
        if len(cells) > 2 and "title" not in known and (len(known) >= _KNOWN_LEAST or (same and separator != ",")):
            return True
    return False


def looks_foreign(written: str) -> bool:
    """Return whether a text begins like a table with a column of titles that are not those of papers."""
    line, _, rest = written.lstrip("\n").partition("\n")
    for separator in _SEPARATORS if rest.strip() and len(line) < 10_000 else "":
        cells = [cell.strip().strip("\"'").strip() for cell in line.split(separator)]
        if len(cells) > 1 and _is_head(cells) and separator in rest:
            return True
    return False


def _is_head(cells: Sequence[str]) -> bool:
    """Return whether cells are the short names of columns, one of titles among them."""
    return any(HEADS.get(plain_key(cell)) == "title" for cell in cells) and not any(
        len(cell.split()) > _HEAD_WORDS + 2 or (_SENTENCE.search(cell) and len(cell.split()) > 2) for cell in cells
    )


def _is_of_papers(heads: set[str], written: str) -> bool:
    """Return whether the columns are those of papers, or the addresses in them lead to papers."""
    known = {HEADS[head] for head in heads - _ANY_SOURCE if head in HEADS}
    if heads & FOREIGN_KEYS and not known & {"doi", "arxiv"} and not (heads & {"abstract"} and "authors" in known):
        return False
    if known & _OF_PAPERS or heads & _PAPER_HEADS:
        return True
    lines = written.count("\n")
    addresses = len(re.findall(r"(?:arxiv\.org/|doi\.org/10\.)", written, re.IGNORECASE))
    return bool(known & {"url", "id"}) and addresses * 2 >= lines > 0
