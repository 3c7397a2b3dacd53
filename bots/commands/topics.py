"""Lists the commands with their form and purpose, and builds what errors about them share.

A chat shows what a command does and an example to copy; its form is for the terminal. The whole grammar is in
docs/reference/commands.md.
"""

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from bots.chat.graphemes import border
from bots.commands.synonyms import ALIASES
from bots.domain.errors import BadCommand, BadQuery
from bots.domain.replies import Topic
from bots.translation.formats import sentences
from bots.translation.speech import gettext, gettext_noop

_CHOICE = (
    '[source=…] [query="…"] [interests="…"] [category=…] [sort=trending|newest] [limit=5] '
    "[style=one-line|short|structured]"
)

TOPICS: tuple[Topic, ...] = (
    Topic(
        name="lookup",
        form="lookup <id, address, DOI or words of a title>",
        says=gettext_noop(
            "Shows one paper with its blurb. You can also send its id, address or DOI alone, or in a sentence."
        ),
        example="lookup 2004.15011",
    ),
    Topic(
        name="search",
        form="search <words> [limit=5]",
        says=gettext_noop(
            "Finds papers by their words. OR and NOT between words are obeyed; a minus before a word leaves it out."
        ),
        example='search "KV cache" pruning',
    ),
    Topic(
        name="summarize",
        form='summarize [style=one-line|short|structured] [title="…"] <abstract>',
        says=gettext_noop("Condenses an abstract that you paste, in one line, in short or in parts."),
        example="summarize We introduce TLDR generation, a new form of extreme summarization, for "
        "scientific papers. TLDR generation involves high source compression.",
    ),
    Topic(
        name="digest",
        form=f"digest {_CHOICE} [day=YYYY-MM-DD]",
        says=gettext_noop("Shows a digest now, of today's papers or of another day's, without subscribing."),
        example="digest about agents, 3 papers",
    ),
    Topic(
        name="subscribe",
        form=f"subscribe {_CHOICE} [at=09:00,17:30|announced] [on=weekdays|daily|mon,thu|mon-fri] "
        "[zone=Europe/Berlin] [every=week|month] [settle=3] [wait=11:00] [quiet=22:00-07:00] "
        "[empty=say|trouble|silent] [entries=inline|thread] [look=auto|compact|cards] [language=English]",
        says=gettext_noop(
            "Posts a digest here at set times: of which papers, on which days and how they look is up to you. It can "
            "be a round-up of the week or the month, wait for late lists, keep quiet at night, and say nothing on days "
            "without papers. Interests name your subjects in plain words: the papers nearest to them come first."
        ),
        example="subscribe to arXiv cs.CL about language models, weekdays at 9:00",
    ),
    Topic(
        name="preview",
        form="preview <the options of subscribe>",
        says=gettext_noop("Shows the digest that such a subscription would post now, without subscribing."),
        example="preview arXiv cs.CL about language models",
    ),
    Topic(
        name="edit",
        form="edit [number or id] <the options of subscribe to change>",
        says=gettext_noop(
            "Changes a subscription of this channel. Its number is the one in the list; without a number, if there is "
            "only one."
        ),
        example="edit 2 at 10:00 on weekdays",
    ),
    Topic(
        name="unsubscribe",
        form="unsubscribe [number or id]",
        says=gettext_noop(
            "Ends a subscription of this channel. Its number is the one in the list; without a number, if there is "
            "only one."
        ),
        example="unsubscribe 2",
    ),
    Topic(
        name="pause",
        form="pause [number or id] [until=YYYY-MM-DD]",
        says=gettext_noop("Pauses a subscription of this channel, until a day or until someone resumes it."),
        example="pause 2 until 2026-12-01",
    ),
    Topic(
        name="resume",
        form="resume [number or id]",
        says=gettext_noop("Resumes a paused subscription; digests that were due in the meantime are not posted."),
        example="resume 2",
    ),
    Topic(
        name="subscriptions",
        form="subscriptions",
        says=gettext_noop("Lists this channel's subscriptions and when each is next due."),
        example="subscriptions",
    ),
    Topic(
        name="abstract",
        form="abstract <id, address or DOI>",
        says=gettext_noop("Shows the whole abstract of a paper."),
        example="abstract 2004.15011",
    ),
    Topic(
        name="save",
        form="save <id, address or DOI>",
        says=gettext_noop("Adds a paper to your saved papers."),
        example="save 2004.15011",
    ),
    Topic(
        name="unsave",
        form="unsave <id, address or DOI>",
        says=gettext_noop("Removes a paper from your saved papers."),
        example="unsave 2004.15011",
    ),
    Topic(
        name="saved",
        form="saved [words]",
        says=gettext_noop(
            "Lists the papers you saved, the latest first; with words, only those that contain all of them."
        ),
        example="saved kv cache",
    ),
    Topic(
        name="like",
        form="like <id, address or DOI> [limit=5]",
        says=gettext_noop("Lists papers that are similar to this one."),
        example="like 2004.15011",
    ),
    Topic(
        name="hide",
        form="hide <id, address or DOI>",
        says=gettext_noop(
            "Marks a paper as not relevant for this channel: no later digest here shows it, until someone undoes it."
        ),
        example="hide 2004.15011",
    ),
    Topic(
        name="unhide",
        form="unhide <id, address or DOI>",
        says=gettext_noop("Undoes hide: later digests of this channel may show the paper again."),
        example="unhide 2004.15011",
    ),
    Topic(
        name="hidden",
        form="hidden [page]",
        says=gettext_noop("Lists the papers that are hidden in this channel, who hid them and when."),
        example="hidden",
    ),
    Topic(
        name="cite",
        form="cite [id, address or DOI] [bibtex|ris|csl-json|csv|markdown]",
        says=gettext_noop("Shows a paper as BibTeX or in another format; without an id, all papers you saved."),
        example="cite 2004.15011",
    ),
    Topic(
        name="interests",
        form="interests [like <ids> | export | reset]",
        says=gettext_noop(
            "Shows what the ranking of this channel's digests learned from Save, More like this, Not for us and "
            "reactions; teaches it up to ten papers as examples, gives the liked ones as BibTeX, or forgets everything."
        ),
        example="interests like 2004.15011 1706.03762",
    ),
    Topic(
        name="follow",
        form="follow author|topic|query <words> [here]",
        says=gettext_noop(
            "Follows a person, a subject or a filter: their papers come first in your own digest, in your direct "
            "messages. With “here”, the channel follows them, and they come first in its digests."
        ),
        example="follow author Yoshua Bengio",
    ),
    Topic(
        name="unfollow",
        form="unfollow author|topic|query <words> [here] | <number>",
        says=gettext_noop(
            "Ends that you, or with “here” this channel, follow something. Its number is the one in the list."
        ),
        example="unfollow author Yoshua Bengio",
    ),
    Topic(
        name="following",
        form="following",
        says=gettext_noop("Lists what you follow, and what this channel follows."),
        example="following",
    ),
    Topic(
        name="mentions",
        form="mentions [on|off|allow|forbid]",
        says=gettext_noop(
            "Lets a digest here mention you under a paper that fits what you follow, or ends that. Whoever may change "
            "this channel's subscriptions allows mentions here first; by default nobody is mentioned."
        ),
        example="mentions on",
    ),
    Topic(
        name="help",
        form="help [command]",
        says=gettext_noop("Lists all commands, or explains one of them."),
        example="help subscribe",
    ),
)

