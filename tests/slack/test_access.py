"""A subscription is confirmed only where the bot can post: it joins public channels, and says how to invite it."""

import pytest

from bots.bootstrap.app import App
from bots.domain.subscriptions import Subscription
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.world import Channel
from tests.slack.conftest import Office

_WORDS = "/paper subscribe source=sample at=09:00"
_QUIET = "Quiet hours, from – to"
_INVITE = "/invite @Paperwire"


def without(office: Office, *scopes: str) -> None:
    """Take scopes from the app's token."""
    (installation,) = office.slack.hub.world.installations
    installation.scopes -= set(scopes)


async def kept(application: App) -> tuple[Subscription, ...]:
    """Return the stored subscriptions."""
    return await application.store.subscriptions()


def elsewhere(office: Office, *, is_private: bool = False) -> Channel:
    """Return a channel with Ada and without the bot."""
    return office.slack.channel("elsewhere", office.ada, bot=False, is_private=is_private)


@pytest.mark.parametrize("may_post_anywhere", [True, False])
async def test_a_public_channel_is_joined(office: Office, may_post_anywhere: bool) -> None:
    """The bot joins a public channel by itself, and then confirms."""
    without(office, *([] if may_post_anywhere else ["chat:write.public"]))
    there = elsewhere(office)
    await office.ada.types(_WORDS, there)
    await office.ada.reads("Subscribed", there, only_me=True)
    assert office.ada.bot.id in there.members
    assert 1 == len(await kept(office.application))


async def test_a_private_channel_needs_an_invitation(office: Office) -> None:
    """In a private channel without the bot nothing is subscribed, and the person reads what to type; then it works."""
    there = elsewhere(office, is_private=True)
    await office.ada.types(_WORDS, there)
    said = await office.ada.reads(_INVITE, there, only_me=True)
    assert "nothing was subscribed" in said.text
    assert () == await kept(office.application)

    await office.ada.invites_bot(there)
    await office.ada.types(_WORDS, there)
    await office.ada.reads("Subscribed", there, only_me=True)
    assert 1 == len(await kept(office.application))


async def test_a_public_channel_that_cannot_be_joined(office: Office) -> None:
    """Without the permissions to join and to post anywhere, the person is told how to invite the bot."""
    without(office, "channels:join", "chat:write.public")
    there = elsewhere(office)
    await office.ada.types(_WORDS, there)
    await office.ada.reads(_INVITE, there, only_me=True)
    assert () == await kept(office.application)


async def test_an_app_that_may_post_anywhere_need_not_join(office: Office) -> None:
    """Without the permission to join but with the one to post in every public channel, a subscription is confirmed."""
    without(office, "channels:join")
    office.slack.hub.world.installations[0].scopes |= {"chat:write.public"}
    there = elsewhere(office)
    await office.ada.types(_WORDS, there)
    await office.ada.reads("Subscribed", there, only_me=True)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("is_archived", "archived"),
        ("channel_not_found", _INVITE),
        ("missing_scope", "permission"),
        ("invalid_auth", "token"),
        ("internal_error", "Try again"),
    ],
)
async def test_whatever_slack_says_of_the_channel_is_told(office: Office, error: str, says: str) -> None:
    """Each refusal ends in words that the person can act on, without Slack's code, and nothing is subscribed."""
    office.slack.hub.faults.switch(Trouble.REFUSED, "conversations.info", error=error)
    await office.ada.types(_WORDS, office.papers)
    said = await office.ada.reads(says, office.papers, only_me=True)
    assert error not in said.text
    assert () == await kept(office.application)


async def test_nobody_subscribes_other_peoples_conversation(office: Office) -> None:
    """A command in the direct messages of two people is refused: the bot cannot post there."""
    office.slack.hub.faults.switch(Trouble.REFUSED, "conversations.history", error="channel_not_found")
    await office.ada.types(_WORDS, office.ada.direct)
    await office.ada.reads("between other people", office.ada.direct)
    assert () == await kept(office.application)


async def test_ones_own_direct_messages_can_be_subscribed(office: Office) -> None:
    """In the direct messages with the bot a subscription is confirmed at once."""
    await office.ada.types(_WORDS, office.ada.direct)
    await office.ada.reads("Subscribed", office.ada.direct)
    assert [office.ada.direct.id] == [each.channel.channel for each in await kept(office.application)]


