"""Each of Slack's refusals leads to a retry, a smaller part, or a failure that is reported with its reason."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest

from bots.domain.digests import Part
from bots.domain.errors import (
    AccessLost,
    ChannelGone,
    DeliveryError,
    HistoryClosed,
    PostRefused,
    PostTooLarge,
    PostUnknown,
)
from bots.domain.runs import DeliveryState, RunState
from bots.slack.poster import SlackPoster
from tests.fakes.slack.api import METHODS
from tests.fakes.slack.calls import Call, Method
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.pacing import STRICT
from tests.fakes.slack.problems import Json, invalid_blocks
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.world import Message
from tests.slack.mornings import TWO, Morning, cut_short, morning, place
from tests.support.doubles import Hand

_POST = "chat.postMessage"
_READ = "conversations.*"


# ── each word of Slack's ─────────────────────────────────────────────────────────────────────────────────────────────

#: The errors listed in docs.slack.dev/reference/methods/chat.postMessage, by the delivery error they become.
_MEANINGS: Mapping[type[DeliveryError], str] = {
    AccessLost: """
        access_denied account_inactive app_missing_action_url ekm_access_denied enterprise_is_restricted invalid_auth
        missing_scope not_allowed_token_type not_authed org_login_required team_access_not_granted team_not_found
        token_expired token_revoked two_factor_setup_required
    """,
    ChannelGone: """
        channel_is_limited_access channel_not_found is_archived messages_tab_disabled no_permission not_in_channel
        restricted_action restricted_action_read_only_channel restricted_action_thread_only_channel
    """,
    PostTooLarge: """
        invalid_arguments invalid_blocks invalid_blocks_format invalid_metadata_format invalid_metadata_schema
        markdown_text_conflict metadata_too_large msg_blocks_too_long msg_too_long no_text
    """,
    PostRefused: """
        accesslimited message_limit_exceeded rate_limited ratelimited request_timeout team_added_to_org
    """,
    PostUnknown: "fatal_error internal_error service_unavailable a_word_of_next_year",
}


def web_of(slack: FakeSlack) -> SlackPoster:
    """Return a poster for the workspace."""

    async def token_of(_workspace: str) -> str:
        return slack.hub.world.installations[0].token

    return SlackPoster(slack.api, token_of)


def a_part(slack: FakeSlack, **payload: Any) -> Part:
    """Return a part for #papers."""
    return Part(channel=place(slack, "papers"), number=1, total=1, payload={"text": "five papers", **payload})


@pytest.mark.parametrize(
    ("kind", "word"), [(kind, word) for kind, words in _MEANINGS.items() for word in words.split()]
)
async def test_every_word_has_its_meaning(slack: FakeSlack, kind: type[DeliveryError], word: str) -> None:
    """Each of Slack's errors becomes its delivery error, with a hint if a person can fix it."""
    slack.hub.faults.switch(Trouble.REFUSED, _POST, error=word)
    with pytest.raises(kind) as refused:
        await web_of(slack).post(a_part(slack), "key", "")
    assert kind is type(refused.value)
    assert kind not in (ChannelGone, AccessLost) or refused.value.hint
    assert getattr(refused.value, "retry_after", None) is None


@pytest.mark.parametrize("word", ["missing_scope", "no_permission", "not_in_channel"])
async def test_a_history_that_may_not_be_read(slack: FakeSlack, hand: Hand, word: str) -> None:
    """If the bot may not read the history, a search raises HistoryClosed and does not report the part as absent."""
    slack.hub.faults.switch(Trouble.REFUSED, _READ, error=word)
    with pytest.raises(HistoryClosed):
        await web_of(slack).find(place(slack, "papers"), "key", hand(), "")


async def test_a_search_begins_anew_after_a_post(slack: FakeSlack, hand: Hand) -> None:
    """Where an earlier search stopped says nothing of a message that is posted since: it is found."""
    poster, begun = web_of(slack), hand()
    poster._read |= {("key", "latest"): "5.000000", ("key", "oldest"): "9999999999.000000"}
    posted = await poster.post(a_part(slack), "key", "")
    assert posted == await poster.find(place(slack, "papers"), "key", begun, "")
    assert {} == poster._read


