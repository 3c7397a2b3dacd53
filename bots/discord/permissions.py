"""Check the permissions that a digest requires of the bot, and a change of a person. Pure functions."""

from collections.abc import Iterator, Mapping
from enum import IntFlag

from bots.chat.phrases import listed, sentence
from bots.chat.untrusted import at
from bots.discord.channel_kinds import FORUMS, LOCK, TARGETS, THREADS, ChannelKind
from bots.discord.payloads import Location
from bots.discord.settings import WhoMay
from bots.domain.errors import NotAllowed
from bots.domain.requests import NotForUs, Request, Unhide, changes_channel
from bots.translation.speech import LazyText, gettext, gettext_noop, ngettext


class Permission(IntFlag):
    """Permissions (docs.discord.com, Permissions)."""

    MANAGE_CHANNELS = 1 << 4
    ADMINISTRATOR = 1 << 3
    MANAGE_SERVER = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


#: The permissions that the bot requests when it is invited, and no more.
WANTED = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
#: The permissions by the names that Discord's own settings use.
_NAMED: Mapping[Permission, str] = {
    Permission.VIEW_CHANNEL: gettext_noop("View Channel"),
    Permission.SEND_MESSAGES: gettext_noop("Send Messages"),
    Permission.EMBED_LINKS: gettext_noop("Embed Links"),
    Permission.ATTACH_FILES: gettext_noop("Attach Files"),
    Permission.READ_MESSAGE_HISTORY: gettext_noop("Read Message History"),
    Permission.CREATE_PUBLIC_THREADS: gettext_noop("Create Public Threads"),
    Permission.SEND_MESSAGES_IN_THREADS: gettext_noop("Send Messages in Threads"),
    Permission.MANAGE_CHANNELS: gettext_noop("Manage Channels"),
    Permission.MANAGE_SERVER: gettext_noop("Manage Server"),
    Permission.MANAGE_THREADS: gettext_noop("Manage Threads"),
}
#: The fix for a forum that requires a tag on each post.
ADD_A_TAG = gettext_noop("Edit the forum, Tags: add one named papers.")
_MAY = {WhoMay.CHANNELS: Permission.MANAGE_CHANNELS, WhoMay.SERVER: Permission.MANAGE_SERVER}


def permission_name(right: Permission) -> str:
    """Return the name of a permission, as Discord's settings call it in the reader's language."""
    return gettext(_NAMED[right])


def needed_in(kind: int) -> Permission:
    """Return the permissions that the bot needs to post digests in a type of channel."""
    basic = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
    if kind in THREADS:
        return basic | Permission.SEND_MESSAGES_IN_THREADS
    if kind in FORUMS:
        return basic | Permission.SEND_MESSAGES | Permission.SEND_MESSAGES_IN_THREADS
    # The parts of a digest that do not fit into one message go into its thread.
    return basic | Permission.SEND_MESSAGES | Permission.CREATE_PUBLIC_THREADS | Permission.SEND_MESSAGES_IN_THREADS


def missing(held: int, needed: Permission) -> tuple[str, ...]:
    """Return the names of the missing permissions, as Discord's settings call them."""
    return tuple(_missing(held, needed))


def names_of(rights: Permission) -> LazyText:
    """Return the names of permissions as a list, translated where `localized` shows it."""
    return LazyText(lambda: listed(permission_name(right) for right in _NAMED if right & rights) if rights else "")


def lacking(held: int, needed: Permission) -> Permission:
    """Return the permissions that are needed and not held; an administrator holds all."""
    return Permission(0) if held & Permission.ADMINISTRATOR else needed & ~Permission(held)


def _missing(held: int, needed: Permission) -> Iterator[str]:
    if not held & Permission.ADMINISTRATOR:
        yield from (permission_name(right) for right in _NAMED if right & needed and not right & held)


def check_place(kind: int) -> None:
    """Check that a type of channel accepts digests.

    Raises:
        NotAllowed: nothing is posted in this type, such as the chat of a voice channel.
    """
    if kind not in TARGETS:
        raise NotAllowed(
            gettext("Digests can be posted to text channels, announcement channels, threads and forums."),
            hint=gettext("Subscribe in one of those."),
        )


