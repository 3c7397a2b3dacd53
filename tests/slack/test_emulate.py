"""The Slack adapter against a third-party fake: npm's `emulate`, in addition to our own fake.

It checks the content and position of posted messages, and nothing more. Its deviations from Slack are covered by our
own fake (tests/fakes/slack), and no test here relies on them:

- it takes any number of blocks of any length and kind, any thread, any token with a valid prefix, and posts of an
  app that is not in the channel;
- it returns metadata even if not requested, and messages without `bot_id`: our messages are recognised by their user;
- it ignores `oldest`, `latest` and `inclusive` in a history, and `limit` in a thread: its channels must be short;
- it has no rate limits and no faults, and sends nothing: no Socket Mode, no events, no interactions.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bots.bootstrap.app import utc_now
from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.errors import AccessLost, ChannelGone, HistoryClosed
from bots.slack.app import SlackAdapter, SlackSettings, connect
from bots.slack.manifest import scopes
from bots.slack.outgoing import digest_parts
from bots.slack.poster import SlackPoster
from bots.slack.web_client import new_client
from bots.testing.samples import a_long_digest
from summarizer import Secret
from tests.fakes.emulate import EmulateAbsentError, emulated, install
from tests.support.factories import a_digest, a_paper, an_entry

pytestmark = pytest.mark.slow

_TEAM, _GENERAL, _RANDOM = "T000000001", "C000000001", "C000000002"
_BOT = {"bot_id": "B0PAPERWIRE", "bot_user_id": "U0PAPERWIRE"}
#: Each token and its scopes: ours with the manifest's scopes and the optional one, one that may not write, one that may
#: not read.
_OURS, _MUTE, _BLIND, _ADAS = "xoxb-ours", "xoxb-mute", "xoxb-blind", "xoxp-ada"
_SCOPES = {_OURS: (*scopes(), "groups:history"), _MUTE: ("channels:history",), _BLIND: ("chat:write",)}
_SEED = {
    "strict_scopes": True,
    # Everyone is in it except the app, which a test adds later.
    "channels": [{"name": "board", "is_private": True}],
    "oauth_apps": [{"client_id": "1.2", "client_secret": "made-up", "name": "Paperwire", "redirect_uris": [], **_BOT}],
    "tokens": [
        {"token": _ADAS, "user": "admin"},
        *({"token": token, "type": "bot", "user": "U0PAPERWIRE", **_BOT, "scopes": list(each)}
          for token, each in _SCOPES.items()),
    ],
}  # fmt: skip
_NASTY = "<!channel> & <@U000000001> <https://example.org|free> *x* $a<b$ &amp;"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the package."""
    folder = tmp_path_factory.mktemp("emulate")
    try:
        install(folder)
    except EmulateAbsentError as absent:
        pytest.skip(str(absent))
    return folder


@pytest.fixture
async def api(package: Path) -> AsyncIterator[str]:
    """The base URL of a Slack in which the app is installed."""
    async with emulated(package, _SEED) as url:
        yield url


@pytest.fixture
def ada(api: str) -> AsyncWebClient:
    """A person who reads the channel directly, without the adapter."""
    return new_client(_ADAS, api)


def joins(api: str, token: str = _OURS) -> Any:
    """Return the adapter as the app opens it for posting only, which needs nothing of the service but its clock."""
    nobody: Any = SimpleNamespace(clock=utc_now, permits=None)
    return connect(SlackSettings(api_url=api, bot_token=Secret(token), listening=False), nobody)


@pytest.fixture
async def adapter(api: str) -> AsyncIterator[SlackAdapter]:
    """The adapter, connected with our token."""
    async with joins(api) as opened:
        yield opened


def place(channel: str = _GENERAL) -> Channel:
    """Return a channel as the app addresses it."""
    return Channel(platform="slack", workspace=_TEAM, channel=channel)


def parts_of(length: int, *, threaded: bool) -> tuple[Part, ...]:
    """Return a digest of that many papers as messages."""
    return digest_parts(replace(a_long_digest(length), channel=place(), threaded=threaded))


async def posted(adapter: SlackAdapter, parts: Sequence[Part]) -> list[str]:
    """Post the parts in order, each under its own key, and return their timestamps."""
    stand: list[str] = []
    for part in parts:
        stand.append(await adapter.post(part, f"key-{part.number}", root=stand[0] if stand else ""))
    return stand


async def read(ada: AsyncWebClient, channel: str = _GENERAL) -> list[Any]:
    """Return the messages of a channel outside its threads, in order."""
    said: list[Any] = (await ada.conversations_history(channel=channel))["messages"]
    return said[::-1]


# ── where it stands ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_long_digest_in_the_channel(adapter: SlackAdapter, ada: AsyncWebClient) -> None:
    """The messages of a digest are in the channel in order and whole, and no link in them is unfurled."""
    parts = parts_of(40, threaded=False)
    stand = await posted(adapter, parts)

    messages = await read(ada)
    assert 1 < len(messages)
    assert stand == [message["ts"] for message in messages]
    assert [part.payload["blocks"] for part in parts] == [message["blocks"] for message in messages]
    assert {("U0PAPERWIRE", False, False)} == {
        (message["user"], message["unfurl_links"], message["unfurl_media"]) for message in messages
    }
    assert not any("thread_ts" in message for message in messages)