# ── waited for ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_channel_that_asks_to_wait(today: Morning) -> None:
    """After a 429 with Retry-After: 17 in one channel, its message is posted after 17 seconds and not before."""
    channel = today.slack.channel("papers").id
    today.slack.hub.faults.switch(Trouble.RATE_LIMITED, _POST, channel=channel, left=1, seconds=17)
    await today.comes()

    (refused,) = today.slack.hub.happenings.of("fault")
    assert 17 == pytest.approx(float(today.posted()[0].ts) - refused.at, abs=0.01)
    assert await today.sent_once()


async def test_a_workspace_that_asks_to_wait(slack: FakeSlack, hand: Hand, tmp_path: Path, template: Path) -> None:
    """If a workspace takes no message for three minutes, each is retried once per wait, and all are posted."""
    slack.hub.faults.switch(Trouble.RATE_LIMITED, "chat.*", left=3, seconds=60)
    async with morning(slack, hand, tmp_path, template, threaded=True) as today:
        await today.comes()

        refused = slack.hub.happenings.of("fault")
        gaps = [later.at - sooner.at for sooner, later in pairwise(refused)]
        assert [60, 60] == [pytest.approx(gap, abs=0.01) for gap in gaps]
        assert 60 == pytest.approx(float(today.posted()[0].ts) - refused[-1].at, abs=0.01)
        assert await today.sent_once()


async def test_we_are_never_too_fast(slack: FakeSlack, hand: Hand, tmp_path: Path, template: Path) -> None:
    """A Slack that takes one message a second and no burst never refuses a message."""
    assert STRICT is slack.hub.pacing.pace
    async with morning(slack, hand, tmp_path, template, threaded=True, limit=40) as today:
        await today.comes()

        calls = slack.hub.happenings.of("call")
        assert 2 < len(today.posted())
        assert [] == [each.more["error"] for each in calls if not each.more["ok"]]


# ── too large or ill-formed ──────────────────────────────────────────────────────────────────────────────────────────


