"""A Postgres server that cannot be used is one sentence with its host and port, and never with the password."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.exc import OperationalError

from bots.domain.errors import SettingsError, StoreAway, StoreError
from bots.store._addresses import read_address, shown
from bots.store._postgres import trouble_of
from bots.store.errors import translated
from bots.store.sql import open_store
from tests.store.stores import needs_postgres
from tests.support.postgres import server

PASSWORD = "hunter2hunter2"
_AT = 'connection to server at "127.0.0.1", port 5432 failed: '


class Refused(Exception):
    """An error of the driver, with the state that the server sent, if it sent one."""

    def __init__(self, said: str, sqlstate: str | None = None) -> None:
        super().__init__(said)
        self.sqlstate = sqlstate


#: What the driver says, as psycopg 3.3 with libpq 17 says it, and what people are told.
SAID = (
    (f'{_AT}FATAL:  password authentication failed for user "ann"', None, "refused the user or the password"),
    (f"{_AT}fe_sendauth: no password supplied", None, "refused the user or the password"),
    (f'{_AT}FATAL:  role "ann" does not exist', None, "refused the user or the password"),
    (f'{_AT}FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "ann"', None, "refused the user or the password"),
    (f'{_AT}FATAL:  database "papers" does not exist', None, "does not exist"),
    (f"{_AT}Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?", None,
     "refused the connection"),
    ("failed to resolve host 'db.example': [Errno -2] Name or service not known", None, "host that cannot be found"),
    ('could not translate host name "db.example" to address: nodename nor servname provided', None,
     "host that cannot be found"),
    ("[Errno -3] Temporary failure in name resolution", None, "host that cannot be found"),
    ("connection timeout expired", None, "did not answer in time"),
    (f"{_AT}timeout expired", None, "did not answer in time"),
    (f"{_AT}No route to host", None, "cannot be reached"),
    ('connection to server on socket "/run/.s.PGSQL.5432" failed: No such file or directory', None, "be reached"),
    (f"{_AT}server does not support SSL, but SSL was required", None, "over TLS"),
    (f"{_AT}received invalid response to SSL negotiation: H", None, "not as Postgres"),
    (f"{_AT}SSL error: certificate verify failed", None, "over TLS"),
    ('root certificate file "/x/root.crt" does not exist', None, "over TLS"),
    ('invalid sslmode value: "nonsense"', None, "address that cannot be used"),
    ('invalid connection option "nonsense"', None, "address that cannot be used"),
    (f"{_AT}FATAL:  sorry, too many clients already", None, "accepts no more connections"),
    (f"{_AT}FATAL:  the database system is starting up", None, "is starting or stopping"),
    (f"{_AT}FATAL:  the database system is in recovery mode", None, "is starting or stopping"),
    (f"{_AT}FATAL:  the database system is not yet accepting connections\nDETAIL:  Consistent recovery state", None,
     "is starting or stopping"),
    ("server closed the connection unexpectedly\n\tThis probably means that", None, "closed the connection"),
    ("permission denied for schema public\nLINE 1: CREATE TABLE", "42501", "does not let this user do that"),
    ("cannot execute CREATE TABLE in a read-only transaction", "25006", "is read-only"),
    ("could not extend file: No space left on device", "53100", "has no space"),
    ('could not open extension control file "vector.control"', "58P01", "lacks an extension"),
    ('extension "vector" is not available', "0A000", "lacks a feature or an extension"),
    ("canceling statement due to lock timeout", "55P03", "locked by another program"),
    ("invalid page in block 3 of relation base/1/2", "XX001", "is damaged"),
)  # fmt: skip


@pytest.mark.parametrize(("said", "state", "told"), SAID, ids=range(len(SAID)))
def test_what_the_driver_says_becomes_one_sentence(said: str, state: str | None, told: str) -> None:
    """Each reason is told in a few words of ours with what to do; the driver's lines are left out."""
    name = "The database papers at db.example:5432"
    with pytest.raises(StoreError) as caught, translated(name):
        raise OperationalError("SELECT 1", {}, Refused(said, state))
    assert f"{name} " in str(caught.value)
    assert told in str(caught.value)
    assert ("\n" in str(caught.value), len(str(caught.value)) < 150) == (False, True)
    assert caught.value.hint.endswith(".")


