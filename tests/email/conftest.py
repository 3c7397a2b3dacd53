"""E-mail with its pages, a mail server, and a person who reads her mail and opens the links in it."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import httpx
import pytest

from bots.domain.mailboxes import Mailbox
from bots.email.app import EmailAdapter
from bots.email.app import connect as connect_email
from bots.email.mailboxes import Mailboxes
from bots.email.settings import EmailSettings
from bots.fakechat.chat import FakeChat
from bots.ports import Store
from bots.store.memory import MemoryStore
from tests.contracts.email_place import SENDER, VisibleHtml, plain_server
from tests.fakes.mail_server import FakeMailServer, Received
from tests.slack.conftest import free_port
from tests.support.doubles import Bench, Hand, ToldSource, ToldSummarizer, furnished

ADA = "ada@example.org"
_LINK = re.compile(r"https?://[^\s<>\"]+/email/(\w+)\?t=[^\s<>\"&]+")
Form = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page as a browser got it."""

    status: int
    html: str
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        """What it shows."""
        page = VisibleHtml()
        page.feed(self.html)
        return " ".join(" ".join(page.texts).split())

    @property
    def links(self) -> list[str]:
        """Where it leads."""
        page = VisibleHtml()
        page.feed(self.html)
        return page.links


@dataclass(kw_only=True)
class Lab:
    """The adapter with its pages, and everything beside it."""

    server: FakeMailServer
    settings: EmailSettings
    bench: Bench
    adapter: EmailAdapter
    web: httpx.AsyncClient

    @property
    def store(self) -> Store:
        """The store."""
        return self.bench.store

    @property
    def mailboxes(self) -> Mailboxes:
        """The mailboxes of the store."""
        return Mailboxes(store=self.store, clock=self.bench.clock)

    async def get(self, address: str, **headers: str) -> Page:
        """Open a page."""
        return _page(await self.web.get(address, headers=headers))

    async def post(self, address: str, form: Form | None = None, **headers: str) -> Page:
        """Press a button."""
        return _page(await self.web.post(address, data=cast("Any", form or {}), headers=headers))

    async def sign_up(self, address: str = ADA, **form: str) -> Page:
        """Sign up, and wait until the sign-up was answered."""
        page = await self.post("/email/sign-up", {"address": address, **form})
        await self.answered()
        return page

    async def answered(self) -> None:
        """Wait until all sign-ups so far were answered."""
        await self.adapter.sign_ups.settled()

    def inbox(self, address: str = ADA) -> tuple[Received, ...]:
        """Return what somebody received."""
        return self.server.inbox(address)

    def link(self, purpose: str, address: str = ADA, mail: int = -1) -> str:
        """Return the link for a purpose in a mail, as a path."""
        found = {each[1]: each[0] for each in _LINK.finditer(self.inbox(address)[mail].text())}
        return found[purpose].removeprefix(self.settings.public_url)

    async def confirmed(self, address: str = ADA) -> Mailbox:
        """Sign somebody up and confirm it; return the mailbox."""
        await self.sign_up(address)
        page = await self.post(self.link("confirm", address), CHOICES)
        assert 200 == page.status
        mailbox = await self.mailboxes.of_address(address)
        assert mailbox is not None
        return mailbox


#: A form as a person fills it in who changes nothing.
CHOICES: Form = {
    "source": "told", "interests": "", "query": "", "limit": "5", "at": "09:00",
    "on": ("mon", "tue", "wed", "thu", "fri"), "zone": "Europe/Berlin", "do": "save",
}  # fmt: skip


def _page(response: httpx.Response) -> Page:
    return Page(status=response.status_code, html=response.text, headers=response.headers)


@asynccontextmanager
async def a_lab(store: Store | None = None, **changes: Any) -> AsyncIterator[Lab]:
    """Yield a lab; `changes` are fields of the settings."""
    port, clock = free_port(), Hand()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(FakeMailServer())
        bench = furnished(
            store or MemoryStore(), clock, FakeChat(clock=clock, sleep=clock.sleep), ToldSummarizer(),
            {"told": ToldSource(), "other": ToldSource(spec="other")},
        )  # fmt: skip
        given: dict[str, Any] = {
            "server": plain_server(server),
            "sender": SENDER,
            "public_url": "https://papers.example.org",
            "listen": ("127.0.0.1", port),
            "sign_up": ("*",),
            **changes,
        }
        settings = EmailSettings(**given)
        adapter = await stack.enter_async_context(connect_email(settings, bench.service))
        web = await stack.enter_async_context(httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False))
        yield Lab(server=server, settings=settings, bench=bench, adapter=adapter, web=web)


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    """A lab in which anyone may sign up."""
    async with a_lab() as lab:
        yield lab
