"""Lists the commands with their form and purpose, and builds what errors about them share."""

from collections.abc import Iterable
from difflib import get_close_matches

from bots.domain.errors import BadCommand, BadQuery
from bots.domain.replies import Topic

_CHOICE = (
    '[source=…] [query="…"] [interests="…"] [category=…] [sort=trending|newest] [limit=5] '
    "[style=one-line|short|structured]"
)

TOPICS: tuple[Topic, ...] = (
    Topic(
        name="lookup",
        form="lookup <id, address, DOI or words of a title>",
        says="Shows one paper with its blurb. You can also send its id, address or DOI alone, or in a sentence.",
        example="lookup 2004.15011",
    ),
    Topic(
        name="search",
        form="search <words> [limit=5]",
        says="Lists papers that match some words; OR, NOT and -word in it are obeyed.",
        example='search "KV cache" pruning limit=3',
    ),
    Topic(
        name="summarize",
        form='summarize [style=one-line|short|structured] [title="…"] <abstract>',
        says="Condenses an abstract; all text after the options is the abstract.",
        example="summarize style=short We introduce TLDR generation, a new form of extreme summarization, for "
        "scientific papers. TLDR generation involves high source compression.",
    ),
    Topic(
        name="digest",
        form=f"digest {_CHOICE} [day=YYYY-MM-DD]",
        says="Makes a digest now, of today's papers or of another day's.",
        example='digest source=huggingface query="agents -survey" limit=3',
    ),
    Topic(
        name="subscribe",
        form=f"subscribe {_CHOICE} [at=09:00,17:30|announced] [on=weekdays|daily|mon,thu|mon-fri] "
        "[zone=Europe/Berlin] [every=week|month] [settle=3] [wait=11:00] [quiet=22:00-07:00] "
        "[empty=say|trouble|silent] [entries=inline|thread] [look=auto|compact|cards]",
        says='Posts a digest here at set times. The query takes words, "phrases", AND OR NOT, -word, (), ti: au: cat:, '
        "and a star at the end of a word. interests= names your subjects in plain words: the nearest papers come "
        "first. every= makes a weekly or monthly round-up, settle= shows the list of that many days before, when "
        "its votes have settled, wait= waits for late lists, empty= says what to post on days without papers, "
        "entries=thread puts the papers into a thread under one message, look= shows them compact or as cards.",
        example='subscribe source=arxiv:cs.CL query="language model*" at=09:00 on=mon-fri zone=Europe/Berlin',
    ),
    Topic(
        name="preview",
        form="preview <the options of subscribe>",
        says="Shows the digest that such a subscription would post now, without subscribing.",
        example='preview source=arxiv:cs.CL query="language model*"',
    ),
    Topic(
        name="unsubscribe",
        form="unsubscribe <id>",
        says="Ends a subscription of this channel; `subscriptions` shows the ids.",
        example="unsubscribe 3f9a1c",
    ),
    Topic(
        name="pause",
        form="pause <id> [until=YYYY-MM-DD]",
        says="Pauses a subscription of this channel, until a day or until it is resumed.",
        example="pause 3f9a1c until=2026-12-01",
    ),
    Topic(
        name="resume",
        form="resume <id>",
        says="Resumes a paused subscription; digests that were due in the meantime are not posted.",
        example="resume 3f9a1c",
    ),
    Topic(
        name="subscriptions",
        form="subscriptions",
        says="Lists this channel's subscriptions and when each is next due.",
        example="subscriptions",
    ),
    Topic(
        name="abstract",
        form="abstract <id, address or DOI>",
        says="Shows the whole abstract of a paper.",
        example="abstract 2004.15011",
    ),
    Topic(
        name="save",
        form="save <id, address or DOI>",
        says="Adds a paper to your saved papers.",
        example="save 2004.15011",
    ),
    Topic(
        name="unsave",
        form="unsave <id, address or DOI>",
        says="Removes a paper from your saved papers.",
        example="unsave 2004.15011",
    ),
    Topic(
        name="saved",
        form="saved [words]",
        says="Lists the papers you saved, the latest first; with words, only those that contain all of them.",
        example="saved kv cache",
    ),
    Topic(
        name="like",
        form="like <id, address or DOI> [limit=5]",
        says="Lists papers that are similar to this one.",
        example="like 2004.15011 limit=3",
    ),
    Topic(
        name="hide",
        form="hide <id, address or DOI>",
        says="Marks a paper as not relevant for this channel: no later digest here shows it, until someone undoes it.",
        example="hide 2004.15011",
    ),
    Topic(
        name="unhide",
        form="unhide <id, address or DOI>",
        says="Undoes hide: later digests of this channel may show the paper again.",
        example="unhide 2004.15011",
    ),
    Topic(
        name="hidden",
        form="hidden [page]",
        says="Lists the papers that are hidden in this channel, who hid them and when.",
        example="hidden",
    ),
    Topic(
        name="cite",
        form="cite [id, address or DOI]",
        says="Shows a paper as BibTeX; without an id, all papers you saved.",
        example="cite 2004.15011",
    ),
    Topic(
        name="interests",
        form="interests [like <ids> | export | reset]",
        says="Shows what the ranking of this channel's digests learned from Save, More like this and Not for us; "
        "teaches it up to ten papers as examples, gives the liked ones as BibTeX, or forgets everything.",
        example="interests like 2004.15011 1706.03762",
    ),
    Topic(
        name="help",
        form="help [command]",
        says="Lists all commands, or shows how one of them is written.",
        example="help subscribe",
    ),
)

