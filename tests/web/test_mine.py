"""What members see: the archives of the channels that their chat lets them read, and nothing else of anybody."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.domain.channels import Channel
from bots.domain.errors import PostUnknown
from bots.testing.looping import in_loop
from bots.web.routes import ROUTES
from bots.web.visits import Need
from tests.fakes.sign_in_sites import Someone
from tests.support import hostile
from tests.support.factories import a_subscription
from tests.web.desk import ADA, EVE, Desk, a_desk
from tests.web.scenes import numbered, post

_DAY = date(2026, 11, 20)
OPEN, CLOSED, THEIRS = (
    Channel(platform="slack", workspace=workspace, channel=channel)
    for workspace, channel in (("T1", "C1"), ("T1", "C2"), ("T2", "C3"))
)
#: Nobody is a member of two people's direct messages because of the platform's empty workspace.
DIRECT = Channel(platform="discord", channel="user-5")
PLACES = (OPEN, CLOSED, THEIRS, DIRECT)
#: A word of the papers of each channel, which is on no page that may not show the channel.
WORDS = {OPEN: "Zirconium", CLOSED: "Yttrium", THEIRS: "Xenon", DIRECT: "Wolfram"}


async def live(desk: Desk) -> None:
    """Post a paper of its own in every channel; Ada can read the first channel, Eve the one of her workspace."""
    for number, place in enumerate(PLACES, start=1):
        await desk.store.keep_subscription(a_subscription(id=f"s{number}", channel=place))
        paper = numbered(number, title=f"On {WORDS[place]}")
        await desk.store.remember([paper], source="told", day=_DAY, place=None)
        await post(desk, place, paper)
    desk.chats["slack"].readers |= {"U1": ("C1", "C3"), "U9": ("C3", "C1", "C2")}


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A site with four channels of three workspaces."""
    async with a_desk() as desk:
        await live(desk)
        yield desk


async def test_a_member_reads_the_channels_of_the_chat(desk: Desk) -> None:
    """The list has the channels that the chat says the person can read, each with its archive."""
    await desk.sign_in()
    page = await desk.get("/mine")
    assert ["/mine/T1/C1"] == [each for each in page.links if each.startswith("/mine/")]
    archive = await desk.get("/mine/T1/C1")
    assert "On Zirconium" in archive.text
    assert "/paper/arxiv:2611.00001" in archive.links


async def test_the_chat_is_asked_each_time(desk: Desk) -> None:
    """Who leaves a channel reads it no longer, at once; who is let in reads it."""
    await desk.sign_in()
    assert 404 == (await desk.get("/mine/T1/C2")).status
    desk.chats["slack"].readers["U1"] = ("C2",)
    assert "On Yttrium" in (await desk.get("/mine/T1/C2")).text
    assert 404 == (await desk.get("/mine/T1/C1")).status


async def test_what_the_chat_says_of_another_workspace_counts_nothing(desk: Desk) -> None:
    """A channel of another workspace stays closed even if the chat says that a person of that id can read it."""
    await desk.sign_in()
    assert 404 == (await desk.get("/mine/T2/C3")).status
    assert [] == desk.chats["slack"].asked


@pytest.mark.parametrize("error", [PostUnknown("it does not answer"), RuntimeError("its own fault"), TimeoutError()])
async def test_without_an_answer_nothing_is_shown(desk: Desk, error: Exception) -> None:
    """A chat that does not answer, or fails, shows no channel; the page says so."""
    await desk.sign_in()
    desk.chats["slack"].error = error
    assert "your chat cannot be asked now" in (await desk.get("/mine")).text
    assert 404 == (await desk.get("/mine/T1/C1")).status


async def test_many_channels_are_asked_ten_at_a_time(desk: Desk) -> None:
    """A workspace with many channels asks the chat about ten at a time, as it is promised."""
    names = [f"D{number}" for number in range(23)]
    for name in names:
        channel = Channel(platform="slack", workspace="T1", channel=name)
        await desk.store.keep_subscription(a_subscription(id=name, channel=channel))
    desk.chats["slack"].readers["U1"] = names
    await desk.sign_in()
    page = await desk.get("/mine")
    assert 23 == len([each for each in page.links if each.startswith("/mine/")])
    assert 10 >= max(many for _, many in desk.chats["slack"].asked)


