"""A blurb says something beyond its title, its second sentence is a finding, and its cost is bounded."""

import sys
from typing import Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Abstract, Style
from summarizer.compression.pointing import points_back
from summarizer.engines.extractive import news, standing
from summarizer.engines.extractive.engine import ExtractiveEngine
from summarizer.text.plain import count_words
from summarizer.text.words import content

ENGINE = ExtractiveEngine()

_BEFORE = "Language models answer questions about papers, but they often make up the numbers in their answers. "
_TOOL = "We introduce Tally, a checker that compares every number of an answer with the tables of the paper. "
_FOUND = "On 1,200 questions about 300 papers, Tally removes 91% of the wrong numbers and keeps all right ones. "
_OUTLOOK = "These results highlight the potential of checkers and open new directions for future research."
_VARIANTS = "We evaluate Tally with several language models, ranging from small to large."
_PRAISE = "Extensive experiments demonstrate the effectiveness of our method."


def said(text: str, style: Style, title: str = "") -> str:
    return ENGINE.condense(Abstract(text=text, title=title), style).text


def test_a_short_blurb_is_contribution_and_finding() -> None:
    """The second sentence holds the result, with its number."""
    assert f"{_TOOL}{_FOUND}".strip() == said(_BEFORE + _TOOL + _FOUND + _OUTLOOK, Style.SHORT)


@pytest.mark.parametrize("last", [_OUTLOOK, _VARIANTS, _PRAISE, "Code is available at https://example.org/tally."])
def test_a_second_sentence_without_a_finding_is_left_out(last: str) -> None:
    """An outlook, a list of variants, praise or an address adds nothing to the contribution."""
    assert _TOOL.strip() == said(_BEFORE + _TOOL + last, Style.SHORT)


_STEP = "Tally parses each table into cells and asks a small model which cell a number was copied from. "


@pytest.mark.parametrize(
    "generic",
    [
        "Extensive experiments demonstrate that Tally achieves superior performance across various benchmarks.",
        "Experiments show that our method consistently outperforms existing approaches with strong generalization.",
        "Tally is better in several aspects and achieves state-of-the-art results.",
        _OUTLOOK,
    ],
)
def test_how_it_works_tells_more_than_praise(generic: str) -> None:
    """Beside a finding that any paper could have, the second sentence is a step of the work."""
    assert f"{_TOOL}{_STEP}".strip() == said(_BEFORE + _TOOL + _STEP + generic, Style.SHORT)


@pytest.mark.parametrize(
    "finding",
    [
        "Tally removes more wrong numbers than a model of ten times its size.",
        "Tally outperforms existing approaches by 12.5% on average.",
        "Tally achieves state-of-the-art performance on TableQA and SciNum.",
        "We find that all models fail when a table has merged cells.",
    ],
)
def test_a_finding_of_its_own_stands_before_a_step(finding: str) -> None:
    """A measure, a comparison, a named benchmark or a failure is what a reader wants to know."""
    assert f"{_TOOL}{finding}" == said(_BEFORE + _TOOL + _STEP + finding, Style.SHORT)


def test_it_is_what_the_sentence_before_presents() -> None:
    """A step that begins with "It" stands directly after the contribution, and nowhere else."""
    step = "It parses each table into cells and asks a small model which cell a number was copied from. "
    assert f"{_TOOL}{step}".strip() == said(_BEFORE + _TOOL + step + _PRAISE, Style.SHORT)
    between = "Existing checkers often compare digits only. "
    assert _TOOL.strip() == said(_BEFORE + _TOOL + between + step + _PRAISE, Style.SHORT)


@pytest.mark.parametrize(
    "last",
    [
        "We publicly release the models of Tally, all the parsed tables and the questions that we asked them.",
        "We report three key findings: (1) most wrong numbers are copied from the row above the right one.",
    ],
)
def test_a_release_and_one_item_of_a_list_are_no_step(last: str) -> None:
    """Neither tells how the work is done."""
    assert _TOOL.strip() == said(_BEFORE + _TOOL + last, Style.SHORT)


