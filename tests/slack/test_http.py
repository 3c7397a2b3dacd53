"""Slack over HTTP: a signed request is processed once, all others are refused, and workspaces stay separate."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from bots.bootstrap.app import App
from bots.domain.channels import Channel
from bots.domain.errors import ChannelGone, SettingsError, StoreError
from bots.slack.manifest import EXAMPLE_URL
from tests.conftest import ROOT
from tests.fakes.slack.deliveries import Delivery
from tests.fakes.slack.hooks import encoded
from tests.fakes.slack.person import Person
from tests.fakes.slack.server import FakeSlack
from tests.slack.conftest import Site, abroad, at_home, at_work
from tests.support.factories import a_digest

#: The status of every refused request.
REFUSED = 401


@pytest.fixture
async def site(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Site]:
    """Paperwire over HTTP, without any installation yet."""
    async with abroad(slack, tmp_path) as served:
        yield served


async def sent(site: Site, delivery: Delivery, *, at: int, **changes: object) -> int:
    """Send a person's request again with changes, signed at a given second; return the response's status."""
    kind, body = encoded(replace(delivery, payload={**delivery.payload, **changes}))
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": str(at)}
    status, _, _ = await site.slack.hub.hooks.post(f"{site.url}/slack/events", body, headers)
    return status


# ── what is let in ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_app_made_from_the_shipped_manifest_works_from_end_to_end(site: Site) -> None:
    """Slack accepts deploy/slack/http.json and the URL, the app is installed, and /paper help is answered."""
    shipped = (ROOT / "deploy/slack/http.json").read_text(encoding="utf-8")
    site.slack.declare(json.loads(shipped.replace(EXAMPLE_URL, site.url)))
    ada = site.slack.person("ada")
    assert await site.slack.hub.hooks.verify(f"{site.url}/slack/events")

    assert 200 == (await site.installed(ada)).status
    sent = await ada.types("/paper help", site.slack.channel("papers", ada))

    assert sent.acked
    await ada.reads("Commands", "papers", only_me=True)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0=sk\xf6ne"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Request-Timestamp": "now-301"},
        {"X-Slack-Request-Timestamp": "now+400"},
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": "1e9"},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Request-Timestamp": ""},
    ],
    ids=lambda headers: next(f"{name[8:]}={value[:20]!r}" for name, value in headers.items()),
)
async def test_what_slack_did_not_sign_lately_is_refused(site: Site, headers: dict[str, str]) -> None:
    """A forged signature, one from long ago or from the future, and an invalid timestamp each result in 401."""
    body = json.dumps({"type": "url_verification", "challenge": "c"})
    # Computed when the test runs: the parametrisation is evaluated minutes before.
    times = {"now-301": str(int(time.time()) - 301), "now+400": str(int(time.time()) + 400)}
    given = {"Content-Type": "application/json", **{name: times.get(value, value) for name, value in headers.items()}}
    status, said, _ = await site.slack.hub.hooks.post(f"{site.url}/slack/events", body, given)
    assert (REFUSED, False) == (status, "challenge" in said)


async def test_a_copy_of_a_request_has_no_effect(slack: FakeSlack, tmp_path: Path) -> None:
    """A signed request is processed once: a copy of a request that opened the home tab does not redraw it."""
    ada = slack.person("ada")
    async with abroad(slack, tmp_path) as site:
        await site.installed(ada)
        await ada.opens_home()
        await ada.waits(lambda: ada.home, what="a home tab")
        opened = next(each for each in slack.hub.office.deliveries if "app_home_opened" in each.names)
        later = int(time.time()) + 1
        assert [200, 200, 200] == [await sent(site, opened, at=later) for _ in range(3)]

    # Once for the opened tab, once for the first of the three copies, which has a new signature.
    assert 2 == len([each for each in slack.hub.happenings.all if each.text == "views.publish"])


async def test_a_request_that_failed_may_come_again_as_it_was(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A retry within one second is identical to the request: after a failure of the app it is processed."""
    ada = site.slack.person("ada")
    await site.installed(ada)
    papers = site.slack.channel("papers", ada)
    typed = await ada.types("/paper help", papers)
    await ada.reads("Commands", papers, only_me=True)
    at, troubled = int(time.time()) + 1, {"trigger_id": "1.2.3"}

    async def broken(_self: object, _team: str, _enterprise: str = "") -> None:
        raise StoreError("The disk is gone.")

    with monkeypatch.context() as patch:
        patch.setattr("bots.slack.installation.WorkspaceTokens.of", broken)
        assert 500 == await sent(site, typed, at=at, **troubled)
    assert [200, 200] == [await sent(site, typed, at=at, **troubled) for _ in range(2)]

    await ada.waits(lambda: len(ada.sees(papers, only_me=True)) == 2, what="a second answer")


