"""Signing in and out: who is let in, and that nobody else is, whatever a browser or a site sends."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwk

from bots.domain.channels import Channel
from bots.domain.sign_ins import SignIn
from tests.fakes.sign_in_sites import SECRET, Someone
from tests.support.factories import NOW, a_subscription
from tests.web.conftest import a_browser
from tests.web.desk import ADA, EVE, HOME, TOKEN, Desk, a_desk

HERE = Channel(platform="slack", workspace="T1", channel="C1")
SERVER = Channel(platform="discord", workspace="11", channel="22")
GRACE = Someone(user="77", name="Grace", workspaces=("11", "99"))
#: Every page that is not for everyone.
PRIVATE = (
    "/mine", "/mine/T1/C1", "/operator", "/operator/subscriptions", "/operator/subscription/s1", "/operator/runs",
    "/operator/run?key=x",
)  # fmt: skip


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A site that a Slack workspace and a Discord server know."""
    async with a_desk() as desk:
        for place in (HERE, SERVER):
            await desk.store.keep_subscription(a_subscription(id=f"s-{place.platform}", channel=place))
        yield desk


async def signed_in(desk: Desk) -> tuple[SignIn, ...]:
    """Return everyone who is signed in."""
    return await desk.store.sign_ins(now=desk.bench.clock())


# ── who is let in ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_member_signs_in_with_slack(desk: Desk) -> None:
    """A member of a workspace comes back signed in, for thirty days, and the name is shown as text."""
    page = await desk.sign_in()
    assert (303, "/mine") == (page.status, page.headers["Location"])
    (held,) = await signed_in(desk)
    assert ("slack", "U1", ("T1",), False) == (held.platform, held.user, held.workspaces, held.operator)
    assert NOW + timedelta(days=30) == held.expires
    mine = await desk.get("/mine")
    assert "Ada &lt;b&gt;Lovelace" in mine.html
    assert 403 == (await desk.get("/operator")).status


async def test_a_member_signs_in_with_discord(desk: Desk) -> None:
    """A member of several servers sees those that Paperwire is in; the others are not stored."""
    assert "/mine" == (await desk.sign_in(GRACE, "discord")).headers["Location"]
    (held,) = await signed_in(desk)
    assert ("discord", "77", ("11",)) == (held.platform, held.user, held.workspaces)


async def test_discord_is_asked_with_a_challenge(desk: Desk) -> None:
    """Discord's page gets a PKCE challenge, Slack's a nonce; neither address has a secret in it."""
    slack = parse_qs(urlsplit((await desk.get("/sign-in/slack")).headers["Location"]).query)
    discord = parse_qs(urlsplit((await desk.get("/sign-in/discord")).headers["Location"]).query)
    assert ["S256"] == discord["code_challenge_method"]
    assert 43 == len(discord["code_challenge"][0])
    assert 64 == len(slack["nonce"][0])
    assert not {"client_secret", "code_verifier"} & {*slack, *discord}


async def test_the_operator_signs_in_with_the_token(desk: Desk) -> None:
    """The operator's token opens the operator's pages for twelve hours."""
    assert "/operator" == (await desk.operate()).headers["Location"]
    assert 200 == (await desk.get("/operator")).status
    desk.bench.clock.turn(hours=12, seconds=1)
    assert "/sign-in" == (await desk.get("/operator")).headers["Location"]


async def test_a_named_person_operates() -> None:
    """A person who is named as an operator has the operator's pages, in the named workspace only."""
    async with a_desk(operators=(Channel(platform="slack", workspace="T1", channel="U1"),)) as desk:
        await desk.store.keep_subscription(a_subscription(channel=HERE))
        assert "/operator" == (await desk.sign_in()).headers["Location"]
        assert 200 == (await desk.get("/operator")).status
        other = await desk.another()
        await other.sign_in(replace(ADA, workspaces=("T2",)))
        assert "/sign-in" == (await other.get("/operator")).headers["Location"]


@pytest.mark.parametrize("address", PRIVATE)
async def test_nobody_else_is_let_in(desk: Desk, address: str) -> None:
    """Who is not signed in is sent to sign in, from every private page; a member sees none of the operator's."""
    page = await desk.get(address)
    assert (303, "/sign-in", "") == (page.status, page.headers["Location"], page.html)
    await desk.sign_in()
    assert (403 if "operator" in address else (200, 404)[address != "/mine"]) == (await desk.get(address)).status


async def test_a_stranger_is_not_let_in(desk: Desk) -> None:
    """A person of a workspace that Paperwire is not in is refused, and nothing is stored."""
    page = await desk.sign_in(EVE)
    assert 422 == page.status
    assert "no workspace of Slack that Paperwire posts to" in page.text
    assert () == await signed_in(desk)
    assert ("T1",) == await desk.store.workspaces("slack")


async def test_without_settings_nobody_signs_in() -> None:
    """Where nothing is set up there is no way in, no link to it, and an empty token is no token."""
    async with a_browser() as browser:
        assert 404 == (await browser.get("/sign-in")).status
        assert "Sign in" not in (await browser.get("/")).text
        assert {404} == {(await browser.get(each)).status for each in PRIVATE}
        token = (await browser.get("/paste")).form_token
        assert 403 == (await browser.post("/sign-in/token", {"form_token": token, "token": ""})).status


# ── forged, reused, too late ─────────────────────────────────────────────────────────────────────────────────────────


