"""The form through the windows of the fake Discord: what, when and where first, and never lossy."""

from dataclasses import replace
from datetime import time

import pytest

from bots.discord.form_texts import LABELS
from bots.domain.channels import Channel
from bots.domain.subscriptions import Subscription
from tests.discord.conftest import Lab
from tests.discord.forms import drafts_sample, opens_more
from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.world import Overwrite
from tests.support.factories import a_subscription

#: Sources that the menu does not offer, in an order of their own.
_SOURCES = ("sample", "huggingface:week", "arxiv:math.AG+hep-th")


async def only_one(lab: Lab) -> Subscription:
    """Return the only stored subscription."""
    (subscription,) = await lab.application.store.subscriptions()
    return subscription


async def test_the_channel_is_picked_in_the_window(lab: Lab) -> None:
    """A subscription typed in one channel goes to the one that is picked, and is announced there with the name."""
    news = lab.discord.channel("news", lab.guild)
    await lab.ada.uses("/paper subscribe", lab.papers)
    window = await lab.ada.gets_modal("New subscription")
    assert ["Sources", "Interests, in plain words", "Time", "Time zone", "Channel"] == window.labels
    await lab.ada.fills({"Channel": news, "Time": "14:00", "Time zone": "Tokyo (Asia/Tokyo)"})
    shown = await drafts_sample(lab.ada, lab.papers)
    assert "14:00, Tokyo time" in shown.text
    await lab.ada.presses(shown, "Subscribe")
    await lab.ada.reads("Subscribed", lab.papers, only_me=True)
    kept = await only_one(lab)
    assert (news.id, ("sample",), "Asia/Tokyo") == (kept.channel.channel, kept.sources, str(kept.timezone))
    said = await lab.ada.reads("subscribed this channel to", news)
    assert f"<@{lab.ada.user.id}>" in said.raw
    assert [] == lab.discord.messages(lab.papers)
    assert [] == lab.discord.hub.wrongs


@pytest.mark.parametrize("whose", ["theirs", "ours"])
async def test_a_channel_that_cannot_be_used_is_refused_in_the_draft(lab: Lab, whose: str) -> None:
    """Who may not manage the picked channel, or cannot have digests there, reads why, and picks another."""
    closed = lab.discord.channel("closed", lab.guild)
    who, right = (
        (lab.ada.user, Permissions.MANAGE_CHANNELS)
        if whose == "theirs"
        else (lab.discord.hub.bot, Permissions.SEND_MESSAGES)
    )
    closed.overwrites.append(Overwrite(id=who.id, is_member=True, denied=right))
    await lab.ada.uses("/paper subscribe", lab.papers)
    await lab.ada.gets_modal("New subscription")
    await lab.ada.fills({"Channel": closed, "Interests, in plain words": "small models"})
    await lab.ada.submits()
    shown = await lab.ada.reads("This needs a correction", lab.papers, only_me=True)
    assert ("Manage Channels" if whose == "theirs" else "Send Messages") in shown.text
    assert ["Change", "Discard"] == shown.buttons
    await lab.ada.presses(shown, "Change")
    window = await lab.ada.gets_modal("New subscription")
    assert ("small models", [closed.id]) == (window.field("interests").value, window.field("channel").value)
    await lab.ada.fills({"Channel": lab.papers})
    shown = await drafts_sample(lab.ada, lab.papers)
    await lab.ada.presses(shown, "Subscribe")
    await lab.ada.reads("Subscribed", lab.papers, only_me=True)
    assert (lab.papers.id, "small models") == ((await only_one(lab)).channel.channel, (await only_one(lab)).interests)


