"""Commands of the terminal with a password in the database's address: in their output, their files and in `ps`."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from sqlalchemy.engine import URL

from tests.cli.conftest import Run, run
from tests.conftest import ROOT
from tests.secrets.forms import found_in
from tests.store.stores import needs_postgres
from tests.support import postgres

__all__ = ["run"]

#: It has no form by which it could be recognised, and characters that an address encodes.
PASSWORD = "open/sesame hunter"
COMMANDS = (
    ("status",), ("--json", "status"), ("--verbose", "doctor", "--offline"), ("db", "upgrade"),
    ("--json", "db", "check"), ("db", "check"), ("db", "prune"), ("db", "backup", "saved.dump"),
    ("db", "copy", "copied.sqlite3"), ("db", "copy", "{}"), ("subscriptions",), ("deliveries",),
)  # fmt: skip


def addressed(url: URL) -> str:
    """Return an address with the password."""
    return url.set(drivername="postgresql", password=PASSWORD).render_as_string(hide_password=False)


def shown_by(run: Run, address: str, *arguments: str) -> str:
    """Return the output of a command, and its error if it crashed."""
    result = run(*(each.format(address) for each in arguments))
    return f"{result.output}\n{result.stderr}\n{result.exception!r}"


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_command_tells_the_password_of_a_database_that_is_away(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """Whatever is asked for, and whatever the driver says of a server that does not answer."""
    address = addressed(URL.create("postgresql", "ann", host="127.0.0.1", port=1, database="papers"))
    monkeypatch.setenv("PAPERWIRE_DATABASE", address)
    assert [] == found_in(shown_by(run, address, *arguments), PASSWORD)


@needs_postgres
def test_no_command_tells_the_password_of_its_database(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With a server that answers: neither output nor the name of any file, nor the command line of its programs."""
    told, programs = tmp_path / "told", tmp_path / "programs"
    programs.mkdir()
    for name in ("pg_dump", "pg_restore"):
        (programs / name).write_text(f'#!/bin/sh\ntr "\\0" " " < /proc/$$/cmdline >> {told}\nexit 1\n')
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    with postgres.database() as url:
        address = addressed(url)
        monkeypatch.setenv("PAPERWIRE_DATABASE", address)
        shown = "\n".join(shown_by(run, address, *each) for each in (("db", "upgrade"), *COMMANDS))
    assert "up to date" in shown
    assert "pg_dump" in told.read_text()
    assert [] == found_in(shown, PASSWORD)
    assert [] == found_in(told.read_text() + unquote_plus(told.read_text()), PASSWORD)
    assert [] == found_in(" ".join(map(str, tmp_path.rglob("*"))), PASSWORD)


def test_a_password_on_the_command_line_is_told(run: Run) -> None:
    """Whoever lists the processes of the machine reads it, for as long as the program runs: the log says so."""
    address = addressed(URL.create("postgresql", "ann", host="127.0.0.1", port=1, database="papers"))
    for arguments, expected in ((("--database", address), True), ((), False)):
        result = run("--verbose", *arguments, "status")
        assert expected is ("set PAPERWIRE_DATABASE instead" in result.output)
        assert [] == found_in(result.output, PASSWORD)


_CRASH = f"""
import sys
from bots import __main__ as program
from bots.store import operations, sql
async def crash(*given, **options):
    raise RuntimeError("the driver said {PASSWORD} to somebody")
sys.argv = ["paperwire", "status"]
import bots.cli.status
bots.cli.status.queue_states = crash
program.main()
"""


def test_a_crash_of_a_command_tells_no_password_that_has_no_form(tmp_path: Path) -> None:
    """The traceback is printed without it, because it is the password of the settings' own address."""
    (tmp_path / "code.py").write_text(_CRASH)
    file = tmp_path / "paperwire.sqlite3"
    crashed = subprocess.run(
        [sys.executable, str(tmp_path / "code.py")],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PAPERWIRE_DATABASE": str(file),
             "HTTPS_PROXY": URL.create("http", "ann", PASSWORD, "proxy.example").render_as_string(hide_password=False)},
    )  # fmt: skip
    assert "RuntimeError: the driver said [hidden] to somebody" in crashed.stderr
    assert [] == found_in(crashed.stdout + crashed.stderr, PASSWORD)