async def test_what_slack_sends_again_is_answered_once(site: Site) -> None:
    """A retry has a new signature and the same trigger id: it is acknowledged and not executed again."""
    ada = site.slack.person("ada")
    await site.installed(ada)
    papers = site.slack.channel("papers", ada)
    typed = await ada.types("/paper help", papers)
    await ada.reads("Commands", papers, only_me=True)

    assert [200, 200] == [await sent(site, typed, at=int(time.time()) + later) for later in (1, 2)]
    await ada.types("/paper 1810.04805", papers)
    await ada.reads("BERT", papers, only_me=True)

    assert 1 == len([seen for seen in ada.sees(papers, only_me=True) if "Commands" in seen.text])


async def test_a_workspace_without_an_installation_is_told_where_to_install(site: Site) -> None:
    """If Slack has the app and Paperwire has no installation, the person gets the URL of the install page."""
    ada = site.slack.person("ada")
    site.slack.hub.install(ada.workspace)
    papers = site.slack.channel("papers", ada)
    await ada.types("/paper help", papers)
    assert f"{site.url}/slack/install" in (await ada.reads("no longer installed", papers, only_me=True)).text


# ── two workspaces ───────────────────────────────────────────────────────────────────────────────────────────────────


async def with_a_subscription(site: Site, name: str) -> Person:
    """Return a person in a workspace of that name, whose channel #papers has a subscription."""
    person = site.slack.person(name.lower(), site.slack.workspace(name))
    await site.installed(person)
    papers = site.slack.channel("papers", person, workspace=person.workspace)
    await person.types("/paper subscribe source=sample at=09:00", papers)
    await person.reads("Subscribed", papers, only_me=True)
    return person


async def answer_to(person: Person, line: str) -> str:
    """Type a command in #papers, and return the reply."""
    before = len(person.sees("papers", only_me=True))
    await person.types(line, "papers")
    told = await person.waits(lambda: person.sees("papers", only_me=True)[before:], what="an answer")
    return told[0].text


async def test_a_subscription_is_none_of_another_workspace(site: Site) -> None:
    """A subscription of one workspace is not listed in another, and cannot be paused or ended there."""
    lab, rival = await with_a_subscription(site, "Lab"), await with_a_subscription(site, "Rival")
    subscriptions = {
        subscription.channel.workspace: subscription for subscription in await site.application.store.subscriptions()
    }
    ours, theirs = subscriptions[lab.workspace.id], subscriptions[rival.workspace.id]

    for verb in ("pause", "unsubscribe"):
        told = await answer_to(rival, f"/paper {verb} {ours.id}")
        assert "no subscription" in told
    await rival.types("/paper subscriptions", "papers")
    listed = await rival.reads("1 subscription in #papers", "papers", only_me=True)
    await rival.opens_home()
    home = await rival.waits(lambda: rival.home, what="a home tab")

    assert (True, False) == (theirs.id in str(listed.message.blocks), ours.id in str(listed.message.blocks))
    assert ours.id not in str(home.view.blocks)
    assert ours == await site.application.store.subscription(ours.id)


