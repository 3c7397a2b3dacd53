"""A mail address that digests are sent to, under an id that can be shown and logged instead of the address."""

from dataclasses import dataclass, field
from datetime import datetime

from bots.domain.channels import Channel

#: The adapter's name.
PLATFORM = "email"
#: The name of the one channel that a mailbox has.
INBOX = "inbox"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailbox:
    """A mail address and its owner's consent; `repr` leaves the address and the secret out."""

    #: Random, so that it says nothing about the address; the workspace of its channel, whose data is purged together.
    id: str
    #: The address that messages are sent to.
    address: str = field(repr=False)
    #: The same for all spellings of one address; unique among the mailboxes.
    address_key: str = field(repr=False)
    #: Signs the links in this mailbox's messages. It is deleted with the mailbox, and the links end with it.
    secret: str = field(repr=False)
    created: datetime
    #: When its owner, or the operator, confirmed it; nothing but the request to confirm is sent before.
    confirmed: datetime | None = None

    @property
    def channel(self) -> Channel:
        """The channel of the mailbox."""
        return Channel(platform=PLATFORM, workspace=self.id, channel=INBOX)
