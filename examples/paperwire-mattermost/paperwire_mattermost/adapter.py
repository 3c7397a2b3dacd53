"""The only module that calls Mattermost: posts, finds posted messages, and translates errors."""

import asyncio
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx

from bots.api import (
    CALL_TIMEOUT,
    Channel,
    ChannelGone,
    Digest,
    HealthFinding,
    Part,
    PlatformClock,
    PostRefused,
    PostTooLarge,
    PostUnknown,
    Rate,
    RateLimits,
    RequestError,
    replies,
    smaller_parts,
)
from paperwire_mattermost.outgoing import digest_parts, message_of, notice_parts

#: The key of a part in the props of its post; props are stored with the post.
KEY = "paperwire_key"
#: Maximum number of posts on one page.
PAGE = 200
#: Maximum number of pages to search: no channel for digests gets 2,000 posts in the minutes since a part was tried.
_PAGES = 10
_TOO_LARGE = frozenset({"model.post.is_valid.message_length.app_error", "model.post.is_valid.props.app_error"})
#: What is asked for is no id: those of channels have 26 letters and digits.
_NO_ID = "api.context.invalid_url_param.app_error"
_ARCHIVED = "api.post.create_post.can_not_post_to_deleted.error"


class Mattermost:
    """Posts digests to channels of one server."""

    platform = "mattermost"
    #: A server with a rate limit allows 10 requests per second (config: RateLimitSettings.PerSec).
    limits = RateLimits(channel=Rate(count=1, seconds=1), platform=Rate(count=5, seconds=1))

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._time = PlatformClock("Mattermost")

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the digest as messages inside the limits; see `Adapter.compose`."""
        return digest_parts(digest)

    def notice(self, channel: Channel, problem: replies.Problem) -> tuple[Part, ...]:
        """Return a notice for the admin as messages; see `Adapter.notice`."""
        return notice_parts(channel, problem)

    def shrink(self, part: Part) -> tuple[Part, ...]:
        """Return a part as smaller ones; see `Adapter.shrink`."""
        return smaller_parts(part)

    async def post(self, part: Part, key: str, *, root: str = "") -> str:
        """Post one part under its key; see `Adapter.post` for what it raises."""
        # The server remembers a pending id for 30 seconds and returns its post; the props stay, for `find`.
        body = {
            "channel_id": part.channel.channel,
            "message": message_of(part),
            "root_id": root,
            "pending_post_id": key,
            "props": {KEY: key},
        }
        return str((await self._ask("POST", "/posts", wanted="id", json=body))["id"])

    async def find(self, channel: Channel, key: str, since: datetime, *, root: str = "") -> str | None:  # noqa: ARG002
        """Return the id of the post with this key at or after `since`, or None if there is none; see `Adapter.find`."""
        oldest = since.timestamp() * 1000
        for number in range(_PAGES):
            posts = await self._page(channel, number)
            for post in posts:
                if (post.get("props") or {}).get(KEY) == key and post["create_at"] >= oldest and not post["delete_at"]:
                    return str(post["id"])
            if len(posts) < PAGE or posts[-1]["create_at"] < oldest:
                return None
        raise PostUnknown(f"Mattermost has more than {PAGE * _PAGES} posts to look through.")

    async def check_channel(self, channel: Channel) -> None:
        """Return if the bot is in a channel that is not archived; see `ChecksChannels.check_channel`."""
        path = f"/channels/{quote(channel.channel, safe='')}"
        await self._ask("GET", f"{path}/members/me", wanted="user_id")
        if (await self._ask("GET", path, wanted="id")).get("delete_at"):
            raise ChannelGone("That channel is archived.", hint="Unarchive it, or choose another one.")

    async def platform_time(self) -> datetime | None:
        """Return the server's time, which every response tells; see `Timed.platform_time`."""
        if self._time.now() is None:
            await self._ask("GET", "/users/me", wanted="username")
        return self._time.now()

    async def check(self) -> tuple[HealthFinding, ...]:
        """Return whether the server accepts the token, for `paperwire doctor`."""
        try:
            me = await self._ask("GET", "/users/me", wanted="username")
            return (HealthFinding(name="mattermost", says=f"connected as {me['username']}"),)
        except (PostRefused, PostUnknown, ChannelGone) as error:
            return (
                HealthFinding(name="mattermost", says=str(error), fix=error.hint or "check adapters.mattermost.url"),
            )

    async def _page(self, channel: Channel, number: int) -> list[dict[str, Any]]:
        """Return a page of a channel's posts, newest first."""
        path, page = f"/channels/{channel.channel}/posts", {"page": number, "per_page": PAGE}
        answer = await self._ask("GET", path, wanted="order", params=page)
        return [answer["posts"][post_id] for post_id in answer["order"]]

    async def _ask(self, method: str, path: str, *, wanted: str, **more: Any) -> dict[str, Any]:
        """Return the server's response without retries; failures become the errors that delivery expects."""
        try:
            async with asyncio.timeout(CALL_TIMEOUT - 1):
                response = await self._client.request(method, path, timeout=CALL_TIMEOUT, **more)
        except httpx.ConnectError as error:
            raise PostRefused("Mattermost cannot be reached.", everywhere=True) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise PostUnknown("The connection to Mattermost broke before it answered.") from error
        self._time.heard(response.headers.get("Date"))
        value = _value(response)
        # A page without Mattermost's error format, for example from a proxy, is no statement about the channel.
        if value and not response.is_success:
            raise _refusal(response, str(value.get("id", "")))
        if wanted not in value:
            raise PostUnknown(f"Something answered in Mattermost's place: HTTP {response.status_code}.")
        return value


def _value(response: httpx.Response) -> dict[str, Any]:
    try:
        value = response.json()
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {}


def _refusal(response: httpx.Response, error_id: str) -> Exception:
    status, said = response.status_code, f"Mattermost answered HTTP {response.status_code} ({error_id[:80]})."
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return PostRefused("Mattermost asks to post later.", retry_after=_pause(response), everywhere=True)
    if status == httpx.codes.UNAUTHORIZED:
        return PostRefused(said, hint="Set adapters.mattermost.token to a token that is valid.", everywhere=True)
    if status == httpx.codes.REQUEST_ENTITY_TOO_LARGE or error_id in _TOO_LARGE:
        return PostTooLarge(said)
    if error_id == _NO_ID:
        return RequestError(said, hint="The channel's menu, View Info, shows its id: mattermost::ID.")
    if status in (httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND) or error_id == _ARCHIVED:
        return ChannelGone(said, hint="Add the bot to the channel again, or end the subscription.")
    # A server that failed during the request may have posted the message, and so may one still busy with this key.
    return PostUnknown(said) if response.is_server_error else PostRefused(said)


def _pause(response: httpx.Response) -> float | None:
    asked = response.headers.get("Retry-After") or response.headers.get("X-RateLimit-Reset") or ""
    return float(asked) if asked.isdecimal() else None
