"""The home tab through a day: it keeps a person's own subscriptions, is redrawn after changes, and shares elsewhere."""

import pytest

from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.screens import Screen
from tests.slack.conftest import Office

_PAPER = "Attention Is All You Need"


async def home(office: Office, words: str) -> Screen:
    """Wait until Ada's home tab shows some words."""
    ada = office.ada
    return await ada.waits(
        lambda: ada.home if ada.home and words in ada.home.text else None, what=f"a home tab with {words!r}"
    )


async def modal(office: Office, words: str) -> Screen:
    """Wait until Ada's window shows some words."""
    ada = office.ada
    return await ada.waits(
        lambda: ada.modal if ada.modal and words in ada.modal.text else None, what=f"a window with {words!r}"
    )


async def test_presses_keep_what_is_in_direct_messages(office: Office) -> None:
    """A subscription of the person's direct messages stays on the tab after each press there."""
    ada = office.ada
    await ada.types("/paper subscribe source=sample at=09:00", ada.direct)
    await ada.reads("Subscribed", ada.direct)
    await ada.opens_home()
    shown = await home(office, "Your direct messages")
    await ada.presses(shown, "Pause")
    shown = await home(office, "paused")
    assert "Your direct messages" in shown.text
    await ada.presses(shown, "Resume")
    assert "Your direct messages" in (await home(office, "next on")).text


async def test_the_tab_is_redrawn_after_a_form(office: Office) -> None:
    """A subscription that was made from the tab is on it at once."""
    ada = office.ada
    await ada.opens_home()
    shown = await home(office, "None of your channels")
    await ada.presses(shown, "New subscription")
    await ada.gets_modal("New subscription")
    await ada.fills({"Sources": "sample", "Channel": office.papers.id})
    await ada.submits()
    await modal(office, "Subscribed")
    assert "papers" in (await home(office, "next on")).text


async def test_what_is_done_on_the_tab_is_announced_in_the_channel(office: Office) -> None:
    """Subscribing, editing, pausing, resuming and ending on the tab: one line each in the channel, with the name."""
    ada = office.ada
    await ada.opens_home()
    await ada.presses(await home(office, "None of your channels"), "New subscription")
    await ada.gets_modal("New subscription")
    await ada.fills({"Sources": "sample", "Channel": office.papers.id, "Time": "09:00"})
    await ada.submits()
    await modal(office, "Subscribed")
    await ada.reads("ada subscribed this channel to", office.papers)
    await ada.cancels(everything=True)
    shown = await home(office, "Weekdays at 9:00")
    await ada.presses(shown, "Edit")
    await ada.gets_modal("Edit subscription")
    await ada.fills({"Time": "10:30"})
    await ada.submits()
    assert "at 10:30" in (await ada.reads("ada changed a subscription of this channel", office.papers)).text
    await modal(office, "10:30")
    await ada.cancels(everything=True)
    # Each change is drawn on the tab: its words and its buttons.
    shown = await home(office, "10:30")
    await ada.presses(shown, "Pause")
    await ada.reads("ada paused this channel's subscription", office.papers)
    shown = await home(office, "paused")
    assert "Resume" in shown.buttons
    await ada.presses(shown, "Resume")
    await ada.reads("ada resumed this channel's subscription", office.papers)
    shown = await home(office, "next on")
    assert "Pause" in shown.buttons
    await ada.presses(shown, "Unsubscribe")
    await ada.reads("ada ended this channel's subscription", office.papers)
    await home(office, "None of your channels")
    verbs = [each.text.split()[1] for each in office.slack.messages(office.papers)]
    assert ["subscribed", "changed", "paused", "resumed", "ended"] == verbs


async def test_a_card_from_the_tab(office: Office) -> None:
    """A card from the tab has no "Not for us", which would count nowhere, and is shared in a channel one chooses."""
    ada = office.ada
    await ada.types("/paper 1706.03762", office.papers)
    await ada.presses(await ada.reads(_PAPER, office.papers, only_me=True), "Save")
    await ada.reads("Saved:", office.papers, only_me=True)
    await ada.opens_home()
    await ada.presses(await home(office, _PAPER), "Show")
    card = await modal(office, "Transformer")
    assert "Save" in card.buttons
    assert "Not for us" not in card.buttons
    await ada.chooses(card, "Share to channel")
    await modal(office, "The paper is shown there")
    await ada.fills({"Channel": office.papers.id})
    await ada.submits()
    await modal(office, "Shared")
    shared = [seen for seen in ada.sees(office.papers) if not seen.message.only_for]
    assert [True] == [_PAPER in seen.text for seen in shared]
    assert [] == [seen for seen in ada.sees(ada.direct) if _PAPER in seen.text]


@pytest.mark.parametrize("error", ["missing_scope", "ratelimited", "internal_error"])
async def test_a_tab_without_a_permission(office: Office, error: str) -> None:
    """If Slack does not show the person's channels, the tab has the rest, and says what is missing."""
    ada = office.ada
    await ada.types("/paper subscribe source=sample at=09:00", ada.direct)
    await ada.reads("Subscribed", ada.direct)
    office.slack.hub.faults.switch(Trouble.REFUSED, "users.conversations", error=error)
    await ada.opens_home()
    shown = await home(office, "are not shown")
    assert "Your direct messages" in shown.text
    assert "Saved papers" in shown.text


async def test_a_token_without_private_channels(office: Office) -> None:
    """Without the permission for private channels, those of public channels are still there."""
    (installation,) = office.slack.hub.world.installations
    await office.ada.types("/paper subscribe source=sample at=09:00", office.papers)
    await office.ada.reads("Subscribed", office.papers, only_me=True)
    installation.scopes -= {"groups:read"}
    await office.ada.opens_home()
    shown = await home(office, "private channels are not shown")
    assert "next on" in shown.text
