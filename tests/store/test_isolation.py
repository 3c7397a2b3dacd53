"""Row-level policies of Postgres: what a query that forgot to ask whose a row is returns all the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, delete, func, insert, select, text, true, update

from bots.domain.channels import Channel
from bots.domain.errors import StoreError
from bots.selection import Query
from bots.store import _follows, _readers, _shelf
from bots.store._scope import EVERYBODYS, NOBODYS, Scope
from bots.store.inspection import inspect
from bots.store.isolation import isolated, unprotected
from bots.store.operations import Place
from bots.store.sql import SqlStore, open_store
from bots.store.tables import (
    credential,
    delivery,
    digest_run,
    follow,
    installation,
    mailbox,
    metadata,
    posted_paper,
    saved_paper,
    tenant,
)
from tests.contracts.test_store_sign_ins import a_sign_in
from tests.contracts.test_store_tenants import PLACES, draft, leaks, live, mark, reader_in
from tests.store.recorded import run_sql
from tests.store.stores import WITH_TABLES, address, needs_postgres, opened
from tests.support import postgres
from tests.support.factories import DAY, NOW

pytestmark = needs_postgres

HERE = PLACES[0]
_EVERY = Query()
#: What `live` does not fill: `everything` of the workspaces' own tests does, and no place leads there.
EMPTY = {installation, credential, mailbox}


def scope_of(place: Channel) -> Scope:
    """Return the scope of someone in a place."""
    return Scope.of({"place": place}, NOBODYS)


@contextmanager
def serving(store: SqlStore, scope: Scope) -> Iterator[None]:
    """Let this thread's transactions serve a scope."""
    before, store._database._serves.scope = store._database._serves.scope, scope
    try:
        yield
    finally:
        store._database._serves.scope = before


async def lived_in(store: SqlStore) -> None:
    """Fill the tables with rows of every place."""
    for place in PLACES:
        await live(store, place)
        await store.keep_sign_in(a_sign_in(place))
        await store.spend(reader_in(place), "preview", day=DAY, limit=9)


async def seen(store: SqlStore, table: Table) -> list[Any]:
    """Return every row of a table that a query without any condition returns."""
    return list(await store._database.rows(select(table)))


async def ids_seen_from(store: SqlStore, place: Channel) -> set[int]:
    """Return the tenants that a place may see: its own, and its platform's without a workspace."""
    its = tenant.c.workspace.in_((place.workspace, ""))
    return {
        row.id
        for row in await store._database.rows(select(tenant.c.id).where(tenant.c.platform == place.platform, its))
    }


async def test_every_table_of_workspaces_has_a_policy(tmp_path: Path) -> None:
    """Each table with a tenant, and that of the tenants, has a policy that holds for its owner too."""
    assert {each.name for each in metadata.sorted_tables if "tenant_id" in each.c} | {"tenant"} == {
        each.name for each in isolated()
    }
    with address("postgres", tmp_path) as place:
        Place.of(place).upgrade()
        with Place.of(place).engine() as engine, engine.connect() as connection:
            assert () == unprotected(connection)


#: Tables of workspaces that no channel divides further, and why none has to.
WITHOUT_A_CHANNEL = {
    "digest_run": "times and states; its messages are in `delivery`",
    "tenant": "the workspaces themselves",
    "installation": "one for each workspace", "plan": "one for each workspace", "audit": "for the operator alone",
    "saved_paper": "of a person, wherever it was saved", "quota_counter": "of a person", "sign_in": "of a person",
    "mailbox": "of an address, whose tenant it is",
}  # fmt: skip


def test_a_table_without_a_channel_is_divided_by_workspaces() -> None:
    """A new table has a channel, or a reason: direct messages have one tenant for all of a platform."""
    assert set(WITHOUT_A_CHANNEL) == {each.name for each in isolated() if "channel" not in each.c}


async def test_a_run_is_seen_from_its_workspace_alone(tmp_path: Path) -> None:
    """A query that forgot its condition sees runs of the served workspace; of direct messages no word is in them."""
    async with opened("postgres", tmp_path) as store:
        assert isinstance(store, SqlStore)
        await lived_in(store)
        for place in PLACES:
            may = await ids_seen_from(store, place)
            with serving(store, scope_of(place)):
                rows = await seen(store, digest_run)
            assert {row.tenant_id for row in rows} <= may
            words = [repr((row.note, row.missing, row.state)) for row in rows]
            assert [] == [each for each in words for other in PLACES if other != place and mark(other) in each]


async def test_a_policy_that_is_missing_is_told_and_made_again(tmp_path: Path) -> None:
    """A table whose policy was removed, or does not hold for its owner, is named; an upgrade makes it again."""
    with address("postgres", tmp_path) as place:
        Place.of(place).upgrade()
        run_sql(
            place,
            text("DROP POLICY paperwire_workspace ON saved_paper"),
            text("ALTER TABLE feedback NO FORCE ROW LEVEL SECURITY"),
        )
        (trouble,) = [each for each in inspect(Place.of(place)).troubles if each.check == "isolation"]
        assert "no policy keeps the workspaces apart in feedback and saved_paper" == trouble.says
        Place.of(place).upgrade()
        assert [] == [each for each in inspect(Place.of(place)).troubles if each.check == "isolation"]


