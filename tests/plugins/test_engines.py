"""An engine of another package: called as it likes to be, given its own settings, and held to its promise."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
from summarizer.setup import still
from tests.summarizer.engines.remote.remotes import ABSTRACT
from tests.support.plugged import installed

MADE = Blurb(text="It works.", evidence=(Span(start=0, end=9),), engine="mine", model="1")


class Mine:
    """An engine that says what it was opened with, or does what it is told to."""

    engine, model = "mine", "1"
    settings = (
        EngineSetting(name="marks", says="How many marks.", default="1", read=int),
        EngineSetting(name="key", says="A key.", secret=True, required=True, read=Secret),
    )

    def __init__(self, setup: EngineSetup | None = None) -> None:
        self.setup = setup

    @classmethod
    def open(cls, setup: EngineSetup) -> "Mine":
        """Open it with what was set."""
        return cls(setup)

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:  # noqa: ARG002
        """Return the options as they came."""
        options = self.setup.options if self.setup else {}
        return Blurb(text=f"{dict(options)}", evidence=(), engine="mine", model="1")


class Plain:
    """An engine that is called without arguments."""

    engine, model = "plain", "1"
    gives: Callable[[], Any] = staticmethod(lambda: MADE)

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Any:  # noqa: ARG002
        """Give what it is told to."""
        given = type(self).gives()
        return await given if asyncio.iscoroutine(given) else given


class Shy:
    """An engine that cannot be made."""

    def __init__(self) -> None:
        raise RuntimeError("canary")


class NoEngine:
    """Something else."""


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package with all of them."""
    names = {"mine": "Mine", "plain": "Plain", "shy": "Shy", "no-engine": "NoEngine"}
    points = {name: f"{__name__}:{value}" for name, value in names.items()}
    installed(
        tmp_path,
        monkeypatch,
        "paperwire-engines",
        {"engines": {**points, "gone": "tests.support.broken_plugin:X [gpu]"}},
    )


def a_setup(subscription: str, **own: Any) -> EngineSetup:
    return EngineSetup(
        options={"order": subscription, "reader": "newcomer", "remote_key": Secret("canary")},
        own={"mine": own} if own else {},
        clock=still().clock,
        random=still().random,
    )


async def test_an_engine_is_given_its_own_settings_and_those_for_all() -> None:
    """Its own, what was not set by default; the reader and the language, which concern every engine; nobody's key."""
    blurb = await open_chain(a_setup("mine, extractive", key=Secret("k"))).summarize(ABSTRACT)

    assert "{'marks': 1, 'key': Secret('***'), 'reader': 'newcomer'}" == blurb.text


async def test_a_required_setting_that_is_missing_is_named() -> None:
    """The blurb of the next engine says what the preferred one misses, and where it is set."""
    blurb = await open_chain(a_setup("mine, extractive")).summarize(ABSTRACT)

    assert "extractive" == blurb.engine
    assert "engines.mine.key is missing (A key.)" in blurb.warnings[-1]


async def leaves() -> Any:
    """Leave the program."""
    raise SystemExit


async def cancels() -> Any:
    """Cancel itself."""
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
        (cancels, "ended with CancelledError"),
    ],
)
async def test_an_engine_that_breaks_its_promise_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, gives: Callable[[], Any], says: str
) -> None:
    """Whatever it gives or raises, the next engine condenses, and the blurb says why."""
    monkeypatch.setattr(Plain, "gives", staticmethod(gives))

    blurb = await open_chain(a_setup("plain, extractive")).summarize(ABSTRACT)

    assert "extractive" == blurb.engine
    assert says in blurb.warnings[-1]


@pytest.mark.parametrize("name", ["shy", "no-engine", "gone"])
async def test_an_engine_that_cannot_be_opened_is_passed_over(name: str) -> None:
    """Whether it fails when it is made, is none, or cannot be imported: the next one condenses, no text leaks."""
    blurb = await open_chain(a_setup(f"{name}, extractive")).summarize(ABSTRACT)

    assert "extractive" == blurb.engine
    assert repr(name) in blurb.warnings[-1]
    assert "canary" not in blurb.warnings[-1]


def test_an_extra_that_is_missing_comes_with_its_command() -> None:
    """The engine's own extra is what pip is to install."""
    with pytest.raises(EngineMissing, match=r"pip install 'paperwire-engines\[gpu\]'"):
        load("gone")


def test_a_wrong_name_in_the_subscription_says_which_exist() -> None:
    """Ours and the strangers'."""
    with pytest.raises(EngineMissing, match="Known: chain, extractive, generative, gone, mine, no-engine, plain"):
        open_chain(a_setup("mien"))


async def test_an_engine_that_hangs_is_given_up() -> None:
    """A blurb that never comes is bounded, so that the next engine can make one."""

    async def never() -> Any:
        await asyncio.sleep(3600)

    slow = Plain()
    slow.summarize = lambda *_: never()  # type: ignore[method-assign]  # a stranger's may be anything

    with pytest.raises(EngineDown, match="did not answer within"):
        await Guarded(slow, "plain", patience=0.01).summarize(ABSTRACT)


async def test_who_is_cancelled_while_an_engine_works_is_cancelled() -> None:
    """Cancelling is no fault of the engine."""
    slow = Plain()
    slow.summarize = lambda *_: asyncio.sleep(3600)  # type: ignore[method-assign]  # as above
    task = asyncio.create_task(Guarded(slow, "plain").summarize(ABSTRACT))
    await asyncio.sleep(0)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
