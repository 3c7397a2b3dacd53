"""The site on a port of this machine, and a browser without scripts."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import httpx
import pytest

from bots.fakechat.chat import FakeChat
from bots.ports import Store
from bots.store.memory import MemoryStore
from bots.web.app import WebSettings
from bots.web.app import connect as connect_web
from summarizer import Summarizer, load
from tests.contracts.email_place import VisibleHtml
from tests.slack.conftest import free_port
from tests.support.doubles import Bench, Hand, ToldSource, ToldSummarizer, furnished
from tests.web.scenes import CHANNEL, numbered

_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page as a browser got it."""

    status: int
    html: str
    headers: Mapping[str, str]

    @property
    def seen(self) -> VisibleHtml:
        """The page as a reader sees it."""
        page = VisibleHtml()
        page.feed(self.html)
        return page

    @property
    def text(self) -> str:
        """What it shows."""
        return " ".join(" ".join(self.seen.texts).split())

    @property
    def links(self) -> list[str]:
        """Where it leads."""
        return self.seen.links

    @property
    def form_token(self) -> str:
        """The token of its form."""
        found = _TOKEN.search(self.html)
        assert found, "the page has no form"
        return found[1]


@dataclass(kw_only=True)
class Browser:
    """The site, everything behind it, and a browser that keeps its cookies."""

    settings: WebSettings
    bench: Bench
    client: httpx.AsyncClient

    @property
    def store(self) -> Store:
        """The store."""
        return self.bench.store

    async def get(self, address: str, **headers: str) -> Page:
        """Open a page."""
        return _page(await self.client.get(address, headers=headers))

    async def post(self, address: str, form: Mapping[str, Any] | None = None, **headers: str) -> Page:
        """Send a form as it is."""
        return _page(await self.client.post(address, data=dict(form or {}), headers=headers))

    async def submit(self, address: str, form: Mapping[str, Any], *, to: str = "") -> Page:
        """Open a page, fill in its form and send it."""
        opened = await self.get(address)
        return await self.post(to or address, {"form_token": opened.form_token, **form})


def _page(response: httpx.Response) -> Page:
    return Page(status=response.status_code, html=response.text, headers=response.headers)


@cache
def _engine() -> Summarizer:
    """Return one engine for all sites: it takes a moment to load."""
    return load()


@asynccontextmanager
async def a_browser(store: Store | None = None, **changes: Any) -> AsyncIterator[Browser]:
    """Yield a browser; `changes` are fields of the settings."""
    port, clock = free_port(), Hand()
    async with AsyncExitStack() as stack:
        bench = furnished(
            store or MemoryStore(), clock, FakeChat(clock=clock, sleep=clock.sleep),
            ToldSummarizer(real=_engine()),
            {"told": ToldSource()},
        )  # fmt: skip
        settings = WebSettings(listen=("127.0.0.1", port), **changes)
        await stack.enter_async_context(connect_web(settings, bench.service))
        client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False)
        yield Browser(settings=settings, bench=bench, client=await stack.enter_async_context(client))


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser at a site without papers."""
    async with a_browser() as browser:
        yield browser


@pytest.fixture
async def stocked() -> AsyncIterator[Browser]:
    """A browser at a site whose sources listed papers today and yesterday."""
    async with a_browser(channels=(("Reading group", CHANNEL),), sign_up="https://x.example/email/sign-up") as browser:
        today = browser.bench.clock().date()
        await browser.store.remember(
            [numbered(1, 7), numbered(2, 40, title="On $x^2$ in \\textbf{graphs}", code="https://github.com/a/b")],
            source="told", day=today, place=None,
        )  # fmt: skip
        await browser.store.remember([numbered(3)], source="other", day=today - timedelta(days=1), place=None)
        yield browser
