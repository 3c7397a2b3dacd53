"""Asks Slack who is in a channel."""

from collections.abc import Collection

from slack_sdk.web.async_client import AsyncWebClient

#: docs.slack.dev/reference/methods/conversations.members: fewer than 1,000 a page.
_PAGE = 999
#: Pages that are read: who is further down in a larger channel is not mentioned.
_PAGES = 10


async def members_of(client: AsyncWebClient, channel: str, users: Collection[str]) -> frozenset[str]:
    """Return which of the people are in a channel.

    Raises:
        SlackApiError, aiohttp.ClientError, OSError, TimeoutError: Slack does not tell.
    """
    found, cursor = set[str](), ""
    for _ in range(_PAGES):
        page = await client.conversations_members(channel=channel, limit=_PAGE, cursor=cursor)
        found |= set(users) & set(page.get("members") or ())
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor or len(found) == len(set(users)):
            break
    return frozenset(found)
