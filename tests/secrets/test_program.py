"""The whole program, with a secret in every setting that holds one, shows none of them, whatever its services quote."""

from collections.abc import Iterator

import pytest

from bots.chat.known_secrets import KNOWN
from tests.cli.conftest import Run, run
from tests.fakes.echo_server import EchoMailServer, EchoServer, in_a_thread, plain
from tests.secrets.forms import found_in
from tests.secrets.program import planted

__all__ = ["run"]


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Forget the secrets of a test after it."""
    before = KNOWN._forms
    yield
    KNOWN._forms = before


def test_the_doctor_tells_no_secret(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor asks every service; each quotes the request in its refusal, and no secret is in report or log."""
    server, mail = EchoServer(), EchoMailServer()
    with in_a_thread(server, mail):
        environ, held = planted(server, mail.port)
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        result = run("--verbose", "doctor")
    assert [] == found_in(result.output, *held.values())
    # The services did learn them: otherwise nothing was tried.
    sent = "\n".join((*server.requests, *map(plain, mail.said)))
    learnt = {place for place, secret in held.items() if secret in sent}
    assert {"slack.bot_token", "discord.token", "engine.remote_key", "email.password", "sources.openalex_key"} <= learnt
