"""Withdrawn papers: every way in which it is said, and no other use of the words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.sources.reading.withdrawal import is_mark, is_withdrawn

COMMENTS = [
    "12 pages, 3 figures. This paper has been withdrawn by the authors due to an error in Eq. 3",
    "12 pages, 3 figures, this paper has been withdrawn",
    "This paper has been withdrawn by the author",
    "This paper is withdrawn due to a crucial error in Lemma 2",
    "This submission has been withdrawn by the authors.",
    "The paper was withdrawn because of an error",
    "arXiv admin note: This paper has been withdrawn by arXiv",
    "arXiv admin note: this submission has been withdrawn by arXiv administrators due to disputed authorship",
    "arXiv admin note: This submission has been removed by arXiv administrators because the submitter had no right",
    "This version has been removed by arXiv administrators as the submitter did not have the rights",
    "arXiv admin note: withdrawn by arXiv",
    "withdrawn",
    "Withdrawn.",
    "WITHDRAWN",
    "Withdrawn by the authors",
    "5 pages; withdrawn due to an error in the proof of Theorem 1",
    "10 pages. Withdrawn for revision",
    "(withdrawn)",
    "Paper withdrawn",
    "paper withdrawn: the main claim is wrong",
    "v2 withdrawn",
    "10 pages, this paper has been withdrawn: superseded by arXiv:2406.00780",
    "This article has been retracted",
    "retracted",
    "Retracted due to plagiarism",
    "8 pages, comments welcome. The authors have withdrawn this paper",
    "We withdraw this paper because of a gap in Section 4.",
    "I have withdrawn this article",
    "The author has retracted this manuscript due to errors in the data",
    "This manuscript has been temporarily withdrawn",
    "This paper has now been withdrawn by the authors, see arXiv:1706.03762",
    "Withdrawn from arXiv: the result was known",
    "Our paper has been withdrawn, since the data cannot be shared",
    "This paper has been withdrawn from publication",
    "Withdrawn; superseded by arXiv:1706.03762",
]

OTHER_COMMENTS = [
    "",
    "12 pages, 3 figures",
    "An earlier version of this paper was withdrawn",
    "Replaces the withdrawn arXiv:1706.03762",
    "This paper was withdrawn from ICLR 2020 and is under review elsewhere",
    "Withdrawn from ICLR 2020",
    "This paper has not been withdrawn",
    "If this paper is withdrawn, the code stays",
    "This paper will be withdrawn if an error is found",
    "Data on withdrawn drugs in Table 2",
    "The withdrawn state is described in Section 3",
    "Comment on a retracted paper",
    "Some samples were withdrawn by the vendor",
    "11 pages. Typos removed due to review",
    "This figure has been removed by the editor",
    "with drawn figures",
    "We show how this paper has been withdrawn from circulation.",
    "Withdrawnness is studied.",
]

ABSTRACTS = [
    "This paper has been withdrawn by the author due to a crucial sign error in equation 1.",
    "Withdrawn due to an error.",
    "We prove a theorem about primes. This paper has been withdrawn by the authors, because Lemma 3 is wrong.",
    "The paper is withdrawn.",
    "This article has been retracted at the request of the authors.",
    "The paper has been withdrawn by the authors due to an error in Lemma 3. We thank a reader for the counterexample.",
    "The article was retracted because the data could not be reproduced.",
    "Paper withdrawn.",
    "Withdrawn because the proof of Lemma 3 has a gap.",
    "Withdrawn due to a mistake. See arXiv:1706.03762 for a corrected version.",
    "The manuscript is withdrawn because the data were incomplete. The authors apologize.",
    "Withdrawn by the authors: the result was known, see arXiv:1706.03762.",
    "Withdrawn",
    "We have withdrawn this paper. " + "It proved a theorem about primes in a new way. " * 8,
    "We prove a theorem about primes in many fields. " * 8 + "We have withdrawn this paper due to a gap in the proof.",
    "Our manuscript was withdrawn because of an error in the code.",
]

OTHER_ABSTRACTS = [
    "We model how much money is withdrawn from banks in a crisis. Deposits withdrawn by savers are not replaced.",
    "We study drug withdrawal in mice. The drug was withdrawn, and the mice were tested.",
    "Patients in the withdrawn state were asked. Three patients had withdrawn by the end.",
    "Retracted papers continue to be cited. We count the citations of papers that were retracted.",
    "Withdrawn drugs are a source of data. We list drugs that were withdrawn due to toxicity.",
    "The needle was retracted, since the tissue had moved. Retracted needles are safe.",
    "This paper withdraws nothing: it shows that banknotes were withdrawn.",
    "The notice “This article has been retracted” is often overlooked.",
    "We withdraw a sample from each urn. The sample is withdrawn from the urn, because it is small.",
    "We searched ten databases. The study was withdrawn due to low enrolment in two registries; nine were pooled.",
    "Wakefield claimed a link in 1998. The paper was retracted in 2010. We measure how often it is cited.",
    "The report was withdrawn after protests. We analyse the protests.",
    "The paper has been retracted, yet it is cited.",
    "A famous paper claimed a link; the paper has been retracted, yet it is cited.",
    "Withdrawn for safety in 2004, rofecoxib is still studied.",
    "Retracted, the arm is 10 cm long.",
    "Withdrawn by the authors in 2010, the article is still cited.",
    "The record was deleted due to a fault of the database; we present a new way to find it.",
    "The study was withdrawn due to low enrolment. " + "Nine other studies of the drug were pooled. " * 6,
    "The draft was withdrawn in 1999. Here we follow its history.",
    "Withdrawn due to toxicity, the drug is still sold in ten countries.",
    "The study was withdrawn due to low enrolment. " + "Nine other trials were pooled. " * 10,
    "The study was withdrawn due to low enrolment. Nine others were pooled.",
    "Withdrawn due to toxicity, rofecoxib remains of interest.",
    "Withdrawn for safety in Europe, the compound was tested in mice.",
    "The paper was withdrawn because of an error, " + "and another paper on the same error came later " * 5,
    "A study of withdrawn papers. Each paper was read by two people.",
]

TITLES = [
    "WITHDRAWN: A theorem about primes",
    "Withdrawn: a theorem",
    "RETRACTED: Drug X in adults",
    "RETRACTED ARTICLE: Drug X in adults",
    "[Retracted] Drug X in adults",
    "(Withdrawn) Drug X in adults",
    "Drug X in adults (withdrawn)",
    "Drug X in adults [RETRACTED]",
    "Drug X in adults - withdrawn",
    "Withdrawn - Drug X in adults",
    "Drug X in adults (Retracted article. See vol. 12, pg 3, 2010)",
    "Drug X in adults (Retracted Article. See vol 12, 2010)",
    "Drug X in adults (Retracted paper, see page 3)",
    "Drug X in adults. Withdrawn",
    "Drug X in adults. Retracted.",
    "Drug X in adults: this article has been retracted",
]

OTHER_TITLES = [
    "",
    "Retracted papers and their citations",
    "Why drugs are withdrawn",
    "The withdrawn state in mice",
    "Retraction: an analysis",
    "Withdrawn drugs: a data set",
    "What became of science (retracted papers and their citations)",
    "Needles. Withdrawn or left in place",
    "How retracted articles are cited: a study of retracted science",
]


@pytest.mark.parametrize("comment", COMMENTS)
def test_a_comment_that_says_so_marks_the_paper(comment: str) -> None:
    """A statement about this paper is recognized anywhere in the comment, whoever withdrew it."""
    assert is_withdrawn(comment=comment)


@pytest.mark.parametrize("comment", OTHER_COMMENTS)
def test_a_comment_about_something_else_does_not(comment: str) -> None:
    """Another paper, another version, another venue and other things that are withdrawn do not count."""
    assert not is_withdrawn(comment=comment)


@pytest.mark.parametrize("abstract", ABSTRACTS)
def test_an_abstract_that_says_so_marks_the_paper(abstract: str) -> None:
    """An abstract that consists of the statement, or contains it as a sentence, is recognized."""
    assert is_withdrawn(abstract=abstract)


@pytest.mark.parametrize("abstract", OTHER_ABSTRACTS)
def test_an_abstract_about_withdrawing_does_not(abstract: str) -> None:
    """Money, drugs, needles, patients and the study of retractions do not count."""
    assert not is_withdrawn(abstract=abstract)


@pytest.mark.parametrize("title", TITLES)
def test_a_title_that_says_so_marks_the_paper(title: str) -> None:
    """Publishers mark withdrawn and retracted papers at the beginning or at the end of the title."""
    assert is_withdrawn(title=title)


@pytest.mark.parametrize("title", OTHER_TITLES)
def test_a_title_about_withdrawing_does_not(title: str) -> None:
    """A title that uses the word in a sentence does not count."""
    assert not is_withdrawn(title=title)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_accepted(before: str, after: str) -> None:
    """Any text is accepted, and a statement on a line of its own counts, whatever surrounds it."""
    is_withdrawn(title=before, comment=before, abstract=after)
    assert is_withdrawn(comment=f"{before}. This paper has been withdrawn. {after}")


@given(st.lists(st.sampled_from(["This paper ", "has been ", "now ", "withdrawn ", "arXiv note: ", ", ", ". "])))
def test_repeated_parts_take_linear_time(parts: list[str]) -> None:
    """A text made of the parts of statements, repeated, is read within the limit of a test."""
    is_withdrawn(comment="".join(parts) * 200, abstract="".join(parts) * 200, title="".join(parts) * 200)


@pytest.mark.parametrize(
    "label", ["retracted", "Retracted Publication", "[Retracted]", "WITHDRAWN", "Retracted article"]
)
def test_a_label_marks_the_paper(label: str) -> None:
    """Databases and reference managers mark retracted papers by a label of its own."""
    assert is_mark(label)


@pytest.mark.parametrize(
    "label", ["", "retraction", "Retraction of Publication", "retracted papers", "drug withdrawal"]
)
def test_a_subject_does_not_mark_the_paper(label: str) -> None:
    """A keyword about retractions, and the notice of another paper's retraction, are no mark."""
    assert not is_mark(label)
