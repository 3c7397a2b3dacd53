"""The text alternative of a mail: read in a terminal, by a screen reader, or where HTML is switched off. Pure.

Its lines are `format=flowed` (RFC 3676): short enough for a terminal, and joined again by readers that know the format.
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bots.translation.speech import gettext

#: Columns of a line; RFC 3676 recommends at most 78, and leaves room for a mark of quotation.
_WIDTH = 72
#: Lines with one of these at the start would be taken for a quotation, or changed on the way (RFC 3676, 4.4).
_STUFFED = (" ", ">", "From ")
#: The line before what is not the message itself (RFC 3676, 4.3).
_SIGNATURE = "-- "


def flowed(paragraphs: Iterable[str]) -> str:
    """Return paragraphs as flowed text; an empty paragraph is an empty line, and no address is split."""
    return "\n".join(line for each in paragraphs for line in _lines(each)) + "\n"


def _lines(paragraph: str) -> list[str]:
    if paragraph == _SIGNATURE:
        return [paragraph]
    # A space before each line break means that the paragraph goes on.
    wrapped = textwrap.wrap(paragraph, _WIDTH, break_long_words=False, break_on_hyphens=False)
    rows = [f"{row} " for row in wrapped[:-1]] + wrapped[-1:]
    return [f" {row}" if row.startswith(_STUFFED) else row for row in rows] or [""]


def content(
    payload: Mapping[str, Any],
    footer: Iterable[tuple[str, str]],
    reason: str,
    button: tuple[str, str] | None = None,
) -> str:
    """Return the text of a mail.

    Args:
        payload: the content of the message.
        footer: what a reader can do, each with its address.
        reason: why the reader gets it.
        button: the one thing to do, with its address.
    """
    # Above the line of the signature: some readers fold what is below it.
    asked = ["", gettext("{label}:", label=button[0]), button[1]] if button else []
    below = [gettext("{source}: {reason}", source=label, reason=address) for label, address in footer]
    return flowed([*_paragraphs(payload), *asked, "", _SIGNATURE, reason, *below])


def _paragraphs(payload: Mapping[str, Any]) -> Iterator[str]:
    yield payload["heading"]
    for line in payload["about"]:
        yield from ("", line)
    for paper in payload["papers"]:
        yield from ("", "")
        yield from _paper(paper)
    if payload["notes"]:
        yield from ("", "", *payload["notes"])


def _paper(paper: Mapping[str, Any]) -> Iterator[str]:
    yield f"{paper['number']}. {paper['title']}"
    if paper["meta"]:
        yield paper["meta"]
    for line in paper["blurb"]:
        yield from ("", line)
    about = [line for line in (paper["warnings"], paper["keywords"], paper["why"]) if line]
    if about:
        yield from ("", *about)
    links = [
        address
        for address in (paper["url"], gettext("Code: {address}", address=paper["code"]) if paper["code"] else "")
        if address
    ]
    if links:
        yield from ("", *links)
