"""Whether digests can be posted to a channel, asked before one is made or promised there."""

from collections.abc import Mapping
from typing import Any

from bots.discord.channel_kinds import FORUMS, LOCK, TARGETS, tags_of
from bots.discord.error_translation import translated
from bots.discord.payloads import PERSON, number_at
from bots.discord.permissions import ADD_A_TAG, is_shut, lacking, needed_in
from bots.discord.rest_client import RestClient
from bots.discord.rights import lacks, own_rights
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand, ChannelGone
from bots.translation.speech import gettext_lazy, gettext_noop

_FORM = "Give discord:SERVER:CHANNEL, both as numbers: right-click, Copy ID, with Developer Mode on."
_KINDS = gettext_noop("Give a text channel, an announcement channel, a thread or a forum.")


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
        said = gettext_lazy("Digests cannot be posted to {place}, because of its type.", place=name)
        raise ChannelGone(said, hint=gettext_lazy(_KINDS))
    with translated(channel):
        held = await own_rights(speaking, channel, about)
    if is_shut(about, held):
        raise ChannelGone(gettext_lazy(LOCK[0]), hint=gettext_lazy(LOCK[1]))
    rights = lacking(held, needed_in(kind))
    if rights:
        raise lacks(rights, name)
    if kind in FORUMS and tags_of(about) is None:
        said = gettext_lazy("{place} requires a tag on each post, and has none for papers.", place=name)
        raise ChannelGone(said, hint=gettext_lazy(ADD_A_TAG))
