"""The settings of third-party plug-ins are read and checked, and secrets are never displayed."""

import io
import logging
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bots.bootstrap.app import open_app
from bots.bootstrap.platforms import platform, platforms
from bots.bootstrap.plugins import check_sections, declared_by, installed_settings, secrets_of
from bots.config.settings import Settings, read_settings
from bots.config.values import Setting
from bots.config.written_settings import written
from bots.domain.errors import SettingsError
from summarizer import ENGINES, Secret
from tests.plugins.conftest import Install
from tests.plugins.registered import HERE, CanSettings


def from_file(folder: Path, content: str, **environ: str) -> Settings:
    """Return the settings from a file with this content."""
    file = folder / "paperwire.toml"
    file.write_text(content)
    return read_settings(environ, file=file, database=":memory:")


def told(settings: Settings, name: str = "tin-can") -> Any:
    """Return the settings that the adapter of a name would receive."""
    there = platform(settings, name)
    return there and there.plugin.settings_for_connect(there.values)


def test_a_plugins_settings_are_read_from_the_file_and_the_environment(install: Install, tmp_path: Path) -> None:
    """Settings come from `[adapters.NAME]` and PAPERWIRE_ADAPTERS_NAME_*, with underscores for dashes.

    `connect` receives them as the dataclass.
    """
    install(tin_can=f"{HERE}:PLUGIN")
    content = '[adapters.tin-can]\ntoken = "from-file"\nlength = 7\n'

    of_file = told(from_file(tmp_path, content))
    both = told(from_file(tmp_path, content, PAPERWIRE_ADAPTERS_TIN_CAN_TOKEN="from-env"))

    assert ("from-file", 7, "https://cans.example") == (of_file.token.reveal(), of_file.length, of_file.server)
    assert ("from-env", 7) == (both.token.reveal(), both.length)


def test_settings_that_are_records_come_as_a_mapping(install: Install) -> None:
    """A plug-in that declares records instead of a dataclass receives a mapping."""
    install(tin_can=f"{HERE}:AS_RECORDS")

    assert {"token": "abc"} == told(read_settings({"PAPERWIRE_ADAPTERS_TIN_CAN_TOKEN": "abc"}))


@pytest.mark.parametrize(
    ("value", "environ", "is_there"),
    [
        ("PLUGIN", {}, False),
        ("PLUGIN", {"PAPERWIRE_ADAPTERS_TIN_CAN_TOKEN": "abc"}, True),
        ("FREE", {}, True),
    ],
)
def test_an_adapter_is_connected_when_something_is_set_or_nothing_can_be(
    install: Install, value: str, environ: dict[str, str], is_there: bool
) -> None:
    """A package with settings is not connected until one of them is set."""
    install(tin_can=f"{HERE}:{value}")

    assert is_there == ("tin-can" in [each.name for each in platforms(read_settings(environ), listening=False)])


def test_ours_that_are_connected_by_hand_are_not_connected_for_being_there() -> None:
    """The terminal and the fake chat are connected only by programs that name them, others only if they are set up."""
    assert () == platforms(read_settings({}), listening=True)


def test_a_required_setting_that_is_missing_is_named_with_what_it_means(install: Install) -> None:
    """The error for a missing required setting has its place, its variable and its description."""
    install(tin_can=f"{HERE}:PLUGIN")

    with pytest.raises(SettingsError) as caught:
        platforms(read_settings({"PAPERWIRE_ADAPTERS_TIN_CAN_SERVER": "https://x"}), listening=False)

    assert (
        "The setup of the adapter tin-can is incomplete: "
        "set adapters.tin-can.token (or PAPERWIRE_ADAPTERS_TIN_CAN_TOKEN)." == str(caught.value)
    )
    assert "token: The bot's token." == caught.value.hint


