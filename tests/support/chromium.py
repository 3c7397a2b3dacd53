"""A real browser for tests: Debian's Chromium, driven by Playwright; without either, tests skip with a reason."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

#: What a browser in a container needs, and nothing that it would ask of the network by itself.
_OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
#: Pixels of a phone and of a desk.
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
#: How much a fault that axe finds matters; the two below are hints.
_SERIOUS = ("serious", "critical")


@asynccontextmanager
async def chromium(**options: Any) -> AsyncIterator["BrowserContext"]:
    """Yield a new profile of a browser without a window; `options` are those of Playwright's `new_context`."""
    playwright = pytest.importorskip("playwright.async_api", reason="needs Playwright: python3 dev.py install")
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("needs Chromium or Chrome on this machine")
    async with playwright.async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=found, args=list(_OPTIONS))
        try:
            yield await browser.new_context(**options)
        finally:
            await browser.close()


async def serious_faults(page: "Page") -> list[str]:
    """Return what axe finds that keeps somebody from using a page, each with the element."""
    axe = pytest.importorskip("axe_playwright_python.async_playwright", reason="needs axe-playwright-python")
    found = await axe.Axe().run(page)
    return [
        f"{each['id']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
        for each in found.response["violations"]
        if each["impact"] in _SERIOUS
        for node in each["nodes"]
    ]
