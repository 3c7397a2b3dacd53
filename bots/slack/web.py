"""Slack's Web API: the client of a workspace, how a part is posted and found, and what Slack's answers mean."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.channels import Channel
from bots.digest import Part
from bots.errors import ChannelGone, HistoryClosed, PostRefused, PostTooLarge, PostUnknown
from bots.limits import CALL

#: Carries a part's key: readable by everybody in the workspace, so it is a hash and nothing else.
_EVENT = "paperwire_part"
#: What is sent of a payload; the rest of it is for us.
_SENT = ("text", "blocks", "unfurl_links", "unfurl_media")
#: Our clock and Slack's may differ.
_SKEW = timedelta(minutes=2)
#: An app that is distributed outside the Marketplace gets fifteen messages a request (docs.slack.dev, rate limits).
_PAGE = 15
#: Pages that are read on; a part is looked for from its first attempt on, so few messages lie before it.
_PAGES = 4
_CALL = CALL - 5

#: Refused for good, and what helps (docs.slack.dev, chat.postMessage).
_GONE = {
    "channel_not_found": "Check the channel's id, or invite the app: /invite @paperwire",
    "not_in_channel": "Invite the app to the channel: /invite @paperwire",
    "is_archived": "Unarchive the channel, or end the subscription.",
    "restricted_action": "A workspace admin must let apps post there.",
    "restricted_action_read_only_channel": "A workspace admin must let apps post there.",
    "restricted_action_thread_only_channel": "Only threads may be posted to there.",
    "restricted_action_non_threadable_channel": "That channel has no threads; let entries stand inline.",
    "ekm_access_denied": "A workspace admin has suspended posting.",
    "no_permission": "A workspace admin must give the app permission.",
    "missing_scope": "Install the app again with the scopes of its manifest: paperwire slack manifest",
    "invalid_auth": "Install the app again; its token is not valid.",
    "not_authed": "Install the app again; it has no token.",
    "account_inactive": "Install the app again; it was removed from the workspace.",
    "token_revoked": "Install the app again; its token was revoked.",
    "token_expired": "Install the app again; its token has expired.",
    "org_login_required": "The workspace is being moved; try again when that is done.",
    "team_access_not_granted": "Let the app into that workspace of the organisation.",
    "app_missing_action_url": "Install the app again from its manifest: paperwire slack manifest",
}
_TOO_LARGE = frozenset(
    {"msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "metadata_too_large", "no_text"}
)
_LATER = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded", "team_added_to_org", "accesslimited"})

TokenOf = Callable[[str], Awaitable[str]]


def new_client(token: str | None, api_url: str, *, timeout: float = _CALL) -> AsyncWebClient:
    """Return a client that repeats nothing by itself: the library's own would post twice when an answer is lost."""
    return AsyncWebClient(token=token, base_url=api_url, timeout=int(timeout), retry_handlers=[])


class Web:
    """Gives the Web API of each workspace."""

    def __init__(self, api_url: str, token_of: TokenOf) -> None:
        self._api_url = api_url
        self._token_of = token_of

    async def of(self, workspace: str) -> AsyncWebClient:
        """Return the client of a workspace.

        Raises:
            ChannelGone: the app is not installed there.
        """
        return new_client(await self._token_of(workspace), self._api_url)

    async def post(self, part: Part, key: str, root: str) -> str:
        """Post a part with its key beside it, and return the message's `ts`; see `Adapter.post` for what it raises."""
        client = await self.of(part.channel.workspace)
        payload: dict[str, Any] = {name: part.payload[name] for name in _SENT if name in part.payload}
        if root and part.payload.get("in_thread"):
            payload["thread_ts"] = root
        metadata = {"event_type": _EVENT, "event_payload": {"key": key}}
        with _translated(part.channel):
            async with asyncio.timeout(_CALL):
                answer = await client.chat_postMessage(channel=part.channel.channel, metadata=metadata, **payload)
        return str(answer["ts"])

    async def find(self, channel: Channel, key: str, since: datetime, root: str) -> str | None:
        """Return the `ts` of the message that carries a key; see `Adapter.find` for what it raises."""
        client, cursor = await self.of(channel.workspace), ""
        oldest = f"{(since - _SKEW).timestamp():.6f}"
        for _ in range(_PAGES):
            with _translated(channel, asking=True):
                async with asyncio.timeout(_CALL):
                    page = await _page(client, channel.channel, root, oldest=oldest, cursor=cursor)
            for message in page.get("messages") or ():
                if _key_of(message) == key:
                    return str(message["ts"])
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return None
        raise PostUnknown(f"More was written in {channel} since than may be read.")


async def _page(client: AsyncWebClient, channel: str, root: str, *, oldest: str, cursor: str) -> Mapping[str, Any]:
    asked: dict[str, Any] = {"channel": channel, "oldest": oldest, "inclusive": True, "limit": _PAGE}
    asked |= {"include_all_metadata": True, **({"cursor": cursor} if cursor else {})}
    answer = await (client.conversations_replies(ts=root, **asked) if root else client.conversations_history(**asked))
    data: Mapping[str, Any] = answer.data if isinstance(answer.data, dict) else {}
    return data


def _key_of(message: Mapping[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {} if metadata.get("event_type") == _EVENT else {}
    return str(payload.get("key") or "")


@contextmanager
def _translated(channel: Channel, *, asking: bool = False) -> Iterator[None]:
    """Turn what Slack answers into what delivery understands.

    Args:
        channel: where it was asked.
        asking: whether a history is read; then what may not be read can never be asked.
    """
    try:
        yield
    except SlackApiError as error:
        raise _meaning(error, channel, asking=asking) from error
    except aiohttp.ClientConnectorError as error:
        # Never reached: nothing was posted.
        raise PostRefused(f"Slack cannot be reached: {error}.", everywhere=True) from error
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        raise PostUnknown(f"Slack did not answer: {type(error).__name__}.") from error


def _meaning(error: SlackApiError, channel: Channel, *, asking: bool) -> Exception:
    said, status = said_by(error)
    if status == 429 or said in _LATER:
        return PostRefused("Slack asks to wait.", retry_after=_retry_after(error))
    if asking and said in ("missing_scope", "no_permission", "not_in_channel", "method_not_supported_for_channel_type"):
        return HistoryClosed(f"Slack does not let us read {channel}: {said}.", hint=_GONE.get(said, ""))
    if said in _GONE:
        return ChannelGone(f"Slack refused {channel}: {said}.", hint=_GONE[said])
    if said in _TOO_LARGE:
        return PostTooLarge(f"Slack found the message too large or ill-formed: {said}{_details(error)}.")
    # fatal_error, internal_error and any 5xx: "it's possible some aspect of the operation succeeded".
    return PostUnknown(f"Slack failed: {said or status}.")


def said_by(error: SlackApiError) -> tuple[str, int]:
    """Return Slack's word for what was wrong, and the HTTP status."""
    response = error.response
    data = getattr(response, "data", response)
    word = data.get("error", "") if isinstance(data, dict) else ""
    return str(word), int(getattr(response, "status_code", 0) or 0)


def _retry_after(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", None) or {}
    lowered = {str(name).lower(): value for name, value in headers.items()}
    try:
        return float(lowered.get("retry-after", 1))
    except ValueError:
        return 1.0


def _details(error: SlackApiError) -> str:
    data = getattr(error.response, "data", None)
    more: Sequence[object] = ((data or {}).get("response_metadata") or {}).get("messages") or ()
    return f" ({more[0]})" if more and isinstance(data, dict) else ""