async def test_more_options_keep_what_was_set_before(lab: Lab) -> None:
    """Each window and menu changes only its own; all of it is in the subscription that is saved."""
    await lab.ada.uses("/paper subscribe", lab.papers)
    await lab.ada.gets_modal("New subscription")
    await lab.ada.fills({"Interests, in plain words": "small models", "Time": "07:00"})
    shown = await drafts_sample(lab.ada, lab.papers, query="agents", category="cs.CL, cs.LG")
    await lab.ada.chooses(shown, "Every day")
    shown = await lab.ada.reads("every day at 7:00", lab.papers, only_me=True)
    await lab.ada.chooses(shown, "8 papers at most")
    shown = await lab.ada.reads("Up to 8 papers", lab.papers, only_me=True)
    await opens_more(lab.ada, shown, "times", "When")
    await lab.ada.fills({"Quiet hours, from – to": "22:00-06:00", "Wait for late lists until": "lunch"})
    await lab.ada.submits()
    shown = await lab.ada.reads("This needs a correction", lab.papers, only_me=True)
    assert "Wait for late lists until: “lunch”" in shown.text
    await lab.ada.presses(shown, "Change")
    window = await lab.ada.gets_modal("When")
    assert "22:00-06:00" == window.field("quiet").value
    await lab.ada.fills({"Wait for late lists until": "12:00"})
    await lab.ada.submits()
    shown = await lab.ada.reads("quiet from 22:00", lab.papers, only_me=True)
    await opens_more(lab.ada, shown, "look", "How it looks")
    await lab.ada.fills({"Look of the papers": "Cards, each with its buttons"})
    await lab.ada.submits()
    shown = await lab.ada.reads("each paper as a card", lab.papers, only_me=True)
    await lab.ada.presses(shown, "Subscribe")
    await lab.ada.reads("Subscribed", lab.papers, only_me=True)
    kept = await only_one(lab)
    assert ("small models", "agents", ("cs.CL", "cs.LG"), 8, 7, (time(7),), time(12), "22:00-06:00", "cards") == (
        kept.interests, kept.query, kept.categories, kept.limit, len(kept.weekdays), kept.times, kept.wait,
        str(kept.quiet), kept.look.value,
    )  # fmt: skip
    assert [] == lab.discord.hub.wrongs


async def test_an_edit_of_the_time_changes_nothing_else(lab: Lab) -> None:
    """Sources that no menu holds, and who made it, stay; the change is announced with the name in the channel."""
    there = Channel(platform="discord", workspace=lab.guild.id, channel=lab.papers.id)
    before = a_subscription(id="one", channel=there, sources=_SOURCES, query="a -b", made_by="7", limit=9)
    await lab.application.store.keep_subscription(before)
    await lab.ada.uses("/paper subscriptions", lab.papers)
    await lab.ada.presses(await lab.ada.reads("1 subscription", lab.papers, only_me=True), "Edit")
    window = await lab.ada.gets_modal("Edit subscription")
    assert LABELS["query"] in window.labels
    await lab.ada.fills({"Time": "10:00"})
    await lab.ada.submits()
    shown = await lab.ada.reads("Change this subscription?", lab.papers, only_me=True)
    await lab.ada.presses(shown, "Save")
    said = await lab.ada.reads("changed a subscription of this channel", lab.papers)
    assert f"<@{lab.ada.user.id}> changed a subscription of this channel" in said.raw
    assert "10:00" in said.text
    assert replace(before, times=(time(10),)) == await lab.application.store.subscription("one")


async def test_the_right_is_asked_before_the_window_and_again_at_the_end(lab: Lab) -> None:
    """Who may not subscribe sees no window; who loses the right meanwhile saves nothing and opens no other window."""
    bob = lab.discord.person("bob", lab.guild)
    it = await bob.uses("/paper subscribe", lab.papers)
    assert it.modal is None
    await bob.reads("requires the permission Manage Channels", lab.papers, only_me=True)
    eve = lab.discord.person("eve", lab.guild, permissions=MEMBER | Permissions.MANAGE_CHANNELS)
    await eve.uses("/paper subscribe", lab.papers)
    await eve.gets_modal("New subscription")
    shown = await drafts_sample(eve, lab.papers)
    lab.papers.overwrites.append(Overwrite(id=eve.user.id, is_member=True, denied=Permissions.MANAGE_CHANNELS))
    await eve.presses(shown, "Subscribe")
    await eve.reads("requires the permission Manage Channels", lab.papers, only_me=True)
    it = await eve.presses(shown, "Change")
    assert it.modal is None
    assert () == await lab.application.store.subscriptions()
