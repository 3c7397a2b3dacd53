"""Render the TeX in abstracts as plain Unicode text. Pure; one pass; any input.

The rules come from 77 real abstracts of arXiv and Hugging Face. An unknown macro is rendered as its arguments or its
name, never as nothing; `%` is a percent sign; `_` in prose belongs to an identifier; braces that are not the argument
of a macro may be a set.
"""

import re
import unicodedata

from summarizer.text import symbols
from summarizer.text.tex import Tokens
from summarizer.text.typesetting import accented, bracketed, chemical, labelled, plain, script, tidy_math, typeset
from summarizer.text.units import QUANTITIES

#: Deeper nesting does not occur in real text; it is passed through unchanged, so that recursion stays bounded.
_MAX_DEPTH = 24

#: Text without any of these is prose; four sentences in five have none.
_ANY_TEX = re.compile(r"[\\{}$^_]|://")
#: A relation at the end of a formula that a number follows, and the space before it.
_LAST_RELATION = re.compile(rf"(?<=\S) ([{''.join(sorted({sign[0] for sign in symbols.RELATIONS.values()}))}])$")

#: Macros whose backslash Hugging Face drops: between braces, these names are symbols, not words.
_STRIPPED_MACROS = {
    name: symbols.SYMBOLS.get(name) or symbols.RELATIONS[name]
    for name in ("sim", "times", "approx", "pm", "leq", "geq", "le", "ge", "cdot", "to", "rightarrow")
}


def render(source: str, *, dollar_math: bool = True) -> str:
    """Return prose with TeX as plain text; white space and everything that is not TeX stays.

    Args:
        dollar_math: whether `$...$` may be math; False for Hugging Face, which strips the dollars of math, so that
            every `$` is money.
    """
    if not _ANY_TEX.search(source):
        return unicodedata.normalize("NFC", typeset(source))
    tokens = Tokens(source, dollar_math=dollar_math)
    return unicodedata.normalize("NFC", _Reader(tokens).prose(0, len(tokens), 0))


