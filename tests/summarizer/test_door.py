"""Claims about the public API of the summarizer."""

import subprocess
import sys

import pytest

from summarizer import Abstract, EngineMissing, SummarizerError, TextTooLong, TextTooShort, load
from tests.conftest import ROOT

ABSTRACT = Abstract(
    title="Gradient Postcards",
    text="Fast links between two data centres are expensive. In this paper, we propose postcards, which carry only "
    "large gradients. Experiments show that they need 40 times less traffic.",
)


async def test_the_default_engine_condenses_an_abstract() -> None:
    """`load()` returns an engine that needs nothing but the text."""
    blurb = await load().summarize(ABSTRACT)
    assert "We propose postcards, which carry only large gradients." == blurb.text
    assert ("extractive", load().model, ()) == (blurb.engine, blurb.model, blurb.warnings)


def test_an_unknown_engine_is_refused_with_the_names_that_exist() -> None:
    """The error for an unknown engine names the registered ones."""
    with pytest.raises(EngineMissing, match=r"'telepathy'.*extractive"):
        load("telepathy")


def test_every_error_has_one_root_and_speaks_in_sentences() -> None:
    """A caller can catch SummarizerError and show its text unchanged."""
    errors: list[SummarizerError] = [TextTooShort(words=1, needed=25), TextTooLong(length=20_001, limit=20_000)]
    assert [
        "The abstract has 1 word; a blurb needs at least 25.",
        "The text has 20,001 characters; an abstract may have at most 20,000.",
    ] == [str(error) for error in errors]


def test_the_door_opens_without_loading_an_engine_or_any_library() -> None:
    """Importing the package loads neither an engine nor anything outside the standard library."""
    code = (
        "import sys; import summarizer;"
        "outside = {m.split('.')[0] for m in sys.modules} & {'numpy', 'rouge_score', 'torch', 'transformers'};"
        "print(sorted(outside), 'summarizer.engines.extractive.engine' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert "[] False\n" == done.stdout
