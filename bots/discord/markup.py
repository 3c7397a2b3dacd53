r"""Text for Discord's markdown in which nothing of a stranger is markdown: it pings, links and formats nothing. Pure.

Discord takes a backslash before any sign for the sign itself, and shows no trace of it. A link needs its `://` whole,
a mention its `<@`, an emoji its colons: one backslash inside breaks each, for the reader's app and for the servers that
look for addresses to unfurl, and costs the reader nothing.
"""

import re
from datetime import datetime
from typing import Literal

from bots.presentation.phrases import safe_url

#: An address longer than this is no paper's page, and would eat the room that texts share.
MAX_URL = 300
#: How Discord writes an instant in each reader's own zone (docs.discord.com, Message Formatting, Timestamp Styles).
When = Literal["t", "T", "d", "D", "f", "F", "R"]

#: Signs that mean something wherever they stand. A colon before a space or at the end of a word means nothing.
_ANYWHERE = re.compile(r"[\\*_~`|<\[\]@]|:(?!\s)|(?<=<)#")
#: What makes a heading, small print, a quotation or a list, at the beginning of a line.
_AT_START = re.compile(r"^([^\S\n]*)([#>+=-]|\d+(?=[.)]))", re.MULTILINE)
# An invitation unfurls without a scheme, too; so do gifts and templates.
_INVITES = re.compile(r"(discord(?:app)?|dis|dsc|invite)\.(?=[a-z])", re.IGNORECASE)
#: A label of these brackets, each pair whole and none in another, is one that Discord reads as a label.
_PAIRS = re.compile(r"[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*")
_WIDE = str.maketrans("[]", "［］")
#: Discord shows no link whose label is an address: it might lead elsewhere.
_ADDRESS = re.compile(r"\w://|discord(?:app)?\.\w|www\.", re.IGNORECASE)
#: What a backtick becomes in code, where no backslash helps.
_TICK = "\u02cb"  # MODIFIER LETTER GRAVE ACCENT
_TICKS = re.compile(r"`{3,}")


def plain(text: str) -> str:
    """Return text that reads as it stands, whatever is in it."""
    return _INVITES.sub(r"\1\\.", _AT_START.sub(_quieted, _ANYWHERE.sub(r"\\\g<0>", text)))


def _quieted(found: re.Match[str]) -> str:
    space, sign = found.groups()
    # A number is no sign, so the backslash belongs before what follows it.
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"


def measure(text: str) -> int:
    """Return how long a text is once it is escaped; a longer text never measures less."""
    return len(plain(text))


def masked(label: str, url: str) -> str:
    """Return a label that leads to an address and unfurls nothing; the label alone where the address is not safe."""
    target, shown = _target(url), " ".join(label.split()) or "…"
    if not target:
        return plain(shown)
    if _ADDRESS.search(shown):
        return f"{plain(shown)} [page](<{target}>)"
    if not _PAIRS.fullmatch(shown):
        shown = shown.translate(_WIDE)
    return f"[{plain(shown)}](<{target}>)"


def _target(url: str) -> str:
    """Return an address inside which nothing ends a link, or nothing where it is not safe or endless."""
    # `safe_url` leaves these, which would end the link or the bold around it; quoted they mean the same.
    target = safe_url(url).replace("(", "%28").replace(")", "%29").replace("*", "%2A")
    return target if len(target) <= MAX_URL else ""


def bold(text: str) -> str:
    """Return text in bold."""
    return f"**{plain(text)}**" if text else ""


def italic(text: str) -> str:
    """Return text in italics."""
    return f"*{plain(text)}*" if text else ""


def heading(text: str, level: int = 2) -> str:
    """Return text as a heading of level 1, 2 or 3."""
    return headed(plain(text), level)


def headed(marked: str, level: int = 2) -> str:
    """Return one line, given as markdown, as a heading."""
    # Discord drops what number signs a heading ends with, escaped or not.
    return f"{'#' * level} {f'**{marked}**' if marked.endswith('#') else marked}"


def subtext(marked: str) -> str:
    """Return lines, given as markdown, in small print."""
    return "\n".join(f"-# {line}" for line in marked.splitlines() if line)


def code(text: str) -> str:
    """Return text as a typewriter sets it, on one line."""
    return f"`{' '.join(text.split()).replace('`', _TICK)}`" if text.strip() else ""


def code_block(text: str, language: str = "") -> str:
    """Return text as a typewriter sets it, to be copied; nothing in it ends the block."""
    body = _TICKS.sub(lambda found: _TICK * len(found[0]), text.strip("\n"))
    return f"```{language}\n{body}\n```"


def when(instant: datetime, style: When = "F") -> str:
    """Return an instant that every reader sees on their own clock."""
    return f"<t:{int(instant.timestamp())}:{style}>"
