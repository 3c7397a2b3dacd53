"""Other words for the commands, all of them in one place.

`ALIASES` are other spellings of a command's name. `WHOLE` are texts that mean a command if nothing else is said: so
"Status of the Higgs search" stays the title of a paper. `FIRST` are words that mean a command if the rest of the text
fits it: "add arxiv cs.CL" does, "Add a paper about transformers" does not.
"""

import re
from collections.abc import Mapping

ALIASES: Mapping[str, str] = {"summarise": "summarize", "find": "search", "bibtex": "cite", "?": "help"}

WHOLE: Mapping[str, str] = {
    **dict.fromkeys(
        ("list", "list all", "list subscriptions", "list all subscriptions", "list my subscriptions", "subscription",
         "show subscriptions", "show all subscriptions", "show my subscriptions", "my subscriptions",
         "our subscriptions", "all subscriptions", "subs", "status", "state", "show status", "settings", "setting",
         "show settings", "change settings", "config", "configuration", "configure", "preferences", "options",
         "schedule", "schedules", "next", "next digest", "when is the next digest", "when is the next digest due",
         "what is subscribed here", "what is subscribed", "what are we subscribed to", "what am i subscribed to",
         "what do we get here", "whats subscribed here", "whats on", "held", "paused"),
        "subscriptions",
    ),
    **dict.fromkeys(
        ("today", "todays papers", "todays digest", "digest of today", "papers of today", "papers from today",
         "papers today", "new papers today", "whats new today", "what is new today"),
        "digest today",
    ),
    **dict.fromkeys(("yesterday", "yesterdays papers", "yesterdays digest", "digest of yesterday"), "digest yesterday"),
    **dict.fromkeys(
        ("new", "news", "whats new", "what is new", "anything new", "new papers", "latest", "latest papers",
         "the latest papers", "show me new papers", "show new papers", "what do you have", "what do you have for me",
         "what do you have for us", "what have you got"),
        "digest",
    ),
    **dict.fromkeys(
        ("stop", "stop it", "stop this", "stop that", "stop posting", "stop the digest", "stop the digests", "mute",
         "be quiet", "silence", "shut up", "hold", "take a break", "stop everything", "stop all", "pause everything",
         "pause all", "mute all"),
        "pause",
    ),
    **dict.fromkeys(
        ("start", "start again", "continue", "go on", "unpause", "unmute", "restart", "unstop"), "resume"
    ),
    **dict.fromkeys(("cancel", "delete", "remove", "quit", "end", "unsub", "opt out",
                     "delete all subscriptions", "remove all subscriptions", "end all subscriptions",
                     "cancel all subscriptions", "unsubscribe from everything", "cancel everything"), "unsubscribe"),
    **dict.fromkeys(("sub", "new subscription", "subscribe me", "subscribe us", "add"), "subscribe"),
    **dict.fromkeys(("change", "modify", "edit subscription", "edit the subscription", "reschedule"), "edit"),
    **dict.fromkeys(
        ("who do i follow", "what do i follow", "whom do i follow", "my follows", "follows", "list follows",
         "show follows", "followed", "what do we follow", "who do we follow"),
        "following",
    ),
    **dict.fromkeys(
        ("mention me", "you may mention me", "ping me", "opt in to mentions", "mentions please"), "mentions on"
    ),
    **dict.fromkeys(
        ("dont mention me", "do not mention me", "stop mentioning me", "dont ping me", "do not ping me",
         "stop pinging me", "no mentions", "opt out of mentions"),
        "mentions off",
    ),
    **dict.fromkeys(("commands", "list commands", "show commands", "all commands", "usage", "man", "manual"), "help"),
    **dict.fromkeys(("bookmarks", "my papers", "my list", "saved papers", "my saved papers", "show saved"), "saved"),
    **dict.fromkeys(("hidden papers", "show hidden", "list hidden", "show hidden papers", "blocked"), "hidden"),
}  # fmt: skip

FIRST: Mapping[str, str] = {
    **dict.fromkeys(("abonniere", "abonnieren", "suscribir", "suscribirme", "abonner", "add"), "subscribe"),
    **dict.fromkeys(("stop", "mute", "hold", "suspend"), "pause"),
    **dict.fromkeys(("unpause", "unmute", "continue", "restart", "start"), "resume"),
    **dict.fromkeys(("cancel", "delete", "remove", "end"), "unsubscribe"),
    **dict.fromkeys(("change", "modify", "set", "make", "move", "reschedule", "update"), "edit"),
    "show": "digest", "get": "digest", "give": "digest",
}  # fmt: skip

#: "Show me the status" asks for what "status" does.
_SHOW = re.compile(r"^(?:show|give|tell|list|get)\b(?: me| us)?(?: the| my| our| all)*\s*")
#: Polite words before a command. Atomic and possessive: "can you please" is read in one way only, so that a text of
#: many polite words is read once.
_POLITE = re.compile(
    r"(?>(?:hi|hello|hey|hallo|ok|okay|please|pls|kindly|bitte|now|and|so|paperwire|bot|there)\b[\s,!.]*"
    r"|(?:can|could|would|will) you(?: please)?\s+|(?:i|we)(?:['’]d| would) (?:like|love)(?: you)? to\s+"
    r"|(?:i|we) (?:want|need)(?: you)? to\s+|let['’]?s\s+|let us\s+|help me(?: to)?\s+)++",
    re.IGNORECASE,
)
_POLITE_END = re.compile(r"\b(?:please|pls|thanks|thank you|bitte|now)$", re.IGNORECASE)
#: Characters of the longest of those words, and the one before it.
_POLITE_TAIL = 10
#: Characters of a text that may mean a command as a whole: the longest of `WHOLE`, with many polite words around it.
_LONGEST_WHOLE = 200


def whole(text: str) -> str:
    """Return the command that a whole text means; empty if it means none."""
    if len(text) > _LONGEST_WHOLE:
        return ""
    bare = re.sub(r"['’`]", "", impolite(without_thanks(text))).strip(" /.,:;!?").lower()
    text = " ".join(bare.split())
    return WHOLE.get(text) or WHOLE.get(_SHOW.sub("", text), "")


def impolite(text: str) -> str:
    """Return a text without the polite words before what it asks for; the text itself if nothing is left."""
    return _POLITE.sub("", text, count=1) if _POLITE.match(text) and _POLITE.fullmatch(text) is None else text


def without_thanks(text: str) -> str:
    """Return a text without the polite words and the signs at its end."""
    bare = _without_signs(text, "!.?")
    found = _POLITE_END.search(bare[-_POLITE_TAIL:])
    return _without_signs(bare[: -len(found[0])], ",") if found else bare


def _without_signs(text: str, signs: str) -> str:
    end = len(text)
    while end and (text[end - 1].isspace() or text[end - 1] in signs):
        end -= 1
    return text[:end]
