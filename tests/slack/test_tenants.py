"""Each workspace and organisation is found with its own token and deleted completely."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bots.bootstrap.app import utc_now
from bots.domain.channels import Channel
from bots.domain.errors import ChannelGone, PostRefused
from bots.domain.installations import Installation
from bots.slack.installation import FRESH, WorkspaceTokens, through
from bots.store._secrets import new_key
from bots.store.memory import MemoryStore
from bots.store.sql import open_store
from tests.fakes.slack.person import Person
from tests.fakes.slack.screens import Screen
from tests.fakes.slack.server import FakeSlack
from tests.slack.conftest import Clock, Site, abroad
from tests.support.factories import a_digest


@pytest.fixture
async def site(slack: FakeSlack, tmp_path: Path, clock: Clock) -> AsyncIterator[Site]:
    """Paperwire over HTTP, without any installation yet."""
    async with abroad(slack, tmp_path, clock=clock) as served:
        yield served


def rows_of(folder: Path, workspace: str) -> dict[str, int]:
    """Return the number of a workspace's rows by table; tables without such rows are left out."""
    of = "FROM {} JOIN tenant owner ON owner.id = {} WHERE owner.workspace = ?"
    with closing(sqlite3.connect(folder / "paperwire.sqlite3")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        owned = {name: "tenant_id" for name in tables if "tenant_id" in columns(database, name)} | {
            "tenant": "tenant.id"
        }
        found = {
            name: database.execute(f"SELECT count(*) {of.format(name, owner)}", [workspace]).fetchone()[0]
            for name, owner in owned.items()
        }
    return {name: count for name, count in found.items() if count}


def columns(database: sqlite3.Connection, table: str) -> list[str]:
    """Return the names of a table's columns."""
    return [name for _, name, *_ in database.execute(f"PRAGMA table_info({table})")]


async def settled(person: Person) -> None:
    """Create rows of every kind that a person creates: a subscription, a saved paper, a quota."""
    papers = person.hub.world.workspaces[person.workspace.id].channel_named("papers")
    assert papers is not None
    for typed, said in (("subscribe source=sample at=09:00", "Subscribed"), ("save 1706.03762", "Saved:")):
        await person.types(f"/paper {typed}", papers)
        await person.reads(said, papers, only_me=True)


async def emptied(folder: Path, workspace: str) -> None:
    """Wait until a workspace has no rows left."""
    async with asyncio.timeout(30):
        while rows_of(folder, workspace):  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.02)


async def test_who_uninstalls_leaves_no_row_and_others_keep_theirs(site: Site, tmp_path: Path) -> None:
    """After an uninstall no table holds a row of the workspace; another workspace keeps all of its rows."""
    ada, bo = site.slack.person("ada"), site.slack.person("bo", site.slack.workspace("Rival"))
    for person in (ada, bo):
        await site.installed(person)
        site.slack.channel("papers", person, workspace=person.workspace)
        await settled(person)
    assert {"installation", "subscription", "saved_paper", "tenant"} <= set(rows_of(tmp_path, ada.workspace.id))
    others = rows_of(tmp_path, bo.workspace.id)

    ada.uninstalls()
    await emptied(tmp_path, ada.workspace.id)

    assert others == rows_of(tmp_path, bo.workspace.id)
    with pytest.raises(ChannelGone, match="not installed"):
        await post(site, ada)


async def post(site: Site, person: Person) -> None:
    """Post a digest in #papers of a person's workspace."""
    papers = person.workspace.channel_named("papers")
    assert papers is not None
    adapter = site.application.executor.part_delivery.adapters["slack"]
    channel = Channel(platform="slack", workspace=person.workspace.id, channel=papers.id)
    await adapter.post(adapter.compose(a_digest(channel=channel))[0], "a-key")


async def test_an_installation_that_another_process_drops_is_used_for_a_minute_at_most(
    site: Site, clock: Clock
) -> None:
    """An installation that another process deleted is used within the minute, and not after it."""
    ada = site.slack.person("ada")
    await site.installed(ada)
    site.slack.channel("papers", ada)
    await post(site, ada)
    await site.application.store.drop_installation("slack", ada.workspace.id)
    await post(site, ada)
    clock.ahead += FRESH
    with pytest.raises(ChannelGone) as gone:
        await post(site, ada)
    assert f"{site.url}/slack/install" in gone.value.hint


