"""Several processes and tasks can create and use one database file, and be killed, without damage to it."""

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bots.store.sql import open_store
from tests.store.programs import ended, program
from tests.store.stores import a_run, some_parts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The path of a test's database."""
    return tmp_path / "paperwire.sqlite3"


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    """Query the file directly, without the store."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.slow
def test_processes_may_make_the_same_database_at_once(file: Path) -> None:
    """Four processes can open the same new file at the same time."""
    code = "async def main():\n async with open_store(sys.argv[1]) as s: await s.runs()\nasyncio.run(main())"
    processes = [program(code, file) for _ in range(4)]
    assert [(0, "")] * 4 == [ended(process) for process in processes]


COUNT_UP = """
async def main():
    async with open_store(sys.argv[1]) as store:
        for _ in range(60):
            async with store._database.writing() as connection:
                used = (await connection.exec_driver_sql("SELECT count(*) FROM sighting")).scalar_one()
                await connection.exec_driver_sql("INSERT INTO sighting VALUES ('s', '2026-11-24', ?)", (str(used),))
asyncio.run(main())
"""


@pytest.mark.slow
async def test_processes_that_read_and_write_do_not_collide(file: Path) -> None:
    """When two processes read a number and write it plus one, 60 times each, no call fails and no write is lost."""
    processes = [program(COUNT_UP, file) for _ in range(2)]
    assert [(0, ""), (0, "")] == [ended(process) for process in processes]
    assert [(120, 119)] == rows(file, "SELECT count(*), max(CAST(paper AS INTEGER)) FROM sighting")


KILLED = """
async def main():
    async with open_store(sys.argv[1]) as store:
        engine = store._database._reader
        await store.open_run(a_run())
        def die(*arguments):
            if sys.argv[2] != "statement" or "INSERT INTO delivery" in arguments[2]:
                os.kill(os.getpid(), signal.SIGKILL)
        if sys.argv[2] == "after":
            await store.plan(a_run().key, some_parts(a_run(), 40))
            die()
        event.listen(engine, {"statement": "after_cursor_execute", "commit": "commit"}[sys.argv[2]], die)
        await store.plan(a_run().key, some_parts(a_run(), 40))
asyncio.run(main())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
@pytest.mark.parametrize(("moment", "parts"), [("statement", 0), ("commit", 0), ("after", 40)])
async def test_a_killed_plan_is_whole_or_not_there(file: Path, moment: str, parts: int) -> None:
    """A process killed while it plans leaves no part; one killed after `plan` returned leaves all of them."""
    assert (-signal.SIGKILL, "") == ended(program(KILLED, file, moment))
    async with open_store(file) as store:
        assert parts == len(await store.deliveries(a_run().key))
        assert 40 == len(await store.plan(a_run().key, some_parts(a_run(), 40)))
