"""What a person did, understood: what is to be done about it, and where it happened."""

from collections.abc import Mapping
from dataclasses import dataclass

from bots.discord.controls import Control
from bots.discord.payloads import Location
from bots.domain.channels import Channel
from bots.domain.requests import Request
from summarizer import Style


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerRequest:
    """Requests, whose answers only the one who asked sees."""

    location: Location
    requests: tuple[Request, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSummarize:
    """Open the modal that a text is pasted into."""

    location: Location
    style: Style = Style.ONE_LINE


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSubscribe:
    """Open the modal of a standing order: of a new one for `channel`, or that of `order_id` to be edited."""

    location: Location
    channel: Channel
    #: What we, and what the person, may do in that channel, as bits; None where it is not told.
    ours: int | None = None
    theirs: int | None = None
    #: What kind of channel that is.
    kind: int = 0
    subscription_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """Something is done with an order that is being made: `what` is shown, changed, kept or dropped."""

    location: Location
    what: Control
    #: The order as it is so far, written as its command.
    line: str
    channel: Channel
    subscription_id: str = ""
    #: What was chosen in a menu.
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadFile:
    """Fetch a text file that somebody gave us, and condense what is in it."""

    location: Location
    url: str
    name: str
    size: int
    style: Style


@dataclass(frozen=True, kw_only=True, slots=True)
class ShareThis:
    """Show to all what only the one who asked has seen so far."""

    location: Location
    message: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirm:
    """Ask whether an order is really to be ended; `held` is what its button holds."""

    location: Location
    held: str


Action = AnswerRequest | OpenSummarize | OpenSubscribe | Draft | ReadFile | ShareThis | Confirm
