"""Claims about the vectors of abstracts, and the nearness of two."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.ranking.vectors import WIDTH, cosines
from summarizer import Abstract, Embedder

TRANSLATION = Abstract(
    title="Attention Is All You Need",
    text="The dominant sequence transduction models are based on recurrent networks. We propose the Transformer, "
    "based solely on attention mechanisms. It translates English to German better than the best before.",
)
HEADS = Abstract(
    title="Are sixteen heads better than one?",
    text="Attention with several heads drives neural translation models. We prune the heads of the Transformer.",
)
TROUT = Abstract(
    title="Attention of trout", text="Brown trout in mountain lakes were watched for a year. They eat flies at dusk."
)


async def near(one: Abstract, others: list[Abstract]) -> tuple[float, ...]:
    """Return the nearness of each other abstract and one."""
    first, *rest = await Embedder().embed([one, *others])
    return cosines(first, rest)


async def test_a_vector_has_length_one_and_names_its_model() -> None:
    """A vector is 384 numbers of half precision and near to itself; the encoder says which version made it."""
    (vector,) = await Embedder().embed([TRANSLATION])
    assert vector is not None
    assert 2 * WIDTH == len(vector)
    assert await Embedder().model()


async def test_an_abstract_is_nearest_to_itself() -> None:
    """An abstract has a nearness of 1 to itself, because its vector has length 1."""
    (itself,) = await near(TRANSLATION, [TRANSLATION])
    assert pytest.approx(1.0, abs=1e-3) == itself


async def test_the_same_field_is_nearer_than_the_same_word() -> None:
    """Abstracts on one subject are nearer than abstracts with a common word in the title."""
    heads, trout = await near(TRANSLATION, [HEADS, TROUT])
    assert heads > trout + 0.2


async def test_a_title_alone_says_what_a_paper_is_about() -> None:
    """A paper without an abstract is compared by its title."""
    bare = Abstract(title=TRANSLATION.title, text="")
    itself, trout = await near(bare, [TRANSLATION, TROUT])
    assert itself > trout


@pytest.mark.parametrize("text", ["", " \n", "…", "$$", "\x00"])
async def test_nothing_is_far_from_everything(text: str) -> None:
    """If either abstract has no word to read, the nearness is -1."""
    empty = Abstract(title=text, text=text)
    assert (-1.0,) == await near(empty, [TRANSLATION])
    assert (-1.0,) == await near(TRANSLATION, [empty])
    assert () == await near(TRANSLATION, [])


@settings(deadline=None, max_examples=25)
@given(st.text(max_size=200), st.text(max_size=500), st.booleans())
async def test_any_text_can_be_compared(title: str, text: str, dollar_math: bool) -> None:
    """For any text, nearness is a number from -1 to 1."""
    (value,) = await near(TRANSLATION, [Abstract(title=title, text=text, dollar_math=dollar_math)])
    assert -1.001 <= value <= 1.001


async def test_an_endless_text_is_read_as_far_as_it_matters() -> None:
    """A text of a megabyte is only read up to the limits, so it takes no longer than an abstract."""
    endless = Abstract(title=TRANSLATION.title * 20_000, text=TRANSLATION.text * 5_000)
    (value,) = await near(TRANSLATION, [endless])
    assert value > 0.8
