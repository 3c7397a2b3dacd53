"""Every way in which an answer can fail ends in a right word or in a second way, and never in silence."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bots.usecases.lookup import PaperLookup
from tests.fakes.slack.faults import Trouble
from tests.slack.conftest import Office

_PAPER = "Attention Is All You Need"


@pytest.fixture
async def slow(office: Office, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[asyncio.Event]:
    """Every look-up waits until the event is set."""
    event, look = asyncio.Event(), PaperLookup.by_ref

    async def late(self: PaperLookup, *given: object) -> object:
        await event.wait()
        return await look(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(PaperLookup, "by_ref", late)
    yield event
    event.set()


@pytest.mark.parametrize("trouble", [Trouble.RESET, Trouble.DOWN_BEFORE, Trouble.NOT_JSON])
async def test_a_response_url_that_fails_costs_no_answer(office: Office, trouble: Trouble) -> None:
    """However a response URL fails, also by a lost connection, the answer comes by another call."""
    office.slack.hub.faults.switch(trouble, "response_url")
    await office.ada.types("/paper 1706.03762", office.papers)
    await office.ada.reads(_PAPER, office.papers, only_me=True)


@pytest.mark.parametrize("trouble", [Trouble.RESET, Trouble.ANSWER_LOST, Trouble.DOWN_AFTER, Trouble.NOT_JSON])
async def test_a_mention_whose_answer_is_lost(office: Office, trouble: Trouble) -> None:
    """If it is unknown whether an answer was posted, it is not posted twice, and the person is told."""
    office.slack.hub.faults.switch(trouble, "chat.postMessage", left=1)
    await office.ada.mentions("1706.03762", office.papers)
    said = await office.ada.reads("", office.papers, only_me=True)
    assert "again" in said.text
    assert 1 >= len([seen for seen in office.ada.sees(office.papers) if _PAPER in seen.text])


async def test_a_mention_where_nothing_can_be_posted(office: Office) -> None:
    """If the bot may not post in the channel, the answer comes in direct messages, with the reason in words."""
    office.slack.hub.faults.switch(
        Trouble.REFUSED, "chat.postMessage", channel=office.papers.id, error="restricted_action"
    )
    await office.ada.mentions("1706.03762", office.papers)
    await office.ada.reads("apps may not post in that channel", office.ada.direct)
    await office.ada.reads(_PAPER, office.ada.direct)


@pytest.mark.parametrize("error", ["msg_blocks_too_long", "invalid_blocks", "msg_too_long"])
async def test_an_answer_that_is_too_large(office: Office, error: str) -> None:
    """If Slack does not take the blocks of an answer, the answer comes as plain text."""
    office.slack.hub.faults.switch(Trouble.REFUSED, "chat.postMessage", left=1, error=error)
    asked = await office.ada.mentions("1706.03762", office.papers)
    said = await office.ada.reads("too large for Slack", office.papers, thread=asked.ts)
    assert _PAPER in said.text


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("restricted_action", "apps may not post"),
        ("is_archived", "archived"),
        ("channel_not_found", "/invite @Paperwire"),
        ("missing_scope", "permission"),
    ],
)
async def test_a_paper_that_cannot_be_shared(office: Office, error: str, says: str) -> None:
    """Who shares a paper where nothing can be posted is told why and what to do, in private."""
    await office.ada.types("/paper 1706.03762", office.papers)
    card = await office.ada.reads(_PAPER, office.papers, only_me=True)
    office.slack.hub.faults.switch(Trouble.REFUSED, "chat.postMessage", error=error)
    await office.ada.chooses(card, "Share to channel")
    await office.ada.reads(says, office.papers, only_me=True)
    assert [] == [seen for seen in office.ada.sees(office.papers) if not seen.message.only_for]


async def test_a_paper_is_shared_where_the_bot_can_join(office: Office) -> None:
    """In a public channel without the bot, it joins and shows the paper."""
    (installation,) = office.slack.hub.world.installations
    installation.scopes -= {"chat:write.public"}
    await office.ada.types("/paper 1706.03762", office.papers)
    card = await office.ada.reads(_PAPER, office.papers, only_me=True)
    await office.ada.removes_bot(office.papers)
    await office.ada.chooses(card, "Share to channel")
    shared = await office.ada.waits(
        lambda: next((seen for seen in office.ada.sees(office.papers) if not seen.message.only_for), None),
        what="the paper",
    )
    assert _PAPER in shared.text


async def test_a_window_that_was_closed(slow: asyncio.Event, office: Office) -> None:
    """The answer for a window that the person has closed meanwhile comes as a message that only they see."""
    ada = office.ada
    slow.set()
    await ada.types("/paper 1706.03762", office.papers)
    card = await ada.reads(_PAPER, office.papers, only_me=True)
    office.slack.hub.faults.switch(Trouble.REFUSED, "views.update", error="not_found")
    await ada.presses(card, "Abstract")
    await ada.reads("Recurrence forces", office.papers, only_me=True)


async def test_a_fourth_window_replaces_the_third(office: Office) -> None:
    """Slack stacks three windows: the answer to a press in the third is shown in the third."""
    ada = office.ada
    await ada.types("/paper 1706.03762", office.papers)
    await ada.reads(_PAPER, office.papers, only_me=True)
    card = ada.sees(office.papers, only_me=True)[-1]
    office.slack.hub.faults.switch(Trouble.REFUSED, "views.push", error="push_limit_reached")
    await ada.presses(card, "Save")
    await ada.reads("Saved:", office.papers, only_me=True)
    await ada.opens_home()
    await ada.waits(lambda: "Show" in (ada.home.buttons if ada.home else []) or None, what="the home tab")
    assert ada.home
    await ada.presses(ada.home, "Show")
    await ada.waits(lambda: _PAPER in (ada.modal.text if ada.modal else "") or None, what="the card")
    assert ada.modal
    await ada.presses(ada.modal, "Abstract")
    await ada.waits(lambda: "Recurrence forces" in (ada.modal.text if ada.modal else "") or None, what="the abstract")


@pytest.mark.parametrize("error", ["fatal_error", "a_word_of_next_year", "invalid_auth", "ratelimited"])
async def test_no_member_is_sent_to_the_doctor(office: Office, error: str) -> None:
    """Whatever Slack refuses, a member reads words they can act on, and no command of the operator's."""
    office.slack.hub.faults.switch(Trouble.REFUSED, "chat.postMessage", left=1, error=error)
    await office.ada.mentions("1706.03762", office.papers)
    said = await office.ada.reads("", office.papers, only_me=True)
    assert "doctor" not in said.text
    assert "Slack" in said.text


async def test_an_edit_of_an_ended_subscription_makes_no_other_one(office: Office) -> None:
    """A form that edits a subscription which somebody ended meanwhile says so, and makes no subscription."""
    store, ada = office.application.store, office.ada
    await ada.types("/paper subscribe source=sample limit=7 at=09:00", office.papers)
    await ada.reads("subscribed this channel", office.papers)
    (held,) = await store.subscriptions()
    await ada.types("/paper edit", office.papers)
    await ada.gets_modal("Edit subscription")
    await store.drop_subscription(held.id)
    await ada.submits()
    said = await ada.waits(lambda: (ada.modal and str(ada.modal.errors)) or None, what="an error in the form")
    assert "has ended" in said
    assert () == await store.subscriptions()