async def test_a_token_that_cannot_be_read_is_a_refusal_for_now(tmp_path: Path) -> None:
    """With the key lost, a token raises PostRefused (nothing posted, retryable), and the hint names the fix."""
    database = tmp_path / "paperwire.sqlite3"
    async with open_store(database, keys=[new_key()]) as store:
        await store.keep_installation(installation("T1", "xoxb-own"))
    async with open_store(database, keys=[new_key()]) as store:
        with pytest.raises(PostRefused, match="T1") as refused:
            await WorkspaceTokens(store=store, clock=utc_now).token("T1")
    assert "Add the key" in refused.value.hint


# ── organisations ────────────────────────────────────────────────────────────────────────────────────────────────────


async def home_of(person: Person) -> Screen:
    """Open the home tab, and return it once it is drawn."""
    await person.opens_home()
    return await person.waits(lambda: person.home, what="a home tab")


async def test_an_organisation_installs_once_for_all_its_workspaces(site: Site, tmp_path: Path) -> None:
    """With one installation each workspace of the organisation gets replies, its home tab and its digests."""
    ada = site.slack.person("ada", site.slack.workspace("One", enterprise="E0FAKE"))
    bo = site.slack.person("bo", site.slack.workspace("Two", enterprise="E0FAKE"))
    assert "installed in Enterprise" in (await site.installed(ada, whole=True)).text
    for person in (ada, bo):
        site.slack.channel("papers", person, workspace=person.workspace)
        await settled(person)
        assert "Attention Is All You Need" in (await home_of(person)).text
        await post(site, person)

    workspaces = {subscription.channel.workspace for subscription in await site.application.store.subscriptions()}
    assert {ada.workspace.id, bo.workspace.id} == workspaces
    (whole,) = [each for each in await site.application.store.installations("slack") if each.token]
    assert ("E0FAKE", True) == (whole.workspace, whole.enterprise)


async def test_an_organisation_that_uninstalls_leaves_no_row_of_any_workspace(site: Site, tmp_path: Path) -> None:
    """When an organisation uninstalls, the rows of all its workspaces are deleted; those of others stay."""
    ada = site.slack.person("ada", site.slack.workspace("One", enterprise="E0FAKE"))
    bo = site.slack.person("bo", site.slack.workspace("Two", enterprise="E0FAKE"))
    eve = site.slack.person("eve", site.slack.workspace("Elsewhere"))
    await site.installed(ada, whole=True)
    await site.installed(eve)
    for person in (ada, bo, eve):
        site.slack.channel("papers", person, workspace=person.workspace)
        await settled(person)

    ada.uninstalls()

    for gone in ("E0FAKE", ada.workspace.id, bo.workspace.id):
        await emptied(tmp_path, gone)
    assert rows_of(tmp_path, eve.workspace.id)


async def test_a_workspace_that_its_organisation_takes_away_leaves_no_row(site: Site, tmp_path: Path) -> None:
    """When an organisation takes the app from one workspace, the rows of that one are deleted, and no others."""
    ada = site.slack.person("ada", site.slack.workspace("One", enterprise="E0FAKE"))
    bo = site.slack.person("bo", site.slack.workspace("Two", enterprise="E0FAKE"))
    await site.installed(ada, whole=True)
    for person in (ada, bo):
        site.slack.channel("papers", person, workspace=person.workspace)
        await settled(person)
    whole = next(each for each in site.slack.hub.world.installations if each.is_enterprise)

    site.slack.hub.take_away(whole, bo.workspace)

    await emptied(tmp_path, bo.workspace.id)
    assert rows_of(tmp_path, ada.workspace.id)
    await post(site, ada)


async def test_only_what_the_organisation_covers_is_taken_away() -> None:
    """A workspace with a token of its own, one of another organisation, and nonsense are left alone."""
    workspace_tokens = WorkspaceTokens(store=MemoryStore(), clock=utc_now)
    for name in ("E1", "E2"):
        await workspace_tokens.keep(installation(name, f"xoxb-{name}", enterprise=True))
    await workspace_tokens.keep(installation("T1", "xoxb-own"))
    for team, above in (("T2", "E1"), ("T3", "E2")):
        await workspace_tokens.met({"team_id": team, "enterprise_id": above, "is_enterprise_install": "true"})
    named_by_slack: tuple[Any, ...] = (["T1", "T2", "T3", "", None, 7, {}], "T3", None)
    for named in named_by_slack:
        event = {"type": "team_access_revoked", "team_ids": named}
        await workspace_tokens.leave({"team_id": None, "enterprise_id": "E1", "event": event})
    kept = {each.workspace for each in await workspace_tokens._store.installations("slack")}
    assert {"E1", "E2", "T1", "T3"} == kept


