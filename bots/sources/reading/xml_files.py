"""Papers from XML files: EndNote's export, and a feed that was saved (RSS 1.0, RSS 2.0, Atom)."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bots.sources.reading.authors import ET_AL, forename_first, split_direct
from bots.sources.reading.html_text import html_text
from bots.sources.reading.records import paper_of
from bots.sources.reading.result import Reading, collected
from bots.sources.reading.values import ABSTRACT_LIMIT
from bots.sources.reading.xml_tree import inner, outermost, read_xml

# arXiv's feed of former years: "A Title. (arXiv:2601.00001v1 [cs.CL] UPDATED)".
_OF_ARXIV = re.compile(r"\.? ?\(arXiv:[\w./-]{4,30}(?: \[[\w.-]{2,20}\])?(?: [A-Z -]{3,20})?\)$")


def read_endnote_xml(written: str, source: str) -> Reading:
    """Return the papers of EndNote's XML export.

    Raises:
        SourceRefused: the text is not XML.
    """
    root = _root(written, "The file")
    return _read((_endnote(record) for record in outermost(root, lambda each: each.tag == "record")), source)


def read_feed_file(written: str, source: str) -> Reading:
    """Return the papers of a saved feed.

    Raises:
        SourceRefused: the text is not XML.
    """
    root = _root(written, "The file")
    return _read(map(_item, outermost(root, lambda each: _tag(each) in ("item", "entry"))), source)


def _root(written: str, name: str) -> Element:
    # The text is decoded already, so its own declaration of an encoding no longer holds.
    head, declared, rest = written.lstrip().partition("?>")
    return read_xml((rest if declared and head.startswith("<?xml") else written).encode("utf-8", "replace"), name)


def _read(records: Iterator[dict[str, object]], source: str) -> Reading:
    return collected(records, lambda number, record: paper_of(record, source) or f"entry {number} (no title)")


def _endnote(record: Element) -> dict[str, object]:
    people = ["".join(one.itertext()) for one in record.iterfind("contributors/authors/author")]
    return {
        "title": inner(record, "titles/title"),
        "abstract": inner(record, "abstract"),
        "authors": [
            ET_AL if name.strip(" .,").lower() in ("et al", "others") else forename_first(name) for name in people
        ],
        "date": inner(record, "dates/pub-dates/date") if len(inner(record, "dates/pub-dates/date")) > 6 else "",
        "year": inner(record, "dates/year").strip(),
        "venue": inner(record, "periodical/full-title") or inner(record, "titles/secondary-title"),
        "doi": inner(record, "electronic-resource-num").strip(),
        "url": inner(record, "urls/related-urls/url").strip() or inner(record, "urls/web-urls/url").strip(),
        "keywords": ["".join(one.itertext()) for one in record.iterfind("keywords/keyword")],
    }


def _item(item: Element) -> dict[str, object]:
    """Return one entry of a feed, by the names that its elements have without their namespaces."""
    said: dict[str, list[str]] = {}
    links: list[str] = []
    for each in item:
        said.setdefault(_tag(each), []).append("".join(each.itertext()).strip())
        if _tag(each) == "link":
            links.append(each.get("href") or (each.text or "").strip())
    body = next(
        (said[key][0] for key in ("abstract", "summary", "description", "encoded", "content") if key in said), ""
    )
    people = said.get("creator") or said.get("author") or []
    return {
        "title": _OF_ARXIV.sub("", html_text((said.get("title") or [""])[0])),
        "abstract": html_text(_announced(body), ABSTRACT_LIMIT),
        "authors": [name for one in people for name in split_direct(one)],
        "published": next((said[key][0] for key in ("published", "date", "pubDate", "updated") if key in said), ""),
        "doi": next((said[key][0] for key in ("doi", "DOI", "identifier") if key in said), ""),
        "id": next(iter(said.get("id") or said.get("guid") or links), ""),
        "url": next((link for link in links if link), ""),
        "venue": next(
            (said[key][0] for key in ("journal_ref", "journal_reference", "publicationName") if key in said), ""
        ),
        "categories": [each.get("term") or (each.text or "").strip() for each in item if _tag(each) == "category"],
    }


def _announced(body: str) -> str:
    """Return the description of arXiv's feed without the line that stands before its abstract."""
    head, mark, rest = body.partition("Abstract:")
    return rest if mark and head.lstrip().startswith("arXiv:") else body


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
