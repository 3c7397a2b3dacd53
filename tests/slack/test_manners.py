"""Slow replies are announced, clicks leave their message unchanged, and refusals are explained in words."""

import asyncio
from zoneinfo import ZoneInfo

import pytest

from bots.domain.channels import Channel
from bots.domain.papers import Paper, PaperId
from bots.usecases.lookup import PaperLookup
from tests.fakes.slack.faults import Trouble
from tests.slack.conftest import Office


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Paper lookups that wait until the event is set, and announcements after 0.05 seconds."""
    opened, by_id = asyncio.Event(), PaperLookup.by_id

    async def late(self: PaperLookup, paper_id: PaperId, place: Channel | None = None) -> Paper:
        await opened.wait()
        return await by_id(self, paper_id, place)

    monkeypatch.setattr(PaperLookup, "by_id", late)
    monkeypatch.setattr("bots.slack.handler.PATIENCE", 0.05)
    return opened


def told(office: Office) -> list[str]:
    """Return the bot's messages that only Ada sees."""
    return [seen.text for seen in office.ada.sees(office.papers, only_me=True)]


async def test_a_typed_subscription_is_on_the_clock_of_who_typed_it(office: Office) -> None:
    """09:00 is 09:00 in Vienna for a person whose profile says so; zone= overrides the profile."""
    for words in ("", " zone=Asia/Tokyo query=agents"):
        await office.ada.types(f"/paper subscribe source=sample at=09:00{words}", office.papers)
        await office.ada.reads("Subscribed", office.papers, only_me=True)
        await office.ada.waits(lambda: len(told(office)) == (2 if words else 1), what="an answer")  # noqa: B023

    zones = {subscription.timezone for subscription in await office.application.store.subscriptions()}
    assert {ZoneInfo("Europe/Vienna"), ZoneInfo("Asia/Tokyo")} == zones


@pytest.mark.parametrize("trouble", [Trouble.HANGS, Trouble.REFUSED, Trouble.DOWN_BEFORE])
async def test_a_profile_that_does_not_come_holds_nobody_up(office: Office, trouble: Trouble) -> None:
    """Without the person's time zone a command is still answered; the next command requests it again."""
    office.slack.hub.faults.switch(trouble, "users.info", left=1)
    for number in (1, 2):
        await office.ada.types(f"/paper subscribe source=sample query=w{number} at=0{number}:00", office.papers)
        await office.ada.reads(f"at {number}:00", office.papers, only_me=True)

    subscriptions = {
        subscription.times[0].hour: subscription.timezone
        for subscription in await office.application.store.subscriptions()
    }
    assert {1: ZoneInfo("UTC"), 2: ZoneInfo("Europe/Vienna")} == subscriptions


async def test_nothing_is_left_above_a_slow_answer(slow: asyncio.Event, office: Office) -> None:
    """An ephemeral message cannot be replaced or deleted, so a slow command is answered by one message alone."""
    await office.ada.types("/paper 1706.03762", office.papers)
    await asyncio.sleep(0)
    slow.set()
    await office.ada.reads("Attention Is All You Need", office.papers, only_me=True)

    assert 1 == len(told(office))
    assert office.ada.modal is None


async def test_a_slow_mention_is_answered_in_the_place_of_the_word_in_between(
    slow: asyncio.Event, office: Office
) -> None:
    """The thread holds one message: first the announcement, then the answer in its place."""
    asked = await office.ada.mentions("1706.03762", office.papers)
    moment = await office.ada.reads("One moment", office.papers, thread=asked.ts)
    slow.set()
    answer = await office.ada.reads("Attention Is All You Need", office.papers, thread=asked.ts)

    assert moment.ts == answer.ts
    assert [asked.ts, answer.ts] == [seen.ts for seen in office.ada.sees(office.papers, thread=asked.ts)]