async def test_each_workspace_is_posted_to_with_its_own_token(site: Site) -> None:
    """Two workspaces each get a digest from their own bot; an unknown or unnamed third raises its own error."""
    lab, rival = await with_a_subscription(site, "Lab"), await with_a_subscription(site, "Rival")
    for person in (lab, rival):
        await posted(site.application, Channel(platform="slack", workspace=person.workspace.id, channel=where(person)))
    for person in (lab, rival):
        (digest,) = [s for s in person.sees("papers") if "Attention" in s.text]
        installation = site.slack.hub.world.installed_in(person.workspace.id)
        assert installation is not None
        assert installation.bot_in(person.workspace.id).id == digest.message.user

    with pytest.raises(ChannelGone) as gone:
        await posted(site.application, Channel(platform="slack", workspace="T0ELSEWHERE", channel=where(lab)))
    assert f"{site.url}/slack/install" in gone.value.hint
    with pytest.raises(ChannelGone, match="not named"):
        await posted(site.application, Channel(platform="slack", workspace="", channel=where(lab)))


def where(person: Person) -> str:
    """Return the id of #papers in a person's workspace."""
    found = person.workspace.channel_named("papers")
    assert found is not None
    return found.id


async def posted(application: App, channel: Channel) -> None:
    """Post a digest directly through the adapter."""
    adapter = application.executor.part_delivery.adapters["slack"]
    for part in adapter.compose(a_digest(channel=channel))[:1]:
        await adapter.post(part, "a-key")


# ── how it is set up ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_command_that_only_posts_opens_nothing(site: Site, tmp_path: Path) -> None:
    """Next to a running service, another process posts with the token that the service stored."""
    ada = site.slack.person("ada")
    await site.installed(ada)
    papers = site.slack.channel("papers", ada)
    async with at_home(replace(site.settings, listening=False), tmp_path) as application:
        await posted(application, Channel(platform="slack", workspace=ada.workspace.id, channel=papers.id))
    assert 1 == len(site.slack.messages(papers))


async def test_an_address_that_is_taken_is_said_so(site: Site, tmp_path: Path) -> None:
    """A second service at the same address does not start, and its error names the setting to change."""
    async with AsyncExitStack() as stack:
        with pytest.raises(SettingsError, match="cannot listen at") as refused:
            await stack.enter_async_context(at_home(site.settings, tmp_path))
    assert "slack.listen" in refused.value.hint


async def test_the_service_stops_whoever_is_connected(slack: FakeSlack, tmp_path: Path) -> None:
    """A client that sends half a request does not delay shutdown, and the port is closed afterwards."""
    async with asyncio.timeout(10):
        async with abroad(slack, tmp_path) as site:
            port = site.settings.listen[1]
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
            await writer.drain()
        writer.close()
    with pytest.raises(ConnectionError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_what_was_heard_is_answered_before_the_end(slack: FakeSlack, tmp_path: Path) -> None:
    """A service that is stopped while it prepares a reply sends the reply first."""
    ada = slack.person("ada")
    async with abroad(slack, tmp_path) as site:
        await site.installed(ada)
        papers = slack.channel("papers", ada)
        await ada.types("/paper 1810.04805", papers)
    assert any("BERT" in seen.text for seen in ada.sees(papers, only_me=True))


async def test_variables_of_another_app_change_nothing(
    slack: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Environment variables that slack_bolt reads by itself have no effect, in either mode."""
    for name in ("CLIENT_ID", "CLIENT_SECRET", "SIGNING_SECRET", "BOT_TOKEN", "REDIRECT_URI", "USER_SCOPES"):
        monkeypatch.setenv(f"SLACK_{name}", "another")
    ada = slack.person("ada")
    installation = slack.hub.install(ada.workspace)
    papers = slack.channel("papers", ada)
    async with at_work(slack, tmp_path, installation.token):
        await ada.types("/paper help", papers)
        await ada.reads("Commands", papers, only_me=True)
    async with abroad(slack, tmp_path) as site:
        assert 200 == (await site.installed(ada)).status
        await ada.types("/paper 1810.04805", papers)
        await ada.reads("BERT", papers, only_me=True)
