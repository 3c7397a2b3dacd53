"""Helpers that compare messages across platforms with different markup, and the notice that the contracts post."""

import unicodedata
from collections.abc import Iterable

from bots.chat.phrases import safe_url
from bots.domain.digests import Part
from bots.domain.papers import Paper
from bots.testing.stage import Stage

#: Characters that end a label in some markup, where they are removed or replaced by look-alikes.
_ALIKE = str.maketrans({"|": None, "∣": None})


def squeezed(text: str) -> str:
    """Return the text without white space, which line wrapping changes."""
    return "".join(text.split())


def alike(text: str) -> str:
    """Return the text without white space, and with look-alike characters replaced: `＠` is `@`."""
    return unicodedata.normalize("NFKC", squeezed(text)).translate(_ALIKE)


def links_of(papers: Iterable[Paper]) -> set[str]:
    """Return the addresses that messages with these papers may link to."""
    return {safe_url(url) for paper in papers for url in (paper.url, paper.code)}


async def post_all(stage: Stage, parts: Iterable[Part]) -> list[str]:
    """Post parts, each under a key of its own, and return the ids of the messages."""
    return [await stage.adapter.post(part, f"key-{part.number}") for part in parts]
