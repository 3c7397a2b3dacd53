"""Hostile papers are harmless on every page: no markup, no foreign link, no hidden character, no way out of a limit."""

import re
from urllib.parse import unquote, urlencode

import pytest
from hypothesis import given

from bots.domain.papers import Paper
from bots.testing.comparing import links_of
from bots.testing.looping import in_loop
from bots.testing.stage import hidden_in
from bots.web.channels import open_channels
from bots.web.settings import WebSettings
from tests.email.test_messages import MARKUP
from tests.support import hostile
from tests.support.factories import CHANNEL, a_paper
from tests.web.conftest import Browser, Page, a_browser
from tests.web.scenes import post

#: What a page without papers loads.
_OWN = {"script", "link", "form"}
#: Characters that reorder or hide others.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def addresses(paper: Paper) -> list[str]:
    """Return every kind of page that shows a paper."""
    return [
        "/",
        "/month/2026-11?sort=newest",
        f"/paper/{paper.id}",
        f"/paper/{paper.id}?style=structured",
        f"/paper/{paper.id}?style=one-line",
        f"/search?q={paper.id.value}",
        f"/search?like={paper.id}",
        "/channel/papers",
    ]


async def pages(browser: Browser, paper: Paper) -> list[Page]:
    """Return every page that shows a paper, which a public source listed and which was posted in an open channel."""
    await browser.store.remember([paper], source="told", day=browser.bench.clock().date(), place=None)
    await post(browser, CHANNEL, paper)
    return [await browser.get(address) for address in addresses(paper)]


@hostile.patient
@given(paper=hostile.papers)
@in_loop
async def test_no_text_of_a_paper_is_more_than_text(paper: Paper) -> None:
    """Whatever a paper's texts and addresses hold, a page runs, loads and links nothing of it but its own addresses."""
    allowed = {unquote(link) for link in links_of([paper])}
    async with a_browser(channels=(("papers", CHANNEL),)) as browser:
        for page in await pages(browser, paper):
            assert 200 == page.status
            assert set(page.seen.loads) - {"src"} <= _OWN
            outside = {unquote(link) for link in page.links if not re.match(r"/(?!/)|#", link)}
            assert outside <= allowed | {f"https://arxiv.org/pdf/{paper.id.value}"}
            assert [] == hidden_in(page.text)
            assert not _BIDI.search(page.html)


@pytest.mark.parametrize("text", MARKUP)
async def test_markup_is_shown_as_text(text: str) -> None:
    """Markup in any field of a paper, in a channel's name or in a search is shown as it is."""
    paper = a_paper(title=f"T {text}", authors=(text,), venue=text, url=f"javascript:{text}", code=f"data:{text}",
                    keywords=(text,), categories=(text,), tldr=text, tldr_by=text)  # fmt: skip
    async with a_browser(channels=((f"papers {text}", CHANNEL),)) as browser:
        shown = await pages(browser, paper)
        (channel,) = open_channels(browser.settings)
        shown.append(await browser.get(f"/channel/{channel.slug}"))
        shown.append(await browser.get(f"/search?{urlencode({'q': text, 'author': text})}"))
        for page in shown:
            assert set(page.seen.loads) - {"src"} <= _OWN
            assert not re.search(r"<(?:img|svg|style|iframe)|(?:href|src)=\"(?:javascript|data):", page.html)
            assert all(re.match(r"(?:/(?!/)|#|https?://)", link) for link in page.links)
        assert "".join(text.split())[:12] in "".join(shown[2].text.split())


#: They look like days, and there are none.
NO_DAYS = ("2026-02-30", "2026-13-01", "0000-00-00", "9999-12-32")


@hostile.patient
@given(text=hostile.texts)
@in_loop
async def test_no_address_breaks_the_site(text: str) -> None:
    """Whatever an address holds, it is answered with a page, never with an error of the server."""
    async with a_browser() as browser:
        asked = text[:200].encode("utf-8", "replace").decode()
        for path, query in (
            *(("/day", {"day": day}) for day in NO_DAYS),
            ("/search", {"q": asked, "author": asked, "since": asked, "order": asked, "page": asked}),
            ("/search", {"like": asked}),
            ("/channel/x", {"before": asked}),
            ("/day", {"day": asked}),
            ("/paper/arxiv:1", {"style": asked, "as": asked}),
        ):
            answer = await browser.client.get(path, params=query)
            assert answer.status_code < 500
            assert "<h1" in answer.text or 303 == answer.status_code


@hostile.patient
@given(text=hostile.texts)
@in_loop
async def test_a_pasted_text_is_text(text: str) -> None:
    """A pasted text comes back in the form as text, and nothing of it runs."""
    async with a_browser() as browser:
        given_text = text[:3000].encode("utf-8", "replace").decode()
        page = await browser.submit("/paste", {"text": given_text, "title": given_text[:200]})
        assert page.status in (200, 422)
        assert set(page.seen.loads) - {"src"} <= _OWN


def test_two_channels_of_one_name_have_addresses_of_their_own() -> None:
    """Names that look alike in an address lead to different archives."""
    names = ("Papers!", "papers", "///", "", "papers~2")
    found = open_channels(WebSettings(channels=tuple((name, CHANNEL) for name in names)))
    assert len(names) == len({channel.slug for channel in found})
