"""A shorter form keeps its main verb, the name it gives and how sure its numbers are."""

import pytest

from summarizer.compression.compress import as_sentence, candidates
from summarizer.compression.leads import tighten


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


@pytest.mark.parametrize(
    ("sentence", "tight"),
    [
        ("Strong Performance: Lamp3D reaches 66.1 on LightBench.", "Lamp3D reaches 66.1 on LightBench."),
        ("Ease of Use: We ship one file.", "We ship one file."),
        ("Kaleido: The first lamp with two colours.", "Kaleido: The first lamp with two colours."),
        ("Lamps: We build three.", "Lamps: We build three."),
        ("Lamps outperform candles on most tasks ...", "Lamps outperform candles on most tasks."),
        ("Lamps outperform candles on most tasks …", "Lamps outperform candles on most tasks."),
    ],
)
def test_the_heading_of_an_item_and_a_trailing_off_are_left_out(sentence: str, tight: str) -> None:
    """A heading of several words before a clause goes; a single word may be a name and stays."""
    assert tight == tighten(sentence)


@pytest.mark.parametrize("dash", [" – ", " — "])
def test_a_sentence_is_not_cut_at_an_aside_between_dashes(dash: str) -> None:
    """The verb after the second dash belongs to the subject before the first one."""
    sentence = (
        f"We prove that a dim lamp saves half the power, and the usual clipping{dash}first introduced to steady the "
        f"light{dash}recovers how people see in the dark."
    )
    assert all(text.endswith("in the dark.") or "clipping" not in text for text in candidates(sentence))


def test_a_remark_after_a_single_dash_is_left_out() -> None:
    """What follows the only dash of a sentence adds to a claim that is complete."""
    assert "We propose a lamp that saves half the power." in candidates(
        "We propose a lamp that saves half the power – the first of its kind in any house."
    )
