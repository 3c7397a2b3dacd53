"""Papers from records: objects of JSON, rows of tables, entries of tagged files, each with the keys of its maker."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bots.domain.papers import Paper, PaperRef, Signals
from bots.sources.reading.authors import names
from bots.sources.reading.dates import day, instant, names_day
from bots.sources.reading.ids import doi_ref, is_sound, page_url, ref, title_id
from bots.sources.reading.json_shapes import FOREIGN_KEYS, flat, is_attached, string
from bots.sources.reading.result import Reading, collected
from bots.sources.reading.values import TITLE_LIMIT, count, https, text, texts
from bots.sources.reading.withdrawal import is_mark, is_withdrawn
from bots.translation.speech import gettext_lazy

# The possible keys of each field, in lower case without punctuation (`publishedAt`, `published_at` and `Published At`
# are one key), the most specific first.
_KEYS: Mapping[str, Sequence[str]] = {
    "title": ("title", "displayname", "titles"),
    "abstract": ("abstract", "abstractnote", "summary", "abstracttext", "description", "summaries"),
    "authors": ("authors", "author", "creators", "authorships", "authornames", "authorlist"),
    "published": (
        "published", "publishedat", "publicationdate", "publisheddate", "datepublished", "issued", "firstversion",
        "pdate", "date", "publicationyear", "year", "pubdate", "created", "submitteddate", "cdate",
    ),
    "announced": ("day", "announced", "submittedondailyat"),
    "arxiv": ("arxivid", "arxiv", "entryid", "eprint", "archiveid", "arxivurl", "absurl", "paperid", "paperurl"),
    "id": ("id", "url", "urlabs", "link", "pdfurl", "urlpdf", "uri", "identifier", "abs"),
    # A number or a note of a journal's article may look like an id; these count only if they speak of arXiv.
    "perhaps": ("number", "note", "source", "publisher", "extra"),
    "doi": ("doi", "dois"),
    "url": ("url", "link", "paperurl", "absurl", "urlabs"),
    "code": ("github", "githubrepo", "code", "repository", "codeurl", "repourl"),
    "venue": (
        "venue", "journal", "journalref", "containertitle", "publicationtitle", "booktitle", "proceedingstitle",
        "proceeding", "conference", "conferencename", "journaltitle",
    ),
    "categories": ("categories", "category", "subjects", "primarycategory", "terms"),
    "keywords": ("keywords", "aikeywords", "tags", "keyword"),
    # What the record is: "Journal Article", "Retracted Publication".
    "kinds": ("publicationtypes", "publicationtype", "documenttype", "doctype", "pubtype"),
    "upvotes": ("upvotes", "likes", "votes"),
    "comments": ("comments", "numcomments"),
    "stars": ("stars", "githubstars"),
    "citations": ("citations", "citationcount", "citedbycount", "isreferencedbycount"),
}  # fmt: skip
# Only Hugging Face's lists have these keys, and their texts lack the dollars of mathematics.
_HUGGING_FACE = frozenset({"upvotes", "submittedondailyat", "discussionid"})
# Keys that only lists of papers have, beside those of _KEYS.
_OF_PAPERS = _HUGGING_FACE | {"pmid", "pmcid", "pubmedid", "issn", "isbn", "paperid", "corpusid", "openreviewid", "abs"}
# Crossref's kinds of notices after which a paper is no longer valid; after a correction it is.
_ENDS = frozenset({"retraction", "withdrawal", "removal"})
# What programs write into an empty cell.
_NO_TITLE = re.compile(r"nan|null|none|nil|undefined|\(?blank\)?|\(?no title\)?|#?n/a!?|#ref!|[\W_]+", re.IGNORECASE)
_ERROR = frozenset({"status", "statuscode", "error", "errors", "code", "errorcode"})
_ARXIV_CATEGORY = re.compile(r"[a-z-]+(?:\.[A-Za-z-]{2,})?")


def read_records(items: Iterable[object], source: str) -> Reading:
    """Return the papers among the items, and report the others; the files attached to a paper are no items."""

    def read(number: int, item: object) -> Paper | str | None:
        return (
            None
            if is_attached(item)
            else paper_of(item, source) or gettext_lazy("item {place} (no title)", place=number)
        )

    return collected(items, read)


def paper_of(item: object, source: str) -> Paper | None:
    """Return the paper of one record, or None if it has no title or says that it is something else.

    Read are the records of Hugging Face, arXiv's dumps, Semantic Scholar, OpenAlex, Crossref, OpenReview, Zotero and
    CSL-JSON, and plain ones; unknown keys are ignored.
    """
    record = flat(item)
    title = text(string(_field(record, "title")), TITLE_LIMIT)
    if not title or _NO_TITLE.fullmatch(title) or is_attached(item):
        return None
    doi = doi_ref(string(_field(record, "doi")))
    named = _named(record) or doi or PaperRef(id=title_id(title))
    abstract = text(string(_field(record, "abstract")))
    comment = text(string(record.get("comments") or record.get("comment")))
    published, day_known = _published(record)
    return Paper(
        id=named.id,
        title=title,
        abstract=abstract,
        authors=names(_field(record, "authors")),
        published=published,
        day_known=day_known,
        announced=next((read for value in _fields(record, "announced") if (read := day(value))), None),
        url=page_url(named.id) or _address(record, "url"),
        source=source,
        categories=_categories(_field(record, "categories")),
        keywords=_labels(_field(record, "keywords")),
        venue=text(string(_field(record, "venue")), TITLE_LIMIT),
        code=_address(record, "code"),
        version=named.version or count(record.get("versionnumber")),
        withdrawn=_is_marked(record) or says_withdrawn(title, comment, abstract),
        dollar_math=not _HUGGING_FACE & record.keys(),
        signals=_signals(record),
        aliases=frozenset({doi.id} - {named.id}) if doi else frozenset(),
    )


def _is_marked(record: Mapping[str, object]) -> bool:
    """Return whether a field of its own says that a paper was retracted: OpenAlex's, PubMed's, Crossref's, a label."""
    flags = (record.get(key) for key in ("withdrawn", "isretracted", "retracted"))
    labels = (label for name in ("keywords", "kinds") for value in _fields(record, name) for label in _labels(value))
    return (
        any(flag is True or string(flag)[:5].lower() == "true" for flag in flags)
        or any(map(is_mark, labels))
        or not _ENDS.isdisjoint(_updates(record))
    )


