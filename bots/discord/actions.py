"""The actions that an interaction can request, each with the location where it was requested."""

from collections.abc import Mapping
from dataclasses import dataclass

from bots.discord.controls import Control
from bots.discord.draft_state import DraftState
from bots.discord.payloads import Location
from bots.domain.channels import Channel
from bots.domain.requests import Request
from summarizer import Style


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerRequest:
    """Requests whose replies are ephemeral: only the requester sees them."""

    location: Location
    requests: tuple[Request, ...]
    #: Whether the request is about a paper that was picked from a menu, of which only the buttons are shown.
    picked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSummarize:
    """Open the modal into which a person pastes a text."""

    location: Location
    style: Style = Style.ONE_LINE


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSubscribe:
    """Open the subscription modal: for a new subscription in `channel`, or to edit `subscription_id`."""

    location: Location
    channel: Channel
    #: Permissions of the bot, and of the person, in that channel, as bits; None if Discord did not send them.
    ours: int | None = None
    theirs: int | None = None
    #: Type of that channel (`ChannelKind`).
    kind: int = 0
    #: What Discord sent of that channel.
    about: object = None
    subscription_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """Apply the control `what` to a draft subscription: preview, change, save or discard it."""

    location: Location
    what: Control
    #: What the message with the draft carries.
    state: DraftState
    channel: Channel
    subscription_id: str = ""
    #: Values chosen in a menu.
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadFile:
    """Fetch a text file that a person uploaded, and condense its content."""

    location: Location
    url: str
    name: str
    size: int
    style: Style


@dataclass(frozen=True, kw_only=True, slots=True)
class ShareThis:
    """Post a reply to the channel that only the requester has seen so far."""

    location: Location
    message: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirm:
    """Show a confirmation before a subscription is ended; `held` is the value in its button's custom id."""

    location: Location
    held: str


Action = AnswerRequest | OpenSummarize | OpenSubscribe | Draft | ReadFile | ShareThis | Confirm
