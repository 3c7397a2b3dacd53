"""What happens to the database's file is told in a sentence with an exit code, and the doctor finds it."""

import os
import socket
import sqlite3
from collections.abc import Callable
from contextlib import chdir, closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.store.recorded import FILE
from tests.store.stores import needs_postgres
from tests.support import postgres

needs_modes = pytest.mark.skipif(os.name != "posix", reason="this system has no modes")


@pytest.fixture
def file(run: Run, tmp_path: Path) -> Path:
    """A database with a subscription and a large digest's worth of papers."""
    file = tmp_path / "p.sqlite3"
    assert 0 == run("--database", str(file), "subscribe", "--source", "sample", "--to", "console").exit_code
    with closing(sqlite3.connect(file)) as connection, connection:
        rows = [
            (f"k{number}", "e", "m", "2026-11-24 00:00:00", '{"text": "' + "x" * 3000 + '"}') for number in range(200)
        ]
        connection.executemany("INSERT INTO summary_cache (key, engine, model, created, body) VALUES (?,?,?,?,?)", rows)
    return file


def _overwritten(file: Path, start: int, length: int, byte: bytes = b"\xff") -> None:
    content = bytearray(file.read_bytes())
    content[start : start + length] = byte * len(content[start : start + length])
    file.write_bytes(bytes(content))


def _newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _device(file: Path) -> None:
    file.unlink()
    file.symlink_to(os.devnull)


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _socket(file: Path) -> None:
    file.unlink()
    with closing(socket.socket(socket.AF_UNIX)) as bound, chdir(file.parent):
        # By its short name: the path of a socket has an end.
        bound.bind(file.name)


SPECIAL = {"a device", "a pipe", "a socket"}
DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "not a database": (lambda file: file.write_text("Dear diary, " * 500), "is not a database"),
    "the header": (lambda file: _overwritten(file, 0, 100), "is not a database"),
    "every page": (lambda file: _overwritten(file, 4096, 10**9), "is damaged"),
    "cut to a page": (lambda file: file.write_bytes(file.read_bytes()[:4096]), "is damaged"),
    "cut within a page": (lambda file: file.write_bytes(file.read_bytes()[:700]), "is damaged|is not a database"),
    "cut to a few bytes": (lambda file: file.write_bytes(file.read_bytes()[:10]), "is not a database"),
    "empty": (lambda file: file.write_bytes(b""), "is an empty file"),
    "a folder": (_folder, "is a folder, not a file"),
    "a device": (_device, "is a device, not a file"),
    "a pipe": (_pipe, "is a pipe, not a file"),
    "a socket": (_socket, "is a socket, not a file"),
    "newer": (_newer, "was written by a newer Paperwire"),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("command", [("subscriptions",), ("doctor", "--offline")], ids=" ".join)
