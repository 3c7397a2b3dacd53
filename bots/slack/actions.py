"""The actions that a person's click, command or message in Slack is parsed into, each with its location."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bots.domain.papers import PaperId
from bots.domain.requests import Request
from bots.slack.payloads import Location


class Show(StrEnum):
    """Where a reply is shown."""

    #: Only to the person who made the request.
    PRIVATE = "private"
    CHANNEL = "channel"
    #: In the thread of the message that made the request.
    THREAD = "thread"
    MODAL = "modal"
    #: In the home tab, which is redrawn.
    HOME = "home"
    #: Only to the person, and of the paper that is the reply only the buttons.
    PICKED = "picked"


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerRequest:
    """A request to the service, its location, and where its reply is shown."""

    location: Location
    request: Request
    show: Show = Show.PRIVATE


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSubscribe:
    """Open the subscription modal: for a new subscription, or to edit the one with `subscription_id`."""

    location: Location
    subscription_id: str = ""
    #: How a person names the subscription to edit, in words or by its number; None if they named none.
    named: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSummarize:
    """Open the modal for pasting a text to summarise."""

    location: Location


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPreview:
    """Preview the digest of the subscription in the modal; `view` is that modal with the values entered so far."""

    location: Location
    view: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class RedrawForm:
    """Show or hide the rest of the subscription form; `view` is that modal with the values entered so far."""

    location: Location
    view: Mapping[str, object]
    unfolded: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenShare:
    """Open the modal that asks in which channel a paper is shown."""

    location: Location
    paper: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Nothing:
    """No action: Slack also reports clicks on plain links."""


Action = AnswerRequest | OpenSubscribe | OpenSummarize | OpenPreview | RedrawForm | OpenShare | Nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedLink:
    """The URL of a paper in a person's message, exactly as posted: Slack attaches an unfurl only to that URL."""

    url: str
    paper_id: PaperId
