"""Wrong calls of the API over HTTP, its limits and its document."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bots.rest.api import OPERATIONS
from bots.rest.cursors import offset_cursor
from tests.contracts.test_store_archive import numbered, post
from tests.rest.conftest import HERE, Program
from tests.rest.test_api import CALLS, checked, refused


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("GET", "/search", {}, 400),
        ("GET", "/search?q=%00", {}, 400),
        ("GET", "/search?q=(", {}, 422),
        ("GET", "/search?q=x&limit=0", {}, 400),
        ("GET", "/search?q=x&limit=%D9%A3", {}, 400),
        ("GET", "/search?q=x&limit=1e9", {}, 400),
        ("GET", "/search?q=x&order=best", {}, 400),
        ("GET", "/search?q=x&cursor=zzz", {}, 400),
        ("GET", "/search?q=x&cursor=" + offset_cursor(10**9), {}, 400),
        ("GET", "/trending?day=yesterday", {}, 400),
        ("GET", "/trending?day=0001-01-01&period=month", {}, 200),
        ("GET", "/posted?channel=nowhere", {}, 400),
        ("GET", "/posted?cursor=" + offset_cursor(3), {}, 400),
        ("GET", "/papers/what", {}, 400),
        ("GET", "/papers/9999.99999", {}, 404),
        ("GET", "/export?format=pdf", {}, 400),
        ("POST", "/summaries", {"content": "{"}, 415),
        ("POST", "/summaries", {"content": "[" * 100_000, "headers": {"Content-Type": "application/json"}}, 400),
        ("POST", "/summaries", {"json": ["text"]}, 400),
        ("POST", "/summaries", {"json": {"text": 3}}, 400),
        (
            "POST",
            "/summaries",
            {"content": '{"text": "\\ud800"}', "headers": {"Content-Type": "application/json"}},
            400,
        ),
        ("POST", "/summaries", {"json": {"text": "too short"}}, 422),
        ("POST", "/summaries", {"json": {"text": "x" * 300_000}}, 413),
        ("POST", "/subscriptions", {"json": {"source": "file:/etc/passwd"}}, 422),
        ("POST", "/subscriptions", {"json": {"colour": "red"}}, 400),
        ("POST", "/subscriptions", {"json": {"at": "noonish"}}, 422),
        ("PATCH", "/saved", {}, 405),
        ("GET", "/nothing", {}, 404),
    ],
)
async def test_a_wrong_call_says_what_to_do(
    program: Program, method: str, path: str, more: dict[str, Any], status: int
) -> None:
    """Each wrong call is answered with its status and a problem with a hint."""
    answer = await program.ask(method, path, **more)
    if status < 400:
        assert status == answer.status_code
        return
    problem = refused(answer, status)
    assert problem.get("hint") or problem["detail"]
    assert "passwd" not in answer.text


async def test_an_allowed_method_is_named(program: Program) -> None:
    """A wrong method is answered with the right ones."""
    assert "DELETE, PUT" == (await program.ask("GET", "/saved/1706.03762")).headers["Allow"]


async def test_a_failure_is_no_secret_and_no_crash(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected error is logged, and the program learns only that it happened."""

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("/srv/secret/path")

    monkeypatch.setattr(type(program.store), "posted_papers", broken)
    problem = refused(await program.get("/posted"), 500)
    assert "secret" not in json.dumps(problem)


async def test_a_token_has_a_limit(program: Program) -> None:
    """A program that calls without pause is told to wait, and for how long; costly operations have a lower limit."""
    statuses = [(await program.get("/trending", limit=1)).status_code for _ in range(22)]
    assert [200] * 20 + [429] * 2 == statuses
    answer = await program.get("/trending")
    assert "60" == answer.headers["Retry-After"]
    refused(answer, 429)


async def test_guessing_tokens_is_slow(program: Program) -> None:
    """A client that sends wrong tokens is soon refused without a look at them."""
    statuses = [
        (await program.ask("GET", "/saved", headers={"Authorization": f"Bearer {number}"})).status_code
        for number in range(25)
    ]
    assert [401] * 20 + [429] * 5 == statuses
    assert 200 == (await program.get("/saved")).status_code


async def test_the_document_is_served(program: Program) -> None:
    """The document is served to everyone, is OpenAPI 3.1, and names every operation with its right and errors."""
    answer = await program.browser.client.get("/api/v1/openapi.json")
    told = answer.json()
    assert ("3.1.0", 200) == (told["openapi"], answer.status_code)
    named = {each["operationId"] for path in told["paths"].values() for each in path.values()}
    assert {each.name for each in OPERATIONS} == named == set(CALLS)
    for schema in told["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


async def test_numbers_are_not_lost(program: Program) -> None:
    """A long channel is read to its end."""
    await post(program.store, *(numbered(100 + number) for number in range(9)), channel=HERE, day=1)
    cursor: Any = ""
    seen = list[str]()
    while cursor is not None:
        page = checked(await program.get("/posted", limit=2, cursor=cursor), "PostedPage")
        seen += [item["paper"]["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert 14 == len(seen) == len(set(seen))
