"""Who did what is seen: changes of a channel's subscriptions, and hidden papers with their Undo."""

import asyncio
from typing import Any

import pytest

from bots.domain.channels import Channel
from bots.domain.papers import PaperId
from bots.usecases.hiding import PAGE
from tests.discord.conftest import Lab
from tests.discord.forms import drafts_sample
from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.reading import Seen
from tests.fakes.discord.world import Channel as Place
from tests.fakes.discord.world import ChannelType
from tests.support.factories import NOW, a_subscription


async def subscribes(lab: Lab, place: Place | None = None) -> None:
    """Subscribe with the form and the draft, in the channel or for another place."""
    more: dict[str, Any] = {"channel": place} if place else {}
    await lab.ada.uses("/paper subscribe", lab.papers, **more)
    await lab.ada.gets_modal("New subscription")
    await lab.ada.presses(await drafts_sample(lab.ada, lab.papers), "Subscribe")
    await lab.ada.reads("Subscribed", lab.papers, only_me=True)


async def listed(lab: Lab) -> Seen:
    """Return the list of subscriptions that only Ada sees."""
    await lab.ada.uses("/paper subscriptions", lab.papers)
    return await lab.ada.reads("subscription", lab.papers, only_me=True)


def posted(lab: Lab) -> list[Seen]:
    """Return what everyone in the channel sees."""
    return list(lab.discord.messages(lab.papers))


async def test_a_new_subscription_is_announced(lab: Lab) -> None:
    """One line with Ada's name says what comes and when, and pings nobody."""
    await subscribes(lab)
    said = await lab.ada.reads("subscribed this channel to", lab.papers)
    assert f"<@{lab.ada.user.id}> subscribed this channel to" in said.raw
    assert "every weekday at 9:00, UTC. /paper subscriptions shows it." in said.text
    assert ((), 1, 1) == (tuple(said.pings), len(said.text.splitlines()), len(posted(lab)))


def answers(lab: Lab, words: str) -> list[Seen]:
    """Return the answers with some words that only Ada sees in #papers."""
    return [each for each in lab.ada.sees(lab.papers, only_me=True) if words in each.text]


async def test_every_change_is_announced_once(lab: Lab) -> None:
    """Pausing, resuming and ending are announced; a second press of Pause, which changes nothing, is not."""
    await subscribes(lab)
    shown = await listed(lab)
    await lab.ada.presses(shown, "Pause")
    await lab.ada.reads("paused this channel's subscription", lab.papers)
    await lab.ada.presses(shown, "Pause")
    # The second press is carried out before the next button is pressed: it has an answer of its own.
    again = await lab.ada.waits(lambda: answers(lab, "Paused")[1:] or None, what="a second answer")
    await lab.ada.presses(again[0], "Resume")
    await lab.ada.reads("resumed this channel's subscription", lab.papers)
    await lab.ada.presses(shown, "Unsubscribe")
    await lab.ada.presses(await lab.ada.reads("End this subscription?", lab.papers, only_me=True), "Unsubscribe")
    await lab.ada.reads("ended this channel's subscription", lab.papers)
    verbs = [each.raw.split()[1] for each in posted(lab)]
    assert ["subscribed", "paused", "resumed", "ended"] == verbs


async def test_a_change_for_another_channel_is_announced_there(lab: Lab) -> None:
    """The line is posted in the channel that gets the digests, not where the command was typed."""
    news = lab.discord.channel("news", lab.guild)
    await subscribes(lab, news)
    await lab.ada.reads("subscribed this channel to", news)
    assert [] == posted(lab)


async def test_nothing_is_announced_in_direct_messages(lab: Lab) -> None:
    """A subscription of one's own direct messages is confirmed and not announced."""
    lab.discord.user_installs(lab.ada)
    await lab.ada.uses("/paper subscribe", lab.ada.dm)
    await lab.ada.gets_modal("New subscription")
    await lab.ada.presses(await drafts_sample(lab.ada, lab.ada.dm), "Subscribe")
    await lab.ada.reads("Subscribed", lab.ada.dm)
    assert [] == [each for each in lab.ada.sees(lab.ada.dm) if "subscribed this channel" in each.text]


async def test_a_forum_that_takes_no_message_costs_nothing(lab: Lab) -> None:
    """A subscription of a forum is stored and confirmed, although no line can be posted into a forum itself."""
    forum = lab.discord.channel("forum", lab.guild, kind="forum")
    await subscribes(lab, forum)
    assert 1 == len(await lab.application.store.subscriptions())


# ── not for us ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def asks(lab: Lab) -> Seen:
    """Press Not for us under a paper, and return the question."""
    await lab.ada.uses("/paper lookup", lab.papers, paper="2304.03442")
    card = await lab.ada.reads("Generative Agents", lab.papers, only_me=True)
    await lab.ada.presses(card, "Not for us")
    return await lab.ada.reads("Hide “Generative", lab.papers, only_me=True)


async def hidden(lab: Lab, words: str) -> Seen:
    """Return the list of hidden papers once it contains the words."""
    await lab.ada.uses("/paper hidden", lab.papers)
    return await lab.ada.reads(words, lab.papers, only_me=True)


