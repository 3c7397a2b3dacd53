"""A digest due in a Slack channel at nine is posted once, whole and in order, whatever Slack responds."""

import re
from pathlib import Path
from typing import Any

import pytest

from bots.delivery.part_delivery import LEASE
from bots.domain.runs import DeliveryState, RunState
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.pacing import LENIENT, OUTSIDER
from tests.fakes.slack.server import FakeSlack
from tests.slack.mornings import NINE, ONE, TWO, Morning, cut_short, found, morning, slack_at
from tests.support.doubles import Hand

_POST = "chat.postMessage"
_READ = "conversations.*"


# ── where it stands ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_at_nine_in_vienna(today: Morning) -> None:
    """Nothing is posted before nine; at nine the digest is posted with every paper, and its run is done."""
    await today.looks()
    assert [] == today.posted()

    run = await today.comes()

    assert ("2026-11-24T09:00", RunState.DONE) == (str(run.slot), run.state)
    assert [None] == [message.thread_ts for message in today.posted()]
    assert 60 > float(today.posted()[0].ts) - NINE.timestamp()
    assert ONE == sum(len(part.part.paper_ids) for part in await today.parts())
    assert await today.sent_once()


@pytest.mark.parametrize(("threaded", "limit"), [(False, TWO), (True, ONE), (True, TWO)])
async def test_inline_and_in_a_thread(
    slack: FakeSlack, hand: Hand, tmp_path: Path, template: Path, threaded: bool, limit: int
) -> None:
    """A long digest is two messages; a threaded one is a header with its entries in the thread, in order."""
    async with morning(slack, hand, tmp_path, template, threaded=threaded, limit=limit) as today:
        await today.comes()

        root, *rest = today.posted()
        assert rest
        assert root.thread_ts is None
        assert {root.ts if threaded else None} == {message.thread_ts for message in rest}
        assert all(f"{number}. " in today.said() for number in range(1, limit + 1))
        assert await today.sent_once()


async def test_what_is_sent_beside_the_words(today: Morning) -> None:
    """No link is unfurled, a notification text is sent along, and the metadata holds only the part's hash."""
    await today.comes()

    (call,) = [each for each in today.slack.hub.happenings.of("call") if each.text == _POST]
    sent, (part,) = call.more["arguments"], await today.parts()
    assert (False, False) == (sent["unfurl_links"], sent["unfurl_media"])
    assert sent["text"].strip()
    assert {"event_type": "paperwire_part", "event_payload": {"key": part.key}} == sent["metadata"]
    assert re.fullmatch("[0-9a-f]{24}", part.key)
    assert {"channel", "text", "blocks", "metadata", "unfurl_links", "unfurl_media"} == set(sent)


# ── answers that do not come ─────────────────────────────────────────────────────────────────────────────────────────

_SILENCES = (
    Trouble.ANSWER_LOST,
    Trouble.DOWN_BEFORE,
    Trouble.DOWN_AFTER,
    Trouble.HANGS,
    Trouble.HALF_OPEN,
    Trouble.RESET,
    Trouble.NOT_JSON,
)


@pytest.mark.parametrize("threaded", [False, True], ids=["inline", "threaded"])
@pytest.mark.parametrize("place", [0, 1], ids=["first", "second"])
@pytest.mark.parametrize("trouble", _SILENCES)
async def test_an_answer_that_does_not_come(
    slack: FakeSlack, hand: Hand, tmp_path: Path, template: Path, trouble: Trouble, place: int, threaded: bool
) -> None:
    """A message with a lost response, arrived or not, is searched for after its lease, and is in the channel once."""
    slack.hub.faults.switch(trouble, _POST, left=1, skip=place)
    async with morning(slack, hand, tmp_path, template, threaded=threaded, limit=TWO) as today:
        run = await today.comes()

        assert RunState.DONE == run.state
        assert await today.sent_once()
        assert hand() - NINE > LEASE


async def test_nobody_answers_the_door(slack: FakeSlack, hand: Hand, tmp_path: Path, template: Path) -> None:
    """A part refused for lack of a connection is posted without a search when Slack is back."""
    async with morning(slack, hand, tmp_path, template) as today:
        adapter: Any = today.executor.part_delivery.adapters["slack"]
        there, adapter._poster._api_url = adapter._poster._api_url, "http://127.0.0.1:1/api/"

        async def comes_back(seconds: float) -> None:
            adapter._poster._api_url = there
            await hand.sleep(seconds)

        object.__setattr__(today.executor, "sleep", comes_back)
        await today.comes()

        assert await today.sent_once()
        assert [] == [each for each in slack.hub.happenings.of("call") if each.text.startswith("conversations.")]


async def test_a_restart_in_the_middle(slack: FakeSlack, hand: Hand, tmp_path: Path, template: Path) -> None:
    """If the header's response is lost and the app stops, the next app finds it and posts the entries below it."""
    slack.hub.faults.switch(Trouble.ANSWER_LOST, _POST, left=1)
    async with morning(slack, hand, tmp_path, template, threaded=True) as first:
        await cut_short(first)
        assert [DeliveryState.SENDING, DeliveryState.PLANNED] == [part.state for part in await first.parts()]
    async with morning(slack, hand, tmp_path, template, threaded=True) as second:
        await second.comes()

        root, entries = second.posted()
        assert root.ts == entries.thread_ts
        assert await second.sent_once()


@pytest.mark.parametrize("pace", [LENIENT, OUTSIDER], ids=["our own app", "sold outside the Marketplace"])
async def test_a_busy_channel(hand: Hand, tmp_path: Path, template: Path, pace: Any) -> None:
    """After forty other messages the message is still found by reading on, even at one page per minute."""
    async with slack_at(hand, pace) as slack:
        found(slack)
        slack.hub.faults.switch(Trouble.ANSWER_LOST, _POST, left=1)
        ada = slack.person("ada")
        papers = slack.channel("papers", ada)
        async with morning(slack, hand, tmp_path, template) as today:
            await cut_short(today)
            hand.turn(minutes=3)
            for number in range(40):
                await ada.says(f"did you see number {number}?", papers)
                hand.turn(seconds=1)
        async with morning(slack, hand, tmp_path, template) as later:
            await later.comes()

            assert await later.sent_once()
            assert 1 == len(later.posted())
