"""What every view of the site is given, and the address at which it answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bots.rest.calls import Outlet
from bots.usecases.service import Service
from bots.web.settings import WebSettings
from bots.web.visits import Answer, Visit


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """The settings of the site and the service that answers its requests."""

    settings: WebSettings
    service: Service

    @property
    def secret(self) -> str:
        """The key that signs cookies and forms."""
        return self.settings.secret.reveal()

    @property
    def outlet(self) -> Outlet:
        """What the feeds and the API for programs are served with, beside the pages."""
        host, port = self.settings.listen
        return Outlet(
            service=self.service,
            url=self.settings.public_url or f"http://{host}:{port}",
            public_channels=self.settings.channels,
        )


#: Answers a visit; raises PaperwireError for what a person should be told.
View = Callable[[Site, Visit], Awaitable[Answer]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One address of the site and the view that answers there."""

    method: str
    #: In the syntax of aiohttp: `/paper/{id:.+}`.
    path: str
    view: View
    #: Whether a POST must carry the token of its form; only an interface for programs, which sends no cookies, may not.
    guarded: bool = True
    #: Requests per minute and client, for a view that costs more than reading; 0 for the limit of all pages.
    per_minute: int = 0
