"""The windows of a subscription, and what a submitted one changes. Pure functions.

The first window asks what, when and where; the others, behind "More options", have the rest. Each field is an option
of the command `subscribe`, read by the same grammar. Discord allows five fields in a window.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from bots.chat.phrases import listed
from bots.chat.untrusted import text_at
from bots.commands import FIELDS, form_errors, form_subscription, values_of
from bots.commands.options import MOST_PAPERS, MOST_SETTLE
from bots.discord.channel_kinds import TARGETS
from bots.discord.fields import Json, as_shown, channel_select, modal, select, text_input
from bots.discord.form_texts import EDIT_TITLE, EXAMPLES, HINTS, KEEP_SOURCES, KEEP_TIMES, LABELS, OPTIONS, TITLES
from bots.discord.payloads import fields_of, unreadable
from bots.discord.zones import zone_options
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand
from bots.domain.subscriptions import Subscription
from bots.presentation.labels import style_labels
from bots.presentation.source_text import apart, choices, together
from bots.translation.languages import ENGLISH
from bots.translation.speech import gettext, ngettext, pgettext

#: Start of the modal's custom id; the ids of the subscription and the channel, and the window's name follow.
SUBSCRIBE = "order"
#: A menu holds no more options (docs.discord.com, String Select).
MOST_SOURCES = 25
#: Characters of an option's value (docs.discord.com, String Select, Select Option Structure).
_MOST_VALUE = 100
#: The option that keeps what a menu cannot show.
AS_THEY_ARE = "as-they-are"
#: Characters typed in a field; the grammar's own limits are lower, except for sources and categories.
_MOST_TYPED: Mapping[str, int] = {"interests": 600, "query": 600, "specs": 2000, "category": 1000, "at": 300}
_MOST_OTHERS = 100

#: The field that had times and zone in one text before the menus.
_EARLIER = "when"

#: The fields of each window, by its name. In the first one stands the channel where it can be chosen, else the filter.
FIRST, PAPERS, TIMES, LOOK, LANGUAGE = "", "papers", "times", "look", "language"
WINDOWS: Mapping[str, tuple[str, ...]] = {
    FIRST: ("source", "interests", "time", "zone"),
    PAPERS: ("query", "specs", "category", "sort", "settle"),
    TIMES: ("on", "at", "elsewhere", "wait", "quiet"),
    LOOK: ("limit", "style", "look", "entries", "empty"),
    LANGUAGE: ("language",),
}


def subscription_modal(
    subscription: Subscription, *, window: str = FIRST, choose: bool = False, typed: Mapping[str, str] | None = None
) -> Json:
    """Return a window for fields of a subscription.

    Args:
        subscription: the subscription so far; its channel is where it posts.
        window: which window, a key of `WINDOWS`.
        choose: whether the person chooses the channel in the first window.
        typed: earlier input that could not be read, to be shown again.
    """
    shown = {**_shown(subscription), **(typed or {})}
    names = WINDOWS[window] if window else (*WINDOWS[FIRST], "channel" if choose else "query")
    title = pgettext(*EDIT_TITLE) if subscription.id and not window else TITLES[window]
    return modal(
        ":".join((SUBSCRIBE, subscription.id or "-", subscription.channel.channel, *([window] if window else []))),
        title,
        [_field(name, shown, subscription) for name in names],
    )


def _shown(subscription: Subscription) -> dict[str, str]:
    """Return the values of all fields: the options, and those that two windows show in different ways."""
    options = values_of(subscription)
    return {
        **options,
        "source": ",".join(apart(subscription.sources)),
        "specs": options["source"],
        "time": options["at"] if options["at"] in _hours() else AS_THEY_ARE,
        "elsewhere": options["zone"],
        "channel": subscription.channel.channel,
        "language": subscription.language or ENGLISH.code,
    }


def _hours() -> tuple[str, ...]:
    return tuple(f"{hour:02}:00" for hour in range(24))


def _field(name: str, shown: Mapping[str, str], subscription: Subscription) -> Json:
    value = shown[name]
    if name in _MENUS:
        options = _MENUS[name](value, subscription)
        many = name in ("source", "on")
        chosen = [*value.split(","), AS_THEY_ARE] if many else [value]
        return select(name, LABELS[name], options, chosen, many=many, hint=HINTS.get(name, ""))
    if name == "channel":
        return channel_select(name, LABELS[name], value, map(int, TARGETS), hint=HINTS[name])
    return text_input(
        name,
        LABELS[name],
        value,
        most=_MOST_TYPED.get(name, _MOST_OTHERS),
        required=name in ("specs", "at", "elsewhere"),
        paragraph=name in ("interests", "specs"),
        hint=HINTS.get(name, ""),
        placeholder=EXAMPLES.get(name, ""),
    )


def _source_options(value: str, _subscription: Subscription) -> dict[str, str]:
    """Return the options of the menu of sources; if it cannot hold all that are chosen, one option keeps them all."""
    chosen = [each for each in _parts(value) if each != AS_THEY_ARE]
    if not is_too_many(chosen) and AS_THEY_ARE not in _parts(value):
        return {spec: said for spec, said in choices(chosen, most=MOST_SOURCES).items() if len(spec) <= _MOST_VALUE}
    kept = pgettext(*KEEP_SOURCES, count=len(list(apart(_subscription.sources))))
    offered = choices((), most=MOST_SOURCES - 1)
    return {AS_THEY_ARE: kept, **{spec: said for spec, said in offered.items() if len(spec) <= _MOST_VALUE}}


def is_too_many(chosen: Sequence[str]) -> bool:
    """Return whether a menu cannot hold the chosen sources: by their number, or by one's length."""
    return len(chosen) > MOST_SOURCES or any(len(spec) > _MOST_VALUE for spec in chosen)


