"""The cache of stems: what is kept, for how many of them, and for whom."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bots.ranking.bm25 import stems_of, stems_of_paper
from bots.ranking.kept_stems import StemCache
from bots.selection.words import seen_text
from tests.support.factories import a_paper


def words(number: int, first: int = 0) -> dict[str, int]:
    """Return so many stems."""
    return {f"w{each}": 1 for each in range(first, first + number)}


def noting(made: list[str], name: str, stems: dict[str, int]) -> dict[str, int]:
    """Return the stems, and note that they were made."""
    made.append(name)
    return stems


def test_a_text_is_split_once() -> None:
    """The second time its stems are those of the first; the same words in other parts are another text."""
    cache, made = StemCache(100), list[str]()
    for texts in (("a", "b"), ("a", "b"), ("a b",), ("a", "b")):
        assert {"x": 1} == cache.get(texts, lambda: noting(made, "x", {"x": 1}))
    assert 2 == len(made)


@given(sizes=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 60)), max_size=60))
def test_no_more_stems_are_kept_than_allowed(sizes: list[tuple[int, int]]) -> None:
    """However long the texts are; and each caller gets the stems of its text, even of one that is too long to keep."""
    cache = StemCache(50)
    for name, size in sizes:
        text = f"{name} {size}"
        assert words(size) == cache.get((text,), lambda size=size: words(size))  # type: ignore[misc]
        assert 50 >= len(cache)


def test_the_text_that_was_used_longest_ago_goes_first() -> None:
    """A list that is read again and again stays."""
    cache, made = StemCache(20), list[str]()

    def get(name: str) -> None:
        cache.get((name,), lambda: noting(made, name, words(10)))

    for name in "abacab":
        get(name)
    assert ["a", "b", "c", "b"] == made


def test_threads_share_it() -> None:
    """Two that make the stems of the same text at once do not count them twice."""
    cache = StemCache(1000)
    texts = [f"word{number % 7} and others" for number in range(300)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: cache.get((text,), lambda: dict(stems_of(text))), texts))
    assert [dict(stems_of(text)) for text in texts] == found
    assert sum(len(stems_of(text)) for text in set(texts)) == len(cache)


def test_a_paper_is_read_as_its_readers_see_it() -> None:
    """The same signs are a formula in one paper, and dollars in another: the cache does not confuse them."""
    written = a_paper(title="", abstract=r"Here $x_1 = 5$ and y_2 hold.", keywords=())
    formulas, prices = (replace(written, dollar_math=each) for each in (True, False))
    for paper in (formulas, prices, formulas):
        assert stems_of(seen_text(paper.abstract, paper)) == stems_of_paper(paper)
    assert stems_of_paper(formulas) != stems_of_paper(prices)
