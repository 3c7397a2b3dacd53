"""The commands as registered with Discord, in every language that has a table. Pure functions."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bots.commands.options import MOST_PAPERS
from bots.discord.channel_kinds import TARGETS
from bots.discord.help import TOPICS
from bots.domain.follows import FollowKind, MentionStep
from bots.domain.requests import TasteStep
from bots.domain.subscriptions import SortBy
from bots.presentation.source_text import hints
from bots.translation.languages import load_languages
from bots.translation.speech import pgettext, pgettext_noop, speaking
from summarizer import Style

Json = dict[str, Any]
#: Discord's codes of a language whose own code Discord does not use (docs.discord.com, Reference, Locales).
_LOCALES: Mapping[str, tuple[str, ...]] = {"es": ("es-ES", "es-419"), "zh_Hans": ("zh-CN",)}
#: Contexts of translations: the name of a command or option, by its place, and its description.
_NAME, _DESCRIPTION = "command name", "command"
#: Characters in one text option of a command; the grammar's own limits are higher.
_MOST_WORDS = 300
#: Characters of a description (docs.discord.com, Application Command Structure).
_MOST_SAID = 100
#: Here stand specs of the sources that are installed.
_SOURCES = "{sources}"
#: Types of options (docs.discord.com, Application Command Option Type).
_SUBCOMMAND, _TEXT, _NUMBER, _CHANNEL, _FILE = 1, 3, 4, 7, 11
#: Contexts: servers, direct messages to the bot, and direct messages between people.
_EVERYWHERE = (0, 1, 2)
_SERVER_AND_PERSON = (0, 1)
#: Labels of styles and sort orders in a menu.
STYLES = {Style.ONE_LINE: "One line", Style.SHORT: "Short", Style.STRUCTURED: "Structured"}
SORTS = {SortBy.TRENDING: "Trending first", SortBy.NEWEST: "Newest first"}
#: What a person does with what a channel's ranking has learned.
LESSONS = {
    TasteStep.SHOW: "Show what it has learned",
    TasteStep.LIKE: "Learn from these papers",
    TasteStep.EXPORT: "Give the liked papers as BibTeX",
    TasteStep.RESET: "Forget everything",
}
SUMMARIZE_MENU = "Summarize"
#: What can be followed, whose digests that changes, and what can be done about mentions.
KINDS = {FollowKind.AUTHOR: "Author", FollowKind.TOPIC: "Topic", FollowKind.QUERY: "Query"}
CHANNEL_FOLLOWS = "channel"
WHOM = {"me": "Mine", CHANNEL_FOLLOWS: "This channel's"}
STEPS = {
    MentionStep.ON: "Mention me here",
    MentionStep.OFF: "Do not mention me",
    MentionStep.ALLOW: "Allow mentions in this channel",
    MentionStep.FORBID: "Forbid mentions in this channel",
}

#: The places of commands, options and choices, under which the tables of translations have their names.
PLACES = (
    pgettext_noop("command name", "paper"),
    pgettext_noop("command name", "paper.lookup"),
    pgettext_noop("command name", "paper.lookup.paper"),
    pgettext_noop("command name", "paper.search"),
    pgettext_noop("command name", "paper.search.words"),
    pgettext_noop("command name", "paper.search.limit"),
    pgettext_noop("command name", "paper.digest"),
    pgettext_noop("command name", "paper.digest.source"),
    pgettext_noop("command name", "paper.digest.query"),
    pgettext_noop("command name", "paper.digest.interests"),
    pgettext_noop("command name", "paper.digest.limit"),
    pgettext_noop("command name", "paper.digest.style"),
    pgettext_noop("command name", "paper.digest.sort"),
    pgettext_noop("command name", "paper.digest.day"),
    pgettext_noop("command name", "paper.subscribe"),
    pgettext_noop("command name", "paper.subscribe.channel"),
    pgettext_noop("command name", "paper.subscriptions"),
    pgettext_noop("command name", "paper.subscriptions.channel"),
    pgettext_noop("command name", "paper.saved"),
    pgettext_noop("command name", "paper.saved.words"),
    pgettext_noop("command name", "paper.hidden"),
    pgettext_noop("command name", "paper.follow"),
    pgettext_noop("command name", "paper.follow.kind"),
    pgettext_noop("command name", "paper.follow.text"),
    pgettext_noop("command name", "paper.follow.whom"),
    pgettext_noop("command name", "paper.unfollow"),
    pgettext_noop("command name", "paper.unfollow.text"),
    pgettext_noop("command name", "paper.unfollow.kind"),
    pgettext_noop("command name", "paper.unfollow.whom"),
    pgettext_noop("command name", "paper.following"),
    pgettext_noop("command name", "paper.mentions"),
    pgettext_noop("command name", "paper.mentions.step"),
    pgettext_noop("command name", "paper.interests"),
    pgettext_noop("command name", "paper.interests.action"),
    pgettext_noop("command name", "paper.interests.papers"),
    pgettext_noop("command name", "paper.help"),
    pgettext_noop("command name", "paper.help.topic"),
    pgettext_noop("command name", "summarize"),
    pgettext_noop("command name", "summarize.file"),
    pgettext_noop("command name", "summarize.style"),
    pgettext_noop("command name", "menu"),
    pgettext_noop("command name", "choice.style.one-line"),
    pgettext_noop("command name", "choice.style.short"),
    pgettext_noop("command name", "choice.style.structured"),
    pgettext_noop("command name", "choice.sort.trending"),
    pgettext_noop("command name", "choice.sort.newest"),
    pgettext_noop("command name", "choice.kind.author"),
    pgettext_noop("command name", "choice.kind.topic"),
    pgettext_noop("command name", "choice.kind.query"),
    pgettext_noop("command name", "choice.whom.me"),
    pgettext_noop("command name", "choice.whom.channel"),
    pgettext_noop("command name", "choice.step.on"),
    pgettext_noop("command name", "choice.step.off"),
    pgettext_noop("command name", "choice.step.allow"),
    pgettext_noop("command name", "choice.step.forbid"),
    pgettext_noop("command name", "choice.action.show"),
    pgettext_noop("command name", "choice.action.like"),
    pgettext_noop("command name", "choice.action.export"),
    pgettext_noop("command name", "choice.action.reset"),
)
#: Their descriptions in English.
_NAMES: Mapping[str, tuple[str, str]] = {
    "paper": pgettext_noop("command", "Look up papers, and subscribe this channel to digests"),
    "paper.lookup": pgettext_noop("command", "Show one paper"),
    "paper.lookup.paper": pgettext_noop("command", "An id, an address, a DOI, or words of the title"),
    "paper.search": pgettext_noop("command", "List papers that match some words"),
    "paper.search.words": pgettext_noop("command", "Words of the title or the abstract"),
    "paper.search.limit": pgettext_noop("command", "Maximum number of papers"),
    "paper.digest": pgettext_noop("command", "Make a digest now, for you alone"),
    "paper.digest.source": pgettext_noop("command", "{sources}; several with commas between them"),
    "paper.digest.query": pgettext_noop(
        "command", 'Only papers that match: words, "phrases", AND OR NOT, ti: au: cat: upvotes:>20'
    ),
    "paper.digest.interests": pgettext_noop("command", "Your interests, in plain words"),
    "paper.digest.limit": pgettext_noop("command", "Maximum number of papers"),
    "paper.digest.style": pgettext_noop("command", "Length of the blurbs"),
    "paper.digest.sort": pgettext_noop("command", "The order of the papers"),
    "paper.digest.day": pgettext_noop("command", "today, yesterday, or a day such as 2026-11-24"),
    "paper.subscribe": pgettext_noop("command", "Subscribe a channel to a digest, step by step"),
    "paper.subscribe.channel": pgettext_noop("command", "The channel, thread or forum to post in; default: this one"),
    "paper.subscriptions": pgettext_noop("command", "List this channel's subscriptions: edit, pause, end"),
    "paper.subscriptions.channel": pgettext_noop(
        "command", "The channel, thread or forum they post in; default: this one"
    ),
    "paper.saved": pgettext_noop("command", "List the papers you saved"),
    "paper.saved.words": pgettext_noop("command", "Only papers that contain these words"),
    "paper.hidden": pgettext_noop("command", "List the papers that are hidden from this channel's digests"),
    "paper.follow": pgettext_noop("command", "Follow a person, a subject or a filter: their papers come first"),
    "paper.follow.kind": pgettext_noop("command", "What to follow"),
    "paper.follow.text": pgettext_noop("command", "A name, a subject in plain words, or a filter"),
    "paper.follow.whom": pgettext_noop("command", "Whose digests it changes; default: yours, in direct messages"),
    "paper.unfollow": pgettext_noop("command", "End following something"),
    "paper.unfollow.text": pgettext_noop("command", "Its words, or its number in the list of /paper following"),
    "paper.unfollow.kind": pgettext_noop("command", "What it is"),
    "paper.unfollow.whom": pgettext_noop("command", "Whose digests it changes; default: yours, in direct messages"),
    "paper.following": pgettext_noop("command", "List what you follow, and what this channel follows"),
    "paper.mentions": pgettext_noop("command", "Whether digests here may mention you under papers that fit"),
    "paper.mentions.step": pgettext_noop("command", "For yourself, or for the whole channel; default: show"),
    "paper.interests": pgettext_noop("command", "Show what this channel's ranking has learned, or teach it"),
    "paper.interests.action": pgettext_noop("command", "What to do; default: show what it has learned"),
    "paper.interests.papers": pgettext_noop("command", "Papers to learn from: ids or addresses, up to ten"),
    "paper.help": pgettext_noop("command", "List the commands and how to write them"),
    "paper.help.topic": pgettext_noop("command", "One command"),
    "summarize": pgettext_noop("command", "Condense an abstract that you paste, or a text file"),
    "summarize.file": pgettext_noop("command", "A text file with the abstract"),
    "summarize.style": pgettext_noop("command", "Length of the blurb"),
}


def commands() -> list[Json]:
    """Return all commands in the form of a bulk overwrite."""
    return [_paper(), _summarize(), _menu()]


def _paper() -> Json:
    inner = [
        _subcommand("lookup", [_text("lookup.paper", required=True, suggests=True)]),
        _subcommand("search", [_text("search.words", required=True), _count("search.limit")]),
        _subcommand("digest", _digest()),
        _subcommand("subscribe", [_target("paper.subscribe.channel")]),
        _subcommand("subscriptions", [_target("paper.subscriptions.channel")]),
        _subcommand("saved", [_text("saved.words")]),
        _subcommand("hidden"),
        _subcommand(
            "follow",
            [
                _text("follow.kind", required=True, choices=KINDS),
                _text("follow.text", required=True),
                _text("follow.whom", choices=WHOM),
            ],
        ),
        _subcommand(
            "unfollow",
            [
                _text("unfollow.text", required=True),
                _text("unfollow.kind", choices=KINDS),
                _text("unfollow.whom", choices=WHOM),
            ],
        ),
        _subcommand("following"),
        _subcommand("mentions", [_text("mentions.step", choices=STEPS)]),
        _subcommand("interests", [_text("interests.action", choices=LESSONS), _text("interests.papers")]),
        _subcommand("help", [_text("help.topic", choices={topic.name: topic.name for topic in TOPICS})]),
    ]
    return {**_command("paper"), "options": inner}


def _digest() -> list[Json]:
    return [
        _text("digest.source", suggests=True),
        _text("digest.query"),
        _text("digest.interests"),
        _count("digest.limit"),
        _text("digest.style", choices=STYLES),
        _text("digest.sort", choices=SORTS),
        _text("digest.day"),
    ]


def _summarize() -> Json:
    style = _option("summarize.style", _TEXT, choices=_choices("style", STYLES))
    return {**_command("summarize"), "options": [_option("summarize.file", _FILE), style]}


def _menu() -> Json:
    made = {**_command("menu"), "type": 3}
    # A message menu may have capitals in its name, and has no description.
    return {name: value for name, value in made.items() if not name.startswith("description")}


def _command(place: str) -> Json:
    return {
        "type": 1,
        **_said(place, place if place != "menu" else SUMMARIZE_MENU),
        "contexts": list(_EVERYWHERE),
        "integration_types": list(_SERVER_AND_PERSON),
    }


def _subcommand(name: str, options: Sequence[Json] = ()) -> Json:
    return {"type": _SUBCOMMAND, **_said(f"paper.{name}", name), **({"options": list(options)} if options else {})}


def _option(place: str, kind: int, **more: Any) -> Json:
    return {"type": kind, **_said(place, place.rpartition(".")[2]), **more}


def _target(place: str) -> Json:
    return _option(place, _CHANNEL, channel_types=list(map(int, TARGETS)))


def _text(
    place: str, *, required: bool = False, suggests: bool = False, choices: Mapping[Any, str] | None = None
) -> Json:
    more: Json = {"required": True} if required else {}
    if choices:
        more["choices"] = _choices(place.rpartition(".")[2], choices)
    else:
        more["max_length"] = _MOST_WORDS
    return _option(f"paper.{place}", _TEXT, **more, **({"autocomplete": True} if suggests else {}))


def _count(place: str) -> Json:
    return _option(f"paper.{place}", _NUMBER, min_value=1, max_value=MOST_PAPERS)


def _choices(kind: str, options: Mapping[Any, str]) -> list[Json]:
    return [
        {"name": said, "value": str(value), **_localized("name", _NAME, f"choice.{kind}.{value}")}
        for value, said in options.items()
    ]


def _said(place: str, name: str) -> Json:
    """Return the name and the description of a command or option, in every language."""
    described = _NAMES.get(place, (_DESCRIPTION, ""))
    said = {"name": name, "description": _filled(described[1])}
    return {**said, **_localized("name", _NAME, place), **_localized("description", *described)}


def _localized(what: str, context: str, text: str) -> Json:
    """Return the translations of a text in every language that has one, under Discord's codes."""
    found: dict[str, str] = {}
    for language in load_languages():
        with speaking(load_languages().of(language.code, "discord")):
            said = pgettext(context, text)
        if said and said != text:
            found |= dict.fromkeys(_LOCALES.get(language.code, (language.code,)), _filled(said))
    return {f"{what}_localizations": found} if found else {}


