"""The clock of a database's server, for tests whose time is another than that of the real one."""

from dataclasses import replace
from datetime import datetime

from bots.bootstrap.app import App
from bots.scheduling.clock_watch import ClockWatch


def with_its_time(application: App) -> App:
    """Return an application whose database's server has the time of the application's own clock."""
    clock = application.service.clock

    async def server_time() -> datetime:
        return clock()

    return replace(application, clock_watch=ClockWatch(server_time, clock))
