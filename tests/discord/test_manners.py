"""Permissions and quotas, channels that the bot cannot post in, and messages that ping no one."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from bots.discord.settings import AccessPolicy, ConnectionMode, WhoMay
from bots.usecases.quotas import Quota
from tests.discord.conftest import Lab, at_work, founded
from tests.fakes.discord.intents import Intent
from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.reading import Seen
from tests.fakes.discord.server import FakeDiscord

_MORE = "In a trial with 12 groups over eight weeks, readers opened 3.4 times as many papers."


async def test_ordering_takes_manage_channels(lab: Lab) -> None:
    """A person without Manage Channels gets an error that no one else sees."""
    bob = lab.discord.person("bob", lab.guild)
    it = await bob.uses("/paper subscribe", lab.papers)
    assert it.modal is None
    assert "Manage Channels" in (await bob.reads("Manage Channels", lab.papers, only_me=True)).text
    assert [] == lab.discord.messages(lab.papers)


async def test_no_message_of_an_answer_is_public(lab: Lab) -> None:
    """An answer of several messages is seen by the person who asked, and by nobody else."""
    bob = lab.discord.person("bob", lab.guild)
    await lab.ada.uses("/paper digest", lab.papers, source="sample", limit=20, style="structured")

    def several() -> list[Seen] | None:
        shown = lab.ada.sees(lab.papers, only_me=True)
        return shown if len(shown) > 1 else None

    shown = await lab.ada.waits(several, within=20, what="an answer in several messages")
    assert all(each.ephemeral for each in shown)
    assert [] == bob.sees(lab.papers)


async def test_anyone_may_subscribe_if_that_is_set(discord: FakeDiscord, tmp_path: Path) -> None:
    """The operator can allow everyone to subscribe."""
    guild = founded(discord)
    bob, papers = discord.person("bob", guild), discord.channel("papers", guild)
    async with at_work(discord, tmp_path, access_policy=AccessPolicy(who_may=WhoMay.ANYONE)):
        await bob.uses("/paper subscribe", papers)
        assert (await bob.gets_modal("New subscription")).labels


async def test_a_missing_permission_is_said_when_the_digest_is_ordered(lab: Lab) -> None:
    """A missing permission of the bot is reported on subscribing, and not at the time of the digest."""
    deaf = lab.discord.channel("quiet", lab.guild, denied=Permissions.SEND_MESSAGES | Permissions.READ_MESSAGE_HISTORY)
    await lab.ada.uses("/paper subscribe", lab.papers, channel=deaf)
    said = await lab.ada.reads("lacks", lab.papers, only_me=True)
    assert "Send Messages" in said.text
    assert "Read Message History" in said.text


async def test_a_person_can_have_a_digest_in_their_own_conversation(lab: Lab) -> None:
    """A lookup in a person's direct messages is answered there."""
    lab.discord.user_installs(lab.ada)
    await lab.ada.uses("/paper lookup", lab.ada.dm, paper="2304.03442")
    assert "Generative Agents" in (await lab.ada.reads("Generative Agents", lab.ada.dm)).text


async def test_who_brings_it_along_is_answered_in_a_server_that_has_none(discord: FakeDiscord, tmp_path: Path) -> None:
    """A user-installed app answers only that person, in at most five messages, and cannot be subscribed there."""
    founded(discord)
    elsewhere = discord.guild("Elsewhere")
    eve = discord.person("eve", elsewhere, permissions=MEMBER | Permissions.MANAGE_CHANNELS)
    discord.user_installs(eve)
    hall = discord.channel("hall", elsewhere)
    async with at_work(discord, tmp_path):
        await eve.uses("/paper digest", hall, source="sample", limit=20)
        assert (await eve.reads("papers for", hall, only_me=True)).ephemeral
        await eve.uses("/paper subscribe", hall)
        assert "invite" in (await eve.reads("not in this server", hall, only_me=True)).text


