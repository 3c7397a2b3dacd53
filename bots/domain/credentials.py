"""What lets other programs read from Paperwire, and lets Paperwire write to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bots.domain.channels import Channel


class CredentialKind(StrEnum):
    """What a credential is for."""

    #: A token for the JSON API; only a hash of its secret is stored.
    API_TOKEN = "api-token"  # noqa: S105 - the name of a kind
    #: The key that signs the address of a channel's feed.
    FEED = "feed"
    #: The address of a webhook and the key that signs its messages; both are encrypted.
    WEBHOOK = "webhook"
    #: A key of Zotero's Web API; encrypted.
    ZOTERO = "zotero"


@dataclass(frozen=True, kw_only=True, slots=True)
class Credential:
    """One credential of a workspace; `repr` leaves what must not be logged out."""

    kind: CredentialKind
    #: Unique within its kind.
    id: str
    #: The place it belongs to; it is deleted with the place's workspace.
    channel: Channel
    created: datetime
    #: JSON values that may be stored as they are.
    facts: Mapping[str, object] = field(default_factory=dict, repr=False)
    #: Texts that are encrypted where they are stored; empty if there are none.
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
