"""Slack's rate limits: how often messages may be posted, and how long a method of a workspace must wait after a 429.

The tiers of methods are no numbers to count by: "20+ per minute" is the least that Slack allows, and an answer to a
person must not wait for what may be allowed. So a method waits for as long as Slack asked any of the processes to.
"""

import logging

from bots.domain.errors import StoreError
from bots.ports.permits import Lane, Permits, platform_lane
from bots.ports.rate_limits import Rate, RateLimits

_log = logging.getLogger(__name__)

PLATFORM = "slack"
#: One message per second per channel, "several hundred" per minute per workspace (docs.slack.dev, rate limits).
LIMITS = RateLimits(channel=Rate(count=1, seconds=1), platform=Rate(count=300, seconds=60), by_workspace=True)
#: Each post has taken a permit of its workspace before it is sent.
_POST = "chat.postMessage"


class MethodLimits:
    """The limits of one workspace's methods, which all processes with one database keep together."""

    def __init__(self, permits: Permits | None, workspace: str) -> None:
        """Remember the permits that are shared; None if none are."""
        self._permits = permits
        self._workspace = workspace

    async def wait(self, method: str) -> None:
        """Wait for as long as Slack asked this process or another one to."""
        if self._permits is None or method == _POST:
            return
        try:
            await self._permits.take(self._lane(method))
        except StoreError as error:
            # Slack limits the method itself, and that was not reached as far as anybody here knows.
            _log.debug("a call to Slack was not counted", extra={"error": str(error)})

    async def refused(self, method: str, seconds: float | None) -> None:
        """Let every process wait that calls the method in this workspace."""
        if self._permits is not None and seconds is not None:
            await self._permits.hold(self._lane(method), seconds)

    def _lane(self, method: str) -> Lane:
        if method == _POST:
            return platform_lane(PLATFORM, LIMITS.platform, workspace=self._workspace)
        return Lane(kind="slack method", name=f"{self._workspace}\n{method}", gap=0.0)
