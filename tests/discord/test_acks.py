"""Discord receives an acknowledgement of every command at once, even under load."""

from pathlib import Path

from bots.discord.settings import ConnectionMode
from tests.bench.discord_acks import ALLOWED, latencies


async def test_fifty_commands_at_once_are_acknowledged_in_time(tmp_path: Path, way: ConnectionMode) -> None:
    """Each of fifty commands is acknowledged within Discord's three seconds while digests are made and posted."""
    taken = await latencies(tmp_path, way, waves=1)

    assert 50 == len(taken)
    assert max(taken) < ALLOWED
