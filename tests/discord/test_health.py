"""The doctor checks Discord: it reports each fault with its fix, and each channel that a digest cannot reach."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.bootstrap.app import open_app
from bots.chat.health import HealthFinding
from bots.cli.doctor_plugins import check_platforms
from bots.cli.findings import State
from bots.config.settings import read_settings
from bots.discord.command_sync import sync_commands
from bots.discord.health import check_health
from bots.discord.rest_client import rest
from bots.discord.rights import overwritten
from bots.discord.settings import ConnectionMode, DiscordSettings
from bots.discord.transport import RequestBudget
from bots.domain.channels import Channel as Place
from bots.store.memory import MemoryStore
from summarizer import Secret
from tests.cli.conftest import NOWHERE
from tests.discord.conftest import founded, settings_for
from tests.fakes.discord.permissions import LEAST, NOTHING, Permissions
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel, ChannelType, Overwrite
from tests.support.factories import a_subscription

ENDPOINT = "https://papers.example.org/discord/interactions"
#: Enough permissions to distinguish them.
_BITS = 4


async def set_up(discord: FakeDiscord, **changes: Any) -> DiscordSettings:
    """Return the settings for a server that has the app, with the commands registered."""
    founded(discord)
    settings = settings_for(discord, **changes)
    async with rest(settings, RequestBudget()) as speaking:
        await sync_commands(speaking, settings.dev_server)
    return settings


async def ordered(*channels: Channel) -> MemoryStore:
    """Return a store with a subscription for each channel."""
    store = MemoryStore()
    for channel in channels:
        where = Place(platform="discord", workspace=channel.guild or "", channel=channel.id)
        await store.keep_subscription(a_subscription(id=channel.id, channel=where))
    return store


def wrong(found: tuple[HealthFinding, ...]) -> list[HealthFinding]:
    """Return the findings that need a fix."""
    return [each for each in found if each.fix]


def thread_of(discord: FakeDiscord, channel: Channel) -> Channel:
    """Return a thread that a person created."""
    hub = discord.hub
    thread = Channel(
        id=hub.new_id(), type=ChannelType.THREAD, name="talk", guild=channel.guild, parent=channel.id,
        owner=discord.person("ada").user.id,
    )  # fmt: skip
    hub.world.channels[thread.id] = thread
    return thread


@pytest.mark.parametrize("way", list(ConnectionMode))
async def test_nothing_is_wrong_where_nothing_is(discord: FakeDiscord, way: ConnectionMode) -> None:
    """With a valid token, registered commands and all permissions there is no fault, in channels of every type."""
    settings = await set_up(discord, way=way)
    discord.hub.interactions_url = ENDPOINT if way is ConnectionMode.HTTP else None
    papers = discord.channel("papers")
    forum = discord.channel("forum", kind="forum", tags=("papers",), require_tag=True)
    places = (papers, discord.channel("news", kind="announcement"), forum, thread_of(discord, papers))

    found = await check_health(settings, await ordered(*places, discord.person("ada").dm))

    assert [] == wrong(found)
    said = [each.says for each in found]
    assert ["joined as Paperwire", "Discord's commands are up to date", "may post in 5 channels"] == said


def unknown(settings: DiscordSettings, _discord: FakeDiscord) -> DiscordSettings:
    """Set a wrong token."""
    return replace(settings, token=Secret("wrong"))


def unset(settings: DiscordSettings, _discord: FakeDiscord) -> DiscordSettings:
    """Remove the token."""
    return replace(settings, token=Secret())


def unreachable(settings: DiscordSettings, _discord: FakeDiscord) -> DiscordSettings:
    """Set an address at which no server answers."""
    return replace(settings, api_url=NOWHERE)


def renamed(settings: DiscordSettings, discord: FakeDiscord) -> DiscordSettings:
    """Change a registered command."""
    discord.hub.commands.of(None)[0]["description"] = "Something else"
    return settings


def elsewhere(settings: DiscordSettings, discord: FakeDiscord) -> DiscordSettings:
    """Set a development server in which no commands are registered."""
    return replace(settings, dev_server=discord.guild().id)


def nowhere_to_post(settings: DiscordSettings, _discord: FakeDiscord) -> DiscordSettings:
    """Use HTTP mode without an endpoint URL at Discord."""
    return replace(settings, way=ConnectionMode.HTTP)


def posted_elsewhere(settings: DiscordSettings, discord: FakeDiscord) -> DiscordSettings:
    """Use gateway mode while Discord posts interactions to an endpoint URL."""
    discord.hub.interactions_url = ENDPOINT
    return settings


@pytest.mark.parametrize(
    ("breaks", "says", "fix"),
    [
        (unknown, "refused discord.token", "Reset Token"),
        (unset, "discord.token", "Reset Token"),
        (unreachable, "cannot be reached", "discord.api_url"),
        (renamed, "out of date", "paperwire discord sync"),
        (elsewhere, "out of date", "paperwire discord sync"),
        (nowhere_to_post, "has no Interactions Endpoint URL", "Interactions Endpoint URL"),
        (posted_elsewhere, ENDPOINT, "discord.way to http"),
    ],
)
async def test_each_fault_is_named_with_its_fix(
    discord: FakeDiscord, breaks: Callable[[DiscordSettings, FakeDiscord], DiscordSettings], says: str, fix: str
) -> None:
    """Each fault is reported once, with its fix."""
    settings = breaks(await set_up(discord), discord)

    (fault,) = wrong(await check_health(settings, MemoryStore()))

    assert says in fault.says
    assert fix in fault.fix


@pytest.mark.parametrize(
    ("denied", "says"),
    [
        (Permissions.SEND_MESSAGES, "missing: Send Messages"),
        (
            Permissions.READ_MESSAGE_HISTORY | Permissions.CREATE_PUBLIC_THREADS,
            "missing: Read Message History and Create Public Threads",
        ),
        (Permissions.VIEW_CHANNEL, "Missing Access (50001)"),
    ],
)
async def test_a_channel_where_a_permission_is_missing_is_named(
    discord: FakeDiscord, denied: Permissions, says: str
) -> None:
    """The finding names channel and permission as Discord does; channels without a fault are not mentioned."""
    settings = await set_up(discord)
    papers, good = discord.channel("papers", denied=denied), discord.channel("good")

    (fault,) = wrong(await check_health(settings, await ordered(papers, good)))

    assert says == fault.says.removeprefix("Discord says ")
    assert fault.name in ("discord #papers", f"discord {papers.id}")
    assert "Permissions" in fault.fix


async def test_in_a_thread_the_permissions_of_its_channel_hold(discord: FakeDiscord) -> None:
    """A thread has the permissions of its channel, where writing in threads is a permission of its own."""
    settings = await set_up(discord)
    papers = discord.channel("papers", denied=Permissions.SEND_MESSAGES)
    quiet = discord.channel("quiet", denied=Permissions.SEND_MESSAGES_IN_THREADS)
    store = await ordered(thread_of(discord, papers), thread_of(discord, quiet))

    (fault,) = wrong(await check_health(settings, store))

    assert "missing: Send Messages in Threads" == fault.says


async def test_an_administrator_may_do_everything(discord: FakeDiscord) -> None:
    """A channel cannot deny a permission to an administrator."""
    settings = await set_up(discord)
    discord.invite(discord.guild(), Permissions.ADMINISTRATOR)

    store = await ordered(discord.channel("papers", denied=Permissions.SEND_MESSAGES))

    assert [] == wrong(await check_health(settings, store))


async def test_a_channel_that_allows_what_the_server_does_not_is_no_fault(discord: FakeDiscord) -> None:
    """A channel can allow a permission that the role lacks."""
    settings = await set_up(discord)
    discord.invite(discord.guild(), NOTHING)
    papers = discord.channel("papers")
    papers.overwrites = [Overwrite(id=discord.hub.bot.id, is_member=True, allowed=LEAST)]

    assert [] == wrong(await check_health(settings, await ordered(papers)))


async def test_a_channel_that_was_deleted_is_named(discord: FakeDiscord) -> None:
    """A deleted channel is reported by its id, since it has no name any more."""
    settings = await set_up(discord)
    papers = discord.channel("papers")
    store = await ordered(papers)
    discord.removes(papers)

    (fault,) = wrong(await check_health(settings, store))

    assert f"discord {papers.id}" == fault.name
    assert "Unknown Channel" in fault.says
    assert "Subscribe in another" in fault.fix


async def test_a_forum_that_wants_a_tag_and_has_none_for_us_is_named(discord: FakeDiscord) -> None:
    """The fix for a forum without our required tag is to add the tag."""
    settings = await set_up(discord)
    forum = discord.channel("forum", kind="forum", tags=("cats",), require_tag=True)

    (fault,) = wrong(await check_health(settings, await ordered(forum)))

    assert ("discord #forum", "the forum requires a tag on each post") == (fault.name, fault.says)
    assert "papers" in fault.fix


async def test_a_server_that_put_us_out_is_named(discord: FakeDiscord) -> None:
    """A channel of a server that removed the bot is reported as inaccessible."""
    settings = await set_up(discord)
    papers = discord.channel("papers")
    discord.kick(discord.guild())

    (fault,) = wrong(await check_health(settings, await ordered(papers)))

    assert "Missing Access" in fault.says


@pytest.mark.parametrize(("because", "faults"), [("", 0), ("Discord refused it", 1)])
async def test_a_subscription_that_its_owner_paused_is_not_looked_at(
    discord: FakeDiscord, because: str, faults: int
) -> None:
    """A subscription that its owner paused is not checked; one that Paperwire switched off is, to find the cause."""
    settings = await set_up(discord)
    store = await ordered(discord.channel("papers", denied=Permissions.SEND_MESSAGES))
    (subscription,) = await store.subscriptions()
    await store.keep_subscription(replace(subscription, enabled=False, off_because=because))

    assert faults == len(wrong(await check_health(settings, store)))


_Bits = st.integers(0, (1 << _BITS) - 1)
_Pair = st.tuples(_Bits, _Bits)
_NAMES = ("server", "red", "blue", "green", "me")


@given(held=_Bits, pairs=st.dictionaries(st.sampled_from(_NAMES), _Pair), roles=st.sets(st.sampled_from(_NAMES[1:4])))
def test_the_nearest_overwrite_that_says_anything_of_a_permission_decides_it(
    held: int, pairs: dict[str, tuple[int, int]], roles: set[str]
) -> None:
    """For each permission the member's overwrite decides, else the roles', else everyone's; within one, allow wins."""
    overwrites = [{"id": name, "allow": str(yes), "deny": str(no)} for name, (yes, no) in pairs.items()]
    found = overwritten(held, overwrites, server="server", roles=roles, me="me")

    ranks = [[pairs[name] for name in rank if name in pairs] for rank in ({"me"}, roles, {"server"})]
    for bit in (1 << place for place in range(_BITS)):
        words = (word for rank in ranks if (word := said_of(bit, rank)) is not None)
        assert next(words, bool(held & bit)) == bool(found & bit)


