"""The channels whose archives everyone may read, and their addresses. Pure functions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from bots.chat.phrases import clean, cut
from bots.domain.channels import Channel
from bots.web.settings import WebSettings

_BETWEEN = re.compile(r"\W+")
#: Characters; longer names are cut where they are shown.
_LONGEST = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenChannel:
    """A channel that the operator opened to everyone."""

    #: As it is shown.
    name: str
    #: As it is written in its address.
    slug: str
    channel: Channel


def open_channels(settings: WebSettings) -> Sequence[OpenChannel]:
    """Return the open channels in the operator's order; two of the same name have different addresses."""
    found: dict[str, OpenChannel] = {}
    for given, channel in settings.channels:
        name = cut(clean(given), _LONGEST) or channel.channel
        stem = _BETWEEN.sub("-", name.casefold()).strip("-") or "channel"
        number = sum(slug == stem or slug.startswith(f"{stem}~") for slug in found)
        slug = f"{stem}~{number + 1}" if number else stem
        found[slug] = OpenChannel(name=name, slug=slug, channel=channel)
    return tuple(found.values())


def channel_address(channel: OpenChannel) -> str:
    """Return the address of a channel's archive."""
    return f"/channel/{quote(channel.slug, safe='~')}"
