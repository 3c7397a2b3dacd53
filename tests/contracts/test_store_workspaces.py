"""The contract of every store for workspaces: `bots.ports.Workspaces`, and deletion of all data of a workspace."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bots.delivery.run_executor import BY_HAND
from bots.domain.channels import Channel, Reader
from bots.domain.feedback import Feedback, Sign
from bots.domain.installations import Installation
from bots.domain.papers import PaperId
from bots.domain.plans import Deed, Plan
from bots.domain.runs import run_key
from bots.domain.slots import Slot
from bots.ports import Store
from bots.store._secrets import new_key
from bots.store.rules import by_hand_of
from bots.store.sql import SqlStore
from bots.store.tables import metadata, tenant
from tests.store.stores import KINDS, NINE, WITH_TABLES, a_run, opened, some_parts
from tests.support import hostile
from tests.support.factories import DAY, NOW, a_paper, a_subscription

KEYS = (new_key(),)
HERE, THERE = (Channel(platform="slack", workspace=name, channel="C1") for name in ("TEAM-ONE", "TEAM-TWO"))


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path, KEYS) as store:
        yield store


def installed(workspace: str = "TEAM-ONE", **changes: Any) -> Installation:
    """Return an installation with every field that a platform may send; `changes` are fields to replace."""
    whole = Installation(
        platform="slack", workspace=workspace, token=f"xoxb-{workspace}", enterprise=True, bot_user="U1",
        scopes=("chat:write", "commands"), installed_by="U2", installed_at=NOW, extra={"app_id": "A1", "expires": None},
    )  # fmt: skip
    return replace(whole, **changes)


async def test_an_installation_comes_back_as_it_was_kept(store: Store) -> None:
    """An installation is read back with every field, including its token and other secrets."""
    await store.keep_installation(installed())
    assert installed() == await store.installation("slack", "TEAM-ONE")


async def test_an_unknown_installation_is_none(store: Store) -> None:
    """A workspace that was never installed has no installation, nor has one of the same name on another platform."""
    await store.keep_installation(installed())
    assert [None, None] == [
        await store.installation(*place) for place in (("slack", "TEAM-TWO"), ("discord", "TEAM-ONE"))
    ]


async def test_an_installation_replaces_the_one_before(store: Store) -> None:
    """A workspace that is installed again has one installation, the later one."""
    await store.keep_installation(installed())
    await store.keep_installation(installed(token="xoxb-new", scopes=()))
    assert (installed(token="xoxb-new", scopes=()),) == await store.installations("slack")


async def test_installations_are_listed_by_workspace(store: Store) -> None:
    """The installations of a platform are listed in the order of their workspaces."""
    for name in ("T3", "T1", "T2"):
        await store.keep_installation(installed(name))
    assert ["T1", "T2", "T3"] == [kept.workspace for kept in await store.installations("slack")]
    assert () == await store.installations("discord")


async def test_an_installation_is_forgotten_once(store: Store) -> None:
    """Forgetting an installation returns True once and False after, and keeps the workspace's subscriptions."""
    await store.keep_installation(installed())
    await store.keep_subscription(a_subscription(channel=HERE))
    assert [True, False] == [await store.drop_installation("slack", "TEAM-ONE") for _ in range(2)]
    assert None is await store.installation("slack", "TEAM-ONE")
    assert 1 == len(await store.subscriptions())


def test_a_token_is_never_shown_by_accident() -> None:
    """The text that Python prints for an installation contains neither its token nor its extras."""
    assert "xoxb" not in f"{installed()!r}{installed()}"
    assert "app_id" not in repr(installed())


# ── deleting a workspace ─────────────────────────────────────────────────────────────────────────────────────────────