def said_of(bit: int, rank: list[tuple[int, int]]) -> bool | None:
    """Return the decision of one rank's overwrites on a permission; None if they contain none."""
    if any(yes & bit for yes, _ in rank):
        return True
    return False if any(no & bit for _, no in rank) else None


@pytest.mark.parametrize(
    ("told", "offline", "named"),
    [({}, False, []), ({"TOKEN": "wrong"}, True, ["discord"]), ({"TOKEN": "wrong"}, False, ["discord"])],
)
async def test_the_doctor_says_of_discord_what_concerns_who_asks(
    discord: FakeDiscord, told: dict[str, str], offline: bool, named: list[str]
) -> None:
    """The doctor omits an unconfigured Discord, only notes its configuration offline, and else reports its faults."""
    environ = {f"PAPERWIRE_DISCORD_{name}": value for name, value in {**told, "API_URL": discord.api}.items()}
    settings = read_settings(environ, database=":memory:")
    async with AsyncExitStack() as stack:
        application = await stack.enter_async_context(open_app(settings, screen=StringIO(), libraries=("sample",)))
        found = [
            each for each in await check_platforms(application, offline=offline) if each.name.startswith("discord")
        ]

    assert named == [each.name for each in found]
    assert (not offline and bool(told)) == any(each.state is State.WRONG for each in found)
