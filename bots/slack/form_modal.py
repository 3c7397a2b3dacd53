"""The content of the subscription form, and the form as a modal. Pure functions."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bots import commands
from bots.chat.untrusted import at
from bots.commands import FIELDS
from bots.commands.options import MOST_PAPERS, MOST_SETTLE
from bots.domain.channels import Channel
from bots.domain.subscriptions import Subscription
from bots.presentation.source_text import hints
from bots.slack.blocks import Json, actions, button, divider, plain, said
from bots.slack.controls import Control
from bots.slack.fields import choice, number_input, place_input, several, text_input, time_input
from bots.slack.form_texts import (
    EDIT_TITLE,
    EXAMPLES,
    FEWER_BUTTON,
    HINTS,
    LABELS,
    MORE_BUTTON,
    NEW_TITLE,
    OPTIONS,
    PREVIEW_BUTTON,
    SAVE_BUTTON,
    SUBSCRIBE_BUTTON,
    TOO_LONG_TO_HIDE,
)
from bots.slack.modals import MAX_METADATA, MAX_TITLE, modal, styles
from bots.slack.payloads import metadata_of
from bots.slack.zones import zone_options
from bots.translation.languages import ENGLISH
from bots.translation.speech import gettext, pgettext

#: The callback id in the payload of a submitted modal.
SUBSCRIBE = "subscribe"
#: Fields of the form that are no option of their own: the first time of day, and a zone that the menu does not offer.
TIME, ELSEWHERE = "time", "elsewhere"
PLACE = "channel"
#: The fields that are always shown: where, what and when.
ALWAYS = frozenset({PLACE, "source", "interests", "query", "on", TIME, "zone"})
#: The name in the modal's metadata of what the hidden fields hold.
_HIDDEN = "hidden"
#: Characters of the metadata for what else is there: the ids of the channel, the subscription and the direct messages.
_OTHER_METADATA = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """The content of the form; every value is the text that a person could have typed as the option."""

    channel: Channel
    values: Mapping[str, str]
    #: The values before the form was opened: those of the subscription that it edits, or of a new one.
    before: Mapping[str, str]
    #: The id of the subscription that is edited; empty for a new one.
    subscription: str = ""
    #: Whether the person chooses the channel.
    choose: bool = False
    #: Whether all fields are shown.
    unfolded: bool = False
    #: The person's direct messages, if the form was opened from the home tab.
    direct: str = ""
    #: What is wrong with it, shown above the fields.
    notes: tuple[str, ...] = field(default=())


def values_of(subscription: Subscription) -> dict[str, str]:
    """Return the values of the form's fields for a subscription: its options, with the first time on its own."""
    options = commands.values_of(subscription)
    first, _, more = options["at"].partition(", ")
    return {**options, TIME: first, "at": more, ELSEWHERE: ""}


def form_modal(form: Form) -> Json:
    """Return a form as a modal; a folded one carries what was entered in the fields that it hides.

    If that is more than the metadata of a modal holds, the form stays unfolded.
    """
    hidden = "" if form.unfolded else _hidden(form)
    unfolded = form.unfolded or not _is_held(hidden)
    notes = [*form.notes, *([gettext(TOO_LONG_TO_HIDE)] if unfolded and not form.unfolded else [])]
    rest = [divider(), *_finer(form.values)] if unfolded else []
    return modal(
        pgettext(*(EDIT_TITLE if form.subscription else NEW_TITLE)),
        [*map(said, notes), *_first(form), _buttons(unfolded=unfolded), *rest],
        channel=form.channel,
        about={"order": form.subscription, "home": form.direct, _HIDDEN: "" if unfolded else hidden},
        callback_id=SUBSCRIBE,
        submit=plain(pgettext(*(SAVE_BUTTON if form.subscription else SUBSCRIBE_BUTTON)), MAX_TITLE),
    )


def _buttons(*, unfolded: bool) -> Json:
    label, control = (FEWER_BUTTON, Control.FOLD) if unfolded else (MORE_BUTTON, Control.UNFOLD)
    turn = button(pgettext(*label), control)
    return actions([button(pgettext(*PREVIEW_BUTTON), Control.PREVIEW), turn], "preview")


def _hidden(form: Form) -> str:
    """Return the values of the folded fields that differ from those before, as text for the metadata."""
    changed = {name: form.values[name] for name in form.before if form.values[name] != form.before[name]}
    finer = {name: value for name, value in changed.items() if name not in ALWAYS}
    return json.dumps(finer) if finer else ""


def _is_held(hidden: str) -> bool:
    """Return whether the metadata holds a text of hidden values; it is JSON in JSON, so that each quote is escaped."""
    return len(json.dumps(hidden)) <= MAX_METADATA - _OTHER_METADATA


def hidden_in(view: object) -> dict[str, str]:
    """Return the values that were entered in the fields which a view hides, by field."""
    try:
        held = json.loads(metadata_of(view, _HIDDEN))
    except (ValueError, RecursionError):
        return {}
    names = (name for name in (*FIELDS, ELSEWHERE) if name not in ALWAYS)
    return {name: value for name in names if isinstance(value := at(held, name), str)}


def _first(form: Form) -> Iterator[Json]:
    values = form.values
    if form.choose:
        known = form.channel.channel
        yield place_input(PLACE, LABELS[PLACE], known if known.startswith(("C", "G")) else "")
    sources = HINTS["source"].format(sources=", ".join(hints()))
    yield text_input("source", LABELS["source"], values["source"], optional=False, hint=sources)
    yield _text("interests", values, multiline=True)
    yield _text("query", values)
    yield several("on", LABELS["on"], OPTIONS["on"], values["on"].split(","), hint=HINTS["on"])
    yield time_input(TIME, LABELS[TIME], values[TIME])
    zone = values["zone"]
    yield choice("zone", LABELS["zone"], zone_options(zone), zone)


def _finer(values: Mapping[str, str]) -> Iterator[Json]:
    yield _text("category", values)
    yield number_input("limit", LABELS["limit"], _number(values["limit"], 5), 1, MOST_PAPERS)
    yield _menu("sort", values)
    yield choice("style", LABELS["style"], styles(), values["style"])
    yield _text("at", values)
    yield _text(ELSEWHERE, values)
    yield _menu("entries", values)
    yield _menu("look", values)
    yield _menu("every", values)
    yield number_input("settle", LABELS["settle"], _number(values["settle"], 0), 0, MOST_SETTLE)
    yield _text("wait", values)
    yield _text("quiet", values)
    yield _menu("empty", values)
    yield _menu("language", {**values, "language": values["language"] or ENGLISH.code})


def _text(name: str, values: Mapping[str, str], **more: bool) -> Json:
    shown: Json = {"placeholder": EXAMPLES[name], **more} if name in EXAMPLES else {**more}
    return text_input(name, LABELS[name], values[name], hint=HINTS.get(name, ""), **shown)


def _menu(name: str, values: Mapping[str, str]) -> Json:
    return choice(name, LABELS[name], OPTIONS[name], values[name], hint=HINTS.get(name, ""))


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() else otherwise
