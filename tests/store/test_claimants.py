"""Claims of processes that ended, in a database file: they are released at once; those of a living one never."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from bots.domain.runs import DeliveryState, RunState
from bots.store import _claimants
from bots.store._claimants import Claimants
from bots.store.memory import MemoryStore
from bots.store.sql import SqlStore, open_store
from tests.conftest import ROOT
from tests.store.stores import a_run, at, one, planned, some_parts
from tests.support.factories import NOW

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL and no flock")

#: A process that claims a run of a database and leases its first part, says so, and waits.
_CLAIMS = """
import asyncio, sys
from datetime import timedelta
from bots.store.sql import open_store
from tests.store.stores import a_run, planned
from tests.support.factories import NOW
async def main():
    async with open_store(sys.argv[1]) as store:
        parts = await planned(store)
        later = NOW + timedelta(days=400)
        assert await store.claim(a_run().key, now=NOW, until=later)
        assert await store.lease(parts[0].key, now=NOW, until=later)
        print("claimed", flush=True)
        sys.stdin.read()
asyncio.run(main())
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The path of a database file."""
    return tmp_path / "a database [1].sqlite3"


@contextmanager
def another_process(file: Path) -> Iterator["Popen[str]"]:
    """Run a process that has claimed a run and leased a part."""
    process = Popen([sys.executable, "-c", _CLAIMS, str(file)], cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True)
    assert process.stdout
    assert "claimed\n" == process.stdout.readline()
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
async def store(file: Path) -> AsyncIterator[SqlStore]:
    """The store of this process."""
    async with open_store(file) as opened:
        yield opened


def files_of(file: Path) -> list[str]:
    """Return the names of the claimants' files beside the database."""
    return [each.name for each in file.parent.iterdir() if "-claims-" in each.name]


async def test_a_killed_process_has_no_claim(file: Path) -> None:
    """After kill -9 the next process finds the run free and its part under no lease, and nothing is left beside it."""
    with another_process(file) as process:
        process.kill()
        process.wait()
        async with open_store(file) as store:
            assert () == await store.ready(NOW)
            assert (a_run().key,) == await store.take_over()
            assert (a_run().key,) == await store.ready(NOW)
            part = (await store.deliveries())[0]
            assert (DeliveryState.SENDING, 1, None) == (part.state, part.attempts, part.lease_until)
            assert () == await store.take_over()
            assert [] == files_of(file)


async def test_a_living_process_keeps_its_claim(file: Path) -> None:
    """However often another process of the same machine looks, a process that lives, or is stopped, keeps its claim."""
    with another_process(file) as process:
        os.kill(process.pid, signal.SIGSTOP)
        async with open_store(file) as store:
            for _ in range(3):
                assert () == await store.take_over()
            assert () == await store.ready(NOW)
            lease = (await store.deliveries())[0].lease_until
            assert lease is not None
            os.kill(process.pid, signal.SIGCONT)
            process.communicate("")
            # Ended in order, but with its claim: that is over, too.
            assert (a_run().key,) == await store.take_over()


async def test_our_own_claim_is_kept(store: SqlStore) -> None:
    """A process does not take its own claim for that of a process that ended."""
    await planned(store)
    assert await store.claim(a_run().key, now=NOW, until=at(6))
    assert () == await store.take_over()
    assert () == await store.ready(at(1))
    assert (a_run().key,) == await store.ready(at(6))


async def test_two_stores_of_one_process_are_two_claimants(file: Path) -> None:
    """A second store of the same process leaves the first one's claim alone until that store is closed."""
    async with open_store(file) as second:
        async with open_store(file) as first:
            await planned(first)
            assert await first.claim(a_run().key, now=NOW, until=at(6))
            assert () == await second.take_over()
        assert (a_run().key,) == await second.take_over()


