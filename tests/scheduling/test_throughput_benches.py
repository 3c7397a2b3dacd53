"""The benchmarks of throughput run: every part of them starts, answers, and posts each digest once."""

import pytest

from tests.bench import capacity, discord_fleet, throughput
from tests.bench.capacity import Fleet
from tests.store.stores import needs_postgres

pytestmark = pytest.mark.slow


@needs_postgres
async def test_workers_without_limits() -> None:
    """A worker posts a digest to each of three channels of Slack; each part's processor time is told."""
    burst = await throughput.fly(1, 3)
    assert (3, 3, 0) == (burst.digests, burst.parts, burst.refused)
    assert {"workers", "scheduler", "platform"} <= set(burst.cpu)
    # Before each post; the end of the last one may be recorded after the platform has told of it.
    assert 1.0 == burst.calls["lease"][0]


@needs_postgres
async def test_workers_under_discords_limits() -> None:
    """Two workers share four channels of Discord, and none of their requests is refused."""
    burst = await capacity.fly(Fleet(platform="discord", workspaces=2, channels=2), 2)
    assert (4, 0) == (burst.digests, burst.refused)


@pytest.mark.parametrize(
    ("fleet", "allowed"),
    [
        (Fleet(platform="discord", workspaces=500, channels=20), 50.0),
        (Fleet(platform="slack", workspaces=500, channels=20), 2500.0),
        (Fleet(platform="slack", workspaces=2, channels=1), 2.0),
    ],
)
def test_the_limits_of_a_fleet(fleet: Fleet, allowed: float) -> None:
    """Discord counts all servers together, Slack each workspace, and no channel takes more than one post a second."""
    assert allowed == fleet.allowed


async def test_a_thousand_channels_of_discord() -> None:
    """The benchmark of a thousand channels, with three: each has its message, and nothing is refused."""
    flight = await discord_fleet.fly(3)
    assert (3, 0) == (flight.posted, flight.refused)