async def test_not_for_us_asks_hides_lists_and_undoes(lab: Lab) -> None:
    """The first press asks in private, the second hides; the list names who did, and its Undo shows it again."""
    question = await asks(lab)
    assert "for everyone here, until someone presses Undo" in question.text
    await hidden(lab, "No paper is hidden here.")
    await lab.ada.presses(question, "Hide it")
    done = await lab.ada.reads("Hidden: “Generative", lab.papers, only_me=True)
    shown = await hidden(lab, "1 paper hidden here")
    assert f"Hidden by <@{lab.ada.user.id}> on" in shown.raw
    assert ((), []) == (tuple(shown.pings), posted(lab))
    await lab.ada.presses(shown, "Undo")
    await lab.ada.reads("Undone. Later digests here may show “Generative", lab.papers, only_me=True)
    await lab.ada.presses(done, "Undo")
    await lab.ada.reads("Not hidden here: “Generative", lab.papers, only_me=True)


async def test_two_people_press_at_once(lab: Lab) -> None:
    """Both are answered, and the list names both."""
    bob = lab.discord.person("bob", lab.guild, permissions=MEMBER | Permissions.MANAGE_CHANNELS)
    question = await asks(lab)
    await bob.uses("/paper lookup", lab.papers, paper="2304.03442")
    await bob.presses(await bob.reads("Generative Agents", lab.papers, only_me=True), "Not for us")
    theirs = await bob.reads("Hide “Generative", lab.papers, only_me=True)
    await asyncio.gather(lab.ada.presses(question, "Hide it"), bob.presses(theirs, "Hide it"))
    for person in (lab.ada, bob):
        await person.reads("Hidden: “Generative", lab.papers, only_me=True)
    shown = await hidden(lab, "1 paper hidden here")
    assert all(f"<@{person.user.id}>" in shown.raw for person in (lab.ada, bob))


async def test_the_list_is_turned_page_by_page(lab: Lab) -> None:
    """Older and Newer reach every page, each one message; Undo is beside each paper."""
    channel = Channel(platform="discord", workspace=lab.guild.id, channel=lab.papers.id)
    for number in range(2 * PAGE + 1):
        paper = PaperId.arxiv(f"2101.{number:05}")
        await lab.application.store.turn_down(channel, paper, user=lab.ada.user.id, now=NOW)
    shown = await hidden(lab, "17 papers hidden here, page 1 of 3")
    assert PAGE == shown.text.count("Hidden by")
    await lab.ada.presses(shown, "Older")
    shown = await lab.ada.reads("page 2 of 3", lab.papers, only_me=True)
    await lab.ada.presses(shown, "Older")
    shown = await lab.ada.reads("page 3 of 3", lab.papers, only_me=True)
    assert 1 == shown.text.count("Hidden by")
    await lab.ada.presses(shown, "Undo")
    await lab.ada.reads("Undone.", lab.papers, only_me=True)
    await lab.ada.presses(shown, "Newer")
    await lab.ada.reads("16 papers hidden here, page 2 of 2", lab.papers, only_me=True)


@pytest.mark.parametrize("way", ["gateway"], indirect=True)
async def test_only_who_may_hide_may_undo(lab: Lab) -> None:
    """A member without Manage Channels can neither be asked nor undo; the list is readable."""
    await lab.ada.presses(await asks(lab), "Hide it")
    await lab.ada.reads("Hidden: “Generative", lab.papers, only_me=True)
    bob = lab.discord.person("bob", lab.guild)
    await bob.uses("/paper hidden", lab.papers)
    shown = await bob.reads("1 paper hidden here", lab.papers, only_me=True)
    await bob.presses(shown, "Undo")
    assert "Manage Channels" in (await bob.reads("Hiding papers", lab.papers, only_me=True)).text
    await hidden(lab, "1 paper hidden here")


async def a_thread(lab: Lab) -> Place:
    """Return a thread of #papers that Ada began."""
    thread = Place(
        id=lab.discord.hub.new_id(), type=ChannelType.THREAD, name="reading", guild=lab.guild.id, parent=lab.papers.id,
        owner=lab.ada.user.id,
    )  # fmt: skip
    lab.discord.hub.world.channels[thread.id] = thread
    lab.discord.hub.channel_changed("THREAD_CREATE", thread)
    return thread


async def presses_not_for_us(lab: Lab, where: Place) -> None:
    """Press Not for us under a paper, and confirm."""
    await lab.ada.uses("/paper lookup", where, paper="2304.03442")
    card = await lab.ada.reads("Generative Agents", where, only_me=True)
    await lab.ada.presses(card, "Not for us")
    await lab.ada.presses(await lab.ada.reads("Hide “Generative", where, only_me=True), "Hide it")
    await lab.ada.reads("Hidden: “Generative", where, only_me=True)


@pytest.mark.parametrize("own", [True, False], ids=["a thread with a subscription", "a thread without one"])
async def test_not_for_us_in_a_thread_counts_for_the_subscription(lab: Lab, own: bool) -> None:
    """In a thread with a subscription of its own it counts for the thread, in any other for the thread's channel."""
    thread = await a_thread(lab)
    there, parent = (
        Channel(platform="discord", workspace=lab.guild.id, channel=each.id) for each in (thread, lab.papers)
    )
    store = lab.application.store
    await store.keep_subscription(a_subscription(id="parent", channel=parent, sources=("sample",)))
    if own:
        await store.keep_subscription(a_subscription(id="own", channel=there, sources=("sample",)))
    await presses_not_for_us(lab, thread)
    counted = {each: len(await store.hidden_papers(each)) for each in (there, parent)}
    assert {there: int(own), parent: int(not own)} == counted
    await lab.ada.uses("/paper hidden", thread)
    shown = await lab.ada.reads("1 paper hidden here", thread, only_me=True)
    await lab.ada.presses(shown, "Undo")
    await lab.ada.reads("Undone.", thread, only_me=True)
    assert [0, 0] == [len(await store.hidden_papers(each)) for each in (there, parent)]
