"""Claims about servers of every manner: what counts of their answers, what is remembered of them, and for how long."""

import asyncio
import logging

import pytest

from summarizer import EngineDown, Style
from summarizer.engines.writing.prompts import Brief, Mode
from tests.fakes.completions_manners import Manner
from tests.fakes.completions_server import Reply
from tests.summarizer.engines.remote.remotes import ABSTRACT, BLURB, a_world

#: Manners whose answers are good, whatever they are dressed in.
GOOD = (
    Manner.HONOURS, Manner.PROSE, Manner.CHATTY, Manner.FENCE, Manner.WITHIN_PROSE, Manner.LIST, Manner.SHOUTS,
    Manner.TRAILING_COMMA, Manner.THINKS, Manner.THINKS_IN_PROMPT, Manner.REFUSES,
)  # fmt: skip
#: Manners that ignore the schema so that no JSON is left.
IGNORE = (Manner.PROSE, Manner.CHATTY, Manner.APOLOGISES, Manner.ECHOES)


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("manner", GOOD)
async def test_a_good_answer_counts_however_it_is_dressed(manner: Manner, style: Style) -> None:
    """The same blurb comes from every server whose model answers well, for the first paper and for the next."""
    async with a_world() as plain, a_world() as world:
        world.server.manner = manner
        expected = (await plain.engine.summarize(ABSTRACT, style)).text
        first = await world.engine.summarize(ABSTRACT, style)
        second = await world.engine.summarize(ABSTRACT, style)

    assert (expected, expected) == (first.text, second.text)
    assert ((), ()) == (first.warnings, second.warnings)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("manner", [Manner.PROSE, Manner.REFUSES, Manner.FENCE])
async def test_a_server_without_schemas_reviews_too(manner: Manner, mode: Mode) -> None:
    """Every mode works with a server that has no schemas: a critique in plain text is read as one."""
    async with a_world(brief=Brief(mode=mode)) as world:
        world.server.manner = manner
        for _ in range(2):
            assert BLURB == (await world.engine.summarize(ABSTRACT)).text


@pytest.mark.parametrize(
    ("manner", "says"),
    [
        (Manner.CUT, "cut off before its first sentence ended"),
        (Manner.CUT_THINKING, "used up its tokens before it answered"),
        (Manner.ONLY_THOUGHTS, "sent its thoughts and no answer"),
        (Manner.EMPTY, "contains no blurb"),
        (Manner.APOLOGISES, "refused or apologised"),
        (Manner.ECHOES, "repeated its instructions"),
    ],
)
async def test_what_is_no_answer_is_named(manner: Manner, says: str) -> None:
    """Each kind of failure has a message of its own and a hint, in JSON as well as in plain text."""
    async with a_world() as world:
        world.server.manner = manner
        for _ in range(2):
            with pytest.raises(EngineDown, match=says) as caught:
                await world.engine.summarize(ABSTRACT)
            assert caught.value.hint


async def test_a_sentence_before_the_cut_counts() -> None:
    """Of an answer that was cut off, in JSON or in plain text, the complete sentences are used."""
    async with a_world() as world:
        for content in (f'{{"blurb": "{BLURB} Experiments show that', f"{BLURB} Experiments show that"):
            world.server.script(Reply(content=content, finish="length"))
            assert BLURB == (await world.engine.summarize(ABSTRACT)).text


# -- the memory -----------------------------------------------------------------------------------


@pytest.mark.parametrize("manner", IGNORE)
async def test_a_server_that_ignores_schemas_is_asked_in_plain_text_from_then_on(
    manner: Manner, caplog: pytest.LogCaptureFixture
) -> None:
    """After one answer without JSON, requests have no schema and a prompt for plain text; the log says why, once."""
    caplog.set_level(logging.INFO)
    async with a_world() as world:
        world.server.manner = manner
        for _ in range(3):
            try:
                await world.engine.summarize(ABSTRACT)
            except EngineDown:
                continue
        first, *later = world.server.calls

    assert ("blurb", False) == (first.shape, first.wants_plain_text)
    assert {("", True)} == {(call.shape, call.wants_plain_text) for call in later}
    [said] = [record.message for record in caplog.records if record.name.startswith("summarizer")]
    assert said.startswith("blurbs are requested in plain text for 7 days: the server accepts the JSON schema")


@pytest.mark.parametrize("manner", [each for each in Manner if each not in (*IGNORE, Manner.REFUSES, Manner.CUT)])
async def test_json_in_any_dress_and_silence_are_no_reason_to_give_it_up(manner: Manner) -> None:
    """A server whose model writes JSON, or nothing, is asked for JSON again."""
    async with a_world() as world:
        world.server.manner = manner
        for _ in range(2):
            try:
                await world.engine.summarize(ABSTRACT)
            except EngineDown:
                continue

    assert {"blurb"} == {call.shape for call in world.server.calls}