def _time_options(_value: str, subscription: Subscription) -> dict[str, str]:
    """Return the full hours, and times that are no full hour as one option."""
    options = values_of(subscription)
    kept = pgettext(*KEEP_TIMES, times=listed(options["at"].split(", ")))
    return {**({} if options["at"] in _hours() else {AS_THEY_ARE: kept}), **{hour: hour for hour in _hours()}}


_MENUS: Mapping[str, Callable[[str, Subscription], Mapping[str, str]]] = {
    "source": _source_options,
    "time": _time_options,
    "zone": lambda value, _: zone_options(value),
    "settle": lambda _value, _: {
        str(days): ngettext("{number} day", "{number} days", days) for days in range(MOST_SETTLE + 1)
    },
    "limit": lambda _value, _: {
        str(each): ngettext("{number} paper", "{number} papers", each) for each in range(1, MOST_PAPERS + 1)
    },
    "style": lambda _value, _: style_labels(),
    **{name: lambda _value, _, options=options: options for name, options in OPTIONS.items()},  # type: ignore[misc]
}


#: The property of a subscription that each option sets, where it has another name.
_PROPERTIES: Mapping[str, str] = {name: name for name in FIELDS} | {
    "source": "sources", "category": "categories", "sort": "sort_by", "at": "times", "on": "weekdays",
    "zone": "timezone", "entries": "threaded",
}  # fmt: skip


# ── reading it ───────────────────────────────────────────────────────────────────────────────────────────────────────


def entered(fields: Mapping[str, str], subscription: Subscription) -> dict[str, str]:
    """Return the options of a subscription with those that a submitted window changes.

    Args:
        fields: the typed and chosen values, by field.
        subscription: the subscription so far.
    """
    before, shown = values_of(subscription), _shown(subscription)
    # A text field shows the beginning of a longer value: what comes back as it was shown was not changed.
    given = {
        name: shown[name] if said.strip() == as_shown(shown[name], _MOST_TYPED.get(name, _MOST_OTHERS)) else said
        for name, said in fields.items()
        if name in shown
    }
    options = before | {name: " ".join(said.split()) for name, said in given.items() if name in FIELDS}
    if "source" in given:
        options["source"] = _sources(given["source"], subscription)
    for name, option in (("specs", "source"), ("elsewhere", "zone")):
        options[option] = given.get(name, options[option]).strip()
    if options["language"] == shown["language"]:
        options["language"] = before["language"]  # none is shown as English
    if given.get("time", AS_THEY_ARE) != AS_THEY_ARE:
        options["at"] = given["time"]
    return options


def _sources(chosen: str, subscription: Subscription) -> str:
    """Return the chosen sources; the option that keeps them all stands for those of the subscription."""
    parts, held = _parts(chosen), list(apart(subscription.sources))
    more = [spec for spec in parts if spec != AS_THEY_ARE]
    if set(parts) == set(held) or (AS_THEY_ARE in parts and not more):
        return ", ".join(subscription.sources)
    return ", ".join(together([*held, *more] if AS_THEY_ARE in parts else more))


def _parts(chosen: str) -> list[str]:
    return [each.strip() for each in chosen.split(",") if each.strip()]


def changes_of(options: Mapping[str, str], subscription: Subscription) -> dict[str, str]:
    """Return the options that differ from those of a subscription."""
    before = values_of(subscription)
    return {name: options[name] for name in FIELDS if options[name] != before[name]}


def with_changes(subscription: Subscription, changes: Mapping[str, str]) -> Subscription:
    """Return a subscription with some of its options changed; everything else stays as it is.

    Raises:
        BadQuery: a changed option is wrong.
    """
    before = values_of(subscription)
    changed = {name: said for name, said in changes.items() if name in before}
    if not changed:
        return subscription
    read = form_subscription(before | changed, subscription.channel)
    # "announced" is a time of day, and sets how long a digest waits.
    names = {_PROPERTIES[name] for name in changed} | ({"wait"} if "at" in changed else set())
    return replace(subscription, **{name: getattr(read, name) for name in names})


def errors_of(options: Mapping[str, str], channel: Channel) -> dict[str, str]:
    """Return everything that is wrong with options, each with the label of its field."""
    return labelled(form_errors(options, channel).items())


def labelled(errors: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return errors with the label of their field in front, by option."""
    return {name: f"{LABELS[name]}: {said}" for name, said in errors}


def place_in(payload: object) -> tuple[str, str, str]:
    """Return the id of the subscription (or `-`) and of the channel in a submitted window, and the window's name.

    Raises:
        BadCommand: the window is not ours, or an earlier version opened it: its fields were others.
    """
    kind, *rest = text_at(payload, "data", "custom_id").split(":")
    subscription_id, channel, window = (*rest, "", "", "")[:3]
    if kind != SUBSCRIBE or not subscription_id or not channel or window not in WINDOWS:
        raise unreadable()
    if _EARLIER in fields_of(payload):
        said = gettext("Paperwire was updated while this form was open.")
        raise BadCommand(said, hint=gettext("Open the form again."))
    return subscription_id, channel, window
