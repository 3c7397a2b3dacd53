"""Who may do what in Slack: quotas, admins, and whether the bot can keep a promise in the channel."""

from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bots.domain.requests import NotForUs, Resume, Subscribe, Unhide, changes_channel
from bots.slack.actions import AnswerRequest
from bots.slack.channel_access import check_access
from bots.slack.payloads import Location, is_personal
from bots.slack.people import People
from bots.slack.settings import AccessPolicy
from bots.translation.speech import gettext
from bots.usecases.quotas import Quotas


@dataclass(frozen=True, kw_only=True, slots=True)
class Permissions:
    """Checks requests before they are carried out."""

    quotas: Quotas
    policy: AccessPolicy
    people: People

    async def check(self, ask: AnswerRequest, client: AsyncWebClient, *, asked_access: bool = False) -> None:
        """Return if a request may be carried out.

        Args:
            ask: the request and where it was made.
            client: the Web API client of the workspace.
            asked_access: whether it has been checked already that the bot can post in the channel.

        Raises:
            NotAllowed: only workspace admins may do this, or the bot cannot post in the channel.
            TooMany: the person's daily quota is used up.
            PaperwireError: Slack does not tell.
        """
        request = ask.request
        await self.quotas.spend(request.reader, self.policy.quota)
        if self.policy.admins_only and _changes(ask):
            await self.people.check_admin(client, request.reader)
        if isinstance(request, Subscribe | Resume) and not asked_access:
            nothing = gettext("it stays paused") if isinstance(request, Resume) else gettext("nothing was subscribed")
            await check_access(client, request.channel, otherwise=nothing)

    async def check_opening(self, location: Location, client: AsyncWebClient) -> None:
        """Return if a person may see the form for a subscription.

        Raises:
            NotAllowed: only workspace admins may subscribe here.
        """
        if self.policy.admins_only:
            reader = location.reader
            await self.people.check_admin(client, reader, opening=True)


def _changes(ask: AnswerRequest) -> bool:
    """Return whether a request changes what a channel gets; what a person hides from themselves is their own."""
    if isinstance(ask.request, NotForUs | Unhide):
        return not is_personal(ask.location)
    return changes_channel(ask.request)