#: Other spellings of commands.
ALIASES = {"summarise": "summarize", "find": "search", "?": "help"}
#: A title is at most a line long; a longer text is probably an abstract to condense.
TITLE_WORDS = 30
#: Similarity at which a word counts as a mistyped command.
_SLIP = 0.8
#: Maximum characters of the typed text that an error repeats.
_SHOWN = 40


def topic_of(word: str) -> Topic | None:
    """Return the command that a word names, in any case and with or without a slash."""
    name = word.lower().removeprefix("/")
    return next((topic for topic in TOPICS if topic.name == ALIASES.get(name, name)), None)


def shown(text: str) -> str:
    """Return typed text as an error message repeats it: on one line and shortened."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def form_of(topic: Topic) -> str:
    """Return how a command is written, with an example."""
    return f"Write it like this: {topic.form} — for example: {topic.example}"


def wrong(topic: Topic, message: str, advice: str = "") -> BadCommand:
    """Return the error for a command with wrong words: what is wrong, and the right form with an example."""
    return BadCommand(message, hint=f"{advice} {form_of(topic)}".strip())


def with_example(topic: Topic, error: BadQuery) -> BadQuery:
    """Return an option's error with an example of the whole command added."""
    return BadQuery(str(error), hint=f"{error.hint} For example: {topic.example}".strip())


def unknown(text: str) -> BadCommand:
    """Return the error for a text that begins with no command: the closest command, and how to list them all."""
    word = text.split(maxsplit=1)[0].lower().strip("/:,.!?")
    near = get_close_matches(word[:_SHOWN], [*(topic.name for topic in TOPICS), *ALIASES], n=1)
    topic = topic_of(near[0]) if near else None
    guess = f"Did you mean “{topic.name}”? {form_of(topic)}. " if topic else _guess(text)
    return BadCommand(f"There is no command “{shown(word or text)}”.", hint=f"{guess}“help” lists all commands.")


def is_slip(text: str) -> bool:
    """Return whether a text begins with a mistyped command: "serach" is one, "research" is not."""
    word = text.split(maxsplit=1)[0].lower().strip("/:,.!?")
    return bool(get_close_matches(word[:_SHOWN], [*(topic.name for topic in TOPICS), *ALIASES], n=1, cutoff=_SLIP))


def _guess(text: str) -> str:
    return "To condense an abstract, write “summarize” before it. " if len(text.split()) > TITLE_WORDS else ""


def near_miss(value: str, known: Iterable[str]) -> str:
    """Return "Did you mean …? " with the most similar known value, or nothing if none is similar."""
    near = get_close_matches(value.lower()[:40], list(known), n=1)
    return f"Did you mean {near[0]}? " if near else ""


def parts_of(value: str, option: str) -> list[str]:
    """Return the values that an option lists, separated by commas.

    Raises:
        BadQuery: there is none.
    """
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if not parts:
        raise BadQuery(f"{option}= has no value.", hint=f"Write {option}=… or leave it out.")
    return parts
