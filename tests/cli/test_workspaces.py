"""Tests of `paperwire workspaces`: who is there, what each may use, who changed what."""

import asyncio
from pathlib import Path

from bots.cli.context import Exit
from bots.domain.channels import Channel
from bots.domain.plans import Deed
from bots.store.sql import open_store
from tests.cli.conftest import Run, said
from tests.support.factories import NOW, a_subscription


def test_a_plan_is_set_shown_and_removed(run: Run) -> None:
    """Limits that are not named stay; --default removes all of them."""
    run("workspaces", "plan", "slack:T1", "--subscriptions", "50")
    run("workspaces", "plan", "slack:T1", "--pastes", "0")
    wanted = {"subscriptions": 50, "person_requests": None, "requests": None, "pastes": 0}
    assert wanted == said(run("workspaces", "plan", "slack:T1", "--json"))
    assert "subscriptions   50" in run("workspaces", "plan", "slack:T1").stdout
    assert "pastes          0" in run("workspaces", "plan", "slack:T1").stdout
    run("workspaces", "plan", "slack:T1", "--default")
    assert {None} == set(said(run("workspaces", "plan", "slack:T1", "--json")).values())


async def _edited(file: Path) -> None:
    async with open_store(str(file)) as store:
        place = Channel(platform="slack", workspace="T1", channel="C1")
        await store.keep_subscription(a_subscription(channel=place))
        await store.keep_deed(place, Deed(at=NOW, actor="U7", action="edit subscription 3f2a91 in C1"))
        await store.keep_deed(place, Deed(at=NOW, actor="", action="pause subscription 3f2a91 in C1"))


def test_what_was_done_is_listed(run: Run, tmp_path: Path) -> None:
    """Each line has its time, the person or the operator, and what was done; the workspace itself is listed."""
    asyncio.run(_edited(tmp_path / "paperwire.sqlite3"))
    done = run("workspaces", "audit", "slack:T1")
    assert ["operator  pause subscription 3f2a91 in C1", "U7  edit subscription 3f2a91 in C1"] == [
        line.split("  ", 1)[1] for line in done.stdout.splitlines()
    ]
    assert "U7" == said(run("workspaces", "audit", "slack:T1", "--json"))[1]["actor"]
    assert {"slack:T1": 1} == said(run("workspaces", "list", "--json"))


def test_a_place_without_records_says_so(run: Run) -> None:
    """Nothing to list is no error."""
    assert "Nothing was changed there" in run("workspaces", "audit", "slack:T9").stdout
    assert "There are no workspaces yet." in run("workspaces", "list").stdout


def test_a_wrong_name_is_refused(run: Run) -> None:
    """The error shows how a workspace is written, and --default stands alone."""
    for name in ("T1", "slack:", "slack:T1:C1", ":T1"):
        done = run("workspaces", "audit", name)
        assert (Exit.ASKED_WRONGLY, True) == (done.exit_code, "slack:T0123456789" in done.stderr.replace("\n", " "))
    both = run("workspaces", "plan", "slack:T1", "--default", "--pastes", "1")
    assert Exit.ASKED_WRONGLY == both.exit_code
