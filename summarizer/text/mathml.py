"""Render the elements of MathML as plain text in one line. Pure functions over the text of the children."""

import re
from collections.abc import Callable, Mapping, Sequence

from summarizer.text.typesetting import accented, bracketed, script, tidy_math

#: The combining character for each mark that `mover` sets above its base.
_OVER = {
    "^": "\u0302", "ˆ": "\u0302", "\u0302": "\u0302", "~": "\u0303", "˜": "\u0303", "∼": "\u0303", "¯": "\u0304",
    "‾": "\u0304", "―": "\u0304", "_": "\u0304", "-": "\u0304", "–": "\u0304", "\u0304": "\u0304", "→": "\u20d7",
    "⃗": "\u20d7", "˙": "\u0307", ".": "\u0307", "¨": "\u0308", "..": "\u0308", "ˇ": "\u030c", "˘": "\u0306",
}  # fmt: skip
_FUNCTION = "\u2061"
#: Marks of a superscript that is written after its base as it is.
_PRIMES = {"'": "′", "′": "′", "″": "″", "∗": "*", "°": "°"}

#: Children with one of these between them are one expression, not a list.
_OPERATORS = frozenset("+ - − = < > ≤ ≥ × · / ± |".split())

Children = Sequence[str]


def render(name: str, children: Children) -> str:
    """Return an element's text; a layout with too few or too many children reads as its children in a row.

    Args:
        name: the local name of the element, such as `mfrac`.
        children: the text of each child element, in order.
    """
    if name == "math":
        return tidy_math("".join(children).replace(_FUNCTION, " "))
    if name == "mmultiscripts":
        return _multiscripts(children)
    layout = _LAYOUTS.get((name, len(children)))
    return layout(children) if layout else _ROWS.get(name, "".join)(children)


def word(name: str, text: str) -> str:
    """Return the text of a token element: a function's name is set apart from letters on both sides."""
    text = text if name == "mtext" else text.strip()
    return f"\x01{text}\x01" if name == "mi" and re.fullmatch(r"[a-z]{2,}", text) else text


def _raised(children: Children) -> str:
    base, above = children
    return base + _PRIMES.get(above.strip(), script("^", above, glued=False))


def _lowered(children: Children) -> str:
    return children[0] + script("_", children[1], glued=False)


def _both(children: Children) -> str:
    return _raised((_lowered(children[:2]), children[2]))


def _over(children: Children) -> str:
    base, mark = children
    return accented(base, _OVER[mark.strip()]) if mark.strip() in _OVER else _raised(children)


def _fraction(children: Children) -> str:
    return f"{bracketed(children[0])}/{bracketed(children[1])}"


def _root(children: Children) -> str:
    """Return √x, √(x+1) or, with a degree, ³√x."""
    content = children[0].strip()
    under = content if len(content) == 1 or content.isdigit() else f"({content})"
    return (script("^", children[1], glued=True) if len(children) > 1 else "") + f"√{under}"


def _multiscripts(children: Children) -> str:
    """Return a base with scripts behind it and, after the mark `mprescripts`, before it: ¹⁴C."""
    base, *scripts = children or [""]
    split = scripts.index(PRESCRIPTS) if PRESCRIPTS in scripts else len(scripts)
    behind, before = scripts[:split], scripts[split + 1 :]
    return _scripts(before) + base + _scripts(behind)


def _scripts(pairs: Children) -> str:
    signs = ("_", "^")
    return "".join(script(signs[number % 2], text, glued=False) for number, text in enumerate(pairs) if text.strip())


#: What the empty element `mprescripts` reads as until its parent is rendered.
PRESCRIPTS = "\x02"
_LAYOUTS: Mapping[tuple[str, int], Callable[[Children], str]] = {
    ("msup", 2): _raised, ("msub", 2): _lowered, ("msubsup", 3): _both, ("mover", 2): _over, ("munder", 2): _lowered,
    ("munderover", 3): _both, ("mfrac", 2): _fraction, ("mroot", 2): _root,
}  # fmt: skip
_ROWS: Mapping[str, Callable[[Children], str]] = {
    "msqrt": lambda children: _root(["".join(children)]),
    "mfenced": lambda children: f"({('' if _OPERATORS.intersection(children) else ', ').join(children)})",
    "mphantom": lambda _: "",
    "mtr": " ".join,
    "mtable": "; ".join,
}
