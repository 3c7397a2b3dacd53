"""In which language a channel's subscriptions speak. Pure functions, and one question to the store."""

from dataclasses import replace

from bots.domain.channels import Channel
from bots.domain.requests import Preview, Request, Subscribe
from bots.ports import Subscriptions
from bots.translation.languages import ENGLISH, Language, load_languages


async def channel_language(subscriptions: Subscriptions, channel: Channel) -> Language:
    """Return the language of what everyone in a channel reads: that of its oldest subscription; English without one.

    Raises:
        StoreError: the database cannot be read.
    """
    held = await subscriptions.subscriptions(channel)
    return load_languages().of(held[0].language, channel.platform) if held else ENGLISH


def in_language(request: Request, language: Language) -> Request:
    """Return a request; a new subscription in which no language is named gets this one."""
    if not isinstance(request, Subscribe | Preview) or request.subscription.language or language == ENGLISH:
        return request
    return replace(request, subscription=replace(request.subscription, language=language.code))
