"""Plans a search: the plain words that libraries are asked for, and the query that their papers must match.

Libraries search for words only, each in its own way, so operators and signs are obeyed here: a search for each
alternative, and a query that every paper found must match. The same plan serves our own shelf and every library.
"""

from dataclasses import dataclass
from itertools import product

from bots.domain.errors import BadQuery
from bots.domain.field_search import FieldSearch
from bots.selection.fields import FIELDS, Field
from bots.selection.filters import parse_query
from bots.selection.query import AllOf, Amount, AnyOf, Has, Node, Query, Term, Without
from bots.selection.reading_back import read_as
from bots.selection.tokens import Kind, Token, foreign_sign, tokens_of
from bots.selection.words import is_common
from bots.translation.formats import in_a_row
from bots.translation.speech import gettext, gettext_noop, ngettext

#: arXiv asks for three seconds between two requests (info.arxiv.org/help/api/tou.html), and a person waits for each.
MOST_ALTERNATIVES = 3
#: In a search these small words are words, because a title may be searched for: "Attention is not explanation".
_SMALL = {
    "or": gettext_noop("“or” was read as a word. For papers with either word, write OR between them."),
    "not": gettext_noop(
        "“not” was read as a word. To leave papers out, write NOT or a minus before the word: -survey."
    ),
    "andnot": gettext_noop(
        "“andnot” was read as a word. To leave papers out, write NOT or a minus before the word: -survey."
    ),
}
#: No library is asked for these as words: the papers found are compared with them.
_NOT_ASKED_FOR = (Field.CATEGORY, Field.VENUE, Field.SOURCE)
_SEARCHED = (Field.ANYWHERE, Field.TITLE, Field.ABSTRACT, Field.AUTHOR, Field.KEYWORD)
#: These are words of titles, too ("Source: ..."), and fields only if their value follows at once.
_GLUED = frozenset(Field) - {Field.TITLE, Field.ABSTRACT, Field.AUTHOR, Field.CATEGORY, Field.KEYWORD, Field.ANYWHERE}


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchPlan:
    """What to search for, and what must be true of the papers found."""

    #: Plain words and phrases, one text for each alternative.
    searches: tuple[str, ...]
    #: The same for libraries that can search in single fields; empty if the text has no operators and no signs.
    in_fields: tuple[FieldSearch, ...] = ()
    #: Every paper found must match it; None if the libraries' own matches count.
    query: Query | None = None
    #: What was not read as an operator although it may have been meant so, or how a mixture of operators was read.
    notes: tuple[str, ...] = ()


def plan_search(text: str, *, asks_libraries: bool = True) -> SearchPlan:
    """Return the plan for a text: plain words as they are, a query with upper-case operators or signs as it means.

    Args:
        text: what a person typed.
        asks_libraries: whether libraries are searched, which needs words; papers at hand are compared with any query.

    Raises:
        BadQuery: operators or signs that cannot be obeyed; the hint shows the right form.
    """
    tokens = _tokens(text)
    if not any(_has_meaning(token, text) for token in tokens):
        return SearchPlan(searches=(text,), notes=_notes(tokens))
    query = parse_query(text)
    if not asks_libraries:
        return SearchPlan(searches=(), query=query, notes=_read_notes(text))
    found = _alternatives(query.root)
    alternatives = tuple(map(_asked_for, found))
    if len(alternatives) > MOST_ALTERNATIVES:
        raise BadQuery(
            gettext("The search has more than {most} alternatives.", most=MOST_ALTERNATIVES),
            hint=gettext("Search for each alternative on its own."),
        )
    if not all(alternatives):
        raise BadQuery(
            gettext(
                "The search needs a word that papers contain, besides fields of numbers and words that leave papers "
                "out."
            ),
            hint=gettext("Write it like this: {form}.", form="agents upvotes:>20 -survey"),
        )
    searches = tuple(" ".join(map(_plain, terms)) for terms in alternatives)
    notes = (*_read_notes(text), *_stem_notes(alternatives))
    in_fields = tuple(_in_fields(terms, parts) for terms, parts in zip(alternatives, found, strict=True))
    return SearchPlan(searches=searches, in_fields=in_fields, query=query, notes=notes)


def words_asked_for(query: Query) -> str:
    """Return the words and phrases that papers may contain, of every alternative; fields of labels are left out."""
    return " ".join(dict.fromkeys(_plain(term) for term in _wanted(query.root) if term.field not in _NOT_ASKED_FOR))


def needed_words(query: Query) -> tuple[str, ...]:
    """Return whole words that every paper that matches contains in its texts or names, without common ones."""
    return tuple(dict.fromkeys(word for term in _needed(query.root) for word in _telling(term)))