class _Reader:
    """Renders one text, token by token."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def prose(self, index: int, end: int, depth: int) -> str:
        """Return the tokens from `index` to `end` as running text."""
        if depth > _MAX_DEPTH:
            return self._verbatim(index, end)
        pieces: list[str] = []
        while index < end:
            piece, index = self._prose_step(index, end, depth)
            pieces.append(piece)
        return "".join(pieces)

    def _prose_step(self, index: int, end: int, depth: int) -> tuple[str, int]:
        token = self._tokens[index]
        closer = self._tokens.closer(index, end)
        if token.kind in ("dollar", "escape") and closer < end:
            return self._formula(index + 1, closer, depth + 1), closer + 1
        if token.kind == "open" and closer < end:
            return self._prose_group(index, closer, depth), closer + 1
        if token.kind == "url" and self._tokens.opens_group(index + 1, end):
            return self._bare_link(index, depth)
        if token.kind == "macro":
            return self._macro(index, end, depth, in_math=False)
        if token.kind == "script" and self._tokens.opens_group(index + 1, end):
            inner = self._tokens.closer(index + 1)
            content = self.math(index + 2, inner, depth + 1)
            return script(token.value, content, self._tokens.glued_to_word(inner + 1)), inner + 1
        if token.kind in ("open", "close"):
            return self._stray_brace(index), index + 1
        return (typeset(token.value) if token.kind == "text" else plain(token)), index + 1

    def _prose_group(self, index: int, closer: int, depth: int) -> str:
        """Keep the braces of a set such as {0,1}; drop those that only protect or style text."""
        inside = self._tokens.between(index + 1, closer)
        content = self.prose(index + 1, closer, depth + 1)
        if content in _STRIPPED_MACROS:
            return _STRIPPED_MACROS[content]
        guards = not content or re.fullmatch(r"[\w.+-]+(?: [\w.+-]+)*|[^\w\s]", content)
        styled = any(token.kind in ("macro", "accent", "open") for token in inside)
        return content.lstrip() if guards or styled else f"{{{content}}}"

    def _stray_brace(self, index: int) -> str:
        """Drop an unmatched brace, but never join two words."""
        before = self._tokens[index - 1].value[-1:] if index else ""
        return " " if before.isalnum() and self._tokens.glued_to_word(index + 1) else ""

    def _formula(self, index: int, end: int, depth: int) -> str:
        """Return the formula; one that is only a space keeps two numbers apart."""
        content = self.math(index, end, depth)
        shown = tidy_math(content) or " " * bool(content)
        return _LAST_RELATION.sub(r"\1", shown) if self._tokens.glued_to_word(end + 1) else shown

    def math(self, index: int, end: int, depth: int) -> str:
        """Return the tokens from `index` to `end` as math in one line."""
        if depth > _MAX_DEPTH:
            return self._verbatim(index, end)
        pieces: list[str] = []
        while index < end:
            piece, index = self._math_step(index, end, depth)
            pieces.append(piece)
        return "".join(pieces)

    def _math_step(self, index: int, end: int, depth: int) -> tuple[str, int]:
        token = self._tokens[index]
        closer = self._tokens.closer(index, end)
        if token.kind == "script":
            content, after = self._argument(index + 1, end, depth + 1)
            return script(token.value, content, self._tokens.glued_to_word(after)), after
        if token.kind == "macro":
            return self._macro(index, end, depth, in_math=True)
        if token.kind in ("open", "dollar", "escape") and closer < end:
            return self.math(index + 1, closer, depth + 1), closer + 1
        if token.kind == "text":
            return token.value.replace("&", " ").replace("~", " ").replace("'", "′"), index + 1
        return ("" if token.kind in ("open", "close") else plain(token)), index + 1

    def _macro(self, index: int, end: int, depth: int, *, in_math: bool) -> tuple[str, int]:
        name, after = self._tokens[index].name, index + 1
        if name == "not" and after < end:
            negated, after = self._argument(after, end, depth + 1)
            return (f" {negated.strip()}\u0338 " if negated.strip() else "¬"), after
        if name in symbols.RELATIONS:
            return (f" {symbols.RELATIONS[name]} " if in_math else symbols.RELATIONS[name]), after
        if name in symbols.SYMBOLS:
            return self._symbol(name, after)
        if name in symbols.OPERATORS:
            return (f"\x01{name}\x01" if in_math else name), after
        if name in symbols.IGNORED:
            return "", after
        if name in symbols.SPACES:
            return " ", after
        return self._macro_with_arguments(name, after, end, depth, in_math=in_math)

    def _symbol(self, name: str, after: int) -> tuple[str, int]:
        r"""Return the symbol; one that ends in a full stop, as `\etal.` does, does not get a second one."""
        shown = symbols.SYMBOLS[name]
        if name in symbols.LETTERS:
            self._tokens.drop_blank(after)
        follows = self._tokens[after].value[:1] if after < len(self._tokens) else ""
        return (shown[:-1] if shown.endswith(".") and follows == "." else shown), after

    def _macro_with_arguments(self, name: str, after: int, end: int, depth: int, *, in_math: bool) -> tuple[str, int]:
        if name in symbols.DROPPED:
            return "", self._tokens.skip_arguments(after, end)
        if name in symbols.MATH_ACCENTS:
            content, after = self._argument(after, end, depth + 1)
            return accented(content, symbols.MATH_ACCENTS[name]), after
        if name in ("mathbb", "mathds", "Bbb"):
            content, after = self._argument(after, end, depth + 1)
            return "".join(symbols.BLACKBOARD.get(char, char) for char in content), after
        if name in ("frac", "dfrac", "tfrac", "nicefrac", "sfrac"):
            return self._fraction(after, end, depth)
        if name in QUANTITIES and self._tokens.opens_groups(after, end, QUANTITIES[name][0]):
            return self._quantity(name, after, end)
        if name in ("href", "url", "binom", "tbinom", "item", "sqrt"):
            return self._special(name, after, end, depth)
        return self._named(name, after, end, depth, in_math=in_math)

    def _special(self, name: str, after: int, end: int, depth: int) -> tuple[str, int]:
        if name == "item":
            return " • ", after
        if name == "url":
            return self._argument(after, end, depth + 1, in_math=False)
        if name == "href":
            return self._link(after, end, depth)
        if name == "sqrt":
            return self._root(after, end, depth)
        upper, after = self._argument(after, end, depth + 1)
        lower, after = self._argument(after, end, depth + 1)
        return f"({upper} choose {lower})", after

    def _root(self, after: int, end: int, depth: int) -> tuple[str, int]:
        r"""Render `\sqrt{x}` as √x, and `\sqrt[3]{x+1}` as ³√(x+1)."""
        degree, after = self._tokens.take_option(after, end)
        content, after = self._argument(after, end, depth + 1)
        under = content if len(content) == 1 or content.isdigit() else f"({content})"
        return f"{script('^', degree, True)}√{under}", after

    def _quantity(self, name: str, after: int, end: int) -> tuple[str, int]:
        """Render a macro of siunitx from the source of its groups."""
        count, read = QUANTITIES[name]
        _, after = self._tokens.take_option(after, end)
        groups: list[str] = []
        for _ in range(count):
            closer = self._tokens.closer(after)
            groups.append("".join(token.value for token in self._tokens.between(after + 1, closer)))
            after = closer + 1
        return read(groups), after

    def _bare_link(self, index: int, depth: int) -> tuple[str, int]:
        r"""Render `u{t}`, the rest of `\href{u}{t}` after a source has dropped the macro."""
        closer = self._tokens.closer(index + 1)
        shown = self.prose(index + 2, closer, depth + 1)
        return labelled(shown, plain(self._tokens[index])), closer + 1

    def _link(self, after: int, end: int, depth: int) -> tuple[str, int]:
        r"""Render `\href{u}{t}` as "t (u)", and also the form `\href{u{t}}` that Hugging Face returns."""
        if not self._tokens.opens_group(after, end):
            return "", after
        closer = self._tokens.closer(after)
        if self._tokens.opens_group(closer + 1, end):
            target = self._verbatim(after + 1, closer)
            shown, last = self._argument(closer + 1, end, depth + 1, in_math=False)
            return labelled(shown, target), last
        inner = next((i for i in range(after + 1, closer) if self._tokens.opens_group(i, closer)), None)
        if inner is None:
            return self._verbatim(after + 1, closer), closer + 1
        shown = self.prose(inner + 1, self._tokens.closer(inner), depth + 1)
        return labelled(shown, self._verbatim(after + 1, inner)), closer + 1

    def _fraction(self, after: int, end: int, depth: int) -> tuple[str, int]:
        upper, after = self._argument(after, end, depth + 1)
        lower, after = self._argument(after, end, depth + 1)
        return f"{bracketed(upper)}/{bracketed(lower)}", after

    def _named(self, name: str, after: int, end: int, depth: int, *, in_math: bool) -> tuple[str, int]:
        """Render a macro's arguments; if it has none, its name, which is an author's own abbreviation."""
        shown: list[str] = []
        styled = in_math and name not in ("text", "textrm", "mbox", "mathrm")
        while self._tokens.opens_group(after, end):
            content, after = self._argument(after, end, depth + 1, in_math=styled)
            shown.append(content)
        if name in ("textcolor", "texorpdfstring", "makebox", "framebox"):
            return "".join(shown[-1:]), after
        if name in ("textsuperscript", "textsubscript"):
            return script("^" if name == "textsuperscript" else "_", "".join(shown), False), after
        if name in ("ce", "chem"):
            return chemical("".join(shown)), after
        if name == "pmod":
            return f" (mod {''.join(shown)})", after
        if name == "footnote":
            return f" ({''.join(shown)})", after
        if name in symbols.UNWRAPPED or any(shown):
            return " ".join(filter(None, shown)), after
        return name, after

    def _argument(self, index: int, end: int, depth: int, *, in_math: bool = True) -> tuple[str, int]:
        """Return the argument of the macro before `index`: a group, a macro or one character."""
        if index >= end or depth > _MAX_DEPTH:
            # A group is passed whole, or the reader of the macro would ask for it again without end.
            closer = self._tokens.closer(index) if self._tokens.opens_group(index, end) else index - 1
            return self._verbatim(index, closer + 1), closer + 1
        token = self._tokens[index]
        if token.kind == "text":
            return self._first_character(index, end, depth, in_math=in_math)
        if self._tokens.opens_group(index, end):
            read = self.math if in_math else self.prose
            closer = self._tokens.closer(index)
            return read(index + 1, closer, depth).strip(), closer + 1
        if token.kind == "macro":
            return self._macro(index, end, depth, in_math=in_math)
        return plain(token), index + 1

    def _first_character(self, index: int, end: int, depth: int, *, in_math: bool) -> tuple[str, int]:
        """Take one character from a text token; if it is only white space, read the argument after it."""
        rest = self._tokens[index].value.lstrip()
        if not rest:
            return self._argument(index + 1, end, depth + 1, in_math=in_math)
        after = index + 1 if len(rest) == 1 else index
        self._tokens.take_first(index)
        return rest[0].replace("'", "′"), after

    def _verbatim(self, index: int, end: int) -> str:
        return "".join(plain(token) for token in self._tokens.between(index, end))