async def test_a_long_digest_in_a_thread(adapter: SlackAdapter, ada: AsyncWebClient) -> None:
    """Only the header is in the channel, and the entries are in its thread in order."""
    parts = parts_of(40, threaded=True)
    stand = await posted(adapter, parts)

    (root,) = await read(ada)
    thread: list[Any] = (await ada.conversations_replies(channel=_GENERAL, ts=root["ts"]))["messages"]
    assert 2 < len(thread)
    assert len(thread) - 1 == root["reply_count"]
    assert stand == [message["ts"] for message in thread]
    assert {root["ts"]} == {message["thread_ts"] for message in thread[1:]}
    assert [part.payload["blocks"] for part in parts] == [message["blocks"] for message in thread]


async def test_words_come_back_as_they_were_sent(adapter: SlackAdapter, ada: AsyncWebClient) -> None:
    """A title with a mention of everyone and a hidden link reaches Slack escaped and is stored so."""
    (part,) = digest_parts(a_digest(channel=place(), entries=(an_entry(paper=a_paper(title=_NASTY)),)))
    await adapter.post(part, "key")

    (message,) = await read(ada)
    assert (part.payload["text"], part.payload["blocks"]) == (message["text"], message["blocks"])
    assert "&lt;!channel&gt; &amp; &lt;@U000000001&gt;" in message["text"]
    assert "<!channel>" not in message["text"]


# ── found again ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("threaded", [False, True], ids=["inline", "threaded"])
async def test_every_part_is_found_by_its_key(api: str, threaded: bool) -> None:
    """A newly opened adapter finds each message of the previous one, and none that was not posted."""
    since, parts = utc_now(), parts_of(40, threaded=threaded)
    async with joins(api) as first:
        stand = await posted(first, parts)
    async with joins(api) as second:
        roots = ["", *[stand[0]] * (len(parts) - 1)]
        found = [await second.find(place(), f"key-{n}", since, root=root) for n, root in enumerate(roots, start=1)]
        assert stand == found
        assert [None, None] == [await second.find(place(), "key-0", since, root=root) for root in ("", stand[0])]


async def test_a_key_that_another_repeats(adapter: SlackAdapter, ada: AsyncWebClient) -> None:
    """A copy of our key by another app is not taken for our message, with or without our own message in the channel."""
    since, (part,) = utc_now(), parts_of(1, threaded=False)
    ours = await adapter.post(part, "key")
    (message,) = await read(ada)
    await ada.chat_postMessage(channel=_GENERAL, text="me, too", metadata=message["metadata"])
    await ada.chat_postMessage(channel=_RANDOM, text="me, too", metadata=message["metadata"])

    assert ours == await adapter.find(place(), "key", since)
    assert await adapter.find(place(_RANDOM), "key", since) is None


# ── refused ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_channel_that_cannot_be_posted_to(adapter: SlackAdapter, ada: AsyncWebClient) -> None:
    """A missing channel, an archived one and a private one without the app raise ChannelGone in words."""
    await ada.conversations_archive(channel=_RANDOM)
    (board,) = (await ada.conversations_list(types="private_channel"))["channels"]
    (part,) = parts_of(1, threaded=False)

    gone = (("C404", "or it was deleted"), (_RANDOM, "is archived"), (board["id"], "is not in that channel"))
    for channel, why in gone:
        with pytest.raises(ChannelGone, match=why):
            await adapter.post(replace(part, channel=place(channel)), "key")
    with pytest.raises(ChannelGone, match="or it was deleted"):
        await adapter.find(place("C404"), "key", utc_now())
    with pytest.raises(HistoryClosed, match="not_in_channel"):
        await adapter.find(place(board["id"]), "key", utc_now())
    assert [] == await read(ada)


async def test_a_scope_that_was_not_granted(api: str, ada: AsyncWebClient) -> None:
    """Without the scope to write nothing is posted; without the scope to read a part is posted but cannot be found."""
    (part,) = parts_of(1, threaded=False)
    async with joins(api, _MUTE) as mute:
        with pytest.raises(AccessLost, match="missing_scope") as refused:
            await mute.post(part, "key")
        assert "paperwire slack manifest" in refused.value.hint
    assert [] == await read(ada)
    async with joins(api, _BLIND) as blind:
        stands = await blind.post(part, "key")
        with pytest.raises(HistoryClosed, match="missing_scope"):
            await blind.find(place(), "key", utc_now())
    assert [stands] == [message["ts"] for message in await read(ada)]


async def test_no_token(api: str, ada: AsyncWebClient) -> None:
    """An adapter without a token cannot post, and the error advises to install the app again."""
    (part,) = parts_of(1, threaded=False)

    async def none_of(_workspace: str) -> str:
        return ""

    with pytest.raises(AccessLost, match="no token") as refused:
        await SlackAdapter(SlackPoster(api, none_of)).post(part, "key")
    assert "install the app again" in refused.value.hint
    assert [] == await read(ada)
