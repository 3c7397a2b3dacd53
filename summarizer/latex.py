"""Reads the TeX that abstracts carry and renders it as plain Unicode text: pure, one pass, any input.

The rules come from reading 77 real abstracts of arXiv and Hugging Face: an unknown macro gives its
name and never nothing, `%` is a percent sign, `_` in prose belongs to an identifier, and braces that
no macro asked for may be a set.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer import symbols

#: Nesting no author writes; deeper text is passed through so that recursion stays bounded.
_MAX_DEPTH = 24

_TOKEN = re.compile(
    r"""
    (?P<url>(?:https?|ftp)://(?:[^\s{}<>"^\\]|\\[_%\#&~])+)
  | (?P<accent>(?!\\'s(?![A-Za-z]))\\["'`^~=.](?:\{\\?[A-Za-z]\}|\\[ij](?![A-Za-z])|[A-Za-z])
              |\\[cvHukrdb]\{\\?[A-Za-z]\})
  | (?P<macro>\\[A-Za-z]+)
  | (?P<escape>\\(?s:.))
  | (?P<open>\{)
  | (?P<close>\})
  | (?P<dollar>\$\$?)
  | (?P<script>[\^_])
  | (?P<text>(?:(?!(?:https?|ftp)://)[^\\{}$^_])+|(?s:.))
    """,
    re.VERBOSE,
)
#: Two or more plain words in a row: what stands between dollars then is money, not math.
_PROSE_BETWEEN_DOLLARS = re.compile(r"(?:^|\s)[A-Za-z]{3,},?\s(?:.*\s)?[A-Za-z]{2,}", re.DOTALL)
_TEX_SIGN = re.compile(r"[\\^_{}=<>]")
_ESCAPED_SPACES = {"\\": " ", " ": " ", ",": " ", ";": " ", ":": " ", ">": " ", "\n": " ", "\t": " "}
#: Hugging Face drops the backslash of some macros; these names between braces are not words.
_STRIPPED_MACROS = {
    name: symbols.SYMBOLS.get(name) or symbols.RELATIONS[name]
    for name in ("sim", "times", "approx", "pm", "leq", "geq", "le", "ge", "cdot", "to", "rightarrow")
}
_ESCAPED_NOTHING = frozenset("!-/@()[]")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    value: str
    start: int

    @property
    def name(self) -> str:
        return self.value[1:]


def render(source: str, *, dollar_math: bool = True) -> str:
    """Return TeX-laden prose as plain text; white space and everything that is not TeX stays.

    Args:
        dollar_math: whether `$...$` may be math. Hugging Face strips its dollars, so there every
            `$` is money.
    """
    reader = _Reader(source, dollar_math=dollar_math)
    return unicodedata.normalize("NFC", reader.prose(0, len(reader.tokens), 0))


def opaque_spans(source: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of `source` that only make sense whole: math, URLs and brace groups."""
    reader = _Reader(source, dollar_math=True)
    tokens, position = reader.tokens, 0
    while position < len(tokens):
        last = reader.closer(position)
        if tokens[position].kind == "url":
            last = position
        if last is None:
            position += 1
            continue
        yield tokens[position].start, tokens[last].start + len(tokens[last].value)
        position = last + 1


class _Reader:
    """One text being read: its tokens, and where each opening token finds its partner."""

    def __init__(self, source: str, *, dollar_math: bool) -> None:
        self._source = source
        self._dollar_math = dollar_math
        self.tokens = [
            _Token(match.lastgroup or "text", match.group(), match.start()) for match in _TOKEN.finditer(source)
        ]
        self._partner = self._pair_up()

    def _pair_up(self) -> dict[int, int]:
        """Match braces by nesting, dollars and math brackets with the next of their kind."""
        partner: dict[int, int] = {}
        braces: list[int] = []
        waiting: dict[str, int] = {}
        for index, token in enumerate(self.tokens):
            if token.kind == "open":
                braces.append(index)
            elif token.kind == "close" and braces:
                partner[braces.pop()] = index
            elif token.kind == "dollar":
                opener = waiting.get(token.value)
                if opener is not None and self._encloses_math(opener, index):
                    partner[opener] = index
                    waiting.clear()
                else:
                    waiting[token.value] = index
            elif token.value in ("\\(", "\\["):
                waiting[token.value] = index
            elif token.value in ("\\)", "\\]"):
                opener = waiting.pop("\\(" if token.value == "\\)" else "\\[", None)
                if opener is not None:
                    partner[opener] = index
        return partner

    def _encloses_math(self, opener: int, closer: int) -> bool:
        """Apply pandoc's rule for dollars, and leave sums of money alone."""
        if not self._dollar_math:
            return False
        start = self.tokens[opener].start + len(self.tokens[opener].value)
        end = self.tokens[closer].start
        inner = self._source[start:end]
        if self.tokens[opener].value == "$$":
            return bool(inner.strip())
        after = self._source[end + 1 : end + 2]
        tight = bool(inner) and not inner[0].isspace() and not inner[-1].isspace()
        if not tight or (after.isdigit() and after.isascii()):
            return False
        return bool(_TEX_SIGN.search(inner)) or not _PROSE_BETWEEN_DOLLARS.search(inner)

    def closer(self, index: int) -> int | None:
        """Return the partner of the opening token at `index`, if it has one."""
        return self._partner.get(index)

    # -- prose -----------------------------------------------------------------------------------

    def prose(self, index: int, end: int, depth: int) -> str:
        """Return the tokens `index` to `end` as running text."""
        if depth > _MAX_DEPTH:
            return self._verbatim(index, end)
        pieces: list[str] = []
        while index < end:
            piece, index = self._prose_step(index, end, depth)
            pieces.append(piece)
        return "".join(pieces)

    def _prose_step(self, index: int, end: int, depth: int) -> tuple[str, int]:
        token = self.tokens[index]
        closer = self._partner.get(index, end)
        if token.kind in ("dollar", "escape") and closer < end:
            return self._formula(index + 1, closer, depth + 1), closer + 1
        if token.kind == "open" and closer < end:
            return self._prose_group(index, closer, depth), closer + 1
        if token.kind == "url" and self._opens_group(index + 1, end):
            return self._bare_link(index, depth)
        if token.kind == "macro":
            return self._macro(index, end, depth, in_math=False)
        if token.kind == "script" and self._opens_group(index + 1, end):
            inner = self._partner[index + 1]
            content = self.math(index + 2, inner, depth + 1)
            return _script(token.value, content, self._glued_to_word(inner + 1)), inner + 1
        if token.kind in ("open", "close"):
            return self._stray_brace(index), index + 1
        return (_typeset(token.value) if token.kind == "text" else _plain(token)), index + 1

    def _prose_group(self, index: int, closer: int, depth: int) -> str:
        """Keep the braces of a set such as {0,1}; drop those that only guard or style text."""
        inside = self.tokens[index + 1 : closer]
        content = self.prose(index + 1, closer, depth + 1)
        if content in _STRIPPED_MACROS:
            return _STRIPPED_MACROS[content]
        guards = not content or re.fullmatch(r"[\w.+-]+(?: [\w.+-]+)*|[.,]", content)
        styled = any(token.kind in ("macro", "accent", "open") for token in inside)
        return content.lstrip() if guards or styled else f"{{{content}}}"

    def _stray_brace(self, index: int) -> str:
        """Drop a brace without partner, but never glue two words together."""
        before = self.tokens[index - 1].value[-1:] if index else ""
        return " " if before.isalnum() and self._glued_to_word(index + 1) else ""

    # -- math ------------------------------------------------------------------------------------

    def _formula(self, index: int, end: int, depth: int) -> str:
        return _tidy_math(self.math(index, end, depth))

    def math(self, index: int, end: int, depth: int) -> str:
        """Return the tokens `index` to `end` as math in one line."""
        if depth > _MAX_DEPTH:
            return self._verbatim(index, end)
        pieces: list[str] = []
        while index < end:
            piece, index = self._math_step(index, end, depth)
            pieces.append(piece)
        return "".join(pieces)

    def _math_step(self, index: int, end: int, depth: int) -> tuple[str, int]:
        token = self.tokens[index]
        closer = self._partner.get(index, end)
        if token.kind == "script":
            content, after = self._argument(index + 1, end, depth + 1)
            return _script(token.value, content, self._glued_to_word(after)), after
        if token.kind == "macro":
            return self._macro(index, end, depth, in_math=True)
        if token.kind in ("open", "dollar", "escape") and closer < end:
            return self.math(index + 1, closer, depth + 1), closer + 1
        if token.kind == "text":
            return token.value.replace("&", " ").replace("~", " ").replace("'", "′"), index + 1
        return ("" if token.kind in ("open", "close") else _plain(token)), index + 1

    # -- macros ----------------------------------------------------------------------------------

    def _macro(self, index: int, end: int, depth: int, *, in_math: bool) -> tuple[str, int]:
        name, after = self.tokens[index].name, index + 1
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
        """Return the symbol, sparing the full stop of `\\etal.` its double."""
        shown = symbols.SYMBOLS[name]
        follows = self.tokens[after].value[:1] if after < len(self.tokens) else ""
        return (shown[:-1] if shown.endswith(".") and follows == "." else shown), after

    def _macro_with_arguments(self, name: str, after: int, end: int, depth: int, *, in_math: bool) -> tuple[str, int]:
        if name in symbols.DROPPED:
            return "", self._skip_arguments(after, end)
        if name in symbols.MATH_ACCENTS:
            content, after = self._argument(after, end, depth + 1)
            return _accented(content, symbols.MATH_ACCENTS[name]), after
        if name in ("mathbb", "mathds", "Bbb"):
            content, after = self._argument(after, end, depth + 1)
            return "".join(symbols.BLACKBOARD.get(char, char) for char in content), after
        if name in ("frac", "dfrac", "tfrac", "nicefrac", "sfrac"):
            return self._fraction(after, end, depth)
        if name == "sqrt":
            content, after = self._argument(after, end, depth + 1)
            return f"√{_bracketed(content)}", after
        if name in ("href", "url", "binom", "tbinom", "item"):
            return self._special(name, after, end, depth)
        return self._named(name, after, end, depth, in_math=in_math)

    def _special(self, name: str, after: int, end: int, depth: int) -> tuple[str, int]:
        if name == "item":
            return " • ", after
        if name == "url":
            return self._argument(after, end, depth + 1, in_math=False)
        if name == "href":
            return self._link(after, end, depth)
        upper, after = self._argument(after, end, depth + 1)
        lower, after = self._argument(after, end, depth + 1)
        return f"({upper} choose {lower})", after

    def _bare_link(self, index: int, depth: int) -> tuple[str, int]:
        """Render `u{t}`, what is left of `\\href{u}{t}` once a source has dropped the macro."""
        closer = self._partner[index + 1]
        shown = self.prose(index + 2, closer, depth + 1)
        return _labelled(shown, _plain(self.tokens[index])), closer + 1

    def _link(self, after: int, end: int, depth: int) -> tuple[str, int]:
        """Render `\\href{u}{t}` as "t (u)", and the form `\\href{u{t}}` that Hugging Face leaves."""
        if not self._opens_group(after, end):
            return "", after
        closer = self._partner[after]
        if self._opens_group(closer + 1, end):
            target = self._verbatim(after + 1, closer)
            shown, last = self._argument(closer + 1, end, depth + 1, in_math=False)
            return _labelled(shown, target), last
        inner = next((i for i in range(after + 1, closer) if self._opens_group(i, closer)), None)
        if inner is None:
            return self._verbatim(after + 1, closer), closer + 1
        shown = self.prose(inner + 1, self._partner[inner], depth + 1)
        return _labelled(shown, self._verbatim(after + 1, inner)), closer + 1

    def _fraction(self, after: int, end: int, depth: int) -> tuple[str, int]:
        upper, after = self._argument(after, end, depth + 1)
        lower, after = self._argument(after, end, depth + 1)
        return f"{_bracketed(upper)}/{_bracketed(lower)}", after

    def _named(self, name: str, after: int, end: int, depth: int, *, in_math: bool) -> tuple[str, int]:
        """Show a macro's arguments, or, when it has none, its name: an author's own abbreviation."""
        shown: list[str] = []
        styled = in_math and name not in ("text", "textrm", "mbox", "mathrm")
        while self._opens_group(after, end):
            content, after = self._argument(after, end, depth + 1, in_math=styled)
            shown.append(content)
        if name in ("textcolor", "texorpdfstring", "makebox", "framebox"):
            return "".join(shown[-1:]), after
        if name in ("textsuperscript", "textsubscript"):
            return _script("^" if name == "textsuperscript" else "_", "".join(shown), False), after
        if name == "pmod":
            return f" (mod {''.join(shown)})", after
        if name == "footnote":
            return f" ({''.join(shown)})", after
        if name in symbols.UNWRAPPED or any(shown):
            return " ".join(filter(None, shown)), after
        return name, after

    def _argument(self, index: int, end: int, depth: int, *, in_math: bool = True) -> tuple[str, int]:
        """Return what the macro before `index` applies to: a group, a macro or one character."""
        if index >= end or depth > _MAX_DEPTH:
            return "", index
        token = self.tokens[index]
        if token.kind == "text":
            return self._first_character(index, end, depth, in_math=in_math)
        if self._opens_group(index, end):
            read = self.math if in_math else self.prose
            closer = self._partner[index]
            return read(index + 1, closer, depth).strip(), closer + 1
        if token.kind == "macro":
            return self._macro(index, end, depth, in_math=in_math)
        return _plain(token), index + 1

    def _first_character(self, index: int, end: int, depth: int, *, in_math: bool) -> tuple[str, int]:
        """Take one character off a text token, or look behind the white space that fills it."""
        token = self.tokens[index]
        rest = token.value.lstrip()
        if not rest:
            return self._argument(index + 1, end, depth + 1, in_math=in_math)
        start = token.start + len(token.value) - len(rest)
        if len(rest) == 1:
            return rest, index + 1
        self.tokens[index] = _Token("text", rest[1:], start + 1)
        return rest[0].replace("'", "′"), index

    # -- tokens ----------------------------------------------------------------------------------

    def _opens_group(self, index: int, end: int) -> bool:
        opens = index < end and self.tokens[index].kind == "open"
        return opens and self._partner.get(index, end) < end

    def _skip_arguments(self, index: int, end: int) -> int:
        """Return the index behind `[...]` and `{...}`; at most two options, as `\\citep` has."""
        for _ in range(2):
            if index < end and (option := re.match(r"\[[^\]]{0,80}\]", self.tokens[index].value)):
                rest = self.tokens[index].value[option.end() :]
                start = self.tokens[index].start + option.end()
                self.tokens[index] = _Token("text", rest, start)
                index += 0 if rest else 1
        while self._opens_group(index, end):
            index = self._partner[index] + 1
        return index

    def _glued_to_word(self, index: int) -> bool:
        follows = self.tokens[index].value[:1] if index < len(self.tokens) else ""
        return follows.isalnum()

    def _verbatim(self, index: int, end: int) -> str:
        return "".join(_plain(token) for token in self.tokens[index:end])


def _plain(token: _Token) -> str:
    """Return a token that takes no argument as text."""
    if token.kind == "url":
        return re.sub(r"\\([_%#&~])", r"\1", token.value)
    if token.kind == "accent":
        letter = re.sub(r"[{}\\]", "", token.value[2:])
        return unicodedata.normalize("NFC", letter + symbols.ACCENTS[token.value[1]])
    if token.kind != "escape":
        return token.value
    if token.name == "|":
        return "‖"
    return _ESCAPED_SPACES.get(token.name, "" if token.name in _ESCAPED_NOTHING else token.name)


def _typeset(text: str) -> str:
    """Turn TeX's ties, dashes and quotation marks into the characters they stand for.

    "2.4times" is what Hugging Face makes of `2.4\\times`.
    """
    text = re.sub(r"(?<=[A-Za-z.,)\]])~|^~(?=\S)|~$", " ", text)
    text = re.sub(r"(?<=\d)times(?![a-z])", "×", text)
    text = re.sub(r"(?<!-)---(?!-)", "—", text)
    text = re.sub(r"(?<!-)--(?!-)(?!(?<=\s--)[A-Za-z])", "–", text)
    text = text.replace("``", "“").replace("''", "”")
    return re.sub(r"(?<!\w)`([^`'\n]{1,80})'(?!\w)", r"‘\1’", text)


def _script(sign: str, content: str, glued: bool) -> str:
    """Raise or lower `content` if every character can be, else say it in ASCII."""
    content = content.replace("\x01", "").strip()
    table = symbols.SUPERSCRIPTS if sign == "^" else symbols.SUBSCRIPTS
    tight = content.replace(" ", "")
    if not tight:
        return ""
    if all(char in table for char in tight):
        return "".join(table[char] for char in tight)
    simple = len(content) == 1 or (content.isalnum() and not glued)
    return f"{sign}{content}" if simple else f"{sign}({content})"


def _accented(content: str, mark: str) -> str:
    """Set the mark on a single letter; over more than one, plain letters read better."""
    base = content.strip()
    return unicodedata.normalize("NFC", base + mark) if len(base) == 1 else base


def _bracketed(content: str) -> str:
    content = content.strip()
    atomic = re.fullmatch(r"\w+|\W?\w\W?", content) is not None
    return content if atomic else f"({content})"


def _labelled(shown: str, target: str) -> str:
    shown, target = shown.strip(), target.strip()
    return f"{shown} ({target})" if shown and shown != target else shown or target


def _tidy_math(text: str) -> str:
    """Set operator names and relations apart by single spaces, and only where they need it."""
    text = re.sub(r"(?<=[\w)\]}])\x01(?=[A-Za-z])", " ", text)
    text = re.sub(r"(?<=[A-Za-z])\x01(?=[^\W_]|[√|‖])", " ", text).replace("\x01", "")
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"(?<=[(\[{]) | (?=[)\]},;])", "", text)
    return re.sub(r"^([∼≈≤≥±×→<>≪≫]) (?=\d)", r"\1", text)
