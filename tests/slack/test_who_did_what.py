"""Who did what is seen: changes of a channel's subscriptions, shared cards, and hidden papers with their Undo."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bots.domain.channels import Channel
from bots.slack.settings import AccessPolicy
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.reading import Seen
from tests.fakes.slack.server import FakeSlack
from tests.slack.conftest import Office, at_work

_FORM: dict[str, object] = {"Sources": "sample", "Time": "09:00"}


def posted(office: Office) -> list[Seen]:
    """Return what everyone in the channel sees."""
    return office.slack.messages(office.papers)


async def in_form(office: Office) -> None:
    """Subscribe with the form."""
    await office.ada.types("/paper subscribe", office.papers)
    await office.ada.gets_modal("New subscription")
    await office.ada.fills(_FORM)
    await office.ada.submits()
    await office.ada.gets_modal("Paperwire")
    await office.ada.cancels(everything=True)


async def by_command(office: Office) -> None:
    """Subscribe with a command."""
    await office.ada.types("/paper subscribe source=sample at=09:00", office.papers)


async def name_of_one(office: Office) -> str:
    """Return the id of the only subscription."""
    (subscription,) = await office.application.store.subscriptions()
    return subscription.id


@pytest.mark.parametrize("subscribes", [in_form, by_command], ids=["form", "command"])
async def test_a_new_subscription_is_announced(office: Office, subscribes: Callable[[Office], Awaitable[None]]) -> None:
    """One line with Ada's name says what comes and when; it pings nobody and unfurls nothing."""
    await subscribes(office)
    said = await office.ada.reads("subscribed this channel to", office.papers)
    assert said.text.startswith("ada subscribed this channel to")
    assert "every weekday at 9:00, Vienna time. /paper subscriptions shows it." in said.text
    assert ([], 1, 1) == (said.pings, len(said.text.splitlines()), len(posted(office)))


async def test_every_change_is_announced_once(office: Office) -> None:
    """Pausing, resuming and ending are announced; a second pause and a second resume, which change nothing, are not."""
    await by_command(office)
    await office.ada.reads("subscribed this channel", office.papers)
    name = await name_of_one(office)
    for word, said in (("pause", "Paused"), ("pause", "Paused"), ("resume", "Resumed"), ("resume", "Resumed")):
        await office.ada.types(f"/paper {word} {name}", office.papers)
        await office.ada.reads(said, office.papers, only_me=True)
    await office.ada.types(f"/paper unsubscribe {name}", office.papers)
    await office.ada.reads("ended this channel's subscription", office.papers)
    verbs = [each.text.split()[1] for each in posted(office)]
    assert ["subscribed", "paused", "resumed", "ended"] == verbs


async def test_a_press_in_the_list_and_an_edit_are_announced(office: Office) -> None:
    """The buttons of the list and the form that edits are announced like commands."""
    await by_command(office)
    await office.ada.reads("subscribed this channel", office.papers)
    await office.ada.types("/paper subscriptions", office.papers)
    shown = await office.ada.reads("1 subscription in #papers", office.papers, only_me=True)
    await office.ada.presses(shown, "Pause")
    await office.ada.reads("ada paused this channel's subscription", office.papers)
    await office.ada.presses(shown, "Edit")
    await office.ada.gets_modal("Edit")
    await office.ada.fills({"Time": "10:30"})
    await office.ada.submits()
    assert "at 10:30" in (await office.ada.reads("ada changed a subscription of this channel", office.papers)).text


async def test_nothing_is_announced_in_direct_messages(office: Office) -> None:
    """A subscription of one's own direct messages is confirmed there and announced nowhere."""
    await office.ada.types("/paper subscribe source=sample at=09:00", office.ada.direct)
    await office.ada.reads("Subscribed", office.ada.direct)
    assert [] == [each for each in office.ada.sees(office.ada.direct) if "subscribed this channel" in each.text]
    assert [] == posted(office)


async def test_an_answer_that_all_see_is_not_said_twice(office: Office) -> None:
    """A mention is answered in its thread, where everyone sees who asked: no second line."""
    asked = await office.ada.mentions("subscribe source=sample at=09:00", office.papers)
    await office.ada.reads("Subscribed", office.papers, thread=asked.ts)
    await office.ada.types("/paper help", office.papers)
    await office.ada.reads("Commands", office.papers, only_me=True)
    assert [] == [each for each in posted(office) if "subscribed this channel" in each.text]


@pytest.mark.parametrize("error", ["not_in_channel", "is_archived", "channel_not_found", "ratelimited"])
async def test_a_channel_that_takes_no_post_costs_nothing(office: Office, error: str) -> None:
    """Where the line cannot be posted the subscription is stored and confirmed all the same."""
    office.slack.hub.faults.switch(Trouble.REFUSED, "chat.postMessage", error=error)
    await by_command(office)
    await office.ada.reads("Subscribed", office.papers, only_me=True)
    assert await name_of_one(office)
    assert [] == posted(office)


