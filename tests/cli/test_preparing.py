"""Tests of `prepare`: the papers of digests that are due soon are condensed, in an empty folder."""

from bots.cli.context import Exit
from tests.cli.conftest import Run, said

#: Each is due within a quarter of an hour, whatever the time is.
OFTEN = ",".join(f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0,))


def test_what_is_prepared_is_found_stored(run: Run) -> None:
    """A dry run says what is to be made, the next one makes it, and then nothing is left to do."""
    done = run("subscribe", "--source", "sample", "--at", OFTEN, "--on", "daily", "--limit", "2", "--to", "console")
    assert Exit.DONE == done.exit_code, done.stderr
    assert ["1 digest due; 4 blurbs wanted, 0 stored before.", "4 blurbs to make."] == _lines(run, "--dry-run")
    assert ["1 digest due; 4 blurbs wanted, 0 stored before.", "4 blurbs made."] == _lines(run)
    assert {"digests": 1, "wanted": 4, "stored": 4, "made": 0, "substituted": 0, "failed": 0, "left": 0} == said(
        run("prepare", "--hours", "2", "--json")
    )


def test_without_subscriptions_there_is_nothing_to_do(run: Run) -> None:
    """That is no failure: the command may run from a timer."""
    assert ["0 digests due; 0 blurbs wanted, 0 stored before.", "0 blurbs made."] == _lines(run)


def test_the_number_of_a_day_is_said(run: Run) -> None:
    """What is left beyond `--most` is counted."""
    run("subscribe", "--source", "sample", "--at", OFTEN, "--on", "daily", "--limit", "2", "--to", "console")
    assert "2 papers left: the day's number is used up, or the engine is down." == _lines(run, "--most", "2")[-1]


def _lines(run: Run, *options: str) -> list[str]:
    done = run("prepare", "--hours", "2", *options)
    assert Exit.DONE == done.exit_code, done.stderr
    return done.stdout.splitlines()
