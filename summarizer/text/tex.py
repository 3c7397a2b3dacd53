"""Split text with TeX into tokens, and pair opening with closing tokens. Pure; linear time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
#: Two or more plain words in a row: text with them between two dollars is not math, and the dollars are money.
_PROSE_BETWEEN_DOLLARS = re.compile(r"(?:^|\s)[A-Za-z]{3,},?\s(?:.*\s)?[A-Za-z]{2,}", re.DOTALL)
_TEX_SIGN = re.compile(r"[\\^_{}=<>]")


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
        self._source = source
        self._dollar_math = dollar_math
        self._tokens = [
            Token(match.lastgroup or "text", match.group(), match.start()) for match in _TOKEN.finditer(source)
        ]
        self._partner = self._pair_up()

    def __len__(self) -> int:
        return len(self._tokens)

    def __getitem__(self, index: int) -> Token:
        return self._tokens[index]

    def _pair_up(self) -> dict[int, int]:
        """Pair braces by nesting; pair dollars and math brackets with the next of their kind."""
        partner: dict[int, int] = {}
        braces: list[int] = []
        waiting: dict[str, int] = {}
        for index, token in enumerate(self._tokens):
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
        """Return whether two dollars enclose math: pandoc's rule, and sums of money are not math."""
        if not self._dollar_math:
            return False
        start = self._tokens[opener].start + len(self._tokens[opener].value)
        end = self._tokens[closer].start
        inner = self._source[start:end]
        if self._tokens[opener].value == "$$":
            return bool(inner.strip())
        after = self._source[end + 1 : end + 2]
        tight = bool(inner) and not inner[0].isspace() and not inner[-1].isspace()
        if not tight or (after.isdigit() and after.isascii()):
            return False
        return bool(_TEX_SIGN.search(inner)) or not _PROSE_BETWEEN_DOLLARS.search(inner)

    def closer(self, index: int, end: int | None = None) -> int:
        """Return the partner of the opening token at `index`; if it has none, `end` or the end of the text."""
        return self._partner.get(index, len(self._tokens) if end is None else end)

    def between(self, index: int, end: int) -> list[Token]:
        """Return the tokens from `index` to `end`."""
        return self._tokens[index:end]

    def opens_group(self, index: int, end: int) -> bool:
        opens = index < end and self._tokens[index].kind == "open"
        return opens and self._partner.get(index, end) < end

    def skip_arguments(self, index: int, end: int) -> int:
        r"""Return the index after `[...]` and `{...}`; at most two options, as `\citep` has."""
        for _ in range(2):
            if index < end and (option := re.match(r"\[[^\]]{0,80}\]", self._tokens[index].value)):
                rest = self._tokens[index].value[option.end() :]
                start = self._tokens[index].start + option.end()
                self._tokens[index] = Token("text", rest, start)
                index += 0 if rest else 1
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
    tokens, position = Tokens(source, dollar_math=dollar_math), 0
    while position < len(tokens):
        last = position if tokens[position].kind == "url" else tokens.closer(position)
        if last < len(tokens):
            # Punctuation after a URL belongs to the sentence, not to the URL.
            yield tokens[position].start, tokens[last].start + len(tokens[last].value.rstrip(".,;:!?"))
        position = last + 1 if last < len(tokens) else position + 1
