"""Mend what a text lost on its way here: the backslashes of TeX. Pure; linear time.

Only what is certain is mended: a macro's name glued to a brace or to the word it styled, a symbol's name that is no
English word.
"""

import re
from typing import Final

from summarizer.text import symbols
from summarizer.text.units import QUANTITIES

#: Escapes such as `\t` and `\r` that a program read as a control character, which may have become a space since.
_CONTROL: Final = re.compile(
    r"\t(?=(?:imes|heta|extbf|extit|exttt|ilde|riangle)(?![a-z]))|\r(?=(?:ightarrow|ho)(?![a-z]))"
    r"|\x0c(?=rac\{|orall(?![a-z]))|\x08(?=(?:eta|igcup)(?![a-z])|(?:inom|ar|oldsymbol)\{)"
    r"|(?<=\$) (?=(?:(imes|heta)|ightarrow)\$)"
)
_LETTERS: Final = {"\t": "\\t", "\r": "\\r", "\x0c": "\\f", "\x08": "\\b"}

#: Macros whose name before a brace cannot be anything else.
_NAMES: Final = frozenset(
    (
        *(name for name in symbols.UNWRAPPED if name not in ("title", "section")),
        *(name for name in symbols.MATH_ACCENTS if name not in ("check", "bar", "dot", "hat")),
        *QUANTITIES,
        *"mathbb mathds frac dfrac tfrac nicefrac sqrt href url binom textcolor citep citet cite footnote".split(),
    )
)
#: Macros whose backslash took a letter with it, as an escape such as `\\e` or `\\t`.
_CUT_NAMES: Final = {"mph": "emph", "extbf": "textbf", "extit": "textit", "exttt": "texttt", "athbf": "mathbf"}
#: Symbols whose names are no words; Greek letters are words.
_SYMBOLS: Final = (
    "oplus|otimes|odot|leq|geq|neq|leqslant|geqslant|infty|nabla|subseteq|supseteq|rightarrow|leftarrow|Rightarrow"
    "|leftrightarrow|mapsto|ldots|cdots|lceil|rceil|lfloor|rfloor|langle|rangle|varepsilon|notin"
)
_BEFORE_BRACE: Final = re.compile(r"(?<![\\A-Za-z/.@_-])([A-Za-z]{2,20})(?=\{)")
#: A macro of style glued to what it styled: `textbfNew`. The literal beginning keeps the search fast.
_STYLED: Final = (
    re.compile(r"text(?<![\\A-Za-z]text)(?:bf|it|tt|sc|sf|rm|normal)(?=[A-Za-z])"),
    re.compile(r"math(?<![\\A-Za-z]math)(?:bf|cal|bb|rm|it|sf|frak|scr)(?=[A-Za-z])"),
)
_BARE: Final = re.compile(rf"(?<![\\A-Za-z/.@_-])(?:({_SYMBOLS})(?![A-Za-z_-])|(ell)(?=_)|(cal)(?=[A-Z](?![A-Za-z])))")
_BARE_NAMES: Final = (*_SYMBOLS.split("|"), "ell_", "cal")
#: An unknown word glued to braces with a name or several words in them; a set and the rest of a word stay.
_UNKNOWN: Final = re.compile(
    r"(?<![\\\w/.@-])[a-z]{3,20}\{(?=[A-Z\\]|[^{}]{1,200} )([^{},:=;]{2,200})\}(?!\w)|(?<![\\\w/.@-])[a-z]{3,20}\{(https?://[^\s{}]{1,300})\}"
)
#: Astronomers' macros set the sign of the unit above the decimal point: 0.″5, which reads as 0.5″.
_DECIMAL: Final = re.compile(
    r"(?<=\d)(\$?)\s?\\?(f(?:dg|arcm|arcs)|(?<=\\)f[hmsdp])(?![A-Za-z])(?:\{\})?\s?(\$?)\s?(\d{1,6})"
)
_DECIMAL_SIGNS: Final = {
    "fdg": "°", "farcm": "′", "farcs": "″", "fh": "ʰ", "fm": "ᵐ", "fs": "ˢ", "fd": "ᵈ", "fp": "ᵖ",
}  # fmt: skip


def restore_control_characters(text: str) -> str:
    """Return `text` with the backslashes whose escapes became control characters, as in `$<tab>imes$`."""
    if not any(sign in text for sign in ("\t", "\r", "\x0c", "\x08", "$ ")):
        return text
    return _CONTROL.sub(lambda lost: _LETTERS.get(lost.group(), "\\t" if lost[1] else "\\r"), text)


def restore_backslashes(text: str) -> str:
    r"""Return `text` with the backslashes of macros that lost them, where they are certain.

    A macro that no package knows, as in `softred{New}`, is an author's own and gives way to its content.
    """
    if "{" in text:
        text = _BEFORE_BRACE.sub(lambda name: _macro(name[1]), text)
        text = _UNKNOWN.sub(lambda own: own[1] or own[2], text)
    for styled in _STYLED:
        text = styled.sub(r"\\\g<0> ", text)
    if any(name in text for name in _BARE_NAMES):
        text = _BARE.sub(lambda name: f"\\{name.group()}" + (" " if name[3] else ""), text)
    return _DECIMAL.sub(_decimal, text) if "farc" in text or "fdg" in text or "\\f" in text else text


def _macro(name: str) -> str:
    """Return the macro of this name, without the letters that its escape lost; any other word as it is."""
    name = _CUT_NAMES.get(name, name)
    return f"\\{name}" if name in _NAMES else name


def _decimal(found: re.Match[str]) -> str:
    """Return 0.5 and the sign; a lone dollar between the digits belongs to something else."""
    opened, name, closed, digits = found.groups()
    return f".{digits}{_DECIMAL_SIGNS[name]}" if opened == closed else found.group()
