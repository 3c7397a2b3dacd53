"""Compiles a query to a condition of the database that no matching paper fails; the rest is compared in memory.

The database cannot express all of a query: it has rows of words for titles and abstracts only. So each node is compiled
to a *broad* condition, which every matching paper meets, or a *narrow* one, which only matching papers meet; what is
excluded is narrow where the exclusion is broad. None stands for what cannot be expressed: in a broad condition it
excludes nothing, in a narrow one it includes nothing.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, and_, cast, false, func, not_, or_, true

from bots.selection.fields import Field, Part
from bots.selection.query import AllOf, Amount, AnyOf, Has, Node, Query, Term, Without

#: More than a person types. Each costs a microsecond for every stored paper; a longer query is compared in memory.
_MOST_TERMS = 40
#: How JSON begins a character outside of ASCII. Such a text is compared in memory, where accents are ignored.
_ESCAPED = "\\u"
#: Letters of a source that the database compares: no two sources that are installed share four.
_LETTERS = 4
_PLAIN = tuple("abcdefghijklmnopqrstuvwxyz0123456789")
#: The list in the record that holds the texts of a field.
_LISTS = {Field.AUTHOR: "authors", Field.CATEGORY: "categories", Field.KEYWORD: "keywords"}
_FIGURES = {
    Field.UPVOTES: "upvotes",
    Field.COMMENTS: "comments",
    Field.STARS: "stars",
    Field.CITED: "citations",
    Part.UPVOTES: "upvotes",
    Part.COMMENTS: "comments",
    Part.STARS: "stars",
    Part.CITATIONS: "citations",
}


def broad(query: Query, table: Table) -> ColumnElement[bool]:
    """Return a condition that every paper of the table that matches the query meets."""
    if _count(query.root) > _MOST_TERMS:
        return true()
    condition = _condition(query.root, table, narrow=False)
    return true() if condition is None else condition


def _count(node: Node) -> int:
    match node:
        case AllOf() | AnyOf():
            return sum(map(_count, node.of))
        case Without():
            return _count(node.of)
    return 1


def _condition(node: Node, table: Table, *, narrow: bool) -> ColumnElement[bool] | None:
    match node:
        case AllOf() | AnyOf():
            return _group(node, table, narrow=narrow)
        case Without():
            inner = _condition(node.of, table, narrow=not narrow)
            return None if inner is None else not_(inner)
        case Amount():
            return _amount(node, table)
        case Has():
            return _has(node.part, table, narrow=narrow)
        case Term():
            return _term(node, table, narrow=narrow)


def _group(node: AllOf | AnyOf, table: Table, *, narrow: bool) -> ColumnElement[bool] | None:
    parts = [_condition(part, table, narrow=narrow) for part in node.of]
    known = [part for part in parts if part is not None]
    # All of a narrow group must be known, and all alternatives of a broad one: an unknown one may decide.
    decisive = isinstance(node, AllOf) is narrow
    if decisive and len(known) < len(parts):
        return None
    if isinstance(node, AllOf):
        return and_(true(), *known)
    return or_(false(), *known)


def _term(term: Term, table: Table, *, narrow: bool) -> ColumnElement[bool] | None:
    title, abstract = (
        column.contains(term.row, autoescape=True) for column in (table.c.title_words, table.c.abstract_words)
    )
    match term.field:
        case Field.TITLE:
            return title
        case Field.ABSTRACT:
            return abstract
        case Field.ANYWHERE:
            anywhere = or_(title, abstract)
            return anywhere if narrow else or_(anywhere, _holding(term, table.c.body["keywords"]))
        case Field.SOURCE:
            return None if narrow else _from_source(term, table)
        case Field.VENUE:
            # SQLite takes a text out of JSON with its accents, so the whole record is looked through.
            return None if narrow else _holding(term, table.c.body)
    return None if narrow else _holding(term, table.c.body[_LISTS[term.field]])


def _from_source(term: Term, table: Table) -> ColumnElement[bool] | None:
    """Return whether a paper's source may be the one that is asked for: it begins with the same letters.

    Its letters are compared as far as no other character is among them, because the words of a source are joined.
    """
    asked = "".join(term.words)[:_LETTERS]
    if not asked.isascii():
        return None
    begins = func.lower(func.substr(table.c.body["source"].as_string(), 1, len(asked)))
    letters = [func.substr(begins, place, 1) for place in range(1, len(asked) + 1)]
    return or_(begins == asked, *(each.notin_(_PLAIN) for each in letters))


def _holding(term: Term, value: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return whether the texts of a JSON value may match: each word is somewhere in them, or they are not all ASCII."""
    text = func.lower(cast(value, Text))
    asked = term.words if all(map(str.isascii, term.words)) else ()
    foreign: ColumnElement[bool] = text.contains(_ESCAPED, autoescape=True)
    return or_(foreign, and_(*(text.contains(word, autoescape=True) for word in asked))) if asked else foreign


def _amount(amount: Amount, table: Table) -> ColumnElement[bool]:
    low, high = amount.ends
    if amount.field is Field.YEAR:
        value: ColumnElement[Any] = table.c.published
        least, most = datetime(low or 1, 1, 1, tzinfo=UTC), datetime((high or 9998) + 1, 1, 1, tzinfo=UTC)
        return and_(value.isnot(None), value >= least, value < most)
    value = _figure(_FIGURES[amount.field], table)
    ends = [value >= low] if low is not None else []
    return and_(value.isnot(None), *ends, *([value <= high] if high is not None else []))


def _figure(name: str, table: Table) -> ColumnElement[Any]:
    value: ColumnElement[Any] = table.c.body["signals", name].as_integer()
    return value


def _has(part: Part, table: Table, *, narrow: bool) -> ColumnElement[bool] | None:
    if part in _FIGURES:
        return _figure(_FIGURES[part], table).isnot(None)
    if part is Part.YEAR:
        return table.c.published.isnot(None)
    if part is Part.CODE:
        return func.coalesce(table.c.body["code"].as_string(), "") != ""
    # A text of white space, or an empty list, is written in JSON and is still nothing.
    return None if narrow else func.coalesce(cast(table.c.body[part.value], Text), '""') != '""'
