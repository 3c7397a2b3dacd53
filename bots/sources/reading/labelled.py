"""Papers from labelled fields: `Title: …`, `Authors: …`, `Abstract: …`, as pages and programs show a record."""

import re
from collections.abc import Iterator

from bots.domain.papers import Paper
from bots.sources.reading.json_shapes import plain_key
from bots.sources.reading.records import paper_of
from bots.sources.reading.result import Reading, collected
from bots.sources.reading.table_heads import HEADS
from bots.sources.reading.tables import record_of
from bots.translation.speech import gettext_lazy

_LABEL = re.compile(r"\s{0,4}([A-Z][A-Za-z()/ -]{1,30}?)\s?:\s*(.*)$")
_TITLE = re.compile(r"^\s{0,4}(?:Article |Document |Paper )?Title\s?:", re.MULTILINE)
_OTHER = re.compile(r"^\s{0,4}(?:Abstract|Authors?(?:\(s\))?|Author Names)\s?:", re.MULTILINE)
#: Labels of fields that are not kept. Any other word before a colon, such as `Results:`, is part of the text.
_UNUSED = frozenset(
    """
    volume issue number pages startpage publisher place placepublished referencetype recordnumber accessionnumber
    shorttitle notes note language database nameofdatabase type typeofarticle documenttype issn isbn pmid pmcid comments
    comment reportno mscclass acmclass license editor editors address authoraddress affiliation affiliations
    researchnotes electronicresourcenumber submissionhistory accessdate copyright edition section label callnumber
    """.split()
)
# The links of a paper's page on arXiv, which stand behind its authors.
_BUTTON = re.compile(
    r"(?:^|(?<=\S)[ \t])[ \t]{0,8}(?:View (?:a )?PDF(?: of the paper.*)?|HTML \(experimental\)|TeX Source|Other Formats"
    r"|view license)[ \t]{0,8}(?:HTML \(experimental\)[ \t]{0,8})?$"
)
# Longer lines without a label are an abstract, even where its label is missing.
_ABSTRACT_LEAST = 120
_FIELD_MOST = 50_000


def looks_labelled(written: str) -> bool:
    """Return whether a text has a labelled title and labelled authors or a labelled abstract."""
    return _TITLE.search(written) is not None and _OTHER.search(written) is not None


def read_labelled(written: str, source: str) -> Reading:
    """Return the papers of labelled records; a record without a title is left out and reported."""

    def read(number: int, fields: dict[str, str]) -> Paper | str:
        record = {**record_of(fields), "id": fields.get("citeas", "").partition(" ")[0]}
        return paper_of(record, source) or gettext_lazy("record {place} (no title)", place=number)

    return collected(_records(written), read)


def _records(written: str) -> Iterator[dict[str, str]]:
    """Yield the fields of each record; the label of the first one, or a second title, begins another."""
    fields: dict[str, str] = {}
    first = last = ""
    for raw in written.split("\n"):
        line = _BUTTON.sub("", raw)
        if not line.strip():
            continue
        found = _LABEL.match(line)
        key = plain_key(found[1]) if found else ""
        if found and (key in HEADS or key in _UNUSED or key == "citeas"):
            first = first or key
            if fields and (key == first or (key == "title" and "title" in fields)):
                yield fields
                fields = {}
            last = key
            fields.setdefault(key, found[2])
        elif first:
            last = "abstract" if len(line) >= _ABSTRACT_LEAST else last
            fields[last] = f"{fields.get(last, '')} {line.strip()}"[:_FIELD_MOST]
    if fields:
        yield fields
