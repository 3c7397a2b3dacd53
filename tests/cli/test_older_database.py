"""Commands of a person leave an older database as it is, and say what upgrades it; only a start for good does it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from bots.cli.app import app
from bots.cli.context import Exit
from bots.store._files import make_file
from bots.store.migrations import newest, reached
from bots.store.operations import Place
from tests.cli.conftest import Run
from tests.store.recorded import FILE, LATEST, left_by_0_1_0
from tests.store.stores import WITH_TABLES, address, needs_postgres

#: What each command is given, so that it comes as far as the database; those that need nothing are left out.
GIVEN = {
    "search": "attention", "lookup": "2611.00001", "abstract": "2611.00001",
    "save": "2611.00001", "unsave": "2611.00001", "like": "2611.00001", "subscribe": "--source sample",
    "pause": "a1b2c3", "resume": "a1b2c3", "unsubscribe": "a1b2c3", "retry": "a@b", "replay": "--day 2026-05-01",
    "import": "archive.jsonl", "export all": "archive.jsonl", "feed address": "slack:T1:C1",
    "feed rotate": "slack:T1:C1", "feed close": "slack:T1:C1", "api-token create": "me", "api-token revoke": "t",
    "webhook secret": "w", "webhook remove": "w", "zotero disconnect": "z", "interests show": "slack:T1:C1",
    "interests export": "slack:T1:C1", "interests reset": "slack:T1:C1", "interests like": "slack:T1:C1 2611.00001",
    "slack forget": "T1", "discord forget": "77", "email export": "ada@example.org", "email forget": "ada@example.org",
    "web add": "papers.jsonl", "workspaces plan": "slack:T1", "workspaces audit": "slack:T1",
}  # fmt: skip
#: Commands that do not open the database of the settings, or are for changing it as a whole.
WITHOUT = {
    "init", "summarize", "demo", "run", "worker", "db upgrade", "db check", "db copy", "db backup",
    "slack manifest", "slack key", "discord invite",
}  # fmt: skip
#: Commands that need a setting before they come to the database.
SET_UP = {"slack reseal", "discord sync", "zotero connect"}


def commands(group: Any, *path: str) -> Iterator[str]:
    """Yield the name of every command."""
    for name, each in group.commands.items():
        if hasattr(each, "commands"):
            yield from commands(each, *path, name)
        else:
            yield " ".join((*path, name))


EVERY = [*commands(get_command(app))]
OPENING = [each for each in EVERY if each not in WITHOUT | SET_UP]


def step(place: str) -> str:
    """Return the step of a database."""
    with Place.of(place).engine() as engine, engine.connect() as connection:
        return reached(connection)


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a database that 0.1.0 left."""
    file = tmp_path / "older.sqlite3"
    shutil.copy(FILE, file)
    monkeypatch.setenv("PAPERWIRE_DATABASE", str(file))
    for name in ("archive.jsonl", "papers.jsonl"):
        (tmp_path / name).write_text("{}\n")
    return file


@pytest.mark.parametrize("command", OPENING)
def test_a_command_leaves_an_older_database_as_it_is(run: Run, older: Path, command: str) -> None:
    """Whether it reads or writes: a service of the older version may be running. It says what upgrades it."""
    before, at = older.read_bytes(), step(str(older))
    done = run(*command.split(), *GIVEN.get(command, "").split())
    words = " ".join(f"{done.stdout} {done.stderr}".split())
    assert Exit.DONE != done.exit_code, words
    assert f"is at step {at}, and this Paperwire needs step {LATEST}." in words
    assert "Back it up, then run: paperwire db upgrade" in words
    assert before == older.read_bytes()


def test_every_command_is_named() -> None:
    """A new command is among them, unless it is named as one that opens no database."""
    assert set(EVERY) >= WITHOUT | SET_UP | set(GIVEN)


def test_after_the_upgrade_it_reads(run: Run, older: Path) -> None:
    """The command that it names is the remedy."""
    assert Exit.DONE == run("db", "upgrade").exit_code
    assert newest() == step(str(older))
    assert Exit.DONE == run("subscriptions").exit_code


@pytest.mark.parametrize("kind", WITH_TABLES)
def test_status_of_an_older_database(kind: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused on a server as in a file, with exit code 1 for a monitor."""
    folder = tmp_path / "left"
    folder.mkdir()
    with left_by_0_1_0(kind, folder) as place:
        monkeypatch.setenv("PAPERWIRE_DATABASE", place)
        before = step(place)
        done = run("status")
        assert (Exit.FAILED, before) == (done.exit_code, step(place))
        assert "paperwire db upgrade" in done.stderr


@needs_postgres
def test_a_server_without_tables_gets_none(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever only looks may be another user than the one that is to own the tables."""
    with address("postgres", tmp_path) as place:
        monkeypatch.setenv("PAPERWIRE_DATABASE", place)
        done = run("status")
        assert Exit.FAILED == done.exit_code
        said = " ".join(done.stderr.split())
        assert "without Paperwire's tables" in said
        assert "Create them: paperwire db upgrade" in said
        assert "" == step(place)


@needs_postgres
def test_status_makes_no_tables_of_the_queue(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first worker the queues are shown as empty."""
    with address("postgres", tmp_path) as place:
        monkeypatch.setenv("PAPERWIRE_DATABASE", place)
        assert Exit.DONE == run("db", "upgrade").exit_code
        monkeypatch.setenv("PAPERWIRE_SCHEDULE_WORKERS", "yes")
        assert "0 waiting, 0 running, 0 workers" in run("status").stdout
        with Place.of(place).engine() as engine, engine.connect() as connection:
            made = connection.exec_driver_sql(
                "SELECT to_regclass('procrastinate_jobs'), to_regclass('paperwire_workers')"
            )
            assert (None, None) == tuple(made.one())


def test_a_file_without_tables_gets_them(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first command was interrupted, or is only just making them: nothing has to be upgraded or backed up."""
    file = tmp_path / "begun.sqlite3"
    make_file(file, "It")
    monkeypatch.setenv("PAPERWIRE_DATABASE", str(file))
    assert Exit.DONE == run("subscriptions").exit_code
    assert newest() == step(str(file))


def test_a_file_of_another_program_gets_none(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused as it is."""
    file = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE songs (name)")
    monkeypatch.setenv("PAPERWIRE_DATABASE", str(file))
    done = run("subscriptions")
    assert Exit.FAILED == done.exit_code
    assert "is not Paperwire's" in " ".join(done.stderr.split())
    assert "" == step(str(file))


def test_a_file_that_is_not_there_is_made(run: Run, tmp_path: Path) -> None:
    """A new installation needs no command before the first."""
    assert Exit.DONE == run("subscriptions").exit_code
    assert newest() == step(str(tmp_path / "paperwire.sqlite3"))