async def test_a_run_that_was_put_off_stays_put_off(file: Path) -> None:
    """Only claims are released: a run that its process had put off, as a platform asked, waits on."""
    async with open_store(file) as first:
        for name in ("claimed", "put-off", "renewed", "by-hand"):
            state = RunState.RUNNING if name == "by-hand" else RunState.QUEUED
            run = a_run(name, state=state, not_before=at(6) if name == "by-hand" else None)
            assert await first.open_run(run)
            assert name == "by-hand" or await first.claim(run.key, now=NOW, until=at(6))
        await first.move_run(a_run("put-off").key, RunState.RUNNING, now=NOW, not_before=at(60))
        await first.move_run(a_run("renewed").key, RunState.RUNNING, now=NOW, not_before=at(90), claimed=True)
    async with open_store(file) as second:
        assert {a_run(name).key for name in ("claimed", "renewed", "by-hand")} == set(await second.take_over())
        assert a_run("put-off").key not in await second.ready(at(59))


async def test_a_process_without_claims_leaves_nothing(file: Path) -> None:
    """A program that only reads, and one that released its claims, leave no file beside the database."""
    async with open_store(file) as store:
        await planned(store)
        assert [] == files_of(file)
        assert await store.claim(a_run().key, now=NOW, until=at(6))
        assert 1 == len(files_of(file))
        await store.move_run(a_run().key, RunState.DONE, now=at(1))
    assert [] == files_of(file)


def claimants_that_ended(file: Path) -> tuple[Claimants, str]:
    """Return a claimant, and the name of another one whose process seems to have ended."""
    ended = Claimants(str(file))
    name = ended.own()
    assert name
    ended.close(idle=False)
    return Claimants(str(file)), name


def test_a_claim_of_another_machine_is_never_taken(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system that two machines share but whose locks they do not, another machine's claim is left alone."""
    mine, name = claimants_that_ended(file)
    assert (name,) == mine.ended()
    for other in (frozenset({"another machine"}), frozenset[str]()):
        monkeypatch.setattr(_claimants, "_this_machine", lambda other=other: other)
        assert () == mine.ended()


def test_a_file_that_is_not_locked_yet_belongs_to_nobody(file: Path) -> None:
    """Between creating its file and locking it, a process is not taken for one that ended."""
    mine, name = claimants_that_ended(file)
    made = next(each for each in file.parent.iterdir() if name in each.name)
    made.rename(made.with_name(made.name + ".new"))
    assert () == mine.ended()


def test_a_claim_without_a_file_is_left_to_time(file: Path) -> None:
    """A claim whose file is gone, or whose folder is, proves nothing."""
    mine, name = claimants_that_ended(file)
    mine.forget((name, "never was"))
    assert () == mine.ended()
    assert () == Claimants(str(file.parent / "no folder" / "x.sqlite3")).ended()


def test_where_no_file_can_be_made_claims_have_no_name(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Without a place for its file, or with a database server, claims have no name; the log says so once."""
    assert (None, ()) == (Claimants(None).own(), Claimants(None).ended())
    nowhere = Claimants(str(tmp_path / "no folder" / "x.sqlite3"))
    assert [None, None] == [nowhere.own(), nowhere.own()]
    assert 1 == len(caplog.records)
    nowhere.close(idle=True)


def test_tasks_of_one_process_have_one_name(file: Path) -> None:
    """Several threads that ask for their process's name at the same time get the same."""

    async def names() -> list[str | None]:
        mine = Claimants(str(file))
        return list(await asyncio.gather(*(asyncio.to_thread(mine.own) for _ in range(8))))

    assert 1 == len(set(asyncio.run(names())))
    assert 1 == len(files_of(file))


async def test_a_store_in_memory_has_nothing_to_take_over() -> None:
    """What is in memory ends with its process."""
    store = MemoryStore()
    run = replace(a_run(), state=RunState.RUNNING, not_before=NOW + timedelta(minutes=6))
    assert await store.open_run(run)
    await store.plan(run.key, some_parts(run))
    assert () == await store.take_over()
    assert DeliveryState.PLANNED is (await one(store, some_parts(run)[0].key)).state
