"""Claims about vetting an answer: its length, its support by the abstract, and its language."""

import json
from dataclasses import replace

import pytest

from summarizer import Abstract, Blurb, EngineDown, Style, TextTooLong, TextTooShort
from summarizer.engines.limits import MOST_WORDS
from summarizer.engines.writing import prompts
from summarizer.engines.writing.prompts import Brief, Mode, Reader
from summarizer.text.plain import count_words
from tests.fakes.completions_server import abstract_of
from tests.summarizer.engines.remote.remotes import ABSTRACT, BLURB, a_world

LONG = (
    "We propose postcards, which carry only large gradients between machines with fast links that are expensive, and "
    "experiments show that full updates need more traffic, in this paper and in others, than postcards do."
)


def one(text: str) -> str:
    return json.dumps({"blurb": text})


# -- limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", Style)
async def test_what_is_too_long_is_asked_for_once_more(style: Style) -> None:
    """For a text over its limit, a shorter one is requested once, with the length; it becomes the blurb."""
    names = prompts.fields_of(style)
    long = f"{LONG} {ABSTRACT.text}" if style is Style.SHORT else LONG
    async with a_world() as world:
        shorter = {name: BLURB.replace("large", name) if len(names) > 1 else BLURB for name in names}
        world.server.says(json.dumps(dict.fromkeys(names, long)), json.dumps(shorter))
        blurb = await world.engine.summarize(ABSTRACT, style)

    assert 2 == len(world.server.calls)
    assert f"{count_words(long)} words" in world.server.calls[1].messages[-1]["content"]
    assert list(shorter.values()) == [line.rpartition(": ")[2] for line in blurb.text.splitlines()]


async def test_parts_that_repeat_one_another_are_shown_once() -> None:
    """A model that writes one text for every part has written one part; other texts stay as they are."""
    other = "Experiments show that they need 40 times less traffic than full updates."
    async with a_world() as world:
        world.server.says(json.dumps({"problem": BLURB, "approach": BLURB, "result": other}))
        blurb = await world.engine.summarize(ABSTRACT, Style.STRUCTURED)

    assert f"Problem: {BLURB}\nResult: {other}" == blurb.text


async def test_what_stays_too_long_is_cut_at_a_sentence() -> None:
    """If the second text is too long as well, it is cut after the last sentence that fits."""
    async with a_world() as world:
        world.server.says(*[one(f"{BLURB} {LONG}")] * 2)
        blurb = await world.engine.summarize(ABSTRACT)

    assert BLURB == blurb.text
    assert MOST_WORDS[Style.ONE_LINE] >= count_words(blurb.text)


async def test_a_sentence_that_cannot_be_cut_is_not_shown() -> None:
    """If the first sentence is over the limit and cannot be shortened, EngineDown is raised."""
    endless = (
        "Postcards that carry large gradients between machines whose fast links are expensive need less traffic in "
        "experiments than full updates that carry gradients large and less large between machines whose links are fast."
    )
    async with a_world() as world:
        world.server.says(one(endless), one(endless))
        with pytest.raises(EngineDown, match="words where 30 are allowed"):
            await world.engine.summarize(ABSTRACT)


@pytest.mark.parametrize(
    ("text", "error"), [("Too short.", TextTooShort), ("", TextTooShort), ("word " * 5000, TextTooLong)]
)
async def test_what_is_no_abstract_is_never_sent(text: str, error: type[Exception]) -> None:
    """A text of the wrong length is refused before a request is sent."""
    async with a_world() as world:
        with pytest.raises(error):
            await world.engine.summarize(Abstract(text=text))

    assert [] == world.server.calls


# -- grounding ------------------------------------------------------------------------------------


async def test_a_sentence_the_abstract_does_not_support_is_left_out() -> None:
    """A sentence with an invented number is left out, and a warning says so."""
    async with a_world() as world:
        world.server.says(one(f"{BLURB} Experiments show 90 times less traffic than full updates."))
        blurb = await world.engine.summarize(ABSTRACT)

    assert BLURB == blurb.text
    assert ("Part of the model's text was left out, because the abstract does not support it.",) == blurb.warnings


