"""A pause reaches the person who subscribed, in direct messages."""

from datetime import timedelta
from pathlib import Path

from bots.domain.channels import Channel
from bots.domain.subscriptions import Weekday
from tests.discord.conftest import Clock, Lab, at_work, founded
from tests.fakes.discord.permissions import Permissions
from tests.fakes.discord.server import FakeDiscord
from tests.support.factories import a_subscription


async def test_who_subscribed_is_told_which_permission_is_missing(discord: FakeDiscord, tmp_path: Path) -> None:
    """The pause names the permission and how to give it, in the person's direct messages."""
    guild, clock = founded(discord), Clock()
    ada, papers = discord.person("ada", guild), discord.channel("papers", guild, denied=Permissions.SEND_MESSAGES)
    here = Channel(platform="discord", workspace=guild.id, channel=papers.id)
    wanted = a_subscription(
        id="one", channel=here, sources=("sample",), made_by=ada.user.id, created=clock() - timedelta(days=3),
        weekdays=frozenset(Weekday),
    )  # fmt: skip
    async with at_work(discord, tmp_path, clock=clock) as application:
        await application.store.keep_subscription(wanted)
        scheduler = application.scheduler()
        # The day's digest is due once in these 30 hours; a notice is posted by the poll after it.
        for _ in range(31):
            clock.ahead += timedelta(hours=1)
            await scheduler.poll()
            await application.dispatcher.drain()
        told = await ada.reads("A digest is paused", ada.dm)
        kept = await application.store.subscription("one")
    assert kept is not None
    assert not kept.enabled
    for said in ("permission Send Messages", "Edit Channel, Permissions", "press Resume"):
        assert said in told.text


async def test_nothing_is_resumed_where_the_bot_may_not_post(lab: Lab) -> None:
    """While a permission is missing, Resume names it and the subscription stays paused; then it resumes."""
    papers = lab.discord.channel("papers", lab.guild, denied=Permissions.SEND_MESSAGES)
    here = Channel(platform="discord", workspace=lab.guild.id, channel=papers.id)
    await lab.application.store.keep_subscription(
        a_subscription(id="one", channel=here, sources=("sample",), enabled=False)
    )
    await lab.ada.uses("/paper subscriptions", papers)
    listed = await lab.ada.reads("Paused", papers, only_me=True)
    await lab.ada.presses(listed, "Resume")
    told = await lab.ada.reads("stays paused", papers, only_me=True)
    for said in ("lacks the permission Send Messages in #papers", "Edit Channel, Permissions"):
        assert said in told.text
    kept = await lab.application.store.subscription("one")
    assert kept is not None
    assert not kept.enabled
    papers.overwrites = []
    await lab.ada.presses(listed, "Resume")
    await lab.ada.reads("Resumed in", papers, only_me=True)
