"""Who receives webhooks: an address and a signing key under an id, both encrypted where they are stored."""

import secrets
from dataclasses import dataclass

from bots.domain.channels import Channel
from bots.domain.credentials import Credential, CredentialKind
from bots.domain.errors import BadCommand
from bots.outbound.client import NotAllowed, check_address
from bots.ports import Clock, Credentials
from bots.webhook.signature import new_secret

PLATFORM = "webhook"
#: The name of the one channel that a receiver has.
INBOX = "inbox"
_ID_BYTES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Receivers:
    """The receivers of a store."""

    store: Credentials
    clock: Clock
    private_hosts: frozenset[str] = frozenset()

    async def of(self, channel: Channel) -> Credential | None:
        """Return the receiver of a channel; None if it was removed.

        Raises:
            StoreError: it cannot be decrypted.
        """
        return await self.store.credential(CredentialKind.WEBHOOK, channel.workspace)

    async def named(self, channel: Channel) -> Channel:
        """Return the channel of the receiver that the operator names by its address; see `NamesChannels`.

        Raises:
            BadCommand: the address may not be contacted, or there is no such receiver.
            StoreError: there is no key to encrypt it.
        """
        if "://" in channel.channel:
            return (await self.opened(channel.channel)).channel
        known = await self.of(channel if channel.workspace else Channel(platform=PLATFORM, workspace=channel.channel))
        if known is None:
            raise BadCommand(
                f"There is no webhook {channel}.", hint="Give its address: webhook:https://example.org/hook"
            )
        return known.channel

    async def opened(self, url: str) -> Credential:
        """Return the receiver at an address; a new one gets a new signing key.

        Raises:
            BadCommand: the address may not be contacted.
        """
        try:
            address = check_address(url, self.private_hosts)
        except NotAllowed as error:
            raise BadCommand(
                f"This address cannot receive webhooks: {error}.",
                hint="Give one such as https://example.org/hook, or name the host in webhook.private_hosts.",
            ) from error
        for kept in await self.store.credentials(CredentialKind.WEBHOOK):
            if kept.secrets.get("url") == address:
                return kept
        named = secrets.token_hex(_ID_BYTES)
        made = Credential(
            kind=CredentialKind.WEBHOOK,
            id=named,
            channel=Channel(platform=PLATFORM, workspace=named, channel=INBOX),
            created=self.clock(),
            secrets={"url": address, "secret": new_secret()},
        )
        await self.store.keep_credential(made)
        return made
