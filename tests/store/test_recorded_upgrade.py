"""The upgrade of a database of 0.1.0 happens completely or not at all, and once, however many programs open it."""

import asyncio
import json
import logging
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bots.store.sql import open_store
from tests.store.programs import ended, program
from tests.store.recorded import KEY, LATEST, RECORDED, STEP, Rows, left_by_0_1_0, table_rows, today
from tests.support.canaries import files_with, tables_with

#: The statements that change something, in their order.
STEPS = (
    "CREATE TABLE subscription",
    "CREATE INDEX ix_subscription_tenant_id_channel",
    "INSERT INTO subscription",
    "UPDATE subscription",
    "DROP TABLE schedule",
    "DROP INDEX ix_digest_run_schedule_id_slot_day_slot_time",
    "ALTER TABLE digest_run RENAME COLUMN",
    "CREATE INDEX ix_digest_run_subscription_id_slot_day_slot_time",
    "CREATE TABLE private_paper",
    "CREATE TABLE private_name",
    "CREATE TABLE private_sighting",
    "DELETE FROM paper_name",
    "DELETE FROM paper ",
    "DELETE FROM sighting",
    "DELETE FROM summary_cache",
    "UPDATE subscription SET body = '{}'",
    "ALTER TABLE delivery ADD COLUMN posted_after",
    "ALTER TABLE digest_run ADD COLUMN claimed_by",
    "CREATE TABLE feedback",
    "CREATE TABLE vector_cache",
    "CREATE TABLE mailbox",
    "CREATE TABLE credential",
    "CREATE TABLE search_entry",
    "CREATE TRIGGER search_entry_added",
    "UPDATE alembic_version",
)


class Interrupted(Exception):
    """The upgrade ends here."""


@contextmanager
def interrupted_at_a_new_statement(seen: set[str]) -> Iterator[None]:
    """Let the first statement fail that is not in `seen`, and add it there."""

    def strike(*arguments: Any) -> None:
        statement = arguments[2].strip()
        if statement not in seen:
            seen.add(statement)
            raise Interrupted(statement)

    event.listen(Engine, "before_cursor_execute", strike)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", strike)


async def upgraded(place: str) -> bool:
    """Open the database with today's store, and return whether that was not interrupted."""
    try:
        async with open_store(place, keys=(KEY,)):
            return True
    except Interrupted:
        return False


async def test_an_upgrade_that_fails_changes_nothing(left: str) -> None:
    """Whichever statement fails, the tables, columns and rows are those of 0.1.0, and the next opening completes it."""
    before, seen = table_rows(left), set[str]()
    while True:
        with interrupted_at_a_new_statement(seen):
            if await upgraded(left):
                break
        assert before == table_rows(left)
    assert set() == {each for each in STEPS if not any(statement.startswith(each) for statement in seen)}
    assert after_the_upgrade(before) == table_rows(left)


def after_the_upgrade(before: Rows) -> Rows:
    """Return the rows of 0.1.0 as they are after the upgrade."""
    return today(before) | {"alembic_version": [{"version_num": LATEST}]}


KILLED = """
async def main():
    def die(*arguments):
        if sys.argv[2] == "commit" or arguments[2].strip().startswith(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(Engine, {"commit": "commit"}.get(sys.argv[2], "after_cursor_execute"), die)
    async with open_store(sys.argv[1]):
        pass
asyncio.run(main())
"""


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """The path of a file as 0.1.0 left it."""
    with left_by_0_1_0("sqlite", tmp_path):
        (path,) = tmp_path.iterdir()
        yield path


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
@pytest.mark.parametrize("moment", ["DROP TABLE schedule", "ALTER TABLE digest_run", "commit"])
async def test_a_killed_upgrade_leaves_the_rows_of_0_1_0(left: str, moment: str) -> None:
    """A process killed in the middle of the upgrade leaves every row of 0.1.0; the next opening upgrades them."""
    before = table_rows(left)
    assert (-signal.SIGKILL, "") == ended(program(KILLED, left, moment))
    assert [{"version_num": STEP}] == before["alembic_version"]
    assert before == table_rows(left)
    assert await upgraded(left)
    assert after_the_upgrade(before) == table_rows(left)


async def test_tasks_may_upgrade_the_same_database_at_once(left: str) -> None:
    """Five tasks open the database at the same time, and it is upgraded once."""
    before = table_rows(left)
    assert [True] * 5 == await asyncio.gather(*(upgraded(left) for _ in range(5)))
    assert after_the_upgrade(before) == table_rows(left)


async def test_the_upgrade_leaves_no_pasted_text_in_the_file(file: Path) -> None:
    """A blurb of a text that somebody pasted is in no table after the upgrade, and in no byte of the files."""
    made = {"engine": "extractive", "model": "1", "created": "2026-11-01 00:00:00"}
    with closing(sqlite3.connect(file)) as left:
        left.execute("PRAGMA secure_delete = OFF")
        body = json.dumps({"text": "We let zanzibarium go. " * 9000})
        for key in ("pasted", "deleted before"):
            values = (key, *made.values(), body)
            left.execute("INSERT INTO summary_cache (key, engine, model, created, body) VALUES (?, ?, ?, ?, ?)", values)
        left.commit()
        left.execute("DELETE FROM summary_cache WHERE key = 'deleted before'")
        left.commit()
    assert ["summary_cache.body"] == tables_with(file, "zanzibarium")
    assert await upgraded(str(file))
    assert [[], []] == [tables_with(file, "zanzibarium"), files_with(file, "zanzibarium")]


OPENED = """
import logging
upgrades = []
handler = logging.Handler()
handler.emit = lambda record: upgrades.append(record.getMessage()) if "upgraded" in record.getMessage() else None
logging.getLogger("bots.store").addHandler(handler)
logging.getLogger("bots.store").setLevel(logging.INFO)
async def main():
    async with open_store(sys.argv[1]) as store:
        print(len(await store.subscriptions()), len(await store.runs(limit=1000)), len(upgrades))
asyncio.run(main())
"""


@pytest.mark.slow
def test_processes_that_start_together_upgrade_once(left: str) -> None:
    """Of four processes that open the database at the same time one upgrades it, and each finds every record."""
    found = [ended(process) for process in [program(OPENED, left) for _ in range(4)]]
    counts = f"{len(RECORDED['subscriptions'])} {len(RECORDED['runs'])}"
    assert sorted([(0, f"{counts} 1\n"), *[(0, f"{counts} 0\n")] * 3]) == sorted(found)


async def test_an_upgrade_is_told(left: str, caplog: pytest.LogCaptureFixture) -> None:
    """The log has a warning with both steps, and that the way back is closed; the next start has nothing to tell."""
    caplog.set_level(logging.INFO, "bots.store.migrations")
    for _ in range(2):
        async with open_store(left):
            pass
    [told] = caplog.records
    said = "the database's tables were upgraded; an older Paperwire does not open them"
    assert (logging.WARNING, said) == (told.levelno, told.getMessage())
    assert (STEP, LATEST) == (getattr(told, "before", ""), getattr(told, "now", ""))
