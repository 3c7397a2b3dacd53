"""The message that shows a draft subscription before it is saved: menus, Preview, Subscribe. Pure functions."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bots.chat.phrases import cut, sentence
from bots.commands import values_of
from bots.commands.options import MOST_PAPERS
from bots.discord.components import Style as ButtonStyle
from bots.discord.components import button, container, row, text
from bots.discord.controls import Control, control_id, label_of
from bots.discord.draft_state import DraftState, fits, spread
from bots.discord.fields import Json, menu
from bots.discord.form_texts import (
    CHANGE_BUTTON,
    DISCARD_BUTTON,
    EDIT_DRAFT,
    KEEP_RHYTHM,
    MORE,
    MORE_OPTIONS,
    NEW_DRAFT,
    NOT_KEPT,
    PRESS_CHANGE,
    PREVIEW_BUTTON,
    RHYTHMS,
    SAVE_BUTTON,
    SUBSCRIBE_BUTTON,
    UNREAD_DRAFT,
)
from bots.discord.markup import channel_mention, plain, when
from bots.domain.subscriptions import Subscription
from bots.presentation.subscription_text import capital, what_text, when_text
from bots.translation.speech import gettext, ngettext, pgettext

_WORKDAYS = "mon,tue,wed,thu,fri"
#: What the menu of days sets; a round-up of the month covers it whole, so that votes have no days to settle.
_RHYTHMS: Mapping[str, Mapping[str, str]] = {
    "weekdays": {"every": "day", "on": _WORKDAYS},
    "daily": {"every": "day", "on": f"{_WORKDAYS},sat,sun"},
    "week": {"every": "week", "on": "fri"},
    "month": {"every": "month", "on": _WORKDAYS, "settle": "0"},
}
_AS_SET = "as-set"
_LIMITS = (1, 3, 5, 8, 10, 15, MOST_PAPERS)
_MAX_SUMMARY = 700
#: Characters for all errors together: people do not read more.
_MAX_ERRORS = 1500


def draft(subscription: Subscription, state: DraftState, *, next_due: datetime | None) -> Json:
    """Return the message that shows a subscription and its menus before it is saved.

    Args:
        subscription: the draft subscription.
        state: what the message carries.
        next_due: the instant of its first digest.
    """
    heading = gettext(EDIT_DRAFT if subscription.id else NEW_DRAFT)
    said = [f"### {heading}"]
    channel = channel_mention(subscription.channel)
    said += [gettext("In {channel}, {schedule}.", channel=channel, schedule=plain(when_text(subscription)))]
    said += [sentence(plain(cut(capital(what_text(subscription)), _MAX_SUMMARY)))]
    # Discord shows the instant in each reader's time zone, which reveals a wrong time zone in the subscription.
    said += [gettext("The first digest comes {time}.", time=when(next_due))] if next_due else []
    held = _held(subscription)
    save = SAVE_BUTTON if subscription.id else SUBSCRIBE_BUTTON
    buttons = [
        button(pgettext(*PREVIEW_BUTTON), control_id(Control.PREVIEW, held)),
        button(pgettext(*save), control_id(Control.KEEP, held), ButtonStyle.PRIMARY),
        button(pgettext(*CHANGE_BUTTON), control_id(Control.CHANGE, held)),
        button(pgettext(*DISCARD_BUTTON), control_id(Control.DISCARD, held)),
    ]
    return _with_menus(subscription, state, said, buttons)


def broken(subscription: Subscription, state: DraftState, errors: Iterable[str]) -> Json:
    """Return the message that tells what is wrong in a window; it carries what was entered.

    Args:
        subscription: the subscription before the window.
        state: what the message carries, with the input.
        errors: all that is wrong, a sentence or two each.
    """
    lines = "\n".join(plain(each) for each in errors)
    held = _held(subscription)
    buttons = [
        button(pgettext(*CHANGE_BUTTON), control_id(Control.CHANGE, held), ButtonStyle.PRIMARY),
        button(pgettext(*DISCARD_BUTTON), control_id(Control.DISCARD, held)),
    ]
    kept, heading = fits(state), gettext(UNREAD_DRAFT)
    said = [f"### {heading}", cut(lines, _MAX_ERRORS), gettext(PRESS_CHANGE if kept else NOT_KEPT)]
    state = state if kept else replace(state, typed={})
    return _with_menus(subscription, state, said, buttons, disabled=True)


def _with_menus(
    subscription: Subscription, state: DraftState, said: list[str], buttons: list[Json], *, disabled: bool = False
) -> Json:
    held = _held(subscription)
    menus = [
        menu(control_id(Control.EVERY, held), _rhythms(subscription), [_rhythm(subscription)], disabled=disabled),
        menu(control_id(Control.LIMIT, held), _amounts(subscription), [str(subscription.limit)], disabled=disabled),
        menu(control_id(Control.OPTIONS, held), MORE_OPTIONS, (), placeholder=pgettext(*MORE), disabled=disabled),
    ]
    carrying, rest = spread(state, menus)
    texts = [text("\n".join(said)), *([text(rest)] if rest else [])]
    return _message([*texts, *(row([each]) for each in carrying), row(buttons)])


def _held(subscription: Subscription) -> str:
    return f"{subscription.id or '-'} {subscription.channel.channel}"


def notice(said: str) -> Json:
    """Return a message of one sentence that replaces the draft."""
    return _message([text(plain(said))])


def confirmation(held: str) -> Json:
    """Return the question whether to end a subscription."""
    yes = button(label_of(Control.UNSUBSCRIBE_SURE), control_id(Control.UNSUBSCRIBE_SURE, held), ButtonStyle.DANGER)
    return _message([text(gettext("End this subscription? Its digests stop. Posted digests stay.")), row([yes])])


def _message(components: list[Json]) -> Json:
    return {"flags": 1 << 15, "components": [container(components)], "allowed_mentions": {"parse": []}}


def _rhythm(subscription: Subscription) -> str:
    options = values_of(subscription)
    same = (name for name, rhythm in _RHYTHMS.items() if all(options[each] == rhythm[each] for each in ("every", "on")))
    return next(same, _AS_SET)


def _rhythms(subscription: Subscription) -> dict[str, str]:
    if _rhythm(subscription) in RHYTHMS:
        return dict(RHYTHMS)
    return {**RHYTHMS, _AS_SET: pgettext(*KEEP_RHYTHM, when=when_text(subscription))}


def _amounts(subscription: Subscription) -> dict[str, str]:
    numbers = sorted({*_LIMITS, subscription.limit})
    return {str(number): ngettext("{number} paper at most", "{number} papers at most", number) for number in numbers}


def chosen(what: Control, value: str) -> Mapping[str, str]:
    """Return the options that a choice in a menu below a draft sets."""
    if what is Control.EVERY:
        return _RHYTHMS.get(value, {})
    return {"limit" if what is Control.LIMIT else "style": value}
