"""A workspace's permission to post there, as its platform granted it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Installation:
    """A workspace that installed Paperwire; `repr` leaves out its token and `extra`."""

    platform: str
    #: The workspace, or the organisation if Paperwire was installed for all of its workspaces.
    workspace: str
    token: str = field(repr=False)
    #: Whether this is the installation of an organisation.
    enterprise: bool = False
    #: The platform's id of our bot user there.
    bot_user: str = ""
    scopes: tuple[str, ...] = ()
    #: The platform's id of the person who installed it.
    installed_by: str = ""
    installed_at: datetime
    #: Everything else the platform sent, as JSON values; as secret as the token.
    extra: Mapping[str, object] = field(default_factory=dict, repr=False)
