"""Compute permissions in a channel from Discord's data: a member's roles, and the channel's overwrites."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import discord

from bots.discord.channel_kinds import THREADS, ChannelKind
from bots.discord.permissions import Permission, lacking, missing, names_of, needed_in
from bots.discord.rest_client import RestClient
from bots.domain.channels import Channel
from bots.domain.errors import ChannelGone
from bots.translation.speech import gettext_lazy, ngettext_lazy

#: The bot sees no channel whose View Channel it lacks (docs.discord.com, JSON Error Codes, Missing Access).
_NO_ACCESS = 50001


async def rights_in(
    speaking: RestClient, channel: Channel, about: Mapping[str, Any], member: Mapping[str, Any], user: str
) -> int:
    """Return a member's permissions in a channel, as bits (docs.discord.com, Permissions, Permission Overwrites).

    Args:
        speaking: the client.
        channel: the channel; its workspace is the server.
        about: Discord's data on the channel; for a thread, its parent's are fetched.
        member: Discord's data on the member.
        user: the member's id.

    Raises:
        discord.HTTPException, SettingsError, OSError, TimeoutError, aiohttp.ClientError: as `RestClient.ask`.
    """
    if int(about.get("type", 0)) in THREADS:
        about = await speaking.ask("GET", f"/channels/{about['parent_id']}")
    roles = {str(each["id"]): each for each in await speaking.ask("GET", f"/guilds/{channel.workspace}/roles")}
    theirs = [channel.workspace, *map(str, member.get("roles") or ())]
    held = _all(int(roles.get(role, {}).get("permissions", 0)) for role in theirs)
    if held & Permission.ADMINISTRATOR:
        return held
    overwrites = about.get("permission_overwrites") or ()
    return overwritten(held, overwrites, server=channel.workspace, roles=theirs[1:], me=user)


async def own_rights(speaking: RestClient, channel: Channel, about: Mapping[str, Any]) -> int:
    """Return the bot's permissions in a channel; raises the errors of `rights_in`."""
    me = await speaking.me()
    member: Mapping[str, Any] = await speaking.ask("GET", f"/guilds/{channel.workspace}/members/{me}")
    return await rights_in(speaking, channel, about, member, me)


async def readers_of(speaking: RestClient, channel: Channel, users: Collection[str]) -> frozenset[str]:
    """Return which of the people are members of the server and can read a channel; nobody for a private thread.

    Raises:
        discord.HTTPException, SettingsError, OSError, TimeoutError, aiohttp.ClientError: as `RestClient.ask`.
    """
    about: Mapping[str, Any] = await speaking.ask("GET", f"/channels/{channel.channel}")
    if not channel.workspace or int(about.get("type", 0)) == ChannelKind.PRIVATE_THREAD:
        return frozenset()
    found = set[str]()
    for user in users:
        try:
            member = await speaking.ask("GET", f"/guilds/{channel.workspace}/members/{user}")
        except discord.NotFound:
            continue
        held = await rights_in(speaking, channel, about, member, user)
        if not missing(held, Permission.VIEW_CHANNEL):
            found.add(user)
    return frozenset(found)


def overwritten(
    held: int, overwrites: Iterable[Mapping[str, Any]], *, server: str, roles: Iterable[str], me: str
) -> int:
    """Return permissions after a channel's overwrites: for everyone, for all roles together, then for the member."""
    by_id = {str(each["id"]): (int(each.get("allow", 0)), int(each.get("deny", 0))) for each in overwrites}
    own = [by_id[role] for role in roles if role in by_id]
    together = (_all(allow for allow, _ in own), _all(deny for _, deny in own))
    for allow, deny in (by_id.get(server, (0, 0)), together, by_id.get(me, (0, 0))):
        held = held & ~deny | allow
    return held


def _all(bits: Iterable[int]) -> int:
    found = 0
    for each in bits:
        found |= each
    return found


async def lacking_in(speaking: RestClient, channel: Channel) -> ChannelGone | None:
    """Return the error that names the permissions the bot lacks in a channel; None if it lacks none.

    Raises:
        discord.HTTPException, SettingsError, OSError, TimeoutError, aiohttp.ClientError: as `RestClient.ask`.
    """
    if not channel.workspace:
        return None
    try:
        about: Mapping[str, Any] = await speaking.ask("GET", f"/channels/{channel.channel}")
        held = await own_rights(speaking, channel, about)
    except discord.HTTPException as error:
        return lacks(Permission.VIEW_CHANNEL, "") if error.code == _NO_ACCESS else None
    rights = lacking(held, needed_in(int(about.get("type", 0))))
    return lacks(rights, f"#{about.get('name') or channel.channel}") if rights else None


def lacks(rights: Permission, where: str) -> ChannelGone:
    """Return the error for permissions that the bot lacks, and how a person gives them.

    Args:
        rights: the permissions, at least one.
        where: the channel by its name; empty if that cannot be read.
    """
    values = {"permissions": names_of(rights), "place": where or gettext_lazy("the channel")}
    number = rights.bit_count()
    said = ngettext_lazy(
        "Paperwire lacks the permission {permissions} in {place}.",
        "Paperwire lacks the permissions {permissions} in {place}.",
        number,
        **values,
    )
    hint = ngettext_lazy(
        "Someone with the permission {right} can give it: Edit Channel, Permissions, add Paperwire, allow "
        "{permissions}.",
        "Someone with the permission {right} can give them: Edit Channel, Permissions, add Paperwire, allow "
        "{permissions}.",
        number,
        right=names_of(Permission.MANAGE_CHANNELS),
        permissions=values["permissions"],
    )
    return ChannelGone(said, hint=hint)
