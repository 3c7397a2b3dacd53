"""The secret addresses of the feeds of channels. Pure functions."""

import secrets
from datetime import datetime

from bots.domain.channels import Channel
from bots.domain.credentials import Credential, CredentialKind
from bots.pages.signed_links import signed, subject_of, verified

_PURPOSE = "feed"
_ID_BYTES, _KEY_BYTES = 8, 32


def new_feed_key(channel: Channel, *, title: str, now: datetime) -> Credential:
    """Return a new key for the feed of a channel; addresses that an older key signed end when that is deleted."""
    return Credential(
        kind=CredentialKind.FEED,
        id=secrets.token_hex(_ID_BYTES),
        channel=channel,
        created=now.replace(microsecond=0),
        facts={"secret": secrets.token_urlsafe(_KEY_BYTES), "title": title},
    )


def feed_token(key: Credential) -> str:
    """Return the part of an address that only this key can make; always the same for the same key."""
    return signed(key.id, secret=str(key.facts["secret"]), purpose=_PURPOSE, now=key.created)


def key_id_of(token: str) -> str:
    """Return the id of the key that a token claims, unverified; empty if it claims none."""
    return subject_of(token)


def opens(key: Credential, token: str, *, now: datetime) -> bool:
    """Return whether a token was made with this key."""
    return verified(token, secret=str(key.facts["secret"]), purpose=_PURPOSE, now=now)


def title_of(key: Credential) -> str:
    """Return the title under which the feed is shown."""
    return str(key.facts.get("title", ""))
