"""Secrets in files, and the variables of a service manager."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.config.around import ServiceManagement, service_management, with_secrets
from bots.config.settings import read_settings
from bots.domain.errors import SettingsError


def test_a_variable_may_name_a_file_with_its_value(tmp_path: Path) -> None:
    """`_FILE` names a file with a secret, as images of Docker have it; the line break at its end is no part of it."""
    file = tmp_path / "token"
    file.write_text("xoxb-1-a\n")

    settings = read_settings({"PAPERWIRE_SLACK_BOT_TOKEN_FILE": str(file), "PAPERWIRE_CONFIG": ""})

    assert "xoxb-1-a" == settings.slack["bot_token"].reveal()
    assert () == settings.unread


def test_the_credentials_of_systemd_are_read(tmp_path: Path) -> None:
    """A file in the folder of LoadCredential= is the value of the variable with its name; other files are not ours."""
    (tmp_path / "PAPERWIRE_DISCORD_TOKEN").write_text("abc.def\r\n")
    (tmp_path / "somebody-elses").write_text("x")

    assert {"PAPERWIRE_DISCORD_TOKEN": "abc.def"} == with_secrets({"CREDENTIALS_DIRECTORY": str(tmp_path)})


def test_a_plug_ins_secret_may_be_in_a_file(tmp_path: Path) -> None:
    """Settings that only a plug-in declares are read from files too."""
    file = tmp_path / "token"
    file.write_text("abc")

    read = with_secrets({"PAPERWIRE_ADAPTERS_MATTERMOST_TOKEN_FILE": str(file)})

    assert {"PAPERWIRE_ADAPTERS_MATTERMOST_TOKEN": "abc"} == read


def test_a_setting_that_is_a_file_itself_is_left_alone(tmp_path: Path) -> None:
    """The variable of `email.ca_file` ends like one that names a file with a secret, and is none."""
    file = tmp_path / "ca.pem"
    file.write_text("-----BEGIN CERTIFICATE-----")

    settings = read_settings({"PAPERWIRE_EMAIL_CA_FILE": str(file), "PAPERWIRE_EMAIL_PASSWORD_FILE": str(file)})

    assert str(file) == settings.typed.variables["PAPERWIRE_EMAIL_CA_FILE"]
    assert file.read_text() == settings.typed.variables["PAPERWIRE_EMAIL_PASSWORD"]


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "cannot be read: No such file"), (b"\xff\xfe", "it is not text"), (b"x" * 70_000, "larger than 64 kB")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, says: str) -> None:
    """The error names the variable and the file, and never what is in it."""
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(SettingsError, match=says) as refused:
        with_secrets({"PAPERWIRE_SLACK_BOT_TOKEN_FILE": str(file)})

    assert f"{file} for PAPERWIRE_SLACK_BOT_TOKEN" in str(refused.value)
    assert "xxx" not in str(refused.value)


def test_a_value_that_is_given_twice_is_refused(tmp_path: Path) -> None:
    """Which of two tokens is meant cannot be known; neither is shown."""
    file = tmp_path / "token"
    file.write_text("xoxb-file")
    environ = {"PAPERWIRE_SLACK_BOT_TOKEN": "xoxb-variable", "PAPERWIRE_SLACK_BOT_TOKEN_FILE": str(file)}

    with pytest.raises(SettingsError, match="set twice") as refused:
        with_secrets(environ)

    assert "xoxb" not in f"{refused.value} {refused.value.hint}"


@given(value=st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=80))
def test_a_value_survives_its_file(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    """Whatever a secret holds, exactly one line break at its end is dropped."""
    file = tmp_path_factory.mktemp("secret") / "value"
    file.write_bytes(f"{value}\n".encode())

    read = with_secrets({"PAPERWIRE_ENGINE_REMOTE_KEY_FILE": str(file)})

    assert {"PAPERWIRE_ENGINE_REMOTE_KEY": value.removesuffix("\r")} == read


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, ServiceManagement()),
        ({"NOTIFY_SOCKET": "/run/x"}, ServiceManagement(address="/run/x")),
        ({"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "30000000"}, ServiceManagement(address="/run/x", watchdog=30.0)),
        ({"NOTIFY_SOCKET": "@x", "WATCHDOG_USEC": "5", "WATCHDOG_PID": "8"}, ServiceManagement(address="@x")),
        ({"NOTIFY_SOCKET": "@x", "WATCHDOG_USEC": "soon"}, ServiceManagement(address="@x")),
        ({"WATCHDOG_USEC": "30000000"}, ServiceManagement()),
    ],
)
def test_the_service_managers_variables_are_read(environ: dict[str, str], expected: ServiceManagement) -> None:
    """A watchdog that is meant for another process, or that nobody can be told of, is none."""
    assert expected == service_management(environ, 7)


def test_a_setting_that_is_a_file_can_be_given_as_a_variable(tmp_path: Path) -> None:
    """The variable of email.ca_file ends like one that names the file of a secret, and is the setting's own value."""
    path = str(tmp_path / "own.pem")
    settings = read_settings({"PAPERWIRE_EMAIL_CA_FILE": path, "PAPERWIRE_CONFIG": ""})
    assert (path, ()) == (settings.typed.variables["PAPERWIRE_EMAIL_CA_FILE"], settings.unread)
