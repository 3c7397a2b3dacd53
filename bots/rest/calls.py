"""What a program asks for and what it is answered: plain records without any HTTP library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bots.chat.turns import Shares
from bots.domain.channels import Channel
from bots.usecases.service import Service

JSON = "application/json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request of a program."""

    method: str
    #: The path without the query.
    path: str
    now: datetime
    #: The parts of the path that the route names.
    parts: Mapping[str, str] = field(default_factory=dict)
    #: The query; of a repeated name, the first value.
    query: Mapping[str, str] = field(default_factory=dict)
    #: By name in lower case.
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    #: The network address that it came from.
    client: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """The answer to a call."""

    body: str = ""
    status: int = 200
    type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlet:
    """What every view is given."""

    service: Service
    #: The address at which programs reach this server, without a slash at its end.
    url: str
    #: The channels whose feeds everyone may read, each with its name.
    public_channels: tuple[tuple[str, Channel], ...] = ()
    #: Where searches of what is stored wait for their turn, one of each client at a time.
    searching: Shares = field(default_factory=lambda: Shares(1))
