"""Writers of SQLite that wait for one another share a commit: the disk is waited for once, and not for each of them.

A commit takes as long as the disk takes to make it durable, often several milliseconds, and SQLite allows one write at
a time. So a writer that finds others waiting leaves its transaction open to the next one, in a savepoint each; the last
one commits for all. Nobody returns before what was written is durable.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, RootTransaction

#: Writers that share a commit: more would keep the first waiting for longer than the disk takes.
_MOST = 16


@dataclass(kw_only=True, slots=True)
class _Shared:
    """A transaction that several writers share."""

    connection: Connection
    transaction: RootTransaction
    writers: int = 0
    ended: threading.Event = field(default_factory=threading.Event)
    #: Why the commit failed, so that nothing of it was written.
    error: BaseException | None = None


class SharedCommits:
    """Gives the writers of one database their turns; each is in a thread of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._waiting = 0
        #: The transaction that the next writer joins; read and changed by who has the turn.
        self._open: _Shared | None = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody write during the block."""
        self._wait()
        try:
            self._commit()
            yield
        finally:
            self._turn.release()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Yield a transaction; when the block ends it is durable, or if the block raises, nothing of it is written."""
        self._wait()
        try:
            shared = self._open or self._begun()
            with self._part_of(shared) as connection:
                yield connection
        finally:
            self._pass_on()
        shared.ended.wait()
        if shared.error is not None:
            raise shared.error

    def _wait(self) -> None:
        with self._counting:
            self._waiting += 1
        self._turn.acquire()
        with self._counting:
            self._waiting -= 1

    def _begun(self) -> _Shared:
        connection = self._engine.connect()
        try:
            self._open = _Shared(connection=connection, transaction=connection.begin())
        except BaseException:
            connection.close()
            raise
        return self._open

    @contextmanager
    def _part_of(self, shared: _Shared) -> Iterator[Connection]:
        # Until the first one has ended, nobody else is in the transaction: it needs no savepoint.
        savepoint = shared.connection.begin_nested() if shared.writers else None
        try:
            yield shared.connection
            if savepoint is not None:
                savepoint.commit()
        except BaseException as error:
            if savepoint is None:
                self._end(shared, shared.transaction.rollback)
            elif _lasts(shared.connection):
                savepoint.rollback()
            else:
                self._end(shared, partial(_fail, error))
            raise
        shared.writers += 1

    def _pass_on(self) -> None:
        """Leave the transaction to the next writer, or commit it, and give the turn to whoever waits."""
        try:
            shared = self._open
            with self._counting:
                goes_on = self._waiting > 0
            if shared is not None and not (goes_on and shared.writers < _MOST):
                self._commit()
        finally:
            self._turn.release()

    def _commit(self) -> None:
        if self._open is not None:
            self._end(self._open, self._open.transaction.commit)

    def _end(self, shared: _Shared, finish: Callable[[], None]) -> None:
        """End a transaction; what `finish` raises is the error of everyone who took part."""
        self._open = None
        try:
            finish()
        except BaseException as error:  # noqa: BLE001 - raised by every writer that waits for it
            shared.error = error
            # It is not known what state the driver's connection is in.
            shared.connection.invalidate()
        finally:
            shared.connection.close()
            shared.ended.set()


def _lasts(connection: Connection) -> bool:
    """Return whether SQLite has kept the transaction after an error.

    Over some errors, such as a full disk, it may give up the whole of it, with what others wrote; then a commit would
    succeed and write nothing (sqlite.org/lang_transaction.html, "Response To Errors Within A Transaction").
    """
    driver: Any = connection.connection.driver_connection
    return bool(driver.in_transaction)


def _fail(error: BaseException) -> None:
    raise error
