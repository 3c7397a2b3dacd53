"""The addresses of the pages that a mail links to, each signed with its mailbox's own key. Pure functions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bots.domain.mailboxes import Mailbox
from bots.pages.signed_links import signed, verified

#: The path of all pages, below the public address.
BASE = "/email"


class Purpose(StrEnum):
    """What a link allows; also the last part of its path."""

    CONFIRM = "confirm"
    PREFERENCES = "preferences"
    UNSUBSCRIBE = "unsubscribe"


#: How long each link works. Who signs up reads the mail within two days, or signs up again; a mail of last quarter may
#: still lead to the preferences; who wants to leave can always do so.
_VALID: dict[Purpose, timedelta | None] = {
    Purpose.CONFIRM: timedelta(days=2),
    Purpose.PREFERENCES: timedelta(days=92),
    Purpose.UNSUBSCRIBE: None,
}
#: A mailbox that was not confirmed is deleted when its link has expired.
UNCONFIRMED = timedelta(days=2, hours=1)
#: One without a subscription, such as that of a digest sent by hand, is deleted after a month.
UNUSED = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Links:
    """The links of the pages at one public address."""

    public_url: str

    def of(self, mailbox: Mailbox, purpose: Purpose, now: datetime) -> str:
        """Return a link; empty if there are no pages."""
        if not self.public_url:
            return ""
        token = signed(mailbox.id, secret=mailbox.secret, purpose=purpose, now=now)
        return f"{self.public_url}{BASE}/{purpose}?t={token}"

    def sign_up(self) -> str:
        """Return the address of the page to sign up on; empty if there are no pages."""
        return f"{self.public_url}{BASE}/sign-up" if self.public_url else ""


def opens(token: str, mailbox: Mailbox, purpose: Purpose, now: datetime) -> bool:
    """Return whether a token allows this for a mailbox."""
    return verified(token, secret=mailbox.secret, purpose=purpose, now=now, longest=_VALID[purpose])
