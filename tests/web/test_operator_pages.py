"""The operator's pages: what they show of the ledger, and what their buttons do."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bots.chat.health import HealthFinding
from bots.domain.channels import Channel
from bots.domain.runs import DeliveryState, RunState
from bots.fakechat.faults import Fault
from summarizer import Secret
from tests.support.factories import CHANNEL, a_subscription
from tests.support.scenes import due
from tests.web.conftest import a_browser
from tests.web.desk import Desk, a_desk

PAGE = "/operator/subscription/order"
MARKUP = "<script>alert(1)</script>"


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A site at which the operator is signed in."""
    async with a_desk() as desk:
        await desk.operate()
        yield desk


async def change(desk: Desk, **form: str) -> str:
    """Press a button on the page of the subscription, and return what the page shows then."""
    return (await desk.submit(PAGE, form)).text


# ── the overview ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_overview(desk: Desk) -> None:
    """The overview names each platform with its state, each engine with what it used, and who is signed in."""
    text = (await desk.get("/operator")).text
    assert "fakechat connected" in text
    assert "slack not connected: its token was refused." in text
    assert "remote m-1 3 requests, 1,200 tokens today of 5,000" in text
    assert "extractive not needed yet" in text
    assert "Operator · this browser" in text


async def test_the_health_is_asked_on_demand(desk: Desk) -> None:
    """A press asks every platform; a finding is shown with its fix, and one that fails hides no other."""

    class Sick:
        platform = "sick"

        async def check(self) -> tuple[HealthFinding, ...]:
            raise RuntimeError("its own fault")

    class Ill:
        platform = "ill"

        async def check(self) -> tuple[HealthFinding, ...]:
            return (HealthFinding(name="ill #papers", says="the bot is not in it", fix="type /invite"),)

    desk.operations.adapters.update(sick=Sick(), ill=Ill())  # type: ignore[attr-defined]  # the app's own dictionary
    text = (await desk.submit("/operator", {}, to="/operator/check")).text
    assert "✗ ill #papers: the bot is not in it type /invite" in text
    assert "it could not be checked" in text
    assert "fakechat ✓ connected" in text


async def test_a_program_without_delivery_says_so() -> None:
    """Before the program is composed, or in one that posts nothing, the pages say what to start."""
    token = "y" * 32
    async with a_browser(operator_token=Secret(token)) as browser:
        await browser.submit("/sign-in", {"token": token}, to="/sign-in/token")
        page = await browser.get("/operator")
        assert 503 == page.status
        assert "only in the program that posts digests" in page.text


# ── subscriptions ────────────────────────────────────────────────────────────────────────────────────────────────────


async def held_subscription(desk: Desk) -> None:
    """Store the subscription of the pages."""
    await desk.store.keep_subscription(a_subscription(id="order", sources=("told",), query="attention"))


async def test_subscriptions_are_listed(desk: Desk) -> None:
    """The list has every subscription of every workspace, with what it brings and when."""
    await held_subscription(desk)
    elsewhere = Channel(platform="slack", workspace="T1", channel="C1")
    await desk.store.keep_subscription(a_subscription(id="other", channel=elsewhere, enabled=False))
    page = await desk.get("/operator/subscriptions")
    assert PAGE in page.links
    assert "slack:T1:C1 other paused" in page.text
    assert "matching: attention" in page.text


async def test_a_subscription_is_edited(desk: Desk) -> None:
    """What is typed is stored, also an empty value; what the form does not show stays as it was."""
    await held_subscription(desk)
    said = await change(desk, do="save", query="", at="10:30", limit="7", zone="Europe/Berlin", style="structured")
    assert "10:30" in said
    stored = await desk.store.subscription("order")
    assert stored is not None
    assert ("", 7, "Europe/Berlin", "structured") == (stored.query, stored.limit, str(stored.timezone), stored.style)
    assert ("told",) == stored.sources
    assert (a_subscription().created, CHANNEL) == (stored.created, stored.channel)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("query", "ti:(", "never closed"), ("at", "25:00", "no time of day"), ("source", "", "where the papers come from"),
     ("source", "nowhere", "no source"), ("limit", "x", "number of papers"), ("every", "week", "one day")],
)  # fmt: skip
async def test_what_is_wrong_is_named_and_not_stored(desk: Desk, name: str, value: str, said: str) -> None:
    """A wrong value is named at its field, the other values stay in the form, and nothing is stored."""
    await held_subscription(desk)
    before = await desk.store.subscription("order")
    text = await change(desk, do="save", **{"interests": MARKUP, name: value})
    assert said in text or said.replace("no source", "not a source") in text
    assert before == await desk.store.subscription("order")
    page = await desk.submit(PAGE, {"do": "save", "interests": MARKUP, name: value})
    assert 422 == page.status
    assert "&lt;script&gt;" in page.html
    assert MARKUP not in page.html


async def test_a_subscription_is_paused_and_resumed(desk: Desk) -> None:
    """The buttons pause and resume, and the page offers the other one then."""
    await held_subscription(desk)
    assert "Paused" in await change(desk, do="pause")
    assert not (await desk.store.subscription("order") or a_subscription()).enabled
    assert 'value="resume"' in (await desk.get(PAGE)).html
    await change(desk, do="resume")
    assert (await desk.store.subscription("order") or a_subscription(enabled=False)).enabled


