"""Papers from JSON records in the formats of Paperwire, Hugging Face and reference managers."""

from collections.abc import Iterable, Mapping, Sequence

from bots.domain.errors import SourceRefused
from bots.domain.papers import Paper, PaperId, PaperRef, Signals
from bots.sources.reading.authors import names
from bots.sources.reading.dates import day, instant
from bots.sources.reading.ids import page_url, ref, title_id
from bots.sources.reading.json_text import load_json
from bots.sources.reading.result import Reading
from bots.sources.reading.values import TITLE_LIMIT, count, https, text, texts

# The possible keys for each field, the most specific first.
_KEYS: Mapping[str, Sequence[str]] = {
    "title": ("title",),
    "abstract": ("abstract", "summary", "description"),
    "authors": ("authors", "author", "creators"),
    "published": ("published", "publishedAt", "published_at", "publication_date", "publicationDate", "date", "year"),
    "announced": ("day", "announced", "submittedOnDailyAt"),
    "id": ("arxiv_id", "arxivId", "arxiv", "id", "eprint", "doi", "DOI", "url", "link"),
    "doi": ("doi", "DOI"),
    "url": ("url", "link"),
    "code": ("github", "githubRepo", "code", "repository"),
    "venue": ("venue", "journal", "journal_ref", "booktitle", "conference"),
    "categories": ("categories", "category", "subjects"),
    "keywords": ("keywords", "ai_keywords", "tags"),
    "upvotes": ("upvotes", "likes", "votes"),
    "comments": ("comments", "numComments"),
    "stars": ("stars", "githubStars"),
    "citations": ("citations", "citationCount", "cited_by_count"),
}
# The keys under which an export stores its list.
_LISTS = ("papers", "items", "results", "data", "entries")
# Only Hugging Face's lists have these keys, and their texts lack the dollars of mathematics.
_HUGGING_FACE = frozenset({"upvotes", "submittedOnDailyAt", "discussionId"})


def read_json(written: str, source: str) -> Reading:
    """Return the papers of a JSON array, of an object that contains one, or of JSON lines.

    Raises:
        SourceRefused: the text is none of these.
    """
    try:
        return read_records(_listed(load_json(written)), source)
    except ValueError:
        return _read_lines(written, source)


def read_records(items: Iterable[object], source: str) -> Reading:
    """Return the papers among the items, and report the items that are not papers."""
    papers: list[Paper] = []
    skipped: list[str] = []
    for number, item in enumerate(items, start=1):
        paper = paper_of(item, source)
        if paper is None:
            skipped.append(f"item {number} (no title)")
        else:
            papers.append(paper)
    return Reading(papers=tuple(papers), skipped=tuple(skipped))


def paper_of(item: object, source: str) -> Paper | None:
    """Return the paper of one record, or None if it has no title; unknown keys are ignored."""
    record = _flat(item)
    title = text(_field(record, "title"), TITLE_LIMIT)
    if not title:
        return None
    named = _named(record) or PaperRef(id=title_id(title))
    return Paper(
        id=named.id,
        title=title,
        abstract=text(_field(record, "abstract")),
        authors=names(_field(record, "authors")),
        published=instant(_field(record, "published")),
        announced=day(_field(record, "announced")),
        url=page_url(named.id) or https(_field(record, "url")),
        source=source,
        categories=_categories(_field(record, "categories")),
        keywords=texts(_field(record, "keywords")),
        venue=text(_field(record, "venue"), TITLE_LIMIT),
        code=https(_field(record, "code")),
        version=named.version,
        withdrawn=record.get("withdrawn") is True,
        dollar_math=not _HUGGING_FACE & record.keys(),
        signals=_signals(record),
        aliases=_aliases(record, named.id),
    )


def _flat(item: object) -> Mapping[str, object]:
    """Return the keys in one level: Hugging Face wraps a paper, and the inner dates are the right ones."""
    if not isinstance(item, dict):
        return {}
    inner = item.get("paper")
    return {**item, **inner} if isinstance(inner, dict) else item


def _field(record: Mapping[str, object], name: str) -> object:
    return next((record[key] for key in _KEYS[name] if record.get(key) not in (None, "", [])), None)


def _named(record: Mapping[str, object]) -> PaperRef | None:
    return next((found for key in _KEYS["id"] if (found := ref(record.get(key)))), None)


def _aliases(record: Mapping[str, object], own: PaperId) -> frozenset[PaperId]:
    doi = ref(_field(record, "doi"))
    return frozenset({doi.id} - {own}) if doi else frozenset()


def _categories(value: object) -> tuple[str, ...]:
    """Return category names; arXiv's own export separates them by spaces: `cs.CL stat.ML`."""
    return texts(value.replace(" ", ",") if isinstance(value, str) else value)


def _signals(record: Mapping[str, object]) -> Signals:
    return Signals(
        upvotes=count(_field(record, "upvotes")),
        comments=count(_field(record, "comments")),
        stars=count(_field(record, "stars")),
        citations=count(_field(record, "citations")),
    )


def _listed(value: object) -> Sequence[object]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        held = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)
        return held if isinstance(held, list) else [value]
    raise ValueError("neither a list nor an object")


def _read_lines(written: str, source: str) -> Reading:
    papers: list[Paper] = []
    skipped: list[str] = []
    # Not splitlines(): JSON allows U+2028 inside a string, and only a line feed ends a line of JSON lines.
    lines = [(number, line) for number, line in enumerate(written.split("\n"), start=1) if line.strip()]
    for number, line in lines:
        try:
            paper = paper_of(load_json(line), source)
        except ValueError:
            paper = None
        if paper is None:
            skipped.append(f"line {number}")
        else:
            papers.append(paper)
    if lines and not papers:
        raise SourceRefused(
            "The file looks like JSON but contains no paper.",
            hint="Give an array of objects, or one object a line, each with a title and an abstract.",
        )
    return Reading(papers=tuple(papers), skipped=tuple(skipped))
