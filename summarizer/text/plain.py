"""Turns an abstract as sources give it, with TeX and HTML in it, into plain chat text: pure.

Escaping for a platform is not done here; each adapter knows its own.
"""

import html
import re
import unicodedata

from summarizer.text import latex, symbols

#: Lost letters beyond this share mean that the reader misunderstood the text: show it raw instead.
#: One of 77 real abstracts lost 31 % to a converter that took `%` for a comment.
_MAX_LOSS = 0.3

#: Fewer lost letters than these are a doubled link or a misspelt macro, however short the text.
_SMALL_LOSS = 16

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]{0,30})([^<>]{0,500})>")
_ATTRIBUTES = re.compile(r"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=]+))*\s*/?\s*")
#: Elements of HTML, JATS and MathML seen in abstracts; any other `<word>` is the author's own.
_ELEMENTS = frozenset(
    """
    a abbr abstract annotation b big blockquote bold br caption cite code dd div dl dt em email
    ext-link fig font formula h1 h2 h3 h4 h5 h6 header hr i img inf inline-formula inline-graphic
    italic label li list list-item math mfrac mi mml mn mo monospace mover mrow mspace msqrt mstyle
    msub msubsup msup mtext munder named-content ol p pre q roman s sc sec section semantics small
    span strike strong sub sup table tbody td tex-math th title tr tt u ul underline uri xref
    """.split()
)
_BLOCKS = frozenset("p br div li list-item sec section title h1 h2 h3 h4 h5 h6 tr td hr".split())
_RAISED = re.compile(r"<(sub|inf|sup)>([^<>]{1,40})</\1>", re.IGNORECASE)
#: Zero-width characters, direction overrides, soft hyphens, tag characters: seen by nobody, so they
#: can only hide or reorder what is read.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
#: Macros that are meant to vanish with what they hold; bounded, so that no brace is sought for ever.
_DROPPED = re.compile(
    r"\\(?:[cC]ite|ref|label|begin|end|[vh]space)[a-z]{0,12}\*?(?:\[[^\]]{0,80}\]){0,2}\{[^{}]{0,400}\}"
)
_SPACE = re.compile(r"\s+")


def to_plain(text: str, *, dollar_math: bool = True) -> str:
    """Return `text` as one line of plain Unicode text that says the same.

    TeX becomes the characters it stands for, known tags go, entities are resolved once, invisible
    characters are removed. Any text is accepted; the result may be empty only if nothing in it can
    be seen.

    Args:
        dollar_math: whether `$...$` may be math; False for Hugging Face, which strips dollars.
    """
    source = collapse(strip_tags(_ENTITY.sub(lambda entity: html.unescape(entity.group()), text)))
    try:
        rendered = collapse(latex.render(source, dollar_math=dollar_math))
    except (IndexError, KeyError, RecursionError, ValueError):
        return source  # a reader's mistake must never cost the reader the text
    return source if _lost(source, rendered) > _MAX_LOSS else _tidy(rendered)


def collapse(text: str) -> str:
    """Return `text` on one line without invisible characters and lone surrogates."""
    seen = "".join(char for char in _UNSEEN.sub("", text) if char.isspace() or not _is_unseen(char))
    return _SPACE.sub(" ", seen).strip()


def _is_unseen(char: str) -> bool:
    """Tell control characters and lone surrogates."""
    return unicodedata.category(char) in ("Cc", "Cs")


def strip_tags(text: str) -> str:
    """Return `text` without the tags of HTML, JATS and MathML; a `<` that compares stays."""
    return _TAG.sub(_without_tag, _RAISED.sub(_raised, text))


def count_words(text: str) -> int:
    """Count words; of a script without spaces two characters make about one word."""
    dense = sum(map(_is_dense, text))
    spaced = "".join(" " if _is_dense(char) else char for char in text)
    return (dense + 1) // 2 + sum(any(map(str.isalnum, word)) for word in spaced.split())


def _is_dense(char: str) -> bool:
    """Tell Han, kana and the like, which are written without spaces."""
    return "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or char >= "\U00020000"


def _without_tag(tag: re.Match[str]) -> str:
    name = tag[2].lower().removeprefix("jats:").removeprefix("mml:")
    if name not in _ELEMENTS or not _ATTRIBUTES.fullmatch(tag[3]):
        return tag.group()
    return " " if name in _BLOCKS else ""


def _raised(element: re.Match[str]) -> str:
    """Keep H<sub>2</sub>O as H₂O where Unicode has every character, else as plain H2O."""
    table = symbols.SUPERSCRIPTS if element[1].lower() == "sup" else symbols.SUBSCRIPTS
    return "".join(table.get(char, char) for char in element[2])


def _lost(source: str, rendered: str) -> float:
    """Return the share of the source's letters and digits that rendering lost, macros aside."""
    prose = re.sub(r"\\[A-Za-z]+", "", _DROPPED.sub("", source))
    letters = sum(map(str.isalnum, prose))
    lost = letters - sum(map(str.isalnum, rendered))
    return lost / letters if lost > _SMALL_LOSS else 0.0


def _tidy(text: str) -> str:
    """Close the gaps that dropped citations and macros leave before punctuation."""
    text = re.sub(r"(?<=\w) +(?=[,;](?:\s|$)|\.(?:\s|$))", "", text)
    return text.replace("( ", "(").replace(" )", ")").replace(" ()", "").strip()
