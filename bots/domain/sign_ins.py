"""Who is signed in at the web page, under a key that says nothing about the browser's cookie."""

from dataclasses import dataclass
from datetime import datetime

from bots.domain.channels import Channel

#: The platform of who signed in with the operator's token.
OPERATOR_PLATFORM = "web"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """One person in one browser, until it expires or is ended."""

    #: Made of the browser's session, so that who reads the database cannot take it over.
    key: str
    platform: str
    #: The platform's id of the person; empty for who has the operator's token.
    user: str
    #: The person's name, as the platform had it at the sign-in; outside text.
    name: str
    #: The workspaces whose member the person was at the sign-in, sorted. Purging one removes it here; the last one ends
    #: the sign-in.
    workspaces: tuple[str, ...]
    #: Whether the person may operate Paperwire.
    operator: bool = False
    created: datetime
    expires: datetime

    def sees(self, channel: Channel) -> bool:
        """Return whether a channel is in one of the person's workspaces."""
        # A channel without a workspace is a person's direct messages.
        inside = bool(channel.workspace) and channel.workspace in self.workspaces
        return inside and channel.platform == self.platform
