"""Tests of the log: the fields of each line, which loggers are shown, and that no secret or forged line appears."""

import io
import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.cli.logs import formatter, logging_to
from tests.cli.conftest import Run
from tests.support import hostile

# Invented tokens in the form of real ones; joined from parts, because secret scanners would report them otherwise.
TOKENS = (
    "xoxb-" + "2314-9981-q7Kd0wZ", "xoxe.xoxp-" + "1-Mi0yLTE", "xoxa-" + "2-9af", "xoxr-" + "11", "xoxs-" + "9-8-7",
    "xapp-" + "1-A04-557-e1f0", "MTk4NjIyNDgzNDcxOTI1MjQ4." + "Cl2FMQ." + "ZnCjm1XVW7vRze4b7Cq4se7kKWs",
    "sk-" + "proj-aB3dE6gH9jK2mN5p", "hf_" + "QwErTyUiOpAsDfGhJk", "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxIn0." + "c2lnbmF0dXJl",
)  # fmt: skip
#: A text with a secret, and the part of it that must be hidden.
PLACED = (
    *((token, token) for token in TOKENS),
    *((f"Authorization: Bearer {token}", token) for token in ("q1w2e3", "abc.def~ghi+/=")),
    ("postgresql+psycopg://ann:hunter2@db.example/papers", "hunter2"),
    ("https://hooks.slack.com/services/T0/B0/q1w2e3r4", "q1w2e3r4"),
    ("https://discord.com/api/webhooks/1234/q1w2-e3r4", "q1w2-e3r4"),
    ("GET /x?token=q1w2e3&limit=5", "q1w2e3"),
    ("password=q1w2e3", "q1w2e3"),
)
LOGGER = logging.getLogger("bots.tests.logs")


def a_record(message: str, *arguments: object, error: BaseException | None = None, **extra: Any) -> logging.LogRecord:
    """Return a log record as the product's modules create it."""
    raised = (type(error), error, error.__traceback__) if error else None
    return LOGGER.makeRecord(LOGGER.name, logging.ERROR, __file__, 1, message, arguments, raised, extra=extra)


def lines(record: logging.LogRecord) -> tuple[str, str]:
    """Return a record as text and as JSON."""
    return formatter(as_json=False).format(record), formatter(as_json=True).format(record)


def test_a_line_carries_its_extras() -> None:
    """Text and JSON both contain time, level, logger, message and all extra fields; the text leaves out empty ones."""
    record = a_record("a part was %s", "posted", run="order@2026-11-24T09:00", part="ab12", number=1, note="two words")
    record.created = 1764000000.25
    text, data = lines(record)
    assert (
        "2025-11-24T16:00:00.250+00:00 ERROR bots.tests.logs: a part was posted "
        'run=order@2026-11-24T09:00 part=ab12 number=1 note="two words"'
    ) == text
    assert {
        "time": "2025-11-24T16:00:00.250+00:00",
        "level": "error",
        "logger": "bots.tests.logs",
        "event": "a part was posted",
        "run": "order@2026-11-24T09:00",
        "part": "ab12",
        "number": 1,
        "note": "two words",
    } == json.loads(data)
    assert "channel" not in lines(a_record("x", channel=""))[0]


def test_a_traceback_belongs_to_its_line() -> None:
    """In text a traceback is indented below its line; in JSON it is a field of a single line."""
    text, data = lines(a_record("a run crashed", error=raised("boom"), run="r"))
    head, *under = text.splitlines()
    assert head.endswith("a run crashed run=r")
    assert under
    assert all(line.startswith("    ") for line in under)
    assert under[-1].strip().endswith("RuntimeError: boom")
    assert 1 == len(data.splitlines())
    assert "RuntimeError: boom" in json.loads(data)["exception"]


def raised(message: str) -> Exception:
    """Return an error with a traceback and a cause, both of which contain the message."""
    with pytest.raises(RuntimeError) as caught:
        fail(message)
    return caught.value


def fail(message: str) -> None:
    """Raise a RuntimeError that was caused by another error."""
    try:
        int(message)
    except ValueError as error:
        raise RuntimeError(message) from error


def everywhere(text: str) -> Iterator[logging.LogRecord]:
    """Yield records that contain a text in every place a record can contain one."""
    yield a_record(text)
    yield a_record("refused: %s", text)
    yield a_record("refused: %s and %r", "x", {"why": [text]})
    yield a_record("refused", reason=text)
    yield a_record("refused", error=OSError(text))
    yield a_record("refused", detail={"inner": [{"deep": (text,)}], text: 1})
    yield a_record("refused", many=[text, {text}])
    yield a_record("refused", raw=text.encode())
    yield a_record("a run crashed", error_=raised(text), error=raised(text))
    crashed = a_record("refused")
    crashed.exc_info = (RuntimeError, raised(text), None)
    yield crashed
    stacked = a_record("refused")
    stacked.stack_info = f"Stack:\n  {text}"
    yield stacked


@pytest.mark.parametrize(("text", "secret"), PLACED, ids=range(len(PLACED)))
@pytest.mark.parametrize("around", ["{}", "said {} twice", "({})", '"{}"', "x\n{}\ny"])
def test_no_secret_is_logged(text: str, secret: str, around: str) -> None:
    """A secret is hidden in every place of a record: message, extra, key, error, cause and stack."""
    for record in everywhere(around.format(text)):
        for line in lines(record):
            assert secret not in line
            assert "[hidden]" in line


around = st.text(max_size=20) | st.text("aZ0-._~:/@=+ \n\t\"'", max_size=60)


