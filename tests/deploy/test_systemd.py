"""The unit for systemd: hardened, watched, and valid."""

import re

from bots.scheduling.scheduler import GRACE
from tests.conftest import ROOT
from tests.deploy.conftest import DEPLOY, run

UNIT = DEPLOY / "systemd/paperwire.service"
TEXT = UNIT.read_text(encoding="utf-8")
#: The exposure that `systemd-analyze security` may find, from 0 to 10; below 2 is its best class.
MOST_EXPOSED = 2.0


def _value(name: str) -> str:
    found = re.search(rf"(?m)^{name}=(.*)$", TEXT)
    assert found, f"the unit has no {name}"
    return found[1]


def test_it_is_watched() -> None:
    """The program itself tells that it is up and alive, and a wrong setting is not tried again and again."""
    assert ("notify", "main", "4") == (_value("Type"), _value("NotifyAccess"), _value("RestartPreventExitStatus"))
    assert int(_value("WatchdogSec").removesuffix("s")) > 0


def test_it_has_time_to_stop() -> None:
    """systemd waits longer than the program takes to finish what is under way."""
    assert int(_value("TimeoutStopSec").removesuffix("s")) > GRACE + 5


def test_it_has_time_to_start() -> None:
    """The first start of a new version upgrades the tables; ended in the middle, it would begin anew for ever."""
    assert "10min" == _value("TimeoutStartSec")


def test_it_names_no_file_that_is_not_installed() -> None:
    """The page installs no page of documentation beside the program."""
    assert "file:" not in TEXT


def test_commands_are_found() -> None:
    """The page's commands name the program by its place, which is in nobody's path; root owns what root restores."""
    page = (ROOT / "docs/how-to/deploy.md").read_text(encoding="utf-8")
    named = re.findall(r"sudo (\S*paperwire) --", page)
    assert {"/opt/paperwire/bin/paperwire"} == set(named)
    restore = (ROOT / "docs/how-to/postgres.md").read_text(encoding="utf-8").split("## Restore")[1]
    assert "chown --reference=/var/lib/private/paperwire /var/lib/private/paperwire/paperwire.sqlite3" in restore


def test_secrets_are_credentials() -> None:
    """No secret is in the unit; each is loaded under the name of its variable."""
    loaded = re.findall(r"(?m)^#?LoadCredential=(\S+?):(\S+)$", TEXT)
    assert {"PAPERWIRE_SLACK_BOT_TOKEN", "PAPERWIRE_DISCORD_TOKEN"} <= {name for name, _ in loaded}
    assert not re.findall(r"(?m)^Environment=.*(?:TOKEN|PASSWORD|SECRET|KEY)", TEXT)


def test_the_settings_are_read_whoever_may_read_the_file() -> None:
    """`paperwire init` writes a file that only root can read, and the service is another user: it gets a copy."""
    loaded = dict(re.findall(r"(?m)^LoadCredential=(\S+?):(\S+)$", TEXT))
    assert "/etc/paperwire/paperwire.toml" == loaded["paperwire.toml"]
    assert "Environment=PAPERWIRE_CONFIG=%d/paperwire.toml" in TEXT.splitlines()


def test_it_is_little_exposed() -> None:
    """`systemd-analyze security` gives an exposure of at most 2."""
    done = run("systemd-analyze", "security", "--offline=true", "--no-pager", str(UNIT))
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stdout[-300:] + done.stderr
    assert MOST_EXPOSED >= float(found[1])


def test_systemd_accepts_it() -> None:
    """`systemd-analyze verify` finds no fault, except that the program is not installed here."""
    done = run("systemd-analyze", "verify", str(UNIT))
    said = [line for line in done.stderr.splitlines() if "paperwire.service" in line]
    assert [] == [line for line in said if "is not executable" not in line]


def test_its_user_exists_only_meanwhile() -> None:
    """It runs neither as root nor as a user who has files of other programs, and writes to its own folder alone."""
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    assert {"DynamicUser=yes", "ProtectSystem=strict", "StateDirectoryMode=0700"} <= set(lines)
    assert [] == [line for line in lines if line.startswith(("User=", "Group=", "ReadWritePaths="))]
