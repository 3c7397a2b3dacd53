"""`paperwire db`: each command says what it did in a sentence, or as JSON, and exits as it went."""

import asyncio
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bots.cli import storage
from bots.domain.retention import Retention
from bots.domain.runs import RunState
from bots.store.sql import SqlStore, open_store
from tests.cli.conftest import Run
from tests.store.recorded import FILE, LATEST, STEP, table_counts
from tests.store.stores import WITH_TABLES, a_run, address, needs_postgres, on, planned
from tests.support import postgres
from tests.support.factories import NOW

#: Long behind the old runs.
LATER = NOW + timedelta(days=300)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database of 0.1.0, which only its owner may read."""
    file = tmp_path / "p.sqlite3"
    shutil.copy(FILE, file)
    file.chmod(0o600)
    return file


def test_the_life_of_a_database(run: Run, old: Path, tmp_path: Path) -> None:
    """An old database is found to be old, upgraded, found to be sound, backed up and copied."""
    at = ("--database", str(old), "db")
    told = run(*at, "check")
    assert (1, True) == (told.exit_code, f"it is at step {STEP}, not at {LATEST}" in told.stderr)
    told = run(*at, "upgrade")
    assert (0, f"The database {old} was upgraded from step {STEP} to {LATEST}.\n") == (told.exit_code, told.stdout)
    assert f"is up to date (step {LATEST})" in run(*at, "upgrade").stdout
    told = run(*at, "check")
    assert 0 == told.exit_code, told.stderr
    assert ["revision: ok", "integrity: ok", "orphans: ok", "permissions: ok"] == told.stdout.splitlines()[-4:]

    told = run(*at, "backup", str(tmp_path / "saved"))
    assert (0, True) == (told.exit_code, "it was read back" in told.stdout)
    assert 1 == run(*at, "backup", str(tmp_path / "saved")).exit_code

    told = run(*at, "copy", str(tmp_path / "copy"))
    assert (0, True) == (told.exit_code, f"{sum(table_counts().values()) - 1} rows copied" in told.stdout)
    told = run(*at, "copy", str(tmp_path / "copy"))
    assert (1, True) == (told.exit_code, "is not empty" in " ".join(told.stderr.split()))


@needs_postgres
def test_a_server_without_our_tables_is_told_what_to_do(run: Run) -> None:
    """A new database of a server is examined before its first upgrade, and the policies after it."""
    with postgres.database() as url:
        at = ("--database", url.render_as_string(), "db")
        told = run(*at, "check")
        assert (1, "revision: it has none of Paperwire's tables. Run: paperwire db upgrade\n") == (
            told.exit_code,
            told.stderr,
        )
        assert "ok" not in told.stdout.replace("integrity: ok", "")
        run(*at, "upgrade")
        told = run(*at, "check")
        names = ("revision", "integrity", "orphans", "isolation", "permissions")
        assert [f"{name}: ok" for name in names] == told.stdout.splitlines()[-5:]


def test_a_check_as_json(run: Run, old: Path) -> None:
    """A program reads the step, the rows and each trouble with its fix."""
    run("--database", str(old), "db", "upgrade")
    old.chmod(0o644)
    told = run("--json", "--database", str(old), "db", "check")
    found = json.loads(told.stdout)
    assert (LATEST, table_counts()["subscription"]) == (found["step"], found["rows"]["subscription"])
    assert [("permissions", True)] == [(each["check"], each["works"]) for each in found["troubles"]]
    assert 0 == told.exit_code


def test_pruning_says_what_it_deleted(run: Run, old: Path) -> None:
    """Pruning deletes what is older than the options say, tells how much, and a second time deletes nothing."""
    run("--database", str(old), "db", "upgrade")
    told = run("--json", "--database", str(old), "db", "prune", "--runs", "35", "--papers", "35")
    gone = json.loads(told.stdout)
    assert gone["bytes_after"] <= gone["bytes_before"]
    told = run("--database", str(old), "db", "prune", "--runs", "35", "--papers", "35")
    assert (0, True) == (told.exit_code, "nothing was old enough" in told.stdout)


@needs_postgres
def test_pruning_a_server_says_where_the_space_is(run: Run, old: Path, tmp_path: Path) -> None:
    """A server's tables do not shrink; who prunes one is told so, and what would return the space to the disk."""
    run("--database", str(old), "db", "upgrade")
    with address("postgres", tmp_path) as place:
        run("--database", str(old), "db", "copy", place)
        told = run("--database", place, "db", "prune", "--runs", "35", "--papers", "35")
        assert (0, True) == (told.exit_code, "fills it with new rows" in told.stdout and "VACUUM FULL" in told.stdout)
        told = run("--database", place, "db", "prune", "--runs", "35", "--papers", "35")
        assert (True, False) == ("nothing was old enough" in told.stdout, "VACUUM FULL" in told.stdout)


def test_too_few_days_are_refused(run: Run, old: Path) -> None:
    """Fewer days than the schedule looks back would make it repeat itself, so they are refused."""
    told = run("--database", str(old), "db", "prune", "--runs", "7")
    assert (2, True) == (told.exit_code, "at least 35 days" in " ".join(told.stderr.split()))


@pytest.mark.parametrize("command", ["check", "backup", "copy"])
def test_a_missing_database_is_not_made(run: Run, tmp_path: Path, command: str) -> None:
    """Nothing but an upgrade makes a database."""
    more = () if command == "check" else (str(tmp_path / "new"),)
    told = run("--database", str(tmp_path / "none.sqlite3"), "db", command, *more)
    assert (1, True) == (told.exit_code, "does not exist" in " ".join(told.stderr.split()))
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", WITH_TABLES)
async def test_digests_go_on_while_a_database_is_pruned(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program that writes digests has its turn between the batches: none of its writes is refused."""
    monkeypatch.setattr(storage, "_BATCH", 5)
    monkeypatch.setattr("bots.bootstrap.app.utc_now", lambda: LATER)

    async def later(_store: SqlStore) -> datetime:
        return LATER

    # A server's rows are pruned by the server's clock.
    monkeypatch.setattr(SqlStore, "server_time", later)
    with address(kind, tmp_path) as place:
        async with open_store(place, patience=30) as store:
            for number in range(60):
                await store.open_run(a_run(f"old{number}"))
                await store.move_run(a_run(f"old{number}").key, RunState.DONE, now=NOW)
            settings: Any = SimpleNamespace(database=place)
            pruning, written = asyncio.create_task(storage._pruned(settings, Retention(run_days=35))), 0
            while not pruning.done():
                await planned(store, a_run(f"new{written}", on(LATER.date()), created=LATER), 1)
                written += 1
            assert 60 == (await pruning).runs
            assert written == len(await store.deliveries())
    # At least one between each two of the twelve batches.
    assert 11 <= written
