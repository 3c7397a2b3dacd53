"""A service manager is told when the program is up, that it lives, and when it stops."""

import asyncio
import logging
import socket
from pathlib import Path

import pytest

from bots.config.around import ServiceManagement
from bots.telemetry.systemd import told


def _listening(address: str) -> socket.socket:
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    door.bind(address)
    door.setblocking(False)
    return door


def _heard(door: socket.socket) -> list[str]:
    heard = []
    while True:
        try:
            heard.append(door.recv(100).decode())
        except BlockingIOError:
            return heard


async def test_it_is_told_of_start_life_and_stop(tmp_path: Path) -> None:
    """READY comes first and STOPPING last, with signs of life between them, at half of the watchdog's time."""
    path = str(tmp_path / "notify")
    with _listening(path) as door:
        async with told(ServiceManagement(address=path, watchdog=0.02)):
            heard = [await asyncio.wait_for(asyncio.get_running_loop().sock_recv(door, 100), 5) for _ in range(3)]
        rest = _heard(door)
    assert [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"] == heard
    assert "STOPPING=1" == rest[-1]


async def test_an_abstract_name_is_understood(tmp_path: Path) -> None:
    """A leading @ stands for a zero byte; without a watchdog no sign of life is sent."""
    name = f"paperwire-{tmp_path.name}"
    with _listening(f"\0{name}") as door:
        async with told(ServiceManagement(address=f"@{name}")):
            await asyncio.sleep(0)
        assert ["READY=1", "STOPPING=1"] == _heard(door)


async def test_a_manager_that_is_gone_ends_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The program goes on, and the log says so."""
    with caplog.at_level(logging.WARNING):
        async with told(ServiceManagement(address=str(tmp_path / "nowhere"))):
            pass
    assert "the service manager cannot be told" in caplog.text


async def test_without_a_manager_nothing_is_sent(caplog: pytest.LogCaptureFixture) -> None:
    """Started by hand, the program tells nobody."""
    async with told(ServiceManagement()):
        pass
    assert "" == caplog.text
