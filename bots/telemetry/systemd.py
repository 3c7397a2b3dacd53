"""Tells systemd that the program is up, that its event loop is alive, and that it stops: the protocol of sd_notify(3).

The protocol is one datagram per message, so no library is needed.
"""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bots.config.around import ServiceManagement
from bots.ports.beside import beside

_log = logging.getLogger(__name__)

#: systemd recommends a sign of life at half of its timeout (sd_watchdog_enabled(3)).
_OFTEN = 2
#: Seconds for which the manager is asked to wait for the start, each time that it is told what is waited for.
_LONGER = 120


def waiting(manager: ServiceManagement, why: str) -> None:
    """Tell what the start waits for, and that it is to be given more time; call it again within a minute.

    Args:
        manager: the service manager.
        why: what it shows beside the service, in one line; empty if nothing is waited for any more.
    """
    more = f"\nEXTEND_TIMEOUT_USEC={_LONGER * 1_000_000}" if why else ""
    _tell(manager, f"STATUS={' '.join(why.split())}{more}")


@asynccontextmanager
async def told(manager: ServiceManagement) -> AsyncIterator[None]:
    """Tell that the program is up, give signs of life until the context exits, then tell that it stops."""
    _tell(manager, "READY=1")
    async with beside(_live(manager) if manager.watchdog else None, "signs of life"):
        try:
            yield
        finally:
            _tell(manager, "STOPPING=1")


async def _live(manager: ServiceManagement) -> None:
    # A task of the event loop: if the loop hangs, the sign stays away, and the program is restarted.
    while True:
        _tell(manager, "WATCHDOG=1")
        await asyncio.sleep(manager.watchdog / _OFTEN)


def _tell(manager: ServiceManagement, message: str) -> None:
    """Send one message; a manager that cannot be reached is logged."""
    if not manager.address:
        return
    # A leading @ stands for the zero byte of Linux' abstract names.
    path = f"\0{manager.address[1:]}" if manager.address.startswith("@") else manager.address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
            door.connect(path)
            door.sendall(message.encode())
    except OSError as error:
        _log.warning("the service manager cannot be told", extra={"told": message, "error": str(error)})
