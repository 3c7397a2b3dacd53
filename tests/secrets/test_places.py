"""Each form of secret, in each place in which a program may print a text by itself, is hidden there."""

import asyncio
import base64
import gc
import io
import json
import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from urllib.parse import quote, quote_plus, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bots import __main__ as program
from bots.chat.known_secrets import KnownSecrets
from bots.chat.secret_texts import HIDDEN, for_chat
from bots.cli import uncaught
from bots.cli.logs import hidden, logging_to
from bots.domain.errors import PostRefused
from bots.usecases.problems import problem
from tests.secrets.forms import QUOTED, SHAPES, found_in

#: Libraries that log what they send and get, down to DEBUG.
LIBRARIES = (
    "slack_sdk.web.async_base_client", "slack_bolt.App", "discord.http", "discord.gateway", "httpx", "httpx2",
    "httpcore.http11",
    "procrastinate.worker", "sqlalchemy.engine.Engine", "aiohttp.access", "aiohttp.server", "mail.log", "py.warnings",
    "apscheduler.scheduler", "opentelemetry.sdk.trace.export", "asyncio",
)  # fmt: skip
#: Characters that each of them logs.
_SHORT = 800
#: A random secret: it has a digit, as every random one of that length has with a probability of 97 %.
random_ones = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=24, max_size=40).map(
    lambda text: f"q7{text}"
)


def failed(text: str) -> Exception:
    """Return an error with the text in its arguments, its notes, its cause, its context and in a group below it."""
    try:
        try:
            try:
                raise KeyError(text)  # noqa: TRY301 - a chain of errors is what this makes
            except KeyError:
                raise ConnectionError(text, {"sent": text}) from ExceptionGroup(
                    "two", [OSError(text), ValueError(text)]
                )
        except ConnectionError as error:
            raise RuntimeError(text) from error
    except RuntimeError as error:
        error.add_note(f"while sending {text}")
        return error


def logged(text: str) -> str:
    """Return the log in which every library wrote the text, in both formats."""
    streams = io.StringIO(), io.StringIO()
    # Whole forms: of a secret that is not among the settings, a piece without its form looks like any other word.
    short = len(text) <= _SHORT
    begins = text if short else text[:_SHORT].rpartition("\n")[0]
    ends = text if short else text[-_SHORT:].partition("\n")[2]
    plainly = logging_to(streams[0], verbose=True, serving=True, as_json=False)
    with plainly, logging_to(streams[1], verbose=True, serving=True, as_json=True):
        for name in LIBRARIES:
            logging.getLogger(name).error("sent %s and %r", begins, {"headers": [ends]})
        logger = logging.getLogger("slack_bolt.App")
        logger.error("failed", exc_info=failed(text), extra={"payload": {"deep": [text, {text: (text,)}]}})
        logger.error(text, stack_info=True)
    return "".join(stream.getvalue() for stream in streams)


def never_retrieved(text: str) -> str:
    """Return the log of a task whose error nobody asked for."""
    stream = io.StringIO()

    async def forgets() -> None:
        async def fails() -> None:
            raise failed(text)

        task = asyncio.ensure_future(fails())
        await asyncio.wait({task})
        del task
        gc.collect()

    with logging_to(stream, verbose=False, serving=True, as_json=False):
        asyncio.run(forgets())
    assert "never retrieved" in stream.getvalue()
    return stream.getvalue()


@contextmanager
def printed() -> Iterator[io.StringIO]:
    """Catch what is printed to stderr, with the program's own ways to print what nobody catches."""
    kept = sys.stderr, sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning
    last = logging.lastResort
    sys.stderr = stream = io.StringIO()
    try:
        uncaught.hide_secrets_in_uncaught()
        yield stream
    finally:
        sys.stderr, sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning = kept
        logging.lastResort = last


def of_a_thread(text: str) -> str:
    """Return what a thread that fails prints."""

    def fail() -> None:
        raise failed(text)

    with printed() as stream:
        thread = threading.Thread(target=fail, name=text)
        thread.start()
        thread.join()
    return stream.getvalue()


def of_a_destructor(text: str) -> str:
    """Return what an object that fails when it is deleted prints."""

    class Fails:
        def __del__(self) -> None:
            raise failed(text)

    with printed() as stream:
        Fails()
        gc.collect()
    return stream.getvalue()


