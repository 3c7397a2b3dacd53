"""Signs messages as the Standard Webhooks specification says (version 1, HMAC-SHA256). Pure functions."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

_PREFIX = "whsec_"
#: The specification asks for 24 to 64 bytes.
_BYTES = 32


def new_secret() -> str:
    """Return a new signing key, in the form in which receivers are given it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def message_id(key: str) -> str:
    """Return the id of a message: the same for every attempt to send a part, so that a receiver can drop copies."""
    return f"msg_{key}"


def signed_headers(secret: str, named: str, body: bytes, now: datetime) -> Mapping[str, str]:
    """Return the headers of one attempt to send a message.

    Args:
        secret: the signing key.
        named: the id of the message.
        body: the bytes that are sent.
        now: the time of the attempt; a receiver refuses old ones, so that none can be sent again by others.
    """
    at = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    digest = hmac.new(key, b".".join((named.encode(), at.encode(), body)), hashlib.sha256).digest()
    return {
        "webhook-id": named,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