async def test_a_form_keeps_what_was_typed(office: Office) -> None:
    """A form for a private channel without the bot stays open with every value; after the invitation it is accepted."""
    there = elsewhere(office, is_private=True)
    ada = office.ada
    await ada.types("/paper subscribe", there)
    screen = await ada.gets_modal("New subscription")
    await ada.fills({"Sources": "sample", "Only papers that match": "agents"})
    await ada.submits()
    await ada.waits(lambda: (ada.modal and ada.modal.errors) or None, what="an error")
    assert _INVITE in screen.errors["Channel"]
    assert ("sample", "agents") == (screen.value("Sources"), screen.value("Only papers that match"))

    await ada.invites_bot(there)
    await ada.submits()
    await ada.waits(lambda: "Subscribed" in (ada.modal.text if ada.modal else "") or None, what="a confirmation")
    assert there.id == (await kept(office.application))[0].channel.channel


async def test_all_that_is_wrong_is_told_at_once(office: Office) -> None:
    """Two unknown sources, a filter, a category and the channel are all named under their fields in one go."""
    there = elsewhere(office, is_private=True)
    ada = office.ada
    await ada.types("/paper subscribe", there)
    screen = await ada.gets_modal("New subscription")
    await ada.presses(screen, "More options")
    await ada.waits(lambda: _QUIET in screen.labels or None, what="the other options")
    await ada.fills({
        "Sources": "sampel, arxiv:cs.XL", "Only papers that match": "agents AND", "Only in these categories": "cs.CLL",
        _QUIET: "22",
    })  # fmt: skip
    await ada.submits()
    await ada.waits(lambda: (ada.modal and ada.modal.errors) or None, what="errors")
    assert {
        "Channel",
        "Sources",
        "Only papers that match",
        "Only in these categories",
        _QUIET,
    } == set(screen.errors)
    assert "sampel" in screen.errors["Sources"]
    assert "cs.XL" in screen.errors["Sources"]


async def test_more_and_fewer_options_keep_everything(office: Office) -> None:
    """What is typed before, under and after "More options" is stored, although the form was folded again."""
    ada = office.ada
    await ada.types("/paper subscribe", office.papers)
    screen = await ada.gets_modal("New subscription")
    few = ["Channel", "Sources", "Interests", "Only papers that match", "Days", "Time", "Time zone"]
    assert few == screen.labels
    await ada.fills({"Sources": "sample", "Interests": "small models", "Days": ["Monday", "Thursday"]})
    await ada.presses(screen, "More options")
    await ada.waits(lambda: _QUIET in screen.labels or None, what="the other options")
    assert ("small models", ["Monday", "Thursday"]) == (screen.value("Interests"), screen.value("Days"))
    await ada.fills({"Maximum number of papers": "7", _QUIET: "22:00-07:00"})
    await ada.presses(screen, "Fewer options")
    await ada.waits(lambda: few == screen.labels or None, what="the few fields")
    await ada.fills({"Time": "10:30"})
    await ada.submits()
    await ada.waits(lambda: "Subscribed" in (ada.modal.text if ada.modal else "") or None, what="a confirmation")
    (made,) = await kept(office.application)
    assert ("small models", 7, "22:00-07:00", [0, 3], ["10:30"], "Europe/Vienna") == (
        made.interests, made.limit, str(made.quiet), sorted(made.weekdays), [f"{each:%H:%M}" for each in made.times],
        str(made.timezone),
    )  # fmt: skip


async def test_an_error_under_hidden_options_brings_them_back(office: Office) -> None:
    """A form that is sent in with an error in a hidden field comes back whole, with the field named above it."""
    ada = office.ada
    await ada.types("/paper subscribe", office.papers)
    screen = await ada.gets_modal("New subscription")
    await ada.presses(screen, "More options")
    await ada.waits(lambda: _QUIET in screen.labels or None, what="the other options")
    await ada.fills({"Sources": "sample", _QUIET: "22"})
    await ada.presses(screen, "Fewer options")
    await ada.waits(lambda: _QUIET not in screen.labels or None, what="the few fields")
    await ada.submits()
    await ada.waits(lambda: f"{_QUIET}: “22” is no range" in screen.text or None, what="the error")
    assert ("22", "sample") == (screen.value(_QUIET), screen.value("Sources"))
    assert () == await kept(office.application)
    await ada.fills({_QUIET: "22:00-07:00"})
    await ada.submits()
    await ada.waits(lambda: "Subscribed" in (ada.modal.text if ada.modal else "") or None, what="a confirmation")


