"""The sites that say who somebody is: Slack by OpenID Connect, Discord by OAuth 2.

Sources: docs.slack.dev/authentication/sign-in-with-slack, docs.discord.com/developers/topics/oauth2.
"""

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwk, jwt

from bots.chat.phrases import clean, cut
from bots.chat.untrusted import text_at
from bots.domain.errors import RequestError
from bots.web.settings import ProviderSettings

_log = logging.getLogger(__name__)

#: Seconds for a connection and between two parts of a reply; and for all requests of an attempt together, however
#: slowly their bytes arrive: the person waits for it.
_PATIENCE, _WHOLE = 10.0, 25.0
#: Bytes of a reply; the servers of a person who is in two hundred take some 60 kB.
_MOST_BYTES = 1024 * 1024
_MAX_NAME = 80
#: Seconds by which the clocks of this machine and of Slack may differ.
_LEEWAY = 120
_OK = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Who somebody is, as the site says."""

    user: str
    name: str
    #: The ids of the workspaces that the person is a member of.
    workspaces: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """What belongs to one attempt to sign in, and must come back, or be known, at its end."""

    state: str
    nonce: str
    verifier: str


class NotSaid(RequestError):
    """The site did not say who somebody is; the person can sign in again."""


class Provider(Protocol):
    """A site that says who somebody is."""

    #: The platform whose people it knows.
    platform: str
    #: The site's name.
    title: str

    def address(self, redirect: str, secrets: Secrets) -> str:
        """Return the address of the page that asks the person."""
        ...

    async def person(self, code: str, redirect: str, secrets: Secrets, now: float) -> Person:
        """Return who the code of that page belongs to.

        Args:
            code: the code, which works once.
            redirect: the address that the page returned to.
            secrets: those of the attempt.
            now: seconds since 1970.

        Raises:
            NotSaid: the site does not know the code, does not answer, or its answer is not valid.
        """
        ...


def _client(settings: ProviderSettings, scope: str, method: str) -> AsyncOAuth2Client:
    return AsyncOAuth2Client(
        settings.client_id,
        settings.client_secret.reveal(),
        scope=scope,
        token_endpoint_auth_method=method,
        # Used where the caller gives a verifier.
        code_challenge_method="S256",
        timeout=_PATIENCE,
        follow_redirects=False,
    )


class SlackProvider:
    """Slack, as an OpenID provider: its signed token names the person and the workspace."""

    platform, title = "slack", "Slack"

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._site = settings.site.rstrip("/")

    def address(self, redirect: str, secrets: Secrets) -> str:
        """Return the address of Slack's page; see `Provider.address`."""
        client = _client(self._settings, "openid profile", "client_secret_post")
        address, _ = client.create_authorization_url(
            f"{self._site}/openid/connect/authorize",
            state=secrets.state, redirect_uri=redirect, nonce=secrets.nonce,
        )  # fmt: skip
        return str(address)

    async def person(self, code: str, redirect: str, secrets: Secrets, now: float) -> Person:
        """Return who the code belongs to; see `Provider.person`."""
        try:
            async with (
                asyncio.timeout(_WHOLE),
                _client(self._settings, "openid profile", "client_secret_post") as client,
            ):
                token = await client.fetch_token(
                    f"{self._site}/api/openid.connect.token",
                    code=code, redirect_uri=redirect,
                )  # fmt: skip
                keys = _read(await client.request("GET", f"{self._site}/openid/connect/keys", withhold_token=True))
                claims = self._claims(text_at(token, "id_token"), keys, secrets.nonce, now)
        except Exception as error:
            raise _not_said(self.title, error) from error
        return Person(
            user=text_at(claims, "https://slack.com/user_id"),
            name=_name(claims, "name"),
            workspaces=(text_at(claims, "https://slack.com/team_id"),),
        )

    def _claims(self, token: str, keys: Any, nonce: str, now: float) -> Mapping[str, Any]:
        """Return what a token claims, once its signature, issuer, audience, time and nonce are found to be right."""
        claims = jwt.decode(token, jwk.KeySet.import_key_set(keys), algorithms=["RS256"]).claims
        registry = jwt.JWTClaimsRegistry(
            now=int(now),
            leeway=_LEEWAY,
            iss={"essential": True, "value": self._site},
            aud={"essential": True, "value": self._settings.client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(claims)
        if not text_at(claims, "https://slack.com/user_id") or not text_at(claims, "https://slack.com/team_id"):
            raise ValueError("the token names no person or no workspace")
        return claims


class DiscordProvider:
    """Discord, by OAuth 2: its API names the person and the servers."""

    platform, title = "discord", "Discord"

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._site = settings.site.rstrip("/")

    def address(self, redirect: str, secrets: Secrets) -> str:
        """Return the address of Discord's page; see `Provider.address`."""
        client = _client(self._settings, "identify guilds", "client_secret_basic")
        address, _ = client.create_authorization_url(
            f"{self._site}/oauth2/authorize",
            state=secrets.state, redirect_uri=redirect, code_verifier=secrets.verifier, prompt="none",
        )  # fmt: skip
        return str(address)

    async def person(self, code: str, redirect: str, secrets: Secrets, now: float) -> Person:  # noqa: ARG002 - no token
        """Return who the code belongs to; see `Provider.person`."""
        try:
            async with (
                asyncio.timeout(_WHOLE),
                _client(self._settings, "identify guilds", "client_secret_basic") as client,
            ):
                await client.fetch_token(
                    f"{self._site}/api/oauth2/token",
                    code=code, redirect_uri=redirect, code_verifier=secrets.verifier,
                )  # fmt: skip
                me = _read(await client.get(f"{self._site}/api/v10/users/@me"))
                servers = _read(await client.get(f"{self._site}/api/v10/users/@me/guilds"))
        except Exception as error:
            raise _not_said(self.title, error) from error
        if not text_at(me, "id").isdigit() or not isinstance(servers, list):
            raise _not_said(self.title)
        ids = (text_at(each, "id") for each in servers)
        return Person(
            user=text_at(me, "id"),
            name=_name(me, "global_name") or _name(me, "username"),
            workspaces=tuple(sorted(each for each in ids if each.isdigit())),
        )


def _read(response: Any) -> Any:
    """Return the JSON of a reply.

    Raises:
        ValueError: the reply is a refusal, too large, or no JSON.
    """
    if response.status_code != _OK or len(response.content) > _MOST_BYTES:
        raise ValueError(f"the reply is {response.status_code} with {len(response.content)} bytes")
    return json.loads(response.content)


def _name(claims: object, name: str) -> str:
    return cut(clean(text_at(claims, name)), _MAX_NAME)


def _not_said(title: str, error: Exception | None = None) -> NotSaid:
    """Return the error for any failure of a site or of the libraries, of which one is chosen by what is installed."""
    # The text of an error may hold the code or the token.
    _log.warning("a site did not say who somebody is", extra={"site": title, "failure": type(error).__name__})
    return NotSaid(f"{title} did not confirm who you are.", hint="Sign in again; each attempt works once.")


def providers(settings: Sequence[ProviderSettings]) -> tuple[Provider, ...]:
    """Return the sites that are set up."""
    made: dict[str, type[SlackProvider | DiscordProvider]] = {
        "slack": SlackProvider,
        "discord": DiscordProvider,
    }
    return tuple(made[each.platform](each) for each in settings)
