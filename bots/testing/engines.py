"""What every engine promises in `summarizer.Summarizer`, held for whichever one is given."""

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
#: No abstract: under a handful of words, or of nothing that is visible.
_TOO_SHORT = ("", " \n\u200b", "Just three words.")
#: A whole paper: an abstract has some 2,000 characters, and no engine takes a hundred times as many.
_TOO_LONG = "word " * 40_000


@hostile.readable
class EngineContract:
    """The claims of an engine; inherit, and return it from `engine`."""

    def engine(self) -> AbstractAsyncContextManager[Summarizer]:
        """Return the engine, opened and closed by each claim; `nullcontext(engine)` where nothing is to be closed."""
        raise NotImplementedError("Return your engine: `contextlib.nullcontext(MyEngine())` will do.")

    @pytest.mark.parametrize("style", list(Style))
    @in_loop
    async def test_an_abstract_becomes_a_blurb(self, style: Style) -> None:
        """In every style there is a blurb, which says which engine and model made it."""
        async with self.engine() as engine:
            blurb = await engine.summarize(ABSTRACT, style)
            assert (engine.engine, engine.model) == (blurb.engine, blurb.model)
        sound(ABSTRACT, blurb)
        assert blurb.evidence

    @in_loop
    async def test_the_same_abstract_has_the_same_blurb(self) -> None:
        """An engine asked again answers alike, so that a blurb that is kept is the one that would be made."""
        async with self.engine() as engine:
            assert await engine.summarize(ABSTRACT) == await engine.summarize(ABSTRACT)

    @in_loop
    async def test_one_engine_serves_many_calls_at_once(self) -> None:
        """Concurrent calls on one engine give what single calls give."""
        async with self.engine() as engine:
            alone = [await engine.summarize(ABSTRACT, style) for style in Style]
            together = await asyncio.gather(*(engine.summarize(ABSTRACT, style) for style in Style))
        assert alone == together

    @pytest.mark.parametrize("text", _TOO_SHORT)
    @in_loop
    async def test_too_little_text_is_refused(self, text: str) -> None:
        """What holds next to nothing raises; a blurb is never an apology."""
        async with self.engine() as engine:
            with pytest.raises(TextTooShort):
                await engine.summarize(Abstract(text=text))

    @in_loop
    async def test_too_much_text_is_refused(self) -> None:
        """A whole paper is no abstract."""
        async with self.engine() as engine:
            with pytest.raises(TextTooLong):
                await engine.summarize(Abstract(text=_TOO_LONG))

    @hostile.patient
    @given(text=hostile.texts, title=hostile.texts, style=st.sampled_from(Style), prose=st.booleans())
    @in_loop
    async def test_any_text_gives_a_sound_blurb_or_a_named_error(
        self, text: str, title: str, style: Style, prose: bool
    ) -> None:
        """Any input: evidence in order within the text and a blurb that says something, or a SummarizerError."""
        abstract = Abstract(text=f"{ABSTRACT.text} {text}" if prose else text, title=title)
        async with self.engine() as engine:
            blurb = await blurb_or_error(engine, abstract, style)
        if isinstance(blurb, SummarizerError):
            assert str(blurb).endswith(".")
        else:
            sound(abstract, blurb)


async def blurb_or_error(engine: Summarizer, abstract: Abstract, style: Style) -> Blurb | SummarizerError:
    """Return the blurb, or the error that stands in its place; any other error is a fault of the engine."""
    try:
        return await engine.summarize(abstract, style)
    except SummarizerError as error:
        return error


def sound(abstract: Abstract, blurb: Blurb) -> None:
    """Assert that a blurb says something, and that its evidence lies within the text, in order, without overlap."""
    assert blurb.text.strip()
    position = 0
    for span in blurb.evidence:
        assert position <= span.start < span.end <= len(abstract.text)
        position = span.end
