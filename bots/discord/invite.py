"""The links that add Paperwire to a server, or to a person's account. Pure functions."""

from urllib.parse import urlencode

from bots.discord.permissions import WANTED

_AUTHORIZE = "https://discord.com/oauth2/authorize"


def server_url(application: str, server: str = "") -> str:
    """Return the link that adds the bot to a server, with the permissions it needs and no more.

    Args:
        application: the application's id.
        server: the id of the server to preselect, if known.
    """
    asked = {
        "client_id": application,
        "scope": "bot applications.commands",
        "permissions": str(int(WANTED)),
        "integration_type": "0",
    }
    if server:
        asked |= {"guild_id": server, "disable_guild_select": "true"}
    return f"{_AUTHORIZE}?{urlencode(asked)}"


def person_url(application: str) -> str:
    """Return the link that adds the lookup commands to a person's account, for use wherever they write."""
    asked = {"client_id": application, "scope": "applications.commands", "integration_type": "1"}
    return f"{_AUTHORIZE}?{urlencode(asked)}"
