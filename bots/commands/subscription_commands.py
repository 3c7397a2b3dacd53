"""Parses the commands about subscriptions: to make, preview, change, pause, resume, end and list them."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bots.commands.arguments import (
    QUOTES,
    Call,
    Typed,
    given_twice,
    one_line,
    raise_all,
    sentence_of,
    short_enough,
    typed_of,
)
from bots.commands.named_sources import sources_in
from bots.commands.options import READERS, Options
from bots.commands.subscription_options import subscription_of
from bots.commands.tokens import split
from bots.commands.topics import takes_no_more, wrong
from bots.domain.errors import RequestError
from bots.domain.requests import (
    Edit,
    ListSubscriptions,
    Pause,
    Preview,
    Request,
    Resume,
    Subscribe,
    Unsubscribe,
)
from bots.domain.subscriptions import Subscription

#: Words around the name of a subscription that do not belong to it.
_AROUND = frozenset(
    "from the this that my our a subscription subscriptions subscribed digest digests number no nr id please it me us "
    "of to for here channel one das die abo".split()
)
_ORDINALS = {
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "one": "1", "two": "2", "three": "3",
    "four": "4", "five": "5", "1st": "1", "2nd": "2", "3rd": "3", "4th": "4", "5th": "5",
}  # fmt: skip
_NUMBER = re.compile(r"[#(]?(?P<number>[0-9]{1,3})[.)]?")
#: An id has ten hexadecimal digits, with a decimal one among them in all but one of eighty.
_ID = re.compile(r"(?=[a-f]*[0-9])[0-9a-f]{6,64}")
_AMOUNTS = frozenset("papers paper articles preprints entries".split())
_UNTIL = frozenset({"until", "till", "til", "bis", "hasta", "for"})


def _subscribe(call: Call) -> Request:
    return Subscribe(channel=call.channel, user=call.user, subscription=_subscription(call))


def _preview(call: Call) -> Request:
    return Preview(channel=call.channel, user=call.user, subscription=_subscription(call))


def _subscription(call: Call) -> Subscription:
    return subscription_of(sentence_of(call).said, call.channel)


def _edit(call: Call) -> Request:
    named, start = _named_first(call)
    typed = sentence_of(_from(call, start))
    return Edit(channel=call.channel, user=call.user, subscription_id=named, options=typed.given)


def _from(call: Call, start: int) -> Call:
    """Return a call whose words begin at a place of the old one's."""
    return Call(
        topic=call.topic, rest=call.rest[start:].lstrip(), channel=call.channel, user=call.user, today=call.today,
        zone=call.zone,
    )  # fmt: skip


def _named_first(call: Call) -> tuple[str, int]:
    """Return the subscription that the first words name, and the place behind them: a number, an id, a quoted name."""
    pieces = tuple(split(call.rest))
    for place, piece in enumerate(pieces):
        after = pieces[place + 1].text.lower().strip(":,") if place + 1 < len(pieces) else ""
        word = piece.text.lower().strip(":,")
        if piece.key:
            break
        if word in _AROUND:
            continue
        if piece.text[0] in QUOTES:
            return piece.text.strip(QUOTES), piece.end
        named = _ORDINALS.get(word, word)
        found = _NUMBER.fullmatch(named)
        if found and after in _AMOUNTS:
            break  # "to 10 papers" says how many, and not which subscription.
        if word in _ORDINALS and after == "one":
            return named, pieces[place + 1].end
        if found or _ID.fullmatch(named):
            return found["number"] if found else named, piece.end
        break
    return "", 0


def _unsubscribe(call: Call) -> Request:
    return Unsubscribe(channel=call.channel, user=call.user, subscription_id=_only_name(call))


def _resume(call: Call) -> Request:
    return Resume(channel=call.channel, user=call.user, subscription_id=_only_name(call))


def _pause(call: Call) -> Request:
    typed = typed_of(call)
    words, faults = [word.text for word in typed.words], list(typed.faults)
    mark = next((place for place, word in enumerate(words) if word.lower() in _UNTIL), len(words))
    until = typed.said.until
    if mark < len(words):
        try:
            until = _until(call, typed, " ".join(words[mark + (words[mark].lower() != "for") :]))
        except RequestError as error:
            faults.append(error)
    raise_all(call, faults)
    named = _name(call, " ".join(words[:mark]))
    return Pause(channel=call.channel, user=call.user, subscription_id=named, until=until)


def _until(call: Call, typed: Typed, text: str) -> date | None:
    if typed.said.until is not None:
        raise wrong(call.topic, *given_twice("until"))
    return READERS["until"](Options(today=call.today), text).until


def _only_name(call: Call) -> str:
    typed = typed_of(call)
    raise_all(call, typed.faults)
    return _name(call, " ".join(word.text for word in typed.words))


def _name(call: Call, text: str) -> str:
    """Return how a person names a subscription: its id, its number or words; empty for the only one."""
    bare = _unquoted(short_enough(call, one_line(text)))
    words = [word for word in bare.split() if word.lower().strip(",.:;!?") not in _AROUND]
    if len(words) == 1:
        word = words[0].strip(QUOTES)
        found = _NUMBER.fullmatch(_ORDINALS.get(word.lower(), word))
        return found["number"] if found else word
    return _unquoted(" ".join(words))


def _unquoted(text: str) -> str:
    named = text.strip(QUOTES).strip()
    while named != (bare := named.strip(QUOTES).strip()):
        named = bare
    return named


def is_named(text: str) -> bool:
    """Return whether words can only name a subscription: a number, an id, a source, or nothing but "the digest"."""
    said = text.lower().split()
    words = [word for word in said if word.strip(",.:;!?") not in _AROUND]
    bare = " ".join(words)
    only = _ORDINALS.get(bare, bare)
    return not bare or bool(_NUMBER.fullmatch(only) or _ID.fullmatch(only) or sources_in(bare) or _UNTIL & set(said))


def _subscriptions(call: Call) -> Request:
    words = [word for word in re.findall(r"\w+", call.rest.lower()) if word not in _ALL]
    if words:
        raise wrong(call.topic, takes_no_more("subscriptions", call.rest))
    return ListSubscriptions(channel=call.channel, user=call.user)


_ALL = frozenset({"all", "here", "please", "list", "show", "in", "this", "channel", "of"})

OF_SUBSCRIPTION: Mapping[str, Callable[[Call], Request]] = {
    "subscribe": _subscribe,
    "preview": _preview,
    "edit": _edit,
    "unsubscribe": _unsubscribe,
    "pause": _pause,
    "resume": _resume,
    "subscriptions": _subscriptions,
}
#: The commands that name one subscription.
OF_ONE: Sequence[str] = ("unsubscribe", "pause", "resume")
