"""Claims about the default engine and what its blurbs look like."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Abstract, Blurb, Role, Style, SummarizerError, TextTooLong, TextTooShort
from summarizer.engines.extractive.engine import ExtractiveEngine
from summarizer.engines.limits import MAX_CHARACTERS
from summarizer.text.plain import count_words, to_plain

ENGINE = ExtractiveEngine()
PAPER = Abstract(
    title="Gradient Postcards: Training Across Slow Links",
    text=(
        "Training one model in two data centres is difficult because the link between them is slow. "
        "In this paper, we propose \\textbf{Gradient Postcards}, a method that sends only the $k=30$ largest "
        "entries of each gradient. "
        "We prove that it converges at rate $O(1/\\sqrt{T})$ under mild assumptions. "
        "Experiments on three tasks show that it outperforms prior work with 40\\% less traffic. "
        "Our code is available at https://example.org/postcards."
    ),
)


def evidence(abstract: Abstract, blurb: Blurb) -> list[str]:
    """Return the evidence of a blurb as text."""
    return [abstract.text[span.start : span.end] for span in blurb.evidence]


def test_one_line_says_what_was_done() -> None:
    """The blurb is the contribution's sentence without TeX and lead-in; the evidence is its range in the raw text."""
    blurb = ENGINE.condense(PAPER)
    said = "We propose Gradient Postcards, a method that sends only the k=30 largest entries of each gradient."
    assert said == blurb.text
    [source] = evidence(PAPER, blurb)
    assert source.startswith("In this paper, we propose \\textbf{")


def test_short_adds_what_was_found() -> None:
    """The main result follows the contribution."""
    blurb = ENGINE.condense(PAPER, Style.SHORT)
    assert blurb.text.endswith("Experiments on three tasks show that it outperforms prior work with 40% less traffic.")
    assert 2 == len(blurb.evidence)


def test_structured_labels_problem_approach_and_result() -> None:
    """A structured blurb has one line per part, each from a sentence of the abstract."""
    lines = ENGINE.condense(PAPER, Style.STRUCTURED).text.splitlines()
    assert ["Problem", "Approach", "Result"] == [line.partition(":")[0] for line in lines]
    assert "Problem: Training one model in two data centres is difficult" in lines[0]


def test_a_hope_is_no_result() -> None:
    """A hope of the authors is not reported as a result."""
    hope = "We hope that the results open new directions for research on links between data centres of all sizes."
    paper = Abstract(text=f"{PAPER.text.partition('We prove')[0]}{hope}", title=PAPER.title)
    assert all("hope" not in ENGINE.condense(paper, style).text for style in Style)


def test_a_part_the_abstract_lacks_is_left_out() -> None:
    """A part that the abstract lacks has no line."""
    text = "We propose a method that sends only the largest entries of each gradient over the link."
    more = "The entries are sorted on the device, and the link carries them in one go."
    blurb = ENGINE.condense(Abstract(text=f"{text} {more}"), Style.STRUCTURED)
    assert f"Approach: {text}" == blurb.text


def test_sentences_are_judged_by_role() -> None:
    """Background and result are recognised as such; a sentence about the code has the role "other"."""
    assert Role.BACKGROUND == ENGINE.judge(PAPER)[0].role
    assert Role.RESULT == ENGINE.judge(PAPER)[3].role
    assert Role.OTHER == ENGINE.judge(PAPER)[4].role


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (0, ""),
        (0, " \n\u200b"),
        (3, "Just three words."),
        (0, "$$\\int_0^1$$ \\\\"),
        (2, "方法很好"),
        (7, "a b c d e f g"),
    ],
)
def test_too_little_text_is_refused_with_its_word_count(words: int, text: str) -> None:
    """An abstract of fewer than 25 words is refused, with its word count."""
    if words == 0 and "$" in text:
        words = 1
    said = f"The abstract has {words} words?" if words else "There is no abstract"
    with pytest.raises(TextTooShort, match=f"{said}; a blurb needs at least 25"):
        ENGINE.condense(Abstract(text=text))


def test_twenty_five_words_are_enough() -> None:
    """An abstract of 25 words has a blurb in every style."""
    text = (
        "We show that twenty-five words are quite enough for a blurb of one line, since some papers say all that they "
    )
    text += "have to say at once, here."
    assert {text, f"Approach: {text}", f"Result: {text}"} >= {
        ENGINE.condense(Abstract(text=text), style).text for style in Style
    }


