r"""Write Discord's markdown so that third-party text stays plain: it cannot ping, link or format. Pure functions.

Discord shows a sign after a backslash as the sign itself, and hides the backslash. A link needs its `://` whole,
a mention its `<@`, an emoji its colons. One backslash inside breaks each, in the reader's app and on the servers
that search for addresses to unfurl, and the reader does not see it.
"""

import re
from datetime import datetime
from typing import Literal

from bots.chat.phrases import safe_url
from bots.domain.channels import Channel
from bots.translation.speech import gettext

#: A longer address is not a paper's page, and would use up the characters that a message's texts share.
MAX_URL = 300
#: How Discord formats an instant in each reader's time zone (docs.discord.com, Message Formatting, Timestamp Styles).
When = Literal["t", "T", "d", "D", "f", "F", "R"]

#: Signs that are markup anywhere. A colon before a space or at the end of a word is not.
_ANYWHERE = re.compile(r"[\\*_~`|<\[\]@]|:(?!\s)|(?<=<)#")
#: Signs that start a heading, small print, a quotation or a list at the beginning of a line.
_AT_START = re.compile(r"^([^\S\n]*)([#>+=-]|\d+(?=[.)]))", re.MULTILINE)
# An invitation unfurls even without a scheme; so do gifts and templates.
_INVITES = re.compile(r"(discord(?:app)?|dis|dsc|invite)\.(?=[a-z])", re.IGNORECASE)
#: Discord accepts a label if each of its brackets is paired and no pair is inside another.
_PAIRS = re.compile(r"[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*")
_WIDE = str.maketrans("[]", "［］")
#: Discord does not render a link whose label is an address, since the link might lead elsewhere.
_ADDRESS = re.compile(r"\w://|discord(?:app)?\.\w|www\.", re.IGNORECASE)
#: Replaces a backtick inside code, where a backslash does not escape it.
_TICK = "\u02cb"  # MODIFIER LETTER GRAVE ACCENT
_TICKS = re.compile(r"`{3,}")


def plain(text: str) -> str:
    """Return text escaped so that Discord shows it literally."""
    return _INVITES.sub(r"\1\\.", _AT_START.sub(_quieted, _ANYWHERE.sub(r"\\\g<0>", text)))


def _quieted(found: re.Match[str]) -> str:
    space, sign = found.groups()
    # A backslash does not escape a digit, so it goes before the sign after the number.
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"


def measure(text: str) -> int:
    """Return the length of a text once it is escaped; a longer text never has a smaller length."""
    return len(plain(text))


def masked(label: str, url: str) -> str:
    """Return a link with a label that unfurls nothing; only the label if the address is not safe."""
    target, shown = _target(url), " ".join(label.split()) or "…"
    if not target:
        return plain(shown)
    if _ADDRESS.search(shown):
        return f"{plain(shown)} [page](<{target}>)"
    if not _PAIRS.fullmatch(shown):
        shown = shown.translate(_WIDE)
    return f"[{plain(shown)}](<{target}>)"


def _target(url: str) -> str:
    """Return an address without the characters that end a link; empty if it is not safe or too long."""
    # `safe_url` keeps these signs, which would end the link or the bold around it; percent-encoded they mean the same.
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
    # Discord drops the number signs at the end of a heading, escaped or not.
    return f"{'#' * level} {f'**{marked}**' if marked.endswith('#') else marked}"


def subtext(marked: str) -> str:
    """Return lines of markdown in small print."""
    return "\n".join(f"-# {line}" for line in marked.splitlines() if line)


def code(text: str) -> str:
    """Return text as monospaced code on one line."""
    return f"`{' '.join(text.split()).replace('`', _TICK)}`" if text.strip() else ""


def code_block(text: str, language: str = "") -> str:
    """Return text as a code block that can be copied; nothing in the text ends the block."""
    body = _TICKS.sub(lambda found: _TICK * len(found[0]), text.strip("\n"))
    return f"```{language}\n{body}\n```"


def when(instant: datetime, style: When = "F") -> str:
    """Return a timestamp that Discord shows in each reader's time zone."""
    return f"<t:{int(instant.timestamp())}:{style}>"


def channel_mention(channel: Channel) -> str:
    """Return a channel as Discord shows it, by its name; the words for a person's direct messages with the bot."""
    named = channel.channel
    known = channel.workspace and named.isascii() and named.isdigit()
    if known:
        return f"<#{named}>"
    return gettext("that channel") if channel.workspace else gettext("your direct messages")


def mention(user: str) -> str:
    """Return a person's name as Discord shows it; it pings no one in a message whose `allowed_mentions` are empty."""
    return f"<@{user}>" if user.isascii() and user.isdigit() else ""
