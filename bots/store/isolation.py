"""Row-level policies of Postgres: each row of a workspace is seen by transactions that serve it, and by no other.

They hold also for the owner of the tables. They are made again after each upgrade, so that a new table has them too.

The boundary is the workspace: whoever is in one may know what happens there. A table without a channel, such as that of
runs, is so divided by workspaces alone, and that is enough. What direct messages leave there, which have one tenant for
all of a platform, holds no word of anybody: a run is a key, times, a state, the names of missing sources and a note of
ours. Its messages and papers are in `delivery` and `posted_paper`, which have a channel. No method that serves a place
returns a run: those of the ledger serve the program, and see all.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, Table, text

from bots.store.tables import metadata, tenant

POLICY = "paperwire_workspace"
#: Each in a sub-select, which Postgres evaluates once for a query and not once for a row.
_ALL = "(SELECT current_setting('paperwire.scope', true)) = 'all'"
_ONE = "(SELECT current_setting('paperwire.scope', true)) = 'one'"
_PLATFORM, _WORKSPACE, _CHANNEL = (
    f"(SELECT current_setting('paperwire.{name}', true))" for name in ("platform", "workspace", "channel")
)
#: A channel may have been named without its workspace; then its rows belong to the platform's tenant without one.
_TENANT = f"{_ALL} OR ({_ONE} AND platform = {_PLATFORM} AND workspace IN ({_WORKSPACE}, ''))"
#: What the tenants' own policy shows is the scope of all other tables.
_OF_TENANT = "tenant_id IN (SELECT id FROM tenant WHERE workspace {})".format
_ITS = f"{_ALL} OR {_OF_TENANT(f'= {_WORKSPACE}')}"
_NAMED, _BARE = _OF_TENANT("<> ''"), _OF_TENANT("= ''")
_CHANNELS = f"{_ALL} OR {_NAMED} OR (channel = {_CHANNEL} AND {_BARE})"
_MISSING = text(
    "SELECT name FROM unnest(CAST(:names AS text[])) AS name JOIN pg_class c ON c.oid = to_regclass(quote_ident(name))"
    " WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS ("
    "SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = :policy)) ORDER BY name"
)
_EXEMPT = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")


def isolated() -> tuple[Table, ...]:
    """Return the tables whose rows belong to workspaces."""
    return tuple(each for each in metadata.sorted_tables if each is tenant or "tenant_id" in each.c)


def unprotected(connection: Connection) -> tuple[str, ...]:
    """Return the tables of workspaces that lack the policy."""
    names = [each.name for each in isolated()]
    return tuple(connection.scalars(_MISSING, {"names": names, "policy": POLICY}))


def is_exempt(connection: Connection) -> bool:
    """Return whether no policy holds for the user of a connection: a superuser, or one with BYPASSRLS."""
    return bool(connection.scalar(_EXEMPT))


def isolate(connection: Connection) -> None:
    """Create the policies that are missing; for a database at the newest step."""
    if connection.dialect.name != "postgresql":
        return
    statements = [each for name in unprotected(connection) for each in _statements(metadata.tables[name])]
    if statements:
        connection.exec_driver_sql("; ".join(statements))


def _statements(table: Table) -> Iterator[str]:
    may = _TENANT if table is tenant else _CHANNELS if "channel" in table.c else _ITS
    yield f'DROP POLICY IF EXISTS {POLICY} ON "{table.name}"'
    # Of one row both hold: what may be read, and what may be written.
    yield f'CREATE POLICY {POLICY} ON "{table.name}" USING ({may}) WITH CHECK ({may})'
    yield f'ALTER TABLE "{table.name}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY'
