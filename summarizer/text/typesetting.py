"""The characters that pieces of TeX stand for: scripts, accents, dashes, quotation marks, spaces. Pure."""

import re
import unicodedata

from summarizer.text import symbols
from summarizer.text.tex import Token

_ESCAPED_SPACES = {"\\": " ", " ": " ", ",": " ", ";": " ", ":": " ", ">": " ", "\n": " ", "\t": " "}
_ESCAPED_NOTHING = frozenset("!-/@()[]")


def plain(token: Token) -> str:
    """Return a token without arguments as text."""
    if token.kind == "url":
        return re.sub(r"\\([_%#&~])", r"\1", token.value)
    if token.kind == "accent":
        *marks, letter = list(re.sub(r"[{}\\ ]", "", token.value))
        # The mark of an inner accent is nearer to its letter: `\~{\^e}` is an e with a circumflex under a tilde.
        return unicodedata.normalize("NFC", letter + "".join(symbols.ACCENTS[mark] for mark in reversed(marks)))
    if token.kind != "escape":
        return token.value
    if token.name == "|":
        return "‖"
    return _ESCAPED_SPACES.get(token.name, "" if token.name in _ESCAPED_NOTHING else token.name)


def typeset(text: str) -> str:
    r"""Replace TeX's ties, dashes and quotation marks by the characters they stand for.

    "2.4times" is Hugging Face's form of `2.4\times`.
    """
    if "~" in text:
        text = re.sub(r"(?<=[A-Za-z.,)\]])~|^~(?=\S)|~$", " ", text)
    if "times" in text:
        text = re.sub(r"(?<=\d)times(?![a-z])", "×", text)
    if "--" in text:
        text = re.sub(r"(?<!-)---(?!-)", "—", text)
        text = re.sub(r"(?<!-)--(?!-)(?!(?<=\s--)[A-Za-z])", "–", text)
    text = text.replace("``", "“").replace("''", "”")
    return re.sub(r"(?<!\w)`([^`'\n]{1,80})['’](?!\w)", r"‘\1’", text) if "`" in text else text


def script(sign: str, content: str, glued: bool) -> str:
    """Return `content` as a superscript or subscript if Unicode has every character, else in ASCII notation."""
    content = content.replace("\x01", "").strip()
    table = symbols.SUPERSCRIPTS if sign == "^" else symbols.SUBSCRIPTS
    tight = content.replace(" ", "")
    if not tight:
        return ""
    if all(char in table for char in tight):
        return "".join(table[char] for char in tight)
    simple = len(content) == 1 or (content.isalnum() and not glued)
    return f"{sign}{content}" if simple else f"{sign}({content})"


def accented(content: str, mark: str) -> str:
    """Add the accent to a single letter; more letters stay plain, which is easier to read."""
    base = content.strip()
    return unicodedata.normalize("NFC", base + mark) if len(base) == 1 else base


def chemical(formula: str) -> str:
    """Return a chemical formula such as `H2SO4` with its counts as subscripts."""
    return re.sub(r"(?<=[A-Za-z)\]])_?(\d+)", lambda count: script("_", count[1], glued=False), formula)


def bracketed(content: str) -> str:
    """Return `content` in parentheses, unless it is one word or one character."""
    content = content.strip()
    atomic = re.fullmatch(r"\w+|\W?\w\W?", content) is not None
    return content if atomic else f"({content})"


def labelled(shown: str, target: str) -> str:
    """Return a link's text with its address in parentheses, or only one of them if the other adds nothing."""
    shown, target = shown.strip(), target.strip()
    return f"{shown} ({target})" if shown and shown != target else shown or target


def tidy_math(text: str) -> str:
    """Put single spaces around operator names and relations, only where they are needed."""
    text = re.sub(r"(?<=[\w)\]}])\x01(?=[A-Za-z])", " ", text)
    text = re.sub(r"(?<=[A-Za-z])\x01(?=[^\W_]|[√|‖])", " ", text).replace("\x01", "")
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"(?<=[(\[{]) | (?=[)\]},;])", "", text)
    return re.sub(r"^([∼≈≤≥±×→<>≪≫]) (?=\d)", r"\1", text)
