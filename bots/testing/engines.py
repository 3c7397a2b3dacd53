"""The contract of every engine, from `summarizer.Summarizer`, for any engine."""

import asyncio
from contextlib import AbstractAsyncContextManager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.testing import hostile
from bots.testing.looping import in_loop
from summarizer import Abstract, Blurb, Style, Summarizer, SummarizerError, TextTooLong, TextTooShort

ABSTRACT = Abstract(
    title="Gradient Postcards",
    text="Fast links between two data centres are expensive. In this paper, we propose postcards, which carry only "
    "large gradients. Experiments show that they need 40 times less traffic.",
)
#: Not abstracts: less than a few words, or no visible text.
_TOO_SHORT = ("", " \n\u200b", "Just three words.")
#: A whole paper: an abstract has about 2,000 characters, and no engine accepts a hundred times as many.
_TOO_LONG = "word " * 40_000


@hostile.readable
class EngineContract:
    """The tests of an engine; inherit from it, and return the engine from `engine`."""

    def engine(self) -> AbstractAsyncContextManager[Summarizer]:
        """Return the engine; each test opens and closes its own. Use `nullcontext(engine)` if it has no `aclose`."""
        raise NotImplementedError("Return your engine: `contextlib.nullcontext(MyEngine())` will do.")

    @pytest.mark.parametrize("style", list(Style))
    @in_loop
    async def test_an_abstract_becomes_a_blurb(self, style: Style) -> None:
        """Every style produces a blurb that names its engine and model."""
        async with self.engine() as engine:
            blurb = await engine.summarize(ABSTRACT, style)
            assert (engine.engine, engine.model) == (blurb.engine, blurb.model)
        sound(ABSTRACT, blurb)
        assert blurb.evidence

    @in_loop
    async def test_the_same_abstract_has_the_same_blurb(self) -> None:
        """An engine returns the same blurb for the same abstract, so that a cached blurb equals a new one."""
        async with self.engine() as engine:
            assert await engine.summarize(ABSTRACT) == await engine.summarize(ABSTRACT)

    @in_loop
    async def test_one_engine_serves_many_calls_at_once(self) -> None:
        """Concurrent calls of one engine return the same as single calls."""
        async with self.engine() as engine:
            alone = [await engine.summarize(ABSTRACT, style) for style in Style]
            together = await asyncio.gather(*(engine.summarize(ABSTRACT, style) for style in Style))
        assert alone == together

    @pytest.mark.parametrize("text", _TOO_SHORT)
    @in_loop
    async def test_too_little_text_is_refused(self, text: str) -> None:
        """A text with almost no content raises an error; an apology is never returned as a blurb."""
        async with self.engine() as engine:
            with pytest.raises(TextTooShort):
                await engine.summarize(Abstract(text=text))

    @in_loop
    async def test_too_much_text_is_refused(self) -> None:
        """A whole paper is refused as an abstract."""
        async with self.engine() as engine:
            with pytest.raises(TextTooLong):
                await engine.summarize(Abstract(text=_TOO_LONG))

    @hostile.patient
    @given(text=hostile.texts, title=hostile.texts, style=st.sampled_from(Style), prose=st.booleans())
    @in_loop
    async def test_any_text_gives_a_sound_blurb_or_a_named_error(
        self, text: str, title: str, style: Style, prose: bool
    ) -> None:
        """Any text produces a non-empty blurb with ordered evidence inside the text, or a SummarizerError."""
        abstract = Abstract(text=f"{ABSTRACT.text} {text}" if prose else text, title=title)
        async with self.engine() as engine:
            blurb = await blurb_or_error(engine, abstract, style)
        if isinstance(blurb, SummarizerError):
            assert str(blurb).endswith(".")
        else:
            sound(abstract, blurb)


async def blurb_or_error(engine: Summarizer, abstract: Abstract, style: Style) -> Blurb | SummarizerError:
    """Return the blurb, or the SummarizerError raised instead; any other error is a fault of the engine."""
    try:
        return await engine.summarize(abstract, style)
    except SummarizerError as error:
        return error


def sound(abstract: Abstract, blurb: Blurb) -> None:
    """Assert that a blurb is not empty, and that its evidence is inside the text, ordered and without overlap."""
    assert blurb.text.strip()
    position = 0
    for span in blurb.evidence:
        assert position <= span.start < span.end <= len(abstract.text)
        position = span.end
