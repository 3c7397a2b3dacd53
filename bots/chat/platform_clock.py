"""A platform's own time, read from its responses, and by how much this machine's clock differs from it."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bots.chat.health import HealthFinding
from bots.chat.http_dates import instant
from bots.chat.phrases import counted

_log = logging.getLogger(__name__)

#: Half of the shortest time within which a platform's request must arrive: a minute, for Discord's signatures. A
#: machine that synchronises its clock is right within a second; a response's Date is exact within two.
NOTEWORTHY = timedelta(seconds=30)
#: After this time a reading is repeated: the kernel may slew a machine's steady clock by 0.05 %, two seconds an hour.
_FRESH = timedelta(hours=1)
#: No platform is older than this, and arithmetic with the last years of the calendar fails.
_YEARS = range(2009, 9000)
_SYNC = "synchronise this machine's clock with NTP; on Linux: timedatectl set-ntp true"


class PlatformClock:
    """The time of one platform.

    It advances by the steady clock that nobody sets, and never runs ahead of the platform: a Date header is cut to
    whole seconds and is some time on its way, and a steady clock may stand still while the machine is asleep.
    """

    def __init__(
        self,
        platform: str,
        *,
        clock: Callable[[], datetime] | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        #: The platform's name as people write it.
        self.platform = platform
        self._clock = clock
        self._ticks = ticks
        self._read: datetime | None = None
        self._read_at = 0.0
        #: How far this machine's clock is ahead of the platform's; None before the first response.
        self.skew: timedelta | None = None
        self._told = False

    def heard(self, date: object) -> None:
        """Take the platform's time from the `Date` header of a response that has just arrived."""
        read = instant(str(date or ""))
        if read is None or read.year not in _YEARS:
            return
        self._read, self._read_at = read, self._ticks()
        if self._clock is not None:
            # The header is cut to whole seconds: on average the platform is half a second later.
            self.skew = self._clock() - read - timedelta(seconds=0.5)
            self._tell()

    def now(self) -> datetime | None:
        """Return an instant by the platform's clock that has passed there; None without a recent response."""
        since = self._ticks() - self._read_at
        if self._read is None or not 0 <= since <= _FRESH.total_seconds():
            return None
        return self._read + timedelta(seconds=since)

    @property
    def is_wrong(self) -> bool:
        """Whether this machine's clock differs noticeably from the platform's."""
        return self.skew is not None and abs(self.skew) > NOTEWORTHY

    def _tell(self) -> None:
        """Log a noteworthy difference once, and again only after the clock was right."""
        if self.is_wrong and not self._told:
            _log.warning("this machine's clock is wrong", extra={"platform": self.platform, "clock": self._said()})
        self._told = self.is_wrong

    def _said(self) -> str:
        skew = self.skew or timedelta()
        return f"it is {apart(skew)} {'ahead of' if skew > timedelta() else 'behind'} {self.platform}'s"

    def finding(self) -> HealthFinding | None:
        """Return whether this machine's clock agrees with the platform's; None before the first response."""
        if self.skew is None:
            return None
        name = f"{self.platform.lower()} clock"
        if not self.is_wrong:
            return HealthFinding(name=name, says=f"this machine's clock agrees with {self.platform}'s")
        return HealthFinding(name=name, says=f"this machine's clock is wrong: {self._said()}", fix=_SYNC)


class RefusedForTime:
    """Tells once in the log that signed requests are refused because of their time, and again after one was accepted.

    Only requests with a valid signature count: anybody can send one with a wrong time and no signature.
    """

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._told = False

    def refused(self, age: timedelta) -> None:
        """Note a request with a valid signature whose time is too far from ours; `age` is negative for the future."""
        if not self._told:
            said = f"it is {apart(age)} {'old' if age > timedelta() else 'ahead of this machine'}"
            hint = f"If the clock is wrong, {_SYNC}. Otherwise somebody repeats an old request."
            _log.error(
                "a request was refused for its time", extra={"platform": self._platform, "request": said, "hint": hint}
            )
        self._told = True

    def accepted(self) -> None:
        """Note a request whose time is right."""
        self._told = False


def apart(skew: timedelta) -> str:
    """Return a difference between two clocks in its two largest units: `5 minutes 3 seconds`."""
    seconds = round(abs(skew).total_seconds())
    found = []
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, length)
        found += [counted(count, unit)] if count else []
    return " ".join(found[:2]) or counted(0, "second")