def test_what_others_do_is_no_step() -> None:
    """A sentence about the field does not stand beside the contribution."""
    field = "Existing checkers often compare only the digits of a number and ignore the unit it was measured in. "
    assert _TOOL.strip() == said(_BEFORE + _TOOL + field + _PRAISE, Style.SHORT)


def test_a_name_is_introduced_before_it_is_used() -> None:
    """The first sentence keeps the name that the second one uses."""
    tool = "We propose a checker of numbers (TallyNet), a model that compares every number with the tables of a paper. "
    text = said(_BEFORE + tool + "TallyNet removes 91% of the wrong numbers in 1,200 answers.", Style.SHORT)
    assert "(TallyNet)" in text
    assert text.index("(TallyNet)") < text.index("TallyNet removes")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Tally runs on VSI-Bench and GPT-4o in 3 ways.", {"vsi-bench", "gpt-4o"}),
        ("We like MLLMs.", {"mllm"}),
        ("No name at all, 12 times.", set()),
    ],
)
def test_names_have_a_capital_or_a_digit_inside(text: str, names: set[str]) -> None:
    """An ordinary word with a capital at its start is no name."""
    assert names == news.names(text)


@given(st.text(max_size=300))
def test_any_text_is_news_or_not(text: str) -> None:
    """What is already known as a name does not make a finding specific."""
    assert news.subjects(text) <= news.names(text) | {""}
    assert news.is_specific(text, frozenset()) or not news.is_specific(text, news.names(text))


def test_the_parts_of_a_structured_blurb_hold_what_they_name() -> None:
    """The finding is the result, never the problem, and a sentence that finds nothing is no result."""
    lines = said(_BEFORE + _TOOL + _FOUND + "We analyze why.", Style.STRUCTURED).splitlines()
    assert [f"Approach: {_TOOL}".strip(), f"Result: {_FOUND}".strip()] == lines[1:]
    assert lines[0].startswith("Problem: Language models answer questions")


@pytest.mark.parametrize("style", [Style.SHORT, Style.STRUCTURED])
def test_what_others_reached_is_no_finding(style: Style) -> None:
    """Background about better methods is neither the second sentence nor the result."""
    text = (
        "Retrieval methods improve the accuracy of answers and outperform larger models. "
        + _TOOL
        + "Its source is short."
    )
    lines = said(text, style)
    assert "Result" not in lines
    assert style is Style.STRUCTURED or _TOOL.strip() == lines


def test_a_report_has_a_problem_too() -> None:
    """The background of a trial is its problem, as that of a tool."""
    text = "BACKGROUND: Errors at night harm many patients. METHODS: We recruited 240 nurses and assigned them at "
    text += "random. RESULTS: Nurses who took naps made 31% fewer errors. CONCLUSION: Naps make night shifts safer."
    assert "Problem: Errors at night harm many patients." == said(text, Style.STRUCTURED).splitlines()[0]


def test_a_finding_is_not_filed_as_the_problem() -> None:
    """Even a finding about a weakness is what the paper found."""
    text = _TOOL + "We find that most answers fail on tables: 61% of their numbers are wrong." + " We release the data."
    assert "Problem" not in said(text, Style.STRUCTURED)
    assert "Result: We find that most answers fail on tables" in said(text, Style.STRUCTURED)


def test_a_blurb_does_not_repeat_its_title() -> None:
    """The title stands above it, so the sentence with news is better."""
    title = "Tally: a checker that compares every number of an answer with the tables of the paper"
    assert standing.FEWEST_NEW <= len(content(said(_BEFORE + _TOOL + _FOUND, Style.ONE_LINE, title)) - content(title))


