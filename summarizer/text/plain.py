"""Turn an abstract, as a source returns it with TeX and HTML, into plain chat text. Pure functions.

The text is not escaped for a platform; each adapter does that itself.
"""

import html
import re

from summarizer.text import latex, symbols

#: If rendering lost a larger share of the letters, it misunderstood the text, and the raw text is returned. One of 77
#: real abstracts lost 31 % in a converter that took `%` for a comment.
_MAX_LOSS = 0.3

#: Fewer lost letters come from a doubled link or a misspelt macro, however short the text.
_SMALL_LOSS = 16

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]{0,30})([^<>]{0,500})>")
_ATTRIBUTES = re.compile(r"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=]+))*\s*/?\s*")
#: Elements of HTML, JATS and MathML that occur in abstracts; any other `<word>` is the author's own.
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
#: Control characters that are not white space, lone surrogates, zero-width characters, direction overrides, soft
#: hyphens, tag characters: all are invisible, so they can only hide or reorder visible text.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff"
    "\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
#: Macros that are removed together with their content; bounded, so that the search for a closing brace ends.
_DROPPED = re.compile(
    r"\\(?:[cC]ite|ref|label|begin|end|[vh]space)[a-z]{0,12}\*?(?:\[[^\]]{0,80}\]){0,2}\{[^{}]{0,400}\}"
)
_SPACE = re.compile(r"\s+")


def to_plain(text: str, *, dollar_math: bool = True) -> str:
    """Return `text` as one line of plain Unicode text with the same meaning.

    TeX is replaced by the characters it stands for, known tags are removed, entities are resolved once, invisible
    characters are removed. Any text is accepted; the result is empty only if no character of the text is visible.

    Args:
        dollar_math: whether `$...$` may be math; False for Hugging Face, which strips the dollars of math.
    """
    source = collapse(strip_tags(_ENTITY.sub(lambda entity: html.unescape(entity.group()), text)))
    try:
        rendered = collapse(latex.render(source, dollar_math=dollar_math))
    except (IndexError, KeyError, RecursionError, ValueError):
        return source  # an error in the TeX reader must never cost the text
    return source if _lost(source, rendered) > _MAX_LOSS else _tidy(rendered)


def collapse(text: str) -> str:
    """Return `text` on one line without invisible characters and lone surrogates."""
    return _SPACE.sub(" ", _UNSEEN.sub("", text)).strip()


def strip_tags(text: str) -> str:
    """Return `text` without the tags of HTML, JATS and MathML; a `<` that means "less than" stays."""
    return _TAG.sub(_without_tag, _RAISED.sub(_raised, text))


def count_words(text: str) -> int:
    """Return the number of words; in a script without spaces, two characters count as one word."""
    dense = sum(map(_is_dense, text))
    spaced = "".join(" " if _is_dense(char) else char for char in text)
    return (dense + 1) // 2 + sum(any(map(str.isalnum, word)) for word in spaced.split())


def _is_dense(char: str) -> bool:
    """Return whether a character belongs to a script without spaces, such as Han and kana."""
    return "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or char >= "\U00020000"


def _without_tag(tag: re.Match[str]) -> str:
    name = tag[2].lower().removeprefix("jats:").removeprefix("mml:")
    if name not in _ELEMENTS or not _ATTRIBUTES.fullmatch(tag[3]):
        return tag.group()
    return " " if name in _BLOCKS else ""


def _raised(element: re.Match[str]) -> str:
    """Render H<sub>2</sub>O as H₂O; a character without such a form in Unicode stays plain."""
    table = symbols.SUPERSCRIPTS if element[1].lower() == "sup" else symbols.SUBSCRIPTS
    return "".join(table.get(char, char) for char in element[2])


def _lost(source: str, rendered: str) -> float:
    """Return the share of the source's letters and digits, without macros, that rendering lost."""
    prose = re.sub(r"\\[A-Za-z]+", "", _DROPPED.sub("", source))
    letters = sum(map(str.isalnum, prose))
    lost = letters - sum(map(str.isalnum, rendered))
    return lost / letters if lost > _SMALL_LOSS else 0.0


def _tidy(text: str) -> str:
    """Remove the gaps before punctuation that dropped citations and macros leave."""
    text = re.sub(r"(?<=\w) +(?=[,;](?:\s|$)|\.(?:\s|$))", "", text)
    return text.replace("( ", "(").replace(" )", ")").replace(" ()", "").strip()