@pytest.mark.parametrize(
    ("content", "environ", "says"),
    [
        ("[adapters.tin-can]\ntokn = 'x'", {}, "adapters.tin-can.tokn', but that is no setting (did you mean adapters"),
        ("[adapters.tin-can]\ntoken.deep = 'x'", {}, "sets adapters.tin-can.token, but no installed package"),
        ("[adapters.tincan]\ntoken = 'x'", {}, "sets adapters.tincan, but no installed package"),
        ("[adapters.slack]\nbot_token = 'x'", {}, "is built in and has its settings in another section"),
        ("[engines.mine]\nurl = 'x'", {}, "sets engines.mine, but no installed package"),
        ("[adapters]\nx = 'y'", {}, "'adapters.x', but that is no setting"),
        ("", {"PAPERWIRE_ADAPTERS_TIN_CAN_TOKN": "x"}, "(did you mean PAPERWIRE_ADAPTERS_TIN_CAN_TOKEN?)"),
        ("", {"PAPERWIRE_ADAPTERS_TIN_CAN_WHATEVER": "x"}, "PAPERWIRE_ADAPTERS_TIN_CAN_WHATEVER is set, but it is no"),
        ("", {"PAPERWIRE_ADAPTERS_TELEGRAPH_KEY": "x"}, "PAPERWIRE_ADAPTERS_TELEGRAPH_KEY is set, but no installed"),
        ("", {"PAPERWIRE_ADAPTERS_TIN_CAN_LENGTH": "long"}, "TIN_CAN_LENGTH = 'long' cannot be used"),
        ("", {"PAPERWIRE_CONTCT": "x"}, "did you mean PAPERWIRE_CONTACT?"),
        ("", {"PAPERWIRE_SLACK_BOTTOKEN": "x"}, "did you mean PAPERWIRE_SLACK_BOT_TOKEN?"),
        ("", {"PAPERWIRE_SLACK_WEBHOOK": "x"}, "PAPERWIRE_SLACK_WEBHOOK is set, but it is no setting"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_what_was_meant(
    install: Install, tmp_path: Path, content: str, environ: dict[str, str], says: str
) -> None:
    """A wrong name, a wrong value and a missing package have different errors, for the file and for the environment."""
    install(tin_can=f"{HERE}:PLUGIN")

    with pytest.raises(SettingsError) as caught:
        check_sections(from_file(tmp_path, content, **environ))

    assert says in str(caught.value)


@pytest.mark.parametrize("name", ["PAPERWIRE_HOME", "PAPERWIRE_SLACK_SERVICE_HOST", "PAPERWIRE_ADAPTERS_PORT_80_TCP"])
def test_a_variable_that_others_set_is_no_mistake(name: str) -> None:
    """Variables that a cluster sets for another service, or that resemble no setting, do not stop the program."""
    check_sections(read_settings({name: "tcp://10.0.0.1"}))


def test_a_variable_that_nothing_reads_is_remembered_for_the_doctor() -> None:
    """An unknown variable does not stop the program, but is recorded for the doctor."""
    assert ("PAPERWIRE_HOME",) == read_settings({"PAPERWIRE_HOME": "/srv"}).unread


@pytest.mark.parametrize("value", ["tests.support.broken_plugin:PLUGIN", f"{HERE}:UNREADABLE", f"{HERE}:NO_RECORD"])
async def test_a_plugin_that_cannot_be_loaded_costs_only_itself(
    install: Install, tmp_path: Path, caplog: pytest.LogCaptureFixture, value: str
) -> None:
    """The settings of a broken plug-in are ignored, the log names its package, and everything else is connected."""
    install("paperwire-broken", broken=value)
    install(tin_can=f"{HERE}:FREE")
    settings = from_file(tmp_path, "[adapters.broken]\ntoken = 'x'\n")

    with caplog.at_level(logging.ERROR):
        check_sections(settings)
        connectors = platforms(settings, listening=False)
        async with open_app(settings, screen=io.StringIO(), connectors=connectors, libraries=()) as application:
            connected_here = set(application.executor.part_delivery.adapters)

    assert {"console", "tin-can"} == connected_here
    assert "paperwire-broken 1.0" in caplog.records[-1].__dict__["error"]


def test_secrets_are_shown_nowhere(install: Install, tmp_path: Path) -> None:
    """Secrets are not in the text of the settings, in the value for `connect`, or in the error of an invalid value."""
    install(tin_can=f"{HERE}:PLUGIN")
    settings = from_file(tmp_path, "[adapters.tin-can]\ntoken = 'canary-1'\nphrase = 'canary-2'\n")
    with pytest.raises(SettingsError) as caught:
        told(from_file(tmp_path, "[adapters.tin-can]\ntoken = 'canary 3'\n"))

    shown = f"{settings!r} {told(read_settings({'PAPERWIRE_ADAPTERS_TIN_CAN_TOKEN': 'canary-4'}))!r} {caught.value}"

    assert "canary" not in shown
    assert {"canary-1", "canary-2"} <= set(secrets_of(settings))


def test_a_secret_that_a_reader_repeats_is_not_repeated(install: Install) -> None:
    """The error of `int` contains the text it cannot read; the error of a secret setting does not."""
    hidden = Setting(name="pin", says="A number.", read=int, default="0", secret=True)

    with pytest.raises(SettingsError) as caught:
        read_settings({"PAPERWIRE_ADAPTERS_X_PIN": "canary"}).plugin("adapters.x", (hidden,))

    assert "canary" not in str(caught.value)


def test_init_shows_what_can_be_set_for_installed_plugins(install: Install) -> None:
    """The file has each setting of an adapter as a comment in its section, and is valid; a broken adapter has none."""
    install(tin_can=f"{HERE}:PLUGIN", broken="tests.support.broken_plugin:PLUGIN")

    made = written({}, installed_settings())

    assert '[adapters.tin-can]\n\n# The bot\'s token. (PAPERWIRE_ADAPTERS_TIN_CAN_TOKEN)\n# token = ""' in made
    assert {"tin-can": {}} == tomllib.loads(made)["adapters"]


def test_a_switch_may_be_written_as_toml_writes_one(tmp_path: Path) -> None:
    """`unfurl = true` is the same as `unfurl = "yes"`."""
    assert "yes" == from_file(tmp_path, "[slack]\nunfurl = true\n").slack["unfurl"]


def test_a_dataclass_without_its_reader_has_its_defaults() -> None:
    """A test of a plug-in can construct its settings with only the required ones."""
    made = CanSettings(token=Secret("x"))

    assert ("https://cans.example", 3) == (made.server, made.length)


def test_an_engines_settings_are_checked_like_an_adapters(install: Install, tmp_path: Path) -> None:
    """`[engines.NAME]` accepts the engine's own names; an unknown one is refused with the nearest."""
    install(kind="engines", mine="tests.plugins.test_engines:Mine")

    check_sections(from_file(tmp_path, "[engines.mine]\nmarks = 2\n"))
    with pytest.raises(SettingsError, match=r"did you mean engines\.mine\.marks"):
        check_sections(from_file(tmp_path, "[engines.mine]\nmark = 2\n"))

    assert ("mine",) == ENGINES.third_party()
    assert ["marks", "key"] == [each.name for each in declared_by("engines.mine")]
