"""Limits in time of calls, triggers and response URLs, on a clock that the test moves."""

from itertools import count

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.slack.pacing import LENIENT, STRICT, Pacing
from tests.fakes.slack.tests.bot import SUBSCRIBE, section
from tests.fakes.slack.tests.conftest import Lab
from tests.fakes.slack.tests.test_web_api import error_of


async def test_a_second_message_in_a_second_is_refused(lab: Lab) -> None:
    """With strict limits a channel accepts one message per second; after Retry-After the next is accepted."""
    lab.slack.hub.pacing = Pacing(STRICT)
    await lab.client.chat_postMessage(channel="#papers", text="One")
    refused = await error_of(lab.client.chat_postMessage(channel="#papers", text="Two"))
    assert (429, "ratelimited", "1") == (refused.status_code, refused["error"], refused.headers["Retry-After"])
    lab.clock.now += 1
    await lab.client.chat_postMessage(channel="#papers", text="Two")
    assert ["One", "Two"] == [seen.text for seen in lab.slack.messages(lab.papers)]


async def test_a_short_burst_is_let_through(lab: Lab) -> None:
    """With lenient limits a channel accepts four messages at once and not a fifth; other channels are unaffected."""
    other = lab.slack.channel("other", lab.ada)
    for number in range(4):
        await lab.client.chat_postMessage(channel="#papers", text=str(number))
    refused = await error_of(lab.client.chat_postMessage(channel="#papers", text="5"))
    assert "ratelimited" == refused["error"]
    assert (await lab.client.chat_postMessage(channel=other.id, text="1"))["ok"]


async def test_a_tier_is_a_number_of_calls_a_minute(lab: Lab) -> None:
    """With strict limits tier 2 is twenty calls per minute for each method; other methods are unaffected."""
    lab.slack.hub.pacing = Pacing(STRICT)
    for _ in range(20):
        await lab.client.conversations_list()
    refused = await error_of(lab.client.conversations_list())
    assert ("ratelimited", "60") == (refused["error"], refused.headers["Retry-After"])
    await lab.client.conversations_info(channel=lab.papers.id)
    lab.clock.now += 60
    await lab.client.conversations_list()


@given(st.lists(st.floats(0, 3), min_size=1, max_size=60))
def test_no_channel_gets_more_than_its_pace(waits: list[float]) -> None:
    """At any times of the calls, a channel accepts at most its burst plus one message per second."""
    pacing, now, taken = Pacing(LENIENT), 0.0, 0
    for wait in waits:
        now += wait
        taken += pacing.post("T", "C", now) == 0
        assert taken <= LENIENT.burst + now + 1e-3


@given(st.integers(1, 20))
def test_who_waits_as_told_is_never_refused_twice(posts: int) -> None:
    """A caller that waits the returned number of seconds is accepted at the next attempt."""
    pacing, now = Pacing(STRICT), 0.1
    for _ in range(posts):
        wait = pacing.post("T", "C", now)
        now += wait
        assert not wait or 0 == pacing.post("T", "C", now)


async def test_a_trigger_opens_one_window_within_three_seconds(lab: Lab) -> None:
    """A trigger is valid once and for three seconds; used, expired and unknown triggers have different errors."""
    passes = lab.slack.hub.passes
    team, user = lab.papers.team, lab.ada.user.id
    fresh, late = passes.trigger(team, user), passes.trigger(team, user)
    await lab.client.views_open(trigger_id=fresh.id, view=SUBSCRIBE)
    again = lab.client.views_open(trigger_id=fresh.id, view=SUBSCRIBE)
    assert "exchanged_trigger_id" == (await error_of(again))["error"]
    lab.clock.now += 3
    assert "expired_trigger_id" == (await error_of(lab.client.views_open(trigger_id=late.id, view=SUBSCRIBE)))["error"]
    assert "invalid_trigger_id" == (await error_of(lab.client.views_open(trigger_id="1.2.3", view=SUBSCRIBE)))["error"]


