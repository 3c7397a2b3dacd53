"""Feeds over HTTP: addresses, conditions, pages, and who may read what."""

import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

import feedparser
import pytest

from bots.domain.channels import Channel
from bots.domain.credentials import Credential, CredentialKind
from bots.domain.papers import PaperId
from bots.feeds import FeedFormat
from bots.rest.feed_keys import feed_token, new_feed_key
from tests.contracts.test_store_archive import numbered, post
from tests.feeds.test_formats import CHECKS
from tests.feeds.validators import ATOM, checked_atom, checked_json
from tests.rest.conftest import HERE, THERE, Program, a_program
from tests.support.factories import NOW, a_paper


async def key(program: Program, channel: Channel = HERE) -> Credential:
    """Open the feed of a channel."""
    made = new_feed_key(channel, title="Reading group", now=NOW)
    await program.store.keep_credential(made)
    return made


async def address(program: Program, form: str = "atom") -> str:
    """Return the secret address of the feed of `HERE`."""
    return f"/feeds/channel/{feed_token(await key(program))}.{form}"


async def titles(program: Program, path: str) -> list[str]:
    """Return the titles of a JSON feed."""
    answer = await program.browser.client.get(path)
    assert 200 == answer.status_code, answer.text
    return [item["title"] for item in checked_json(answer.text)["items"]]


@pytest.mark.parametrize("form", list(FeedFormat))
async def test_a_channel_has_a_feed_in_each_format(program: Program, form: FeedFormat) -> None:
    """The feed of a channel is valid, has its type, and shows the papers of the last message first."""
    answer = await program.browser.client.get(await address(program, form))
    assert (200, f"{form.media_type}; charset=utf-8") == (answer.status_code, answer.headers["Content-Type"])
    CHECKS[form](answer.text)
    assert answer.text.index("TLDR: Extreme") < answer.text.index("Attention Is All")
    assert "nosniff" == answer.headers["X-Content-Type-Options"]


async def test_a_feed_reader_reads_it(program: Program) -> None:
    """feedparser finds no fault, and the link of a paper, its date and its id."""
    answer = await program.browser.client.get(await address(program))
    read = feedparser.parse(io.BytesIO(answer.content), response_headers=dict(answer.headers))
    assert not read.bozo
    assert "Reading group" == read.feed.title
    assert 5 == len({entry.id for entry in read.entries})
    assert all(entry.link.startswith("https://arxiv.org/abs/") for entry in read.entries)


async def test_what_is_known_is_not_sent_again(program: Program) -> None:
    """A reader that has the feed gets 304 without a body, by its tag or else by its date, until a paper is posted."""
    path, client = await address(program), program.browser.client
    first = await client.get(path)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    known: list[dict[str, str]] = [
        {"If-None-Match": tag}, {"If-None-Match": f'"x", W/{tag}'}, {"If-None-Match": "*"}, {"If-Modified-Since": date},
    ]  # fmt: skip
    for headers in known:
        again = await client.get(path, headers=headers)
        assert (304, b"", tag) == (again.status_code, again.content, again.headers["ETag"])
    other: list[dict[str, str]] = [
        {"If-None-Match": '"x"'}, {"If-None-Match": '"x"', "If-Modified-Since": date},
        {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}, {"If-Modified-Since": "yesterday"},
    ]  # fmt: skip
    assert [200] * 4 == [(await client.get(path, headers=headers)).status_code for headers in other]
    await post(program.store, numbered(7), channel=HERE, day=1)
    for headers in (known[0], known[3]):
        assert 200 == (await client.get(path, headers=headers)).status_code


async def test_pages_lead_to_all_papers(program: Program) -> None:
    """Following the links of a long feed gives every paper once; the last page has no further link."""
    for day in range(1, 8):
        await post(program.store, numbered(*range(10 * day, 10 * day + 10)), channel=HERE, day=day)
    path, seen = await address(program, "json"), list[str]()
    while path:
        feed = checked_json((await program.browser.client.get(path)).text)
        seen += [item["id"] for item in feed["items"]]
        path = feed.get("next_url", "")
    assert 75 == len(seen) == len(set(seen))


async def test_an_address_can_be_replaced(program: Program) -> None:
    """When the key is deleted, its address ends; a changed, a foreign and a made-up address open nothing."""
    own, there = await key(program), await key(program, THERE)
    token, other = feed_token(own), feed_token(there)
    mixed = f"{token.partition('.')[0]}.{other.partition('.')[2]}"
    for path in (token[:-2] + "xx", mixed, own.id, str(HERE), "..", "x" * 900):
        assert 404 == (await program.browser.client.get(f"/feeds/channel/{path}.atom")).status_code
    assert 200 == (await program.browser.client.get(f"/feeds/channel/{token}.atom")).status_code
    await program.store.drop_credential(CredentialKind.FEED, own.id)
    assert 404 == (await program.browser.client.get(f"/feeds/channel/{token}.atom")).status_code


