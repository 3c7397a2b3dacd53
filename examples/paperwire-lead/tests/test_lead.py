"""The engine passes the contract of Paperwire's test kit, and takes the sentences that it documents."""

from contextlib import AbstractAsyncContextManager, nullcontext

import pytest
from paperwire_lead import LeadEngine, read_count

from bots.api import Abstract, EngineSetup, Style, Summarizer
from bots.testing import EngineContract, HandClock, in_loop

PROPOSED = "We propose $k$-postcards, which carry only the largest gradients."
ABSTRACT = Abstract(
    text=f"Links between data centres are slow. {PROPOSED} "
    "Experiments show that they need 40 times less traffic than full updates do."
)


class TestLead(EngineContract):
    """Paperwire's contract for the engine."""

    def engine(self) -> AbstractAsyncContextManager[Summarizer]:
        return nullcontext(LeadEngine())


@pytest.mark.parametrize(("style", "sentences"), [(Style.ONE_LINE, 1), (Style.SHORT, 2), (Style.STRUCTURED, 2)])
@in_loop
async def test_the_first_sentences_are_taken(style: Style, sentences: int) -> None:
    """The one-line style has one sentence, the other styles as many as are set; these sentences are the evidence."""
    blurb = await LeadEngine().summarize(ABSTRACT, style)
    evidence = [ABSTRACT.text[span.start : span.end] for span in blurb.evidence]
    first = [
        "Links between data centres are slow.",
        "We propose $k$-postcards, which carry only the largest gradients.",
    ]
    assert first[:sentences] == evidence
    assert blurb.text.startswith("Links between data centres are slow.")


@in_loop
async def test_as_many_sentences_as_are_set() -> None:
    """The number in [engines.lead] determines the sentences, and blurbs of another number are cached separately."""
    engine = LeadEngine.open(EngineSetup(clock=HandClock(), random=lambda: 0.5, options={"sentences": 3}))
    assert 3 == len((await engine.summarize(ABSTRACT, Style.SHORT)).evidence)
    assert engine.model != LeadEngine().model


@in_loop
async def test_a_sentence_without_end_is_cut_and_the_reader_told() -> None:
    """A sentence of hundreds of words is cut, with a warning."""
    blurb = await LeadEngine().summarize(Abstract(text="word " * 300))
    assert blurb.text.endswith("…")
    assert ("A sentence of the abstract was too long and is cut.",) == blurb.warnings


def test_a_number_that_cannot_be_is_refused() -> None:
    """The error for an invalid number names the valid ones."""
    with pytest.raises(ValueError, match="a number from 1 to 5"):
        read_count("many")
