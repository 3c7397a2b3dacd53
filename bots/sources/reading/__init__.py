"""Parsers for external data, shared by all sources: unreadable data becomes an empty value or is reported.

A value that cannot be read is empty or None; a document that cannot be read raises `SourceRefused`. Time and memory
of every parser are bounded by the size of its input.
"""

from bots.sources.reading.authors import forename_first, listed, names, split_names, split_outside_brackets
from bots.sources.reading.bibtex import read_bibtex
from bots.sources.reading.dates import day, instant, mail_instant
from bots.sources.reading.disk import read_text
from bots.sources.reading.html_text import html_text
from bots.sources.reading.ids import page_url, ref, title_id
from bots.sources.reading.json_file import read_json
from bots.sources.reading.json_text import load_json
from bots.sources.reading.listing import read_listing
from bots.sources.reading.records import paper_of, read_records
from bots.sources.reading.result import Reading, shortly
from bots.sources.reading.values import ABSTRACT_LIMIT, TITLE_LIMIT, count, https, text, texts
from bots.sources.reading.xml_tree import ATOM, DUBLIN_CORE, OPEN_SEARCH, inner, is_feed, read_xml

__all__ = [
    "ABSTRACT_LIMIT",
    "ATOM",
    "DUBLIN_CORE",
    "OPEN_SEARCH",
    "TITLE_LIMIT",
    "Reading",
    "count",
    "day",
    "forename_first",
    "html_text",
    "https",
    "inner",
    "instant",
    "is_feed",
    "listed",
    "load_json",
    "mail_instant",
    "names",
    "page_url",
    "paper_of",
    "read_bibtex",
    "read_json",
    "read_listing",
    "read_records",
    "read_text",
    "read_xml",
    "ref",
    "shortly",
    "split_names",
    "split_outside_brackets",
    "text",
    "texts",
    "title_id",
]