def is_shut(channel: object, held: int | None) -> bool:
    """Return whether a thread is locked and the bot may not post in locked ones.

    Args:
        channel: Discord's data on the channel, whole or partial.
        held: the bot's permissions there, as bits; None if Discord did not send them.
    """
    may = (held or 0) & (Permission.MANAGE_THREADS | Permission.ADMINISTRATOR)
    return at(channel, "thread_metadata", "locked") is True and not may


def check_open(channel: object, held: int | None) -> None:
    """Check that a channel is no locked thread; the arguments are those of `is_shut`.

    Raises:
        NotAllowed: it is one.
    """
    if is_shut(channel, held):
        why, remedy = map(gettext, LOCK)
        raise NotAllowed(sentence(why), hint=remedy)


def check_ours(held: int | None, kind: int) -> None:
    """Check the bot's permissions in a channel, to report a problem on subscribing and not at the time of the digest.

    Raises:
        NotAllowed: a permission is missing.
    """
    lacking = missing(held, needed_in(kind)) if held is not None else ()
    if lacking:
        names = listed(lacking)
        raise NotAllowed(
            ngettext(
                "Paperwire lacks the permission {permissions} there.",
                "Paperwire lacks the permissions {permissions} there.",
                len(lacking),
                permissions=names,
            ),
            hint=gettext(
                "Someone with the permission {right} can help: Edit Channel, Permissions, add Paperwire, allow "
                "{permissions}. Then subscribe again.",
                right=permission_name(Permission.MANAGE_CHANNELS),
                permissions=names,
            ),
        )


def check_change(request: Request, location: Location, who_may: WhoMay, *, theirs: int | None = None) -> None:
    """Check that a person may make a change.

    Args:
        request: the request.
        location: where it was made.
        who_may: which permission it requires.
        theirs: the person's permissions in the channel that it concerns, if that is another one and Discord sent them.

    Raises:
        NotAllowed: this person lacks the required permission.
    """
    if isinstance(request, NotForUs | Unhide):
        check_hiding(location, who_may)
    elif changes_channel(request):
        check_subscriptions(location, who_may, theirs=theirs)


def check_hiding(location: Location, who_may: WhoMay) -> None:
    """Check that a person may hide papers from a channel's digests, or undo that.

    Raises:
        NotAllowed: this person lacks the permission that changing the channel's subscriptions requires.
    """
    right = _MAY.get(who_may)
    if location.channel.workspace and right is not None and missing(location.permissions, right):
        raise NotAllowed(
            gettext(
                "Hiding papers from a channel's digests requires the permission {permission}, which you do not have.",
                permission=permission_name(right),
            ),
            hint=gettext("Ask a member who has it to do this, or to give it to one of your roles."),
        )


def check_subscriptions(location: Location, who_may: WhoMay, *, theirs: int | None = None) -> None:
    """Check that a person may change the subscriptions of a channel.

    Raises:
        NotAllowed: this person lacks the required permission, or the channel cannot have subscriptions.
    """
    if not location.channel.workspace:
        if location.kind != ChannelKind.DIRECT:
            raise NotAllowed(
                gettext("Only a server or your direct messages with Paperwire can subscribe."),
                hint=gettext("Subscribe there."),
            )
        return
    if not location.installed:
        raise NotAllowed(
            gettext("Paperwire is not in this server, so it cannot post here."),
            hint=gettext("Ask whoever runs Paperwire for the link that invites it."),
        )
    right = _MAY.get(who_may)
    held = location.permissions if theirs is None else theirs
    if right is not None and missing(held, right):
        raise NotAllowed(
            gettext(
                "Changing subscriptions requires the permission {permission}, which you do not have.",
                permission=permission_name(right),
            ),
            hint=gettext("Ask a member who has it to do this, or to give it to one of your roles."),
        )


def may_speak(location: Location) -> bool:
    """Return whether a person may write in the channel of their interaction."""
    right = Permission.SEND_MESSAGES_IN_THREADS if location.kind in THREADS else Permission.SEND_MESSAGES
    return not location.channel.workspace or not missing(location.permissions, right)
