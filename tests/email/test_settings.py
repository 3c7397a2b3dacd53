"""Settings of e-mail: what is missing or contradicts itself is said with what to do, and no secret is shown."""

from pathlib import Path
from typing import Any

import pytest

from bots.bootstrap.platforms import platform
from bots.config.email_table import EMAIL
from bots.config.settings import read_settings
from bots.domain.errors import SettingsError
from bots.email.settings import EmailSettings, Security, email_settings
from tests.conftest import ROOT

ENOUGH = {"PAPERWIRE_EMAIL_SERVER": "smtp.example.org", "PAPERWIRE_EMAIL_SENDER": "Papers <papers@example.org>"}


def settings(tmp_path: Path, **changes: str) -> EmailSettings:
    """Return the settings from the environment; `changes` are settings by name."""
    given = {**ENOUGH, **{f"PAPERWIRE_EMAIL_{name.upper()}": value for name, value in changes.items()}}
    file = tmp_path / "paperwire.toml"
    file.touch()
    there: Any = platform(read_settings(given, file=file), "email")
    assert there is not None
    return email_settings(there.values, listening=False)


@pytest.mark.parametrize(
    ("server", "asked", "security", "port"),
    [
        ("smtp.example.org", "auto", Security.STARTTLS, 587),
        ("smtp.example.org:465", "auto", Security.TLS, 465),
        ("smtp.example.org", "tls", Security.TLS, 465),
        ("localhost", "auto", Security.NONE, 25),
        ("127.0.0.1:2525", "auto", Security.NONE, 2525),
        ("[::1]:2525", "auto", Security.NONE, 2525),
        ("mail.internal:25", "none", Security.NONE, 25),
    ],
)
def test_encryption_and_port(tmp_path: Path, server: str, asked: str, security: Security, port: int) -> None:
    """Encryption and port follow from the server unless they are set."""
    made = settings(tmp_path, server=server, security=asked).server
    assert (security, port) == (made.security, made.port)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sender": ""}, "set email.sender"),
        ({"server": ""}, "set email.server"),
        ({"server": "https://smtp.example.org"}, "without a scheme"),
        ({"server": "smtp.example.org:99999"}, "port between"),
        ({"sender": "nobody"}, "give a mail address"),
        ({"user": "papers"}, "belong together"),
        ({"security": "none", "user": "papers", "password": "tulip"}, "without encryption"),
        ({"ca_file": "/nowhere.pem"}, "ca_file is not a file"),
        ({"sign_up": "anyone"}, "no page to sign up on"),
        ({"sign_up": "every body"}, "give nobody, anyone, or domains"),
        ({"per_minute": "0"}, "between 1 and 6000"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    """Each mistake has its own sentence, with the name of the setting and without the password."""
    with pytest.raises(SettingsError, match=said) as raised:
        settings(tmp_path, **changes)
    assert "tulip" not in f"{raised.value} {raised.value.hint}"


def test_not_set_up(tmp_path: Path) -> None:
    """Without a server and a sender there is no e-mail; a port to listen on alone does not make one."""
    (tmp_path / "paperwire.toml").touch()
    given = {"PAPERWIRE_EMAIL_LISTEN": "127.0.0.1:9000"}
    assert platform(read_settings(given, file=tmp_path / "paperwire.toml"), "email") is None


def test_the_password_is_not_shown(tmp_path: Path) -> None:
    """A password with spaces is read whole, and is in no text of the settings."""
    made = settings(tmp_path, user="papers", password="abcd efgh ijkl")
    assert "abcd efgh ijkl" == made.server.password.reveal()
    assert "abcd" not in repr(made)


def test_who_may_sign_up(tmp_path: Path) -> None:
    """Nobody, anyone, or people at some domains."""
    url = "https://papers.example.org"
    assert () == settings(tmp_path).sign_up
    assert ("*",) == settings(tmp_path, sign_up="anyone", public_url=url).sign_up
    assert ("example.org", "xn--bcher-kva.example") == settings(
        tmp_path, sign_up="example.org, @bücher.example", public_url=url
    ).sign_up


def test_the_how_to_lists_every_setting() -> None:
    """The page on e-mail has a row for each setting, with its default."""
    page = (ROOT / "docs/how-to/email.md").read_text(encoding="utf-8")
    assert [] == [each.place for each in EMAIL if f"`{each.place}`" not in page]
    rows = [row for row in page.splitlines() if row.startswith("| `email.")]
    defaults = {each.place: each.default for each in EMAIL if each.default}
    assert {} == {
        place: default
        for place, default in defaults.items()
        if not any(f"`{place}`" in row and f"| `{default}` |" in row for row in rows)
    }
