"""What every view of the site is given, and the address at which it answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

from bots.chat.turns import Shares
from bots.delivery.operations import Operations
from bots.domain.papers import PaperId
from bots.rest.calls import Outlet
from bots.usecases.service import Service
from bots.web.kept import Kept
from bots.web.lists import Lists
from bots.web.settings import WebSettings
from bots.web.visits import Answer, Need, Visit

#: Seconds; a paper gets new neighbours when lists come in, some times a day.
_NEIGHBOURS_KEPT = 3600.0
_MOST_NEIGHBOURS = 2000
#: A search keeps a processor busy; a few overlap where one waits for the database.
_SEARCHES_AT_ONCE = 3
#: Seconds for which a page of a list is rendered once for all: few enough that nobody notices, and enough that a page
#: that everyone opens at once is no load.
SHARED = 10.0
#: The same for a search, which takes a processor longer than a list.
SEARCH_SHARED = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """The settings of the site and the service that answers its requests."""

    settings: WebSettings
    service: Service
    lists: Lists
    #: The ids of the papers nearest to a paper.
    neighbours: Kept[PaperId, tuple[PaperId, ...]]
    #: Where each search waits for its turn, and not at each of its steps, where none would be finished. A client has
    #: one turn at a time: its next search waits behind those of all others.
    searching: Shares
    #: Returns what the operator's pages act with; None until the program is composed.
    operations: Callable[[], Operations | None] = lambda: None

    @classmethod
    def of(
        cls, settings: WebSettings, service: Service, operations: Callable[[], Operations | None] = lambda: None
    ) -> "Site":
        """Return the site of a service."""
        return cls(
            settings=settings,
            service=service,
            lists=Lists(service=service),
            neighbours=Kept(seconds=_NEIGHBOURS_KEPT, most=_MOST_NEIGHBOURS),
            searching=Shares(_SEARCHES_AT_ONCE),
            operations=operations,
        )

    @property
    def today(self) -> date:
        """The current day in the site's time zone."""
        return self.service.clock().astimezone(self.settings.timezone).date()

    @property
    def signs_in(self) -> bool:
        """Whether people can sign in."""
        return bool(self.settings.providers or self.settings.operator_token.reveal())

    @property
    def secret(self) -> str:
        """The key that signs cookies and forms."""
        return self.settings.secret.reveal()

    @property
    def accepted_secrets(self) -> tuple[str, ...]:
        """The keys whose signatures are accepted, the present one first."""
        former = self.settings.former_secret.reveal()
        return (self.secret, former) if former else (self.secret,)

    @property
    def outlet(self) -> Outlet:
        """What the feeds and the API for programs are served with, beside the pages."""
        host, port = self.settings.listen
        return Outlet(
            service=self.service,
            url=self.settings.public_url or f"http://{host}:{port}",
            public_channels=self.settings.channels,
            searching=self.searching,
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
    #: Who may open it.
    needs: Need = Need.NOBODY
    #: Seconds for which readers without a session get one rendering of the page; 0 if each gets their own.
    shared_seconds: float = 0.0
    #: Requests per minute and client, for a view that costs more than reading; 0 for the limit of all pages.
    per_minute: int = 0
