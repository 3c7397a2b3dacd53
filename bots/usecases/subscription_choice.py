"""Which subscription of a channel a person means: by its id, its number in the list, or words. Pure functions."""

import re
import unicodedata
from collections.abc import Sequence

from bots.chat.phrases import cut
from bots.commands.topics import COMMAND
from bots.domain.errors import BadQuery, NotAllowed
from bots.domain.subscriptions import Subscription
from bots.presentation.source_text import source_text
from bots.presentation.subscription_text import what_text, when_text
from bots.translation.formats import sentences
from bots.translation.speech import gettext, ngettext

#: Every subscription that a channel may have, in a few words: what it brings and when.
_MOST_WHAT, _MOST_WHEN = 60, 60
#: No channel has as many subscriptions as a longer number.
_MOST_DIGITS = 4
#: "1 and 2" names two subscriptions by their numbers, and none by the hour or the amount in its words.
_NUMBERS = re.compile(r"#?[0-9]+(?:\s*(?:[\s,;&+–-]|\band\b)\s*#?[0-9]+)+", re.IGNORECASE)
_ALL = frozenset({"all", "everything", "alle", "both", "every"})


def chosen(held: Sequence[Subscription], name: str, verb: str) -> Subscription:
    """Return the subscription that a person names.

    Args:
        held: the subscriptions of the channel, in the order of its list.
        name: an id, a number from 1, or words of what it brings; empty for the only one.
        verb: the command, for the hint.

    Raises:
        NotAllowed: the channel has none, or none of that name.
        BadQuery: it has several that may be meant; the message lists them by number.
    """
    if not held:
        hint = gettext("{command} makes one.", command=f"{COMMAND} subscribe")
        raise NotAllowed(gettext("This channel has no subscriptions."), hint=hint)
    by_id = next((each for each in held if each.id == name), None)
    if by_id is not None:
        return by_id
    name = unicodedata.normalize("NFKC", name).strip()
    if name.isdecimal():
        return _numbered(held, int(name) if len(name) <= _MOST_DIGITS else 0, name, verb)
    if not name or name.lower() in _ALL:
        return held[0] if len(held) == 1 else _which(held, "", verb)
    found = [each for each in held if _fits(each, name)] if not _NUMBERS.fullmatch(name) else []
    if len(found) == 1:
        return found[0]
    return _which(held, name, verb)


def _numbered(held: Sequence[Subscription], number: int, name: str, verb: str) -> Subscription:
    return held[number - 1] if 1 <= number <= len(held) else _which(held, name, verb)


def _which(held: Sequence[Subscription], name: str, verb: str) -> Subscription:
    """Raise the error that lists the subscriptions of a channel and says how to name one.

    Raises:
        NotAllowed: a name was given, and no subscription or more than one has it.
        BadQuery: no name was given.
    """
    listed = [f"{number}. {cut(_in_short(each), _MOST_WHAT + _MOST_WHEN)}" for number, each in enumerate(held, 1)]
    has = ngettext(
        "This channel has {number} subscription: {list}.",
        "This channel has {number} subscriptions: {list}.",
        len(held),
        list="; ".join(listed),
    )
    example = f"{verb} {len(held)}" if verb != "edit" else f"edit {len(held)} at 10:00"
    hint = gettext("Say which by its number: {command}", command=f"{COMMAND} {example}")
    if not name:
        raise BadQuery(has, hint=hint)
    shown = cut(name, _MOST_WHAT)
    several = sum(_fits(each, name) for each in held) > 1
    none = gettext("“{text}” names no subscription here.", text=shown)
    said = gettext("“{text}” names several subscriptions here.", text=shown) if several else none
    if len(held) == 1:
        hint = gettext("For this one, {command} alone is enough.", command=f"{COMMAND} {verb}")
    raise NotAllowed(sentences(said, has), hint=hint)


def _in_short(subscription: Subscription) -> str:
    sources = ", ".join(map(source_text, subscription.sources))
    about = f" ({cut(subscription.query, _MOST_WHAT // 2)})" if subscription.query else ""
    return f"{cut(f'{sources}{about}', _MOST_WHAT)}, {cut(when_text(subscription), _MOST_WHEN)}"


def _fits(subscription: Subscription, name: str) -> bool:
    """Return whether all words of a name are in what a subscription brings and when."""
    words = set(_words(f"{what_text(subscription)} {' '.join(subscription.sources)} {when_text(subscription)}"))
    asked = [word for word in _words(name) if word not in ("and", "at", "on", "about")]
    return bool(asked) and all(word in words or f"{word}s" in words for word in asked)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text.casefold())
    return re.findall(r"[^\W_]+(?:[.-][^\W_]+)*", plain)