def test_a_database_that_cannot_be_used_is_a_sentence(
    run: Run, file: Path, damage: str, command: tuple[str, ...]
) -> None:
    """Every command names the file and what to do in a few lines, and exits with 1: no traceback, no silence."""
    import re

    if damage in SPECIAL and os.name != "posix":
        pytest.skip("this system has no such files")
    spoil, told = DAMAGE[damage]
    spoil(file)
    for end in ("-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    result = run("--database", str(file), *command)
    said = " ".join(result.output.split())
    assert 1 == result.exit_code, said
    assert re.search(told, said), said
    assert "Traceback" not in said
    if "doctor" in command:
        assert "WRONG database: " in said
        assert "warn subscriptions: not checked, because the database cannot be used" in said
        # What needs no database is checked all the same.
        assert all(f"ok {name}: " in said for name in ("variables", "engine extractive", "arxiv:cs.CL"))
    else:
        assert len(result.output.splitlines()) <= 8


def test_the_doctor_names_every_wrong_setting(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is wrong in the settings is listed at once, and the database beside it; the rest is checked."""
    config = tmp_path / "p.toml"
    config.write_text(
        'contakt = "x"\ntimezone = "Europe/Berln"\n[engine]\norder = "nothing"\n[sources.nowhere]\na = 1\n'
    )
    monkeypatch.setenv("PAPERWIRE_SCHEDULE_CATCH_UP_HOURS", "soon")
    monkeypatch.setenv("PAPERWIRE_TIMEZOME", "UTC")
    result = run("--config", str(config), "--database", str(tmp_path), "doctor", "--offline")
    said = " ".join(result.output.split())
    assert 4 == result.exit_code, said
    wrong = ("'contakt'", "timezone = 'Europe/Berln'", "engine.order", "sets sources.nowhere", "PAPERWIRE_TIMEZOME",
             "PAPERWIRE_SCHEDULE_CATCH_UP_HOURS = 'soon'")  # fmt: skip
    assert 6 == said.count("WRONG settings: "), said
    assert all(each in said for each in wrong), said
    assert "WRONG database: The database" in said
    assert "ok engine extractive: " in said
    assert "ok settings: " not in said


def test_the_doctor_goes_on_without_a_settings_file(run: Run, tmp_path: Path) -> None:
    """A settings file that cannot be read is a finding; the defaults are examined."""
    config = tmp_path / "p.toml"
    config.write_text("contact = ")
    result = run("--config", str(config), "doctor", "--offline")
    said = " ".join(result.output.split())
    assert (4, 1) == (result.exit_code, said.count("WRONG settings: ")), said
    assert "is not valid TOML" in said
    assert "ok database: " in said


def test_the_log_of_a_check_tells_nothing_of_how_tables_are_made(run: Run, file: Path) -> None:
    """With -v, the library that migrates the database does not say at each start how it works."""
    result = run("--database", str(file), "-v", "doctor", "--offline")
    assert 0 == result.exit_code
    assert "alembic" not in result.output


def test_a_locked_database_is_a_sentence(run: Run, file: Path) -> None:
    """A database that another program holds is waited for, then named with what to do."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        result = run("--database", str(file), "subscriptions")
    assert (1, True) == (result.exit_code, "locked by another program" in " ".join(result.output.split()))


@pytest.mark.parametrize("start", [0.4, 0.7])
def test_the_doctor_finds_damaged_pages(run: Run, file: Path, start: float) -> None:
    """Damage in pages that no other check reads is found, with how to save what can be saved."""
    size = file.stat().st_size
    _overwritten(file, int(size * start) // 4096 * 4096, 3 * 4096)
    result = run("--database", str(file), "doctor", "--offline")
    said = " ".join(result.output.split())
    assert 1 == result.exit_code
    assert "WRONG database: it is damaged" in said
    assert "restore a backup" in said
    assert "Traceback" not in said


def test_the_doctor_goes_on_where_a_check_cannot_read(run: Run, file: Path) -> None:
    """A row that cannot be read is a finding of the check that reads it; the other checks are reported."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE subscription SET body = '{broken'")
    result = run("--database", str(file), "doctor", "--offline")
    said = " ".join(result.output.split())
    assert (1, False) == (result.exit_code, "Traceback" in said)
    assert "is damaged: a row cannot be read" in said
    assert "settings:" in said


def test_a_sound_database_is_ok(run: Run, file: Path) -> None:
    """A database without damage is ok, with the number of its subscriptions; one from 0.1.0, too."""
    assert "ok     database: " in run("--database", str(file), "doctor", "--offline").output
    old = file.with_name("old.sqlite3")
    old.write_bytes(FILE.read_bytes())
    assert "WRONG database" not in run("--database", str(old), "doctor", "--offline").output


@needs_postgres
@pytest.mark.skipif(bool(postgres.GIVEN), reason="the given server's users are its own")
def test_the_doctor_warns_of_a_superuser(run: Run) -> None:
    """Policies hold for the owner of the database, and for no superuser, who is told which user to take."""
    with postgres.database() as url:
        assert 0 == run("--database", url.render_as_string(), "db", "upgrade").exit_code
        fine = run("--database", url.render_as_string(), "doctor", "--offline")
        assert "ok     isolation: the server's policies keep workspaces apart" in fine.output
        superuser = postgres.server().set(database=url.database).render_as_string()
        said = " ".join(run("--database", superuser, "doctor", "--offline").output.split())
    assert "warn isolation: no policy holds for this user, a superuser" in said
    assert "Fix: Connect as a user with neither right." in said


@needs_modes
def test_the_doctor_names_files_that_others_may_read(run: Run, file: Path, tmp_path: Path) -> None:
    """A database and a settings file that others may read are named with the command that mends them."""
    config = tmp_path / "here/paperwire.toml"
    assert 0 == run("--config", str(config), "init", "--contact", "ada@example.org", "--database", str(file)).exit_code
    assert (0o600, 0o700) == (config.stat().st_mode & 0o777, config.parent.stat().st_mode & 0o777)
    fine = run("--config", str(config), "--database", str(file), "doctor", "--offline")
    assert "ok     privacy: only the user that runs Paperwire may read its files" in fine.output
    for each in (file, config):
        each.chmod(0o644)
    found = run("--config", str(config), "--database", str(file), "doctor", "--offline")
    said = " ".join(found.output.split())
    assert "warn privacy: other users of this machine may read" in said
    assert f"Fix: chmod 600 {config} {file}" in said


def test_the_doctor_reads_the_files_of_subscriptions(run: Run, file: Path, tmp_path: Path) -> None:
    """A file that a subscription reads and that is gone is reported with its path."""
    papers = tmp_path / "papers.bib"
    papers.write_text("@misc{a, title={One paper}}")
    subscribed = run("--database", str(file), "subscribe", "--source", f"file:{papers}", "--to", "console")
    assert 0 == subscribed.exit_code
    assert "ok     files: 1 file" in run("--database", str(file), "doctor", "--offline").output
    papers.unlink()
    said = " ".join(run("--database", str(file), "doctor", "--offline").output.split())
    assert f"WRONG files: {papers} does not exist." in said
