"""The values of BibTeX: strings joined by `#`, macros of `@string`, commas left out, comments. Pure functions."""

import re
from collections.abc import Iterable, Iterator, Mapping

from bots.domain.errors import SourceRefused

# The macros that BibTeX's styles define.
_MONTHS = {name: name for name in "jan feb mar apr may jun jul aug sep oct nov dec".split()}
# What a macro or a joined value may grow to: more than the longest abstract; a macro can double the one before it.
_VALUE_MOST = 100_000
# What macros and parents may add to a whole library: ten thousand entries with a long journal's name and a volume's
# title each take 2 million characters. Without a limit, 150 KB could take 200 MB.
_LENT_MOST = 10_000_000
_NAME = re.compile(r"[A-Za-z][\w:.+/-]{0,60}")
_FIELD = re.compile(r"\s*,?\s*([A-Za-z][\w-]{0,40})\s*=\s*")
_JOINT = re.compile(r"\s*#\s*")
_WORD = re.compile(r"[^\s,#}]+")
_MARK = re.compile(r"\\?[{}\"]")
_COMMENT = re.compile(r"\s*@comment\b", re.IGNORECASE)
_ENTRY = re.compile(r"\s*@[A-Za-z]+\s*[{(]")
_NO_KEY = re.compile(
    r"^(\s{0,20}@(?!string)[A-Za-z]{1,30}\s{0,20}[{(])(?=\s{0,200}[A-Za-z][\w-]{0,40}\s{0,20}=)",
    re.MULTILINE | re.IGNORECASE,
)


class Macros:
    """The macros of one library by name in lower case, and how much text they and parents have lent to its entries."""

    def __init__(self, raw: Mapping[str, str], most: int = _LENT_MOST) -> None:
        """Replace the macros in the values of `@string`, in whatever order they are defined.

        Args:
            raw: the values by name in lower case.
            most: the characters that may be lent in all.

        Raises:
            SourceRefused: the macros alone take more than that.
        """
        self._left = most
        self._values = dict(_MONTHS)
        for _ in range(3):  # chains of macros are short; a circle ends as it is
            for name, value in raw.items():
                self._values[name] = _evaluated(value, 0, self)[0]

    def value(self, name: str) -> str:
        """Return what a name stands for: the macro's value, or the name itself if it is none.

        Raises:
            SourceRefused: as `lend`.
        """
        found = self._values.get(name.lower())
        return name if found is None else self.lend(found)

    def lend(self, text: str) -> str:
        """Return the text, and count it.

        Raises:
            SourceRefused: far more has been lent than a library of papers needs.
        """
        self._left -= len(text)
        if self._left < 0:
            raise SourceRefused(
                "The macros of the BibTeX library make it far too long.", hint="Export it without @string and crossref."
            )
        return text


def fields_of(raw: Iterable[tuple[str, str]], macros: Macros) -> dict[str, str]:
    """Return the fields of an entry by name in lower case, each once and with its macros replaced.

    A field behind which the comma was left out has taken the next one into its value; the two are separated.

    Raises:
        SourceRefused: as `Macros.lend`.
    """
    fields: dict[str, str] = {}
    for name, value in raw:
        for key, said in _separated(name, value, macros):
            if not fields.get(key):
                fields[key] = said
    return fields


def uncommented(written: str) -> str:
    """Return a library without what is commented out, and with a key for entries that have none.

    Left out are `@comment{…}` with all entries in it, the rest of a line behind `@comment`, and the lines between
    entries that begin with a percent sign.
    """
    lines = written.split("\n")
    kept, unclosed = _kept(lines, blocks=True)
    if unclosed:
        # A comment without an end would hide the rest of the file.
        kept, _ = _kept(lines, blocks=False)
    return _NO_KEY.sub(r"\1,", "\n".join(kept))


def _kept(lines: Iterable[str], *, blocks: bool) -> tuple[list[str], bool]:
    kept: list[str] = []
    depth = hidden = 0
    for line in lines:
        shown = line
        if hidden:
            shown, hidden = _behind(line, hidden)
        elif depth <= 0 or _ENTRY.match(line):
            depth = 0
            if line.lstrip().startswith("%"):
                shown = ""
            elif comment := _COMMENT.match(line):
                rest = line[comment.end() :]
                shown, hidden = _behind(rest, 0) if blocks else ("", 0)
        kept.append(shown)
        depth += shown.count("{") - shown.count("}")
    return kept, hidden > 0


def _behind(line: str, depth: int) -> tuple[str, int]:
    """Return what of a line stands behind the end of a comment, and how many braces of the comment are open."""
    for brace in re.finditer(r"[{}]", line):
        depth += 1 if brace[0] == "{" else -1
        if depth <= 0:
            return line[brace.end() :], 0
    return "", depth


def _separated(name: str, raw: str, macros: Macros) -> Iterator[tuple[str, str]]:
    key = name.strip().lower()
    place = 0
    while True:
        value, end = _evaluated(raw, place, macros)
        yield key, value
        following = _FIELD.match(raw, end)
        if following is None:
            return
        key, place = following[1].lower(), following.end()


def _evaluated(raw: str, place: int, macros: Macros) -> tuple[str, int]:
    """Return the value of `"a" # macro # {b}` that begins at a position, and the position behind it."""
    parts: list[str] = []
    size = 0
    while True:
        part, place = _term(raw, place, macros)
        parts.append(part[: max(0, _VALUE_MOST - size)])
        size += len(part)
        joint = _JOINT.match(raw, place)
        if joint is None:
            return "".join(parts), place
        place = joint.end()


def _term(raw: str, place: int, macros: Macros) -> tuple[str, int]:
    while place < len(raw) and raw[place].isspace():
        place += 1
    if raw[place : place + 1] in ("{", '"'):
        end = _close(raw, place)
        return raw[place + 1 : end], end + 1
    found = _NAME.match(raw, place)
    if found:
        return macros.value(found[0]), found.end()
    word = _WORD.match(raw, place)
    return (word[0], word.end()) if word else ("", place)


def _close(raw: str, start: int) -> int:
    """Return the position of the mark that closes the brace or the quotation mark at `start`."""
    quoted, depth = raw[start] == '"', 0
    for found in _MARK.finditer(raw, start + 1):
        mark = found[0]
        if mark[0] == "\\" and mark[-1] == '"':
            continue
        if mark[-1] == '"' and quoted and depth == 0:
            return found.start()
        if mark == "}" and depth == 0 and not quoted:
            return found.start()
        depth += (mark == "{") - (mark == "}")
    return len(raw)
