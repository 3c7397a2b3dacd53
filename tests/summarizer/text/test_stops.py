"""Claims about what ends a sentence and what only looks like it: abbreviations, initials, names, items."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.sentences import split_sentences
from summarizer.text.stops import UNAMBIGUOUS


def pieces(text: str) -> list[str]:
    """Return the sentences as text."""
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        # initials, joined or with a hyphen
        "We answer a question of V.I. Petrov on flows.",
        "We extend work of A.N. Orlov and R.W. Stone on automata.",
        "The result of J.-P. Morel and S.-T. Wu is sharp.",
        "We thank G.B.J. Vries and D. Seyfort Hale.",
        "The corpus of C.D. Moore et al. is larger.",
        "We prove a conjecture of L. So and K. Long on graphs.",
        "It plays like J . S . Bach and J . Hale in all keys.",
        # `!` and `?` inside a name
        "We train on Yahoo! Answers threads and Yelp! Reviews data.",
        "The team of CheckThat! Labs won Jeopardy! Champions games.",
        "We study Who? What? Where? prompts.",
        # journals, institutions, titles, places
        "We correct an error in Phys. Rev. Lett. 100, 012345 that matters.",
        "It appeared in Proc. Natl. Acad. Sci. 12 and Nat. Commun. 3, 17 last year.",
        "We extend a proof in Ann. of Math. 150 by Hale.",
        "The N. Engl. J. Med. 12 trial was large.",
        "We measured snow on Mt. Kenya, Ft. Worth and in St. Gallen with Dr. Hale.",
        "Students at Univ. Graz and Inst. Curie took part.",
        # measures, units, months, numbers
        "We heat films to 500 deg. C in argon.",
        "We reach an avg. Dice score of 0.9 and a max. F1 of 0.8.",
        "It holds with prob. 1 for n = 3.",
        "It recovers w.p. $p$ and fails w.p. 1-p in the limit.",
        "Cases rose from Jan. 2020 to Sept. 3 in all wards.",
        "See Tab. 3, Sec. IV, Eqs. 2 and Suppl. Fig. 4 for it.",
        # species and the like
        "Aspergillus niger var. Tubingensis and Bacillus sp. nov. strains grew.",
        "We follow Lee \\emph{et al.} Stone on \\textit{S.} Typhimurium, {\\em i.e.} Salmonella.",
        "We follow Lee <i>et al.</i> Stone on <i>S.</i> Typhimurium.",
        # versions and dotted names
        "We use TensorFlow v. 2.3, ASP.NET, java.util.List and torch.Tensor objects.",
        "The p50.c-rel dimer and a 3.5.Alpha release differ.",
        # parts of one sentence
        "It helps in two ways: 1. It is fast; and 2. It is small.",
        "The sum x_1 + ... + x_n is stable.",
        "It reads text, images etc.; Sound is left out.",
    ],
)
def test_one_sentence_stays_whole(sentence: str) -> None:
    """A stop inside a name, an abbreviation or a number does not end the sentence."""
    assert [sentence, "It holds."] == pieces(f"{sentence} It holds.")


@pytest.mark.parametrize(
    "sentences",
    [
        # a single letter can end a sentence
        ["We study ideals in a ring R.", "Let G act on R.", "Suppose that G is finite."],
        ["Patients lacked vitamin D.", "Serum levels were low.", "They had hepatitis C.", "Ribavirin was given."],
        ["We compare plan A with plan B.", "Costs fell."],
        ["It is normal in K.", "Any such K is abelian.", "Then $x = R$.", "We stop."],
        ["It is made in the U.S.", "We use it.", "It opened in Washington, D.C.", "Patients came."],
        # an abbreviation that is a word or a unit there
        ["It draws 5 V max.", "Power is 3 W.", "It takes 10 sec.", "Tests passed."],
        ["It starts below 100 ms.", "Our code is free.", "We improve MT.", "Training is short."],
        ["It runs on an NVIDIA SoC.", "Embedded use is possible.", "It is an Android app.", "However, it is slow."],
        ["Cases rose in Feb.", "They fell."],
        ["Prior work by Lee et al.", "Recent work differs."],
        # enumerations
        ["We do three things.", "(i) We propose it.", "(ii) We test it.", "(iii) It works."],
        ["i) We propose it.", "ii) We test it.", "(2) we release it."],
        ["1. We propose it.", "2. We test it."],
        # a publisher's separator of parts
        ["Pain is common.; ; ;", "Method ; We ask.; ; ;", "Results ; It works."],
        ["It is new to date.;", "Aim: We test it.;", "Results are good."],
        # names in lower case
        ["It was tested in vivo.", "p53 was needed.", "mRNA fell.", "nnU-Net won.", "vLLM is fast."],
        ["It was 5 °C.", "pH was 7.", "We set k = 3.", "n = 4 is open.", "iVideo-3 is new."],
        # a question or an exclamation ends a sentence
        ["Is this AGI?", "Models fail.", "Why?", "We say no.", "Who wins?", "Results differ."],
        ["It beats the CRF!", "Fascinated by this, we stop.", "Yes!", "It does."],
        # mathematics, brackets and marks at the end
        ["It equals $x = y.$", "We stop.", "It is \\emph{so.}", "We go on."],
        ["**It is new.**", "We say *so.*", "It ends."],
        ["It works (see http://a.b/c.)", "(It is free.)", "We stop."],
        # other scripts
        ["यह एक परीक्षण है।", "यह काम करता है।"],
        ["هل يعمل؟", "نعم."],
    ],
)
def test_sentences_come_apart(sentences: list[str]) -> None:
    """Each sentence stands alone, whatever letter or sign it ends or begins with."""
    assert sentences == pieces(" ".join(sentences))


@pytest.mark.parametrize(
    "sentences",
    [
        ["It runs on a phone CPU.", "TinyNet reaches 78.2% on ImageNet.", "It needs 12 MB.", "Our code is free."],
        ["We test on SQuAD and GLUE.", "We also test on phones.", "Accuracy is 95.3%.", "The model is small."],
        ["It holds for x ≥ 3.", "Then we stop.", "It is small.", "(See the code.)"],
    ],
)
def test_a_missing_blank_does_not_glue_sentences(sentences: list[str]) -> None:
    """A sentence begins behind a stop without a blank, if a word follows that begins one, or a name and its verb."""
    assert sentences == pieces("".join(sentences))


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        (["<p>It is so.</p>", "<p>We stop.</p>"], "<p>It is so.</p><p>We stop.</p>"),
        (["<h4>Aim</h4>We test.", "<h4>End</h4>It works."], "<h4>Aim</h4>We test.<h4>End</h4>It works."),
        (["A <math><mtext>a. B</mtext></math> c.", "We stop."], "A <math><mtext>a. B</mtext></math> c. We stop."),
        (
            ["Of <alternatives><tex-math>\\a{b. C}</tex-math></alternatives> we know.", "It ends."],
            "Of <alternatives><tex-math>\\a{b. C}</tex-math></alternatives> we know. It ends.",
        ),
        (["<i>E</i>. coli grew.", "It fell."], "<i>E</i>. coli grew. It fell."),
    ],
)
def test_markup_is_not_split_and_parts_sentences(expected: list[str], source: str) -> None:
    """A formula element stays whole; an end tag belongs to the sentence that it closes."""
    assert expected == pieces(source)


WORDS = st.sampled_from(
    """
    We V.I. A. et al. Phys. Rev. 12 (i) Yahoo! Who? p53 nnU-Net CPU.It $x.$ <p> </p> e.g. max. R Let i) ... 。 ( ) * .
    """.split()
)


@given(st.lists(WORDS).map(" ".join) | st.lists(WORDS).map("".join))
def test_no_sentence_is_lost_or_empty(text: str) -> None:
    """Whatever the stops, the sentences cover every visible character once."""
    assert "".join(text.split()) == "".join("".join(pieces(text)).split())


@given(st.text(alphabet="ab A." + UNAMBIGUOUS))
def test_a_sentence_has_a_visible_sign(text: str) -> None:
    """No sentence is white space, and none begins or ends with it."""
    assert all(piece and piece == piece.strip() for piece in pieces(text))
