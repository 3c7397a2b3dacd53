"""The site with sign-in and the operator's pages, the sites that say who somebody is, and chats that say who reads."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from bots.delivery.operations import EngineReport, Operations
from bots.delivery.operator import Operator
from bots.domain.channels import Channel, Reader
from bots.fakechat.app import FakeChatAdapter
from bots.fakechat.chat import FakeChat
from bots.store.memory import MemoryStore
from bots.web.app import WebSettings
from bots.web.app import connect as connect_web
from bots.web.settings import ProviderSettings
from summarizer import Secret
from tests.fakes.sign_in_sites import CLIENT, SECRET, SignInSites, Someone
from tests.slack.conftest import free_port
from tests.support.doubles import Hand, ToldSource, ToldSummarizer, furnished
from tests.web.conftest import Browser, Page

HOME = "http://papers.example.org"
TOKEN = "x" * 32
ADA = Someone(user="U1", name="Ada <b>Lovelace</b>", workspaces=("T1",))
#: A person of another workspace on the same platform.
EVE = Someone(user="U9", name="Eve", workspaces=("T2",))


@dataclass(kw_only=True)
class Chat:
    """A platform that knows which channels a person can read."""

    platform: str
    #: The channels that each person can read; a person who is not named can read none.
    readers: dict[str, Collection[str]] = field(default_factory=dict)
    error: Exception | None = None
    asked: list[tuple[Reader, int]] = field(default_factory=list)

    async def readable(
        self, reader: Reader, channels: Collection[Channel], *, alone: bool = False
    ) -> Collection[Channel]:
        """Return those of the channels that the person can read; private ones only where nobody else sees them."""
        assert alone
        self.asked.append((reader, len(channels)))
        if self.error:
            raise self.error
        return [each for each in channels if each.channel in self.readers.get(reader.user, ())]


@dataclass(kw_only=True)
class Desk(Browser):
    """The site and everything behind it."""

    sites: SignInSites
    chats: Mapping[str, Chat]
    operations: Operations
    stack: AsyncExitStack

    async def another(self) -> "Desk":
        """Return another browser at the same site."""
        client = httpx.AsyncClient(base_url=self.client.base_url, trust_env=False)
        await self.stack.enter_async_context(client)
        return Desk(
            settings=self.settings, bench=self.bench, client=client, sites=self.sites, chats=self.chats,
            operations=self.operations, stack=self.stack,
        )  # fmt: skip

    async def sign_in(self, someone: Someone = ADA, platform: str = "slack") -> Page:
        """Go through all of it, and return the page that comes last."""
        return await self.get(await self.allowed(someone, platform))

    async def allowed(self, someone: Someone = ADA, platform: str = "slack") -> str:
        """Go to the site and allow it; return the path to which the site sends the browser back."""
        begun = await self.get(f"/sign-in/{platform}")
        assert 303 == begun.status
        back = urlsplit(self.sites.allowed(begun.headers["Location"], someone))
        assert HOME == f"{back.scheme}://{back.netloc}"
        return f"{back.path}?{back.query}"

    async def operate(self) -> Page:
        """Sign in with the operator's token."""
        return await self.submit("/sign-in", {"token": TOKEN}, to="/sign-in/token")


@asynccontextmanager
async def a_desk(**changes: Any) -> AsyncIterator[Desk]:
    """Yield a desk; `changes` are fields of the settings."""
    port, clock = free_port(), Hand()
    redirects = tuple(f"{HOME}/sign-in/{name}/done" for name in ("slack", "discord"))
    async with AsyncExitStack() as stack:
        sites = await stack.enter_async_context(SignInSites(redirects=redirects))
        sites.claims["now"] = clock().timestamp()
        bench = furnished(
            MemoryStore(), clock, FakeChat(clock=clock, sleep=clock.sleep), ToldSummarizer(), {"told": ToldSource()}
        )
        chats = {name: Chat(platform=name) for name in ("slack", "discord")}
        bench.service.adapters.update(chats)  # type: ignore[attr-defined]  # the dictionary that the app shares
        given: dict[str, Any] = {
            "listen": ("127.0.0.1", port),
            "public_url": HOME,
            "secret": Secret("a secret of the site for tests"),
            "operator_token": Secret(TOKEN),
            "providers": tuple(
                ProviderSettings(platform=name, client_id=CLIENT, client_secret=Secret(SECRET), site=sites.url)
                for name in ("slack", "discord")
            ),
            **changes,
        }
        settings = WebSettings(**given)
        adapter = await stack.enter_async_context(connect_web(settings, bench.service))
        operations = Operations(
            operator=Operator(store=bench.store, executor=bench.executor),
            adapters={"fakechat": FakeChatAdapter(bench.chat)},
            absent={"slack": "its token was refused."},
            engines=lambda: (
                EngineReport(name="remote", model="m-1", requests=3, tokens=1200, allowed=5000),
                EngineReport(name="extractive"),
            ),
        )
        adapter.operate(operations)
        client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False)
        yield Desk(
            settings=settings, bench=bench, client=await stack.enter_async_context(client), sites=sites, chats=chats,
            operations=operations, stack=stack,
        )  # fmt: skip