async def live(store: Store, place: Channel, mark: str) -> None:
    """Perform every action in a workspace that writes a row; `mark` separates its keys from another workspace's."""
    ada = Reader(platform=place.platform, workspace=place.workspace, user="ada")
    subscription = a_subscription(id=mark, channel=place)
    await store.keep_installation(installed(place.workspace))
    await store.keep_subscription(subscription)
    await store.keep_subscription(replace(subscription, id=f"{mark}-ended"))
    await store.drop_subscription(f"{mark}-ended")
    by_hand = f"{BY_HAND}{place}"
    for name in (mark, by_hand):
        run = a_run(name)
        await store.open_run(run)
        await store.plan(run.key, some_parts(run, 2, place))
    await store.open_run(a_run(f"{mark}-ended"))
    await store.open_run(a_run(by_hand, Slot(day=DAY + timedelta(days=1), time=NINE.time)))
    for part in await store.deliveries(run_key(mark, NINE)):
        await store.confirm(part.key, "m1", now=NOW)
    await store.save_paper(ada, a_paper(), now=NOW)
    await store.turn_down(place, a_paper().id, user="ada", now=NOW)
    await store.keep_feedback(place, Feedback(paper=a_paper(), sign=Sign.SAVED, user="ada", at=NOW))
    await store.keep_plan(place, Plan(subscriptions=7))
    await store.keep_deed(place, Deed(at=NOW, actor="ada", action=f"edit {mark}"))
    for who in (ada, replace(ada, user="")):
        await store.spend(who, "preview", day=DAY, limit=9)


async def seen(store: Store, place: Channel, mark: str) -> list[object]:
    """Return all data that can be read for a workspace."""
    ada = Reader(platform=place.platform, workspace=place.workspace, user="ada")
    papers = [PaperId.arxiv(f"26{number:02}.0000{each}") for number in (1, 2) for each in (1, 2)]
    runs = await store.runs(limit=99)
    deliveries = await store.deliveries()
    return [
        await store.installation(place.platform, place.workspace),
        await store.subscriptions(place),
        [run for run in runs if run.subscription_id.startswith((mark, f"{BY_HAND}{place}"))],
        [part for part in deliveries if part.part.channel == place],
        await store.posted(place, papers),
        await store.coming(place),
        await store.saved_papers(ada),
        await store.turned_down(place, [a_paper().id]),
        await store.feedback(place),
    ]


async def test_a_workspace_that_is_let_go_leaves_nothing(store: Store) -> None:
    """After a deletion nothing of the workspace can be read and its counts are zero; the other keeps everything."""
    await live(store, HERE, "here")
    await live(store, THERE, "there")
    before = await seen(store, THERE, "there")
    assert all(before)
    assert 10 < await store.purge_workspace("slack", "TEAM-ONE")
    assert [] == [found for found in await seen(store, HERE, "here") if found]
    assert before == await seen(store, THERE, "there")
    ada = Reader(platform="slack", workspace="TEAM-ONE", user="ada")
    assert await store.spend(ada, "preview", day=DAY, amount=9, limit=9)
    assert not await store.spend(replace(ada, workspace="TEAM-TWO"), "preview", day=DAY, amount=9, limit=9)


async def test_the_workspaces_of_a_platform_are_those_that_something_is_kept_of(store: Store) -> None:
    """The list excludes a deleted workspace, and data that belongs to no workspace."""
    await live(store, HERE, "here")
    await live(store, THERE, "there")
    await store.spend(Reader(platform="discord", workspace="77", user="ada"), "preview", day=DAY, limit=9)
    await store.save_paper(Reader(platform="discord", user="ada"), a_paper(), now=NOW)
    assert ("TEAM-ONE", "TEAM-TWO") == await store.workspaces("slack")
    assert ("77",) == await store.workspaces("discord")
    await store.purge_workspace("slack", "TEAM-ONE")
    assert ("TEAM-TWO",) == await store.workspaces("slack")


async def test_letting_go_twice_or_of_nobody_does_nothing(store: Store) -> None:
    """Deleting a workspace a second time, or an unknown one, deletes nothing."""
    await live(store, HERE, "here")
    await store.purge_workspace("slack", "TEAM-ONE")
    assert [0, 0] == [await store.purge_workspace("slack", name) for name in ("TEAM-ONE", "T9")]