def _filled(said: str) -> str:
    """Return what is said with as many specs in place of `{sources}` as Discord has room for."""
    if _SOURCES not in said:
        return said
    specs = list(hints())
    while len(filled := said.replace(_SOURCES, ", ".join(specs))) > _MOST_SAID and specs:
        del specs[-1]
    return filled


#: Fields of a command that we declare; Discord adds ids, versions and default values.
_OURS = (
    "type", "name", "description", "name_localizations", "description_localizations", "options", "required", "choices",
    "channel_types", "min_value", "max_value", "min_length", "max_length", "autocomplete", "value", "contexts",
    "integration_types", "default_member_permissions", "nsfw",
)  # fmt: skip
#: Fields whose order has no meaning for Discord.
_SETS = ("contexts", "integration_types", "channel_types")


def fingerprint(listed: Iterable[Mapping[str, Any]]) -> str:
    """Return a hash of commands that is equal for those we declare and those Discord returns for them."""
    told = sorted((_bare(command) for command in listed), key=lambda each: (each.get("type", 1), each["name"]))
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _bare(given: Mapping[str, Any]) -> Json:
    made: Json = {}
    for name in _OURS:
        value = given.get(name)
        if name in ("options", "choices"):
            value = [_bare(each) for each in value or ()]
        elif name in _SETS and value:
            value = sorted(value)
        if value not in (None, "", False, [], {}):
            made[name] = value
    return made
