"""The controls in Slack messages and views: the action id of each button and menu, and the ids in its value. Pure."""

import re
from collections.abc import Iterable
from enum import StrEnum

from bots.chat.phrases import safe_url
from bots.commands import write_command
from bots.domain.papers import Paper
from bots.domain.requests import Subscribe
from bots.domain.subscriptions import Subscription
from bots.slack import blocks
from bots.slack.blocks import Json
from bots.translation.speech import gettext, pgettext

#: A subscription id and its channel id: the home tab lists subscriptions of several channels.
_SUBSCRIPTION_VALUE = re.compile(r"(?P<id>[\w-]{1,64}) (?P<channel>[\w-]{1,64})", re.ASCII)
#: The same, and the command that makes the subscription.
_ENDED_VALUE = re.compile(
    r"(?P<id>[\w-]{1,64}) (?P<channel>[\w-]{1,64}) (?P<command>subscribe .+)", re.ASCII | re.DOTALL
)
#: Longest paper id that fits the block id of a row with its prefix; the longest DOIs have about 120 characters.
MAX_PAPER_ID = 200


class Control(StrEnum):
    """The action ids in our messages, modals and home tab."""

    SHOW = "paper.show"
    ABSTRACT = "paper.abstract"
    SAVE = "paper.save"
    UNSAVE = "paper.unsave"
    MORE = "paper.more"
    NOT_FOR_US = "paper.not_for_us"
    #: In the question that follows "Not for us", and in the list of hidden papers.
    HIDE = "paper.hide"
    UNDO = "paper.undo"
    #: A page of the hidden papers; the value is its number.
    HIDDEN_NEWER = "hidden.newer"
    HIDDEN_OLDER = "hidden.older"
    #: Their values are what `follow_text.held_of` returns.
    FOLLOW = "follow.start"
    UNFOLLOW = "follow.undo"
    END_FOLLOW = "follow.end"
    MENTIONS_ON = "mentions.on"
    MENTIONS_OFF = "mentions.off"
    CITE = "paper.cite"
    #: The overflow menu; its options are `MenuItem`.
    MENU = "paper.menu"
    #: The menu of a message in the compact look; the value of an option is a paper's key.
    PICK = "paper.pick"
    SAVED_SEARCH = "saved.search"
    SAVED_CITE = "saved.cite"
    SUBSCRIBE = "subscribe.open"
    PREVIEW = "subscribe.preview"
    UNFOLD = "subscribe.more"
    FOLD = "subscribe.fewer"
    EDIT = "order.edit"
    PAUSE = "order.pause"
    RESUME = "order.resume"
    UNSUBSCRIBE = "order.unsubscribe"
    #: Undoes the end of a subscription; the value is `ended_value`.
    RESTORE = "order.restore"
    SUMMARIZE = "summarize.open"
    HELP = "help.show"


class MenuItem(StrEnum):
    """The options in a paper's menu."""

    PDF = "pdf"
    BIBTEX = "bibtex"
    SHARE = "share"


def paper_row(paper: Paper, number: int) -> Json | None:
    """Return the buttons of a paper in a digest or card; None if the paper's id is too long for a block id or value."""
    held = paper.ref.key
    if len(held) > MAX_PAPER_ID:
        return None
    elements = [
        blocks.button(pgettext("button", "Abstract"), Control.ABSTRACT, held),
        blocks.button(pgettext("button", "Save"), Control.SAVE, held),
        blocks.button(pgettext("button", "More like this"), Control.MORE, held),
        blocks.button(pgettext("button", "Not for us"), Control.NOT_FOR_US, held),
        blocks.overflow(Control.MENU, _menu(paper)),
    ]
    return blocks.actions(elements, row_id(held, number))


def pick_option(paper: Paper, label: str) -> Json | None:
    """Return the option that picks a paper; None if the paper's id is too long for the value of an option."""
    held = paper.ref.key
    return blocks.option(label, held) if len(held) <= blocks.MAX_OPTION else None


def pick_menu(options: Iterable[Json]) -> Json:
    """Return the menu that picks one of a message's papers; a paper that is shown twice has one option."""
    different = {option["value"]: option for option in reversed(tuple(options))}
    menu = blocks.menu(
        Control.PICK, pgettext("placeholder", "Pick a paper: abstract, save, …"), tuple(reversed(different.values()))
    )
    return blocks.actions([menu], "pick")