#: What is told of a server that is away, which the start waits for; all else is wrong until somebody mends it.
PASSES = (
    "refused the connection", "host that cannot be found", "did not answer in time", "cannot be reached", "be reached",
    "accepts no more connections", "is starting or stopping", "closed the connection", "has no space",
    "locked by another program",
)  # fmt: skip


@pytest.mark.parametrize(("said", "state", "told"), SAID, ids=range(len(SAID)))
def test_what_passes_by_itself(said: str, state: str | None, told: str) -> None:
    """A server that is away is an error of its own; one that answers, and refuses, is not."""
    with pytest.raises(StoreError) as caught, translated("The database"):
        raise OperationalError("SELECT 1", {}, Refused(said, state))
    assert (told in PASSES) is isinstance(caught.value, StoreAway)


def test_an_unknown_reason_is_told_in_one_line() -> None:
    """An error that is not known is cut to one short line, without a password."""
    said = f"something\nodd: postgresql://ann:{PASSWORD}@db/x " + "and on " * 500
    trouble, hint, passes = trouble_of(OperationalError("SELECT 1", {}, Refused(said)))
    assert not passes
    assert ("\n" in trouble, PASSWORD in trouble, len(trouble) < 250, bool(hint)) == (False, False, True, True)


@pytest.mark.parametrize(
    ("address", "named"),
    [
        (f"postgresql://ann:{PASSWORD}@db.example/papers", "papers at db.example:5432"),
        (f"postgresql://ann:{PASSWORD}@db.example:6000/papers?password={PASSWORD}", "papers at db.example:6000"),
        (f"postgresql://ann:{PASSWORD}@/papers?host=/run/pg", "papers at /run/pg:5432"),
        (f"postgresql://ann:{PASSWORD}@db.example", "ann at db.example:5432"),
        (f"postgresql://ann:{PASSWORD}@[::1]:6000/papers", "papers at ::1:6000"),
    ],
)
def test_a_server_is_named_by_host_and_port(address: str, named: str) -> None:
    """The name that errors have says what was tried, and nothing of the password."""
    assert f"The database {named}" == shown(read_address(address))


@pytest.mark.parametrize(
    "address", [f"postgresql://ann:{PASSWORD}@db.example:notaport/papers", f"postgresql://ann:{PASSWORD}@[::1/papers"]
)
async def test_an_address_that_cannot_be_read_is_a_setting(address: str) -> None:
    """A port that is no number and a broken host are wrong settings, told without the address."""
    with pytest.raises(SettingsError) as caught:
        async with open_store(address):
            pytest.fail("opened")
    assert PASSWORD not in f"{caught.value}{caught.value.hint}"


async def test_a_missing_driver_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the driver the error names the package and the command that installs it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError, match="psycopg") as caught:
        async with open_store(f"postgresql://ann:{PASSWORD}@127.0.0.1:1/papers"):
            pytest.fail("opened")
    assert "pip install" in caught.value.hint


@pytest.fixture
async def silent() -> AsyncIterator[int]:
    """The port of a server that accepts connections and never answers."""
    accepted: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _reader, writer: accepted.append(writer), "127.0.0.1", 0)
    yield int(server.sockets[0].getsockname()[1])
    server.close()
    for writer in accepted:
        writer.close()
        await writer.wait_closed()


@needs_postgres
async def test_a_real_server_is_refused_in_one_sentence(silent: int) -> None:
    """With the real driver: a closed port, a silent one, a wrong user."""
    real = server().set(drivername="postgresql", username="nobody2", password=PASSWORD)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    cases = (
        (f"postgresql://nobody2:{PASSWORD}@127.0.0.1:{closed}/papers", "refused the connection"),
        (f"postgresql://nobody2:{PASSWORD}@127.0.0.1:{silent}/papers", "did not answer in time"),
        (real.render_as_string(hide_password=False), "refused the user"),
    )
    for place, told in cases:
        with pytest.raises(StoreError) as caught:
            async with open_store(place, patience=1):
                pytest.fail("opened")
        assert told in str(caught.value), str(caught.value)
        assert (PASSWORD in str(caught.value), "\n" in str(caught.value)) == (False, False)
