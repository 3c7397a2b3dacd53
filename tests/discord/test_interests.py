"""`/paper interests` shows what a channel's ranking has learned, teaches it, and forgets, for who may change that."""

from typing import Any

import pytest

from tests.discord.conftest import Lab


async def test_a_channel_learns_from_papers_and_forgets_them(lab: Lab) -> None:
    """Papers that are named are learned from; the answer names them, and forgetting says how many there were."""
    await lab.ada.uses("/paper interests", lab.papers)
    said = await lab.ada.reads("has learned from no paper yet", lab.papers, only_me=True)
    assert "/paper interests" in said.text
    assert "`" not in said.text
    await lab.ada.uses("/paper interests", lab.papers, papers="2304.03442, https://arxiv.org/abs/1706.03762")
    said = await lab.ada.reads("Learned from 2 examples", lab.papers, only_me=True)
    assert "Attention Is All You Need" in said.text
    await lab.ada.uses("/paper interests", lab.papers, action="Show what it has learned")
    await lab.ada.reads("2 liked papers", lab.papers, only_me=True)
    await lab.ada.uses("/paper interests", lab.papers, action="Give the liked papers as BibTeX")
    await lab.ada.reads("2 papers as BibTeX", lab.papers, only_me=True)
    await lab.ada.uses("/paper interests", lab.papers, action="Forget everything")
    await lab.ada.reads("Forgotten: 2 statements", lab.papers, only_me=True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"action": "Learn from these papers"}, "Give their ids or addresses"),
        ({"papers": "the one about attention"}, "is not the id of a paper"),
    ],
)
async def test_what_is_missing_is_asked_for(lab: Lab, options: dict[str, Any], said: str) -> None:
    """Without papers, or with words instead of ids, nothing is learned, and the person reads what to give."""
    await lab.ada.uses("/paper interests", lab.papers, **options)
    await lab.ada.reads(said, lab.papers, only_me=True)


async def test_only_who_may_change_subscriptions_teaches(lab: Lab) -> None:
    """Everyone may look; who may not change the channel's subscriptions may neither teach nor forget."""
    bob = lab.discord.person("bob", lab.guild)
    await bob.uses("/paper interests", lab.papers)
    await bob.reads("has learned from no paper yet", lab.papers, only_me=True)
    await bob.uses("/paper interests", lab.papers, papers="2304.03442")
    await bob.reads("Manage Channels", lab.papers, only_me=True)
    await bob.uses("/paper interests", lab.papers, action="Forget everything")
    await bob.reads("Manage Channels", lab.papers, only_me=True)