def picked_row(paper: Paper) -> Json | None:
    """Return the buttons of a paper that was picked from a menu."""
    named = (
        (pgettext("button", "Abstract"), Control.ABSTRACT),
        (pgettext("button", "Save"), Control.SAVE),
        (pgettext("button", "More like this"), Control.MORE),
        (pgettext("button", "Not for us"), Control.NOT_FOR_US),
        (pgettext("button", "BibTeX"), Control.CITE),
    )
    return _short_row(paper, 1, named)


def hit_row(paper: Paper, number: int) -> Json | None:
    """Return the buttons of a paper in a list of search results."""
    named = ((pgettext("button", "Show"), Control.SHOW), (pgettext("button", "Save"), Control.SAVE))
    return _short_row(paper, number, named)


def saved_row(paper: Paper, number: int) -> Json | None:
    """Return the buttons of a paper in a person's saved list."""
    named = (
        (pgettext("button", "Show"), Control.SHOW),
        (pgettext("button", "BibTeX"), Control.CITE),
        (pgettext("button", "Remove"), Control.UNSAVE),
    )
    return _short_row(paper, number, named)


def _short_row(paper: Paper, number: int, named: tuple[tuple[str, Control], ...]) -> Json | None:
    held = paper.ref.key
    if len(held) > MAX_PAPER_ID:
        return None
    return blocks.actions([blocks.button(label, control, held) for label, control in named], row_id(held, number))


def row_id(held: str, number: int) -> str:
    """Return the block id of the row of a paper's key; the number keeps it unique if the paper is listed twice."""
    return f"paper|{number}|{held}"


def paper_of_row(block_id: str) -> str:
    """Return the paper id in the block id of a paper's row; empty for any other row."""
    kind, _, rest = block_id.partition("|")
    return rest.partition("|")[2] if kind == "paper" else ""


def _menu(paper: Paper) -> list[Json]:
    pdf = pdf_url(paper)
    first = [blocks.option(pgettext("option", "Open PDF"), MenuItem.PDF, url=pdf)] if pdf else []
    named = ((pgettext("option", "BibTeX"), MenuItem.BIBTEX), (pgettext("option", "Share to channel"), MenuItem.SHARE))
    return [*first, *(blocks.option(label, item) for label, item in named)]


def pdf_url(paper: Paper) -> str:
    """Return the URL of a paper's PDF; empty unless the paper has an arXiv id, the only one that yields a PDF URL."""
    ids = (
        [str(paper.ref)]
        if paper.id.scheme == "arxiv"
        else sorted(name.value for name in paper.aliases if name.scheme == "arxiv")
    )
    return safe_url(f"https://arxiv.org/pdf/{ids[0]}") if ids else ""


def subscription_row(subscription: Subscription, *, resting: bool) -> Json | None:
    """Return the buttons of a subscription; None if its ids are not in our or Slack's format."""
    held = f"{subscription.id} {subscription.channel.channel}"
    if not _SUBSCRIPTION_VALUE.fullmatch(held):
        return None
    resume, pause = pgettext("button", "Resume"), pgettext("button", "Pause")
    turn = (resume, Control.RESUME) if resting else (pause, Control.PAUSE)
    end = pgettext("button", "Unsubscribe")
    ask = blocks.danger(gettext("End this subscription?"), gettext("Its digests stop. What was posted stays."), end)
    elements = [
        blocks.button(pgettext("button", "Edit"), Control.EDIT, held),
        blocks.button(turn[0], turn[1], held),
        blocks.button(end, Control.UNSUBSCRIBE, held, **ask),
    ]
    return blocks.actions(elements, f"order|{subscription.id}")


def undo_row(subscription: Subscription) -> Json | None:
    """Return the button that makes an ended subscription again; None if Slack's button cannot hold all of it."""
    here = subscription.channel
    # Whatever is stored of a subscription is deleted when it ends, so the message holds it, as a command.
    command = write_command(Subscribe(channel=here, subscription=subscription))
    held = f"{subscription.id} {here.channel} {command}"
    if not _ENDED_VALUE.fullmatch(held) or len(held) > blocks.MAX_VALUE:
        return None
    return blocks.actions(
        [blocks.button(pgettext("button", "Undo"), Control.RESTORE, held)], f"ended|{subscription.id}"
    )


def ended_of_value(value: str) -> tuple[str, str, str]:
    """Return the id, the channel id and the command of an ended subscription; three empty strings for another value."""
    found = _ENDED_VALUE.fullmatch(value)
    return (found["id"], found["channel"], found["command"]) if found else ("", "", "")


def subscription_of_value(value: str) -> tuple[str, str]:
    """Return the subscription id and the channel id in a button's value; two empty strings if it holds none."""
    found = _SUBSCRIPTION_VALUE.fullmatch(value)
    return (found["id"], found["channel"]) if found else ("", "")
