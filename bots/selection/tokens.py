"""A query's text cut into words, phrases, brackets, fields and operators, each with the place it stands at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from bots.domain.errors import BadQuery

#: The right form, shown with every error.
FORM = 'Write it like this: "KV cache" OR (agents -survey).'
#: Phones and word processors put these in place of the straight quote; any of them opens and any closes.
_QUOTES = '"“”„‟«»＂'
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    | (?P<open>\() | (?P<close>\))
    | [{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}] | (?P<unclosed>[{_QUOTES}])
    | (?P<minus>[-−–—]+(?=[^\s)]))
    | (?P<field>[A-Za-z]+):
    | (?P<word>[^\s(){_QUOTES}]+)""",
    re.VERBOSE,
)
_OPERATORS = frozenset({"AND", "OR", "NOT", "ANDNOT"})
# Seen by nobody or not printable: they could only hide what a query says.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
#: A word may carry the comma or full stop of the sentence it was typed in.
_PUNCTUATION = ",;.!?…"


class Kind(Enum):
    """What a token is."""

    OPEN = auto()
    CLOSE = auto()
    PHRASE = auto()
    MINUS = auto()
    FIELD = auto()
    WORD = auto()
    OPERATOR = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a query."""

    kind: Kind
    #: As typed: a phrase without its quotes, a field without its colon.
    text: str
    #: Where it begins, counted from 1 as people count.
    at: int

    def __str__(self) -> str:
        """Return the token as an error names it."""
        return f"{self.text[:40]}{':' if self.kind is Kind.FIELD else ''} at character {self.at}"

    def is_operator(self, *names: str) -> bool:
        """Return whether the token is one of these operators."""
        return self.kind is Kind.OPERATOR and self.text in names


def tokens_of(text: str) -> Iterator[Token]:
    """Give the tokens in order.

    Raises:
        BadQuery: a quote is never closed.
    """
    for found in _TOKEN.finditer(text):
        name, at = found.lastgroup or "", found.start() + 1
        if name == "unclosed":
            raise BadQuery(f"The quote at character {at} is never closed.", hint=_closed_form(text[at:]))
        if name != "space":
            operator = name == "word" and found["word"] in _OPERATORS
            yield Token(Kind.OPERATOR if operator else Kind[name.upper()], found[name], at)


def _closed_form(rest: str) -> str:
    words = cleaned(rest)[:40].rstrip()
    return f'Close it: "{words}"' if words else 'Put a phrase in two quotes: "KV cache"'


def term_text(token: Token) -> str:
    """Return what a word or phrase asks for, as a reader is shown it; a star at its end stays."""
    text = cleaned(token.text)
    text = text.strip(_PUNCTUATION) if token.kind is Kind.WORD else text
    return f"{text.rstrip('* ')}*" if text.endswith("*") else text


def written(text: str) -> str:
    """Return a term's text as a query holds it: bare where it reads back as the same word, else in quotes."""
    found = _TOKEN.match(text)
    bare = found is not None and found["word"] == text == text.strip(_PUNCTUATION) and text not in _OPERATORS
    return text if bare and "*" not in text[:-1] else f'"{text}"'


def cleaned(text: str) -> str:
    """Return the text on one line, single spaces, without characters that cannot be seen."""
    return " ".join(_UNSEEN.sub("", re.sub(r"\s", " ", text)).split())
