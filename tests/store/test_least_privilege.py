"""On Postgres the program runs with a role that may read and write rows, and nothing more."""

import re

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from bots.store.sql import open_store
from tests.conftest import ROOT
from tests.store.stores import needs_postgres
from tests.support import postgres
from tests.support.factories import a_subscription

PAGE = (ROOT / "docs/reference/least-privilege.md").read_text(encoding="utf-8")
#: The statements of the page, for the role `paperwire_app`.
GRANTS = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)[0]

FORBIDDEN = ("CREATE TABLE x (a int)", "DROP TABLE subscription", "TRUNCATE subscription", "CREATE ROLE x")


@needs_postgres
async def test_the_grants_of_the_page_are_enough_and_no_more() -> None:
    """With the grants that the page gives, a subscription is kept and read; a table can be neither made nor dropped."""
    with postgres.database() as url:
        address = url.render_as_string(hide_password=False)
        async with open_store(address):
            pass
        # A superuser, as the page says: the owner of the tables may make no role.
        superuser = postgres.server().set(drivername="postgresql+psycopg", database=url.database)
        engine = create_engine(superuser, isolation_level="AUTOCOMMIT")
        role = f"app_{url.database}"
        with engine.connect() as owner:
            ours = GRANTS.replace("paperwire_app", role).replace("DATABASE paperwire", f"DATABASE {url.database}")
            ours = ours.replace("FOR ROLE paperwire ", f"FOR ROLE {url.username} ")
            for statement in filter(str.strip, ours.split(";")):
                owner.execute(text(statement))
        mine = url.set(username=role).render_as_string(hide_password=False)
        try:
            async with open_store(mine) as store:
                await store.keep_subscription(a_subscription(id="s1"))
                assert ["s1"] == [each.id for each in await store.subscriptions()]
            limited = create_engine(url.set(drivername="postgresql+psycopg", username=role))
            for forbidden in FORBIDDEN:
                with limited.connect() as connection, pytest.raises(ProgrammingError, match=r"denied|must be owner"):
                    connection.execute(text(forbidden))
            limited.dispose()
        finally:
            with engine.connect() as owner:
                # Who made a role may take it on, and only then drop what is its.
                owner.execute(text(f"GRANT {role} TO CURRENT_USER"))
                owner.execute(text(f"DROP OWNED BY {role}"))
                owner.execute(text(f"DROP ROLE {role}"))
            engine.dispose()
