"""Replace the elements of HTML, JATS and MathML in a text by the text they stand for. Pure; linear time."""

import re
from dataclasses import dataclass, field

from summarizer.text import mathml, symbols, tags
from summarizer.text.typesetting import script

#: A tag deeper than this is dropped and its content stays, so that the cost of nesting is bounded.
_MAX_DEPTH = 40
#: A longer superscript or subscript is prose in small letters.
_LONGEST_SCRIPT = 40
#: Only a word of this length can be a heading in bold: `<b>S</b>tate` is one word.
_SHORTEST_HEADING = 4
#: Marks the end of a heading in bold until it is known what follows; a capital letter begins the text under it.
_HEADING = "\x03"
_END_OF_HEADING = re.compile(r"(?<=[a-z:.])\x03(?=[A-Z])")
_COMMENT = re.compile(r"<!--.{0,500}?-->", re.DOTALL)
_RAISED = {"sup": "^", "sub": "_", "inf": "_"}
_TOKENS = frozenset("mi mn mo ms mtext".split())
_NOTES = frozenset(("annotation", "annotation-xml"))
_BOLD = frozenset(("b", "bold", "strong"))
_FRAMED = frozenset((*tags.MATH_LAYOUT, *_TOKENS, *_RAISED, *_NOTES, *_BOLD, "alternatives", "tex-math"))


@dataclass(slots=True)
class _Frame:
    """An element that is open: the text before its children, and the children."""

    name: str
    #: The text so far; for a layout of MathML, one item a child.
    pieces: list[str] = field(default_factory=list)
    #: Which child has which name; only `alternatives` chooses by it.
    names: list[str] = field(default_factory=list)

    def add(self, text: str, name: str = "") -> None:
        if name or self.name not in tags.MATH_LAYOUT or text.strip():
            self.pieces.append(text)
            self.names.append(name)


def strip_tags(text: str) -> str:
    """Return `text` without the tags of HTML, JATS and MathML; a `<` that means "less than" stays.

    Superscripts, subscripts and the layouts of MathML become characters. Of alternatives, one is kept; annotations are
    left out.
    """
    if "<" not in text:
        return text
    text = _COMMENT.sub(" ", text)
    stack, position = [_Frame("")], 0
    for tag in tags.find_tags(text):
        stack[-1].add(text[position : tag.start])
        position = tag.end
        _enter(stack, tag)
    stack[-1].add(text[position:])
    shown = "".join(piece for frame in stack for piece in frame.pieces)
    return _END_OF_HEADING.sub(" ", shown).replace(_HEADING, "").replace(mathml.PRESCRIPTS, "")


def _enter(stack: list[_Frame], tag: tags.Tag) -> None:
    """Open or close one element."""
    if tag.name in tags.BLOCKS:
        stack[-1].add(" ")
    elif tag.name not in _FRAMED:
        if tag.empty and tag.name.startswith("m"):
            stack[-1].add({"mprescripts": mathml.PRESCRIPTS, "mspace": " "}.get(tag.name, ""), tag.name)
        elif tag.name == "none":
            stack[-1].add("", tag.name)
    elif tag.closes:
        _close(stack, tag.name)
    elif tag.empty:
        stack[-1].add("", tag.name)
    elif len(stack) < _MAX_DEPTH:
        stack.append(_Frame(tag.name))


def _close(stack: list[_Frame], name: str) -> None:
    """Close the innermost element of this name; elements inside it that were never closed end with it."""
    if not any(frame.name == name for frame in stack):
        return
    while stack[-1].name != name:
        unclosed = stack.pop()
        for piece in unclosed.pieces:
            stack[-1].add(piece)
    frame = stack.pop()
    parent = stack[-1]
    before = next((piece for piece in reversed(parent.pieces) if piece), "")
    parent.add(_rendered(frame, before), name)


def _rendered(frame: _Frame, before: str) -> str:
    content = "".join(frame.pieces)
    if frame.name in _NOTES:
        return ""
    if frame.name == "alternatives":
        return _alternative(frame)
    if frame.name == "tex-math":
        return _body(content)
    if frame.name in _RAISED:
        return _script(frame.name, content)
    if frame.name in _BOLD:
        return _heading(content, before)
    return mathml.word(frame.name, content) if frame.name in _TOKENS else mathml.render(frame.name, frame.pieces)


def _alternative(frame: _Frame) -> str:
    """Choose MathML, then TeX, then whatever is not empty."""
    found = list(zip(frame.names, frame.pieces, strict=True))
    for wanted in ("math", "tex-math", None):
        for name, text in found:
            if text.strip() and wanted in (name, None):
                return text
    return ""


def _body(tex: str) -> str:
    """Return TeX without the preamble that Springer sends with each formula."""
    found = re.search(r"\\begin\{document\}(.*?)(?:\\end\{document\}|$)", tex, re.DOTALL)
    return found[1] if found else tex


def _script(name: str, content: str) -> str:
    """Render H<sub>2</sub>O as H₂O; where Unicode lacks a character, the sign sets the script off: 10^(3.5)."""
    table = symbols.SUPERSCRIPTS if name == "sup" else symbols.SUBSCRIPTS
    if len(content) > _LONGEST_SCRIPT or not any(map(str.isalnum, content)) or re.search(r"[a-z] +[a-z]", content):
        return content
    tight = content.replace(" ", "")
    if all(char in table for char in tight):
        return "".join(table[char] for char in tight)
    return script(_RAISED[name], content, glued=True)


def _heading(content: str, before: str) -> str:
    """Set a heading in bold apart from the text it is glued to: "Objective" and "To test x"."""
    ends_heading = (
        (len(content) >= _SHORTEST_HEADING or content == "Aim") and content[:1].isupper() and not content[-1].isspace()
    )
    begins = " " if content[:1].isupper() and before[-1:] in tuple(".!?:;") else ""
    return begins + content + _HEADING * ends_heading
