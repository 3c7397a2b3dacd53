"""A third-party engine is opened in either of two ways, receives its own settings, and is guarded."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bots.bootstrap.plugins import check_sections, engine_options
from bots.config.settings import read_settings
from summarizer import (
    Abstract,
    Blurb,
    EngineDown,
    EngineMissing,
    EngineSetting,
    EngineSetup,
    Secret,
    Span,
    Style,
    load,
    open_chain,
)
from summarizer.engines.guard import Guarded
from summarizer.setup import default_setup
from tests.summarizer.engines.remote.remotes import ABSTRACT
from tests.support.plugged import installed
from tests.support.stranger import Panic

MADE = Blurb(text="It works.", evidence=(Span(start=0, end=9),), engine="mine", model="1")


class Mine:
    """An engine whose blurb is the options it was opened with."""

    engine, model = "mine", "1"
    settings = (
        EngineSetting(name="marks", says="How many marks.", default="1", read=int),
        EngineSetting(name="key", says="A key.", secret=True, required=True, read=Secret),
    )

    def __init__(self, setup: EngineSetup | None = None) -> None:
        self.setup = setup

    @classmethod
    def open(cls, setup: EngineSetup) -> "Mine":
        """Open the engine with the setup."""
        return cls(setup)

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:  # noqa: ARG002
        """Return the options as the blurb."""
        options = self.setup.options if self.setup else {}
        return Blurb(text=f"{dict(options)}", evidence=(), engine="mine", model="1")


class Plain:
    """An engine that is opened by a call without arguments."""

    engine, model = "plain", "1"
    gives: Callable[[], Any] = staticmethod(lambda: MADE)

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Any:  # noqa: ARG002
        """Return the value that the test has set."""
        given = type(self).gives()
        return await given if asyncio.iscoroutine(given) else given


class Shy:
    """An engine whose constructor fails."""

    def __init__(self) -> None:
        raise RuntimeError("canary")


class NoEngine:
    """A class that is not an engine."""


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a package with all of these."""
    names = {"mine": "Mine", "plain": "Plain", "shy": "Shy", "no-engine": "NoEngine"}
    points = {name: f"{__name__}:{value}" for name, value in names.items()}
    installed(
        tmp_path,
        monkeypatch,
        "paperwire-engines",
        {"engines": {**points, "gone": "tests.support.broken_plugin:X [gpu]"}},
    )


def a_setup(order: str, **own: Any) -> EngineSetup:
    return EngineSetup(
        options={"order": order, "reader": "newcomer", "remote_key": Secret("canary")},
        own={"mine": own} if own else {},
        clock=default_setup().clock,
        random=default_setup().random,
    )


async def test_an_engine_is_given_its_own_settings_and_those_for_all() -> None:
    """An engine receives its own settings with their defaults, the general reader and language, and no other key."""
    blurb = await open_chain(a_setup("mine, extractive", key=Secret("k"))).summarize(ABSTRACT)

    assert "{'marks': 1, 'key': Secret('***'), 'reader': 'newcomer'}" == blurb.text


async def test_a_required_setting_that_is_missing_is_named() -> None:
    """The blurb of the next engine states the setting that the preferred engine lacks, and its place."""
    blurb = await open_chain(a_setup("mine, extractive")).summarize(ABSTRACT)

    assert "extractive" == blurb.engine
    assert "engines.mine.key is missing (A key.)" in blurb.warnings[-1]


async def leaves() -> Any:
    """Exit the program."""
    raise SystemExit


async def panics() -> Any:
    """Raise an error that is no Exception."""
    raise Panic


async def cancels() -> Any:
    """Raise CancelledError."""
    raise asyncio.CancelledError


@pytest.mark.parametrize(
    ("gives", "says"),
    [
        (lambda: None, "returned a value of type NoneType instead of a blurb"),
        (lambda: {"text": "x"}, "returned a value of type dict instead of a blurb"),
        (lambda: "x", "returned a value of type str instead of a blurb"),
        (lambda: Blurb(text=" ", evidence=(), engine="plain", model="1"), "returned an empty text instead of a blurb"),
        (lambda: 1 / 0, "it failed unexpectedly; the log has details"),
        (leaves, "ended with SystemExit"),
        (panics, "ended with Panic"),
        (cancels, "ended with CancelledError"),
    ],
)
async def test_an_engine_that_breaks_its_promise_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, gives: Callable[[], Any], says: str
) -> None:
    """If an engine returns a wrong value or raises an exception, the next one condenses, and the blurb says why."""
    monkeypatch.setattr(Plain, "gives", staticmethod(gives))

    blurb = await open_chain(a_setup("plain, extractive")).summarize(ABSTRACT)

    assert "extractive" == blurb.engine
    assert says in blurb.warnings[-1]


@pytest.mark.parametrize("name", ["shy", "no-engine", "gone"])
async def test_an_engine_that_cannot_be_opened_is_passed_over(name: str) -> None:
    """If an engine cannot be constructed or imported, or is not an engine, the next one condenses.

    The warning contains no error text of the engine.
    """
    blurb = await open_chain(a_setup(f"{name}, extractive")).summarize(ABSTRACT)

    assert "extractive" == blurb.engine
    assert repr(name) in blurb.warnings[-1]
    assert "canary" not in blurb.warnings[-1]


def test_an_extra_that_is_missing_comes_with_its_command() -> None:
    """If the engine's own extra is missing, the error has the pip command that installs it."""
    with pytest.raises(EngineMissing, match=r"pip install 'paperwire-engines\[gpu\]'"):
        load("gone")


def test_a_wrong_name_in_the_order_says_which_exist() -> None:
    """The error for an unknown engine name lists the built-in and third-party names."""
    with pytest.raises(EngineMissing, match="Known: chain, extractive, generative, gone, mine, no-engine, plain"):
        open_chain(a_setup("mien"))


async def test_an_engine_that_hangs_is_given_up() -> None:
    """An engine that hangs is stopped by a timeout, so that the next one can make a blurb."""

    async def never() -> Any:
        await asyncio.sleep(3600)

    slow = Plain()
    slow.summarize = lambda *_: never()  # type: ignore[method-assign]  # a stranger's may be anything

    with pytest.raises(EngineDown, match="did not answer within"):
        await Guarded(slow, "plain", patience=0.01).summarize(ABSTRACT)


async def test_who_is_cancelled_while_an_engine_works_is_cancelled() -> None:
    """A cancellation while an engine works is not treated as a fault of the engine."""
    slow = Plain()
    slow.summarize = lambda *_: asyncio.sleep(3600)  # type: ignore[method-assign]  # as above
    task = asyncio.create_task(Guarded(slow, "plain").summarize(ABSTRACT))
    await asyncio.sleep(0)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


class Served(Plain):
    """An engine with a setting whose variable ends as one that Kubernetes sets."""

    settings = (EngineSetting(name="port", default="1", says="A port.", read=int),)


def test_a_setting_that_is_named_as_a_variable_of_a_cluster_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A declared setting counts although its variable ends in `_PORT`; one without a declaration is ignored."""
    points = {"served": f"{__name__}:Served"}
    installed(tmp_path / "served", monkeypatch, "paperwire-served", {"engines": points})
    for environ in ({"PAPERWIRE_ENGINES_SERVED_PORT": "777"}, {"PAPERWIRE_ENGINES_OTHER_PORT": "tcp://10.0.0.1:80"}):
        settings = read_settings(environ, database=":memory:")
        check_sections(settings)
        assert {key: {"port": 777} for key in points if "PAPERWIRE_ENGINES_SERVED_PORT" in environ} == engine_options(
            settings
        )