@given(before=around, placed=st.sampled_from(PLACED), after=around, place=st.integers(0, 10))
def test_no_secret_is_logged_whatever_stands_around_it(
    before: str, placed: tuple[str, str], after: str, place: int
) -> None:
    """Text directly before or after a secret neither reveals it nor breaks the line."""
    text, secret = placed
    record = list(everywhere(f"{before}{text}{after}"))[place]
    for line in lines(record):
        assert secret not in line
    assert "bots.tests.logs" == json.loads(lines(record)[1])["logger"]


@pytest.mark.parametrize("name", ["token", "slack_token", "api_key", "password", "Authorization", "signing_secret"])
def test_what_is_called_a_secret_is_one(name: str) -> None:
    """A value whose key names a secret is hidden, whatever its text, at any depth."""
    named: dict[str, Any] = {name: "plain"}
    for record in (a_record("x", **named), a_record("x", more={name: ["plain", 4711]})):
        assert all("plain" not in line and "4711" not in line for line in lines(record))


@pytest.mark.parametrize(
    "text",
    [
        "part=97c7135636410c96eee48b99",
        "order@2026-11-24T09:00",
        "https://arxiv.org/abs/1706.03762",
        "Attention.Is.All You Need",
        "huggingface.co/papers/2004.15011",
        "bots.selection.categories",
        "the bearer was dropped",
    ],
)
def test_what_is_no_secret_is_told(text: str) -> None:
    """Keys, addresses and names that only resemble a secret stay readable."""
    assert text in json.loads(lines(a_record("x", about=text))[1])["about"]


@hostile.patient
@given(message=hostile.texts, value=hostile.texts, name=st.text(min_size=1, max_size=9).filter(str.isidentifier))
def test_no_text_forges_a_line(message: str, value: str, name: str) -> None:
    """Hostile text stays in one line, lines below it are indented, and all characters are visible."""
    extra: Mapping[str, Any] = {f"x{name}": value}
    for record in (a_record("%s", message, **extra), a_record("%s", message, error=raised(value), **extra)):
        text, data = lines(record)
        head, *under = text.split("\n")
        assert "ERROR bots.tests.logs: " in head
        assert all(line.startswith("    ") for line in under)
        assert all(line.isprintable() for line in (head, *under))
        assert data.isascii()
        assert data.isprintable()
        assert "bots.tests.logs" == json.loads(data)["logger"]


def test_an_extra_cannot_pass_for_the_event() -> None:
    """A record's extra fields do not overwrite its own fields."""
    for line in lines(a_record("told", event="forged", level="info", time="never", logger="me")):
        assert "told" in line
        assert "forged" not in line


# ── log levels ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("verbose", "serving", "heard"),
    [
        (False, False, ["ours error", "theirs error"]),
        (False, True, ["ours info", "ours error", "theirs error"]),
        (True, False, ["ours info", "theirs info", "ours error", "theirs error"]),
    ],
)
def test_who_is_heard(verbose: bool, serving: bool, heard: list[str]) -> None:
    """A command logs errors, a service also its activity; libraries log in full only with --verbose."""
    stream = io.StringIO()
    before = [logging.getLogger(name).level for name in ("", "bots", "summarizer")]
    with logging_to(stream, verbose=verbose, serving=serving, as_json=True):
        for level in ("info", "error"):
            for name, whose in (("bots.delivery.part_delivery", "ours"), ("apscheduler", "theirs")):
                getattr(logging.getLogger(name), level)(f"{whose} {level}")
    logging.getLogger("bots").error("afterwards")
    assert heard == [json.loads(line)["event"] for line in stream.getvalue().splitlines()]
    assert before == [logging.getLogger(name).level for name in ("", "bots", "summarizer")]


async def test_the_address_of_a_webhook_is_not_logged() -> None:
    """With --verbose a request is logged with its host; the path of one that sends something is a secret."""
    stream = io.StringIO()
    with logging_to(stream, verbose=True, serving=True, as_json=False):
        async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as client:
            await client.post("https://flows.example/hook/8f3a-planted?also=planted")
            await client.get("https://papers.example/list")
    assert "planted" not in stream.getvalue()
    assert "https://flows.example/" in stream.getvalue()
    assert "https://papers.example/list" in stream.getvalue()


class Unsayable:
    """A value that cannot be converted to text."""

    def __str__(self) -> str:
        raise ValueError(TOKENS[0])


def test_a_line_that_cannot_be_written_costs_itself_alone() -> None:
    """A line that cannot be written is replaced by one that names its logger only; the next line is written."""
    stream = io.StringIO()
    with logging_to(stream, verbose=False, serving=False, as_json=False):
        LOGGER.error("bad", extra={"value": Unsayable(), "note": TOKENS[1]})
        LOGGER.error("good")
    first, second = stream.getvalue().splitlines()
    assert "a log line of bots.tests.logs could not be written" == first
    assert second.endswith("good")


def test_a_closed_stream_costs_no_work() -> None:
    """Logging to a closed stream raises no error."""
    stream = io.StringIO()
    with logging_to(stream, verbose=False, serving=False, as_json=False):
        stream.close()
        LOGGER.error("x")


def test_a_log_for_programs_can_be_asked_for_anywhere(run: Run) -> None:
    """`--log-json` may follow the command; each log line is a JSON object."""
    result = run("subscribe", "--source", "sample", "--verbose", "--log-json")
    said = [json.loads(line) for line in result.stderr.splitlines()]
    assert all({"time", "level", "logger", "event"} <= each.keys() for each in said)
    assert said
