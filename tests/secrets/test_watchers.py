"""Who watches the program learns no secret, whatever fails below `/healthz`, `/readyz` and `/metrics`."""

import io
from datetime import datetime

import httpx
import pytest

from bots.chat.health import ConnectionReport
from bots.cli.logs import logging_to
from bots.domain.errors import StoreError
from bots.domain.queues import QueueState
from bots.domain.runs import Tally
from bots.store.memory import MemoryStore
from bots.telemetry.http import Endpoints, open_endpoints
from bots.telemetry.metrics import Metrics
from bots.telemetry.standing import Standing
from tests.secrets.forms import SHAPES, found_in
from tests.slack.conftest import free_port
from tests.support.factories import NOW

PLANTED = "q7A1b2C3d4E5f6G7h8I9j0K1l2M3"
ALL = "\n".join(form(PLANTED) for form in SHAPES.values())


class Broken(MemoryStore):
    """A store whose errors quote everything."""

    error: Exception = StoreError("")

    async def tally(self, now: datetime) -> Tally:  # noqa: ARG002 - it does not come that far
        """Fail."""
        raise self.error


class Queues:
    """Queues of workers that cannot be read."""

    error: Exception = StoreError("")

    async def states(self) -> tuple[QueueState, ...]:
        """Fail."""
        raise self.error


@pytest.mark.parametrize("error", [StoreError(ALL, hint=ALL), RuntimeError(ALL)], ids=["ours", "another"])
async def test_no_answer_to_a_watcher_tells_a_secret(error: Exception) -> None:
    """Database, queues and platforms fail with errors that quote everything, and so does who asks."""
    stream, store, queues, port = io.StringIO(), Broken(), Queues(), free_port()
    store.error = queues.error = error
    connection = ConnectionReport(problem=ALL, wanted=2, open=1)
    standing = Standing(
        ledger=store, clock=lambda: NOW, connected=list, absent=lambda: ["slack"], usage=dict,
        connections=lambda: {"slack": connection}, queues=queues,
    )  # fmt: skip
    headers = {"Authorization": f"Bearer {PLANTED}", "Cookie": f"a={PLANTED}"}
    with logging_to(stream, verbose=True, serving=True, as_json=True):
        async with (
            open_endpoints(Endpoints(standing, Metrics("1")), ("127.0.0.1", port)),
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, headers=headers) as client,
        ):
            answers = [
                await client.get(f"/{path}?token={PLANTED}")
                for path in ("healthz", "readyz", "metrics", f"no/{SHAPES['our token'](PLANTED)}")
            ]
            answers.append(await client.post("/healthz", content=ALL.encode()))
    for answer in answers:
        assert [] == found_in(f"{answer.text} {answer.headers} {answer.reason_phrase}", PLANTED)
    assert [] == found_in(stream.getvalue(), PLANTED)
