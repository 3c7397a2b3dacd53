"""Checks of Slack payloads, stricter than Slack's: anything not known to be harmless is a fault."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bots.chat.phrases import safe_url
from bots.domain.papers import Paper
from bots.slack.blocks import Json, weight
from bots.slack.controls import pdf_url
from bots.testing.stage import hidden_in
from tests.fakes.slack.block_check import check_message, check_view

#: The only mrkdwn of our own: a link with a label of one word.
_OUR_LINK = re.compile(r"<(?P<url>https?://[^\s<>|]+)\|[a-z]+>")
_HELD = frozenset({"text", "url", "value", "action_id", "block_id", "range", "label"})


def objects(value: object) -> Iterator[Json]:
    """Yield every JSON object in a value, outermost first."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for inner in value:
            yield from objects(inner)


def strings(value: object) -> Iterator[str]:
    """Yield every string in a value."""
    for each in objects(value):
        yield from (text for name, text in each.items() if name in _HELD and isinstance(text, str))


def targets(blocks: object) -> Iterator[str]:
    """Yield every URL in blocks that a reader can follow."""
    for each in objects(blocks):
        if isinstance(each.get("url"), str):
            yield each["url"]
        if each.get("type") == "mrkdwn":
            found = _OUR_LINK.fullmatch(each["text"])
            yield found["url"].replace("&amp;", "&") if found else f"not ours: {each['text']}"


def injected(blocks: object, links: Iterable[str]) -> list[str]:
    """Return the mentions, markup, hidden characters and URLs that outside text has injected into blocks."""
    kinds = {"user", "usergroup", "channel", "broadcast", "emoji", "team"}
    bad = [str(each) for each in objects(blocks) if each.get("type") in kinds]
    bad += [str(each) for each in objects(blocks) if each.get("type") == "mrkdwn" and not each.get("verbatim")]
    bad += [char for text in strings(blocks) for char in hidden_in(text)]
    return bad + sorted(set(targets(blocks)) - set(links))


def live_in(text: str) -> list[str]:
    """Return the live markup in a text that Slack reads as mrkdwn and that must hold none."""
    found = re.findall(r"[<>]|&(?!amp;|lt;|gt;)|://", text)
    return found + hidden_in(text)


def links_of(papers: Iterable[Paper]) -> set[str]:
    """Return the only URLs that may be linked for these papers."""
    return {url for paper in papers for url in (safe_url(paper.url), safe_url(paper.code), pdf_url(paper)) if url}


def check(payload: Mapping[str, Any], links: Iterable[str] = ()) -> None:
    """Check a message against every limit, slack_sdk's models, and injection by outside text."""
    assert [] == injected(payload["blocks"], links)
    assert [] == live_in(payload["text"])
    assert 1 <= len(payload["text"]) <= 400
    assert weight(payload["blocks"]) <= 10_000
    assert (False, False) == (payload["unfurl_links"], payload["unfurl_media"])
    check_message(payload["blocks"])
    for block in payload["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
        assert parsed.to_dict()["type"] == block["type"]


def check_shown(view: Json, links: Iterable[str] = ()) -> None:
    """Check a view in the same way."""
    assert [] == injected(view["blocks"], links)
    check_view(view, view["type"])
    View(**view).validate_json()
    for block in view["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()


def presses(blocks: object) -> Iterator[tuple[Json, Json]]:
    """Yield each interactive element with its block."""
    for block in objects(blocks):
        if block.get("type") == "actions":
            yield from ((block, element) for element in block["elements"])
