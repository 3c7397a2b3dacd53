"""The adapter passes the contracts of Paperwire's test kit with a fake Mattermost, and tests specific to Mattermost."""

import unicodedata
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date
from types import TracebackType
from typing import Any, Self

import pytest
from fake_mattermost import MAX_RUNES, PENDING_SECONDS, TOKEN, FakeMattermost, read, refused
from paperwire_mattermost import PLUGIN, MattermostSettings
from paperwire_mattermost.adapter import PAGE
from paperwire_mattermost.outgoing import MAX_CHARS, digest_parts, escape, message_of

from bots.api import Channel, ChannelGone, Digest, Entry, Paper, PaperId, PostUnknown, Secret, replies
from bots.testing import (
    RETRY_AFTER,
    AdapterContract,
    Answer,
    Fault,
    FaultContract,
    HandClock,
    HttpFault,
    Shown,
    Stage,
    in_loop,
)

NOTICE = replies.Problem(message="The subscription a1b2c3 is paused")

FAULTS: dict[Fault, HttpFault | Answer] = {
    Fault.BUSY: refused(429, "api.context.rate_limit", **{"X-RateLimit-Reset": f"{RETRY_AFTER:.0f}"}),
    Fault.DOWN: refused(500, "app.post.save.app_error"),
    Fault.TOO_LARGE: refused(400, "model.post.is_valid.message_length.app_error"),
    Fault.GONE: refused(400, "api.post.create_post.can_not_post_to_deleted.error"),
    Fault.FORBIDDEN: refused(403, "api.context.permissions.app_error"),
    Fault.LOST_BEFORE: HttpFault.LOST_BEFORE,
    Fault.LOST_AFTER: HttpFault.LOST_AFTER,
    Fault.GARBLED: HttpFault.GARBLED,
}


class MattermostStage(Stage):
    """An empty channel of a fake server, and the adapter as Paperwire connects it."""

    channel = Channel(platform="mattermost", channel="papers")
    elsewhere = Channel(platform="mattermost", channel="other")
    knows_keys = True

    def __init__(self, token: str = TOKEN) -> None:
        self.clock = self.hand = HandClock()
        self.server = FakeMattermost(self.clock)
        self._token = token
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._open.enter_async_context(self.server)
        settings = MattermostSettings(url=self.server.url, token=Secret(self._token))
        self.adapter: Any = await self._open.enter_async_context(PLUGIN.connect(settings, None))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    def messages(self) -> Sequence[Shown]:
        return self.server.shown("papers")

    def fail(self, fault: Fault) -> None:
        self.server.fail(FAULTS[fault])


class TestMattermost(AdapterContract, FaultContract):
    """Paperwire's contracts for the adapter."""

    def stage(self) -> MattermostStage:
        return MattermostStage()


def test_the_limit_is_the_servers() -> None:
    """The adapter's maximum message size is that of the server."""
    assert MAX_RUNES == MAX_CHARS


@pytest.mark.parametrize(
    "text",
    ["@channel", "@all", "@here", "@jane.doe", "http://a.b", "www.a.b", "[a](http://b)", "&lt;b&gt;", "# *x*_y_"],
)
def test_outside_text_is_only_seen(text: str) -> None:
    """Text that would mention, link or mark up is escaped, and looks the same to readers."""
    shown = read(escape(text))
    assert ((), ()) == (shown.links, shown.pings)
    assert text == unicodedata.normalize("NFKC", shown.text)


def test_an_address_with_brackets_is_linked_whole() -> None:
    """A character that would end a link early is encoded in its address."""
    paper = Paper(id=PaperId.arxiv("2611.00001"), title="A", abstract="", url="https://a.example/b_(c)")
    (part,) = digest_parts(
        Digest(channel=MattermostStage.channel, day=date(2026, 11, 24), entries=(Entry(paper=paper),))
    )
    assert ("https://a.example/b_%28c%29",) == read(message_of(part)).links


@in_loop
async def test_a_key_outlives_the_servers_memory() -> None:
    """After the server has forgotten a pending id, the post is still found by its props."""
    async with MattermostStage() as stage:
        began = stage.clock()
        (part,) = stage.adapter.notice(stage.channel, NOTICE)
        message_id = await stage.adapter.post(part, "key")
        stage.hand.turn(seconds=PENDING_SECONDS + 1)
        assert message_id == await stage.adapter.find(stage.channel, "key", began)
        assert message_id != await stage.adapter.post(part, "key")


@in_loop
async def test_a_post_is_found_behind_a_page_of_others() -> None:
    """In a busy channel as many pages are searched as necessary, and no more."""
    async with MattermostStage() as stage:
        began = stage.clock()
        (part,) = stage.adapter.notice(stage.channel, NOTICE)
        message_id = await stage.adapter.post(part, "key")
        for number in range(PAGE):
            await stage.adapter.post(part, f"other-{number}")
        assert message_id == await stage.adapter.find(stage.channel, "key", began)
        assert 2 == sum(call.method == "GET" for call in stage.server.calls)


@in_loop
@pytest.mark.parametrize("what", ["archived", "not a member"])
async def test_a_channel_that_takes_no_posts_is_refused_before_a_digest(what: str) -> None:
    """A channel that is archived, or that the bot is not in, is refused with the remedy."""
    async with MattermostStage() as stage:
        stage.server.channels["papers"].archived = what == "archived"
        stage.server.channels["papers"].open = what == "archived"
        with pytest.raises(ChannelGone) as raised:
            await stage.adapter.check_channel(stage.channel)
        assert raised.value.hint


@in_loop
async def test_a_channel_the_bot_was_taken_from_is_gone() -> None:
    """If the bot is no longer a member, both posting and finding raise an error with the remedy."""
    async with MattermostStage() as stage:
        (part,) = stage.adapter.notice(stage.channel, NOTICE)
        stage.server.channels["papers"].open = False
        for asked in (stage.adapter.post(part, "key"), stage.adapter.find(stage.channel, "key", stage.clock())):
            with pytest.raises(ChannelGone) as raised:
                await asked
            assert raised.value.hint


@in_loop
async def test_a_part_may_stand_in_a_thread() -> None:
    """A part that is posted under a root is a reply to it, and is found like any other post."""
    async with MattermostStage() as stage:
        (part,) = stage.adapter.notice(stage.channel, NOTICE)
        root = await stage.adapter.post(part, "first")
        reply = await stage.adapter.post(part, "second", root=root)
        assert ["", root] == [post["root_id"] for post in stage.server.channels["papers"].posts]
        assert reply == await stage.adapter.find(stage.channel, "second", stage.clock(), root=root)


@pytest.mark.parametrize("status", [403, 404, 502])
@in_loop
async def test_a_proxys_page_says_nothing_of_the_channel(status: int) -> None:
    """A refusal that is not Mattermost's own pauses no subscription: it is unknown whether the part was posted."""
    async with MattermostStage() as stage:
        (part,) = stage.adapter.notice(stage.channel, NOTICE)
        stage.server.fail(Answer(status=status, body=b"<html>Blocked</html>"))
        with pytest.raises(PostUnknown):
            await stage.adapter.post(part, "key")


@in_loop
async def test_the_doctor_sees_the_token() -> None:
    """`check` reports the account; with an invalid token it reports the setting to change."""
    async with MattermostStage() as well, MattermostStage(token="old") as unwell:
        assert [("connected as paperwire", "")] == [(look.says, look.fix) for look in await well.adapter.check()]
        assert ["Set adapters.mattermost.token to a token that is valid."] == [
            look.fix for look in await unwell.adapter.check()
        ]
