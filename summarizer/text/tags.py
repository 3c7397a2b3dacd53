"""Find the tags of HTML, JATS and MathML in a text. Pure; linear time; any other `<word>` is the author's own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TAG = re.compile(r"<(/?)(?:[A-Za-z][\w-]{0,15}:)?([A-Za-z][\w.-]{0,30})([^<>]{0,500})>")
_ATTRIBUTES = re.compile(r"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=]+))*\s*/?\s*")

#: Elements whose content is one formula.
FORMULAS = frozenset("alternatives annotation annotation-xml disp-formula inline-formula math tex-math".split())
#: Elements of MathML whose content is laid out; white space between their children means nothing.
MATH_LAYOUT = frozenset(
    """
    math menclose merror mfenced mfrac mmultiscripts mover mpadded mphantom mroot mrow msqrt mstyle msub msubsup msup
    mtable mtd mtr munder munderover semantics
    """.split()
)
#: Elements that separate words.
BLOCKS = frozenset(
    "break br disp-formula disp-quote div h1 h2 h3 h4 h5 h6 hr li list list-item p sec section st td title tr".split()
)
_ELEMENTS = (
    FORMULAS
    | MATH_LAYOUT
    | BLOCKS
    | frozenset(
        """
        a abbr abstract b big blockquote bold caption cite code dd dl dt em email ext-link fig fn font formula graphic
        header i img inf inline-graphic italic label maligngroup malignmark mglyph mi mml mn mo monospace mprescripts
        ms mspace mtext named-content none ol overline pre q roman s sc small span strike strong styled-content sub sup
        table tbody th tt u ul underline uri xref
        """.split()
    )
)
#: Elements without an end tag.
_VOID = frozenset("br graphic hr img inline-graphic maligngroup malignmark mglyph mprescripts mspace".split())
#: Elements only in the form `<none/>`; otherwise the word is the author's.
_ONLY_EMPTY = frozenset(("break", "none"))
_LONGEST_FORMULA = 5000


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: its local name in lower case, without the prefix of its namespace."""

    name: str
    closes: bool
    #: It has no content: `<br>`, `<mrow/>`.
    empty: bool
    attributes: str
    start: int
    end: int


def find_tags(text: str) -> Iterator[Tag]:
    """Yield the known tags of `text` in order."""
    for match in _TAG.finditer(text) if "<" in text else ():
        name = match[2].lower()
        if name in _ELEMENTS and _ATTRIBUTES.fullmatch(match[3]):
            empty = name in _VOID or match[3].rstrip().endswith("/")
            if name in _ONLY_EMPTY and not empty:
                continue
            yield Tag(name, bool(match[1]), empty, match[3], match.start(), match.end())


def formula_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of formulas and of raised or lowered text, which no sentence ends within."""
    depth, start, outer = 0, 0, ""
    for tag in find_tags(text):
        if tag.empty or tag.name not in FORMULAS | {"sub", "sup", "inf"}:
            continue
        if not depth and not tag.closes:
            depth, start, outer = 1, tag.start, tag.name
        elif tag.name == outer:
            depth += -1 if tag.closes else 1
            if not depth and tag.end - start <= _LONGEST_FORMULA:
                yield start, tag.end
