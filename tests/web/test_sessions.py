"""The session of who is signed in: its cookie, its end, and that no other opens anything."""

import hashlib
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bots.domain.channels import Channel
from bots.domain.sign_ins import SignIn
from bots.store.memory import MemoryStore
from bots.web.sessions import cookie_value, session_of
from bots.web.sign_in import key_of
from bots.web.visits import Session
from summarizer import Secret
from tests.support.factories import NOW, a_subscription
from tests.web.conftest import a_browser
from tests.web.desk import TOKEN, Desk, a_desk

HERE = Channel(platform="slack", workspace="T1", channel="C1")
SERVER = Channel(platform="discord", workspace="11", channel="22")


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


async def test_the_session_is_new_after_signing_in(desk: Desk) -> None:
    """A session that somebody planted before is signed in nowhere: signing in makes another one."""
    await desk.get("/sign-in")
    before = desk.client.cookies["paperwire"]
    await desk.operate()
    after = desk.client.cookies["paperwire"]
    assert before != after
    thief = await desk.another()
    thief.client.cookies.set("paperwire", before)
    assert "/sign-in" == (await thief.get("/operator")).headers["Location"]


@pytest.mark.parametrize("over_tls", [False, True])
async def test_the_cookie_is_right(over_tls: bool) -> None:
    """The cookie is HttpOnly and SameSite=Lax; with TLS it is Secure and bound to the host."""
    async with a_desk(public_url=f"http{'s' * over_tls}://papers.example.org") as desk:
        page = await desk.get("/sign-in")
        cookie = page.headers["Set-Cookie"]
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert over_tls == ("Secure" in cookie.split("; "))
        assert over_tls == cookie.startswith("__Host-paperwire=")
        assert "Domain" not in cookie


async def test_a_forged_cookie_is_nobody(desk: Desk) -> None:
    """The id of a signed-in session is worth nothing without the site's signature, nor with another's."""
    session = Session(id="known", fresh=False)
    held = SignIn(
        key=key_of(session), platform="web", user="", name="Operator", workspaces=("",), operator=True, created=NOW,
        expires=NOW + timedelta(days=1),
    )  # fmt: skip
    await desk.store.keep_sign_in(held)
    right = cookie_value(session, secret=desk.settings.secret.reveal(), now=NOW)
    wrong = cookie_value(session, secret="another", now=NOW)
    for cookie, status in (
        (wrong, 303),
        ("known", 303),
        (right[:-2], 303),
        (right.replace("known", "other"), 303),
        (right, 200),
    ):
        browser = await desk.another()
        browser.client.cookies.set("paperwire", cookie)
        assert status == (await browser.get("/operator")).status, cookie


async def test_the_database_opens_no_session(desk: Desk) -> None:
    """What is stored of a sign-in is no cookie, and no cookie can be made of it without the site's secret."""
    await desk.operate()
    (held,) = await signed_in(desk)
    assert held.key not in desk.client.cookies["paperwire"]
    browser = await desk.another()
    browser.client.cookies.set("paperwire", held.key)
    assert "/sign-in" == (await browser.get("/operator")).headers["Location"]
    assert 64 == len(held.key)
    assert hashlib.sha256(desk.client.cookies["paperwire"].split(".")[0].encode()).hexdigest() != held.key


async def test_signing_out_ends_it(desk: Desk) -> None:
    """After signing out the old cookie opens nothing, here or in a copy."""
    await desk.operate()
    copy = await desk.another()
    copy.client.cookies.set("paperwire", desk.client.cookies["paperwire"])
    assert 200 == (await copy.get("/operator")).status
    assert 303 == (await desk.submit("/sign-in", {}, to="/sign-out")).status
    for browser in (desk, copy):
        assert "/sign-in" == (await browser.get("/operator")).headers["Location"]


async def test_a_sign_in_can_be_revoked(desk: Desk) -> None:
    """The operator ends another person's sign-in; it is over at once."""
    await desk.sign_in()
    operator = await desk.another()
    await operator.operate()
    page = await operator.get("/operator")
    keys = re.findall(r'name="key" value="([0-9a-f]{64})"', page.html)
    ada = next(each.key for each in await signed_in(desk) if each.user == "U1")
    assert ada in keys
    await operator.post("/operator/sign-ins", {"form_token": page.form_token, "key": ada})
    assert "/sign-in" == (await desk.get("/mine")).headers["Location"]
    assert 200 == (await operator.get("/operator")).status


async def test_a_purged_workspace_ends_its_sign_ins(desk: Desk) -> None:
    """When a workspace removes Paperwire, its members are signed out."""
    await desk.sign_in()
    await desk.store.purge_workspace("slack", "T1")
    assert "/sign-in" == (await desk.get("/mine")).headers["Location"]


async def test_changed_settings_end_sign_ins() -> None:
    """Without the token in the settings, or without the site, nobody who signed in with it is signed in any more."""
    store, secret = MemoryStore(), Secret("a secret that stays the same")
    async with a_desk(secret=secret) as desk:
        await desk.operate()
        cookie, held = desk.client.cookies["paperwire"], (await signed_in(desk))[0]
    await store.keep_sign_in(held)
    for token, status in ((TOKEN, 200), ("", 404)):
        async with a_browser(store, secret=secret, operator_token=Secret(token)) as browser:
            browser.client.cookies.set("paperwire", cookie)
            # Without the program's own parts the page says so; it is opened all the same.
            assert (status if status == 404 else 503) == (await browser.get("/operator")).status


async def test_private_pages_are_not_kept(desk: Desk) -> None:
    """No page of who is signed in may be shown from a cache, and a public page is not kept beside them either."""
    await desk.operate()
    for address in ("/operator", "/operator/runs", "/", "/search"):
        assert "no-store" == (await desk.get(address)).headers["Cache-Control"], address


@pytest.mark.parametrize(
    ("former", "status"), [("the secret of last year", 200), ("", 303), ("a third one of nobody", 303)]
)
async def test_a_replaced_secret_signs_nobody_out(former: str, status: int) -> None:
    """With the former secret in the settings, a cookie and a form that it signed still work; without it neither."""
    store = MemoryStore()
    async with a_desk(secret=Secret("the secret of last year")) as desk:
        await desk.operate()
        cookie, held = desk.client.cookies["paperwire"], (await signed_in(desk))[0]
        form = (await desk.get("/paste")).form_token
    await store.keep_sign_in(held)
    fresh = {"secret": Secret("the secret of this year"), "former_secret": Secret(former)}
    async with a_browser(store, operator_token=Secret(TOKEN), **fresh) as browser:
        browser.client.cookies.set("paperwire", cookie)
        known = (await browser.get("/operator")).status
        assert (503 if status == 200 else 303) == known
        sent = await browser.post("/paste", {"form_token": form, "text": ""})
        assert (403 == sent.status) == (status != 200)
        # What is signed now is signed with the new one.
        browser.client.cookies.clear()
        await browser.get("/paste")
        made = browser.client.cookies["paperwire"]
        assert not session_of(made, secret="the secret of this year", now=NOW).fresh