async def test_a_profile_that_cannot_be_read_leaves_the_handle(office: Office) -> None:
    """Without the profile the line names the person by the handle that Slack sent with the command."""
    office.slack.hub.faults.switch(Trouble.REFUSED, "users.info")
    await by_command(office)
    assert (await office.ada.reads("subscribed this channel", office.papers)).text.startswith("ada ")


async def test_a_shared_card_names_who_shared_it(office: Office) -> None:
    """Everyone sees the name above the card, and nobody is pinged."""
    await office.ada.types("/paper 1706.03762", office.papers)
    card = await office.ada.reads("Attention Is All You Need", office.papers, only_me=True)
    await office.ada.chooses(card, "Share to channel")
    await office.ada.waits(lambda: posted(office), what="the shared card")
    (shared,) = posted(office)
    assert ("ada shared this", []) == (shared.text.splitlines()[0], shared.pings)
    assert "Attention Is All You Need" in shared.text
    assert shared.fallback.startswith("ada shared this: ")


# ── not for us ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def card_of(office: Office) -> Seen:
    """Return a card that only Ada sees."""
    await office.ada.types("/paper 1706.03762", office.papers)
    return await office.ada.reads("Attention Is All You Need", office.papers, only_me=True)


async def hidden(office: Office, words: str) -> Seen:
    """Return the list of hidden papers once it contains the words."""
    await office.ada.types("/paper hidden", office.papers)
    return await office.ada.reads(words, office.papers, only_me=True)


async def test_not_for_us_asks_hides_lists_and_undoes(office: Office) -> None:
    """The first press asks in private, the second hides; the list names who did, and its Undo shows it again."""
    await office.ada.presses(await card_of(office), "Not for us")
    asks = await office.ada.reads("Hide “Attention Is All You Need”", office.papers, only_me=True)
    assert "for everyone here, until someone presses Undo" in asks.text
    assert "No paper is hidden here." in (await hidden(office, "No paper")).text
    await office.ada.presses(asks, "Hide it")
    done = await office.ada.reads("Hidden: “Attention", office.papers, only_me=True)
    listed = await hidden(office, "1 paper hidden here")
    assert "Hidden by ada on" in listed.text
    assert ([], [], ["Undo"], ["Undo"]) == (listed.pings, posted(office), listed.buttons, done.buttons)
    await office.ada.presses(listed, "Undo")
    await office.ada.reads("Undone. Later digests here may show “Attention", office.papers, only_me=True)
    await office.ada.presses(done, "Undo")
    await office.ada.reads("Not hidden here: “Attention", office.papers, only_me=True)
    channel = Channel(platform="slack", workspace=office.ada.workspace.id, channel=office.papers.id)
    assert () == await office.application.store.hidden_papers(channel)


async def test_two_people_press_at_once(office: Office) -> None:
    """Both are answered, and the list names both."""
    bob = office.slack.person("bob")
    office.slack.channel("papers", bob)
    card = await card_of(office)
    await office.ada.presses(card, "Not for us")
    asks = await office.ada.reads("Hide “Attention", office.papers, only_me=True)
    await bob.types("/paper hide 1706.03762 ask", office.papers)
    theirs = await bob.reads("Hide “Attention", office.papers, only_me=True)
    await asyncio.gather(office.ada.presses(asks, "Hide it"), bob.presses(theirs, "Hide it"))
    for person in (office.ada, bob):
        await person.reads("Hidden: “Attention", office.papers, only_me=True)
    listed = await hidden(office, "1 paper hidden here")
    assert {"ada", "bob"} == set(listed.text.split("Hidden by ")[1].split(" on ")[0].split(" and "))


async def test_only_who_may_hide_may_undo(slack: FakeSlack, tmp_path: Path) -> None:
    """Where only admins may change a channel, a member can neither hide, nor be asked, nor undo; but reads the list."""
    ada, installation = slack.person("ada"), slack.hub.install(slack.workspace())
    papers = slack.channel("papers", ada)
    async with at_work(slack, tmp_path, installation.token, access_policy=AccessPolicy(admins_only=True)):
        for number, words in enumerate(("hide 1706.03762", "hide 1706.03762 ask", "unhide 1706.03762"), start=1):
            await ada.types(f"/paper {words}", papers)
            await ada.reads("Only workspace admins may change this here.", papers, only_me=True)
            await ada.waits(lambda n=number: len(ada.sees(papers, only_me=True)) == n, what="an answer")  # type: ignore[misc]
        await ada.types("/paper hidden", papers)
        await ada.reads("No paper is hidden here.", papers, only_me=True)