def test_a_whole_paper_is_refused_with_the_limit() -> None:
    """A text of more than 20,000 characters is refused, with the limit."""
    ENGINE.condense(Abstract(text="word " * (MAX_CHARACTERS // 5)))
    with pytest.raises(TextTooLong, match="at most 20,000"):
        ENGINE.condense(Abstract(text="word " * (MAX_CHARACTERS // 5) + "x"))


@pytest.mark.parametrize(
    "text",
    [
        "我们提出了一种新的方法来训练大型语言模型。实验结果表明该方法优于现有的方法。" * 2,
        "本論文では、大規模言語モデルのための新しい学習手法を提案する。実験により有効性を示す。" * 2,
        (
            "Wir stellen ein Verfahren vor, das große Sprachmodelle ohne Beschriftungen trainiert, und prüfen es. "
            "Versuche mit drei Sprachen zeigen, dass es ebenso gut ist wie andere und weniger kostet."
        ),
    ],
)
def test_other_languages_give_a_sentence_and_a_warning(text: str) -> None:
    """The blurb is a sentence of the text, and a warning says that it was chosen by its place."""
    blurb = ENGINE.condense(Abstract(text=text))
    assert blurb.text.rstrip(".。") in text
    assert any("does not look English" in warning for warning in blurb.warnings)


def test_english_gives_no_warning() -> None:
    """A normal abstract is condensed without warnings."""
    assert () == ENGINE.condense(PAPER).warnings


def test_a_sentence_without_end_breaks_off_and_says_so() -> None:
    """If no form fits, the blurb ends in an ellipsis, with a warning."""
    blurb = ENGINE.condense(Abstract(text="We show " + "that the model of the data is " * 20 + "good."))
    assert blurb.text.endswith("…")
    assert any("is cut off" in warning for warning in blurb.warnings)
    assert 30 >= count_words(blurb.text)


def test_dollars_follow_the_source() -> None:
    """Without dollar math, dollars stay, and the text between them is prose."""
    text = "We cut the price of one full training run from $a lot$ to almost nothing."
    more = "The rest of the money goes into more data, which the runs of others lack."
    assert text == ENGINE.condense(Abstract(text=f"{text} {more}", dollar_math=False)).text


PROSE = st.lists(
    st.sampled_from(
        "We propose a model . However , this works 40\\% better than $x_i$ and $O(n)$ ; Results show that it "
        "outperforms (e.g. all) baselines ! In this paper, we study \\textbf{why} ? 我们 。 https://a.b/c \n\n".split(
            " "
        )
    ),
    min_size=4,
    max_size=120,
).map(" ".join)
LIMITS = {Style.ONE_LINE: 30, Style.SHORT: 60, Style.STRUCTURED: 3 * 30 + 3}


@given(st.text(max_size=300) | PROSE, st.text(max_size=30), st.sampled_from(Style))
def test_every_text_gives_a_grounded_blurb_or_a_named_error(text: str, title: str, style: Style) -> None:
    """For any input, the evidence is in order within the text, the words are the abstract's, the length is limited."""
    check(text, title, style)


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize(
    "piece", ["(", "{", "\x00\ud800", "$a ", "we ", "a) b) ", ". x", "(i.e. ", "漢", "word, which "]
)
def test_the_longest_text_of_anything_is_answered(piece: str, style: Style) -> None:
    """20,000 characters of one repeated piece keep all promises, within the time limit of the test run."""
    check(piece * (MAX_CHARACTERS // len(piece)), piece, style)


def check(text: str, title: str, style: Style) -> None:
    """Condense the text and check the promises of the engine on the result."""
    try:
        blurb = ENGINE.condense(Abstract(text=text, title=title), style)
    except SummarizerError:
        return
    position = 0
    for span in blurb.evidence:
        assert position <= span.start < span.end <= len(text)
        position = span.end
    known = {word for piece in evidence(Abstract(text=text), blurb) for word in _words(to_plain(piece))}
    said = re.sub(r"(?m)^(?:Problem|Approach|Result): ", "", blurb.text)
    assert blurb.text
    assert blurb.text.endswith("…") or set(_words(said)) <= known
    assert LIMITS[style] >= count_words(blurb.text)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


@pytest.mark.slow
def test_the_blurbs_of_a_real_listing_can_stand_alone(shared: Path) -> None:
    """Of 229 trending papers, none is refused, cut off or opens with a word that points back."""
    lines = (shared / "data/trending/trending-papers.txt").read_text(encoding="utf-8").splitlines()[2:]
    blurbs = [
        ENGINE.condense(Abstract(text=abstract, title=title.removeprefix("Subscribe")))
        for title, abstract in zip(lines[::2], lines[1::2], strict=True)
    ]
    assert 229 == len(blurbs)
    assert [] == [blurb.text for blurb in blurbs if blurb.warnings]
    points_back = re.compile(r"(?:It|They|These|However|Moreover|This (?!paper|work|article|survey|study)\w+)\b")
    assert [] == [blurb.text for blurb in blurbs if points_back.match(blurb.text)]
