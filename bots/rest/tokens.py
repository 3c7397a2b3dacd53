"""Tokens of the JSON API: who has one may do in one workspace what its rights say. Pure functions.

A token is `pw_ID_SECRET`. The secret has 256 random bits, so a plain hash of it cannot be turned back, and it is stored
in no other form.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bots.domain.channels import Channel
from bots.domain.credentials import Credential, CredentialKind

_TOKEN = re.compile(r"pw_(?P<id>[0-9a-f]{12})_(?P<secret>[A-Za-z0-9_-]{43})")
_ID_BYTES, _SECRET_BYTES = 6, 32


class Right(StrEnum):
    """What a token allows."""

    #: Search, papers, the trending list, what was posted, subscriptions, saved papers.
    READ = "read"
    #: Condense an abstract.
    SUMMARIZE = "summarize"
    #: Save papers, and remove them.
    SAVE = "save"
    #: Create and end subscriptions.
    SUBSCRIBE = "subscribe"


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiToken:
    """A token as it is known without its secret."""

    id: str
    name: str
    #: The place in whose name it acts: its workspace's data, and this channel's subscriptions.
    channel: Channel
    rights: frozenset[Right]
    created: datetime
    #: The person whose saved papers it reads and writes, as a place without a channel; None for a list of its own.
    person: Channel | None = None
    expires: datetime | None = None

    @property
    def user(self) -> str:
        """The id of the person it acts for."""
        return self.person.channel if self.person else f"api-token {self.id}"


def new_token(token: ApiToken) -> tuple[str, Credential]:
    """Return the text of a new token, which is shown once, and what is stored of it."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    facts = {
        "name": token.name,
        "rights": sorted(token.rights),
        "person": str(token.person) if token.person else "",
        "expires": token.expires.isoformat() if token.expires else "",
        "hash": _hash(secret),
    }
    kept = Credential(
        kind=CredentialKind.API_TOKEN, id=token.id, channel=token.channel, created=token.created, facts=facts
    )
    return f"pw_{token.id}_{secret}", kept


def new_token_id() -> str:
    """Return a random id."""
    return secrets.token_hex(_ID_BYTES)


def token_id_of(text: str) -> str:
    """Return the id that a text claims; empty if it is no token."""
    found = _TOKEN.fullmatch(text)
    return found["id"] if found else ""


def is_genuine(text: str, kept: Credential) -> bool:
    """Return whether a text is the token of which this is stored."""
    found = _TOKEN.fullmatch(text)
    return found is not None and hmac.compare_digest(_hash(found["secret"]), str(kept.facts["hash"]))


def read_token(kept: Credential) -> ApiToken:
    """Return a stored token."""
    person, expires = str(kept.facts.get("person", "")), str(kept.facts.get("expires", ""))
    rights = kept.facts.get("rights", ())
    return ApiToken(
        id=kept.id,
        name=str(kept.facts.get("name", "")),
        channel=kept.channel,
        rights=frozenset(map(Right, rights if isinstance(rights, Iterable) else ())),
        created=kept.created,
        person=Channel.parse(person) if person else None,
        expires=datetime.fromisoformat(expires) if expires else None,
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
