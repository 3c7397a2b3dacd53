"""The finding of a report is told from its aim, methods and outlook; what presents a thing made is no report."""

import pytest

from summarizer import Abstract, Role, Style
from summarizer.engines.extractive import findings
from summarizer.engines.extractive.engine import ExtractiveEngine
from summarizer.text.section_names import Section

ENGINE = ExtractiveEngine()

_TRIAL = (
    "The aim of this trial was to find out whether naps help nurses who work at night. We recruited 240 nurses of "
    "four hospitals and assigned them to naps or to usual breaks at random. Reaction times were measured at the end"
    " of each shift. Nurses who took naps made 31% fewer errors than those who did not (95% CI 24 to 38; P < "
    "0.001). Heart rates did not differ. Further studies are needed to find the best length of a nap."
)
_LABELLED = (
    "Background Errors at night harm patients. Objective To find out whether naps help nurses. Methods We recruited"
    " 240 nurses of four hospitals and assigned them at random. Results Nurses who took naps made 31% fewer errors."
    " Conclusions Short naps make night shifts safer for patients. Registration NCT00000000."
)
_REVIEW = (
    "To systematically review the value of naps for nurses who work at night. PubMed, Embase and CINAHL were "
    "searched from inception to May 2020. Two reviewers extracted the data. Of 812 records, 14 studies were "
    "included. Naps lowered the rate of errors in 12 of the 14 studies. In conclusion, the evidence supports naps "
    "of 20 minutes at work. Larger trials are warranted."
)
_FOSSIL = (
    "Large herons are rare in the rocks of this valley. A new species of heron, Ardea ficta sp. nov., is described "
    "from a nearly complete skeleton. Its bill is longer than that of any living heron. The find shows that herons "
    "fished here before the lake dried out. Future digs may recover more bones."
)
_MADE = (
    "Parsing Latin verse by hand is slow. We introduce Scansor, a parser that marks the metre of Latin verse "
    "without any training data. On 2,000 lines of Ovid it finds 97% of the feet. We hope that it helps teachers."
)


@pytest.mark.parametrize(
    ("expected", "abstract"),
    [
        ("Nurses who took naps made 31% fewer errors", _TRIAL),
        ("Short naps make night shifts safer for patients.", _LABELLED),
        ("The evidence supports naps of 20 minutes at work.", _REVIEW),
        ("The find shows that herons fished here before the lake dried out.", _FOSSIL),
        ("We introduce Scansor, a parser that marks the metre of Latin verse", _MADE),
    ],
)
def test_the_blurb_is_what_came_out(expected: str, abstract: str) -> None:
    """A trial, a labelled abstract, a review, a discovery and a tool each say it in their own way."""
    assert ENGINE.condense(Abstract(text=abstract)).text.startswith(expected)


@pytest.mark.parametrize("abstract", [_TRIAL, _LABELLED, _REVIEW])
def test_aim_search_and_outlook_are_no_blurb(abstract: str) -> None:
    """What was intended, searched or still has to be done tells no finding, in one line or two."""
    said = ENGINE.condense(Abstract(text=abstract), Style.SHORT).text
    assert not any(
        word in said for word in ("aim of", "To systematically", "searched", "recruited", "needed", "warranted")
    )


def test_an_interval_stays_with_its_number() -> None:
    """How sure a number is belongs to it."""
    assert (
        "31% fewer errors than those who did not (95% CI 24 to 38; P < 0.001)."
        in ENGINE.condense(Abstract(text=_TRIAL)).text
    )


@pytest.mark.parametrize("style", list(Style))
def test_no_heading_stands_in_a_blurb(style: Style) -> None:
    """Headings are the layout of a journal, not the words of the authors."""
    said = ENGINE.condense(Abstract(text=_LABELLED), style).text
    assert not any(
        heading in said for heading in ("Background", "Objective", "Methods", "Results", "Conclusion", "NCT")
    )


def test_a_heading_gives_its_sentences_their_role() -> None:
    """The authors' own label is the best witness."""
    roles = [sentence.role for sentence in ENGINE.judge(Abstract(text=_LABELLED))]
    assert [Role.BACKGROUND, Role.OBJECTIVE, Role.METHOD, Role.RESULT, Role.RESULT, Role.OTHER] == roles


@pytest.mark.parametrize(
    ("expected", "sentences"),
    [
        (True, ["We followed 90 patients.", "Risk was higher in women (OR 2.1).", "Pain was common."]),
        (True, ["The rocks are old.", "The bones belong to a heron.", "Herons fished here."]),
        (False, ["We propose a net for cats.", "It is trained on images.", "It was fast."]),
        (False, ["We study gradient descent on deep networks.", "We prove a bound.", "The algorithm converges."]),
        (False, ["We introduce a data set of patients.", "A classifier is trained.", "It reaches 90%."]),
    ],
)
def test_the_abstract_says_whether_it_is_a_report(expected: bool, sentences: list[str]) -> None:
    """People, statistics and the past tense speak for a report; something made, or learning, against it."""
    assert expected is findings.reports(sentences, [None] * len(sentences))


def test_headings_of_results_make_a_report() -> None:
    """An abstract that labels its results reports them."""
    assert findings.reports(["Nets learn.", "They learn fast."], [Section.METHOD, Section.RESULT])