async def test_a_workspace_can_come_back(store: Store) -> None:
    """A workspace that is installed again after its deletion behaves like any other."""
    for _ in range(2):
        await live(store, HERE, "here")
        await store.purge_workspace("slack", "TEAM-ONE")
    await store.keep_installation(installed())
    assert installed() == await store.installation("slack", "TEAM-ONE")


async def test_a_subscription_that_moved_away_is_not_torn(store: Store) -> None:
    """A subscription that moved to another workspace keeps its run and its parts there when the old one is deleted."""
    await store.keep_subscription(a_subscription(id="moved", channel=HERE))
    await store.open_run(a_run("moved"))
    await store.keep_subscription(a_subscription(id="moved", channel=THERE))
    await store.plan(a_run("moved").key, some_parts(a_run("moved"), 2, THERE))
    await store.purge_workspace("slack", "TEAM-ONE")
    assert 2 == len(await store.deliveries(a_run("moved").key))
    assert await store.subscription("moved")


def test_runs_by_hand_are_named_as_they_are_looked_for() -> None:
    """The name of a run by hand starts with the prefix that `by_hand_of` returns."""
    for place in (HERE, Channel(platform="console", channel="terminal")):
        assert f"{BY_HAND}{place}".startswith(by_hand_of(place.platform, place.workspace))


# ── in the tables themselves ─────────────────────────────────────────────────────────────────────────────────────────


async def everything(store: SqlStore) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    async with store._database.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in await connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def test_every_table_is_a_tenants_or_everybodys() -> None:
    """Every table has a tenant, or is named here as shared by all."""
    shared = {"tenant", "paper", "paper_name", "sighting", "summary_cache", "vector_cache", "event", "lease"}
    shared |= {"search_entry", "search_vector", "search_word"}
    assert shared == {table.name for table in metadata.sorted_tables if "tenant_id" not in table.c}
    assert [] == [
        table.name for table in metadata.sorted_tables if "tenant_id" in table.c and table.c.tenant_id.nullable
    ]


STEPS = ("live", "purge")
steps = st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from((HERE, THERE))), max_size=6)


@pytest.mark.parametrize("kind", WITH_TABLES)
@hostile.patient
@given(steps=steps)
async def test_no_row_of_one_tenant_is_touched_with_the_other(
    kind: str, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, Channel]]
) -> None:
    """After a workspace is deleted no table has a row of it, and every row of the other workspace is kept."""
    async with opened(kind, tmp_path_factory.mktemp("store"), KEYS) as store:
        assert isinstance(store, SqlStore)
        for step, place in steps:
            if step == "purge":
                await store.purge_workspace(place.platform, place.workspace)
            elif step == "live" and not await store.installation(place.platform, place.workspace):
                await live(store, place, place.workspace)
        owner = await store._database.first(select(tenant.c.id).where(tenant.c.workspace == "TEAM-ONE"))
        before = await everything(store)
        await store.purge_workspace("slack", "TEAM-ONE")
        after = await everything(store)
    assert "TEAM-ONE" not in repr(after)
    kept = {name: [row for row in rows if not of_tenant(name, row, owner)] for name, rows in before.items()}
    assert {name: rows for name, rows in kept.items() if name != "digest_run"} == {
        name: rows for name, rows in after.items() if name != "digest_run"
    }
    assert [row for row in before["digest_run"] if "TEAM-ONE" not in repr(row)] == after["digest_run"]


def of_tenant(table: str, row: tuple[object, ...], owner: Any) -> bool:
    """Return whether a row of a table belongs to a tenant."""
    columns = [column.name for column in metadata.tables[table].c]
    name = "id" if table == "tenant" else "tenant_id"
    return owner is not None and name in columns and row[columns.index(name)] == owner.id


# ── at once ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_two_at_once_keep_one_installation(store: Store) -> None:
    """If twenty callers save the same installation at once, all succeed and one installation is stored."""
    await asyncio.gather(*(store.keep_installation(installed()) for _ in range(20)))
    assert (installed(),) == await store.installations("slack")