#: What begins a command in every chat that has slash commands.
COMMAND = "/paper"
#: A title is at most a line long; a longer text is probably an abstract to condense.
TITLE_WORDS = 30
#: Similarity at which a word counts as a mistyped command.
_SLIP = 0.8
#: Maximum characters of the typed text that an error repeats.
_SHOWN = 40


def in_words(topic: Topic) -> Topic:
    """Return a topic with its purpose in the current language; what is typed stays as it is typed."""
    return replace(topic, says=gettext(topic.says))


def topic_of(word: str) -> Topic | None:
    """Return the command that a word names, in any case and with or without a slash."""
    name = word.lower().removeprefix("/")
    return next((topic for topic in TOPICS if topic.name == ALIASES.get(name, name)), None)


def shown(text: str) -> str:
    """Return typed text as an error message repeats it: on one line and shortened."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: border(line, _SHOWN - 1)]}…"


def example_of(topic: Topic) -> str:
    """Return an example of a command, as a chat's members type it."""
    return gettext("For example: {example}", example=f"{COMMAND} {topic.example}")


def wrong(topic: Topic, message: str, advice: str = "") -> BadCommand:
    """Return the error for a command with wrong words: what is wrong, and an example of a right one."""
    return BadCommand(message, hint=f"{advice}\n{example_of(topic)}".strip())


def takes_no_more(command: str, rest: str) -> str:
    """Return the error of a command after which words follow that it does not take."""
    return gettext("“{command}” takes nothing more, but “{text}” follows it.", command=command, text=shown(rest))


def with_example(topic: Topic, error: BadQuery) -> BadQuery:
    """Return an option's error with an example of the whole command added."""
    return BadQuery(str(error), hint=f"{error.hint}\n{example_of(topic)}".strip())


def unknown(text: str) -> BadCommand:
    """Return the error for a text that begins with no command: the closest command, and how to list them all."""
    word = text.split(maxsplit=1)[0].lower().strip("/:,.!?")
    prose = len(text.split()) > TITLE_WORDS
    near = [] if prose else get_close_matches(word[:_SHOWN], [*(topic.name for topic in TOPICS), *ALIASES], n=1)
    topic = topic_of(near[0]) if near else None
    guess = gettext("Did you mean “{guess}”?", guess=topic.name) if topic else _guess(text)
    hint = sentences(guess, gettext("{command} lists all commands.", command=f"{COMMAND} help"))
    said = gettext("There is no command “{word}”.", word=shown(word or text))
    return BadCommand(said, hint=f"{hint}\n{example_of(topic)}" if topic else hint)


def is_slip(text: str) -> bool:
    """Return whether a text begins with a mistyped command: "serach" is one, "research" is not."""
    word = text.split(maxsplit=1)[0].lower().strip("/:,.!?")
    return bool(get_close_matches(word[:_SHOWN], [*(topic.name for topic in TOPICS), *ALIASES], n=1, cutoff=_SLIP))


def _guess(text: str) -> str:
    long = len(text.split()) > TITLE_WORDS
    return gettext("To condense an abstract, write “summarize” before it.") if long else ""


def near_miss(value: str, known: Iterable[str]) -> str:
    """Return "Did you mean …?" with the most similar known value, or nothing if none is similar."""
    near = get_close_matches(value.lower()[:40], list(known), n=1)
    return gettext("Did you mean {guess}?", guess=near[0]) if near else ""


def parts_of(value: str, option: str) -> list[str]:
    """Return the values that an option lists, separated by commas.

    Raises:
        BadQuery: there is none.
    """
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if not parts:
        said = gettext("“{option}” has no value.", option=option)
        raise BadQuery(said, hint=gettext("Give it one, or leave it out."))
    return parts