async def test_a_word_in_between_that_somebody_removed_is_not_missed(slow: asyncio.Event, office: Office) -> None:
    """If the announcement cannot be replaced, the answer is a separate message."""
    office.slack.hub.faults.switch(Trouble.REFUSED, "chat.update", error="message_not_found")
    asked = await office.ada.mentions("1706.03762", office.papers)
    await office.ada.reads("One moment", office.papers, thread=asked.ts)
    slow.set()

    answer = await office.ada.reads("Attention Is All You Need", office.papers, thread=asked.ts)
    assert asked.ts < answer.ts


async def test_an_answer_to_a_press_never_takes_the_place_of_what_was_pressed(
    slow: asyncio.Event, office: Office
) -> None:
    """The clicked message stays unchanged; a slow reply comes in a window, which first says that it takes a moment."""
    await office.ada.types("/paper search attention", office.papers)
    found = await office.ada.reads("papers for", office.papers, only_me=True)
    before = (found.text, list(found.buttons))
    await office.ada.presses(found, "Show")
    await office.ada.gets_modal("One moment")
    slow.set()
    card = await office.ada.gets_modal("Paperwire")
    assert "Attention Is All You Need" in card.text
    await office.ada.cancels()

    again = next(seen for seen in office.ada.sees(office.papers, only_me=True) if seen.ts == found.ts)
    assert before == (again.text, again.buttons)
    assert [] == office.slack.hub.happenings.of("ambiguous", "updated", "deleted")


@pytest.mark.parametrize("how", ["command", "shortcut", "press"])
async def test_who_gets_no_window_is_told_what_to_do(office: Office, how: str) -> None:
    """An expired trigger id opens no modal: the person gets the reason and the advice to repeat the action."""
    office.slack.hub.faults.switch(Trouble.TRIGGER_EXPIRED, "*")
    ada, where = office.ada, office.papers
    if how == "command":
        await ada.types("/paper subscribe", office.papers)
    elif how == "press":
        await ada.types("/paper 1706.03762", office.papers)
        await ada.presses(await ada.reads("Attention", office.papers, only_me=True), "Abstract")
    else:
        await ada.uses_shortcut("summarize")
        where = ada.direct

    if how == "press":
        # The answer needs no window.
        assert "recurrence" in (await ada.reads("Recurrence forces", where, only_me=True)).text
        return
    said = await ada.reads("three seconds", where)
    assert "Try again" in said.text


async def test_a_refused_response_url_costs_nobody_the_answer(office: Office) -> None:
    """A reply that the response URL refuses is posted by another call, visible to the same person only."""
    office.slack.hub.faults.switch(Trouble.DOWN_BEFORE, "response_url", left=1)
    await office.ada.types("/paper 1706.03762", office.papers)

    card = await office.ada.reads("Attention Is All You Need", office.papers, only_me=True)
    assert office.ada.user.id == card.message.only_for


async def test_where_the_bot_is_not_the_answer_comes_directly(office: Office) -> None:
    """In a channel without the bot, a reply that cannot be posted there goes to the person's direct messages."""
    office.slack.hub.faults.switch(Trouble.DOWN_BEFORE, "response_url", left=1)
    await office.ada.removes_bot(office.papers)
    installed = office.slack.hub.world.installed_in(office.ada.workspace.id)
    assert installed is not None
    installed.scopes -= {"chat:write.public"}
    await office.ada.types("/paper 1706.03762", office.papers)

    await office.ada.reads("Attention Is All You Need", office.ada.direct)
    assert [] == told(office)


async def test_a_subscription_that_is_sent_in_twice_stands_once(office: Office) -> None:
    """A redelivered submission creates no second subscription; the reply shows the existing one."""
    office.slack.hub.faults.switch(Trouble.REDELIVERED, "view_submission", left=1)
    await office.ada.types("/paper subscribe", office.papers)
    await office.ada.gets_modal("New subscription")
    await office.ada.fills({"Sources": "sample", "Time": "09:00"})
    await office.ada.submits()
    await office.slack.until(lambda: office.slack.hub.happenings.of("redelivered"), what="the second delivery")

    assert 1 == len(await office.application.store.subscriptions())
    assert office.ada.modal is None or "at 9:00" in office.ada.modal.text
