"""Discord hears at once that a command has arrived, whatever else is going on."""

from pathlib import Path

from bots.discord.settings import ConnectionMode
from tests.bench.discord_acks import ALLOWED, latencies


async def test_fifty_commands_at_once_are_acknowledged_in_time(tmp_path: Path, way: ConnectionMode) -> None:
    """While digests are made and posted, each of fifty commands is acknowledged within Discord's three seconds."""
    taken = await latencies(tmp_path, way, waves=1)

    assert 50 == len(taken)
    assert max(taken) < ALLOWED