async def test_a_state_works_once(desk: Desk) -> None:
    """An attempt ends once: with a second code for it, in a browser that still has its session, it is refused."""
    address = (await desk.get("/sign-in/slack")).headers["Location"]
    first, second = (desk.sites.allowed(address, ADA).removeprefix(HOME) for _ in range(2))
    copy = await desk.another()
    copy.client.cookies.set("paperwire", desk.client.cookies["paperwire"])
    assert 303 == (await desk.get(first)).status
    asked = desk.sites.asked
    for browser, back in ((desk, first), (desk, second), (copy, first), (copy, second)):
        assert 422 == (await browser.get(back)).status
    assert asked == desk.sites.asked
    assert 1 == len(await signed_in(desk))


async def test_a_state_of_another_browser_is_refused(desk: Desk) -> None:
    """Somebody else's address to come back to signs nobody in: not as them, and not in their place."""
    other = await desk.another()
    back = await desk.allowed(EVE)
    assert 422 == (await other.get(back)).status
    await other.get("/sign-in")
    assert 422 == (await other.get(back)).status
    assert 0 == desk.sites.asked


async def test_a_state_ages(desk: Desk) -> None:
    """After ten minutes the attempt is over."""
    back = await desk.allowed()
    desk.bench.clock.turn(minutes=10, seconds=1)
    assert 422 == (await desk.get(back)).status
    assert 0 == desk.sites.asked


@pytest.mark.parametrize("state", ["", "x", "a.b.c", "ü", "0" * 5000])
async def test_a_forged_state_is_refused(desk: Desk, state: str) -> None:
    """A state that was not made here is refused before the site is asked."""
    await desk.get("/sign-in/slack")
    assert 422 == (await desk.get(f"/sign-in/slack/done?code=x&state={state}")).status
    assert 0 == desk.sites.asked


async def test_a_state_for_another_site_is_refused(desk: Desk) -> None:
    """The state of an attempt with Slack ends none with Discord."""
    back = await desk.allowed()
    assert 422 == (await desk.get(back.replace("/slack/", "/discord/"))).status


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "other"}, {"nonce": None}, {"aud": "other"}, {"iss": "https://evil.example"}, {"exp": 1},
        {"https://slack.com/user_id": ""}, {"https://slack.com/team_id": None}, {"https://slack.com/team_id": ["T1"]},
    ],
)  # fmt: skip
async def test_a_token_with_wrong_claims_is_refused(desk: Desk, claims: dict[str, object]) -> None:
    """A token of another attempt, app, issuer or time, or one that names nobody, signs nobody in."""
    desk.sites.claims |= claims
    page = await desk.sign_in()
    assert 422 == page.status
    assert "Slack did not confirm who you are" in page.text
    assert () == await signed_in(desk)


@pytest.mark.parametrize("kind", ["another key", "the client secret"])
async def test_a_token_with_a_wrong_signature_is_refused(desk: Desk, kind: str) -> None:
    """A token that Slack's key did not sign is refused, and so is one that its client secret signed."""
    if kind == "another key":
        desk.sites.signing = jwk.RSAKey.generate_key(2048, {"kid": "k1"})
    else:
        desk.sites.signing = jwk.OctKey.import_key(f"{SECRET} {SECRET} {SECRET} {SECRET}", {"kid": "k1"})
    assert 422 == (await desk.sign_in()).status
    assert () == await signed_in(desk)


@pytest.mark.parametrize("platform", ["slack", "discord"])
@pytest.mark.parametrize("status", [500, 404, 302])
async def test_a_site_that_is_down_signs_nobody_in(desk: Desk, platform: str, status: int) -> None:
    """A site that answers with an error is named, and the person can try again."""
    someone = ADA if platform == "slack" else GRACE
    desk.sites.broken = status
    assert "did not confirm who you are" in (await desk.sign_in(someone, platform)).text
    desk.sites.broken = 0
    assert "/mine" == (await desk.sign_in(someone, platform)).headers["Location"]


async def test_who_refuses_is_not_signed_in(desk: Desk) -> None:
    """A person who says no on the site's page comes back without a code, and is told so."""
    back = parse_qs(urlsplit(await desk.allowed()).query)
    page = await desk.get(f"/sign-in/slack/done?error=access_denied&state={back['state'][0]}")
    assert "Slack did not sign you in" in page.text


# ── the token ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], f"{TOKEN}x", TOKEN.upper(), "\ud800", "ü" * 400])
async def test_another_token_is_refused(desk: Desk, token: str) -> None:
    """Any other text is refused, and the page does not show it."""
    sent = token.encode("utf-8", "replace").decode()
    page = await desk.submit("/sign-in", {"token": sent}, to="/sign-in/token")
    assert 403 == page.status
    assert len(sent) < 9 or sent not in page.html
    assert () == await signed_in(desk)


async def test_the_token_is_never_in_an_address(desk: Desk) -> None:
    """The token in a query signs nobody in, and a form without its own token is refused."""
    assert 405 == (await desk.get(f"/sign-in/token?token={TOKEN}")).status
    assert 403 == (await desk.post("/sign-in/token", {"token": TOKEN})).status
    assert () == await signed_in(desk)


async def test_tokens_cannot_be_tried(desk: Desk) -> None:
    """After six attempts in a minute no more are answered, not even with the right token."""
    form = (await desk.get("/sign-in")).form_token
    statuses = [(await desk.post("/sign-in/token", {"form_token": form, "token": "x"})).status for _ in range(7)]
    assert [403] * 6 + [429] == statuses
    assert 429 == (await desk.post("/sign-in/token", {"form_token": form, "token": TOKEN})).status
