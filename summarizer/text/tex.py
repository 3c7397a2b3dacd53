"""Split text with TeX into tokens, and pair opening with closing tokens. Pure; linear time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.text.dollars import pair_dollars

_TOKEN = re.compile(
    r"""
    (?P<url>(?:https?|ftp)://(?:[^\s{}<>"^\\]|\\[_%\#&~])+)
  | (?P<accent>(?!\\'s(?![A-Za-z]))\\["'`^~=.](?:\{\\?[A-Za-z]\}|\\[ij](?![A-Za-z])|[A-Za-z])
              |\\[cvHukrdb]\{\\?[A-Za-z]\}|\\[cvHk]\ (?=[A-Za-z][a-z])[A-Za-z]
              |\\["'`^~=.]\{\\["'`^~=.]\{?[A-Za-z]\}{1,2})
  | (?P<macro>\\[A-Za-z]+)
  | (?P<escape>\\(?s:.))
  | (?P<open>\{)
  | (?P<close>\})
  | (?P<dollar>\$)
  | (?P<script>[\^_])
  | (?P<text>(?:(?!(?:https?|ftp)://)[^\\{}$^_])+|(?s:.))
    """,
    re.VERBOSE,
)
#: Without one of these, nothing in a text must be kept together.
_ANY_PAIR = re.compile(r"[\\{$]|://")
#: The opening sign of each closing one.
_OPENERS = {"}": "{", "\\)": "\\(", "\\]": "\\["}


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    value: str
    start: int

    @property
    def name(self) -> str:
        return self.value[1:]


class Tokens:
    """The tokens of one text; a reader may take leading characters off a text token, everything else is fixed."""

    def __init__(self, source: str, *, dollar_math: bool) -> None:
        self._tokens = [
            Token(match.lastgroup or "text", match.group(), match.start()) for match in _TOKEN.finditer(source)
        ]
        self._partner = self._pair_up(source, dollar_math=dollar_math)

    def __len__(self) -> int:
        return len(self._tokens)

    def __getitem__(self, index: int) -> Token:
        return self._tokens[index]

    def _pair_up(self, source: str, *, dollar_math: bool) -> dict[int, int]:
        """Pair braces by nesting, math brackets with the next of their kind, and dollars by what they enclose."""
        partner: dict[int, int] = {}
        waiting: dict[str, list[int]] = {"{": [], "\\(": [], "\\[": []}
        for index, token in enumerate(self._tokens):
            if token.value in waiting:
                waiting[token.value].append(index)
            elif (opener := _OPENERS.get(token.value)) and waiting[opener]:
                partner[waiting[opener].pop()] = index
        places = [index for index, token in enumerate(self._tokens) if token.kind == "dollar"]
        starts = [self._tokens[index].start for index in places]
        for first, last, width in pair_dollars(source, starts, dollar_math=dollar_math):
            partner[places[first]] = places[last]
            if width == 2:
                self._empty(places[first + 1])
                self._empty(places[last - 1])
        return partner

    def _empty(self, index: int) -> None:
        """Let the inner one of two dollars show nothing."""
        self._tokens[index] = Token("text", "", self._tokens[index].start)

    def closer(self, index: int, end: int | None = None) -> int:
        """Return the partner of the opening token at `index`; if it has none, `end` or the end of the text."""
        return self._partner.get(index, len(self._tokens) if end is None else end)

    def between(self, index: int, end: int) -> list[Token]:
        """Return the tokens from `index` to `end`."""
        return self._tokens[index:end]

    def opens_group(self, index: int, end: int) -> bool:
        opens = index < end and self._tokens[index].kind == "open"
        return opens and self._partner.get(index, end) < end

    def opens_groups(self, index: int, end: int, count: int) -> bool:
        """Return whether `count` brace groups follow, after at most one option in square brackets."""
        if index < end and re.fullmatch(r"\[[^\]]{0,80}\]", self._tokens[index].value):
            index += 1
        for _ in range(count):
            if not self.opens_group(index, end):
                return False
            index = self._partner[index] + 1
        return True

    def drop_blank(self, index: int) -> None:
        """Remove the blank before the word at `index`, which belongs to the macro before it."""
        token = self._tokens[index] if index < len(self._tokens) else None
        if token and re.match(r" [a-z]", token.value):
            self._tokens[index] = Token(token.kind, token.value[1:], token.start + 1)

    def take_option(self, index: int, end: int) -> tuple[str, int]:
        r"""Take `[...]` off the token at `index`; return what it holds, empty without one, and the index after it."""
        option = re.match(r"\[([^\]]{0,80})\]", self._tokens[index].value) if index < end else None
        if not option:
            return "", index
        rest = self._tokens[index].value[option.end() :]
        self._tokens[index] = Token("text", rest, self._tokens[index].start + option.end())
        return option[1], index if rest else index + 1

    def skip_arguments(self, index: int, end: int) -> int:
        r"""Return the index after `[...]` and `{...}`; at most two options, as `\citep` has."""
        for _ in range(2):
            _, index = self.take_option(index, end)
        while self.opens_group(index, end):
            index = self._partner[index] + 1
        return index

    def glued_to_word(self, index: int) -> bool:
        follows = self._tokens[index].value[:1] if index < len(self._tokens) else ""
        return follows.isalnum()

    def take_first(self, index: int) -> None:
        """Remove the first visible character from the text token at `index`, if others follow it."""
        token = self._tokens[index]
        rest = token.value.lstrip()
        if len(rest) > 1:
            start = token.start + len(token.value) - len(rest)
            self._tokens[index] = Token("text", rest[1:], start + 1)


def opaque_spans(source: str, *, dollar_math: bool = True) -> Iterator[tuple[int, int]]:
    """Yield the ranges of `source` that must not be split: math, URLs and brace groups."""
    if not _ANY_PAIR.search(source):
        return
    tokens, position = Tokens(source, dollar_math=dollar_math), 0
    while position < len(tokens):
        last = position if tokens[position].kind == "url" else tokens.closer(position)
        if last < len(tokens):
            yield tokens[position].start, tokens[last].start + len(_without_punctuation(tokens[last].value))
        position = last + 1 if last < len(tokens) else position + 1


def _without_punctuation(value: str) -> str:
    """Return a URL without what belongs to the sentence around it: stops, and a bracket that the URL did not open."""
    value = value.rstrip(".,;:!?")
    return value.removesuffix(")").rstrip(".,;:!?") if "(" not in value and len(value) > 1 else value
