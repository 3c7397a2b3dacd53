"""Suggestions while a person types: private papers are suggested in their own server alone."""

from typing import Any

import pytest

from bots.discord.autocomplete import sources, suggestions
from bots.domain.channels import Channel
from bots.domain.papers import PaperId
from bots.store.memory import MemoryStore
from tests.discord.interactions import interaction
from tests.support.factories import DAY, a_paper


def typing(word: str, **more: Any) -> dict[str, Any]:
    """Return the interaction for a word that is being typed as the paper of a look-up."""
    option = {"type": 3, "name": "paper", "value": word, "focused": True}
    inner = [{"type": 1, "name": "lookup", "options": [option]}]
    return interaction(4, {"id": "1", "name": "paper", "type": 1, "options": inner}, **more)


@pytest.mark.parametrize(
    ("where", "drafts"),
    [
        ({}, True),
        ({"channel_id": "23", "channel": {"id": "23", "type": 0}}, True),
        ({"guild_id": "78"}, False),
        ({"guild_id": None, "user": {"id": "5"}, "channel_id": "22"}, False),
        ({"guild_id": None, "channel": {"id": "99", "type": 1}}, False),
    ],
    ids=["its channel", "another channel", "another server", "direct messages", "other direct messages"],
)
async def test_a_draft_is_suggested_in_its_server_alone(where: dict[str, Any], drafts: bool) -> None:
    """A public paper is suggested everywhere, a draft only in the server that reads its file."""
    store, here = MemoryStore(), Channel(platform="discord", workspace="77", channel="22")
    await store.remember([a_paper(title="Attention for all")], source="arxiv:cs.CL", day=DAY)
    draft = a_paper(id=PaperId.titled("Attention in secret"), title="Attention in secret", private=True)
    await store.remember([draft], source="file:drafts.jsonl", day=DAY, place=here)
    found = {name for name, _ in await suggestions(store, typing("attention", **where))}
    assert {"Attention for all", *(["Attention in secret"] if drafts else [])} == found


async def test_discord_takes_twenty_five_suggestions() -> None:
    """However many papers and sources match, Discord gets as many as it takes, and not one more."""
    store = MemoryStore()
    papers = [a_paper(id=PaperId.arxiv(f"2601.{number:05}"), title=f"Attention {number}") for number in range(40)]
    await store.remember(papers, source="arxiv:cs.CL", day=DAY)
    assert 25 == len(await suggestions(store, typing("attention")))
    known = {f"source:{number}": f"Source {number}" for number in range(40)}
    assert 25 == len(sources("source", known)) == len(sources("", known))
