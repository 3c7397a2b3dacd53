"""Claims about a chain of engines: if one fails, the next one is used, and the blurb and the log say so."""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from summarizer import (
    Abstract,
    BadModel,
    Blurb,
    EngineDown,
    EngineMissing,
    EngineSetup,
    Secret,
    Style,
    Summarizer,
    TextTooLong,
    TextTooShort,
    load,
    open_chain,
)
from summarizer.engines.chain import ChainEngine, Deferred
from summarizer.engines.extractive.engine import ExtractiveEngine
from tests.summarizer.engines.remote.remotes import ABSTRACT, BLURB, a_world

FAILURES = [EngineDown("It rests."), BadModel("It is damaged."), EngineMissing("It is not here."), ValueError("secret")]


class Told:
    """An engine that raises a given error, or makes a blurb."""

    def __init__(self, name: str, error: Exception | None = None) -> None:
        self.engine, self.model, self.error = name, f"{name}-1", error
        self.asked = 0
        self.closed = False

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Raise the error, or return the extractive engine's blurb under this engine's name."""
        self.asked += 1
        if self.error:
            raise self.error
        return replace(await ExtractiveEngine().summarize(abstract, style), engine=self.engine, model=self.model)

    async def aclose(self) -> None:
        """Record that the engine was closed."""
        self.closed = True


def a_setup(**options: str | Secret) -> EngineSetup:
    return EngineSetup(options=options, clock=lambda: datetime(2026, 11, 24, tzinfo=UTC), random=lambda: 0.5)


async def test_the_preferred_engine_answers() -> None:
    """While the first engine works, the others are not called, and its blurb is unchanged."""
    first, second = Told("first"), Told("second")
    blurb = await ChainEngine([first, second]).summarize(ABSTRACT)

    assert ("first", "first-1", BLURB, ()) == (blurb.engine, blurb.model, blurb.text, blurb.warnings)
    assert (1, 0) == (first.asked, second.asked)


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
async def test_the_next_engine_takes_over(failure: Exception) -> None:
    """After any error the next engine is used; the blurb names it and warns of each failed engine."""
    chain = ChainEngine([Told("first", failure), Told("second", failure), Told("third")])
    blurb = await chain.summarize(ABSTRACT)
    reason = "it failed unexpectedly; the log has details." if isinstance(failure, ValueError) else str(failure)

    assert ("third", "third-1") == (blurb.engine, blurb.model)
    passed = [f"The engine {name} was skipped: {reason}" for name in ("first", "second")]
    assert (" ".join(passed),) == blurb.warnings
    assert ("first", "first-1") == (chain.engine, chain.model)


@pytest.mark.parametrize("error", [TextTooShort(words=1, needed=8), TextTooLong(length=9, limit=8)])
async def test_a_text_that_is_no_abstract_is_nobodys_to_condense(error: Exception) -> None:
    """A text of the wrong length raises at once, without a call to the next engine."""
    second = Told("second")
    with pytest.raises(type(error)):
        await ChainEngine([Told("first", error), second]).summarize(ABSTRACT)
    assert 0 == second.asked


async def test_when_every_engine_fails_all_of_them_are_named() -> None:
    """If every engine fails, the error names each; an unexpected error is described only in the log."""
    with pytest.raises(EngineDown) as caught:
        await ChainEngine([Told("first", FAILURES[0]), Told("second", FAILURES[3])]).summarize(ABSTRACT)

    said = "The engine first failed: It rests. The engine second failed: it failed unexpectedly; the log has details."
    assert said == str(caught.value)


async def test_one_engine_alone_fails_as_itself() -> None:
    """A chain of one engine raises that engine's error."""
    with pytest.raises(BadModel, match=r"^It is damaged\.$"):
        await ChainEngine([Told("only", FAILURES[1])]).summarize(ABSTRACT)


async def test_an_outage_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """The log has one line when an engine goes down and one when it recovers, not one for each paper."""
    caplog.set_level(logging.INFO)
    first = Told("first", FAILURES[0])
    chain = ChainEngine([first, Told("second")])
    for _ in range(5):
        await chain.summarize(ABSTRACT)
    first.error = None
    for _ in range(2):
        await chain.summarize(ABSTRACT)

    said = ["the engine first fails: It rests.", "the engine first answers again"]
    assert said == [record.getMessage() for record in caplog.records]


