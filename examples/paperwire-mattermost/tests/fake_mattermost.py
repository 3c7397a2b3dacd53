"""A fake Mattermost on this machine, with the calls of the adapter as the API reference and the server define them.

Reference: POST /api/v4/posts, GET /api/v4/channels/{channel_id} with /posts and /members/me, GET /api/v4/users/me at
developers.mattermost.com/api-documentation. The server's handling of a pending id is in its `deduplicateCreatePost`.
"""

import re
import sys
import time
from asyncio import run
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import formatdate
from html import unescape
from typing import Any

from bots.testing import Answer, Call, LocalServer, Shown

TOKEN = "botaccesstoken"
#: model.PostMessageMaxRunesV2 of the server.
MAX_RUNES = 16_383
#: Seconds for which the server remembers a pending id.
PENDING_SECONDS = 30
_CHANNEL = re.compile(r"/api/v4/channels/([^/]+)(/posts|/members/me|)")
#: Markdown as the clients parse it: an escape, a link, a bare address, bold.
_MARKDOWN = re.compile(
    r"\\(?P<sign>[\\`*{}\[\]()#+\-.!_>~|])"
    r"|\[(?P<label>(?:\\.|[^\[\]\\])*)\]\((?P<url>[^()\s]*)\)"
    r"|(?P<bare>(?:[a-z][a-z0-9+.-]*:/{1,3}|www\d{0,3}\.)[^\s<>]+)"
    r"|(?P<bold>\*\*)",
    re.IGNORECASE,
)
#: The server ignores backslashes when it looks for mentions: any name after an @ counts here.
_MENTION = re.compile(r"@[\w.-]+")


@dataclass(kw_only=True)
class FakeChannel:
    """A channel of the server."""

    archived: bool = False
    #: Whether the bot is a member.
    open: bool = True
    posts: list[dict[str, Any]] = field(default_factory=list)


class FakeMattermost(LocalServer):
    """One server with two channels, `papers` and `other`, and a bot that may post to both."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self.clock = clock
        self._started = time.monotonic()
        self.channels = {"papers": FakeChannel(), "other": FakeChannel()}
        self._pending: dict[str, tuple[float, dict[str, Any]]] = {}

    def shown(self, name: str) -> tuple[Shown, ...]:
        """Return the messages that a reader of a channel sees, oldest first."""
        return tuple(read(post["message"]) for post in self.channels[name].posts)

    def answer(self, call: Call) -> Answer:
        """Return the API's response to a call, with the time by the server's clock."""
        given = self._answer(call)
        return replace(given, headers={"Date": formatdate(self._now(), usegmt=True), **given.headers})

    def _answer(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            return refused(401, "api.context.session_expired.app_error")
        if (call.method, call.path) == ("GET", "/api/v4/users/me"):
            return Answer(value={"id": "b" * 26, "username": "paperwire", "is_bot": True})
        if (call.method, call.path) == ("POST", "/api/v4/posts"):
            return self._create(call.json)
        found = _CHANNEL.fullmatch(call.path)
        return self._of_channel(found[1], found[2], call) if found else refused(404, "api.context.404.app_error")

    def _of_channel(self, name: str, what: str, call: Call) -> Answer:
        if not re.fullmatch(r"\w+", name):
            return refused(400, "api.context.invalid_url_param.app_error")
        if what == "/posts":
            return self._listed(name, call)
        channel = self.channels.get(name)
        if channel is None:
            return refused(404, "app.channel.get.existing.app_error")
        if what:
            member = Answer(value={"channel_id": name, "user_id": "b" * 26, "roles": "channel_user"})
            return member if channel.open else refused(404, "app.channel.get_member.missing.app_error")
        return Answer(value={"id": name, "type": "O", "name": name, "delete_at": int(channel.archived)})

    def _create(self, body: dict[str, Any]) -> Answer:
        channel = self.channels.get(body["channel_id"])
        if channel is None or not channel.open:
            return refused(403, "api.context.permissions.app_error")
        if channel.archived:
            return refused(400, "api.post.create_post.can_not_post_to_deleted.error")
        until, known = self._pending.get(body.get("pending_post_id", ""), (0.0, {}))
        if known and self._now() < until:
            return Answer(status=201, value=known)
        if len(body["message"]) > MAX_RUNES:
            return refused(400, "model.post.is_valid.message_length.app_error")
        return Answer(status=201, value=self._kept(channel, body))

    def _kept(self, channel: FakeChannel, body: dict[str, Any]) -> dict[str, Any]:
        at = int(self._now() * 1000)
        known = {name: body.get(name, "") for name in ("channel_id", "message", "root_id", "pending_post_id")}
        post = {"id": f"{self._count():026}", "create_at": at, "delete_at": 0, "props": body.get("props", {}), **known}
        # The pending id is in the response and is not stored.
        channel.posts.append({**post, "pending_post_id": ""})
        self._pending[body.get("pending_post_id", "")] = (self._now() + PENDING_SECONDS, post)
        return post

    def _listed(self, name: str, call: Call) -> Answer:
        channel = self.channels.get(name)
        if channel is None or not channel.open:
            return refused(403, "api.context.permissions.app_error")
        number, size = int(call.params.get("page", 0)), min(int(call.params.get("per_page", 60)), 200)
        page = channel.posts[::-1][number * size : (number + 1) * size]
        return Answer(value={"order": [post["id"] for post in page], "posts": {post["id"]: post for post in page}})

    def _count(self) -> int:
        return sum(len(channel.posts) for channel in self.channels.values()) + 1

    def _now(self) -> float:
        # A server's time also passes by itself.
        return self.clock().timestamp() + time.monotonic() - self._started


def refused(status: int, error_id: str, **headers: str) -> Answer:
    """Return an error in the server's format."""
    value = {"id": error_id, "message": "It was refused.", "request_id": "r" * 26, "status_code": status}
    return Answer(status=status, value=value, headers=headers)


def read(message: str) -> Shown:
    """Return a message as its readers see it: its text, the targets of its links, and its mentions."""
    links: list[str] = []

    def seen(found: re.Match[str]) -> str:
        if found["url"] is not None:
            links.append(found["url"])
            return resolved(found["label"])
        links.extend([found["bare"]] if found["bare"] else [])
        return found["sign"] or found["bare"] or ""

    text = unescape(_MARKDOWN.sub(seen, message))
    return Shown(text=text, links=tuple(links), pings=tuple(_MENTION.findall(text)))


def resolved(label: str) -> str:
    """Return the text of a link without its escapes."""
    return re.sub(r"\\(.)", r"\1", label)


async def serve() -> None:
    """Serve until the standard input is closed, then print every posted message; for a manual trial."""
    from asyncio import to_thread

    async with FakeMattermost(lambda: datetime.now(UTC)) as server:
        print(server.url, flush=True)
        await to_thread(sys.stdin.read)
        for message in server.shown("papers"):
            print(message.text)


if __name__ == "__main__":
    run(serve())