def _updates(record: Mapping[str, object]) -> Iterable[str]:
    """Return the kinds of later notices about a paper, or of the notice that the record is, in Crossref's words."""
    lists = (value for key in ("updatedby", "updateto") if isinstance(value := record.get(key), list))
    return [string(one.get("type"))[:40].lower() for value in lists for one in value if isinstance(one, Mapping)]


def speaks_of_papers(item: object) -> bool:
    """Return whether a record has what papers have beside a title; the answer of a server to an error has not.

    A year alone is what films have, too.
    """
    record = flat(item)
    sure = any(
        _field(record, name) for name in ("authors", "doi", "arxiv", "venue", "kinds", "categories", "citations")
    )
    told = sure or _named(record) is not None or not _OF_PAPERS.isdisjoint(record)
    return told or (bool(_field(record, "abstract")) and not _ERROR & record.keys())


def is_foreign(item: object) -> bool:
    """Return whether a record has keys of something else, such as `director`, and nothing that only papers have.

    The plot of a film and the text of a task are called as an abstract may be, so a text alone makes no paper.
    """
    record = flat(item)
    if FOREIGN_KEYS.isdisjoint(record):
        return False
    sure = any(_field(record, name) for name in ("authors", "doi", "arxiv", "venue", "kinds")) or "abstract" in record
    return not sure and _named(record) is None and _OF_PAPERS.isdisjoint(record)


def says_withdrawn(title: str, comment: str, abstract: str) -> bool:
    """Return whether a paper's texts say that it was withdrawn; asked only if one has such a word."""
    whole = f"{title} {comment} {abstract}".lower()
    words = ("withdr", "retract", "removed", "deleted", "taken down")
    return any(word in whole for word in words) and is_withdrawn(title=title, comment=comment, abstract=abstract)


def _fields(record: Mapping[str, object], name: str) -> Iterable[object]:
    return (record[key] for key in _KEYS[name] if record.get(key) not in (None, "", [], {}))


def _field(record: Mapping[str, object], name: str) -> object:
    return next(iter(_fields(record, name)), None)


def _published(record: Mapping[str, object]) -> tuple[datetime | None, bool]:
    """Return the instant of publication, and whether the source names its day."""
    dates = ((read, names_day(value)) for value in _fields(record, "published") if (read := instant(value)))
    return next(dates, (None, False))


def _named(record: Mapping[str, object]) -> PaperRef | None:
    """Return the paper's arXiv id wherever it stands, else the first id that another key holds."""
    written = [string(value) for field in ("arxiv", "doi", "id") for value in _fields(record, field)]
    written += [said for value in _fields(record, "perhaps") if "arxiv" in (said := string(value)).lower()]
    found = [read for said in written if is_sound(said) and (read := ref(said))]
    return next((one for one in found if one.id.scheme == "arxiv"), found[0] if found else None)


def _address(record: Mapping[str, object], name: str) -> str:
    return next((found for value in _fields(record, name) if (found := https(string(value)))), "")


def _labels(value: object) -> tuple[str, ...]:
    """Return labels without the star of a medical paper's main subjects, and the brackets of a list in a cell."""
    if isinstance(value, list):
        value = [string(one) for one in value]
    return tuple(bare for label in texts(value) if (bare := label.strip("*[]\"' ")))


def _categories(value: object) -> tuple[str, ...]:
    """Return category names; arXiv's own export separates them by spaces: `cs.CL stat.ML`."""
    if isinstance(value, str) and all(_ARXIV_CATEGORY.fullmatch(one) for one in value.split()):
        value = value.replace(" ", ",")
    return _labels(value)


def _signals(record: Mapping[str, object]) -> Signals:
    return Signals(
        upvotes=count(_field(record, "upvotes")),
        comments=count(_field(record, "comments")),
        stars=count(_field(record, "stars")),
        citations=count(_field(record, "citations")),
    )
