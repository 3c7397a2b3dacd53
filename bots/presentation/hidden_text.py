"""Describes hidden papers, and the steps that a reply offers, in words. Plain text, as in `digest_text.py`."""

from collections.abc import Callable

from bots.chat.phrases import clean, cut, day_text, listed
from bots.domain.papers import PaperId
from bots.domain.replies import HiddenList, HiddenPaper, NextStep, Noted, Offer
from bots.presentation.digest_text import MAX_TITLE, MAX_VENUE, noted_line, title_of
from bots.translation.speech import gettext, gettext_noop, ngettext

#: Commands of the steps, where a chat has no buttons.
_COMMANDS = {
    NextStep.HIDE: (gettext_noop("To hide it: {command}"), "hide"),
    NextStep.UNDO: (gettext_noop("To undo it: {command}"), "unhide"),
    NextStep.FOLLOW: (gettext_noop("To undo it: {command}"), "follow"),
    NextStep.UNFOLLOW: (gettext_noop("To undo it: {command}"), "unfollow"),
    NextStep.END_FOLLOW: (gettext_noop("To end it: {command}"), "unfollow"),
    NextStep.MENTIONS_ON: (gettext_noop("To be mentioned: {command}"), "mentions on"),
    NextStep.MENTIONS_OFF: (gettext_noop("To end it: {command}"), "mentions off"),
}
#: People named beside a hidden paper.
_MOST_PEOPLE = 3
#: Longest name of a person that is shown, in characters; Slack's have 80 at most.
MAX_NAME = 80


def hidden_headline(reply: HiddenList) -> str:
    """Return how many papers are hidden in a channel, and which page of them this is."""
    if not reply.total:
        return gettext("No paper is hidden here.")
    if reply.pages > 1:
        return ngettext(
            "{number} paper hidden here, page {page} of {pages}",
            "{number} papers hidden here, page {page} of {pages}",
            reply.total,
            page=reply.page,
            pages=reply.pages,
        )
    return ngettext("{number} paper hidden here", "{number} papers hidden here", reply.total)


def hidden_title(hidden: HiddenPaper) -> str:
    """Return the title of a hidden paper; its id if its record is no longer stored."""
    return (
        cut(title_of(hidden.paper), MAX_TITLE)
        if hidden.paper
        else gettext("The paper {id}", id=typed_id(hidden.paper_id))
    )


def typed_id(name: PaperId) -> str:
    """Return the id as a reader types it."""
    return cut(clean(name.value if name.scheme in ("arxiv", "doi") else str(name)), MAX_VENUE)


def person(name: str) -> str:
    """Return a person's name or id as plain text."""
    return cut(clean(name), MAX_NAME)


def hidden_by(hidden: HiddenPaper, *, named_as: Callable[[str], str] = person) -> str:
    """Return "Hidden by Ada and Bob on Tuesday 24 November 2026".

    Args:
        hidden: the paper.
        named_as: returns a person's id as the chat displays it; empty leaves the person out.
    """
    named = list(filter(None, map(named_as, hidden.by[:_MOST_PEOPLE])))
    left, day = len(hidden.by) - _MOST_PEOPLE, day_text(hidden.at.date())
    more = [ngettext("{number} more", "{number} more", left)] if left > 0 else []
    if not named:
        return gettext("Hidden on {day}", day=day)
    return gettext("Hidden by {people} on {day}", people=listed([*named, *more]), day=day)


def noted_lines(reply: Noted) -> tuple[str, ...]:
    """Return a confirmation for a chat without buttons: what was done, and the command of the step that it offers."""
    items = tuple(noted_line(each) for each in reply.items)
    if reply.offer is None:
        return noted_line(reply), *items
    does, command = _COMMANDS[reply.offer.step]
    typed = " ".join(filter(None, (command, _argument(reply.offer))))
    return noted_line(reply), gettext(does, command=typed), *items


def _argument(offer: Offer) -> str:
    """Return what follows the command of a step."""
    if offer.kind is not None:
        return " ".join(filter(None, (offer.kind, clean(offer.text), "here" if offer.everyone else "")))
    return typed_id(offer.paper_id) if offer.paper_id else ""
