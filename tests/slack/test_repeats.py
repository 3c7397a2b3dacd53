"""What a request that may be a repetition is worth when the database cannot say: it is answered."""

from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession, web
from slack_sdk.signature import SignatureVerifier

from bots.domain.errors import StoreError
from bots.slack.http import gate
from bots.slack.listener import Listener
from bots.slack.settings import SlackSettings
from bots.store.memory import MemoryStore
from tests.slack.conftest import free_port
from tests.support.doubles import a_bench

SECRET = "shh"


class Damaged(MemoryStore):
    """A store that cannot record an event."""

    async def once(self, kind: str, key: str, *, now: datetime) -> bool:
        """Raise the error of a damaged file."""
        raise StoreError(f"The database is damaged ({kind}, {key[:4]}, {now:%Y}).")


@pytest.mark.parametrize(
    ("store", "statuses"), [(MemoryStore(), [200, 200]), (Damaged(), [200, 200])], ids=["sound", "damaged"]
)
async def test_a_database_that_fails_refuses_nobody(store: MemoryStore, statuses: list[int]) -> None:
    """A signed request is answered even if it cannot be noted; an unsigned one never is."""
    seen: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(await request.text())
        return web.Response(text="ok")

    app = web.Application(middlewares=[gate(SECRET, store, lambda: datetime.now(UTC))])
    app.router.add_post("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    timestamp = str(int(datetime.now(UTC).timestamp()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=timestamp, body="payload") or ""
    headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
    try:
        async with ClientSession() as session:
            got = [
                (await session.post(f"http://127.0.0.1:{port}/", data="payload", headers=headers)).status for _ in "12"
            ]
            other = (await session.post(f"http://127.0.0.1:{port}/", data="forged", headers=headers)).status
    finally:
        await runner.cleanup()
    assert (statuses, 401) == (got, other)
    assert "forged" not in seen
    # A sound database lets each request through once; a damaged one may let it through again.
    assert (["payload"] if not isinstance(store, Damaged) else ["payload"] * 2) == seen


@pytest.mark.parametrize(
    ("store", "first"), [(MemoryStore(), [True, False]), (Damaged(), [True, True])], ids=["sound", "damaged"]
)
async def test_an_event_that_cannot_be_noted_is_answered(store: MemoryStore, first: list[bool]) -> None:
    """A resent event is answered once; if the database fails, it is answered rather than lost."""

    async def leave(_body: object) -> None:
        return None

    async with a_bench(store) as bench:
        listener = Listener(
            service=bench.service, access_policy=SlackSettings().access_policy, leave=leave, unfurl=True
        )
        assert first == [await listener._first("event", "Ev1") for _ in "12"]
