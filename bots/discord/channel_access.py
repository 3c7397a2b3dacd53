"""Whether digests can be posted to a channel, asked before one is made or promised there."""

from collections.abc import Mapping
from typing import Any

from bots.chat.phrases import listed
from bots.discord.channel_kinds import FORUMS, LOCK, TARGETS, tags_of
from bots.discord.error_translation import translated
from bots.discord.payloads import PERSON, number_at
from bots.discord.permissions import ADD_A_TAG, is_shut, missing, needed_in
from bots.discord.rest_client import RestClient
from bots.discord.rights import own_rights
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand, ChannelGone

_FORM = "Give discord:SERVER:CHANNEL, both as numbers: right-click, Copy ID, with Developer Mode on."
_KINDS = "Give a text channel, an announcement channel, a thread or a forum."


async def check_channel(speaking: RestClient, channel: Channel) -> None:
    """Return if digests can be posted to a channel.

    Raises:
        BadCommand: the ids are no ids of Discord's, or the channel is in another server.
        ChannelGone: Discord has no such channel, or the bot cannot post digests there.
        PostRefused, PostUnknown: Discord cannot be asked now.
    """
    _check_form(channel)
    if channel.channel.startswith(PERSON):
        return
    with translated(channel):
        about: Mapping[str, Any] = await speaking.ask("GET", f"/channels/{channel.channel}")
    server = str(about.get("guild_id") or "")
    if server != channel.workspace:
        where = f"Give discord:{server}:{channel.channel}." if server else f"Give discord:{channel.channel}."
        raise BadCommand(f"{channel} is in no server of that id.", hint=where)
    if server:
        await _check_rights(speaking, channel, about)


def _check_form(channel: Channel) -> None:
    if not channel.channel.removeprefix(PERSON).isdigit() or not (channel.workspace or "0").isdigit():
        raise BadCommand(f"{channel} is no channel of Discord.", hint=_FORM)


async def _check_rights(speaking: RestClient, channel: Channel, about: Mapping[str, Any]) -> None:
    kind, name = number_at(about, "type"), f"#{about.get('name') or channel.channel}"
    if kind not in TARGETS:
        raise ChannelGone(f"Digests cannot be posted to {name}, because of its type.", hint=_KINDS)
    with translated(channel):
        held = await own_rights(speaking, channel, about)
    if is_shut(about, held):
        raise ChannelGone(f"{LOCK[0]}.", hint=LOCK[1])
    lacking = missing(held, needed_in(kind))
    if lacking:
        said = f"{'permission' if len(lacking) == 1 else 'permissions'} {listed(lacking)}"
        hint = f"Edit Channel, Permissions: add Paperwire and allow {listed(lacking)}."
        raise ChannelGone(f"Paperwire lacks the {said} in {name}.", hint=hint)
    if kind in FORUMS and tags_of(about) is None:
        raise ChannelGone(f"{name} requires a tag on each post, and has none for papers.", hint=ADD_A_TAG)
