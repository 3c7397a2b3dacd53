"""Builds requests for arXiv's query API and parses its responses (Atom 1.0). Pure functions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element

from bots.domain.arxiv_taxonomy import ARCHIVES, CATEGORIES
from bots.domain.field_search import FieldSearch
from bots.domain.papers import Paper
from bots.sources._arxiv_feed import ARXIV
from bots.sources.reading.authors import listed
from bots.sources.reading.dates import instant
from bots.sources.reading.ids import ids_in, page_url, ref
from bots.sources.reading.values import TITLE_LIMIT, text, texts
from bots.sources.reading.withdrawal import is_withdrawn
from bots.sources.reading.xml_tree import ATOM, OPEN_SEARCH, inner, read_xml

# Longer queries make the server time out, and people do not type them.
_TERMS_MOST = 10
_WORDS_LIMIT = 500
_OPERATORS = frozenset({"AND", "OR", "NOT", "ANDNOT"})
#: Years beyond arXiv's are the same as none: it was opened in August 1991.
_FIRST_YEAR, _LAST_YEAR = 1990, 2999


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One page of results."""

    papers: tuple[Paper, ...] = ()
    #: The total number of matches that the server reports.
    total: int = 0
    #: Number of entries on this page, readable or not: the next page starts after them.
    entries: int = 0
    #: The server's error message about the query; empty if there is none.
    error: str = ""


def search_terms(words: str) -> str:
    """Return the query for papers that contain every word; words in quotes are matched as a phrase.

    All characters that have a meaning in the query language are removed. The result is empty if no word is left.
    """
    terms = [phrase or word for phrase, word in re.findall(r'"([^"]*)"|(\S+)', words[:_WORDS_LIMIT])]
    return _all_of(_in("all", term) for term in terms if term not in _OPERATORS)


def field_terms(asked: FieldSearch) -> str:
    """Return the query for the papers that meet what is asked for, or empty if nothing of it can be asked of arXiv.

    It is met by every paper that meets what is asked for, and by others: the words of a name may be those of two
    authors, and the dates reach a day beyond the years.
    """
    names = [word for name in asked.authors for word in re.findall(r"[^\W_]+", name)]
    # A single letter stands for an initial, and arXiv would search for it as a word.
    fields = {
        "ti": asked.title,
        "au": [word for word in names if len(word) > 1],
        "abs": asked.abstract,
        "all": asked.anywhere,
    }
    words = _all_of(_in(field, text) for field, texts in fields.items() for text in texts)
    conditions = [*map(_category, asked.categories), _years(asked.first_year, asked.last_year)]
    whole = " AND ".join(dict.fromkeys(filter(None, (words, *conditions))))
    return whole or _all_of(_in("au", word) for word in names)


def _all_of(terms: Iterable[str]) -> str:
    return " AND ".join(list(dict.fromkeys(filter(None, terms)))[:_TERMS_MOST])


def _in(field: str, text: str) -> str:
    """Return the term for a word or a phrase in a field, without the characters that have a meaning in a query."""
    words = " ".join(re.findall(r"[^\W_]+", text[:_WORDS_LIMIT]))
    return f'{field}:"{words}"' if " " in words else f"{field}:{words}" if words else ""


def _category(pattern: str) -> str:
    """Return the term for a category or an archive; empty if it is not one of arXiv's, which may be another site's."""
    name = pattern.casefold()
    if name in CATEGORIES and not ARCHIVES.get(name):
        return f"cat:{CATEGORIES[name]}"
    archive = name.removesuffix(".*")
    # Papers of before 1998 are in the archive itself.
    return f"(cat:{archive} OR cat:{archive}.*)" if ARCHIVES.get(archive) else ""


def _years(first: int | None, last: int | None) -> str:
    """Return the term for papers first submitted in these years, and on the days before and after them."""
    if first is None and last is None:
        return ""
    low = min(max(_FIRST_YEAR if first is None else first, _FIRST_YEAR), _LAST_YEAR)
    high = max(min(_LAST_YEAR if last is None else last, _LAST_YEAR), low)
    return f"submittedDate:[{low - 1}12310000 TO {high + 1}01012359]"


def category_terms(category: str, first: datetime, last: datetime) -> str:
    """Return the query for a category's papers first submitted between two UTC instants."""
    return f"cat:{category} AND submittedDate:[{first:%Y%m%d%H%M} TO {last:%Y%m%d%H%M}]"


def read_query(body: bytes, source: str) -> Found:
    """Return the papers of a response.

    Raises:
        SourceRefused: the response is unreadable.
    """
    root = read_xml(body, "arXiv")
    entries = root.findall(f"{ATOM}entry")
    errors = [entry for entry in entries if "/api/errors" in inner(entry, f"{ATOM}id")]
    if errors:
        # Independent of the HTTP status: 400 since 2026, 200 before.
        return Found(error=text(inner(errors[0], f"{ATOM}summary"), 200) or "unnamed error")
    return Found(
        papers=tuple(paper for entry in entries if (paper := _paper(entry, source))),
        total=_total(root),
        entries=len(entries),
    )


def _total(root: Element) -> int:
    written = inner(root, f"{OPEN_SEARCH}totalResults").strip()
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


def _paper(entry: Element, source: str) -> Paper | None:
    named = ref(inner(entry, f"{ATOM}id").strip())
    title = text(inner(entry, f"{ATOM}title"), TITLE_LIMIT)
    if named is None or named.id.scheme != "arxiv" or not title:
        return None
    abstract = text(inner(entry, f"{ATOM}summary"))
    return Paper(
        id=named.id,
        title=title,
        abstract=abstract,
        authors=listed(inner(author, f"{ATOM}name") for author in entry.iterfind(f"{ATOM}author")),
        published=instant(inner(entry, f"{ATOM}published")),
        url=page_url(named.id),
        source=source,
        categories=_categories(entry),
        venue=text(inner(entry, f"{ARXIV}journal_ref"), TITLE_LIMIT),
        version=named.version,
        withdrawn=is_withdrawn(title=title, comment=text(inner(entry, f"{ARXIV}comment")), abstract=abstract),
        aliases=ids_in(inner(entry, f"{ARXIV}doi")) - {named.id},
    )


def _categories(entry: Element) -> tuple[str, ...]:
    primary = entry.find(f"{ARXIV}primary_category")
    named = [primary] if primary is not None else []
    return texts([one.get("term", "") for one in (*named, *entry.iterfind(f"{ATOM}category"))])
