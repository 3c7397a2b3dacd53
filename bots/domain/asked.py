"""Where a request came from, and who sent it: what all requests have."""

from dataclasses import dataclass

from bots.domain.channels import Channel, Reader


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Where a request came from; the reply goes back there."""

    channel: Channel
    #: The platform's id of the person; empty where the platform has none.
    user: str = ""
    #: Whether the person may read this machine's files: true for the command line on this machine, never for a chat.
    trusted: bool = False
    #: Whether `channel` is the person's own direct messages with the bot.
    personal: bool = False
    #: Where the person is, if `channel` stands for the person and not for a place; None if it is the channel.
    place: Channel | None = None

    @property
    def here(self) -> Channel:
        """The place whose private papers the person may see."""
        return self.place or self.channel

    @property
    def reader(self) -> Reader:
        """The person who sent the request."""
        return Reader(platform=self.channel.platform, workspace=self.channel.workspace, user=self.user)
