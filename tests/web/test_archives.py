"""The archives of channels: what was posted there, and digests of the site itself."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bots.domain.channels import Channel
from bots.testing.samples import a_digest, an_entry
from bots.web.outgoing import digest_parts
from bots.web.rendering import digest_html
from tests.store.stores import KINDS, a_run, at, on, opened, some_parts
from tests.web.conftest import Browser, a_browser
from tests.web.scenes import CHANNEL, numbered, on_day, post


async def test_an_open_channel_has_an_archive(stocked: Browser) -> None:
    """The archive of an open channel has what was posted there, with the time in the site's zone; papers lead to it."""
    await post(stocked, CHANNEL, numbered(1))
    page = await stocked.get("/channel/reading-group")
    assert "Paper number 1" in page.text
    assert "times in UTC" in page.text
    assert "/channel/reading-group" in (await stocked.get("/channels")).links
    paper = await stocked.get("/paper/arxiv:2611.00001")
    assert "/channel/reading-group" in paper.links
    assert "Reading group on 24 Nov 2026" in paper.text


async def test_other_channels_are_closed(stocked: Browser) -> None:
    """A channel that the operator did not open has no page, whatever address is tried, and no paper names it."""
    closed = Channel(platform="slack", workspace="T1", channel="C2")
    await post(stocked, closed, numbered(3))
    for slug in ("C2", "slack:T1:C2", "c2", "%2e%2e"):
        assert 404 == (await stocked.get(f"/channel/{slug}")).status
    page = await stocked.get("/paper/arxiv:2611.00003")
    assert "C2" not in page.html
    assert "Posted in" not in page.text


async def test_channels_are_closed_by_default(browser: Browser) -> None:
    """Without the operator's setting, no archive is shown, and the navigation does not name any."""
    assert "/channels" not in (await browser.get("/")).links
    assert "No channel" in (await browser.get("/channels")).text


async def test_a_channel_of_the_site_shows_its_digests() -> None:
    """A digest for a channel of the site itself is published as it was composed, with why each paper is in it."""
    daily = Channel(platform="web", channel="daily")
    async with a_browser(channels=(("Daily", daily),)) as browser:
        assert "No digest was published" in (await browser.get("/channel/daily")).text
    async with a_browser(channels=(("Daily", daily),)) as browser:
        paper, private = numbered(1), numbered(2, title="A private draft", private=True)
        digest = a_digest(
            channel=daily, entries=tuple(an_entry(paper=each, why="it fits") for each in (paper, private))
        )
        await browser.store.remember([paper], source="told", day=on_day(), place=None)
        run = a_run("s-daily", on(on_day()))
        await browser.store.open_run(run)
        (part,) = digest_parts(digest)
        planned = [replace(each, part=part) for each in some_parts(run, 1, daily)]
        (kept,) = await browser.store.plan(run.key, planned)
        await browser.store.lease(kept.key, now=at(0), until=at(1))
        await browser.store.confirm(kept.key, kept.key, now=at(0))
        page = await browser.get("/channel/daily")
    assert "Paper number 1" in page.text
    assert "Why: it fits" in page.text
    assert "A private draft" not in page.text


async def test_a_page_is_rendered_once_for_all_without_a_session(stocked: Browser) -> None:
    """Readers without a session share a rendering for some seconds; one with a session gets their own."""
    address = "/paper/arxiv:2611.00001"
    assert "7 upvotes" in (await stocked.get(address)).text
    await stocked.store.remember([numbered(1, 70)], source="told", day=stocked.bench.clock().date(), place=None)
    assert "7 upvotes" in (await stocked.get(address)).text
    await stocked.get("/paste")
    assert "70 upvotes" in (await stocked.get(address)).text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-25T00:00:00Z\0"])
async def test_no_instant_in_an_address_breaks_an_archive(kind: str, at: str, tmp_path: Path) -> None:
    """An instant that is in no year in UTC, or is none, begins at the newest message, in every database."""
    async with opened(kind, tmp_path) as store, a_browser(store, channels=(("papers", CHANNEL),)) as browser:
        await post(browser, CHANNEL, numbered(1))
        page = await browser.get(f"/channel/papers?before={quote(at + '~key')}")
    assert 200 == page.status
    assert "Paper number 1" in page.text


def test_a_published_paper_names_the_site_that_its_link_leads_to() -> None:
    """The link of a published paper is called by its site; its line of facts does not repeat that there is code."""
    paper = numbered(1, code="https://github.com/lab/code")
    (part,) = digest_parts(a_digest(entries=(an_entry(paper=paper),)))
    payload: Mapping[str, Any] = part.payload
    (entry,) = payload["entries"]
    assert "arXiv" == entry["site"]
    assert "https://github.com/lab/code" == entry["code"]
    assert "code" not in entry["meta"].split(" · ")
    shown = digest_html(payload)
    assert ">arXiv<" in shown
    assert ">Source<" not in shown


def test_a_digest_published_by_an_earlier_version_has_its_links() -> None:
    """A stored digest without the names of sites calls the link Source."""
    (part,) = digest_parts(a_digest(entries=(an_entry(paper=numbered(1)),)))
    payload: Mapping[str, Any] = part.payload
    old = [{name: value for name, value in each.items() if name != "site"} for each in payload["entries"]]
    assert ">Source<" in digest_html({**payload, "entries": old})
