"""A paste of several abstracts is told from one abstract, however either is laid out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.usecases.pastes import abstracts_in
from tests.support.counted_calls import calls_of

TREES = (
    "Apple trees carry fruit only in every second year, which costs growers half of a harvest. We present a pruning "
    "plan that evens the yield of an orchard over the years. On 40 orchards in the valley, it raised the harvest of "
    "the poor years by 31 percent without a loss in the good ones."
)
SPEECH = (
    "Speech recognisers fail on whispered commands because the pitch is missing. In this paper, we propose a network "
    "that restores the pitch from the breath of a speaker. It halves the word error rate on three corpora of whispers "
    "and runs on a telephone without a connection."
)
SHIPS = (
    "Ships that wait before a harbour burn fuel for nothing, and no schedule takes their waiting into account. This "
    "study introduces a market for places at the quay. Simulations of 12 ports show that waiting times fall by a "
    "quarter while no captain pays more than before."
)
TITLES = (
    "Pruning Against Alternate Bearing in Apples",
    "WhisperNet: Restoring Pitch From Breath",
    "A Market for Quays",
)


def wrapped(text: str, width: int = 72) -> str:
    lines, line = list[str](), ""
    for word in text.split():
        if len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


@pytest.mark.parametrize(
    ("expected", "pasted"),
    [
        (2, "{0}\n\n{a}\n\n{1}\n\n{b}"),
        (3, "{0}\n\n{a}\n\n{1}\n\n{b}\n\n{2}\n\n{c}"),
        (2, "{0}\n{a}\n\n{1}\n{b}"),
        (2, "{0}\n{aw}\n\n{1}\n{bw}"),
        (2, "{0}\r\n\r\n{a}\r\n\r\n{1}\r\n\r\n{b}\r\n"),
        (2, "{0}\nAnna Lee, Bo Chen\n{a}\n\n{1}\nCarl Diaz\n{b}"),
        (2, "1. {0}\n\n{a}\n\n2. {1}\n\n{b}"),
        (2, "# {0}\n{a}\n\n# {1}\n{b}"),
        (2, "**{0}**\n\n{a}\n\n---\n\n**{1}**\n\n{b}"),
        (2, "Title: {0}\n\nAbstract: {a}\n\nTitle: {1}\n\nAbstract: {b}"),
        (2, "Abstract\n{a}\n\nAbstract\n{b}"),
        (2, "Abstract: {a}\nAbstract: {b}"),
        (2, "{a}\n\n{1}\n\n{b}"),
        (2, "arXiv:2401.01234\n\n{a}\n\narXiv:2402.04321\n\n{b}"),
        (2, "{a}\nhttps://doi.org/10.1000/x1\n\n{b}\nhttps://doi.org/10.1000/x2"),
        (2, "{a}\n\n{b}"),
        (3, "{a}\n\n\n{b}\n***\n{c}"),
        (2, "Whispers\n\n{b}\n\nQuays\n\n{c}"),
        (2, "Why Do Apples Rest?\n\n{a}\n\nCan a Whisper Be Heard?\n\n{b}"),
        (
            2,
            (
                "Background: Sleep is short. Methods: We asked 90 nurses. Results: Naps helped. Conclusion: Nap. "
                "Background: Food is dear. Methods: We asked 40 cooks. Results: Beans helped. Conclusion: Eat beans."
            ),
        ),
        (
            2,
            (
                "目的：探讨休息的影响。方法：选取100名护士。结果：差错减少。结论：有效。"
                "目的：探讨饮食的影响。方法：选取90名厨师。结果：费用减少。结论：有效。"
            ),
        ),
    ],
)
def test_several_abstracts_are_counted(expected: int, pasted: str) -> None:
    """Titles, labels, ids, a structured abstract that begins anew, and unlike announcements each tell a second one."""
    texts = {"a": TREES, "b": SPEECH, "c": SHIPS, "aw": wrapped(TREES), "bw": wrapped(SPEECH)}
    assert expected == abstracts_in(pasted.format(*TITLES, **texts))


MORE = (
    "Experiments with four varieties confirm the result in dry and in wet summers. The plan needs no machine, and a "
    "grower learns it in an afternoon. We release the plan, the data of all orchards and the notes of the growers."
)
STRUCTURED = (
    "Background\n\nNurses at night sleep little, and tired nurses make mistakes that harm the patients in their care. "
    "We asked whether naps help them.\n\n{}\n\nWe asked 90 nurses of three wards over a year, and counted the mistakes "
    "that they reported. Half of them could nap.\n\nResults\n\nMistakes fell by 18 percent in the wards with naps, and "
    "rose a little in the others. We saw no harm."
)


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "Too short.",
        TREES,
        wrapped(TREES),
        wrapped(TREES, 40),
        f"{TITLES[0]}\n\n{TREES}",
        f"{TITLES[0]}\n{wrapped(TREES)}",
        f"{TITLES[0]}\n\nAnna Lee, Bo Chen, Carl Diaz\n\narXiv:2401.01234\n\nAbstract\n\n{TREES}\n\nMore\n\n{MORE}",
        f"{TREES}\n\n{MORE}",
        f"{TITLES[0]}\n\n{TREES}\n\n{MORE}\n\n{MORE}",
        f"Abstract: {TREES}\n\nKeywords: apples, pruning, orchards of the valley\n\n{MORE}",
        f"{TREES}\n\nPlain language summary of the study\n\n{MORE}",
        f"arXiv:2401.01234v2\n\n{TREES}\n\n{MORE}\n\nhttps://doi.org/10.48550/arXiv.2401.01234",
        STRUCTURED.format("Methods"),
        STRUCTURED.format("Setting and people of the study"),
        STRUCTURED.format("Who took part and what was counted?"),
        (
            "Background: Sleep is short. Methods: We asked 90 nurses. Results: Naps helped. Conclusion: Nap. "
            "What is known about this topic: Sleep is short. What this study adds: Naps help nurses at night."
        ),
        "Our contributions are the following three\n\n" + TREES + "\n\nOur code is on our page\n\n" + MORE,
    ],
)
def test_one_abstract_is_one(pasted: str) -> None:
    """Paragraphs, line breaks, headings, ids and what journals print around an abstract make no second one."""
    assert 1 == abstracts_in(pasted)


@given(
    st.lists(
        st.sampled_from(
            [*TITLES, TREES, SPEECH, MORE, "\n", "\n\n", "Abstract: ", "Methods: ", "2401.01234", "---", "x "]
        )
    ).map("".join)
    | st.text()
)
def test_any_text_is_counted(pasted: str) -> None:
    """A count is at least one, and no more than the paragraphs and headings that could begin an abstract."""
    assert 1 <= abstracts_in(pasted) <= 1 + len(pasted)


@pytest.mark.parametrize(
    "piece", ["x\n\n", "A title of words\n", "Abstract\n", "2401.01234\n", "---\n", "Aim: a. ", "We. "]
)
def test_twice_the_text_is_twice_the_work(piece: str) -> None:
    """The number of calls grows linearly with the text."""
    once, twice = (calls_of(lambda count=count: abstracts_in(piece * count)) for count in (400, 800))  # type: ignore[misc]
    assert twice <= 2.3 * once + 200
