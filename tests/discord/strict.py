"""Checks messages more strictly than Discord does: anything not known to be harmless is a fault."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from bots.chat.phrases import safe_url
from bots.discord.embeds import as_embeds
from bots.discord.entries import pdf_url
from bots.domain.papers import Paper
from bots.testing.stage import hidden_in
from tests.discord.markdown import Mark, body_of, read, texts_of
from tests.fakes.discord import markdown, rules
from tests.fakes.discord.markdown_nodes import Emoji, Line, Link, Marked, Ping, Quote
from tests.fakes.discord.openapi import Spec
from tests.fakes.discord.reading import seen

_SPEC = Spec.load()

#: Markup that we write; any other markup in a message is third-party.
_OURS = frozenset({"heading", "subtext", "bold", "italic", "link", "code", "block", "time"})
_LINK, _SECTION, _TEXT, _ROW, _BUTTON, _CONTAINER, _FILE = 5, 9, 10, 1, 2, 17, 13
#: Strings that Discord's servers find without reading markdown: addresses and invitations to unfurl, and mentions.
_LIVE = re.compile(r"https?://|discord(?:app)?\.(?:gg|com)/|<@[!&]?\d+>|<#\d+>|(?<!\\)@(?:everyone|here)\b")

_ASIDE = re.compile(r"(?P<kept>\\[\s\S])|\]\(<[^<>\s]*>\)|```[\s\S]*?```|`[^`\n]+`")


def objects(value: object) -> Iterator[dict[str, Any]]:
    """Yield every JSON object in a value, outermost first."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for inner in value:
            yield from objects(inner)


def links_of(papers: Iterable[Paper]) -> set[str]:
    """Return the only addresses that may be linked for these papers."""
    urls = (url for paper in papers for url in (safe_url(paper.url), safe_url(paper.code), pdf_url(paper)))
    return {unquote(url) for url in urls if url}


def _marks(body: object) -> list[Mark]:
    return [mark for text in texts_of(body) for mark in read(text)[1]]


def targets(body: object) -> set[str]:
    """Return every address that a message links to."""
    linked = (mark.held for mark in _marks(body) if mark.kind == "link")
    return {unquote(url) for url in (*linked, *(each["url"] for each in pressable(body) if "url" in each))}


def injected(body: object, links: Iterable[str]) -> list[str]:
    """Return what third-party text injected into a message: mentions, markup, hidden characters, addresses."""
    bad = [f"{mark.kind}: {mark.held}" for mark in _marks(body) if mark.kind not in _OURS]
    for text in texts_of(body):
        # An escaped sign does not start code; the targets of our links are checked elsewhere.
        outside = _ASIDE.sub(lambda found: found["kept"] or "", text)
        bad += [f"live: {found}" for found in _LIVE.findall(outside)]
        bad += hidden_in(text)
        bad += [f"{type(each).__name__}: {each}" for each in _parts(markdown.read(text)) if _is_foreign(each)]
    return bad + sorted(targets(body) - set(links))


def _parts(value: object) -> Iterator[object]:
    """Yield every block and node that the fake Discord's reader finds, including nested ones."""
    for each in value if isinstance(value, tuple) else ():
        yield each
        yield from _parts(getattr(each, "nodes", ()) or getattr(each, "blocks", ()))


def _is_foreign(found: object) -> bool:
    match found:
        case Link(bare=bare, quiet=quiet):
            return bare or not quiet
        case Line(kind=kind):
            return kind == "item"
        case Marked(style=style):
            return style not in _OURS
    return isinstance(found, Ping | Emoji | Quote)


def pressable(body: object) -> list[dict[str, Any]]:
    """Return every button of a message."""
    return [each for each in objects(body) if each.get("type") == _BUTTON]


def presses(body: object) -> list[str]:
    """Return the custom ids of a message, in order."""
    return [each["custom_id"] for each in pressable(body) if "custom_id" in each]


def check(payload: Mapping[str, Any], links: Iterable[str] = ()) -> None:
    """Check a message, and its conversion to embeds, against every limit and for injected content."""
    links = set(links)
    assert json.loads(json.dumps(payload)) == payload
    _check_v2(body_of(payload))
    _check_legacy(body_of(as_embeds(payload)))
    for body in (body_of(payload), body_of(as_embeds(payload))):
        assert [] == injected(body, links)
        assert [] == refused(body)
        reader = seen(body)
        # Not even a ping or a preview that the documentation leaves open is allowed.
        assert ([], [], []) == (reader.pings, reader.doubtful_pings, reader.doubtful_previews)
        assert {"parse": []} == body["allowed_mentions"]
        _check_buttons(body)


def refused(body: dict[str, Any]) -> list[str]:
    """Return the rules of Discord's API description, and of its documentation beyond that, that a message breaks."""
    files = sum(1 for each in objects(body["components"]) if each.get("type") == _FILE)
    given = {"attachments": [{"id": "0", "filename": "papers.bib"}]} if files else {}
    wrongs = (
        *_SPEC.request("POST", "/channels/1/messages", {**body, **given}),
        *rules.message({**body, **given}, kind=rules.Kind.CREATE, files=files),
    )
    return list(map(str, wrongs))


def _check_v2(body: dict[str, Any]) -> None:
    assert {"flags", "components", "allowed_mentions"} == set(body)
    assert 1 << 15 == body["flags"]
    components = [each for each in objects(body["components"]) if isinstance(each.get("type"), int)]
    assert 1 <= len(components) <= 40
    texts = [each["content"] for each in components if each["type"] == _TEXT]
    assert all(texts)
    assert 1 <= sum(map(len, texts)) <= 4000
    for each in components:
        assert each["type"] not in (_ROW, _CONTAINER) or each["components"]
        assert each["type"] != _SECTION or (1 <= len(each["components"]) <= 3 and each["accessory"])


def _check_legacy(body: dict[str, Any]) -> None:
    assert not body.get("flags", 0)
    assert 1 <= len(body["embeds"]) <= 10
    assert all(1 <= len(each["description"].strip()) <= 4096 for each in body["embeds"])
    assert sum(len(each["description"]) for each in body["embeds"]) <= 5900
    assert len(body.get("content", "")) <= 2000
    assert len(body["components"]) <= 5
    assert {_ROW} >= {each["type"] for each in body["components"]}


def _check_buttons(body: dict[str, Any]) -> None:
    ids = Counter(presses(body))
    assert [] == [each for each, times in ids.items() if times > 1 or not 1 <= len(each) <= 100]
    for each in objects(body["components"]):
        assert each.get("type") != _ROW or 1 <= len(each["components"]) <= 5
    for each in pressable(body):
        assert 1 <= len(each["label"]) <= 80
        assert ("url" in each) == (each["style"] == _LINK) != ("custom_id" in each)
        assert len(each.get("url", "")) <= 512
