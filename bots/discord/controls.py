"""What can be pressed in Discord: the name of each button and menu, and the ids they carry. Pure.

A custom id is `pw:VERB:HELD`; the second of its kind in a message is `pw:VERB:2:HELD`, since none may stand there
twice.
"""

import re
from enum import StrEnum

from bots.domain.subscriptions import Subscription

#: docs.discord.com, Component Reference, Custom ID: 1 to 100 characters, unique in a message.
MAX_ID = 100
_OURS = "pw"
_ID = re.compile(r"pw:(?P<press>[a-z_]+):(?:(?P<turn>[1-9][0-9]{0,3}):)?(?P<held>.*)", re.DOTALL)
#: What is held begins like a count, so that one has to stand before it.
_COUNTED = re.compile(r"[1-9][0-9]{0,3}:")
#: A standing order, `-` for one that is not kept yet, and the channel it belongs to.
_ORDER = re.compile(r"(?P<id>[\w-]{1,64}) (?P<channel>[\w-]{1,20})", re.ASCII)


class Control(StrEnum):
    """The verbs that custom ids carry."""

    # Of a paper.
    SHOW = "show"
    ABSTRACT = "abstract"
    SAVE = "save"
    UNSAVE = "unsave"
    MORE = "more"
    NOT_FOR_US = "not_for_us"
    CITE = "cite"
    # Of an answer, of one's list, of what there is.
    SHARE = "share"
    SAVED_CITE = "saved_cite"
    SUBSCRIBE = "subscribe"
    HELP = "help"
    # Of a standing order.
    EDIT = "edit"
    PAUSE = "pause"
    RESUME = "resume"
    UNSUBSCRIBE = "unsubscribe"
    UNSUBSCRIBE_SURE = "unsubscribe_sure"
    # Of one that is being made.
    PREVIEW = "preview"
    KEEP = "keep"
    CHANGE = "change"
    DISCARD = "discard"
    EVERY = "every"
    LIMIT = "limit"
    STYLE = "style"


def control_id(control: Control, held: str = "", turn: int = 1) -> str:
    """Return the custom id of a button or menu; empty where it would be longer than Discord takes.

    Args:
        press: what it does.
        held: what it does it with: the id of a paper, or `order_held`.
        turn: whether it is the first with this verb and this text in its message, the second, or a later one.
    """
    counted = f"{turn}:" if turn > 1 or _COUNTED.match(held) else ""
    made = f"{_OURS}:{control}:{counted}{held}"
    return made if len(made) <= MAX_ID else ""


def read_control_id(custom_id: str) -> tuple[Control, str] | None:
    """Return what a custom id does and with what; None for one that is none of ours."""
    found = _ID.fullmatch(custom_id)
    if found is None or found["press"] not in list(Control):
        return None
    return Control(found["press"]), found["held"]


def subscription_held(subscription: Subscription) -> str:
    """Return what a button of a standing order holds; empty where an id is not of our kind or Discord's."""
    held = f"{subscription.id} {subscription.channel.channel}"
    return held if _ORDER.fullmatch(held) else ""


def subscription_of_value(held: str) -> tuple[str, str]:
    """Return the standing order, and the channel it belongs to, that a button names; empty where it names none."""
    found = _ORDER.fullmatch(held)
    return (found["id"], found["channel"]) if found else ("", "")