@pytest.mark.parametrize(
    "said",
    [
        "Postcards from Hooli carry only large gradients.",
        "Bananas ripen quickest beside warm friendly windows.",
        "Fast links between machines are not expensive.",
        "Gradient Postcards",
        "I'm sorry, but I cannot help with that.",
        "As an AI language model, I have no opinion on postcards.",
        "⟦ABSTRACT⟧ We propose postcards.",
        "postcards carry gradients " * 12,
        "",
        "…",
    ],
)
async def test_what_is_no_blurb_of_this_paper_is_not_shown(said: str) -> None:
    """Inventions, refusals, echoes, loops and empty answers raise EngineDown."""
    async with a_world() as world:
        world.server.says(one(said), one(said))
        with pytest.raises(EngineDown):
            await world.engine.summarize(ABSTRACT)


async def test_a_copy_of_the_abstract_is_no_blurb() -> None:
    """A model that returns a long abstract unchanged has not condensed it."""
    more = " Machines in many places hold parts of one model. Each sends what changed to the others at night. Waiting "
    more += "for slow links costs most of their time. Small changes add up and may go later without any harm."
    long = replace(ABSTRACT, text=ABSTRACT.text + more)
    async with a_world() as world:
        world.server.says(one(long.text))
        with pytest.raises(EngineDown, match="repeated the abstract"):
            await world.engine.summarize(long)


@pytest.mark.parametrize(
    "said",
    ["{", '{"blurb"', '{"blurb": 3}', "[]", '{"text": "x"}', "{}", "[" * 5000, '{"a":' * 5000, "{blurb: none}"],
)
async def test_an_answer_that_is_not_what_was_asked_for_is_an_error(said: str) -> None:
    """An answer in other JSON than was requested, or in damaged JSON, raises an error in one sentence."""
    async with a_world() as world:
        world.server.says(said)
        with pytest.raises(EngineDown, match=r"^The model's answer .*\.$"):
            await world.engine.summarize(ABSTRACT)


# -- register and language ------------------------------------------------------------------------


async def test_language_and_reader_are_said_and_named_in_the_model() -> None:
    """Language and reader are in the prompt and change the model's name, so that stored blurbs are not mixed up."""
    german = Brief(language="German", reader=Reader.NEWCOMER)
    async with a_world(brief=german) as world, a_world() as plain:
        world.server.says(one("Postkarten tragen nur große Gradienten und brauchen 40-mal weniger Verkehr."))
        blurb = await world.engine.summarize(ABSTRACT)
    system = world.server.calls[0].messages[0]["content"]

    assert "German" in system
    assert "new to the field" in system
    assert world.engine.model != plain.engine.model
    assert "Postkarten tragen nur große Gradienten und brauchen 40-mal weniger Verkehr." == blurb.text
    assert ("translation" in blurb.warnings[0], 1) == (True, len(blurb.evidence))


async def test_a_translation_may_not_invent_numbers_either() -> None:
    """In a translation, the numbers and technical names are compared with the abstract."""
    async with a_world(brief=Brief(language="German")) as world:
        world.server.says(one("Postkarten brauchen 90-mal weniger Verkehr als GPT-4."))
        with pytest.raises(EngineDown, match="does not support"):
            await world.engine.summarize(ABSTRACT)


def test_every_change_to_the_prompts_changes_the_version() -> None:
    """Each mode, reader and language has its own, constant version."""
    briefs = [
        Brief(mode=mode, reader=reader, language=lang) for mode in Mode for reader in Reader for lang in ("", "German")
    ]

    assert len(briefs) == len({prompts.version(brief) for brief in briefs})
    assert prompts.version(Brief()) == prompts.version(Brief())


async def test_the_model_reads_plain_text() -> None:
    """TeX and markup of the abstract are rendered as plain text before a model reads them."""
    async with a_world() as world:
        texed = replace(ABSTRACT, text=ABSTRACT.text.replace("40 times", r"$40\times$"))
        made: Blurb = await world.engine.summarize(texed)

    assert "40×" in abstract_of(world.server.calls[0]).text
    assert BLURB == made.text
