"""A shorter form keeps its main verb, the name it gives and how sure its numbers are."""

import pytest

from summarizer.compression.compress import as_sentence, candidates


@pytest.mark.parametrize(
    ("torn", "rest"),
    [
        (
            "In this review of clinical, biochemical and genetic factors of pain in patients",
            "using opioids we found a link.",
        ),
        (
            "We show that shortcomings which may be present in the bootstrap",
            ", especially in small samples, can be reduced.",
        ),
        (
            "The bound tells how many samples separate two laws p and q in either",
            ": (i) the free setting or (ii) another.",
        ),
        ("We present a set of 150 pairs of prompts that are hard", ", which we call Common2I, for models of images."),
    ],
)
def test_no_form_loses_its_verb_or_its_name(torn: str, rest: str) -> None:
    """The main verb behind an aside, the clause behind an opening, a list announced and a name given all stay."""
    sentence = f"{torn}{rest}" if rest[0] in ",:" else f"{torn} {rest}"
    assert f"{torn}." not in candidates(sentence)


@pytest.mark.parametrize(
    "stopped", ["We introduce a new model -", "We introduce a new model –", "We introduce a new model,"]
)
def test_a_dangling_mark_at_the_end_goes(stopped: str) -> None:
    """What followed the mark was cut."""
    assert "We introduce a new model." == as_sentence(stopped)


@pytest.mark.parametrize(
    "aside", ["(95% CI 0.4 to 0.6)", "(P < 0.001)", "(OR 2.1, 1.3 to 3.2)", "(r = 0.96)", "(12 ± 3 days)", "(IQR 4-9)"]
)
def test_how_sure_a_number_is_stays_with_it(aside: str) -> None:
    """An interval, a p-value or a deviation is part of its number."""
    assert all(
        aside in form for form in candidates(f"Naps lower the rate of errors of nurses at night by half {aside}.")
    )
