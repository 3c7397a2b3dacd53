"""Parses the commands about what is followed, and about being mentioned."""

import re
from collections.abc import Callable, Mapping

from bots.commands.arguments import QUOTES, Call, one_line, sentence_of
from bots.commands.named_sources import sources_in
from bots.commands.subscription_options import subscription_of
from bots.commands.topics import COMMAND, shown, takes_no_more, wrong
from bots.domain.errors import BadQuery, RequestError
from bots.domain.follows import LONGEST_FOLLOW, FollowKind, MentionStep
from bots.domain.papers import Paper, PaperId
from bots.domain.requests import (
    Follow,
    Following,
    Mentions,
    Request,
    Subscribe,
    Unfollow,
    Unsubscribe,
)
from bots.selection import parse_query
from bots.selection.words import words_of
from bots.translation.speech import gettext, gettext_noop

_AUTHOR, _TOPIC, _QUERY = FollowKind
_WHICH: Mapping[FollowKind, str] = {
    _AUTHOR: gettext_noop("Which author?"),
    _TOPIC: gettext_noop("Which topic?"),
    _QUERY: gettext_noop("Which query?"),
}
#: Words for each kind, as people say them.
_KINDS: Mapping[str, FollowKind] = {
    **dict.fromkeys(("author", "authors", "person", "people", "researcher", "scientist", "autor", "autorin"), _AUTHOR),
    **dict.fromkeys(("topic", "topics", "subject", "subjects", "theme", "thema", "tema", "sujet"), _TOPIC),
    **dict.fromkeys(("query", "queries", "filter", "search", "keyword", "keywords"), _QUERY),
}
_KIND = re.compile(r"(?:the\s+|an?\s+)?(?P<word>[a-z]+)\s*:?(?:\s+(?P<rest>.+))?", re.IGNORECASE | re.DOTALL)
#: "Follow papers by Ada Lovelace", "follow new work on graph learning".
_PAPERS = re.compile(
    r"(?:(?:the|all|any|new|latest|recent|every)\s+)*(?:(?:papers?|articles?|preprints?|works?|publications?)\s+)?"
    r"(?P<word>by|from|of|about|on|regarding)\s+(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
_BY = frozenset({"by", "from", "of"})
#: For whom something is followed: at the end, as people add it.
_EVERYONE = re.compile(
    r"[\s,]+(?:for\s+(?:us|everyone|everybody|all(?:\s+of\s+us)?|this\s+channel|the\s+channel|the\s+team)|here|"
    r"in\s+this\s+channel)[.!]?$",
    re.IGNORECASE,
)
_MYSELF = re.compile(r"[\s,]+(?:for\s+(?:me|myself)|please)[.!]?$", re.IGNORECASE)
#: A paper that says nothing: a filter that it matches asks for nothing.
_NOTHING = Paper(id=PaperId.titled("nothing"), title="", abstract="")
_NUMBER = re.compile(r"[#(]?(?P<number>[1-9][0-9]{0,2})[.)]?")


def _follow(call: Call) -> Request:
    text, everyone = _for_whom(one_line(call.rest))
    if not text:
        return Following(channel=call.channel, user=call.user)
    named = named_follow(text)
    if named is None:
        return _otherwise(call)
    kind, said = named
    _check(call, kind, said)
    return Follow(channel=call.channel, user=call.user, kind=kind, text=said, everyone=everyone)


def _for_whom(text: str) -> tuple[str, bool]:
    """Return what is to be followed, and whether the channel is to follow it."""
    bare = _MYSELF.sub("", f" {text}")
    theirs = _EVERYONE.sub("", bare)
    return theirs.strip(), theirs != bare


def named_follow(text: str) -> tuple[FollowKind, str] | None:
    """Return the kind and the text that words such as "the author Ada Lovelace" name; None if they name no kind."""
    found = _KIND.fullmatch(text)
    if found and found["word"].lower() in _KINDS:
        return _KINDS[found["word"].lower()], _bare(found["rest"] or "", _KINDS[found["word"].lower()])
    said = _PAPERS.fullmatch(text)
    if said is None or sources_in(said["rest"]):
        return None
    kind = _AUTHOR if said["word"].lower() in _BY else _TOPIC
    return kind, _bare(said["rest"], kind)


def _bare(text: str, kind: FollowKind) -> str:
    # In a filter quotes mean a phrase.
    return text.strip() if kind is _QUERY else text.strip(QUOTES)


def _check(call: Call, kind: FollowKind, text: str) -> None:
    """Return if something can be followed.

    Raises:
        BadCommand: there is nothing, or it is too long.
        BadQuery: the filter cannot be read, or excludes without asking for anything.
    """
    if not words_of(text):
        raise wrong(call.topic, gettext(_WHICH[kind]))
    if len(text) > LONGEST_FOLLOW:
        raise wrong(
            call.topic,
            gettext(
                "That is {given} characters long; {most} is the most.", given=f"{len(text):,}", most=LONGEST_FOLLOW
            ),
        )
    if kind is _QUERY and parse_query(text).matches(_NOTHING):
        raise wrong(
            call.topic,
            gettext("“{text}” only excludes papers.", text=shown(text)),
            gettext("Name what they should contain, too."),
        )


def _otherwise(call: Call) -> Request:
    """Return the subscription that "follow arxiv cs.CL" means.

    Raises:
        RequestError: the words name no source and no time; the error asks what is meant.
    """
    try:
        typed = sentence_of(call)
    except RequestError:
        raise _which(call) from None
    if not {"source", "at", "on", "every"} & {name for name, _ in typed.given}:
        raise _which(call)
    return Subscribe(channel=call.channel, user=call.user, subscription=subscription_of(typed.said, call.channel))


def _which(call: Call) -> RequestError:
    text = shown(_for_whom(one_line(call.rest))[0])
    forms = {kind: f"{COMMAND} {call.topic.name} {kind} {text}" for kind in ("author", "topic", "query")}
    return BadQuery(
        gettext("“{text}” may be an author, a topic or a query.", text=text),
        hint=gettext("Write {author}, {topic}, or {query}.", **forms),
    )


def _unfollow(call: Call) -> Request:
    text, everyone = _for_whom(one_line(call.rest))
    if not text:
        return Following(channel=call.channel, user=call.user)
    if found := _NUMBER.fullmatch(text):
        return Unfollow(channel=call.channel, user=call.user, text=found["number"], everyone=everyone)
    named = named_follow(text)
    if named is None:
        if sources_in(text):
            return Unsubscribe(channel=call.channel, user=call.user, subscription_id=text)
        return Unfollow(channel=call.channel, user=call.user, text=text.strip(QUOTES), everyone=everyone)
    kind, said = named
    if not words_of(said):
        raise wrong(call.topic, gettext(_WHICH[kind]))
    return Unfollow(channel=call.channel, user=call.user, kind=kind, text=said, everyone=everyone)


def _following(call: Call) -> Request:
    if call.rest:
        raise wrong(call.topic, takes_no_more("following", call.rest))
    return Following(channel=call.channel, user=call.user)


_MENTIONS: Mapping[str, MentionStep] = {
    **dict.fromkeys(("", "show", "status"), MentionStep.SHOW),
    **dict.fromkeys(("on", "yes", "me", "mention me", "on for me"), MentionStep.ON),
    **dict.fromkeys(("off", "no", "none", "stop", "never", "opt out", "off for me"), MentionStep.OFF),
    **dict.fromkeys(("allow", "channel on", "on here", "on for everyone", "on for this channel"), MentionStep.ALLOW),
    **dict.fromkeys(
        ("forbid", "channel off", "off here", "off for everyone", "off for this channel"), MentionStep.FORBID
    ),
}


def _mentions(call: Call) -> Request:
    said = one_line(call.rest).strip(QUOTES).rstrip(".!").lower()
    if said not in _MENTIONS:
        raise wrong(
            call.topic,
            gettext("“{text}” is not something to do with mentions.", text=shown(call.rest)),
            gettext("Write on or off for yourself; allow or forbid for the whole channel."),
        )
    return Mentions(channel=call.channel, user=call.user, step=_MENTIONS[said])


OF_PERSON: Mapping[str, Callable[[Call], Request]] = {
    "follow": _follow,
    "unfollow": _unfollow,
    "following": _following,
    "mentions": _mentions,
}
