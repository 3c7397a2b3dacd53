"""Finds links and mentions in a model's text, and what a chat service may turn into one. Pure; linear time."""

import re

_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,15}:\s?/\s?/|\bwww\s?\.|\b(?:hxxps?|mailto|javascript|data|tel|xmpp|slack|discord):"
    r"|\]\s?\(|<[@!#a-z/]|\b\d{1,3}(?:\.\d{1,3}){3}\b"
    r"|\b[\w-]{2,}(?:\.|\[\.\]|\(\.\)|\s?\(?\bdot\b\)?\s?)(?:com|org|net|io|ai|dev|app|co|gg|ly|me|xyz|info|biz|ru|cn|de|fr|"
    r"uk|eu|in|ws|to|tk|top|site|online|club|link|click|shop|zip|mov|example|test|invalid|onion)\b(?!\w)",
    re.IGNORECASE,
)
#: A link without a known ending: every word, stop and word without a space may be one. A single letter behind the stop
#: ("e.g.", "Ph.D.") or a digit ("v1.2", "Fig.2") is none.
_NAME = r"(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.(?:xn--[\w-]+|[^\W\d_]{2,})(?![\w-])"
_ADDRESS = re.compile(_NAME)
_PATH = re.compile(rf"(?<!\w)/\s?/\s?\w|{_NAME}[/:?#]\w")

_MENTION = re.compile(
    r"(?<![\w])@\s?\w|@(?:everyone|here)|<\s?[@!#&]|\b[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+\.\w|&lt;[@!#]|[@#]\[|\B#[a-z]\w{2,}",
    re.IGNORECASE,
)


def has_link(seen: str, known: str) -> bool:
    """Return whether a text has a mention, a link, or what may be one: "evil.tech".

    Args:
        seen: the text in the Unicode form NFKC.
        known: the paper's title and abstract; a name that they contain is no link, such as "Node.js".
    """
    if any(pattern.search(seen) for pattern in (_LINK, _PATH, _MENTION)):
        return True
    lower = known.lower()
    return any(found[0].lower() not in lower for found in _ADDRESS.finditer(seen))