def of_the_interpreter(text: str) -> str:
    """Return what the interpreter prints at its end, and a warning, and a log that nobody opened."""
    with printed() as stream:
        error = failed(text)
        sys.excepthook(type(error), error, error.__traceback__)
        warnings.showwarning(ResourceWarning(f"unclosed {text}"), ResourceWarning, "x.py", 1)
        record = logging.makeLogRecord({"name": "early", "levelno": logging.ERROR, "msg": text})
        assert logging.lastResort is not None
        logging.lastResort.handle(record)
    return stream.getvalue()


def of_the_program(text: str) -> str:
    """Return what the program prints if it crashes with an error that is no `Exception`."""

    class Group(BaseExceptionGroup[BaseException]):
        pass

    def crashes(*_arguments: object, **_options: object) -> None:
        raise Group(text, [asyncio.CancelledError(text), failed(text)])

    kept = vars(program)["app"]
    vars(program)["app"] = crashes
    try:
        with printed() as stream, suppress(SystemExit):
            program.main()
    finally:
        vars(program)["app"] = kept
    return stream.getvalue()


def of_a_chat(text: str) -> str:
    """Return what members are told."""
    told = problem(PostRefused(f"It said {text}", hint=text))
    return "\n".join((for_chat(text), f"{told.message} {told.hint}", hidden(text)))


PLACES: Mapping[str, Callable[[str], str]] = {
    "log": logged,
    "task": never_retrieved,
    "thread": of_a_thread,
    "destructor": of_a_destructor,
    "interpreter": of_the_interpreter,
    "program": of_the_program,
    "chat": of_a_chat,
}


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(secret=random_ones, quoted=st.sampled_from(sorted(QUOTED)))
def test_no_form_is_shown_in_any_place(place: str, secret: str, quoted: str) -> None:
    """All forms, one after the other as in a long answer of a server, are hidden in the place."""
    texts = [QUOTED[quoted](form(secret)) for form in SHAPES.values()]
    shown = PLACES[place]("\n".join(texts))
    assert [] == found_in(shown, secret)
    assert HIDDEN in shown


@pytest.mark.parametrize("name", SHAPES)
@settings(max_examples=8, deadline=None)
@given(secret=random_ones)
def test_each_form_is_hidden_by_itself(name: str, secret: str) -> None:
    """No form needs another one beside it to be recognised, however it is quoted."""
    for quoted in QUOTED.values():
        assert [] == found_in(hidden(quoted(SHAPES[name](secret))), secret)


known = st.text(min_size=9, max_size=60).filter(
    # Of an address, only its secret parts are hidden.
    lambda text: len(text.strip()) >= 9 and "\x00" not in text and "://" not in text
)


@settings(max_examples=200, deadline=None)
@given(secret=known, before=st.text(max_size=20), after=st.text(max_size=20))
def test_a_secret_of_the_settings_is_hidden_whatever_it_looks_like(secret: str, before: str, after: str) -> None:
    """Whatever a value is made of, it is hidden as it is, encoded, escaped, and in base 64 beside anything."""
    register = KnownSecrets()
    register.add([secret])
    for trace in (secret, repr(secret)):
        assert secret not in register.hidden_in(f"{before}\n{trace}\n{after}".replace(HIDDEN, ""), HIDDEN)
    raw = f"{before}:{secret}".encode("utf-8", "surrogatepass")
    for encoded in (
        json.dumps({"x": secret}), quote(secret, safe=""), quote_plus(secret), repr(secret.encode()),
        base64.b64encode(raw).decode(), secret.encode().hex(),
    ):  # fmt: skip
        assert encoded not in register.hidden_in(encoded, HIDDEN)


@given(secret=random_ones, end=st.integers(12, 23))
def test_the_beginning_of_a_secret_is_hidden_where_its_end_was_cut_off(secret: str, end: int) -> None:
    """A quotation that was cut in the middle of a secret does not give away its first half."""
    register = KnownSecrets()
    register.add([secret])
    assert f"key {HIDDEN}… again" == register.hidden_in(f"key {secret[:end]}… again", HIDDEN)


