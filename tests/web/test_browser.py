"""The pages in a real browser: browse, search, read, paste; on a phone and a desk, in the light and in the dark."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bots.web.lists import PER_PAGE
from tests.support.chromium import DESK, PHONE, chromium, serious_faults
from tests.support.factories import CHANNEL
from tests.web.conftest import Browser, a_browser
from tests.web.scenes import numbered, post
from tests.web.test_server import _PASTED

pytestmark = pytest.mark.slow
#: The narrowest phones; no page scrolls sideways there (WCAG 1.4.10).
_NARROW = {"width": 320, "height": 640}
_ADDRESSES = (
    "/", "/week/2026-W48", "/paper/arxiv:2611.00102", "/paper/arxiv:2611.00102?style=structured", "/search",
    "/search?q=paper+number&code=1", "/search?q=nothing-is-like-this", "/search?like=arxiv:2611.00102", "/paste",
    "/channels", "/channel/reading-group", "/nowhere",
)  # fmt: skip


@pytest.fixture
async def site() -> AsyncIterator[Browser]:
    """A site with a full page of papers, one of which was posted in an open channel."""
    async with a_browser(channels=(("Reading group", CHANNEL),), sign_up="/nowhere") as site:
        papers = [
            numbered(100 + each, 90 - each, code="https://github.com/a/b", authors=("Ada Lovelace", "Emmy Noether"))
            for each in range(PER_PAGE + 3)
        ]
        await site.store.remember(papers, source="told", day=site.bench.clock().date(), place=None)
        await post(site, CHANNEL, papers[2])
        while await site.bench.service.search_index.fill():
            pass
        yield site


def at(site: Browser, path: str = "") -> str:
    """Return an address of the site."""
    host, port = site.settings.listen
    return f"http://{host}:{port}{path}"


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_reader_browses_searches_reads_and_pastes(site: Browser, scripts: bool) -> None:
    """From the first page to a paper, its neighbours, a search and a pasted abstract, with or without scripts."""
    async with chromium(viewport=DESK, java_script_enabled=scripts) as context:
        page, complaints = await context.new_page(), list[str]()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(at(site))
        await page.get_by_text("Abstract of Paper number 100").click()
        await page.get_by_text("takes a team hours each day").first.wait_for()
        await page.get_by_role("link", name="Next →").click()
        await page.get_by_role("link", name="Paper number 117", exact=True).click()
        await page.get_by_role("link", name="Structured").click()
        assert 1 <= await page.locator(".abstract mark").count()
        await page.get_by_role("link", name="More like this").first.click()
        await page.get_by_role("link", name="Search").click()
        await page.get_by_role("searchbox").fill("papre numbr")
        await page.get_by_role("searchbox").press("Enter")
        await page.get_by_role("heading", name="papers").wait_for()
        await page.get_by_role("link", name="Paste").click()
        await page.get_by_label("Abstract").fill(_PASTED)
        await page.get_by_label("Structured").check()
        await page.get_by_role("button", name="Condense").click()
        await page.get_by_role("heading", name="In short").wait_for()
        assert [] == complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [_NARROW, PHONE, DESK], ids=["320", "390", "1440"])
async def test_every_page_is_for_everyone(site: Browser, scheme: Any, screen: Any) -> None:
    """On every screen, in the light and in the dark, axe finds no serious fault, and no page scrolls sideways."""
    async with chromium(viewport=screen, color_scheme=scheme) as context:
        page = await context.new_page()
        for path in _ADDRESSES:
            await page.goto(at(site, path))
            assert screen["width"] >= await page.evaluate("document.documentElement.scrollWidth"), path
            for details in await page.locator("details").all():
                await details.evaluate("each => each.open = true")
            assert [] == await serious_faults(page), path


async def test_the_keyboard_reaches_everything(site: Browser) -> None:
    """The first key leads past the navigation, the next ones to what a mouse would press, and a slash to the search."""
    async with chromium(viewport=DESK) as context:
        page = await context.new_page()
        await page.goto(at(site))
        await page.keyboard.press("Tab")
        assert "Skip to the content" == await page.evaluate("document.activeElement.textContent")
        await page.keyboard.press("Enter")
        assert page.url.endswith("#main")
        await page.keyboard.press("/")
        await page.wait_for_url("**/search")
        assert "q" == await page.evaluate("document.activeElement.id")


async def test_times_are_the_readers(site: Browser) -> None:
    """The time at which something was posted is shown in the reader's own zone; without scripts in the site's."""
    for scripts, expected in ((True, "your time"), (False, "Tuesday 24 November 2026")):
        async with chromium(viewport=DESK, timezone_id="Asia/Tokyo", java_script_enabled=scripts) as context:
            page = await context.new_page()
            await page.goto(at(site, "/channel/reading-group"))
            shown = await page.locator(".when time").first.text_content()
            assert expected in (shown or "")
