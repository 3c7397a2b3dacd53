"""E-mail from the command line: subscribe an address, send a digest now, export and forget."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from typer.testing import Result

from bots.cli.context import Exit
from tests.cli.conftest import Run, said
from tests.fakes.mail_server import At, FakeMailServer, MailFault

ADA = "ada@example.org"


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeMailServer]:
    """A mail server that the settings name."""
    async with FakeMailServer() as server:
        monkeypatch.setenv("PAPERWIRE_EMAIL_SERVER", f"127.0.0.1:{server.port}")
        monkeypatch.setenv("PAPERWIRE_EMAIL_SENDER", "Paperwire <papers@example.org>")
        yield server


async def runs(run: Run, *arguments: str) -> Result:
    """Run a command in a thread beside the server."""
    return await asyncio.to_thread(run, *arguments)


async def test_the_operator_subscribes_an_address(run: Run, server: FakeMailServer) -> None:
    """`subscribe --to email:…` subscribes the mailbox of the address, and no list shows the address."""
    done = await runs(run, "subscribe", "--to", f"email:{ADA}", "--source", "sample")
    assert Exit.DONE == done.exit_code, done.output
    listed = await runs(run, "subscriptions")
    assert "email:" in listed.output
    assert "ada" not in f"{done.output}{listed.output}".replace("Canada", "")
    held = said(await runs(run, "email", "export", ADA, "--json"))
    assert (ADA, 1) == (held["address"], len(held["subscriptions"]))
    assert held["confirmed"]


async def test_a_digest_now(run: Run, server: FakeMailServer) -> None:
    """`digest --to email:…` sends a mail at once."""
    done = await runs(run, "digest", "--source", "sample", "--to", f"email:{ADA}", "--limit", "2")
    assert Exit.DONE == done.exit_code, done.output
    (mail,) = server.inbox(ADA)
    assert "2 papers" in mail.mail["Subject"]


async def test_a_refused_address(run: Run, server: FakeMailServer) -> None:
    """An address that does not exist is an error without the address in it."""
    server.fail(MailFault(at=At.RECIPIENT, answer=f"550 5.1.1 <{ADA}>: unknown"))
    done = await runs(run, "digest", "--source", "sample", "--to", f"email:{ADA}", "--limit", "1")
    assert Exit.FAILED == done.exit_code
    assert ADA not in done.output


async def test_what_is_no_address(run: Run, server: FakeMailServer) -> None:
    """A mistyped address is refused before anything is made."""
    done = await runs(run, "subscribe", "--to", "email:ada@", "--source", "sample")
    assert (Exit.ASKED_WRONGLY, True) == (done.exit_code, "not a mail address" in done.output)


async def test_forgetting(run: Run, server: FakeMailServer) -> None:
    """`email forget` deletes everything; a second time there is nothing."""
    await runs(run, "subscribe", "--to", f"email:{ADA}", "--source", "sample")
    done = await runs(run, "email", "forget", "ADA@example.org")
    assert (Exit.DONE, True) == (done.exit_code, "deleted" in done.output)
    assert Exit.NOTHING == (await runs(run, "email", "forget", ADA)).exit_code
    assert "email:" not in (await runs(run, "subscriptions")).output


async def test_the_doctor(run: Run, server: FakeMailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor connects to the mail server, and says what is missing when it cannot."""
    found = await runs(run, "doctor")
    assert f"connected to 127.0.0.1:{server.port}" in found.output
    assert "no pages" in found.output
    monkeypatch.setenv("PAPERWIRE_EMAIL_SERVER", "127.0.0.1:9")
    down = await runs(run, "doctor")
    assert "WRONG  email: The mail server cannot be reached" in down.output