async def test_a_slow_slack_costs_no_submit(office: Office) -> None:
    """While Slack does not tell about the channel, the submit is acknowledged, and the form comes back whole."""
    ada = office.ada
    await ada.types("/paper subscribe", office.papers)
    await ada.gets_modal("New subscription")
    await ada.fills({"Sources": "sample", "Only papers that match": "agents"})
    office.slack.hub.faults.switch(Trouble.HANGS, "conversations.info", left=1)
    await ada.submits()
    assert "Checking" in (ada.modal.text if ada.modal else "")
    await ada.waits(
        lambda: "did not answer" in (ada.modal.text if ada.modal else "") or None, what="the form again", within=20
    )
    assert ada.modal is not None
    assert ("sample", "agents") == (ada.modal.value("Sources"), ada.modal.value("Only papers that match"))
    await ada.submits()
    await ada.waits(lambda: "Subscribed" in (ada.modal.text if ada.modal else "") or None, what="a confirmation")


async def test_a_failure_does_not_cost_what_was_typed(office: Office) -> None:
    """If Slack fails while the channel is checked, the form stays open with its values and the reason."""
    ada = office.ada
    await ada.types("/paper subscribe", office.papers)
    screen = await ada.gets_modal("New subscription")
    await ada.fills({"Sources": "sample", "Only papers that match": "agents"})
    office.slack.hub.faults.switch(Trouble.REFUSED, "conversations.info", left=1, error="internal_error")
    await ada.submits()
    await ada.waits(lambda: (ada.modal and ada.modal.errors) or None, what="an error")
    assert "Try again" in screen.errors["Channel"]
    assert "agents" == screen.value("Only papers that match")
    await ada.submits()
    await ada.waits(lambda: "Subscribed" in (ada.modal.text if ada.modal else "") or None, what="a confirmation")


async def test_a_duplicate_is_a_change(office: Office) -> None:
    """Who subscribes a channel to the same papers again changes the subscription; other papers make a second one."""
    for words in ("source=sample query=agents at=09:00", "source=sample query=Agents at=10:00"):
        await office.ada.types(f"/paper subscribe {words}", office.papers)
        await office.ada.reads("at 10:00" if "10:00" in words else "at 9:00", office.papers, only_me=True)
    await office.ada.reads("there is no second one", office.papers, only_me=True)
    (subscription,) = await kept(office.application)
    assert 10 == subscription.times[0].hour

    await office.ada.types("/paper subscribe source=sample query=robots at=11:00", office.papers)
    await office.ada.reads("at 11:00", office.papers, only_me=True)
    assert 2 == len(await kept(office.application))


async def test_a_resumption_is_checked_as_well(office: Office) -> None:
    """A subscription is not resumed where the bot cannot post."""
    there = office.slack.channel("elsewhere", office.ada, is_private=True)
    await office.ada.types(_WORDS, there)
    await office.ada.reads("Subscribed", there, only_me=True)
    (subscription,) = await kept(office.application)
    await office.ada.types(f"/paper pause {subscription.id}", there)
    await office.ada.reads("Paused", there, only_me=True)
    await office.ada.removes_bot(there)
    await office.ada.types(f"/paper resume {subscription.id}", there)
    said = await office.ada.reads(_INVITE, there, only_me=True)
    assert "stays paused" in said.text
    assert not (await kept(office.application))[0].enabled


async def test_who_made_it_is_known(office: Office) -> None:
    """The person who subscribed is stored; who changes the subscription later does not take their place."""
    await office.ada.types(_WORDS, office.papers)
    await office.ada.reads("Subscribed", office.papers, only_me=True)
    eve = office.slack.person("eve")
    office.papers.members.append(eve.user.id)
    await eve.types("/paper subscribe source=sample at=11:00", office.papers)
    await eve.reads("at 11:00", office.papers, only_me=True)
    (subscription,) = await kept(office.application)
    assert office.ada.user.id == subscription.made_by
