"""The names of the buttons and menus in Discord, and the custom ids they carry. Pure functions.

A custom id is `pw:VERB:HELD`; the second one with the same verb and value in a message is `pw:VERB:2:HELD`,
since a custom id must be unique in its message.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from gettext import NullTranslations

from bots.domain.subscriptions import Subscription
from bots.translation.speech import current, pgettext

#: docs.discord.com, Component Reference, Custom ID: 1 to 100 characters, unique in a message.
MAX_ID = 100
_OURS = "pw"
_ID = re.compile(r"pw:(?P<press>[a-z_]+):(?:(?P<turn>[1-9][0-9]{0,3}):)?(?P<held>.*)", re.DOTALL)
#: A value that begins like a count, so that a count must precede it.
_COUNTED = re.compile(r"[1-9][0-9]{0,3}:")
#: The id of a subscription, or `-` if it is not saved yet, and the id of its channel.
_SUBSCRIPTION_VALUE = re.compile(r"(?P<id>[\w-]{1,64}) (?P<channel>[\w-]{1,20})", re.ASCII)


class Control(StrEnum):
    """The verbs that custom ids carry."""

    # For a paper.
    SHOW = "show"
    ABSTRACT = "abstract"
    SAVE = "save"
    UNSAVE = "unsave"
    MORE = "more"
    NOT_FOR_US = "not_for_us"
    #: In the question that follows "Not for us", and in the list of hidden papers.
    HIDE = "hide"
    UNDO = "undo"
    #: A page of the hidden papers; the value is its number.
    HIDDEN_NEWER = "hidden_newer"
    HIDDEN_OLDER = "hidden_older"
    CITE = "cite"
    #: Their values are what `follow_text.held_of` returns.
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    END_FOLLOW = "end_follow"
    MENTIONS_ON = "mentions_on"
    MENTIONS_OFF = "mentions_off"
    #: The menu of a message in the compact look; its values are the keys of papers.
    PICK = "pick"
    # For a reply, the saved list, new subscriptions and help.
    SHARE = "share"
    SAVED_CITE = "saved_cite"
    SUBSCRIBE = "subscribe"
    HELP = "help"
    # For a subscription.
    EDIT = "edit"
    PAUSE = "pause"
    RESUME = "resume"
    UNSUBSCRIBE = "unsubscribe"
    UNSUBSCRIBE_SURE = "unsubscribe_sure"
    # For a draft subscription.
    PREVIEW = "preview"
    KEEP = "keep"
    CHANGE = "change"
    DISCARD = "discard"
    #: The menu "More options"; its values are the names of windows.
    OPTIONS = "options"
    EVERY = "every"
    LIMIT = "limit"
    STYLE = "style"


def control_id(control: Control, held: str = "", turn: int = 1) -> str:
    """Return the custom id of a button or menu; empty if it would be longer than Discord accepts.

    Args:
        control: its verb.
        held: the value it applies to: the id of a paper, or the result of `subscription_held`.
        turn: 1 for the first with this verb and value in its message, 2 for the second, and so on.
    """
    counted = f"{turn}:" if turn > 1 or _COUNTED.match(held) else ""
    made = f"{_OURS}:{control}:{counted}{held}"
    return made if len(made) <= MAX_ID else ""


def label_of(control: Control) -> str:
    """Return the label of a button; empty for a menu."""
    return _labels(current().table).get(control, "")


@cache
def _labels(_table: NullTranslations) -> Mapping[Control, str]:
    """Return all labels in the current language, whose table is given; a digest has dozens of buttons."""
    return {
        Control.SHOW: pgettext("button", "Show"),
        Control.ABSTRACT: pgettext("button", "Abstract"),
        Control.SAVE: pgettext("button", "Save"),
        Control.UNSAVE: pgettext("button", "Remove"),
        Control.MORE: pgettext("button", "More like this"),
        Control.NOT_FOR_US: pgettext("button", "Not for us"),
        Control.HIDE: pgettext("button", "Hide it"),
        Control.UNDO: pgettext("button", "Undo"),
        Control.HIDDEN_NEWER: pgettext("button", "Newer"),
        Control.HIDDEN_OLDER: pgettext("button", "Older"),
        Control.FOLLOW: pgettext("button", "Undo"),
        Control.UNFOLLOW: pgettext("button", "Undo"),
        Control.END_FOLLOW: pgettext("button", "Unfollow"),
        Control.MENTIONS_ON: pgettext("button", "Mention me here"),
        Control.MENTIONS_OFF: pgettext("button", "Do not mention me"),
        Control.CITE: pgettext("button", "BibTeX"),
        Control.SHARE: pgettext("button", "Share"),
        Control.SAVED_CITE: pgettext("button", "All as BibTeX"),
        Control.SUBSCRIBE: pgettext("button", "New subscription"),
        Control.HELP: pgettext("button", "Help"),
        Control.EDIT: pgettext("button", "Edit"),
        Control.PAUSE: pgettext("button", "Pause"),
        Control.RESUME: pgettext("button", "Resume"),
        Control.UNSUBSCRIBE: pgettext("button", "Unsubscribe"),
        Control.UNSUBSCRIBE_SURE: pgettext("button", "Unsubscribe"),
        Control.PREVIEW: pgettext("button", "Preview"),
        Control.KEEP: pgettext("button", "Subscribe"),
        Control.CHANGE: pgettext("button", "Change"),
        Control.DISCARD: pgettext("button", "Discard"),
    }


def read_control_id(custom_id: str) -> tuple[Control, str] | None:
    """Return the verb and the value of a custom id; None if it is not ours."""
    found = _ID.fullmatch(custom_id)
    if found is None or found["press"] not in list(Control):
        return None
    return Control(found["press"]), found["held"]


def subscription_held(subscription: Subscription) -> str:
    """Return the value that a subscription's buttons carry; empty if one of its ids has an unexpected format."""
    held = f"{subscription.id} {subscription.channel.channel}"
    return held if _SUBSCRIPTION_VALUE.fullmatch(held) else ""


def subscription_of_value(held: str) -> tuple[str, str]:
    """Return the ids of the subscription and of its channel that a button carries; empty if it carries none."""
    found = _SUBSCRIPTION_VALUE.fullmatch(held)
    return (found["id"], found["channel"]) if found else ("", "")
