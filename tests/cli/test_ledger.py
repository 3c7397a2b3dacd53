"""Tests of the ledger commands: the output of runs and deliveries, and the reports of retry and replay."""

import asyncio
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bots.cli.context import Exit
from bots.domain.runs import DeliveryState, RunState
from bots.domain.subscriptions import Hours
from bots.fakechat.faults import Fault
from bots.store.sql import open_store
from tests.cli.conftest import Run as RunCommand
from tests.cli.conftest import said
from tests.support.doubles import a_bench
from tests.support.factories import CHANNEL, NOW
from tests.support.scenes import NINE, due, opened

GONE, HELD, DONE = "gone@2026-11-24T09:00", "held@2026-11-24T09:00", "done@2026-11-24T09:00"
HOSTILE = "refused \x1b[2J\nFORGED done: all is well"


async def fill(file: Path) -> None:
    """Write a ledger with runs and parts in many states, all on one morning."""
    async with open_store(str(file)) as store, a_bench(store) as bench:
        await due(bench, id="done", created=NOW - timedelta(days=2), timezone=ZoneInfo("Europe/London"))
        bench.chat.trouble(Fault.GONE, times=1)
        await due(bench, id="gone", channel=replace(CHANNEL, channel="gone"))
        bench.chat.trouble(Fault.LOST_AFTER, times=1)
        bench.chat.trouble(Fault.NO_HISTORY)
        await due(bench, id="held", channel=replace(CHANNEL, channel="held"))
        bench.chat.heal()
        night = Hours(start=NINE, end=NINE.replace(hour=12))
        quiet = await opened(bench, id="quiet", channel=replace(CHANNEL, channel="quiet"), quiet=night)
        await bench.store.move_run(
            quiet, RunState.QUEUED, now=NOW, note="quiet hours", not_before=NOW + timedelta(days=9999)
        )
        (part,) = await store.deliveries(GONE)
        await store.release(part.key, DeliveryState.DEAD, error=HOSTILE)
        await store.move_run(GONE, RunState.FAILED, now=NOW, note=HOSTILE)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a filled ledger to copy."""
    file = tmp_path_factory.mktemp("ledger") / "filled.sqlite3"
    asyncio.run(fill(file))
    return file


@pytest.fixture
def ledger(filled: Path, tmp_path: Path) -> Path:
    """Return the command line's database, filled."""
    return Path(shutil.copy(filled, tmp_path / "paperwire.sqlite3"))


@pytest.mark.usefixtures("ledger")
def test_runs_say_what_became_of_what_was_due(run: RunCommand) -> None:
    """`runs` shows each run's state, channel, time in its subscription's time zone, and reason."""
    shown = run("runs")

    assert Exit.DONE == shown.exit_code
    rows = {block.split()[1]: block for block in shown.stdout.split("\n\n")[1:]}
    assert "done " == rows[DONE][:5]
    assert "fakechat:papers · 24 Nov 2026 09:00:00 Europe/London" in rows[DONE]
    assert "5 papers in 1 part." in rows[DONE]
    assert "failed" == rows[HELD].split()[0]
    assert "skipped" == rows["done@2026-11-23T09:00"].split()[0]
    assert "postponed quiet@2026-11-24T09:00" in shown.stdout
    assert "until 10 Apr 2054 09:00:00 UTC" in shown.stdout
    assert "quiet hours." in shown.stdout


@pytest.mark.usefixtures("ledger")
def test_runs_for_a_program_are_those_for_people(run: RunCommand) -> None:
    """The JSON contains every run with its instants, and filters and limits apply to it."""
    rows = said(run("runs", "--json"))

    assert {"done", "failed", "skipped", "queued"} == {row["state"] for row in rows}
    assert {HELD, GONE} == {row["key"] for row in said(run("runs", "--json", "--state", "failed"))}
    assert {"done"} == {row["subscription"] for row in said(run("runs", "--json", "--subscription", "done"))}
    assert rows[:1] == said(run("runs", "--json", "--limit", "1"))
    assert "2026-11-24T09:00:00+00:00" == next(row["finished"] for row in rows if row["key"] == DONE)


@pytest.mark.usefixtures("ledger")
def test_what_is_held_is_found_by_that_name(run: RunCommand) -> None:
    """Held parts are found by "held" and by the ledger's own name "ambiguous"."""
    shown = run("deliveries", "--state", "held")

    assert f"held      {HELD}" in shown.stdout
    assert GONE not in shown.stdout
    assert said(run("deliveries", "--state", "held", "--json")) == said(
        run("deliveries", "--state", "ambiguous", "--json")
    )
    assert "held" in run("deliveries", "--state", "nosuch").stderr
    assert "no such parts" in run("deliveries", "--run", DONE, "--state", "dead").stdout


@pytest.mark.usefixtures("ledger")
def test_the_doctor_sends_one_to_what_needs_a_person(run: RunCommand) -> None:
    """The doctor reports held parts and the subscriptions that Paperwire paused, each with the command to use next."""
    findings = {each["check"]: each for each in said(run("doctor", "--offline", "--json"))}

    assert "1 part may or may not have been posted" in findings["deliveries"]["says"]
    assert "paperwire deliveries --state held" == findings["deliveries"]["fix"]
    assert "gone, The channel was deleted." in findings["pauses"]["says"]
    assert "paperwire resume" in findings["pauses"]["fix"]


