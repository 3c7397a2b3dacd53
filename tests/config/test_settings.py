"""Tests of the settings: the environment overrides the file, which overrides the defaults; errors name the setting."""

import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bots.config.settings import CONFIG_VARIABLE, default_database, everything, read_settings
from bots.config.written_settings import written
from bots.domain.errors import SettingsError
from tests.conftest import ROOT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "paperwire.toml"


def test_nothing_set_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file and environment variables every setting has its default; the database is in the data folder."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    settings = read_settings({})

    assert str(default_database()) == settings.database
    assert ZoneInfo("UTC") == settings.timezone
    assert "https://huggingface.co" == settings.sources["huggingface"]


def test_the_environment_is_stronger_than_the_file(file: Path) -> None:
    """An environment variable overrides the file; `--database` overrides both."""
    file.write_text('database = "from-file.db"\ncontact = "a@example.org"\n')
    environ = {CONFIG_VARIABLE: str(file), "PAPERWIRE_DATABASE": "from-env.db"}

    assert "from-env.db" == read_settings(environ).database
    assert "typed.db" == read_settings(environ, database="typed.db").database
    assert "a@example.org" == read_settings(environ).contact
    assert file == read_settings(environ).file


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('databse = "x"', "did you mean database"),
        ('timezone = "Europe/Berln"', "Europe/Berlin"),
        ("[schedule]\ncatch_up_hours = 0", "between 0 and 48"),
        ("[schedule]\ncatch_up_hours = 'soon'", "schedule.catch_up_hours"),
        ("[retention]\nrun_days = 34", "35 to 36525 days, or 0"),
        ("[retention]\npaper_days = 'all'", "retention.paper_days"),
        ("[delivery]\nwhen_unknown = 'guess'", "hold, repost"),
        ("[delivery]\nadmin = 'me'", "platform:channel"),
        ('contact = "nobody"', "you@example.org"),
        ('contact = "jürgen@example.org"', "you@example.org"),
        ('[sources]\nhuggingface = "ftp://x"', "https://example.org"),
        ('[sources]\nhuggingface = "https://me@mirror.example"', "without a user name and a password"),
        ('[discord]\napi_url = "https://discord.com:99999/api"', "with a port: http://127.0.0.1:8080"),
        ('[discord]\napi_url = "https://discord.com:x/api"', "with a port: http://127.0.0.1:8080"),
        ('[slack]\npublic_url = "https://papers.example?x"', "the address alone"),
        ('[engine]\nremote_url = "https://m.example/v1?key=x"', "a key is set as engine.remote_key"),
        ("database = ", "not valid TOML"),
    ],
)
def test_a_mistake_in_the_file_is_named(file: Path, content: str, says: str) -> None:
    """An error in the file is reported together with a valid value."""
    file.write_text(content)

    with pytest.raises(SettingsError, match=says):
        read_settings({}, file=file)


def test_a_mistake_in_the_environment_names_the_variable() -> None:
    """The error for a wrong environment variable names the variable, not a line of the file."""
    with pytest.raises(SettingsError, match="PAPERWIRE_TIMEZONE"):
        read_settings({"PAPERWIRE_TIMEZONE": "Mars/Olympus"})


def test_a_file_that_was_named_must_exist(file: Path) -> None:
    """A settings file that is named but missing causes an error that explains how to make one."""
    with pytest.raises(SettingsError, match="no settings file") as caught:
        read_settings({}, file=file)

    assert "paperwire init" in caught.value.hint


def test_a_file_that_is_no_text_is_refused(file: Path) -> None:
    """A file that is not UTF-8 causes a clear error."""
    file.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings({}, file=file)


def test_a_written_file_reads_back(file: Path) -> None:
    """The file that `init` writes is valid, lists every setting, and sets the given answers."""
    file.write_text(written({"contact": 'a"b@example.org', "timezone": "Europe/Berlin"}))

    settings = read_settings({}, file=file)

    assert 'a"b@example.org' == settings.contact
    assert ZoneInfo("Europe/Berlin") == settings.timezone
    assert [] == [setting.name for setting in everything() if setting.name not in file.read_text()]


def test_a_file_that_sets_nothing_is_valid() -> None:
    """A file without answers is valid TOML with empty sections."""
    sections = (
        "schedule", "retention", "delivery", "slack", "discord", "email", "web", "webhook", "zotero", "operations",
        "engine", "sources",
    )  # fmt: skip
    assert {name: {} for name in sections} == tomllib.loads(written({}))


def test_the_readme_lists_every_setting() -> None:
    """The README's table names each setting and its variable."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    for setting in everything():
        assert f"`{setting.place}`" in readme
        assert f"`{setting.variable}`" in readme


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this machine has no endless file")
def test_an_endless_file_is_not_read_to_its_end() -> None:
    """An endless settings file is refused because of its size."""
    with pytest.raises(SettingsError, match="larger than 4,096 kB"):
        read_settings({}, file=Path("/dev/zero"))


def test_a_mail_address_is_no_database() -> None:
    """A mail address that is typed at the wrong question is refused; an address of a server with a user is not."""
    with pytest.raises(SettingsError, match="postgresql://user@host/name"):
        read_settings({"PAPERWIRE_DATABASE": "me@example.org"})
    place = "postgresql://me@db.example.org/papers"
    assert place == read_settings({"PAPERWIRE_DATABASE": place}).database


def test_an_address_of_slack_is_not_mistaken_for_one_of_a_model_server() -> None:
    """The error for Slack's public address names nothing of the model server's."""
    with pytest.raises(SettingsError) as refused:
        read_settings({"PAPERWIRE_SLACK_PUBLIC_URL": "https://papers.example/?key=1"})
    assert "remote_key" not in f"{refused.value} {refused.value.hint}"
