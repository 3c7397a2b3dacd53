"""Interfaces to the database for other programs: what was posted, and what they are let in with."""

from typing import Protocol

from bots.domain.channels import Channel
from bots.domain.credentials import Credential, CredentialKind
from bots.domain.posted import PostedMark, PostedPaper


class Archive(Protocol):
    """Reads which papers were posted in a channel."""

    async def posted_papers(
        self, channel: Channel, *, limit: int = 50, before: PostedMark | None = None
    ) -> tuple[PostedPaper, ...]:
        """Return the papers of the last messages in a channel, the last message first and its papers in their order.

        A paper counts for the first message that showed it; one whose record is no longer stored is left out. The
        papers of a message are never divided: messages are added until there are `limit` papers or no more messages.

        Args:
            channel: the channel.
            limit: the number of papers after which no further message is added.
            before: only messages that were posted before this one.
        """
        ...


class Credentials(Protocol):
    """Stores what other programs and Paperwire let one another in with; `purge_workspace` deletes a workspace's."""

    async def keep_credential(self, credential: Credential) -> None:
        """Store a credential, replacing the one of its kind and id.

        Raises:
            StoreError: it has secrets, and there is no key to encrypt them.
        """
        ...

    async def credential(self, kind: CredentialKind, credential_id: str) -> Credential | None:
        """Return a credential by its id.

        Raises:
            StoreError: none of the keys decrypts it.
        """
        ...

    async def credentials(self, kind: CredentialKind, channel: Channel | None = None) -> tuple[Credential, ...]:
        """Return the credentials of a kind, of one channel or of all, oldest first.

        Raises:
            StoreError: none of the keys decrypts one of them.
        """
        ...

    async def drop_credential(self, kind: CredentialKind, credential_id: str) -> bool:
        """Delete a credential; return False if there was none."""
        ...
