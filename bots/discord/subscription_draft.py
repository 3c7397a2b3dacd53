"""The message that shows a draft subscription before it is saved: menus, Preview, Subscribe. Pure functions.

The message contains the draft, written as its command. So the draft survives a restart of Paperwire, and the
person sees what would be saved.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bots.chat.phrases import cut
from bots.chat.untrusted import text_at
from bots.commands import write_command
from bots.commands.options import MOST_PAPERS
from bots.discord.components import container, row, text
from bots.discord.controls import Control, control_id, label_of
from bots.discord.fields import Json, menu
from bots.discord.markup import plain, when
from bots.discord.payloads import components_in
from bots.discord.subscription_form import FIELDS, parsed
from bots.domain.channels import Channel
from bots.domain.replies import Problem
from bots.domain.requests import Subscribe
from bots.domain.subscriptions import Every, Subscription
from bots.presentation.digest_text import problem_lines
from bots.presentation.labels import style_labels
from bots.presentation.subscription_text import what_text, when_text
from bots.translation.speech import gettext, ngettext, pgettext, pgettext_noop

_RHYTHMS: Mapping[str, tuple[tuple[str, str], str]] = {
    "weekdays": (pgettext_noop("option", "Monday to Friday"), "every=day on=weekdays"),
    "daily": (pgettext_noop("option", "Every day"), "every=day on=daily"),
    "week": (pgettext_noop("option", "Fridays, the best of the week"), "every=week on=fri"),
    "month": (pgettext_noop("option", "Once a month, the best of the month before"), "every=month on=weekdays"),
}
_AS_SET = "as-set"
#: Stands for the channel until the sentence around it is escaped.
_HERE = "HERE"
_LIMITS = tuple(str(number) for number in (1, 3, 5, 8, 10, 15, MOST_PAPERS))
_FENCE = "```"
#: Stands between backticks, invisible: a word joiner.
_APART = "\u2060"
_MAX_SUMMARY = 700


def line_of(subscription: Subscription) -> str:
    """Return a subscription written as its command, so that a message can contain it."""
    return _fenced(write_command(Subscribe(channel=subscription.channel, subscription=subscription)))


def _fenced(said: str) -> str:
    """Return text in which no backticks stand side by side, so that none ends the block around it."""
    return said.replace("``", f"`{_APART}`").replace("``", f"`{_APART}`")


def subscription_in(line: str, channel: Channel, subscription_id: str) -> Subscription | None:
    """Return the draft subscription in a message; None if the message contains input that could not be read.

    Raises:
        RequestError: the command cannot be read.
    """
    if not line.startswith("subscribe "):
        return None
    return replace(parsed(line, channel), id="" if subscription_id == "-" else subscription_id)


def line_in(message: object) -> str:
    """Return the draft, as a command or as fields, in one of our messages; empty if it contains none."""
    for each in components_in(message):
        said = text_at(each, "content")
        if said.startswith(f"{_FENCE}\n") and said.endswith(_FENCE):
            return said.removeprefix(f"{_FENCE}\n").removesuffix(_FENCE).replace(_APART, "").strip()
    return ""


def typed_in(line: str) -> dict[str, str]:
    """Return the fields that a message contains because they could not be read."""
    pairs = (each.partition(":") for each in line.splitlines())
    return {name: value.strip() for name, _, value in pairs if name in FIELDS}


def draft(subscription: Subscription, *, next_due: datetime | None, note: str = "") -> Json:
    """Return the message that shows a subscription and its menus before it is saved.

    Args:
        subscription: the draft subscription.
        next_due: the instant of its first digest.
        note: a text above the draft, such as a missing permission.
    """
    held = f"{subscription.id or '-'} {subscription.channel.channel}"
    heading = gettext("Change this subscription?") if subscription.id else gettext("New subscription")
    said = [
        f"### {heading}",
        plain(gettext("In {channel}, {schedule}.", channel=_HERE, schedule=when_text(subscription))).replace(
            _HERE, f"<#{subscription.channel.channel}>"
        ),
    ]
    said += [plain(cut(what_text(subscription), _MAX_SUMMARY)) + "."]
    # Discord shows the instant in each reader's time zone, which reveals a wrong time zone in the subscription.
    first = when(next_due) if next_due else ""
    said += [gettext("The first digest comes {time}.", time=first)] if first else []
    buttons = [
        _button(label_of(Control.PREVIEW), Control.PREVIEW, held, style=2),
        _button(pgettext("title", "Save") if subscription.id else label_of(Control.KEEP), Control.KEEP, held, style=1),
        _button(label_of(Control.CHANGE), Control.CHANGE, held, style=2),
        _button(label_of(Control.DISCARD), Control.DISCARD, held, style=2),
    ]
    return _message(
        [
            *([text(plain(note))] if note else []),
            text("\n".join(said)),
            text(f"{_FENCE}\n{line_of(subscription)}\n{_FENCE}"),
            row([menu(control_id(Control.EVERY, held), _rhythms(subscription), [_rhythm(subscription)])]),
            row([menu(control_id(Control.LIMIT, held), _amounts(subscription), [str(subscription.limit)])]),
            row([menu(control_id(Control.STYLE, held), _styles(), [str(subscription.style)])]),
            row(buttons),
        ]
    )


def broken(fields: Mapping[str, str], problem: Problem, *, channel: Channel, subscription_id: str) -> Json:
    """Return the message that reports an error in the input, and contains the input."""
    held = f"{subscription_id or '-'} {channel.channel}"
    typed = "\n".join(f"{name}: {' '.join(fields.get(name, '').split())}" for name in FIELDS)
    typed = _fenced(typed)
    return _message(
        [
            text("\n".join(map(plain, problem_lines(problem)))),
            text(f"{_FENCE}\n{typed}\n{_FENCE}"),
            row(
                [
                    _button(label_of(Control.CHANGE), Control.CHANGE, held, style=1),
                    _button(label_of(Control.DISCARD), Control.DISCARD, held, style=2),
                ]
            ),
        ]
    )


def notice(said: str) -> Json:
    """Return a message of one sentence that replaces the draft."""
    return _message([text(plain(said))])


def confirmation(held: str) -> Json:
    """Return the question whether to end a subscription."""
    yes = _button(label_of(Control.UNSUBSCRIBE_SURE), Control.UNSUBSCRIBE_SURE, held, style=4)
    return _message([text(gettext("End this subscription? Its digests stop. Posted digests stay.")), row([yes])])


def _message(components: list[Json]) -> Json:
    return {"flags": 1 << 15, "components": [container(components)], "allowed_mentions": {"parse": []}}


def _button(label: str, control: Control, held: str, *, style: int) -> Json:
    return {"type": 2, "style": style, "label": label, "custom_id": control_id(control, held)}


def _rhythm(subscription: Subscription) -> str:
    for name, (_, options) in _RHYTHMS.items():
        if _same_rhythm(parsed(f"subscribe {options}", subscription.channel), subscription):
            return name
    return _AS_SET


def _same_rhythm(one: Subscription, other: Subscription) -> bool:
    return (one.every, one.weekdays) == (other.every, other.weekdays)


def _rhythms(subscription: Subscription) -> dict[str, str]:
    named = {name: pgettext(*said) for name, (said, _) in _RHYTHMS.items()}
    return (
        named
        if _rhythm(subscription) in named
        else {
            **named,
            _AS_SET: pgettext("option", "As set: {schedule}", schedule=when_text(subscription)),
        }
    )


def _amounts(subscription: Subscription) -> dict[str, str]:
    numbers = sorted({*map(int, _LIMITS), subscription.limit})
    return {str(number): ngettext("{number} paper at most", "{number} papers at most", number) for number in numbers}


def _styles() -> dict[str, str]:
    return {value: pgettext("option", "Blurbs: {style}", style=said) for value, said in style_labels().items()}


def chosen(subscription: Subscription, what: Control, value: str) -> Subscription:
    """Return a subscription with the change that a menu below its message makes.

    Raises:
        RequestError: the menu has no such option.
    """
    if what is Control.EVERY:
        if value not in _RHYTHMS:
            return subscription
        rhythm = parsed(f"subscribe {_RHYTHMS[value][1]}", subscription.channel)
        settled = 0 if rhythm.every is Every.MONTH else subscription.settle
        return replace(subscription, every=rhythm.every, weekdays=rhythm.weekdays, settle=settled)
    name = "limit" if what is Control.LIMIT else "style"
    told = parsed(f"subscribe {name}={value}", subscription.channel)
    return replace(subscription, limit=told.limit) if what is Control.LIMIT else replace(subscription, style=told.style)
