"""What a person did in Slack, understood: what is to be done about it, and where it happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bots.domain.papers import PaperId
from bots.domain.requests import Request
from bots.slack.payloads import Location


class Show(StrEnum):
    """Where an answer is shown."""

    #: To the person who asked, and to nobody else.
    PRIVATE = "private"
    CHANNEL = "channel"
    #: In the thread of the message it answers.
    THREAD = "thread"
    MODAL = "modal"
    #: In the home tab, which is drawn anew.
    HOME = "home"


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerRequest:
    """A request, and where its answer is shown."""

    location: Location
    request: Request
    show: Show = Show.PRIVATE


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSubscribe:
    """Open the modal of a standing order: a new one, or that of `order_id` to be edited."""

    location: Location
    subscription_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSummarize:
    """Open the modal that a text is pasted into."""

    location: Location


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPreview:
    """Show what the standing order in the modal would bring; `view` is that modal as it was filled in."""

    location: Location
    view: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Nothing:
    """Nothing is to be done: Slack tells us of a link that was followed, too."""


Action = AnswerRequest | OpenSubscribe | OpenSummarize | OpenPreview | Nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedLink:
    """An address of a paper that somebody posted, as it was posted: Slack shows something under that only."""

    url: str
    paper_id: PaperId
