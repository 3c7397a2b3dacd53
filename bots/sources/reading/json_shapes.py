"""The shapes of JSON records: what each maker wraps a paper in becomes plain keys. Pure functions."""

import re
from collections.abc import Mapping, Sequence

from bots.sources.reading.values import ABSTRACT_LIMIT, text

# Zotero's kinds of items that belong to a paper and are none.
_ATTACHED = frozenset({"attachment", "note", "annotation"})
# The keys under which an export or an answer stores its list, and those of envelopes around it.
_LISTS = (
    "papers",
    "items",
    "results",
    "data",
    "entries",
    "notes",
    "docs",
    "hits",
    "references",
    "records",
    "recommendedPapers",
)
_ENVELOPES = ("message", "response", "hits", "result", "search-results", "feed", "paper", "data")
_ENVELOPES_MOST = 4
# The keys of the text in an object around it: OpenReview's, OpenAlex's, Semantic Scholar's, Zotero's, Crossref's.
_INSIDE = ("value", "display_name", "text", "name", "tag", "title", "url", "keyword", "URL", "id")
#: The keys and columns of something else, whose texts and people have the names that papers' have: films, songs, tasks,
#: products, bookmarks, recipes, jobs, houses, games, accounts.
FOREIGN_KEYS = frozenset(
    """
    state assignee assignees milestone director directors runtime rating genre genres folder album artist artists amount
    balance price closedat priority watched imdb imdbid imdbrating imdbvotes dateadded actor actors cast tmdbid season
    seasons episode episodes boxoffice mpaa rated tagline budget revenue originalsize ingredients instructions servings
    cuisine calories sku brand currency stock salary employer jobtype bedrooms bathrooms platform platforms metascore
    publisherid playlist track tracks tracknumber bpm duedate completed dueon pullrequest barcode
    """.split()
)
# Words of an abstract of OpenAlex; the longest abstracts have a tenth of it.
_WORDS_MOST = 5_000
_KEY = re.compile(r"[\W_]+")


def plain_key(key: object) -> str:
    """Return a key or a column's head in lower case, without spaces and punctuation."""
    return _KEY.sub("", str(key)[:80]).lower()


def list_in(value: object) -> Sequence[object]:
    """Return the list that a JSON text contains: itself, or the one in its envelope; one object is a list of one.

    Raises:
        ValueError: the value is neither a list nor an object.
    """
    for _ in range(_ENVELOPES_MOST):
        if isinstance(value, list):
            return value
        if not isinstance(value, dict):
            break
        held = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)
        if isinstance(held, list):
            return held
        inner = next((value[key] for key in _ENVELOPES if isinstance(value.get(key), dict)), None)
        if inner is None or "title" in value:
            return [value]
        value = inner
    raise ValueError("neither a list nor an object")


def flat(item: object) -> Mapping[str, object]:
    """Return a record with its keys in one level and in lower case without punctuation."""
    if not isinstance(item, Mapping):
        return {}
    whole = dict(item)
    # Hugging Face wraps a paper, and the inner dates are the right ones; Zotero, Elasticsearch and OpenReview do too.
    for envelope in ("paper", "citedPaper", "citingPaper", "_source", "metadata", "data", "content"):
        inner = item.get(envelope)
        if isinstance(inner, Mapping):
            whole.update(inner)
    plain: dict[str, object] = {}
    for key, value in whole.items():
        if value not in (None, "", [], {}):
            plain.setdefault(plain_key(key), value)
    return {**plain, **_openalex(plain), **_ids(plain), **_versions(plain), **_values(plain)}


def is_attached(item: object) -> bool:
    """Return whether a record of Zotero is the file, note or remark of another one."""
    inner = item.get("data", item) if isinstance(item, Mapping) else None
    return isinstance(inner, Mapping) and str(inner.get("itemType"))[:20] in _ATTACHED


def string(value: object) -> str:
    """Return the text of a value: a string, the first one of a list, or the one in an object around it."""
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str | Mapping)), "")
    if isinstance(value, Mapping):
        value = next((inside for key in _INSIDE if isinstance(inside := value.get(key), str | list) and inside), "")
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str)), "")
    return value if isinstance(value, str) else ""


def _values(record: Mapping[str, object]) -> dict[str, object]:
    """Return the values that OpenReview wraps: `{"title": {"value": …}}`."""
    return {key: value["value"] for key, value in record.items() if isinstance(value, Mapping) and "value" in value}


def _openalex(record: Mapping[str, object]) -> dict[str, object]:
    """Return the abstract that OpenAlex stores as an index of words, and the name of the place of publication."""
    made: dict[str, object] = {}
    index = record.get("abstractinvertedindex")
    if isinstance(index, Mapping):
        made["abstract"] = _reassembled(index)
    place = record.get("primarylocation")
    source = place.get("source") if isinstance(place, Mapping) else None
    if isinstance(source, Mapping) and isinstance(source.get("display_name"), str):
        made["venue"] = source["display_name"]
    return made


def _reassembled(index: Mapping[str, object]) -> str:
    placed: dict[int, str] = {}
    for word, places in index.items():
        for place in places if isinstance(places, list) else ():
            if isinstance(place, int) and 0 <= place < _WORDS_MOST:
                placed[place] = str(word)
    return text(" ".join(placed[place] for place in sorted(placed)), ABSTRACT_LIMIT)


def _ids(record: Mapping[str, object]) -> dict[str, object]:
    """Return the ids in Semantic Scholar's `externalIds` and OpenAlex's `ids`; they name the paper surely."""
    made: dict[str, object] = {}
    for holder in ("externalids", "ids"):
        inner = record.get(holder)
        for key, value in inner.items() if isinstance(inner, Mapping) else ():
            if plain_key(key) in ("arxiv", "doi") and isinstance(value, str):
                made["arxivid" if plain_key(key) == "arxiv" else "doi"] = value
    return made


def _versions(record: Mapping[str, object]) -> dict[str, object]:
    """Return the date of the first version and the number of the last one in a record of arXiv's own dump."""
    versions = record.get("versions")
    if not isinstance(versions, list) or not all(isinstance(one, Mapping) for one in versions):
        return {}
    first, last = versions[0].get("created"), versions[-1].get("version")
    number = re.fullmatch(r"v(\d{1,4})", last) if isinstance(last, str) else None
    return {"firstversion": first or "", **({"versionnumber": number[1]} if number else {})}
