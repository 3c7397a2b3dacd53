"""How far the check of a blurb looks around a number, a name and a negation of the abstract: exactly so far."""

import pytest

from summarizer import Abstract
from summarizer.grounding.check import unsupported
from summarizer.grounding.polarity import read
from summarizer.grounding.quantities import tokens


def found(blurb: str, text: str) -> list[str]:
    """Return the claims of a blurb that an abstract does not support."""
    return [claim.text for claim in unsupported(blurb, Abstract(text=text))]


FILLER = "alpha beta gamma delta kappa sigma omega theta lambda zeta eta iota rho".split()


@pytest.mark.parametrize(
    ("text", "blurb"),
    [
        # A name without its common words, whole or as initials.
        ("We train generative adversarial networks.", "It is a GAN-based model."),
        # A noun within twelve words of its number, on either side.
        (f"We set it to 40, then {' '.join(FILLER[:10])} planets were seen.", "It uses 40 planets."),
        ("Of the GPUs, 40 units were used for 3 days.", "It uses 40 GPUs."),
        # A negation of the fourth word with content, whatever stands before it.
        ("The method does not strictly need many labels.", "The method works without labels."),
        ("Networks never strictly need many labels.", "It works without labels."),
        # A negation does not reach the third word before it.
        ("Small nets train quickly without labels.", "Nets label images quickly."),
        # An order that is no magnitude, and numbers with a hyphen.
        ("It learns by postcards.", "In order to learn, it sends postcards."),
        ("It speaks 25 languages.", "It speaks twenty-five languages."),
        ("It speaks twenty-five languages.", "It speaks 25 languages."),
        ("It gains 3 to 5%.", "It gains 3%."),
        ("It has 3 billion parameters.", "It has 3 bn parameters."),
        ("We need a five-fold-larger memory and it is faster.", "It is 5x faster."),
    ],
)
def test_what_stands_within_reach_is_supported(text: str, blurb: str) -> None:
    """The bounds of what is looked for near a number, a name and a negation are exact: just inside is supported."""
    assert [] == found(blurb, text)


@pytest.mark.parametrize(
    ("text", "blurb", "claim"),
    [
        (f"We set it to 40, then {' '.join(FILLER[:11])} planets were seen.", "It uses 40 planets.", "40 planets"),
        # Beyond another number, a noun belongs to that.
        ("The GPUs of 8 labs ran 40 hours.", "It uses 40 GPUs.", "40 GPUs"),
        # Two letters are the initials of too much.
        ("It learns from noisy labels.", "It needs NL.", "NL"),
        ("Earlier models lack memory.", "Earlier models have memory.", "models have memory"),
        ("Earlier models have no memory.", "Earlier models have memory.", "models have memory"),
        ("It speaks 25 languages.", "It speaks twenty-six languages.", "twenty-six languages"),
        # A number shares the unit of the next one only if it has none of its own.
        ("It gains 3x to 5%.", "It gains 3%.", "3%"),
        ("It costs $3 to 5%.", "It costs 3%.", "3%"),
        ("It needs two orders of postcards.", "It is an order of magnitude faster.", "order"),
    ],
)
def test_what_stands_out_of_reach_is_found(text: str, blurb: str, claim: str) -> None:
    """The bounds are exact: just outside is a claim that the abstract does not make."""
    assert [claim] == found(blurb, text)


@pytest.mark.parametrize(("small", "after"), [(7, ("label",)), (8, ())])
def test_a_negation_reads_eight_words(small: int, after: tuple[str, ...]) -> None:
    """Words without content do not count, but the eighth word behind a negation is the last that is read."""
    text = f"It does not {' '.join(['of'] * small)} labels"
    (cue,) = read(text, tokens(text)).cues
    assert after == cue.after
