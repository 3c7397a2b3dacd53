"""A workspace's permission to post there, as its platform gave it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Installation:
    """One workspace that installed Paperwire; its token and `extra` are never shown by accident."""

    platform: str
    #: The workspace, or the organisation where it was installed for all of its workspaces.
    workspace: str
    token: str = field(repr=False)
    #: Whether it is an organisation's.
    enterprise: bool = False
    #: The platform's id of our own user there.
    bot_user: str = ""
    scopes: tuple[str, ...] = ()
    #: The platform's id of the person who installed it.
    installed_by: str = ""
    installed_at: datetime
    #: What else the platform gave, as JSON values; kept as secret as the token.
    extra: Mapping[str, object] = field(default_factory=dict, repr=False)
