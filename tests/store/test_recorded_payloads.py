"""Messages that 0.1.0 planned for Slack and Discord are posted and divided by today's adapters."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.store.sql import SqlStore
from bots.testing import Stage
from tests.contracts.discord_place import DiscordPlace
from tests.contracts.slack_place import SlackPlace

PLACES = pytest.mark.parametrize(("platform", "place_of"), [("slack", SlackPlace), ("discord", DiscordPlace)])
TITLE = "Curriculum Distillation for Code Completion, Part 4"


async def parts_for(store: SqlStore, platform: str, channel: Channel) -> list[tuple[str, Part]]:
    """Return the key of each part that 0.1.0 planned for a platform, and the part for a channel of the fake server."""
    planned = [each for each in await store.deliveries() if each.part.channel.platform == platform]
    assert planned
    return [(each.key, replace(each.part, channel=channel)) for each in planned]


@PLACES
async def test_a_part_is_posted_as_it_was_planned(
    upgraded: SqlStore, platform: str, place_of: Callable[[], Stage]
) -> None:
    """The platform accepts every payload, and its readers see the papers."""
    async with place_of() as place:
        messages = [
            await place.adapter.post(part, key) for key, part in await parts_for(upgraded, platform, place.channel)
        ]
        assert all(messages)
        assert len(messages) == len(set(messages))
        assert TITLE in place.seen()


@PLACES
async def test_a_part_is_divided_with_its_papers(
    upgraded: SqlStore, platform: str, place_of: Callable[[], Stage]
) -> None:
    """A part of several papers becomes smaller parts with the same papers, which the platform accepts."""
    async with place_of() as place:
        for key, part in await parts_for(upgraded, platform, place.channel):
            smaller = place.adapter.shrink(part)
            assert (len(part.paper_ids) < 2) | (len(smaller) > 1)
            for number, each in enumerate(smaller):
                assert await place.adapter.post(each, f"{key[:-1]}{number}")
            assert part.paper_ids == tuple(paper for each in smaller or (part,) for paper in each.paper_ids)
