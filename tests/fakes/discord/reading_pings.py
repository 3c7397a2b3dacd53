"""The pings of a message: which mentions `allowed_mentions` permits, and the defaults without it.

docs.discord.com, Message Resource, "Allowed Mentions Object".
"""

import re
from collections.abc import Iterable, Iterator

from tests.fakes.discord.markdown_nodes import Ping
from tests.fakes.discord.wrong import Json

_MENTION = re.compile(r"<@!?(?P<user>\d+)>|<@&(?P<role>\d+)>|@(?P<everyone>everyone|here)")
#: The defaults without `allowed_mentions`: with the bot's own token, and with an interaction's or webhook's token.
BY_BOT, BY_TOKEN = ("users", "roles", "everyone"), ("users",)
_WORDS = {"user": "users", "role": "roles", "everyone": "everyone"}


def mentions(text: str) -> Iterator[Ping]:
    """Yield every mention in a text, also those that its markdown hides."""
    for found in _MENTION.finditer(text):
        kind = str(found.lastgroup)
        yield Ping(kind=kind, target=found[kind], text=f"@{found[kind]}")


def once(pings: Iterable[Ping]) -> list[Ping]:
    """Return the pings without duplicates."""
    return list({(each.kind, each.target): each for each in pings}.values())


def may_ping(message: Json, ping: Ping) -> bool:
    """Return whether a message's mention notifies; a link to a channel never does."""
    if ping.kind == "channel":
        return False
    if "allowed_mentions" not in message and "mention_everyone" in message:
        return _is_named(message, ping)
    allowed = message.get("allowed_mentions")
    if not isinstance(allowed, dict):
        return _WORDS[ping.kind] in (BY_TOKEN if _by_token(message) else BY_BOT)
    word = _WORDS[ping.kind]
    listed = allowed.get(word) if word != "everyone" else ()
    return word in (allowed.get("parse") or ()) or ping.target in map(str, listed or ())


def _by_token(message: Json) -> bool:
    return bool(message.get("webhook_id") or message.get("interaction_metadata"))


def _is_named(message: Json, ping: Ping) -> bool:
    """Return whether the stored message lists the mention."""
    if ping.kind == "everyone":
        return bool(message["mention_everyone"])
    if ping.kind == "role":
        return ping.target in map(str, message.get("mention_roles") or ())
    return ping.target in (str(each.get("id")) for each in message.get("mentions") or ())


def answered(message: Json) -> Iterator[Ping]:
    """Yield the author of the replied-to message, if the reply notifies them."""
    author = (message.get("referenced_message") or {}).get("author") or {}
    if not author:
        return
    ping = Ping(kind="user", target=str(author["id"]), text=f"@{author.get('username', author['id'])}")
    noted = "allowed_mentions" not in message and "mention_everyone" in message
    allowed = message.get("allowed_mentions")
    # Without `allowed_mentions` a reply notifies; with it, only if `replied_user` is set.
    said = bool(allowed.get("replied_user")) if isinstance(allowed, dict) else True
    if may_ping(message, ping) if noted else said:
        yield ping