@pytest.mark.parametrize("manner", [Manner.PROSE, Manner.REFUSES])
async def test_after_a_week_json_is_tried_again(manner: Manner) -> None:
    """A server that learned schemas is asked for JSON a week later, and at once if the clock was set back."""
    async with a_world() as world:
        world.server.manner = manner
        await world.engine.summarize(ABSTRACT)
        world.server.manner = Manner.HONOURS
        shapes = []
        for days in (6, 1, -9):
            world.clock.turn(days=days)
            await world.engine.summarize(ABSTRACT)
            shapes.append(world.server.calls[-1].shape)

    assert ["", "blurb", "blurb"] == shapes


async def test_unfit_prose_instead_of_json_is_requested_again_as_prose() -> None:
    """If the prompt for JSON led to unfit prose, the same blurb is requested once more, with the prompt for prose."""
    async with a_world() as world:
        world.server.says("⟦ABSTRACT⟧ Here is your JSON.")
        world.server.manner = Manner.PROSE
        blurb = await world.engine.summarize(ABSTRACT)

    assert BLURB == blurb.text
    assert [False, True] == [call.wants_plain_text for call in world.server.calls]


async def test_json_without_an_end_is_requested_again_as_prose(caplog: pytest.LogCaptureFixture) -> None:
    """A small model that loops within the JSON that it must write is asked in plain text, for this blurb already."""
    caplog.set_level(logging.INFO)
    async with a_world() as world:
        world.server.script(Reply(content='{"blurb": "We propose postcards, postcards, postcards', finish="length"))
        first = await world.engine.summarize(ABSTRACT)
        second = await world.engine.summarize(ABSTRACT)

    assert (BLURB, BLURB) == (first.text, second.text)
    assert [False, True, True] == [call.wants_plain_text for call in world.server.calls]
    assert "the model does not come to the end of its JSON" in caplog.text


async def test_fit_prose_instead_of_json_costs_no_second_request() -> None:
    """Prose that can be used is used, although JSON was requested."""
    async with a_world() as world:
        world.server.manner = Manner.PROSE
        await world.engine.summarize(ABSTRACT)

    assert 1 == len(world.server.calls)


async def test_what_is_remembered_of_one_server_is_not_held_against_another() -> None:
    """The memory belongs to the engine, so a second engine asks its server for JSON."""
    async with a_world() as world, a_world() as other:
        world.server.manner = Manner.PROSE
        await world.engine.summarize(ABSTRACT)
        await other.engine.summarize(ABSTRACT)

    assert "blurb" == other.server.calls[-1].shape


@pytest.mark.parametrize(
    "thinking",
    [
        Reply(content="<think>Let me see", finish="length"),
        Reply(content='<think>Let me see.</think>{"blurb": "We prop', finish="length"),
        Reply(content="", thoughts="Let me see", finish="length"),
        Reply(content='{"blurb": "We prop', thoughts="Let me see.", finish="length"),
    ],
)
async def test_a_model_that_thinks_is_given_more_tokens(thinking: Reply) -> None:
    """If thoughts use up the tokens, the request is repeated once with more; later requests ask for more at once."""
    async with a_world() as world:
        world.server.script(thinking)
        first = await world.engine.summarize(ABSTRACT)
        second = await world.engine.summarize(ABSTRACT)

    assert (BLURB, BLURB) == (first.text, second.text)
    assert [150, 1024, 1024] == [call.asked["max_tokens"] for call in world.server.calls]


async def test_papers_side_by_side_are_all_given_more_tokens() -> None:
    """Of concurrent papers, each whose thoughts use up the tokens is requested again, not only the first."""
    async with a_world() as world:
        world.server.script(*[Reply(content="<think>Let me see", finish="length")] * 4)
        blurbs = await asyncio.gather(*(world.engine.summarize(ABSTRACT) for _ in range(4)))

    assert {BLURB} == {blurb.text for blurb in blurbs}


@pytest.mark.parametrize(
    ("style", "language", "tokens"),
    [
        (Style.ONE_LINE, "", 150),
        (Style.SHORT, "", 240),
        (Style.STRUCTURED, "", 330),
        (Style.ONE_LINE, "English", 150),
        (Style.ONE_LINE, "Japanese", 300),
    ],
)
async def test_an_answer_has_as_many_tokens_as_its_words_need(style: Style, language: str, tokens: int) -> None:
    """A model that does not stop by itself is stopped soon; a translation may take twice the tokens."""
    async with a_world(brief=Brief(language=language)) as world:
        world.server.manner = Manner.EMPTY
        with pytest.raises(EngineDown):
            await world.engine.summarize(ABSTRACT, style)

    assert tokens == world.server.calls[0].asked["max_tokens"]


async def test_a_slow_server_is_not_asked_twice() -> None:
    """A request that took too long is not repeated; the error says what to do."""
    async with a_world(timeout=0.3) as world:
        world.server.script(Reply(delay=1.0))
        with pytest.raises(EngineDown, match="did not answer within") as caught:
            await world.engine.summarize(ABSTRACT)

    assert ("smaller model" in caught.value.hint, 1) == (True, len(world.server.calls))
