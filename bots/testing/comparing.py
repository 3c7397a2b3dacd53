"""What is compared when platforms show the same words in different markup, and what the contracts post."""

import unicodedata
from collections.abc import Iterable

from bots.chat.phrases import safe_url
from bots.domain.digests import Part
from bots.domain.papers import Paper
from bots.testing.stage import Stage

#: Signs that end a label in some markup are left out, or shown by others that look like them.
_ALIKE = str.maketrans({"|": None, "∣": None})


def squeezed(text: str) -> str:
    """Return text without white space, which wrapping moves about."""
    return "".join(text.split())


def alike(text: str) -> str:
    """Return squeezed text in which signs that look the same are the same: `＠` is `@`."""
    return unicodedata.normalize("NFKC", squeezed(text)).translate(_ALIKE)


def links_of(papers: Iterable[Paper]) -> set[str]:
    """Return the only addresses that may be linked for these papers."""
    return {safe_url(url) for paper in papers for url in (paper.url, paper.code)}


async def post_all(stage: Stage, parts: Iterable[Part]) -> list[str]:
    """Post parts under keys of their own and return the ids of the messages."""
    return [await stage.adapter.post(part, f"key-{part.number}") for part in parts]
