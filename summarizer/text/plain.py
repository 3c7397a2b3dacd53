"""Turn an abstract, as a source returns it with TeX and HTML, into plain chat text. Pure functions.

The text is not escaped for a platform; each adapter does that itself.
"""

import re

from summarizer.text import latex
from summarizer.text.hyphens import join_lines
from summarizer.text.invisible import without_invisible
from summarizer.text.markdown import strip_markdown
from summarizer.text.markup import strip_tags
from summarizer.text.preambles import drop_preambles
from summarizer.text.repairs import restore_backslashes, restore_control_characters
from summarizer.text.stacks import without_stacks
from summarizer.text.terminals import resolve_entities, strip_sequences

__all__ = ["collapse", "count_words", "strip_tags", "to_plain"]

#: If rendering lost a larger share of the letters, it misunderstood the text, and the raw text is returned. One of 77
#: real abstracts lost 31 % in a converter that took `%` for a comment.
_MAX_LOSS = 0.3

#: Fewer lost letters come from a doubled link or a misspelt macro, however short the text.
_SMALL_LOSS = 16
#: Macros that are removed together with their content; bounded, so that the search for a closing brace ends.
_DROPPED = re.compile(
    r"\\(?:[cC]ite|ref|label|begin|end|[vh]space)[a-z]{0,12}\*?(?:\[[^\]]{0,80}\]){0,2}\{[^{}]{0,400}\}"
)
#: Not counted as prose: a link may be given twice, as its text and as its address.
_URL = re.compile(r"https?://[^\s{}]+")
#: Letters that a PDF file sets as one sign, which no search finds.
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)


def to_plain(text: str, *, dollar_math: bool = True) -> str:
    """Return `text` as one line of plain Unicode text with the same meaning.

    TeX, Markdown and the elements of HTML, JATS and MathML are replaced by the characters they stand for, entities are
    resolved once, words broken at the end of a line are joined, invisible characters that shape nothing are removed.
    Any text is accepted; the result is empty only if no character of the text is visible.

    Args:
        dollar_math: whether `$...$` may be math; False for Hugging Face, which strips the dollars of math.
    """
    source = _without_markup(text)
    try:
        rendered = collapse(latex.render(source, dollar_math=dollar_math))
    except (IndexError, KeyError, RecursionError, ValueError):
        return source  # an error in the TeX reader must never cost the text
    return source if _lost(source, rendered) > _MAX_LOSS else _tidy(rendered)


def collapse(text: str) -> str:
    """Return `text` on one line without sequences of terminals, invisible characters and lone surrogates."""
    text = strip_sequences(text)
    shown = text if text.isascii() and text.isprintable() else without_stacks(without_invisible(text))
    return " ".join(shown.split())


def _without_markup(text: str) -> str:
    """Return `text` on one line with nothing but TeX left to render."""
    resolved = resolve_entities(text)
    if not resolved.isascii():
        resolved = resolved.translate(_LIGATURES)
    lines = join_lines(restore_control_characters(resolved))
    line = collapse(strip_tags(lines))
    if "\\documentclass" in line:
        line = drop_preambles(line)
    return restore_backslashes(strip_markdown(line))


def count_words(text: str) -> int:
    """Return the number of words; in a script without spaces, two characters count as one word."""
    if text.isascii():  # most abstracts; no script without spaces is in ASCII
        return sum(any(map(str.isalnum, word)) for word in text.split())
    dense = sum(map(_is_dense, text))
    spaced = "".join(" " if _is_dense(char) else char for char in text)
    return (dense + 1) // 2 + sum(any(map(str.isalnum, word)) for word in spaced.split())


def _is_dense(char: str) -> bool:
    """Return whether a character belongs to a script without spaces, such as Han and kana."""
    return "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or char >= "\U00020000"


def _lost(source: str, rendered: str) -> float:
    """Return the share of the source's letters and digits, without macros, that rendering lost."""
    prose = re.sub(r"\\[A-Za-z]+", "", _DROPPED.sub("", _URL.sub("", source)))
    letters = sum(map(str.isalnum, prose))
    lost = letters - sum(map(str.isalnum, _URL.sub("", rendered)))
    return lost / letters if lost > _SMALL_LOSS else 0.0


def _tidy(text: str) -> str:
    """Remove the gaps before punctuation that dropped citations and macros leave."""
    text = re.sub(r" [,;.](?<=\w.{2})(?=\s|$)", lambda gap: gap.group()[1:], text)
    text = re.sub(r"° (?=[CF]\b)", "°", text)
    if text.endswith(";"):
        text = re.sub(r"(?<=[.!?])(?: ?;)+$", "", text)  # a publisher's separator of parts
    return text.replace("( ", "(").replace(" )", ")").replace(" ()", "").strip()
