"""The plain text of short TeX: the titles, names and journals of BibTeX and of exports. Pure functions."""

import re
import unicodedata

from summarizer import to_plain

# LaTeX's accents as the Unicode combining marks that follow a letter: `\"o`, `\v{s}`.
_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
# `\"{o}`, `\" o`, `\"\i`; an accent named by a letter is followed by a brace or a space: `\c{c}`, `\v s`.
_ACCENT = re.compile(
    r"\\(?:([`'^~=.\"])|([uvHcdkrb])(?=[\s{]))\s{0,3}(?:\{\s{0,3}\\?([^\W\d_])\s{0,3}\}|\\?([^\W\d_]))"
)
# Macros of biblatex and of publishers that stand for a character or for nothing.
_KNOWN = {"hyphen": "-", "noopsort": "", "textendash": "–", "textemdash": "—"}
_NAMED = re.compile(r"\\(hyphen|noopsort|textendash|textemdash)(?![A-Za-z])\s?")
# Nothing of these belongs to a title or a name, neither the macro nor its content.
_DROPPED = re.compile(r"\\(?:thanks|orcidlink|orcid|inst|footnote|noop|noopsort)\s{0,3}\{[^{}]{0,300}\}")
_MATHS = re.compile(r"(?<!\\)\$[^$]*\$|\\\([^()]{0,300}\\\)")
# Takes the place of mathematics while the text around it is converted; a private character, in no text of its own.
_HELD = "\ue000"


def plain_tex(written: str) -> str:
    """Return the text without TeX's macros, braces and accents; mathematics is kept as it is.

    A title keeps its mathematics because the renderer of each platform typesets it.
    """
    text = written.replace(_HELD, "")
    maths = iter(_MATHS.findall(text))
    converted = _converted(_MATHS.sub(_HELD, text))
    return re.sub(_HELD, lambda _: next(maths, ""), converted)


def plain_name(written: str) -> str:
    """Return a person's or an organisation's name without TeX, mathematics and marks of footnotes."""
    return _converted(_MATHS.sub("", written))


def _converted(text: str) -> str:
    text = _NAMED.sub(lambda found: _KNOWN[found[1]], _DROPPED.sub("", text))
    for _ in range(2):  # twice: Vietnamese letters have two marks, as in `\~{\^e}`
        text = unicodedata.normalize("NFC", _ACCENT.sub(_accented, text))
    text = re.sub(r"(?<![\\\w])~|(?<=\w)~(?=\S)|(?<!\\)~", " ", text)
    plain = to_plain(text, dollar_math=False) if set(text) & set("\\{}&<`'-") else text
    return " ".join(re.sub(r"[{}]", "", plain).split())


def _accented(found: re.Match[str]) -> str:
    return (found[3] or found[4]) + _MARKS[found[1] or found[2]]
