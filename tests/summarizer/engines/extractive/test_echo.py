"""Claims about the words that the forms of one abstract share, and about openings that point back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Abstract
from summarizer.compression.openings import Variant
from summarizer.engines.extractive import choice
from summarizer.engines.extractive.echo import echoes
from summarizer.engines.extractive.engine import ExtractiveEngine


def test_what_others_say_too_is_heard() -> None:
    """Of three forms with equal scores, the one that shares words with both others has the highest echo."""
    middle, *others = echoes(["small nets draw cats", "small nets learn", "lamps draw cats"], [0.0, 0.0, 0.0])
    assert middle > max(others)


def test_whom_nobody_trusts_nobody_echoes() -> None:
    """A form with a low score adds little to the echo of another."""
    texts = ["small nets learn", "small nets draw", "lamps burn oil"]
    assert echoes(texts, [0.0, 5.0, -20.0])[0] > echoes(texts, [0.0, -20.0, 5.0])[0]


@given(st.lists(st.tuples(st.text(max_size=40), st.floats(-50, 50)), min_size=1, max_size=90))
def test_an_echo_is_a_share(forms: list[tuple[str, float]]) -> None:
    """For any texts and scores, there is one echo per text, from 0 to 1."""
    found = echoes([text for text, _ in forms], [score for _, score in forms])
    assert len(forms) == len(found)
    assert all(0 <= echo <= 1 + 1e-9 for echo in found)


@pytest.mark.parametrize(
    ("looks", "text"),
    [
        (True, "To make them cheap, we train nets in a small space."),
        (True, "Using this idea, our nets need no labels at all."),
        (False, "We train nets in a small space."),
        (False, "To make nets cheap, we train them in a small space."),
    ],
)
def test_who_is_meant_is_seen(looks: bool, text: str) -> None:
    """An opening that points back is distinguished from one that names its subject."""
    assert looks is (
        "looks_back" in choice.describe(Variant(text=text), frozenset(), frozenset(), choice.Others.of([]))
    )


def test_a_blurb_does_not_point_back() -> None:
    """A blurb leaves out an opening whose "them" refers to the sentence before."""
    text = (
        "Diffusion models draw well but cost weeks of work on many cards. To make them affordable without giving up "
        "quality, we train diffusion models in the small space of strong autoencoders."
    )
    said = ExtractiveEngine().condense(Abstract(text=text, title="Latent Diffusion")).text
    assert "We train diffusion models in the small space of strong autoencoders." == said
