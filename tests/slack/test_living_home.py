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