def test_the_doctor_says_when_nothing_needs_a_person(run: RunCommand) -> None:
    """With an empty ledger the doctor reports nothing held and nothing paused."""
    findings = {each["check"]: each for each in said(run("doctor", "--offline", "--json"))}

    assert {"ok"} == {findings[name]["state"] for name in ("deliveries", "pauses")}


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("command", ["runs", "deliveries"])
def test_an_error_cannot_pass_for_something_else(run: RunCommand, command: str) -> None:
    """A platform's error is shown as one clean line under its own run, and cannot forge other output."""
    shown = run(command)

    assert "refused FORGED done: all is well." in " ".join(shown.stdout.split())
    assert "\x1b" not in shown.output
    assert not any(line.startswith("FORGED") for line in shown.stdout.splitlines())
    assert run(command, "--json").stdout.isascii()


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nosuch"], "paperwire runs"),
        (["gone@2026-11-24"], GONE),
        ([DONE], "none of its parts was given up: 5 papers in 1 part"),
        ([HELD], f"paperwire retry {HELD} --repost"),
    ],
)
def test_a_retry_that_would_do_nothing_says_why(run: RunCommand, arguments: list[str], says: str) -> None:
    """A retry of an unknown run, a finished run or a held part is refused with the reason or the right command."""
    result = run("retry", *arguments)

    assert Exit.ASKED_WRONGLY == result.exit_code
    assert says in " ".join(result.stderr.split())


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("arguments", [[GONE], [HELD, "--repost"]])
def test_a_retry_for_a_platform_that_runs_elsewhere_is_left_to_it(run: RunCommand, arguments: list[str]) -> None:
    """A retry for a platform that is not connected here is queued, and the message says which process posts it."""
    result = run("retry", *arguments)

    assert Exit.DONE == result.exit_code
    assert f"{arguments[0]}: queued, to be retried." in result.stdout
    assert "carries it out within a minute" in result.stdout
    assert ["planned"] == [part["state"] for part in said(run("deliveries", "--run", arguments[0], "--json"))]


MONDAY = "2020-01-06"


def a_subscription_here(run: RunCommand) -> str:
    """Create a subscription for this terminal and return its id."""
    name: str = said(run("subscribe", "--source", "sample", "--limit", "1", "--json"))["subscription"]["id"]
    return name


def test_a_replay_posts_a_day_once(run: RunCommand) -> None:
    """A replay posts a day's digest the first time, and reports it as posted the second time."""
    name = a_subscription_here(run)

    first = run("replay", "--day", MONDAY)
    second = run("replay", "--day", MONDAY)

    assert "1 paper for Monday 6 January 2020" in first.stdout
    assert f"{name} of 09:00 UTC in console:terminal was carried out (1 paper in 1 part)." in first.stdout
    assert f"{name} of 09:00 UTC in console:terminal was posted (1 paper in 1 part).\n" == second.stdout
    assert [f"{name}@{MONDAY}T09:00"] == [row["key"] for row in said(run("runs", "--json"))]


def test_a_dry_run_posts_nothing(run: RunCommand) -> None:
    """A dry run shows the digest each time it is called, and stores no run."""
    name = a_subscription_here(run)

    shown = [run("replay", "--day", MONDAY, "--dry-run") for _ in range(2)]

    assert shown[0].stdout == shown[1].stdout
    assert f"{name} of 09:00 UTC in console:terminal would have been posted:" in shown[0].stdout
    assert "Attention Is All You Need" in shown[0].stdout
    (item,) = said(run("replay", "--day", MONDAY, "--dry-run", "--json"))
    assert "arxiv:1706.03762" == item["digest"]["entries"][0]["paper"]["id"]
    assert "There are no runs yet.\n" == run("runs").stdout
    assert "There are no parts yet.\n" == run("deliveries").stdout


def test_a_replay_names_what_rests(run: RunCommand) -> None:
    """A replay reports a paused subscription, and one that is not due on that day, without posting."""
    name = a_subscription_here(run)

    assert "has no digest on that day." in run("replay", "--day", "2020-01-05").stdout
    run("pause", name)
    assert f"{name} in console:terminal is paused.\n" == run("replay", "--day", MONDAY).stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--day", "soon"], "2026-05-01"),
        (["--day", "9999-12-31"], "9999-12-31"),
        (["--day", "0001-01-01"], "0001-01-01"),
        (["--day", MONDAY, "--subscription", "nosuch"], "nosuch"),
        ([], "--day"),
    ],
)
def test_a_replay_that_cannot_be_is_asked_wrongly(run: RunCommand, arguments: list[str], says: str) -> None:
    """A replay of an invalid day or an unknown subscription is refused with a helpful message."""
    result = run("replay", *arguments)

    assert Exit.ASKED_WRONGLY == result.exit_code
    assert says in result.stderr


def test_without_subscriptions_there_is_nothing_to_replay(run: RunCommand) -> None:
    """A replay with an empty database reports that there are no subscriptions."""
    assert "There are no subscriptions.\n" == run("replay", "--day", MONDAY).stdout


def test_status_shows_what_needs_a_person(run: RunCommand, ledger: Path) -> None:
    """Held and given-up messages are counted with the command that lists them, and the exit code tells a monitor."""
    done = run("status")

    shown = {name.strip(): says for name, says in (line.split("  ", 1) for line in done.stdout.splitlines())}
    assert Exit.FAILED == done.exit_code
    assert "1 message: paperwire deliveries --state held" == shown["Held"].strip()
    assert "1 message: paperwire deliveries --state dead" == shown["Given up"].strip()
    assert shown["Subscriptions"].strip().startswith("4")
    assert "1 message in 1 digest" == shown["Posted"].strip()


def test_status_of_a_sound_ledger_is_sound(run: RunCommand) -> None:
    """With nothing held and nothing late the exit code is 0, also without any subscription."""
    done = run("status", "--json")
    assert (Exit.DONE, True, None) == (done.exit_code, said(done)["sound"], said(done)["next"])
    assert 0 == said(done)["waiting"]