async def test_a_preview_of_the_next_digest(desk: Desk) -> None:
    """The preview shows the papers with their reasons and the counts, and posts nothing."""
    await held_subscription(desk)
    text = await change(desk, do="preview")
    assert "Attention Is All You Need" in text
    assert "Why: matches" in text
    assert "5 found" in text
    assert not desk.bench.chat.messages
    assert () == await desk.store.runs()


async def test_there_is_no_such_subscription(desk: Desk) -> None:
    """An id that does not exist is named as such, for the page and for its buttons."""
    assert "There is no such subscription" in (await desk.get("/operator/subscription/nope")).text
    token = (await desk.get("/operator")).form_token
    page = await desk.post("/operator/subscription/nope", {"form_token": token, "do": "pause"})
    assert 422 == page.status


# ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def failed(desk: Desk, *faults: Fault) -> str:
    """Carry out a run that meets some faults; return the address of its page."""
    for fault in faults:
        desk.bench.chat.trouble(fault, times=None if fault is Fault.NO_HISTORY else 1)
    run = await due(desk.bench)
    desk.bench.chat.heal()
    subscription = await desk.store.subscription(run.subscription_id)
    assert subscription is not None
    await desk.store.keep_subscription(replace(subscription, enabled=True, off_because=""))
    return run.key


async def test_without_runs_the_page_says_what_it_will_list(desk: Desk) -> None:
    """Before the first digest the page says that none was due; a state that no run has is told apart from that."""
    assert "No digest was due yet." in (await desk.get("/operator/runs")).text
    assert "No run is in this state." in (await desk.get("/operator/runs?state=failed")).text


async def test_runs_are_listed_and_filtered(desk: Desk) -> None:
    """The list has the newest runs with their results, and those of one state."""
    key = await failed(desk, Fault.GONE)
    page = await desk.get("/operator/runs")
    assert key in page.text
    assert key in (await desk.get("/operator/runs?state=failed")).text
    assert key not in (await desk.get("/operator/runs?state=done")).text
    assert key in (await desk.get("/operator/runs?state=<script>")).text
    address = next(each for each in page.links if each.startswith("/operator/run?"))
    assert "dead" in (await desk.get(address)).text


async def test_a_run_is_retried(desk: Desk) -> None:
    """A press posts what was given up, once: the page shows it, and a second press says that nothing is left."""
    key = await failed(desk, Fault.GONE)
    before = len(desk.bench.chat.messages)
    page = await desk.submit(f"/operator/run?key={key}", {"key": key}, to="/operator/run")
    assert "1 part to be posted again; the run was carried out." in page.text
    assert {DeliveryState.SENT} == {part.state for part in await desk.store.deliveries(key)}
    assert before + 1 == len(desk.bench.chat.messages)
    token = (await desk.get("/operator")).form_token
    again = await desk.post("/operator/run", {"form_token": token, "key": key})
    assert 422 == again.status
    assert "none of its parts was given up" in again.text
    assert before + 1 == len(desk.bench.chat.messages)


async def test_a_held_part_is_posted_only_if_told(desk: Desk) -> None:
    """A part that may be there already is posted only with the box ticked."""
    key = await failed(desk, Fault.LOST_AFTER, Fault.NO_HISTORY)
    page = await desk.submit(f"/operator/run?key={key}", {"key": key}, to="/operator/run")
    assert "may or may not have been posted" in page.text
    assert {DeliveryState.AMBIGUOUS} == {part.state for part in await desk.store.deliveries(key)}
    await desk.post("/operator/run", {"form_token": page.form_token, "key": key, "repost": "yes"})
    assert {DeliveryState.SENT} == {part.state for part in await desk.store.deliveries(key)}


async def test_a_finished_run_has_no_button(desk: Desk) -> None:
    """A run that is done offers no retry; one that does not exist is named as such."""
    run = await due(desk.bench)
    assert RunState.DONE is run.state
    page = await desk.get(f"/operator/run?key={run.key}")
    assert "sent" in page.text
    assert "Post again" not in page.text
    for key in ("nope", MARKUP, ""):
        missing = await desk.get("/operator/run") if not key else await desk.get(f"/operator/run?key={key}")
        assert 422 == missing.status
        assert MARKUP not in missing.html


@pytest.mark.parametrize("address", ["/operator/check", PAGE, "/operator/run", "/operator/sign-ins"])
async def test_every_button_needs_the_forms_token(desk: Desk, address: str) -> None:
    """A form that another site sends is refused, whoever is signed in; so is one with a foreign token."""
    await held_subscription(desk)
    other = await desk.another()
    foreign = (await other.get("/sign-in")).form_token
    for form in ({}, {"form_token": "x"}, {"form_token": foreign}):
        assert 403 == (await desk.post(address, {"do": "pause", **form})).status
    token = (await desk.get("/operator")).form_token
    page = await desk.post(address, {"do": "pause", "form_token": token}, **{"Sec-Fetch-Site": "cross-site"})
    assert 403 == page.status
    assert (await desk.store.subscription("order") or a_subscription(enabled=False)).enabled
