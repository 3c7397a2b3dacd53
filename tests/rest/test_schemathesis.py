"""Schemathesis calls every operation of the document with valid and invalid values and finds no fault."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bots.endpoints.clients import Visits
from bots.rest.api import BASE, OPERATIONS
from bots.rest.openapi import document
from tests.rest.conftest import a_program, fill

schemathesis: Any = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

#: Calls of each operation with values that the document allows, and of each with other values.
_EACH = 25
_CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance",
)  # fmt: skip


@contextmanager
def served() -> Iterator[tuple[str, str]]:
    """Serve the API in a thread; yield its address and a token."""
    loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    found: list[tuple[str, str]] = []

    async def serve() -> None:
        async with a_program() as program:
            await fill(program.store)
            found.append((str(program.browser.client.base_url).rstrip("/"), program.text))
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(30), "the server did not start"
        yield found[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(30)
        loop.close()


@pytest.mark.slow
def test_no_call_is_answered_with_a_server_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is sent, no answer is a server error, and each has a status, type and body that the document names."""
    # The limits would answer most calls before they reach an operation.
    monkeypatch.setattr(Visits, "admit", lambda *_: True)
    schemathesis.checks.load_all_checks()
    checks = [schemathesis.checks.CHECKS.get_one(name) for name in _CHECKS]
    seen: dict[str, set[int]] = {}
    with served() as (url, token):
        schema = schemathesis.openapi.from_dict(document(OPERATIONS, url=f"{url}{BASE}", version="1"))
        for operation in (each.ok() for each in schema.get_all_operations()):
            for mode in schemathesis.GenerationMode:
                if (
                    mode is schemathesis.GenerationMode.NEGATIVE
                    and not operation.query
                    and operation.label[:3] == "GET"
                ):
                    continue  # there is nothing that could be wrong

                @settings(
                    max_examples=_EACH, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True,
                    phases=(Phase.explicit, Phase.generate), database=None,
                )  # fmt: skip
                @given(case=operation.as_strategy(generation_mode=mode))
                def call(case: Any) -> None:
                    answer = case.call(base_url=f"{url}{BASE}", headers={"Authorization": f"Bearer {token}"})
                    seen.setdefault(f"{case.method} {case.path}", set()).add(answer.status_code)
                    case.validate_response(answer, checks=checks)

                call()
    assert {f"{each.method} {each.path}" for each in OPERATIONS} == set(seen)
    # The calls reach the operations: they are not all refused at the door.
    assert 200 in seen["GET /search"]
    assert 400 in seen["POST /summaries"]
