"""The part of the index that is searched in memory."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.papers import PaperId
from bots.ranking.vectors import WIDTH
from bots.search.image import Image
from bots.search.likeness import signature
from bots.search.packing import PACKED, pack, unpack
from bots.search.records import IndexNews, NewsMark, WordCounts
from bots.search.typing_errors import Reading, chosen_readings, readings
from bots.selection.words import row_of

TITLES = ("Attention Is All You Need", "Robots that fold laundry", "A survey of attention")


def name(number: int) -> PaperId:
    """Return the id of a paper."""
    return PaperId.arxiv(f"2401.{number:05}")


def vector(seed: int) -> bytes:
    """Return a vector of length 1, as the encoder gives it."""
    numbers = np.random.default_rng(seed).normal(size=WIDTH)
    return (numbers / np.linalg.norm(numbers)).astype("<f2").tobytes()


@pytest.fixture
def image() -> Image:
    """An index of three papers."""
    made = Image()
    made.learn(
        IndexNews(
            titles=tuple((name(place), signature(row_of(title))) for place, title in enumerate(TITLES)),
            vectors=tuple((name(place), pack(vector(place))) for place in range(len(TITLES))),
            words=("attention", "attentive", "robots", "vaswani", "need"),
            mark=NewsMark(entry=3, vector=3, word=5),
        )
    )
    return made


def test_the_nearest_title_comes_first(image: Image) -> None:
    """A title with typing errors is nearest to the title that is meant."""
    near = image.near_titles(row_of("Atention is al you ned"))
    assert name(0) == near[0].paper_id
    assert [each.by for each in near] == sorted((each.by for each in near), reverse=True)


def test_the_nearest_vector_comes_first(image: Image) -> None:
    """A paper is nearest to its own vector, with a cosine of 1; far ones are left out."""
    (near,) = image.near_vectors(vector(1), 5, 0.5)
    assert name(1) == near.paper_id
    assert abs(1 - near.by) < 0.01
    assert 3 == len(image.near_vectors(vector(1), 5, -1))
    assert 2 == len(image.near_vectors(vector(1), 2, -1))


def test_a_paper_that_is_told_again_is_replaced(image: Image) -> None:
    """A paper that is told again has its new title and vector, and no longer the old ones."""
    image.learn(IndexNews(titles=((name(0), signature(row_of("Knots"))),), vectors=((name(0), pack(vector(9))),)))
    assert name(0) != image.near_titles(row_of(TITLES[0]))[0].paper_id
    assert name(0) == image.near_vectors(vector(9), 1, 0.5)[0].paper_id
    assert () == image.near_vectors(vector(0), 1, 0.5)
    assert 3 == len(image)


def test_a_forgotten_paper_is_not_found(image: Image) -> None:
    """A paper that is no longer stored is found by nothing; to forget an unknown one changes nothing."""
    image.forget([name(1), name(77)])
    assert () == image.near_vectors(vector(1), 5, 0.5)
    assert name(1) not in {each.paper_id for each in image.near_titles(row_of(TITLES[1]))}
    assert (2, False, True) == (len(image), image.has_vector(name(1)), image.has_vector(name(0)))


def test_it_grows() -> None:
    """Thousands of papers, told in several parts, are all found."""
    image = Image()
    for start in range(0, 3000, 700):
        some = range(start, min(start + 700, 3000))
        image.learn(IndexNews(vectors=tuple((name(number), pack(vector(number))) for number in some)))
    assert [name(number) for number in (0, 1500, 2999)] == [
        image.near_vectors(vector(number), 1, 0.9)[0].paper_id for number in (0, 1500, 2999)
    ]


def test_a_vector_of_another_encoder_is_left_out(image: Image) -> None:
    """What is no packed vector is not read as one."""
    image.learn(IndexNews(vectors=((name(5), b"short"),)))
    assert not image.has_vector(name(5))


@given(st.lists(st.floats(-1, 1, width=16), min_size=WIDTH, max_size=WIDTH))
def test_packing_loses_little(numbers: list[float]) -> None:
    """A packed vector has half the size, and each number is off by at most half a step."""
    packed = pack(np.array(numbers, "<f2").tobytes())
    scale, found = unpack(packed)
    assert PACKED == len(packed)
    assert np.abs(found * scale - np.array(numbers)).max() <= scale * 0.51 + 1e-6


COUNTS = WordCounts(papers=1000, found={"attention": 90, "attentive": 5, "vaswani": 3, "robot": 40, "need": 100})


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("vasvani", ("vaswani",)),
        ("atention", ("attention",)),
        ("atten", ("attention", "attentive")),
        ("ned", ()),
        ("gpt4", ()),
        ("phlogiston", ()),
        ("robots", ()),
    ],
)
def test_words_are_read_as_they_were_meant(image: Image, word: str, meant: tuple[str, ...]) -> None:
    """A word with a typing error is read as the known one, and the beginning of words as those words.

    Short words, identifiers, words that are near to none, and known words stay as they are.
    """
    stem = "robot" if word == "robots" else word
    found = chosen_readings(readings(image, {stem: word}, COUNTS), COUNTS)
    assert meant == tuple(sorted(each.meant for each in found.get(word, ())))


def test_a_rare_word_is_read_otherwise_only_if_the_other_is_far_commoner() -> None:
    """A word that two papers have may be a typing error of theirs; or a word beside a little commoner one."""
    asked = [Reading(word="atention", meant="attention", errors=1)]
    common = WordCounts(papers=1000, found={"atention": 2, "attention": 90})
    usual = WordCounts(papers=1000, found={"atention": 2, "attention": 9})
    assert [{"atention": tuple(asked)}, {}] == [chosen_readings(asked, counts) for counts in (common, usual)]


def test_an_empty_index_finds_nothing() -> None:
    """Without papers and words nothing is found, and nothing fails."""
    image = Image()
    assert ((), (), (), ()) == (
        image.near_titles(row_of("robots")),
        image.near_vectors(vector(1), 5),
        image.near_words("robots"),
        image.words_beginning("robots"),
    )
