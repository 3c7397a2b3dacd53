"""Installations of Paperwire in Slack: store their tokens, find them for each request and post, delete them on removal.

An installation belongs to one workspace, or to an organisation for all of its workspaces. On the first request from
a workspace that an organisation's installation covers, a row without a token is stored that names the organisation.
"""

import hmac
import logging
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Installation as Granted
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bots.chat.secret_texts import for_chat
from bots.chat.untrusted import at, text_at
from bots.domain.errors import ChannelGone, PostRefused, StoreError
from bots.domain.installations import Installation
from bots.ports import Clock, Store
from bots.slack.payloads import first_text

_log = logging.getLogger(__name__)

#: A cached installation is read from the store again after this time: another process may have deleted it.
FRESH = timedelta(minutes=1)
#: Time for an installer to read Slack's authorisation page and agree.
STATE_LASTS = timedelta(minutes=10)
#: The event that an organisation takes the app from some of its workspaces
#: (docs.slack.dev/reference/events/team_access_revoked).
ACCESS_REVOKED = "team_access_revoked"
#: Key in an installation's `extra`: the organisation that covers a workspace without a token of its own.
_ABOVE = "above"


class WorkspaceTokens:
    """Finds, stores and deletes the installations of workspaces and organisations."""

    def __init__(self, *, store: Store, clock: Clock, install_url: str = "", alone: bool = False) -> None:
        """Create the finder.

        Args:
            store: holds the installations.
            clock: returns the current time.
            install_url: where people install the app; empty over Socket Mode.
            alone: whether the app has one token; channels that the operator named without a workspace are then of the
                workspace that leaves.
        """
        self._store = store
        self._alone = alone
        self._clock = clock
        self._install_url = install_url
        self._held: dict[str, tuple[datetime, Installation]] = {}

    async def of(self, team: str, enterprise: str = "") -> Installation | None:
        """Return the installation that covers a workspace: its own, or else its organisation's.

        Args:
            team: the id of the workspace or of an organisation.
            enterprise: the id of its organisation, if the request names one.
        """
        own = await self._kept(team)
        if own is not None and own.token:
            return own
        return await self._kept(_above(own) if own else enterprise)

    async def token(self, workspace: str) -> str:
        """Return the bot token for a workspace.

        Raises:
            ChannelGone: Paperwire is not installed there.
            PostRefused: the token cannot be read now.
        """
        try:
            found = await self.of(workspace)
        except StoreError as error:
            raise PostRefused(f"There is no usable token for Slack: {error}", hint=error.hint) from error
        if found is not None:
            return found.token
        if not workspace:
            raise ChannelGone("The channel's workspace is not named.", hint="Name it as slack:WORKSPACE:CHANNEL.")
        said = f"Paperwire is not installed in the Slack workspace {workspace}."
        raise ChannelGone(said, hint=f"Install it there: {self._install_url}" if self._install_url else "")

    async def keep(self, installation: Installation) -> None:
        """Store an installation."""
        await self._store.keep_installation(installation)
        self._held.pop(installation.workspace, None)

    async def met(self, body: Mapping[str, Any]) -> None:
        """Store which organisation's installation covers a workspace, on the first request from it."""
        team, enterprise = through(body)
        # An existing row is not replaced: it may hold the workspace's own token.
        if team and await self._kept(team) is None and await self._kept(enterprise) is not None:
            above = {_ABOVE: enterprise}
            await self.keep(
                Installation(platform="slack", workspace=team, token="", installed_at=self._clock(), extra=above)
            )

    async def leave(self, body: Mapping[str, Any]) -> None:
        """Delete the data of the workspace or organisation that removed the app; `body` is the event's envelope."""
        taken = text_at(body, "event", "type") == ACCESS_REVOKED
        leaving = await self._taken_away(body) if taken else await self._leaving(body)
        for workspace in sorted({*leaving, *([""] if self._alone and not taken else [])}):
            self._held.pop(workspace, None)
            gone = await self._store.purge_workspace("slack", workspace)
            _log.warning(
                "a workspace has uninstalled the app; its data is deleted", extra={"workspace": workspace, "rows": gone}
            )

    async def _taken_away(self, body: Mapping[str, Any]) -> set[str]:
        """Return the workspaces that an organisation took the app from, without those that installed it themselves."""
        named, organisation = at(body, "event", "team_ids"), _enterprise(body)
        teams = [each for each in named if isinstance(each, str) and each] if isinstance(named, list) else []
        held = {team: await self._readable(team) for team in teams}
        return {team for team, own in held.items() if own and not own.token and _above(own) == organisation}

    async def _leaving(self, body: Mapping[str, Any]) -> set[str]:
        team, enterprise = first_text(body, ("context_team_id",), ("team_id",)), _enterprise(body)
        if team.startswith("E"):
            team, enterprise = "", team
        own = await self._readable(team)
        whole = _is_whole(body) or not team or (own is not None and not own.token)
        if not whole:
            return {team}
        organisation = (_above(own) if own else "") or enterprise
        under = {each.workspace for each in await self._all_readable() if _above(each) == organisation}
        alone = {team} if own is None or not own.token else set()
        return {each for each in {organisation, *under, *alone} if each}

    async def _readable(self, workspace: str) -> Installation | None:
        try:
            return await self._store.installation("slack", workspace)
        except StoreError as error:
            _log.error("an installation that was removed cannot be read", extra={"error": str(error)})
            return None

    async def _all_readable(self) -> tuple[Installation, ...]:
        try:
            return await self._store.installations("slack")
        except StoreError as error:
            _log.error("the workspaces of an organisation cannot be read", extra={"error": str(error)})
            return ()

    async def _kept(self, workspace: str) -> Installation | None:
        if not workspace:
            return None
        now, held = self._clock(), self._held.get(workspace)
        if held is not None and now - held[0] < FRESH:
            return held[1]
        found = await self._store.installation("slack", workspace)
        self._held.pop(workspace, None)
        if found is not None:
            self._held[workspace] = (now, found)
        return found


