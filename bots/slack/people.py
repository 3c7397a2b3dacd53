"""What Slack tells about the acting person: time zone and language, and whether they administer the workspace."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
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
from bots.translation.languages import Language, load_languages
from bots.translation.speech import gettext

#: Number of people whose settings are cached; more than work in one workspace.
_MOST_KNOWN = 2048
#: After this time they are fetched again, because people travel.
_FRESH = timedelta(hours=1)
#: Timeout for reading a profile before a window is opened: a trigger id expires after three seconds.
PROFILE = 1.0
#: Timeout for reading a profile when something is to be changed.
_RIGHTS = 10.0
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """How a person has set up their Slack."""

    zone: ZoneInfo = _UTC
    #: Their locale: `de-DE`; empty if Slack did not tell.
    locale: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    settings: Settings
    asked: datetime


class People:
    """Reads profiles, and remembers people's time zones and languages."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._languages = load_languages()
        self._known: dict[Reader, _Known] = {}
        #: People whose settings did not come when a request of theirs began.
        self._untold: set[Reader] = set()

    def known_language(self, reader: Reader) -> Language | None:
        """Return the language that was read last; None if none was. No call is made."""
        known = self._known.get(reader)
        return self._languages.of(known.settings.locale, "slack") if known and known.settings.locale else None

    async def language(self, client: AsyncWebClient, reader: Reader) -> Language:
        """Return a person's language from their settings; English if Slack does not tell within a second.

        This is the first question of every request. If it has no answer, `zone` does not ask again for that request:
        two waits would outlast its trigger id.
        """
        self._untold.discard(reader)
        return self._languages.of((await self._settings(client, reader)).locale, "slack")

    async def zone(self, client: AsyncWebClient, reader: Reader) -> ZoneInfo:
        """Return a person's time zone from their profile; UTC if it is not available within a second."""
        return (await self._settings(client, reader)).zone

    async def _settings(self, client: AsyncWebClient, reader: Reader) -> Settings:
        now, known = self._clock(), self._known.get(reader)
        before = known.settings if known else Settings()
        if reader in self._untold or (known is not None and abs(now - known.asked) < _FRESH):
            return before
        told = await profile(client, reader.user, PROFILE)
        if len(self._known) >= _MOST_KNOWN or len(self._untold) >= _MOST_KNOWN:
            self._known.clear()
            self._untold.clear()
        if told is None:
            self._untold.add(reader)
            return before
        settings = Settings(zone=_zone(told) or before.zone, locale=text_at(told, "locale"))
        self._known[reader] = _Known(settings=settings, asked=now)
        return settings

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
            said = gettext("Slack did not say whether you are an admin.")
            raise PaperwireError(said, hint=gettext("Try again in a minute."))
        if admin is False:
            said = gettext("Only workspace admins may change this here.")
            raise NotAllowed(said, hint=gettext("Ask a workspace admin."))


async def profile(client: AsyncWebClient, user: str, seconds: float) -> Mapping[str, Any] | None:
    """Return a person's profile; None if Slack does not tell within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            answer = await client.users_info(user=user, include_locale=True)
    except (SlackApiError, *UNCONFIRMED, ValueError):
        return None
    found = answer.get("user")
    return found if isinstance(found, dict) else None


def _zone(told: Mapping[str, Any] | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(text_at(told, "tz"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