@pytest.mark.parametrize("parted", "+=/@ %&")
def test_no_form_of_a_secret_hides_the_beginning_of_another_form(parted: str) -> None:
    """The forms of a value begin with the same characters; the longest is looked for first."""
    secret = f"abcdefghijkl{parted}9tail8secret"
    register = KnownSecrets()
    register.add([secret])
    for form in (secret, quote(secret, safe=""), quote_plus(secret)):
        assert f"key {HIDDEN}, {HIDDEN}" == register.hidden_in(f"key {form}, {form[:18]}", HIDDEN)


#: Addresses, what in them is secret though it looks like a word, and what is not.
IN_ADDRESSES = (
    ("postgresql://paperwire@db.example/papers?password=swordfish", ["swordfish"], ["paperwire", "papers"]),
    ("postgresql://paperwire@db.example/papers?sslpassword=swordfish", ["swordfish"], ["paperwire"]),
    ("https://a.example/in/x9y8z7w6?token=swordfish", ["swordfish", "x9y8z7w6"], ["/in/"]),
    ("https://a.example/in#access_token=swordfish7&state=q", ["swordfish7"], ["access_token", "/in"]),
    ("https://a.example/hooks/7000001/abcdefghijklmnopqrstuvwxyz", ["abcdefghijklmnopqrstuvwxyz"], ["/hooks/"]),
    ("https://a.example/notifications/x9y8z7w6", ["x9y8z7w6"], ["/notifications/"]),
)


@pytest.mark.parametrize(("address", "secrets", "shown"), IN_ADDRESSES)
def test_what_is_secret_in_an_address(address: str, secrets: list[str], shown: list[str]) -> None:
    """A value whose name says so, and a long part of small letters; the user of a database is no secret."""
    register = KnownSecrets()
    register.add([address])
    told = register.hidden_in(f"{address} {' '.join(secrets)}", HIDDEN)
    assert [] == [secret for secret in secrets if secret in told]
    assert [] == [word for word in shown if word not in told]


#: Addresses that are secrets, with `{}` for what is random in them, and what of them may be shown.
ADDRESSES = (
    "https://hooks.slack.com/services/T0/B0/{}",
    "https://discord.com/api/webhooks/12/{}/slack",
    "https://n8n.example.org/webhook/in?key={}",
    "https://n8n.example.org/in#{}",
    "postgresql://ann:{}@db.example:5432/papers?sslmode=require",
    "https://{}@feeds.example.org/papers.xml",
    "wss://push.example.org/{}",
)


@pytest.mark.parametrize("address", ADDRESSES)
@settings(max_examples=30, deadline=None)
@given(secret=random_ones, end=st.integers(14, 24))
def test_of_an_address_its_secret_parts_are_hidden_and_its_host_is_not(address: str, secret: str, end: int) -> None:
    """What other addresses have in common with a secret one is shown; what is random in it is not, nor a part."""
    register = KnownSecrets()
    register.add([address.format(secret)])
    host = urlsplit(address).hostname or ""
    harmless = (
        f"{address.partition(':')[0]}://{host}/docs, papers at {host}, /webhook/in, /services, https://hookshot.example"
    )
    assert harmless == register.hidden_in(harmless, HIDDEN)
    told = register.hidden_in(address.format(secret), HIDDEN)
    assert host in told
    for quoted in (secret, address.format(secret), quote(address.format(secret), safe=""), secret[:end]):
        shown = register.hidden_in(f"sent to {quoted}", HIDDEN)
        assert [] == found_in(shown, secret)
        assert HIDDEN in shown


@pytest.mark.parametrize("address", ["https://secret-place.example/", "https://secret-place.example/v1"])
def test_an_address_without_a_token_is_secret_as_a_whole(address: str) -> None:
    """Where no part can be told from a word, the whole is hidden, and no other address that begins in the same way."""
    register = KnownSecrets()
    register.add([address])
    shown = register.hidden_in(f"{address} and https://secret-places.example/x", HIDDEN)
    assert f"{HIDDEN} and https://secret-places.example/x" == shown


def test_a_traceback_of_the_standard_library_would_show_them() -> None:
    """The errors of these tests do hold the text in every part of them: hiding is what keeps it from the output."""
    assert 6 <= "".join(traceback.format_exception(failed("q7visible"))).count("q7visible")
