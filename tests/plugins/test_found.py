"""Third-party plug-ins are found by name; a package that is broken, or registers a built-in name, is reported."""

import subprocess
import sys
from pathlib import Path

import pytest

from bots.bootstrap.plugins import ADAPTERS, adapter_plugin
from bots.ports import AdapterPlugin
from summarizer import PluginError
from tests.conftest import ROOT
from tests.plugins.conftest import Install
from tests.plugins.registered import HERE


def test_ours_are_found_without_any_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout on the path, or an installation older than an adapter, has all built-in adapters."""
    monkeypatch.setattr("summarizer.plugins.entry_points", lambda **_: ())

    assert {"console", "discord", "email", "fakechat", "slack", "web", "webhook"} == set(ADAPTERS.names())
    assert [True] * 7 == [isinstance(adapter_plugin(name), AdapterPlugin) for name in ADAPTERS.names()]


def test_what_we_registered_long_ago_is_no_stranger(install: Install) -> None:
    """If the metadata of an older installation names missing objects, the built-in ones are used without a report."""
    install("paperwire-old", console="bots.console.app:connect", slack="bots.slack.app:nothing")

    assert ((), ()) == (ADAPTERS.third_party(), ADAPTERS.displaced())
    assert isinstance(adapter_plugin("console"), AdapterPlugin)


def test_a_package_does_not_displace_what_is_built_in(install: Install) -> None:
    """A package that registers `slack` is reported; the built-in adapter is used."""
    install(slack=f"{HERE}:FREE")

    assert "bots.slack.plugin" == adapter_plugin("slack").connect.__module__
    assert (
        "paperwire-tincan 1.0 registers the adapter 'slack', which is built in; the built-in one is used.",
    ) == ADAPTERS.displaced()


def test_two_packages_with_one_name_are_both_named_and_neither_is_used(install: Install) -> None:
    """If two packages register one name, the error names both, and its hint is the command that removes one."""
    install("paperwire-a", tin_can=f"{HERE}:PLUGIN")
    install("paperwire-b", tin_can=f"{HERE}:FREE")

    with pytest.raises(PluginError, match=r"paperwire-\w 1.0 and paperwire-\w 1.0 both register") as caught:
        adapter_plugin("tin-can")

    assert "pip uninstall paperwire-" in caught.value.hint


@pytest.mark.parametrize(
    ("value", "says", "hint"),
    [
        ("tests.nowhere:PLUGIN", "cannot be loaded: No module named 'tests.nowhere'", "pip uninstall paperwire-tincan"),
        ("tests.support.panicking_plugin:PLUGIN", "cannot be loaded: Panic", "pip uninstall paperwire-tincan"),
        (f"{HERE}:NOTHING", "cannot be loaded: AttributeError", "pip uninstall paperwire-tincan"),
        ("tests.support.broken_plugin:PLUGIN", "needs the module 'no_such_library'", "pip install 'paperwire-tincan'"),
        (
            "tests.support.broken_plugin:PLUGIN [ws]",
            "needs the module 'no_such_library'",
            "pip install 'paperwire-tincan[ws]'",
        ),
        (f"{HERE}:NO_RECORD", "not as an AdapterPlugin", "uninstall paperwire-tincan"),
    ],
)
def test_a_plugin_that_cannot_be_loaded_is_named_with_its_package(
    install: Install, value: str, says: str, hint: str
) -> None:
    """Each kind of broken plug-in is reported with the adapter, its package and the remedy."""
    install(tin_can=value)

    with pytest.raises(PluginError) as caught:
        adapter_plugin("tin-can")

    assert says in str(caught.value)
    assert "'tin-can' of paperwire-tincan 1.0" in str(caught.value)
    assert hint in caught.value.hint


def test_damaged_metadata_of_one_package_hides_no_other(install: Install, tmp_path: Path) -> None:
    """An entry_points.txt that cannot be parsed affects only its own package."""
    install(tin_can=f"{HERE}:PLUGIN")
    install("paperwire-torn", other="x")
    (tmp_path / "paperwire-torn" / "paperwire_torn-1.0.dist-info" / "entry_points.txt").write_text(
        "[paperwire.adapters]\nx\n"
    )

    assert "tin-can" in ADAPTERS.third_party()


def test_an_unknown_name_comes_with_those_there_are(install: Install) -> None:
    """An unregistered name is refused with a list of the registered ones."""
    install(tin_can=f"{HERE}:PLUGIN")

    with pytest.raises(PluginError, match="Known: console, discord, email, fakechat, slack, tin-can"):
        adapter_plugin("tincan")


def test_help_imports_no_plugin() -> None:
    """`paperwire --help` imports neither a chat library nor the modules that find plug-ins."""
    code = (
        "import sys; from bots.cli.app import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "late = {'bots.bootstrap.plugins', 'bots.bootstrap.platforms', 'slack_sdk', 'discord'}\n"
        "print(late & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert "set()\n" == done.stderr