async def test_a_window_is_changed_only_as_it_is_known(lab: Lab) -> None:
    """views.update with an old hash fails with hash_conflict, and for a closed modal with not_found."""
    trigger = lab.slack.hub.passes.trigger(lab.papers.team, lab.ada.user.id)
    view = (await lab.client.views_open(trigger_id=trigger.id, view=SUBSCRIBE))["view"]
    changed = await lab.client.views_update(view_id=view["id"], hash=view["hash"], view=SUBSCRIBE)
    assert view["hash"] != changed["view"]["hash"]
    stale = lab.client.views_update(view_id=view["id"], hash=view["hash"], view=SUBSCRIBE)
    assert "hash_conflict" == (await error_of(stale))["error"]
    await lab.ada.cancels()
    gone = lab.client.views_update(view_id=view["id"], view=SUBSCRIBE)
    assert "not_found" == (await error_of(gone))["error"]


async def test_windows_lie_three_deep(lab: Lab) -> None:
    """Two modals can be pushed onto the first, but not a third; closing one shows the one below."""
    for number in count(1):
        trigger = lab.slack.hub.passes.trigger(lab.papers.team, lab.ada.user.id)
        put = lab.client.views_push if number > 1 else lab.client.views_open
        title = {"type": "plain_text", "text": f"Window {number}"}
        if number == 4:
            refused = await error_of(put(trigger_id=trigger.id, view={**SUBSCRIBE, "title": title}))
            assert "push_limit_reached" == refused["error"]
            break
        await put(trigger_id=trigger.id, view={**SUBSCRIBE, "title": title})
    await lab.ada.cancels()
    assert "Window 2" == (await lab.ada.gets_modal()).title


async def test_the_home_tab_is_published_with_its_hash(lab: Lab) -> None:
    """views.publish with an old hash fails with hash_conflict and leaves the home tab unchanged."""
    home = {"type": "home", "blocks": [section("One")]}
    first = await lab.client.views_publish(user_id=lab.ada.user.id, view=home)
    second = {"type": "home", "blocks": [section("Two")]}
    await lab.client.views_publish(user_id=lab.ada.user.id, view=second, hash=first["view"]["hash"])
    stale = lab.client.views_publish(user_id=lab.ada.user.id, view=home, hash=first["view"]["hash"])
    assert "hash_conflict" == (await error_of(stale))["error"]
    assert lab.ada.home is not None
    assert "Two" == lab.ada.home.text


async def answer(lab: Lab, key: str, said: dict[str, object]) -> tuple[int, str]:
    """Post a response to a response URL."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{lab.slack.url}/reply/{key}", json=said) as response,
    ):
        return response.status, await response.text()


async def test_a_response_url_is_good_for_five_answers(lab: Lab) -> None:
    """Five responses are shown; the sixth is refused."""
    reply = lab.slack.hub.passes.reply_to(lab.papers.team, lab.papers.id, lab.ada.user.id)
    for number in range(5):
        assert (200, "ok") == await answer(lab, reply.key, {"text": str(number)})
    status, said = await answer(lab, reply.key, {"text": "6"})
    assert (404, True) == (status, "used_url" in said)
    assert ["0", "1", "2", "3", "4"] == [seen.text for seen in lab.ada.sees(lab.papers)]


async def test_a_response_url_is_good_for_thirty_minutes(lab: Lab) -> None:
    """After thirty minutes a response is refused."""
    reply = lab.slack.hub.passes.reply_to(lab.papers.team, lab.papers.id, lab.ada.user.id)
    lab.clock.now += 30 * 60
    status, said = await answer(lab, reply.key, {"text": "Late"})
    assert (404, True) == (status, "expired_url" in said)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"text": "New"}, ["Old", "New"]),
        ({"text": "New", "replace_original": True}, ["New"]),
        ({"delete_original": True}, []),
        ({"text": "New", "response_type": "in_channel"}, ["Old", "New"]),
    ],
)
async def test_an_answer_stands_beside_or_in_place(lab: Lab, said: dict[str, object], shown: list[str]) -> None:
    """A response adds a new message, or replaces or deletes the original one."""
    old = await lab.client.chat_postMessage(channel="#papers", text="Old")
    passes = lab.slack.hub.passes
    reply = passes.reply_to(lab.papers.team, lab.papers.id, lab.ada.user.id, message_ts=old["ts"])
    await answer(lab, reply.key, said)
    assert shown == [seen.text for seen in lab.ada.sees(lab.papers)]
    everybody = [seen.text for seen in lab.slack.messages(lab.papers)]
    assert ("New" in everybody) == (bool(said.get("text")) and len(said) > 1)
    told = {"replace_original", "delete_original"} & set(said)
    assert bool(told) == (not lab.slack.hub.happenings.of("ambiguous"))
