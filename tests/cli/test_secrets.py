"""No command prints a secret: not in an error, not in the doctor's report, not in the traceback of a crash."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from bots.chat.known_secrets import hide
from bots.cli import logs
from bots.config.settings import everything, read_settings
from bots.domain.errors import SettingsError
from tests.cli.conftest import Run
from tests.conftest import ROOT

SECRET = "hunter2hunter2"
#: Values with a password that some reader refuses.
BAD = (
    f"http://user:{SECRET}@host.example",
    f"ftp://user:{SECRET}@host.example",
    f"user:{SECRET}@host.example",
    f"postgresql://ann:{SECRET}@host.example/papers?sslmode=%%%",
    f"mysql://ann:{SECRET}@host.example/papers",
    f"http://user:{SECRET}@host.example\x00",
    f"http://user:a/b@{SECRET}@[::1",
)


@pytest.mark.parametrize("setting", everything(), ids=lambda setting: setting.place)
@pytest.mark.parametrize("value", BAD, ids=range(len(BAD)))
def test_no_setting_is_refused_with_its_password(setting: object, value: str) -> None:
    """Whatever setting holds an address with a password, the message that refuses it does not contain the password."""
    from bots.config.values import Setting

    assert isinstance(setting, Setting)
    said = ""
    try:
        read_settings({setting.variable: value})
    except SettingsError as error:
        said = f"{error} {error.hint}"
    assert SECRET not in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("--database", f"mysql://ann:{SECRET}@db.example/papers", "doctor", "--offline"),
        ("--database", f"postgresql://ann:{SECRET}@127.0.0.1:1/papers", "doctor", "--offline"),
        ("--database", f"postgresql://ann:{SECRET}@127.0.0.1:1/papers", "--json", "subscriptions"),
        ("lookup", f"https://ann:{SECRET}@example.org/x"),
        ("subscribe", "--source", f"https://ann:{SECRET}@example.org/", "--to", "console"),
    ],
)
def test_no_command_prints_a_password(run: Run, arguments: tuple[str, ...]) -> None:
    """An address with a password on the command line is not repeated in any output."""
    result = run(*arguments)
    assert 0 != result.exit_code
    assert SECRET not in result.output


def test_the_doctor_hides_the_password_of_the_settings(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password in any setting is hidden in the report, wherever it is printed."""
    monkeypatch.setenv("PAPERWIRE_SOURCES_ARXIV_API_URL", f"http://ann:{SECRET}@127.0.0.1:1")
    for more in ((), ("--json",)):
        assert SECRET not in run(*more, "doctor", "--offline").output


CRASH = f"""
import sys
from bots import __main__ as program
def crash(arguments, **options):
    raise RuntimeError("http://ann:{SECRET}@db.example refused; token={SECRET}")
program.app = crash
program.main()
"""


def test_a_crash_prints_its_traceback_without_secrets(tmp_path: Path) -> None:
    """A fault of our own ends with code 1 and a traceback, in which the secrets are hidden."""
    crashed = subprocess.run(
        [sys.executable, "-c", CRASH],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(tmp_path)},
    )
    assert 1 == crashed.returncode
    assert "RuntimeError" in crashed.stderr
    assert "raise RuntimeError(" in crashed.stderr or "crash" in crashed.stderr
    assert SECRET not in crashed.stderr


def test_configured_secrets_are_hidden_in_every_spelling() -> None:
    """A secret of the settings is hidden as it is, percent-encoded, and escaped as in JSON."""
    hide(['p"a ss/w%40rd'])
    for text in ('p"a ss/w%40rd', "p%22a%20ss%2Fw%2540rd", "p%22a+ss%2Fw%2540rd", 'p\\"a ss/w%40rd', 'p"a ss/w@rd'):
        assert "[hidden]" == logs.hidden(text)
    assert io.StringIO().getvalue() == logs.hidden("")
