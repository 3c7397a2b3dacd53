"""The files of a SQLite database: private from the start, and no new one where an old one was lost."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bots.domain.channels import Channel
from bots.domain.errors import StoreError
from bots.store.sql import open_store
from tests.support.canaries import files_with
from tests.support.factories import DAY, a_paper, a_subscription

needs_modes = pytest.mark.skipif(os.name != "posix", reason="this system has no modes")


def modes(folder: Path) -> dict[str, int]:
    """Return the mode of every file in a folder."""
    return {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}


@needs_modes
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077], ids=oct)
async def test_a_new_database_is_private(tmp_path: Path, umask: int) -> None:
    """The file, its log and the log's index have mode 0600 under any umask, and new folders 0700."""
    before = os.umask(umask)
    try:
        async with open_store(tmp_path / "new/deeper/p.sqlite3") as store:
            await store.remember([a_paper()], source="s", day=DAY)
            found = modes(tmp_path / "new/deeper")
    finally:
        os.umask(before)
    assert dict.fromkeys(("p.sqlite3", "p.sqlite3-wal", "p.sqlite3-shm"), 0o600) == found
    assert {"new": 0o700, "deeper": 0o700} == modes(tmp_path) | modes(tmp_path / "new")


@needs_modes
async def test_an_old_database_keeps_its_mode(tmp_path: Path) -> None:
    """A file that exists keeps its mode: the doctor says how to change it."""
    async with open_store(tmp_path / "p.sqlite3"):
        pass
    (tmp_path / "p.sqlite3").chmod(0o640)
    async with open_store(tmp_path / "p.sqlite3"):
        pass
    assert {"p.sqlite3": 0o640} == modes(tmp_path)


@pytest.mark.parametrize("content", [b"", None])
async def test_an_empty_file_does_not_become_a_database(tmp_path: Path, content: bytes | None) -> None:
    """A file that lost its content is refused with what to do; where no file is, a database is made."""
    file = tmp_path / "p.sqlite3"
    if content is None:
        async with open_store(file):
            pass
        assert file.stat().st_size
        return
    file.write_bytes(content)
    with pytest.raises(StoreError, match="is an empty file") as caught:
        async with open_store(file):
            pytest.fail("opened")
    assert "delete the file to start with a new database" in caught.value.hint
    assert 0 == file.stat().st_size


async def test_a_start_that_was_killed_leaves_no_empty_file(tmp_path: Path) -> None:
    """A process that ends between the file and its tables leaves a database without tables, which is then completed."""
    from bots.store._files import make_file

    file = tmp_path / "p.sqlite3"
    make_file(file, "The database")
    with closing(sqlite3.connect(file)) as connection:
        assert [] == connection.execute("SELECT * FROM sqlite_master").fetchall()
    assert file.stat().st_size
    async with open_store(file) as store:
        assert () == await store.subscriptions()
    assert ["p.sqlite3"] == list(modes(tmp_path))


async def test_a_log_that_a_reader_holds_does_not_undo_a_deletion(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A purge during a long read deletes its rows and says that the log is not empty yet; the next one empties it."""
    file, place = tmp_path / "p.sqlite3", Channel(platform="slack", workspace="T1", channel="C1")
    async with open_store(file, patience=0.1) as store:
        await store.keep_subscription(a_subscription(channel=place, query="zanzibarium"))
        with closing(sqlite3.connect(file, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM subscription").fetchone()
            assert 2 == await store.purge_workspace("slack", "T1")
            assert "still holds deleted texts" in caplog.text
        await store.keep_subscription(a_subscription(channel=place))
        await store.purge_workspace("slack", "T1")
        assert [] == files_with(file, "zanzibarium")