async def test_a_chain_closes_what_it_holds() -> None:
    """Opened engines are closed; one that was never opened, or has no `aclose`, causes no error."""
    told = Told("told")
    opened, never = Deferred("told", lambda: told), Deferred("never", lambda: pytest.fail("opened"))
    chain = ChainEngine([opened, never, ExtractiveEngine()])
    await chain.summarize(ABSTRACT)
    await chain.aclose()

    assert told.closed


def test_an_empty_chain_is_a_mistake() -> None:
    """A chain without engines raises ValueError."""
    with pytest.raises(ValueError, match="at least one"):
        ChainEngine([])


# -- opened by name -------------------------------------------------------------------------------


async def test_a_chain_is_made_of_names() -> None:
    """The engines are in the order of the option `order`; if the server answers, the remote engine makes the blurb."""
    async with a_world() as world:
        chain = open_chain(
            a_setup(order="remote, extractive", remote_url=world.server.url, remote_model="m", remote_key=Secret("k"))
        )
        blurb = await chain.summarize(ABSTRACT)
        await chain.aclose()

    assert ["remote", "extractive"] == [engine.engine for engine in chain.engines]
    assert ("remote", chain.model, BLURB) == (blurb.engine, blurb.model, blurb.text)
    assert "Bearer k" == world.server.calls[0].headers["authorization"]


async def test_an_engine_that_is_not_set_up_is_passed_over_by_name() -> None:
    """A preferred engine without its options only adds a warning that names the missing option."""
    chain = open_chain(a_setup(order="remote generative extractive"))
    blurb = await chain.summarize(ABSTRACT)

    assert ("extractive", BLURB) == (blurb.engine, blurb.text)
    assert ("remote", "") == (chain.engine, chain.model)
    assert "remote was skipped: The engine remote is not set up: remote_url is missing." in blurb.warnings[0]
    assert "generative_model is missing." in blurb.warnings[0]


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({}, "remote_url"),
        ({"remote_url": "http://x"}, "remote_model"),
        ({"remote_url": "http://x", "remote_model": "m", "remote_mode": "twice"}, "remote_mode"),
        ({"remote_url": "http://x", "remote_model": "m", "reader": "cat"}, "reader"),
        ({"remote_url": "http://x", "remote_model": "m", "daily_budget_tokens": "much"}, "daily_budget_tokens"),
    ],
)
def test_what_is_missing_or_wrong_is_named(options: dict[str, str], option: str) -> None:
    """The error of an engine that cannot be opened names the option at fault."""
    with pytest.raises(EngineMissing, match=option) as caught:
        load("remote", a_setup(**options))
    assert option == caught.value.option


@pytest.mark.parametrize("order", ["telepathy", "chain", "remote, telepathy"])
def test_an_order_that_cannot_be_is_refused_at_once(order: str) -> None:
    """A misspelt engine, or a chain in a chain, raises an error when the chain is made, not for the first paper."""
    with pytest.raises(EngineMissing):
        open_chain(a_setup(order=order))


def test_without_an_order_the_default_engine_answers() -> None:
    """Without options, a chain is the extractive engine."""
    made: Summarizer = load("chain")
    assert ("extractive", ExtractiveEngine.model) == (made.engine, made.model)


@pytest.mark.parametrize("show", [str, repr, "{}".format, "{!r}".format, lambda secret: f"{[secret]}"])
def test_a_secret_is_not_shown_by_accident(show: object) -> None:
    """Printing or formatting a secret, or a record that contains one, does not reveal it."""
    assert callable(show)
    assert "canary" not in show(Secret("canary")) + repr(a_setup(remote_key=Secret("canary")))
    assert ("canary", "", True, False) == (Secret("canary").reveal(), str(Secret()), bool(Secret("x")), bool(Secret()))


async def test_the_preferred_engine_is_prepared_and_its_failure_waits() -> None:
    """Preparing loads the engine that is preferred, and raises nothing if that fails."""
    engine = ExtractiveEngine(Path("no such folder"))
    chain = ChainEngine([Deferred("extractive", lambda: engine)])
    await chain.prepare()
    with pytest.raises(BadModel):
        await engine.prepare()


async def test_an_engine_without_anything_to_load_is_left_alone() -> None:
    """Preparing a chain opens its preferred engine and asks nothing more of one that has no `prepare`."""

    def missing() -> Summarizer:
        raise EngineMissing("not here")

    await ChainEngine([Deferred("one", missing)]).prepare()
