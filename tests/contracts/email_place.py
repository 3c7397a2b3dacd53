"""The e-mail adapter with a mail server, and a mailbox as its owner sees it: as HTML, or as plain text."""

import re
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from html.parser import HTMLParser
from types import SimpleNamespace, TracebackType
from typing import Any, Literal, Self, cast

from bots.domain.channels import Channel
from bots.domain.mail_addresses import read_sender
from bots.email.app import connect
from bots.email.settings import EmailSettings, MailServer, Security
from bots.store.memory import MemoryStore
from bots.testing import Fault, Shown, Stage
from bots.testing.failing import RETRY_AFTER
from bots.usecases.service import Service
from tests.fakes.mail_server import At, FakeMailServer, MailFault, Received
from tests.support.doubles import Hand

SENDER = read_sender("Paperwire <papers@example.org>")
#: The footer of every mail, without pages.
_LEAVE = "mailto:papers@example.org?subject=unsubscribe"
#: Everything that a mail reader makes a link of without being asked.
_BARE_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)

FAULTS: Mapping[Fault, MailFault] = {
    Fault.BUSY: MailFault(at=At.RECIPIENT, answer=f"450 4.7.1 Greylisted, try again in {RETRY_AFTER:.0f} seconds"),
    Fault.DOWN: MailFault(at=At.SENDER, answer="421 4.3.2 Service not available"),
    Fault.TOO_LARGE: MailFault(at=At.CONTENT, answer="552 5.3.4 Message too big for system"),
    Fault.GONE: MailFault(at=At.RECIPIENT, answer="550 5.1.1 <ada@example.org>: Recipient address rejected"),
    Fault.FORBIDDEN: MailFault(at=At.CONTENT, answer="554 5.7.1 The recipient does not accept mail from you"),
    Fault.LOST_BEFORE: MailFault(at=At.RECIPIENT),
    Fault.LOST_AFTER: MailFault(at=At.ACCEPTED),
    Fault.GARBLED: MailFault(at=At.CONTENT, answer="<html>Sign in to use this network.</html>"),
}


def plain_server(server: FakeMailServer) -> MailServer:
    """Return the settings of a server on this machine without encryption."""
    return MailServer(host="127.0.0.1", port=server.port, security=Security.NONE)


class MailPlace(Stage):
    """A mailbox of Ada, whose mail reader shows one of the alternatives."""

    knows_keys = True
    can_be_asked = False
    finds_its_own = False

    def __init__(self, view: Literal["html", "plain"] = "html") -> None:
        self.clock = Hand()
        self.view = view
        self.server = FakeMailServer()
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._open.enter_async_context(self.server)
        service = cast("Service", SimpleNamespace(store=MemoryStore(), clock=self.clock))
        settings = EmailSettings(server=plain_server(self.server), sender=SENDER, listening=False)
        self.adapter: Any = await self._open.enter_async_context(connect(settings, service))
        self.channel = await self._named("ada@example.org")
        self.elsewhere = await self._named("grace@example.org")
        return self

    async def _named(self, address: str) -> Channel:
        named: Channel = await self.adapter.channel_named(Channel(platform="email", channel=address))
        return named

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.__aexit__(kind, error, trace)

    def messages(self) -> Sequence[Shown]:
        show = shown_as_html if self.view == "html" else shown_as_text
        return [show(mail) for mail in self.server.inbox("ada@example.org")]

    def fail(self, fault: Fault) -> None:
        self.server.fail(FAULTS[fault])


def shown_as_text(mail: Received) -> Shown:
    """Return the plain alternative as a reader joins its flowed lines."""
    text = re.sub(r" \n(?!-- )", " ", mail.text().replace("\r\n", "\n"))
    links = tuple(found for found in _BARE_LINK.findall(text))
    return Shown(text=text, links=links)


def shown_as_html(mail: Received) -> Shown:
    """Return the HTML alternative as a reader sees it, with the links that it has and those that readers make."""
    page = VisibleHtml()
    page.feed(mail.text("html"))
    text = "\n".join(page.texts)
    links = tuple(link for link in page.links if link != _LEAVE)
    return Shown(text=text, links=(*links, *_BARE_LINK.findall(text)), pings=tuple(page.loads))


class VisibleHtml(HTMLParser):
    """What a page shows: its visible texts, its links, and whatever it would load or run."""

    _UNSEEN = ("style", "title", "script")
    _VOID = ("meta", "br", "img", "link", "input", "hr")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.links: list[str] = []
        #: Scripts, images, frames and handlers: a mail of ours has none.
        self.loads: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, and whatever is loaded or run."""
        given = dict(attrs)
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag in ("script", "img", "iframe", "object", "embed", "link", "form", "base", "svg"):
            self.loads.append(tag)
        self.loads += [name for name in given if name.startswith("on") or name == "src"]
        self.loads += [str(value) for value in given.values() if value and "url(" in value]
        if tag in self._VOID:
            return
        if self._hidden or tag in self._UNSEEN or "display:none" in (given.get("style") or ""):
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Show what follows a hidden element again."""
        if self._hidden and self._hidden[-1] == tag:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        """Note a text that is visible."""
        if not self._hidden and data.strip():
            self.texts.append(data.replace("\xa0", " ").strip("\n"))
