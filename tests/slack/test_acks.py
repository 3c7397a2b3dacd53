"""Slack receives the acknowledgement of a command at once, even under load."""

from pathlib import Path

from tests.bench.acks import ALLOWED, latencies


async def test_fifty_commands_at_once_are_acknowledged_in_time(tmp_path: Path) -> None:
    """While digests are built and posted, each of fifty commands is acknowledged within Slack's three seconds."""
    taken = await latencies(tmp_path, waves=1)

    assert 50 == len(taken)
    assert max(taken) < ALLOWED
