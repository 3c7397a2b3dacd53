"""Sign-in, a member's pages and the operator's in a real browser: what their buttons do, and that all can use them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Literal

import pytest

from bots.domain.channels import Channel
from bots.fakechat.faults import Fault
from tests.support.chromium import DESK, PHONE, chromium, serious_faults
from tests.support.factories import a_subscription
from tests.support.scenes import due
from tests.web.desk import ADA, HOME, TOKEN, Desk, a_desk
from tests.web.scenes import numbered, post

pytestmark = pytest.mark.slow
HERE = Channel(platform="slack", workspace="T1", channel="C1")
_ADDRESSES = (
    "/operator", "/operator/subscriptions", "/operator/subscription/order", "/operator/runs",
    "/operator/run?key=order@2026-11-24T09:00", "/sign-in",
)  # fmt: skip


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A site with a run that gave up its message, and a channel that Ada can read."""
    async with a_desk() as desk:
        desk.bench.chat.trouble(Fault.GONE, times=1)
        run = await due(desk.bench)
        held = await desk.store.subscription(run.subscription_id)
        assert held is not None
        await desk.store.keep_subscription(replace(held, enabled=True, off_because=""))
        await desk.store.keep_subscription(a_subscription(id="s1", channel=HERE))
        await post(desk, HERE, numbered(1))
        desk.chats["slack"].readers["U1"] = ("C1",)
        yield desk


def at(desk: Desk, path: str = "") -> str:
    """Return an address of the site."""
    host, port = desk.settings.listen
    return f"http://{host}:{port}{path}"


async def operate(page: Any, desk: Desk) -> None:
    """Sign in as the operator."""
    await page.goto(at(desk, "/sign-in"))
    await page.get_by_label("The operator's token").fill(TOKEN)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("heading", name="Overview").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
async def test_the_operator_retries_a_run(desk: Desk, scripts: bool) -> None:
    """From the token to the run that failed and its message posted again, with or without scripts."""
    async with chromium(viewport=DESK, java_script_enabled=scripts) as browser:
        page, complaints = await browser.new_page(), list[str]()
        page.on("console", lambda said: complaints.append(said.text))
        await operate(page, desk)
        await page.get_by_role("link", name="Runs").click()
        await page.get_by_role("link", name="order@2026-11-24").click()
        await page.get_by_role("button", name="Post again what was given up").click()
        await page.get_by_text("1 part to be posted again").wait_for()
        assert 1 == await page.locator(".state.sent").count()
        assert [] == complaints


async def test_the_operator_edits_a_subscription(desk: Desk) -> None:
    """A time is changed, a preview is shown, and the subscription is paused."""
    async with chromium(viewport=DESK) as browser:
        page = await browser.new_page()
        await operate(page, desk)
        await page.goto(at(desk, "/operator/subscription/order"))
        await page.get_by_label("At", exact=True).fill("25:00")
        await page.get_by_role("button", name="Save").click()
        await page.get_by_text("Nothing was changed").wait_for()
        await page.get_by_label("At", exact=True).fill("11:15")
        await page.get_by_role("button", name="Save").click()
        await page.get_by_role("status").get_by_text("11:15").wait_for()
        await page.get_by_role("button", name="Pause").click()
        await page.get_by_role("button", name="Resume").wait_for()
        stored = await desk.store.subscription("order")
        assert stored is not None
        assert (False, ["11:15"]) == (stored.enabled, [f"{each:%H:%M}" for each in stored.times])


async def test_a_member_comes_back_from_slack(desk: Desk) -> None:
    """The link leads to Slack's page; what it sends back opens the member's channels, and signing out closes them."""
    async with chromium() as browser:
        page = await browser.new_page()
        desk.sites.someone, desk.sites.instead = ADA, (HOME, at(desk))
        await page.goto(at(desk, "/sign-in"))
        await page.get_by_role("link", name="Sign in with Slack").click()
        await page.get_by_role("heading", name="Your channels").wait_for()
        await page.get_by_role("link", name="C1").click()
        await page.get_by_text("Paper number 1").first.wait_for()
        assert [] == await serious_faults(page)
        await page.get_by_role("link", name="Sign out").click()
        await page.get_by_role("button", name="Sign out").click()
        await page.goto(at(desk, "/mine"))
        await page.get_by_role("heading", name="Sign in").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_everyone_can_use_the_pages(desk: Desk, size: Any, scheme: Literal["light", "dark"]) -> None:
    """axe finds no serious fault, and nothing is wider than the screen, on a phone and a desk, light and dark."""
    async with chromium(viewport=size, color_scheme=scheme) as browser:
        page = await browser.new_page()
        await page.goto(at(desk, "/sign-in"))
        assert [] == await serious_faults(page)
        await operate(page, desk)
        for address in _ADDRESSES:
            await page.goto(at(desk, address))
            assert [] == await serious_faults(page), address
            assert size["width"] >= await page.evaluate("document.documentElement.scrollWidth"), address
