"""What Slack tells about the acting person: the time zone, and whether they administer the workspace."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.untrusted import text_at
from bots.domain.channels import Reader
from bots.domain.errors import NotAllowed, PaperwireError
from bots.ports import Clock
from bots.slack.web_client import UNCONFIRMED

#: Number of people whose time zone is cached; more than work in one workspace.
_MOST_ZONES = 2048
#: After this time a cached time zone is fetched again, because people travel.
_ZONE_FRESH = timedelta(hours=1)
#: Timeout for reading a profile before a window is opened: a trigger id expires after three seconds.
PROFILE = 1.0
#: Timeout for reading a profile when something is to be changed.
_RIGHTS = 10.0
_UTC = ZoneInfo("UTC")


class People:
    """Reads profiles, and remembers time zones."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._zones: dict[Reader, tuple[datetime, ZoneInfo]] = {}

    def known_zone(self, reader: Reader) -> ZoneInfo:
        """Return the time zone that was read last; UTC if none was. No call is made."""
        return self._zones.get(reader, (None, _UTC))[1]

    async def zone(self, client: AsyncWebClient, reader: Reader) -> ZoneInfo:
        """Return a person's time zone from their profile; UTC if it is not available within a second."""
        now = self._clock()
        asked, known = self._zones.get(reader, (None, _UTC))
        if asked is not None and abs(now - asked) < _ZONE_FRESH:
            return known
        found = _zone(await profile(client, reader.user, PROFILE))
        if found is not None:
            if len(self._zones) >= _MOST_ZONES:
                self._zones.clear()
            self._zones[reader] = (now, found)
        return found or known

    async def is_admin(self, client: AsyncWebClient, reader: Reader, *, within: float = _RIGHTS) -> bool | None:
        """Return whether a person is an admin of the workspace; None if Slack does not tell in time.

        It is read anew each time: who is no longer an admin may change nothing from then on.
        """
        told = await profile(client, reader.user, within)
        return None if told is None else bool(told.get("is_admin") or told.get("is_owner"))

    async def check_admin(self, client: AsyncWebClient, reader: Reader, *, opening: bool = False) -> None:
        """Return if a person is an admin of the workspace.

        Args:
            client: the Web API client of the workspace.
            reader: the person.
            opening: whether a window is about to open; if Slack does not tell in time, it opens, and the person is
                checked when they submit it.

        Raises:
            NotAllowed: they are not.
            PaperwireError: Slack does not tell.
        """
        admin = await self.is_admin(client, reader, within=PROFILE if opening else _RIGHTS)
        if admin is None and not opening:
            raise PaperwireError("Slack did not say whether you are an admin.", hint="Try again in a minute.")
        if admin is False:
            raise NotAllowed("Only workspace admins may change this here.", hint="Ask a workspace admin.")


async def profile(client: AsyncWebClient, user: str, seconds: float) -> Mapping[str, Any] | None:
    """Return a person's profile; None if Slack does not tell within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            answer = await client.users_info(user=user)
    except (SlackApiError, *UNCONFIRMED, ValueError):
        return None
    found = answer.get("user")
    return found if isinstance(found, dict) else None


def _zone(told: Mapping[str, Any] | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(text_at(told, "tz"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
