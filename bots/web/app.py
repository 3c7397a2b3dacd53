"""Connects the site: serves its pages, and publishes the digests that are made for it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

from bots.delivery.operations import Operations
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Part
from bots.domain.errors import HistoryClosed
from bots.domain.replies import Problem
from bots.ports.rate_limits import Rate, RateLimits
from bots.usecases.service import Service
from bots.web.http import open_site
from bots.web.outgoing import PLATFORM, digest_parts, notice_parts
from bots.web.settings import WebSettings
from bots.web.site import Site

__all__ = ["WebAdapter", "WebSettings", "connect"]


class WebAdapter:
    """Publishes digests in the channels of the site: the archive of a channel shows what the ledger holds for it."""

    platform = PLATFORM
    #: Nothing is sent anywhere, so there is no rate limit; these numbers only have to be high.
    limits = RateLimits(channel=Rate(count=1000, seconds=1), platform=Rate(count=1000, seconds=1))

    def __init__(self) -> None:
        #: What the operator's pages act with; None until the program is composed.
        self.operations: Operations | None = None

    def operate(self, operations: Operations) -> None:
        """Take what the operator's pages act with; see `Operated`."""
        self.operations = operations

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the digest as one part; see `Adapter.compose`."""
        return digest_parts(digest)

    def notice(self, channel: Channel, problem: Problem) -> tuple[Part, ...]:
        """Return a notice as one part; see `Adapter.notice`."""
        return notice_parts(channel, problem)

    def shrink(self, part: Part) -> tuple[Part, ...]:  # noqa: ARG002 - a page finds nothing too large
        """Return no parts: a page has no size limit."""
        return ()

    async def post(self, part: Part, key: str, *, root: str = "") -> str:  # noqa: ARG002 - a page has no threads
        """Return the key: the part is shown from the ledger as soon as this is recorded there."""
        return key

    async def find(self, channel: Channel, key: str, since: datetime, *, root: str = "") -> str | None:  # noqa: ARG002
        """Raise HistoryClosed: whether a part was published is what the ledger says, and nothing else knows it.

        Raises:
            HistoryClosed: always. A part can be published again, because its key shows it once.
        """
        raise HistoryClosed("The ledger alone says what is published on the web page.", repeat=True)


@asynccontextmanager
async def connect(settings: WebSettings, service: Service) -> AsyncIterator[WebAdapter]:
    """Yield the adapter; if `settings.listening`, serve the site until the exit.

    Raises:
        SettingsError: the site cannot be served on the address.
    """
    adapter = WebAdapter()
    async with AsyncExitStack() as stack:
        if settings.listening:
            site = Site.of(settings, service, lambda: adapter.operations)
            await stack.enter_async_context(open_site(site))
        yield adapter
