"""The permissions of members, and how a channel's overwrites change them.

docs.discord.com, Permissions: the bits, "Permission Hierarchy", "Permission Overwrites", "Implicit Permissions".
"""

from enum import IntFlag


class Permissions(IntFlag):
    """The permission bits that the fake checks or grants."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CONNECT = 1 << 20
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51
    BYPASS_SLOWMODE = 1 << 52


_P = Permissions
NOTHING = Permissions(0)
EVERYTHING = Permissions((1 << 53) - 1)
#: The permissions that the app requests when it is invited.
LEAST = (
    _P.VIEW_CHANNEL
    | _P.SEND_MESSAGES
    | _P.SEND_MESSAGES_IN_THREADS
    | _P.CREATE_PUBLIC_THREADS
    | _P.EMBED_LINKS
    | _P.ATTACH_FILES
    | _P.READ_MESSAGE_HISTORY
)
#: The permissions of members in a new server.
MEMBER = LEAST | _P.ADD_REACTIONS | _P.CONNECT | _P.USE_APPLICATION_COMMANDS | _P.USE_EXTERNAL_APPS
#: docs.discord.com, Interaction object, `app_permissions`: in direct messages, and in servers without the app.
DIRECT = _P.ATTACH_FILES | _P.EMBED_LINKS | _P.MENTION_EVERYONE
#: In direct messages with the bot itself; the same page.
WITH_BOT = DIRECT | _P.USE_EXTERNAL_EMOJIS
#: The permissions of people in direct messages.
IN_DIRECT = MEMBER | _P.MENTION_EVERYONE | _P.USE_EXTERNAL_EMOJIS | _P.PIN_MESSAGES
#: Permissions that a member loses together with the permission to send.
_WITH_SENDING = _P.EMBED_LINKS | _P.ATTACH_FILES | _P.MENTION_EVERYONE


def in_channel(base: Permissions, *overwrites: tuple[Permissions, Permissions], thread: bool = False) -> Permissions:
    """Return the permissions that remain in a channel.

    Args:
        base: the permissions of all roles of the member together.
        overwrites: pairs of denied and allowed permissions, the widest first.
        thread: whether sending needs SEND_MESSAGES_IN_THREADS.
    """
    if base & _P.ADMINISTRATOR:
        return EVERYTHING
    for denied, allowed in overwrites:
        base = base & ~denied | allowed
    if not base & _P.VIEW_CHANNEL:
        return NOTHING
    sending = _P.SEND_MESSAGES_IN_THREADS if thread else _P.SEND_MESSAGES
    return base if base & sending else base & ~_WITH_SENDING