def _needed(node: Node) -> tuple[Term, ...]:
    match node:
        case Term():
            return () if node.field in _NOT_ASKED_FOR else (node,)
        case AllOf():
            return tuple(term for part in node.of for term in _needed(part))
        case _:
            return ()


def _telling(term: Term) -> tuple[str, ...]:
    # A single letter may be the initial of a name, and the last word of an open term is only the beginning of one.
    words = term.words[:-1] if term.open_ended else term.words
    return tuple(word for word in words if len(word) > 1 and not is_common(word))


def _wanted(node: Node) -> tuple[Term, ...]:
    match node:
        case Term():
            return (node,)
        case AllOf() | AnyOf():
            return tuple(term for part in node.of for term in _wanted(part))
        case _:
            return ()


def _asked_for(parts: tuple[Term | Amount, ...]) -> tuple[Term, ...]:
    """Return the words of an alternative, without beginnings of words if others are left: they are not found."""
    terms = tuple(part for part in parts if isinstance(part, Term) and part.field not in _NOT_ASKED_FOR)
    return tuple(term for term in terms if not term.open_ended) or terms


def _stem_notes(alternatives: tuple[tuple[Term, ...], ...]) -> tuple[str, ...]:
    stems = dict.fromkeys(_plain(term) for terms in alternatives for term in terms if term.open_ended)
    named = in_a_row(map(_quoted, stems))
    said = ngettext(
        "Libraries were asked for the whole word {words}; papers that are stored here, for its beginning.",
        "Libraries were asked for the whole words {words}; papers that are stored here, for their beginnings.",
        len(stems),
        words=named,
    )
    return (said,) if stems else ()


def _quoted(word: str) -> str:
    return gettext("“{text}”", text=word)


def _read_notes(text: str) -> tuple[str, ...]:
    meant = read_as(text)
    return (gettext("This was read as: {meaning}", meaning=meant),) if meant else ()


def _tokens(text: str) -> tuple[Token, ...]:
    try:
        return tuple(tokens_of(text))
    except BadQuery:
        # A quote that is never closed, as in a title that was cut; libraries ignore it.
        return ()


def _has_meaning(token: Token, text: str) -> bool:
    match token.kind:
        case Kind.MINUS:
            return True
        case Kind.OPERATOR:
            return token.text.isupper()
        case Kind.FIELD:
            return _is_field(token, text)
        case Kind.WORD:
            return foreign_sign(token.text) is not None
    return False


def _is_field(token: Token, text: str) -> bool:
    value = text[token.at - 1 + len(token.text) :].removeprefix(":").removeprefix("：")
    field = FIELDS.get(token.text.lower())
    return field is not None and (field not in _GLUED or not value[:1].isspace())


def _notes(tokens: tuple[Token, ...]) -> tuple[str, ...]:
    small = (token.text.lower() for token in tokens if token.kind is Kind.OPERATOR)
    return tuple(dict.fromkeys(gettext(_SMALL[word]) for word in small if word in _SMALL))


def _in_fields(terms: tuple[Term, ...], parts: tuple[Term | Amount, ...]) -> FieldSearch:
    """Return what an alternative asks for: its words, and its categories and years beside them."""
    texts = {field: tuple(_text(term) for term in terms if term.field is field) for field in _SEARCHED}
    lows, highs = zip((None, None), *(part.ends for part in parts if isinstance(part, Amount)), strict=True)
    return FieldSearch(
        anywhere=(*texts[Field.ANYWHERE], *texts[Field.KEYWORD]),
        title=texts[Field.TITLE],
        abstract=texts[Field.ABSTRACT],
        authors=texts[Field.AUTHOR],
        categories=tuple(part.text for part in parts if isinstance(part, Term) and part.field is Field.CATEGORY),
        first_year=max((low for low in lows if low is not None), default=None),
        last_year=min((high for high in highs if high is not None), default=None),
    )


def _alternatives(node: Node) -> tuple[tuple[Term | Amount, ...], ...]:
    """Return the terms and the years of each alternative; what no library can be asked for is left out."""
    match node:
        case Term():
            return ((node,),)
        case Amount(field=Field.YEAR):
            return ((node,),)
        case Amount() | Has() | Without():
            return ((),)
        case AnyOf():
            return tuple(terms for part in node.of for terms in _alternatives(part))
        case AllOf():
            found: tuple[tuple[Term | Amount, ...], ...] = ((),)
            for part in node.of:
                # One more than the limit suffices to refuse it, and bounds the product of many brackets.
                pairs = product(found, _alternatives(part)[: MOST_ALTERNATIVES + 1])
                found = tuple((*first, *second) for first, second in pairs)[: MOST_ALTERNATIVES + 1]
            return found


def _text(term: Term) -> str:
    return term.text.rstrip("*").replace('"', " ")


def _plain(term: Term) -> str:
    text = _text(term)
    return f'"{text}"' if " " in text else text
