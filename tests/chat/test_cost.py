"""The cost of hostile text in steps of the patterns: twice the text is at most about twice the work."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType

import pytest

import summarizer.compression
import summarizer.text
from bots.chat import phrases
from bots.discord import markup as discord_markup
from bots.discord import message_text as discord_text
from bots.domain import paper_ids
from bots.fakechat import markup as fakechat_markup
from bots.slack import blocks as slack_blocks
from bots.slack import message_text as slack_text
from summarizer.compression.clauses import variants
from summarizer.compression.leads import tighten
from summarizer.text.markdown import strip_markdown
from summarizer.text.markup import strip_tags
from summarizer.text.plain import to_plain
from summarizer.text.sections import find_labels
from summarizer.text.sentences import split_sentences
from tests.support.counting_regex import Counter

#: Every function that reads or writes a text of somebody else.
FUNCTIONS: Mapping[str, Callable[[str], object]] = {
    "to_plain": to_plain,
    "split_sentences": split_sentences,
    "find_labels": find_labels,
    "strip_tags": strip_tags,
    "strip_markdown": strip_markdown,
    "tighten": tighten,
    "variants": variants,
    "clean": phrases.clean,
    "refs_in": paper_ids.refs_in,
    "is_address": paper_ids.is_address,
    "slack.typed": slack_text.typed,
    "slack.papers_in": slack_text.papers_in,
    "slack.escape": slack_blocks.escape,
    "discord.bare": discord_text.bare,
    "discord.papers_in": discord_text.papers_in,
    "discord.plain": discord_markup.plain,
    "discord.measure": discord_markup.measure,
    "fakechat.escape": fakechat_markup.escape,
    "fakechat.links": fakechat_markup.links,
}
#: A script without spaces, sentences of one word, lines, spaces, and the beginnings of markup that never ends.
PIECES = (
    "我",
    "我。",
    "Yes. ",
    "\n",
    " ",
    " \n",
    "A",
    ", ",
    "(",
    "[a](",
    "<a ",
    "<!--",
    "$a",
    "https://a.b/",
    "**a ",
    "<@",
)
#: Characters. Some patterns look a bounded number of characters ahead: their cost is linear above that bound only.
_LENGTH, _ABOVE_BOUNDS = 60, 1200


def _modules() -> Iterator[ModuleType]:
    for package in (summarizer.text, summarizer.compression):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)
    yield from (phrases, paper_ids, slack_text, slack_blocks, discord_text, discord_markup, fakechat_markup)


MODULES = tuple(_modules())


def cost(function: Callable[[str], object], piece: str, length: int) -> int:
    """Return the steps of all patterns while a function reads a text of some length made of one piece."""
    with Counter(MODULES) as counter:
        function((piece * length)[:length])
    return counter.count


@pytest.mark.parametrize("name", FUNCTIONS)
def test_twice_the_text_is_twice_the_work(name: str) -> None:
    """For every piece the steps at most double, and a bit, when the text doubles."""
    function = FUNCTIONS[name]
    for piece in PIECES:
        once, twice = (cost(function, piece, length) for length in (_LENGTH, 2 * _LENGTH))
        if twice > 2.3 * once + 150:
            once, twice = (cost(function, piece, length) for length in (_ABOVE_BOUNDS, 2 * _ABOVE_BOUNDS))
        assert twice <= 2.3 * once + 150, piece


def test_the_patterns_are_put_back() -> None:
    """Counting changes no module for longer than it lasts."""
    before = discord_text._QUOTE
    cost(discord_text.bare, "> ", 10)
    assert before is discord_text._QUOTE