def refuses_what_says(words: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Slack refuse every message with a block that holds these words and more than `most` characters."""
    method = METHODS[_POST]

    def refuse(call: Call) -> Json:
        for block in call.nested("blocks"):
            if words in str(block) and len(str(block)) > most:
                raise invalid_blocks(["this block cannot be shown"])
        return method.run(call)

    monkeypatch.setitem(cast("dict[str, Method]", METHODS), _POST, replace(method, run=refuse))


@pytest.mark.parametrize(
    ("words", "most"), [("arxiv.org/abs/1810.04805", 0), ("We propose BERT", 200)], ids=["never", "shorter"]
)
async def test_one_bad_entry(
    slack: FakeSlack,
    hand: Hand,
    tmp_path: Path,
    template: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    most: int,
) -> None:
    """An entry that Slack refuses is cut until it fits, or fails alone; all others are posted once."""
    async with morning(slack, hand, tmp_path, template, limit=TWO) as today:
        refuses_what_says(words, most, monkeypatch)
        await today.comes()

        parts = await today.parts()
        dead = [part for part in parts if part.state is DeliveryState.DEAD]
        sent = [part for part in parts if part.state is DeliveryState.SENT]
        assert len(parts) == len(dead) + len(sent)
        assert (0 if most else 1) == len(dead)
        assert TWO - len(dead) == sum(len(part.part.paper_ids) for part in sent)
        assert [part.message_id for part in sent] == [message.ts for message in today.posted()]
        assert all("cannot be shown" in part.last_error for part in dead)
        assert bool(dead) == ("cannot be shown" in today.said("ops"))


async def test_a_message_that_is_too_long(today: Morning) -> None:
    """A message that Slack refuses as too long is posted in two halves, in order."""
    today.slack.hub.faults.switch(Trouble.REFUSED, _POST, left=1, error="msg_blocks_too_long")
    run = await today.comes()

    assert RunState.DONE == run.state
    assert 2 == len(today.posted())
    assert await today.sent_once()


# ── for good ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "why", "hint"),
    [
        ("is_archived", "That channel is archived", "Unarchive"),
        ("not_in_channel", "Paperwire is not in that channel", "/invite @Paperwire"),
        ("restricted_action", "Apps may not post in that channel", "let apps post"),
    ],
)
async def test_a_channel_that_is_gone(today: Morning, said: str, why: str, hint: str) -> None:
    """The subscription is paused with the reason in words, the admin gets one notice with a fix, no retry follows."""
    channel = today.slack.channel("papers").id
    today.slack.hub.faults.switch(Trouble.REFUSED, _POST, channel=channel, error=said)
    run = await today.comes()
    subscription = await today.kept()
    today.hand.turn(days=1)
    await today.looks()

    assert RunState.FAILED == run.state
    assert (False, True) == (subscription.enabled, why in subscription.off_because)
    assert 1 == today.said("ops").count(why)
    assert hint in today.said("ops")
    assert 1 == len(await today.parts())


async def test_a_history_that_is_closed(slack: FakeSlack, hand: Hand, tmp_path: Path, template: Path) -> None:
    """With a lost response and a closed history the part is held, not doubled, and the admin gets the next step."""
    slack.hub.faults.switch(Trouble.ANSWER_LOST, _POST, left=1)
    slack.hub.faults.switch(Trouble.REFUSED, _READ, error="missing_scope")
    async with morning(slack, hand, tmp_path, template) as today:
        await today.comes()

        assert [DeliveryState.AMBIGUOUS] == [part.state for part in await today.parts()]
        assert 1 == len(today.posted())
        assert "may or may not have been posted" in today.said("ops")
        assert "--repost" in today.said("ops")
        assert (await today.kept()).enabled


# ── who else is there ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_another_app_repeats_our_key(slack: FakeSlack, hand: Hand, tmp_path: Path, template: Path) -> None:
    """A message of another app with a copy of our key is not taken for ours: the digest is posted."""
    slack.hub.faults.switch(Trouble.RESET, _POST, left=1)
    async with morning(slack, hand, tmp_path, template) as today:
        await cut_short(today)
        (part,) = await today.parts()
        papers = slack.channel("papers")
        metadata = {"event_type": "paperwire_part", "event_payload": {"key": part.key}}
        stranger = Message(ts=slack.hub.stamp(), user="U1", bot_id="B1", app_id="A1", text="!", metadata=metadata)
        slack.hub.post(papers, stranger)
    hand.turn(minutes=3)
    async with morning(slack, hand, tmp_path, template) as later:
        await later.comes()

        assert 1 == len(later.posted())
        assert await later.sent_once()


@pytest.mark.parametrize("word", ["thread_not_found", "cannot_reply_to_message", "restricted_action_thread_locked"])
async def test_a_thread_that_is_gone(slack: FakeSlack, hand: Hand, tmp_path: Path, template: Path, word: str) -> None:
    """If the header was deleted or its thread locked, the entries are posted in the channel; no paper is lost."""
    slack.hub.faults.switch(Trouble.REFUSED, _POST, left=1, skip=1, error=word)
    async with morning(slack, hand, tmp_path, template, threaded=True) as today:
        run = await today.comes()

        assert RunState.DONE == run.state
        assert [None, None] == [message.thread_ts for message in today.posted()]
        assert await today.sent_once()


# ── what is no confirmation, and when Slack asks to come back ────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "said", [{}, {"ts": ""}, {"ts": None}, {"channel": "C1"}], ids=["nothing", "empty", "null", "other"]
)
async def test_an_answer_without_the_message_is_no_confirmation(
    slack: FakeSlack, monkeypatch: pytest.MonkeyPatch, said: Json
) -> None:
    """An "ok" that does not name the message leaves it unknown whether the message was posted."""
    monkeypatch.setitem(cast("dict[str, Method]", METHODS), _POST, replace(METHODS[_POST], run=lambda _call: said))
    with pytest.raises(PostUnknown, match="did not confirm"):
        await web_of(slack).post(a_part(slack), "key", "")
