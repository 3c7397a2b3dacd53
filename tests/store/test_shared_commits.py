"""Writers that wait for one another share a commit, and each still gets its own error, and no success too early."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, event, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from bots.store._engine import WRITES, open_engine
from bots.store._shared_commits import SharedCommits

_NUMBERS = Table("numbers", MetaData(), Column("number", Integer, primary_key=True))
_WITHIN = 30.0


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A file with an empty table."""
    opened = open_engine(make_url(f"sqlite:///{tmp_path / 'numbers.sqlite3'}"), 5.0).execution_options(**{WRITES: True})
    with opened.begin() as connection:
        _NUMBERS.create(connection)
    yield opened
    opened.dispose()


class Commits:
    """Counts the commits of an engine, and fails those that it is told to fail."""

    def __init__(self, engine: Engine) -> None:
        self.count = 0
        self.fails = False
        event.listen(engine, "commit", self._commit)

    def _commit(self, _connection: object) -> None:
        self.count += 1
        if self.fails:
            raise OSError("the disk is full")


def together(
    commits: SharedCommits,
    numbers: list[int],
    more: Callable[[Connection, int], None] = lambda _connection, _number: None,
) -> list[BaseException | None]:
    """Write each number in a thread of its own, all while the first one writes; return each writer's error.

    Args:
        commits: gives the turns.
        numbers: what is written.
        more: what all but the first do afterwards, given the number.
    """
    inside, behind = threading.Event(), threading.Event()

    def first() -> None:
        with commits.begin() as connection:
            inside.set()
            assert behind.wait(_WITHIN)
            connection.execute(insert(_NUMBERS).values(number=numbers[0]))

    def later(number: int) -> None:
        with commits.begin() as connection:
            connection.execute(insert(_NUMBERS).values(number=number))
            more(connection, number)

    with ThreadPoolExecutor(len(numbers)) as threads:
        works = [threads.submit(first)]
        assert inside.wait(_WITHIN)
        works += [threads.submit(later, number) for number in numbers[1:]]
        while commits._waiting < len(numbers) - 1:
            threading.Event().wait(0.001)
        behind.set()
        return [work.exception(_WITHIN) for work in works]


def written(engine: Engine) -> list[int]:
    """Return the numbers in the table, in order."""
    with engine.begin() as connection:
        return list(connection.scalars(select(_NUMBERS.c.number).order_by(_NUMBERS.c.number)))


def test_those_who_wait_share_a_commit(engine: Engine) -> None:
    """Eight writers that wait for one another need one commit, and everything is written."""
    counted, commits = Commits(engine), SharedCommits(engine)
    assert [None] * 8 == together(commits, list(range(8)))
    assert 1 == counted.count
    assert list(range(8)) == written(engine)


def test_one_alone_commits_at_once(engine: Engine) -> None:
    """A writer that nobody waits for commits by itself."""
    counted, commits = Commits(engine), SharedCommits(engine)
    for number in range(3):
        with commits.begin() as connection:
            connection.execute(insert(_NUMBERS).values(number=number))
    assert 3 == counted.count


def test_what_fails_is_taken_back_alone(engine: Engine) -> None:
    """A writer's error undoes its own part; the others' parts are written."""
    commits = SharedCommits(engine)
    errors = together(commits, [1, 2, 2, 3])
    assert [IntegrityError] == [type(each) for each in errors if each]
    assert [1, 2, 3] == written(engine)


def test_the_first_ones_failure_undoes_nothing_else(engine: Engine) -> None:
    """If the writer that began the transaction fails, those behind it begin another."""
    with engine.begin() as connection:
        connection.execute(insert(_NUMBERS).values(number=1))
    commits = SharedCommits(engine)
    assert [True, False, False] == [bool(each) for each in together(commits, [1, 2, 3])]
    assert [1, 2, 3] == written(engine)


def test_a_failed_commit_is_everyones_error(engine: Engine) -> None:
    """If the commit fails, none of those who shared it believes that it has written."""
    counted, commits = Commits(engine), SharedCommits(engine)
    counted.fails = True
    assert ["the disk is full"] * 3 == [str(each) for each in together(commits, [1, 2, 3])]
    counted.fails = False
    assert [] == written(engine)
    assert [None] * 3 == together(commits, [1, 2, 3])
    assert [1, 2, 3] == written(engine)


@pytest.mark.parametrize("raises", [True, False])
def test_nobody_succeeds_in_a_transaction_that_sqlite_gave_up(engine: Engine, raises: bool) -> None:
    """Over some errors SQLite rolls everything back: all who took part are told, and the next writer begins anew."""
    commits = SharedCommits(engine)

    def given_up(connection: Connection, number: int) -> None:
        if number == 2:
            connection.connection.driver_connection.execute("ROLLBACK")  # type: ignore[union-attr]  # it is open
            if raises:
                raise OSError("the disk is full")

    one, two = together(commits, [1, 2], given_up)
    assert one is not None
    assert two is not None
    assert [] == written(engine)
    with commits.begin() as connection:
        connection.execute(insert(_NUMBERS).values(number=3))
    assert [3] == written(engine)
