"""Splits a query's text into words, phrases, brackets, fields and operators, each with its position."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from bots.domain.errors import BadQuery
from bots.selection.fields import NUMBER_NAMES
from bots.translation.speech import gettext, gettext_noop

#: Phones and word processors replace the straight quote with these; any of them opens and any of them closes.
_QUOTES = '"“”„‟«»＂「」『』'
_COMPARE = "<>=≤≥＜＞＝"
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    | (?P<open>[(（]) | (?P<close>[)）])
    | [{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}] | (?P<unclosed>[{_QUOTES}])
    | (?P<minus>[-−–—‑﹣－!！¬]+(?=[^\s)）]))
    | (?P<plus>[+＋](?=[^\s)）+＋]))
    | (?P<field>[A-Za-z]+)[:：]
    | (?P<compared>(?i:{"|".join(NUMBER_NAMES)}))(?=\s*[{_COMPARE}])
    | (?P<word>[^\s()（）{_QUOTES}]+)""",
    re.VERBOSE,
)
_OPERATORS = frozenset({"AND", "OR", "NOT", "ANDNOT"})
#: Signs of other search languages, and what to write here.
_FOREIGN_SIGNS = (
    (re.compile("^[~～]"), gettext_noop("To leave papers out, write -survey; for words that begin alike, surv*.")),
    (
        re.compile(r"[~～](?=[\d.]*$)"),
        gettext_noop("For words that begin alike, write surv*. For the sign itself, put the word in quotes."),
    ),
    (
        re.compile(r"[\^＾](?=[\d.]*$)"),
        gettext_noop(
            "All words count alike: leave the sign and the number out. For the sign itself, put the word in quotes."
        ),
    ),
    (
        re.compile(r"[|｜]"),
        gettext_noop(
            "For papers with either word, write OR between them. For the sign itself, put the word in quotes."
        ),
    ),
    (
        re.compile(r"&&|＆＆"),
        gettext_noop(
            "For papers with both words, leave a space between them. For the sign itself, put the word in quotes."
        ),
    ),
    (
        re.compile(r"(?<=\w)[?？](?=\w)"),
        gettext_noop(
            "No sign stands for one letter: write the beginning and a star. For the sign itself, put the word in "
            "quotes."
        ),
    ),
)
# Invisible or not printable: these characters could only hide what a query means.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
#: A word may include the comma or full stop of the sentence in which it was typed.
_PUNCTUATION = ",;.!?…"


class Kind(Enum):
    """The kind of a token."""

    OPEN = auto()
    CLOSE = auto()
    PHRASE = auto()
    MINUS = auto()
    PLUS = auto()
    FIELD = auto()
    WORD = auto()
    OPERATOR = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a query."""

    kind: Kind
    #: The text as typed: a phrase without its quotes, a field without its colon.
    text: str
    #: The position of the first character, counted from 1.
    at: int

    def __str__(self) -> str:
        """Return the token and its place, in English."""
        return f"{self.name} at character {self.at}"

    @property
    def name(self) -> str:
        """The token as error messages name it."""
        return f"{self.text[:40]}{':' if self.kind is Kind.FIELD else ''}"

    def is_operator(self, *names: str) -> bool:
        """Return whether the token is one of these operators."""
        return self.kind is Kind.OPERATOR and self.text.upper() in names


def tokens_of(text: str) -> Iterator[Token]:
    """Yield the tokens in order.

    Raises:
        BadQuery: a quote is never closed.
    """
    for found in _TOKEN.finditer(text):
        name, at = found.lastgroup or "", found.start() + 1
        if name == "unclosed":
            said = gettext("The quote at character {place} is never closed.", place=at)
            raise BadQuery(said, hint=_closed_form(text[at:]))
        if name != "space":
            yield Token(_kind(name, found[name]), found[name], at)


def _kind(group: str, text: str) -> Kind:
    if group == "word" and text.upper() in _OPERATORS:
        return Kind.OPERATOR
    return Kind.FIELD if group == "compared" else Kind[group.upper()]


def _closed_form(rest: str) -> str:
    words = cleaned(rest)[:40].rstrip()
    if words:
        return gettext("Close it: {form}", form=f'"{words}"')
    return gettext("Put a phrase in two quotes: {form}", form='"KV cache"')


def form_hint() -> str:
    """Return an example of a valid query, shown with every error."""
    return gettext("Write it like this: {form}.", form='"KV cache" OR (agents -survey)')


def term_text(token: Token) -> str:
    """Return the text of a word or phrase as shown to readers, with a star at its end."""
    text = cleaned(token.text)
    text = text.strip(_PUNCTUATION) if token.kind is Kind.WORD else text
    return f"{text.rstrip('* ')}*" if text.endswith("*") else text


def written(text: str) -> str:
    """Return a term's text as written in a query: bare if it parses back into the same word, else in quotes."""
    found = _TOKEN.match(text)
    bare = found is not None and found["word"] == text == text.strip(_PUNCTUATION) and text.upper() not in _OPERATORS
    return text if bare and "*" not in text[:-1] and foreign_sign(text) is None else f'"{text}"'


def foreign_sign(word: str) -> tuple[int, str] | None:
    """Return where a word has a sign of another search language, and what to write here; None if it has none.

    To drop such a sign would change the query's meaning: `~survey` leaves out in one language what it wants in another.
    """
    for pattern, hint in _FOREIGN_SIGNS:
        found = pattern.search(word)
        if found:
            return found.start(), gettext(hint)
    return None


def cleaned(text: str) -> str:
    """Return the text on one line, single-spaced, without invisible characters."""
    return " ".join(_UNSEEN.sub("", re.sub(r"\s", " ", text)).split())
