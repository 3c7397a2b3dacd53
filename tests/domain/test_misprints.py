"""A typing error in a title makes no second paper; a real difference always does."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import unique
from bots.domain.titles import is_mistyped

TITLE = "Attention Mechanisms for Efficient Language Understanding"
DAY = datetime(2024, 3, 5, tzinfo=UTC)


def a_record(title: str, **more: object) -> Paper:
    fields = {
        "authors": ("Ada Smith", "Bo Chen"),
        "published": DAY,
        "abstract": "",
        "id": PaperId.titled(title),
        **more,
    }
    return Paper(title=title, **fields)  # type: ignore[arg-type]  # a test's record


MISTYPED = [
    "Attenton Mechanisms for Efficient Language Understanding",
    "Attenttion Mechanisms for Efficient Language Understanding",
    "Attention Mechansims for Efficient Language Understanding",
    "Attention Mechanisms for Efficient Langusge Understanding",
    "Attention Mechanisms for Effcient Language Understandng",
    "ATTENTION MECHANISMS FOR EFICIENT LANGUAGE UNDERSTANDING",
]
OTHERS = [
    ("Learning to Rank Papers, Part I", "Learning to Rank Papers, Part II"),
    ("Learning to Rank Papers v1", "Learning to Rank Papers v2"),
    ("Results of the Survey of 2023", "Results of the Survey of 2024"),
    ("Pretraining of Large Models: A Survey", "Pretraining of Large Models: Survey"),
    ("Effects of Hypertension on Memory", "Effects of Hypotension on Memory"),
    ("Supervised Learning of Whispers", "Unsupervised Learning of Whispers"),
    ("Symmetric Encryption of Streams", "Asymmetric Encryption of Streams"),
    ("Removal of Nitrate from Water", "Removal of Nitrite from Water"),
    ("Absorption of Light by Leaves", "Adsorption of Light by Leaves"),
    ("Causal Inference for Networks", "Casual Inference for Networks"),
    ("Neural Theories of Choice", "Neutral Theories of Choice"),
    ("Mortality of Young Nurses", "Morality of Young Nurses"),
    ("Maximal Cuts of Random Graphs", "Minimal Cuts of Random Graphs"),
    ("Encoder Models for Speech", "Decoder Models for Speech"),
    ("A Model for Sparse Attention", "Models for Sparse Attention"),
    ("Model Merging for Language", "Models Merging for Language"),
    ("Sleep in Mice at Night", "Sleep on Mice at Night"),
    ("Reply to Attenton Mechanisms", "Reply to Attention Mechanisms"),
    ("Intra-Slice Attention in Transformers", "Inter-Slice Attention in Transformers"),
]


@pytest.mark.parametrize("title", MISTYPED)
def test_a_typing_error_makes_one_paper(title: str) -> None:
    """Letters swapped, left out, doubled or hit beside, in up to two long words, are typing errors."""
    (paper,) = unique((a_record(TITLE), a_record(title)))
    assert TITLE == paper.title
    assert {PaperId.titled(TITLE), PaperId.titled(title)} == paper.names
    doi = PaperId(scheme="doi", value="10.5555/x")
    assert 1 == len(unique((a_record(TITLE, id=doi), a_record(title, id=doi))))


@pytest.mark.parametrize(("first", "second"), OTHERS)
def test_another_word_makes_another_paper(first: str, second: str) -> None:
    """Parts, versions, years, prefixes and words that look alike keep two papers apart, whoever wrote them."""
    assert not is_mistyped(first, second)
    assert not is_mistyped(second, first)
    if PaperId.titled(first) != PaperId.titled(second):
        assert 2 == len(unique((a_record(first), a_record(second))))


@pytest.mark.parametrize(
    "more",
    [
        {"authors": ("Ada Smith", "Carl Diaz")},
        {"authors": ("Ada Smith",)},
        {"authors": ()},
        {"published": datetime(2023, 3, 5, tzinfo=UTC)},
        {"published": None},
        {"id": PaperId.arxiv("2401.01234")},
        {"id": PaperId(scheme="doi", value="10.5555/other")},
        {"abstract": "Octopuses dream while their arms change colour, which nobody had recorded before this winter."},
    ],
)
def test_people_years_ids_and_texts_must_agree(more: dict[str, object]) -> None:
    """A title like another one's is of another paper if anything else says so, or nothing else is known."""
    first = a_record(
        TITLE, abstract="Attention is costly for long texts. We propose a cheap form of attention for them."
    )
    assert 2 == len(unique((first, replace(a_record(MISTYPED[0]), **more))))  # type: ignore[arg-type]


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_titles_are_compared(first: str, second: str) -> None:
    """The comparison is symmetric, and no title is itself mistyped."""
    assert is_mistyped(first, second) == is_mistyped(second, first)
    assert not is_mistyped(first, first)


def test_a_long_list_of_one_group_is_read() -> None:
    """Many papers of the same authors and year stay as many papers."""
    papers = tuple(a_record(f"Measurement number {number} of the detector") for number in range(300))
    assert 300 == len(unique(papers))


@pytest.mark.parametrize("named", [PaperId.arxiv("2401.01234"), PaperId(scheme="doi", value="10.5555/x")])
@pytest.mark.parametrize("first", [True, False])
def test_a_record_without_an_id_is_the_paper_with_its_title(named: PaperId, first: bool) -> None:
    """The same people do not give two papers of a year one title: a list without ids names what another one names."""
    records = [a_record(TITLE), a_record(TITLE, id=named)]
    (paper,) = unique(tuple(records if first else reversed(records)))
    assert {PaperId.titled(TITLE), named} == paper.names


@pytest.mark.parametrize(
    "more",
    [
        {"authors": ("Carl Diaz",)},
        {"published": datetime(2021, 3, 5, tzinfo=UTC)},
        {"title": "Introduction", "id": PaperId.arxiv("2401.01234")},
    ],
)
def test_two_papers_of_one_title_stay_two(more: dict[str, object]) -> None:
    """Other people, another year, or a title that anything may have keep a record without an id apart."""
    title = str(more.get("title", TITLE))
    named = replace(a_record(title, id=PaperId.arxiv("2401.01234")), **more)  # type: ignore[arg-type]
    assert 2 == len(unique((a_record(title), named)))