def through(body: Mapping[str, Any]) -> tuple[str, str]:
    """Return a workspace and the organisation whose installation covers it; two empty strings if it has its own.

    In a channel shared between companies a request may name another company's workspace: only a workspace of the
    installing organisation counts.
    """
    enterprise = _enterprise(body) if _is_whole(body) else ""
    pairs = (("context_team_id",), ("context_enterprise_id",)), (("team", "id"), ("team", "enterprise_id"))
    for team, above in (*pairs, (("team_id",), ("enterprise_id",))):
        if enterprise and text_at(body, *team) and text_at(body, *above) == enterprise:
            return text_at(body, *team), enterprise
    return "", ""


def _is_whole(body: Mapping[str, Any]) -> bool:
    """Return whether a request comes from an organisation-wide installation."""
    granted = at(body, "authorizations", 0)
    said = at(body if granted is None else granted, "is_enterprise_install")
    return said in (True, "true")  # slash commands are form-encoded: values are text


def _enterprise(body: Mapping[str, Any]) -> str:
    return first_text(body, ("authorizations", 0, "enterprise_id"), ("enterprise", "id"), ("enterprise_id",))


def _above(installation: Installation) -> str:
    found = installation.extra.get(_ABOVE)
    return found if isinstance(found, str) else ""


class WorkspaceAuthorization(AsyncAuthorize):
    """Authorises each request with the stored token of its workspace, without a call to Slack."""

    def __init__(self, workspace_tokens: WorkspaceTokens) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library says no type here
        self._tenants = workspace_tokens

    async def __call__(
        self, *, context: Any, enterprise_id: str | None, team_id: str | None, user_id: str | None, **_actor: str | None
    ) -> AuthorizeResult | None:
        """Return the bot token and identity for a request; None if the app is not installed in its workspace."""
        whole = bool(context.is_enterprise_install)
        found = await self._tenants.of("" if whole else team_id or "", enterprise_id or "")
        if found is None:
            return None
        bot = found.extra.get("bot_id")
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=bot if isinstance(bot, str) else None,
            bot_user_id=found.bot_user,
            bot_token=found.token,
            bot_scopes=found.scopes,
            user_id=user_id,
        )


class Installations(AsyncInstallationStore):
    """Stores the installations that the library's OAuth flow obtains."""

    def __init__(self, workspace_tokens: WorkspaceTokens) -> None:
        self._tenants = workspace_tokens

    async def async_save(self, installation: Granted) -> None:
        """Store a granted installation.

        Raises:
            BoltError: the installation cannot be stored.
        """
        try:
            await self._tenants.keep(_installed(installation))
        except StoreError as error:
            _log.error("an installation could not be saved", extra={"error": str(error), "hint": error.hint})
            raise BoltError(for_chat(str(error), error.place)) from error


def _installed(granted: Granted) -> Installation:
    whole = granted.is_enterprise_install
    return Installation(
        platform="slack",
        workspace=(granted.enterprise_id if whole else granted.team_id) or "",
        token=granted.bot_token or "",
        enterprise=whole,
        bot_user=granted.bot_user_id or "",
        scopes=tuple(granted.bot_scopes or ()),
        installed_by=granted.user_id or "",
        installed_at=datetime.fromtimestamp(granted.installed_at, UTC),
        extra={"bot_id": granted.bot_id or "", "app_id": granted.app_id or ""},
    )


class OAuthStates(AsyncOAuthStateStore):
    """Issues OAuth states: signed with our key, valid for ten minutes and for one use."""

    def __init__(self, *, store: Store, clock: Clock, secret: str) -> None:
        self._store = store
        self._clock = clock
        self._key = hmac.digest(secret.encode(), b"paperwire: the state of an installation", "sha256")

    async def async_issue(self, *_args: Any, **_more: Any) -> str:
        """Return a new state."""
        written = f"{int(self._clock().timestamp())}.{secrets.token_urlsafe(18)}"
        return f"{written}.{self._signature(written)}"

    async def async_consume(self, state: str) -> bool:
        """Return whether a state has our signature, has not expired and is used for the first time."""
        written, _, signature = state.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(written).encode()):
            return False
        age = self._clock().timestamp() - int(written.partition(".")[0])
        if age > STATE_LASTS.total_seconds():
            return False
        return await self._store.once("slack.state", written, now=self._clock())

    def _signature(self, written: str) -> str:
        return hmac.digest(self._key, written.encode(), "sha256").hex()