async def test_a_day_allows_so_much_and_no_more(discord: FakeDiscord, tmp_path: Path) -> None:
    """A person who has used up the daily quota is notified when a new day begins, and other people are served."""
    guild = founded(discord)
    ada, bob = discord.person("ada", guild), discord.person("bob", guild)
    papers = discord.channel("papers", guild)
    access_policy = AccessPolicy(quota=Quota(kind="request", person=2, workspace=10))
    async with at_work(discord, tmp_path, access_policy=access_policy):
        for _ in range(3):
            await ada.uses("/paper help", papers)
        assert "midnight" in (await ada.reads("today's limit of 2 requests", papers, only_me=True)).text
        await bob.uses("/paper help", papers)
        assert (await bob.reads("/paper lookup", papers, only_me=True)).ephemeral


async def test_nobody_asks_for_more_than_a_few_things_at_the_same_time(discord: FakeDiscord, tmp_path: Path) -> None:
    """Every request gets a reply: some get the result, and those over the limit get a notice to wait."""
    guild = founded(discord)
    ada, papers = discord.person("ada", guild), discord.channel("papers", guild)
    async with at_work(discord, tmp_path, access_policy=AccessPolicy(at_once=2)):
        asked = [ada.uses("/paper digest", papers, source="sample", query=f"agents OR w{n}") for n in range(8)]
        done = await asyncio.gather(*asked)
        assert all(each.acked for each in done)
        await discord.until(
            lambda: all(seen.text for seen in ada.sees(papers, only_me=True)), within=20, what="all answers"
        )
        said = [seen.text for seen in ada.sees(papers, only_me=True)]
    assert any("not answered yet" in text for text in said)
    assert any("paper for" in text for text in said)


@pytest.mark.parametrize(
    "hostile",
    [
        "@everyone <@1> <@&2> https://evil.example and [arXiv](https://evil.example) in this paper we show it holds. ",
        "# Big\n-# small ||hidden|| ```code\nWe show in this paper that @here works, and that it holds for all. ",
    ],
    ids=["mentions", "markdown"],
)
async def test_a_hostile_paste_pings_and_links_nothing(lab: Lab, hostile: str) -> None:
    """A pasted text stays plain text, even when it is shared with everyone."""
    await lab.ada.uses("/summarize", lab.papers)
    await lab.ada.gets_modal("Condense an abstract")
    await lab.ada.fills({"Abstract": hostile + _MORE, "Title": "@everyone https://evil.example"})
    await lab.ada.submits()
    shown = await lab.ada.reads("everyone", lab.papers, only_me=True)
    await lab.ada.presses(shown, "Share")
    shared = await lab.ada.reads("Shared by", lab.papers)
    assert [] == [way.url for way in shared.links if "evil" in way.url]
    assert () == tuple(shared.pings)
    assert () == tuple(shared.previews)


async def test_a_paste_that_is_no_abstract_says_so_where_it_was_pasted(lab: Lab) -> None:
    """A single word, or one letter 4,000 times, gets a reply in the channel where it was pasted."""
    for text in ("short", "x" * 4000):
        before = len(lab.ada.sees(lab.papers, only_me=True))
        await lab.ada.uses("/summarize", lab.papers)
        await lab.ada.gets_modal("Condense an abstract")
        await lab.ada.fills({"Abstract": text})
        await lab.ada.submits()
        await lab.discord.until(partial(_new, lab, before), what="a word")


def _new(lab: Lab, before: int) -> list[str]:
    return [seen.text for seen in lab.ada.sees(lab.papers, only_me=True)[before:] if seen.text]


async def test_the_gateway_asks_for_no_privileged_intent(discord: FakeDiscord, tmp_path: Path) -> None:
    """The gateway session requests the intents for servers and for reactions, and no other; none is privileged."""
    asked = Intent.GUILDS | Intent.GUILD_MESSAGE_REACTIONS | Intent.DIRECT_MESSAGE_REACTIONS
    founded(discord)
    async with at_work(discord, tmp_path, ConnectionMode.GATEWAY):
        assert {int(asked)} == {int(session.intents) for session in discord.hub.gateway.ready()}
