"""A search without words asks for words."""

import pytest

from bots.domain.replies import CardList, Problem, Trouble
from bots.domain.requests import Search
from bots.store.memory import MemoryStore
from tests.support.doubles import a_bench
from tests.support.factories import CHANNEL


@pytest.mark.parametrize("words", ["", " ", "\t\n\u3000", "\u200b", "?!", '""', "🙂"])
async def test_a_search_without_words_asks_for_words(words: str) -> None:
    """Nothing, white space, invisible characters and signs are no words: the reply says so, not that none matches."""
    async with a_bench(MemoryStore()) as bench:
        reply = await bench.service.answer(Search(channel=CHANNEL, words=words))

    assert isinstance(reply, Problem)
    assert ("There are no words to search for.", Trouble.REQUEST) == (reply.message, reply.kind)
    assert reply.hint


@pytest.mark.parametrize("words", ["phlogiston", "词", "7"])
async def test_a_search_with_words_is_made(words: str) -> None:
    """One word of any script, or a number, is searched for."""
    async with a_bench(MemoryStore()) as bench:
        reply = await bench.service.answer(Search(channel=CHANNEL, words=words))

    assert isinstance(reply, CardList)
