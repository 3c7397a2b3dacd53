"""A phrase that refers to something outside a lone text is found, and cut where the claim does not change."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.compression.clauses import variants
from summarizer.compression.leads import tighten
from summarizer.compression.pointing import points_back, without_outer_purpose, without_pointers

_WORD = re.compile(r"\w+")


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("this approach", "We address the optimization problem at the core of this approach."),
        ("to address this challenge", "We introduce Foo to address this challenge by pruning weights."),
        ("these failures", "We find these failures in eleven systems of three vendors."),
        ("these two", "We solve these two tasks with one model of vision."),
        ("such a model", "Such a model is cheap to train on one machine."),
        ("instead", "A linear map transfers the policy shift instead."),
        ("therefore", "We therefore introduce mOSCAR, a corpus of web documents."),
        ("respectively", "We propose two estimators for blind and known settings, respectively."),
        ("the proposed paradigm", "The proposed paradigm improves accuracy on ten benchmarks by 3 points."),
        ("our combined", "Our combined approach halves the cost of training large models."),
        ("it", "It reaches 62 percent on ImageNet without labels."),
        ("the former", "The former is slower than the method of Smith."),
        ("the above", "To address the above issue, we train nets in a small space."),
        ("aforementioned", "We train nets despite the aforementioned issue."),
        ("to make them cheap, we", "To make them cheap, we train nets in a small space."),
        ("these results", "These results show that sleep matters for memory."),
        ("the second", "The second result holds for all graphs."),
        ("the challenges", "The challenges are solved by pruning large nets."),
        ("the challenges", "We introduce Foo, a framework that overcomes the challenges with one model."),
        ("the main issues", "We tackle the main issues with a loss for large nets."),
        ("the problem", "Foo tackles the problem by pruning weights of large nets."),
        ("the gap", "To bridge the gap, we introduce Foo, a benchmark of 10 tasks."),
        ("to overcome the limitations", "We present Foo, a model of vision, to overcome the limitations."),
        ("these challenges", "These challenges are met by Foo, which prunes large nets."),
        ("the above", "The above shows that nets fail on long inputs of text."),
        ("such tasks", "We train nets to solve such tasks with few labels."),
        ("such tasks", "Such tasks need planning over long horizons."),
    ],
)
def test_a_pointer_to_what_is_not_there_is_found(phrase: str, text: str) -> None:
    """Demonstratives, pronouns, connectives, ordinals and outer purposes all need their abstract."""
    assert any(found.lower().startswith(phrase) or phrase in found.lower() for found in points_back(text))


@pytest.mark.parametrize(
    "text",
    [
        "This paper introduces Foo, a net that draws cats.",
        "This systematic review found evidence for the superiority of PET.",
        "We propose Foo; this model halves the cost of inference.",
        "Language models often hallucinate, and we propose Foo to reduce this problem.",
        "We show that A and B reach 5 and 6 points, respectively.",
        "We use attention instead of recurrence in every layer.",
        "The first system that parses Latin verse is open source.",
        "We compare trees and graphs, and the latter win on speed.",
        "We introduce a set of tasks such as parsing and tagging.",
        "The proposed FooNet improves accuracy on ten benchmarks by 3 points.",
        "Sleep helps memory, and therefore schools should start later.",
        "We prune weights so that the net and its gradients are small.",
        "We address the challenges of long inputs with a new loss.",
        "We discuss the challenges and opportunities of AI in schools.",
        "The main challenge is to train nets without labels.",
        "Nets forget old tasks, and we solve the problem by replay.",
        "Routing is a problem of graphs, and Foo solves the problem with a tree.",
        "We study the gap between training and test error.",
        "The question whether P equals NP is open.",
    ],
)
def test_what_the_text_itself_answers_is_no_pointer(text: str) -> None:
    """A document, a noun said before, a clause before, a pair, or a name answers a pointer."""
    assert () == points_back(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("We introduce mOSCAR, a corpus.", "We therefore introduce mOSCAR, a corpus."),
        ("We propose Turing-RL.", "We instead propose Turing-RL."),
        ("A linear map transfers the shift.", "A linear map transfers the shift instead."),
        ("We align optimization.", "We align optimization accordingly."),
        ("We use attention instead of recurrence.", "We use attention instead of recurrence."),
        ("We find it useful.", "We find it useful."),
    ],
)
def test_a_tie_to_the_sentence_before_is_cut(expected: str, text: str) -> None:
    """A connective without its first half goes; the same word with its own object stays."""
    assert expected == without_pointers(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("We introduce Foo by pruning weights.", "We introduce Foo to address this challenge by pruning weights."),
        ("We present Foo.", "We present Foo, to tackle this aforementioned issue."),
        ("We introduce Foo by pruning weights.", "We introduce Foo to address the challenges by pruning weights."),
        ("We present Foo.", "We present Foo to overcome the two main limitations."),
        (None, "We propose to address this issue by pruning weights."),
        (None, "We introduce Foo to address the challenges of long inputs."),
        (None, "We introduce Foo to address hallucination."),
        (None, "We introduce a net that addresses this gap by pruning weights."),
    ],
)
def test_an_outer_purpose_is_cut_where_a_sentence_is_left(expected: str | None, text: str) -> None:
    """The purpose goes, but never the object of a verb or half of a relative clause."""
    assert expected == without_outer_purpose(text)


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        (
            "We introduce Foo, a net that draws cats and dogs.",
            "We address this gap by introducing Foo, a net that draws cats and dogs.",
        ),
        (
            "We present Foo, a net that draws cats and dogs.",
            "We study this problem and present Foo, a net that draws cats and dogs.",
        ),
        (
            "We propose Foo, a net that draws cats and dogs.",
            "To tackle these problems, we propose Foo, a net that draws cats and dogs.",
        ),
        (
            "We introduce Foo, a net that draws cats and dogs.",
            "We address the challenges by introducing Foo, a net that draws cats and dogs.",
        ),
        (
            "We introduce Foo, a net that draws cats and dogs.",
            "In light of the above observations, we introduce Foo, a net that draws cats and dogs.",
        ),
        (
            "We introduce Foo, a net that draws cats and dogs.",
            "Motivated by the above, we introduce Foo, a net that draws cats and dogs.",
        ),
    ],
)
def test_a_form_without_the_pointer_is_offered(expected: str, sentence: str) -> None:
    """What was done about "this gap" is what a lone sentence can say."""
    assert expected in [form.text for form in variants(sentence)]


def test_a_reference_to_a_figure_goes() -> None:
    """No reader of a blurb sees the figure."""
    assert "Foo wins by 3 points." == tighten("As shown in Figure 1, Foo wins by 3 points.")


@given(
    st.lists(
        st.sampled_from(
            [
                "this ",
                "the challenges ",
                "the gap ",
                "these two ",
                "to address ",
                "we ",
                "propose ",
                ", ",
                ". ",
                "it ",
                "x ",
            ]
        )
    ).map("".join)
)
def test_any_text_is_searched_and_only_cut(text: str) -> None:
    """Every phrase found is in the text, and cutting adds no word."""
    assert all(phrase in text for phrase in points_back(text))
    assert set(_WORD.findall(without_pointers(text))) <= set(_WORD.findall(text))
    assert set(_WORD.findall(without_outer_purpose(text) or "")) <= set(_WORD.findall(text))