async def test_a_transaction_that_says_nothing_sees_nothing(tmp_path: Path) -> None:
    """Whoever forgets to say whom they serve sees no row of any workspace, changes none and adds none."""
    async with opened("postgres", tmp_path) as store:
        assert isinstance(store, SqlStore)
        await lived_in(store)
        assert set() == {table for table in isolated() if not await seen(store, table)} - EMPTY
        with serving(store, NOBODYS):
            for table in isolated():
                assert [] == await seen(store, table), table.name
                async with store._database.writing() as connection:
                    gone = await connection.execute(delete(table))
                    assert 0 == gone.rowcount, table.name
            with pytest.raises(StoreError):
                async with store._database.writing() as connection:
                    await connection.execute(insert(tenant).values(platform="x", workspace="y", status="active"))
            assert await seen(store, metadata.tables["summary_cache"]) == []
        assert set() == {table for table in isolated() if not await seen(store, table)} - EMPTY


@pytest.mark.parametrize("place", [PLACES[each] for each in (0, 2, 4)], ids=str)
async def test_a_query_without_a_condition_returns_one_workspace(tmp_path: Path, place: Channel) -> None:
    """Every table, read without any condition while one place is served, has rows of that place's workspace alone."""
    async with opened("postgres", tmp_path) as store:
        assert isinstance(store, SqlStore)
        await lived_in(store)
        may = await ids_seen_from(store, place)
        with serving(store, scope_of(place)):
            for table in isolated():
                rows = await seen(store, table)
                owners = {row.id if table is tenant else row.tenant_id for row in rows}
                assert owners <= may, table.name
                # Direct messages of a platform have one tenant: their channel tells them apart, where a row has one.
                if place.workspace or "channel" in table.c:
                    assert [] == leaks(rows, place), table.name
            own = await seen(store, saved_paper)
            assert {reader_in(place).user} == {row.user for row in own if mark(place) in repr(row)}


async def test_what_is_changed_without_a_condition_is_one_workspaces(tmp_path: Path) -> None:
    """An update and a deletion without any condition change rows of the served workspace alone; none is given away."""
    async with opened("postgres", tmp_path) as store:
        assert isinstance(store, SqlStore)
        await lived_in(store)
        before = await seen(store, delivery), await seen(store, posted_paper)
        mine = await ids_seen_from(store, HERE)
        (other,) = [row for row in await seen(store, tenant) if row.workspace == "T2"]
        with serving(store, scope_of(HERE)):
            async with store._database.writing() as connection:
                await connection.execute(update(delivery).values(last_error="changed"))
                await connection.execute(delete(posted_paper))
            with pytest.raises(StoreError):
                async with store._database.writing() as connection:
                    await connection.execute(update(saved_paper).values(tenant_id=other.id))
        changed = {row.tenant_id for row in await seen(store, delivery) if row.last_error == "changed"}
        left = {row.tenant_id for row in await seen(store, posted_paper)}
    own = {row.tenant_id for row in before[1]} - left
    assert (1, True, True) == (len(own), own <= mine, own == changed)


@pytest.mark.parametrize("kind", WITH_TABLES)
async def test_methods_without_their_conditions_return_no_other_workspace(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Store methods that are stripped of the condition on the workspace leak in a file, and not on Postgres."""
    monkeypatch.setattr(_readers, "_is_of", lambda _who: true())
    monkeypatch.setattr(_follows, "_FOLLOWED", select(follow.c.kind, follow.c.text, follow.c.at))
    monkeypatch.setattr(_shelf, "seen_from", lambda _table, _place: true())
    here, there = PLACES[:2]
    ada = reader_in(here)
    async with opened(kind, tmp_path) as store:
        for place in (here, there):
            await live(store, place)
            await store.save_paper(ada if place == here else reader_in(there), draft(place), now=NOW)
        found = {
            "saved": leaks(await store.saved_papers(ada), here),
            "follows": leaks(await store.follows(here), here),
            "search": leaks(await store.search_papers("draft", 9, place=here), here),
            "paper": leaks(await store.find_papers(_EVERY, 9, place=here), here),
        }
    leaked = {name for name, marks in found.items() if marks}
    assert (set() if kind == "postgres" else {"follows", "saved", "search", "paper"}) == leaked


async def test_nothing_is_carried_over_in_a_connection(tmp_path: Path) -> None:
    """What a transaction serves ends with it: the next one in the same session, as of a pooler, sees nothing."""
    async with opened("postgres", tmp_path) as store:
        assert isinstance(store, SqlStore)
        await lived_in(store)
        with store._database._reader.connect() as connection:
            count = select(func.count()).select_from(saved_paper)
            for scope, some in ((EVERYBODYS, True), (None, False), (scope_of(HERE), True), (None, False)):
                with connection.begin():
                    if scope:
                        scope.say(connection)
                    assert some is bool(connection.scalar(count))


async def test_a_superuser_is_told_that_no_policy_holds(tmp_path: Path) -> None:
    """`db check` says that the user of the database is exempt, and the product works all the same."""
    if postgres.GIVEN:
        pytest.skip("the given server's user is what it is")
    with address("postgres", tmp_path) as place:
        superuser = Place(url=Place.of(place).url.set(username=postgres.server().username))
        superuser.upgrade()
        (trouble,) = [each for each in inspect(superuser).troubles if each.check == "isolation"]
        assert (True, True) == (trouble.works, "superuser" in trouble.says)
        async with open_store(superuser.url.render_as_string(hide_password=False)) as store:
            await live(store, HERE)
            assert 1 == len(await store.subscriptions())
