"""The server of the feeds and of the API on a port of this machine, a workspace with papers, and a program."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bots.domain.channels import Channel
from bots.domain.papers import Paper
from bots.rest.tokens import ApiToken, Right, new_token
from tests.contracts.test_store_archive import post
from tests.support.factories import DAY, NOW, five_papers
from tests.web.conftest import Browser, a_browser

HERE = Channel(platform="fakechat", workspace="T1", channel="C1")
THERE = Channel(platform="fakechat", workspace="T2", channel="C1")
ID = "0123456789ab"


def a_token(**changes: Any) -> ApiToken:
    """Return a token with every right in `HERE`; `changes` are fields to replace."""
    return replace(ApiToken(id=ID, name="lab", channel=HERE, rights=frozenset(Right), created=NOW), **changes)


class Program:
    """A program with a token."""

    def __init__(self, browser: Browser, text: str) -> None:
        self.browser = browser
        self.text = text

    @property
    def store(self) -> Any:
        """The store behind the server."""
        return self.browser.store

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Call the API."""
        headers = {"Authorization": f"Bearer {self.text}", **more.pop("headers", {})}
        return await self.browser.client.request(method, f"/api/v1{path}", headers=headers, **more)

    async def get(self, path: str, **query: Any) -> httpx.Response:
        """Read from the API."""
        return await self.ask("GET", path, params=query)


@asynccontextmanager
async def a_program(token: ApiToken | None = None, **changes: Any) -> AsyncIterator[Program]:
    """Yield a program; `changes` are fields of the settings of the server."""
    async with a_browser(**changes) as browser:
        text, kept = new_token(token or a_token())
        await browser.store.keep_credential(kept)
        yield Program(browser, text)


@pytest.fixture
async def program() -> AsyncIterator[Program]:
    """A program in a workspace in which five papers were posted in two messages."""
    async with a_program() as program:
        await fill(program.store)
        yield program


async def fill(store: Any) -> tuple[Paper, ...]:
    """Post five papers in `HERE`, and list them as trending."""
    papers = five_papers()
    await post(store, papers[:3], papers[3:], channel=HERE)
    await store.remember(papers, source="huggingface", day=DAY - timedelta(days=1))
    return papers