WHOLE: dict[str, Any] = {"enterprise": {"id": "E1"}, "is_enterprise_install": True}
EVENT: dict[str, Any] = {"authorizations": [{"team_id": None, "enterprise_id": "E1", "is_enterprise_install": True}]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (WHOLE | {"team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": "true"}, ("T1", "E1")),
        (WHOLE | {"team_id": "T1", "is_enterprise_install": "false"}, ("", "")),
        (WHOLE | {"team_id": "T9", "enterprise_id": "E9"}, ("", "")),
        (WHOLE | {"team": {"id": "T1", "enterprise_id": "E1"}}, ("T1", "E1")),
        (WHOLE | {"team": None, "user": {"team_id": "T1"}}, ("", "")),
        (EVENT | {"team_id": "T9", "context_team_id": "T1", "context_enterprise_id": "E1"}, ("T1", "E1")),
        (EVENT | {"team_id": "T9", "context_team_id": "T9", "context_enterprise_id": "E9"}, ("", "")),
        ({"team_id": "T1", "authorizations": [{"team_id": "T1", "is_enterprise_install": False}]}, ("", "")),
        ({}, ("", "")),
    ],
)
def test_only_a_workspace_of_the_same_organisation_is_reached_by_it(body: dict[str, Any], expected: Any) -> None:
    """In a shared channel another company's workspace may be named: it never counts as the organisation's."""
    assert expected == through(body)


def installation(workspace: str, token: str, *, enterprise: bool = False) -> Installation:
    """Return an installation in a workspace or an organisation."""
    return Installation(
        platform="slack", workspace=workspace, token=token, enterprise=enterprise, installed_at=utc_now()
    )


async def test_a_workspace_keeps_its_own_installation_beside_its_organisation_s() -> None:
    """A request through the organisation's installation does not replace a workspace's own token."""
    workspace_tokens = WorkspaceTokens(store=MemoryStore(), clock=utc_now)
    await workspace_tokens.keep(installation("E1", "xoxb-whole", enterprise=True))
    await workspace_tokens.keep(installation("T1", "xoxb-own"))
    for team in ("T1", "T2"):
        await workspace_tokens.met({"team_id": team, "enterprise_id": "E1", "is_enterprise_install": "true"})
    assert ("xoxb-own", "xoxb-whole") == (await workspace_tokens.token("T1"), await workspace_tokens.token("T2"))


async def test_one_workspace_that_uninstalls_does_not_take_its_organisation_along() -> None:
    """The uninstall of a workspace's own installation leaves the organisation's and its other workspaces unchanged."""
    workspace_tokens = WorkspaceTokens(store=MemoryStore(), clock=utc_now)
    await workspace_tokens.keep(installation("E1", "xoxb-whole", enterprise=True))
    await workspace_tokens.keep(installation("T1", "xoxb-own"))
    await workspace_tokens.met({"team_id": "T2", "enterprise_id": "E1", "is_enterprise_install": "true"})
    await workspace_tokens.leave(
        {"team_id": "T1", "enterprise_id": "E1", "authorizations": [{"is_enterprise_install": False}]}
    )
    assert "xoxb-whole" == await workspace_tokens.token("T2")
    with pytest.raises(ChannelGone):
        await workspace_tokens.token("T1")


@pytest.mark.parametrize(
    "body",
    [
        {"team_id": "E1"},
        {"enterprise_id": "E1"},
        {"team_id": "T1", "enterprise_id": "E1", "authorizations": []},
        {"team_id": "T1", "authorizations": [{"enterprise_id": "E1", "is_enterprise_install": True}]},
    ],
    ids=str,
)
async def test_an_organisation_that_leaves_is_known_however_it_is_named(body: dict[str, Any]) -> None:
    """Named by its own id, by a workspace it covers, or without any authorization, it is deleted completely."""
    workspace_tokens = WorkspaceTokens(store=MemoryStore(), clock=utc_now)
    await workspace_tokens.keep(installation("E1", "xoxb-whole", enterprise=True))
    for team in ("T1", "T2"):
        await workspace_tokens.met({"team_id": team, "enterprise_id": "E1", "is_enterprise_install": "true"})
    await workspace_tokens.leave(body)
    for gone in ("E1", "T1", "T2"):
        with pytest.raises(ChannelGone):
            await workspace_tokens.token(gone)