@pytest.mark.parametrize(
    "text",
    [
        "We introduce MGM.",
        "We propose Length Guided Search (LGS).",
        "According to Mendel's laws, we introduce MGM.",
        "We propose several improvements.",
        "We analyze why.",
        "Implications for practice are discussed.",
        "Existing generation methods, do not scale well.",
        "We compare trees (with and without leaves.",
    ],
)
def test_a_form_that_says_nothing_or_is_torn_costs(text: str) -> None:
    """A name alone, a promise, half a sentence: each loses to a sentence that says something."""
    assert standing.SAYS_NOTHING <= standing.flaw(text, frozenset())


@pytest.mark.parametrize(
    "text",
    [
        "We introduce MGM, a model of genes that grows with its data.",
        "We propose several improvements that lower the bound on the exponent to 2.37.",
        "In this survey, models are compared by what they cost.",
        "Unlike trees, graphs do not scale well with their depth.",
        "We analyze why deep networks forget what they learnt first.",
    ],
)
def test_a_form_that_says_something_costs_nothing(text: str) -> None:
    """What the name is, what was improved and why keep a sentence."""
    assert 0.0 == standing.flaw(text, frozenset())


def test_a_blurb_that_stands_alone_wins() -> None:
    """Of two sentences with the same content, the one that needs no other is taken."""
    text = "Numbers in answers are often wrong. "
    text += _TOOL.replace("We introduce", "We tackle this problem by introducing").strip()
    assert _TOOL.strip() == said(text, Style.ONE_LINE)
    assert () == points_back(said(text, Style.ONE_LINE))


class Counted:
    """Counts the calls of functions and the steps of generators while it is entered."""

    def __enter__(self) -> Self:
        self.calls = 0
        sys.setprofile(self._count)
        return self

    def _count(self, _frame: object, event: str, _arg: object) -> None:
        self.calls += event in ("call", "c_call")

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)


@pytest.mark.parametrize(
    "piece",
    [
        "我。",
        "word. ",
        "We find this. ",
        "a\n\n",
        "We show that it is fast, and we use it by testing it, which helps. ",
    ],
)
def test_the_cost_of_many_sentences_is_bounded(piece: str) -> None:
    """Four times the sentences cost far less than four times the work: only the first and the last ones are read."""
    calls = []
    for count in (4_000, 16_000):
        text = piece * (count // len(piece)) + " word" * 30
        with Counted() as counted:
            ENGINE.condense(Abstract(text=text), Style.SHORT)
        calls.append(counted.calls)
    assert calls[1] <= 4.2 * calls[0]
    assert calls[1] <= 3_000_000


@pytest.mark.parametrize("piece", ["。 ", "“。” ", ".\n\n", "• "])
def test_sentences_without_a_word_take_no_place(piece: str) -> None:
    """However many marks stand around it, the only sentence with words is read."""
    text = f"{piece * 300}\n\n{_BEFORE}{_TOOL}\n\n{piece * 300}"
    assert _TOOL.strip() == said(text, Style.ONE_LINE)


def test_a_text_of_very_many_sentences_says_so() -> None:
    """What was not read is named under the blurb."""
    warnings = ENGINE.condense(Abstract(text="我们测试它。" * 3_000)).warnings
    assert any("only the first and the last ones were read" in warning for warning in warnings)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([_TOOL, _FOUND, _OUTLOOK + " ", _VARIANTS + " ", _PRAISE + " "]), min_size=0, max_size=8),
    st.sampled_from(list(Style)),
)
def test_any_order_of_sentences_gives_a_blurb_within_limits(sentences: list[str], style: Style) -> None:
    """Each line ends as a sentence and has at most sixty words; the evidence is in reading order."""
    blurb = ENGINE.condense(Abstract(text="".join((_BEFORE, *sentences, _TOOL))), style)
    assert all(line.endswith((".", "…")) and count_words(line) <= 61 for line in blurb.text.splitlines())
    assert list(blurb.evidence) == sorted(blurb.evidence, key=lambda span: span.start)