async def test_a_channel_without_digests_is_none(desk: Desk) -> None:
    """A channel to which Paperwire posts nothing has no page, and the chat is not asked about it."""
    desk.chats["slack"].readers["U1"] = ("C77",)
    await desk.sign_in()
    assert 404 == (await desk.get("/mine/T1/C77")).status
    assert [] == desk.chats["slack"].asked


async def test_people_of_several_servers_see_all_of_them() -> None:
    """A member of two servers sees the channels of both, each with its server."""
    async with a_desk() as desk:
        for server in ("1", "2"):
            place = Channel(platform="discord", workspace=server, channel=f"{server}5")
            await desk.store.keep_subscription(a_subscription(id=server, channel=place))
        desk.chats["discord"].readers["7"] = ("15", "25")
        await desk.sign_in(Someone(user="7", name="Grace", workspaces=("1", "2", "3")), "discord")
        page = await desk.get("/mine")
        assert {"/mine/1/15", "/mine/2/25"} <= set(page.links)
        assert "in 1" in page.text


#: Every address with a person, and what is filled in; a new route that is not for everyone must be named here.
ADDRESSES = {
    "/mine": ["/mine"],
    r"/mine/{workspace:[\w-]{1,64}}/{channel:[\w-]{1,64}}": ["/mine/{workspace}/{channel}", "/mine/{mine}/{channel}"],
    "/operator": ["/operator"],
    "/operator/check": [],
    "/operator/sign-ins": [],
    "/operator/subscriptions": ["/operator/subscriptions"],
    "/operator/subscription/{id}": ["/operator/subscription/s1", "/operator/subscription/s3"],
    "/operator/runs": ["/operator/runs", "/operator/runs?state=done"],
    "/operator/run": ["/operator/run?key=s-{place}@2026-11-24T09:00"],
}


def test_every_private_route_has_addresses() -> None:
    """Each route that is not for everyone is asked below."""
    assert {route.path for route in ROUTES if route.needs is not Need.NOBODY} == ADDRESSES.keys()


@settings(parent=hostile.patient, max_examples=6)
@given(readers=st.dictionaries(st.sampled_from(("U1", "U9")), st.sets(st.sampled_from(("C1", "C2", "C3", "user-5")))))
@in_loop
async def test_nobody_sees_another_workspace(readers: dict[str, set[str]]) -> None:
    """Whatever the chat says, each person finds on every private page only readable channels of the own workspace."""
    async with a_desk() as desk:
        await live(desk)
        desk.chats["slack"].readers = {name: tuple(channels) for name, channels in readers.items()}
        for someone in (ADA, EVE):
            browser = await desk.another()
            assert "/mine" == (await browser.sign_in(someone)).headers["Location"]
            own = {each for each in PLACES if each.platform == "slack" and each.workspace in someone.workspaces}
            may = {each for each in own if each.channel in readers.get(someone.user, ())}
            await check(browser, someone, may)


async def check(browser: Desk, someone: Someone, may: set[Channel]) -> None:
    """Ask every private address for every channel, and check that only what may be seen is."""
    for pattern in (each for many in ADDRESSES.values() for each in many):
        for place in PLACES:
            address = pattern.format(
                workspace=place.workspace or "-", channel=place.channel, mine=someone.workspaces[0], place=place
            )
            page = await browser.get(address)
            assert page.status in (200, 403, 404), address
            shown = {each for each, word in WORDS.items() if word in page.html}
            assert shown <= may, address
            listed = {each for each in PLACES if f"/mine/{each.workspace}/{each.channel}" in page.html}
            assert listed <= may, address


async def test_a_message_of_another_kind_of_platform_is_closed(desk: Desk) -> None:
    """A person of Slack cannot open a channel of Discord by its ids."""
    await desk.sign_in(replace(ADA, workspaces=("T1",)))
    assert 404 == (await desk.get("/mine/T1/user-5")).status