async def test_a_channel_sees_only_its_own(program: Program) -> None:
    """The feed of a channel of the same name in another workspace has none of these papers."""
    token = feed_token(await key(program, THERE))
    assert [] == await titles(program, f"/feeds/channel/{token}.json")


async def test_a_public_channel_needs_no_secret() -> None:
    """Everyone reads the feed of a channel that the settings name, except papers of private sources."""
    secret = a_paper(id=PaperId.titled("Secret"), title="Secret draft", private=True)
    async with a_program(channels=(("reading group", HERE),)) as program:
        await post(program.store, (*numbered(1), secret), channel=HERE)
        assert ["Paper 1"] == await titles(program, f"/feeds/channel/{HERE}.json")
        own = await titles(program, await address(program, "json"))
        assert ["Paper 1", "Secret draft"] == own
        assert 404 == (await program.browser.client.get(f"/feeds/channel/{THERE}.json")).status_code


async def test_a_query_has_a_feed(program: Program) -> None:
    """A query in the query language is a feed of public papers, and so is an author, with initials or accents."""
    assert ["BERT: Pre-training of Deep Bidirectional Transformers"] == await titles(
        program, "/feeds/search.json?q=ti:bert"
    )
    assert ["Attention Is All You Need"] == await titles(program, "/feeds/author.json?name=A.+Vaswani")
    assert [] == await titles(program, "/feeds/author.json?name=Nobody")


async def test_a_query_feed_is_paged_and_sorted_by_date() -> None:
    """The feed of a query has the newest papers first, on pages that lead to all of them."""
    async with a_program() as program:
        papers = [
            a_paper(id=PaperId.arxiv(f"2611.{number:05}"), title=f"Paper {number}", announced=None,
                    published=NOW - timedelta(hours=number))
            for number in range(70)
        ]  # fmt: skip
        await program.store.remember(papers, source="arxiv:cs.CL", day=NOW.date())
        path, seen = "/feeds/search.json?q=ti:paper", list[str]()
        while path:
            feed = checked_json((await program.browser.client.get(path)).text)
            seen += [item["title"] for item in feed["items"]]
            path = feed.get("next_url", "")
        assert [f"Paper {number}" for number in range(70)] == seen


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/feeds/search.atom", 400, "no query"),
        ("/feeds/search.atom?q=(", 422, "bracket"),
        ("/feeds/search.atom?q=" + "x" * 600, 422, "characters"),
        ("/feeds/search.atom?q=x&page=0", 400, "page"),
        ("/feeds/search.atom?q=x&page=%D9%A3", 400, "page"),
        ("/feeds/author.atom?name=%22", 400, "name"),
        ("/feeds/search.xml?q=x", 404, ".atom"),
        ("/feeds", 404, ""),
    ],
)
async def test_what_is_no_feed_says_why(program: Program, path: str, status: int, words: str) -> None:
    """A wrong address is answered with what to do, and never with a feed."""
    answer = await program.browser.client.get(path)
    assert status == answer.status_code
    assert words in answer.text


async def test_hostile_papers_stay_in_their_entries() -> None:
    """A paper with markup, control characters and a foreign scheme leaves the feed valid."""
    nasty: Any = a_paper(
        title="]]></title><script>\x00\x0b\ud800 \u202e", abstract="<b>x</b>&#0;\ufffe", url="javascript:alert(1)",
        authors=("<Ada>\x1b[2J",),
    )  # fmt: skip
    async with a_program() as program:
        await post(program.store, (nasty,), channel=HERE)
        answer = await program.browser.client.get(await address(program))
        (entry,) = checked_atom(answer.text).findall(f"{ATOM}entry")
        assert entry.find(f"{ATOM}link") is None


async def test_too_many_requests_are_refused(program: Program) -> None:
    """A client that reads without pause is told to wait."""
    path = "/feeds/search.atom?q=x"
    statuses = [(await program.browser.client.get(path)).status_code for _ in range(245)]
    assert [200] * 240 + [429] * 5 == statuses


async def test_pages_lead_to_their_feeds() -> None:
    """A browser finds the feed of a search and that of a channel in the head of their pages."""
    async with a_program(channels=(("reading group", HERE),)) as program:
        await post(program.store, numbered(1), channel=HERE)
        for page in ("/search?q=ti:%22paper+1%22", "/channel/reading-group"):
            html = (await program.browser.client.get(page)).text
            (link,) = re.findall(
                r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="([^"]+)">', html
            )
            answer = await program.browser.client.get(unescape(link))
            assert 1 == len(checked_atom(answer.text).findall(f"{ATOM}entry"))
