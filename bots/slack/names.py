"""The names of people, as their profiles show them: a mention would notify the person."""

from dataclasses import replace
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.phrases import clean
from bots.chat.untrusted import text_at
from bots.domain.channels import Reader
from bots.domain.replies import HiddenList
from bots.ports import Clock
from bots.presentation.hidden_text import person
from bots.slack.payloads import first_text
from bots.slack.people import profile
from bots.translation.speech import gettext, gettext_noop
from bots.usecases.hiding import PAGE

#: More people than work in one workspace.
_MOST = 2048
#: After this time a name is read again: people change theirs.
_FRESH = timedelta(hours=1)
#: Seconds to wait for a profile; no one waits for it but the line that names the person.
_PATIENCE = 3.0
#: The name of a person whose profile cannot be read.
SOMEONE = gettext_noop("Someone")


class Names:
    """Reads the names of people, each at most once an hour."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[Reader, tuple[datetime, str]] = {}

    async def of(self, client: AsyncWebClient, reader: Reader, *, body: object = None) -> str:
        """Return a person's name; if the profile cannot be read, the handle in the payload, or "Someone"."""
        now = self._clock()
        asked, known = self._known.get(reader, (None, ""))
        if asked is not None and abs(now - asked) < _FRESH:
            return known
        found = person(await _display_name(client, reader.user))
        if found:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[reader] = (now, found)
        return found or known or person(_handle(body)) or gettext(SOMEONE)

    async def named(self, client: AsyncWebClient, reader: Reader, listed: HiddenList) -> HiddenList:
        """Return a list of hidden papers with names in place of ids."""
        people = {user for paper in listed.papers[:PAGE] for user in paper.by if user}
        names = {user: await self.of(client, replace(reader, user=user)) for user in sorted(people)[:_PEOPLE]}
        return replace(
            listed,
            papers=tuple(
                replace(paper, by=tuple(names.get(user, gettext(SOMEONE)) for user in paper.by))
                for paper in listed.papers
            ),
        )


#: Profiles read for one list; a page shows three people for each paper.
_PEOPLE = 3 * PAGE


async def _display_name(client: AsyncWebClient, user: str) -> str:
    told = await profile(client, user, _PATIENCE)
    paths = (("profile", "display_name"), ("profile", "real_name"), ("real_name",), ("name",))
    return next(filter(None, (clean(text_at(told, *path)) for path in paths)), "")


def _handle(body: object) -> str:
    return first_text(body, ("user", "username"), ("user", "name"), ("user_name",))
