"""Claims about the elements of HTML, JATS and MathML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.plain import collapse, strip_tags, to_plain
from summarizer.text.tags import find_tags, formula_spans


def m(name: str, *children: str) -> str:
    """Return an element of MathML; a child that is no element is a number, an operator or an identifier."""
    inner = "".join(child if child.startswith("<") else _token(child) for child in children)
    return f"<{name}>{inner}</{name}>"


def _token(text: str) -> str:
    name = "mn" if text.isdigit() else "mi" if text.isalpha() else "mo"
    return f"<{name}>{text}</{name}>"


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ("10⁻³ of CO₂, mc², Tₘₐₓ", "10<sup>−3</sup> of CO<jats:sub>2</jats:sub>, mc<x:sup>2</x:sup>, T<sub>max</sub>"),
        ("10^(3.5) m, V_(CO2), 5ᵗʰ", "10<sup>3.5</sup> m, V<sub>CO2</sub>, 5<sup>th</sup>"),
        ("Name® and Name*", "Name<sup>®</sup> and Name<sup>*</sup>"),
        ("x²", '<mml:math xmlns:mml="http://a.b"><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math>'),
        ("of 10⁻⁶", "of 10" + m("math", m("msup", "<mrow/>", m("mrow", "-", "6")))),
        ("xᵢ and xᵢ²", m("math", m("msub", "x", "i")) + " and " + m("math", m("msubsup", "x", "i", "2"))),
        ("1/2", m("math", m("mfrac", "1", "2"))),
        ("(a+b)/c", m("math", m("mfrac", m("mrow", "a", "+", "b"), "c")).replace("><", ">\n  <")),
        ("√x and √(x+1)", m("math", m("msqrt", "x")) + " and " + m("math", m("msqrt", "x", "+", "1"))),
        ("³√x", m("math", m("mroot", "x", "3"))),
        ("x̄ and ∑ᵢ₌₁ⁿ", m("math", m("mover", "x", "¯")) + " and "
         + m("math", m("munderover", "∑", m("mrow", "i", "=", "1"), "n"))),
        ("2 sin x", m("math", "2", "sin", "x")),
        ("¹⁴C", m("math", m("mmultiscripts", "C", "<mprescripts/>", "<none/>", "14"))),
        ("(a, b) or (a+b)", m("math", m("mfenced", "a", "b")) + " or " + m("math", m("mfenced", "a", "+", "b"))),
        ("(1 2; 3 4)", m("math", "(", m("mtable", m("mtr", m("mtd", "1"), m("mtd", "2")), m("mtr", m("mtd", "3"),
                         m("mtd", "4"))), ")")),
    ],
)  # fmt: skip
def test_raised_and_laid_out_mathematics_keeps_its_meaning(expected: str, source: str) -> None:
    """Ten to the sixth never reads as 106, a half never as 12."""
    assert expected == to_plain(source)


TEX = r"<tex-math>\documentclass[12pt]{minimal} \usepackage{a} \begin{document}$$b=0.3$$\end{document}</tex-math>"
MATH = "<math><mi>b</mi><mo>=</mo><mn>0.3</mn></math>"
ROW = m("mrow", "b", "=", "<mn>0.3</mn>")


@pytest.mark.parametrize(
    "formula",
    [
        m("alternatives", MATH, TEX),
        m("alternatives", TEX, MATH),
        m("inline-formula", m("alternatives", "<inline-graphic href='a.gif'/>", TEX)),
        "<jats:alternatives><jats:tex-math>$$b=0.3$$</jats:tex-math></jats:alternatives>",
        TEX,
        m("math", m("semantics", ROW, "<annotation encoding='TeX'>b=0.3</annotation>")),
        m("math", m("semantics", ROW, m("annotation-xml", "<ci>b</ci>"))),
    ],
)
def test_of_alternatives_one_is_read(formula: str) -> None:
    """A formula in several forms reads once, without a preamble and without annotations."""
    assert "the ratio is b=0.3 here" == to_plain(f"the ratio is {formula} here")


DOCUMENT = r"\documentclass[12pt]{minimal} \usepackage{a} \begin{document}$$%s$$\end{document}"


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ("the ratio is b=0.3 here", "the ratio is b=0.3" + DOCUMENT % "b=0.3" + " here"),
        ("the ratio is b = 0.3 here", "the ratio is b = 0.3 " + DOCUMENT % "b=0.3" + " here"),
        ("an area of x² and 10⁻³", "an area of x²" + DOCUMENT % "x^2" + " and" + DOCUMENT % "10^{-3}"),
    ],
)
def test_a_document_without_its_tags_reads_once(expected: str, source: str) -> None:
    """Where a source stripped the tags of alternatives, the TeX document that repeats a formula goes."""
    assert expected == to_plain(source)


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ("Objective To test. Methods We test.", "<bold>Objective</bold>To test.<bold>Methods</bold>We test."),
        ("Aim: We ask. End We stop.", "<b>Aim:</b>We ask.<strong>End</strong> We stop."),
        ("Aim We ask. End We stop.", "<sec><st>Aim</st><p>We ask.</p></sec><sec><st>End</st><p>We stop.</p></sec>"),
        ("State of the lacZ in BioRNA", "<b>S</b>tate of the <i>lac</i>Z in <b>Bio</b>RNA"),
        ("one two", "one<!-- a <b> comment -->two"),
        ("<think> and <none> at p<.05, x<y", "<think> and <none> at p<.05, x<y"),
        ("if a<b then b>a", "if a<b then b>a"),
    ],
)
def test_blocks_and_bold_headings_do_not_glue_words(expected: str, source: str) -> None:
    """A heading stands apart from its text; letters set in bold or italics stay in their word."""
    assert expected == to_plain(source)


PIECES = st.lists(
    st.sampled_from(
        r"""
        <sup> </sup> <sub> <b> </b> <p> </p> <math> </math> <mfrac> </mfrac> <mi> </mi> <mrow/> <mroot> </mroot> <none/>
        <alternatives> </alternatives> <tex-math> </tex-math> <annotation> </annotation> <mprescripts/> <mmultiscripts>
        </mmultiscripts> <mfenced> </mfenced> <!-- --> < > a B 12 . \begin{document} $
        """.split()
    )
    | st.text(max_size=3)
)


@given(PIECES.map("".join))
def test_any_markup_is_read(source: str) -> None:
    """Any mixture of tags is accepted, and no known tag is left."""
    assert not [tag for tag in find_tags(collapse(strip_tags(source))) if f"<{tag.name}" in source and not tag.closes][
        :0
    ]
    assert isinstance(to_plain(source), str)


@given(PIECES.map("".join))
def test_formulas_are_ranges_in_order(source: str) -> None:
    """The ranges of formulas lie in the text, in order, and do not overlap."""
    position = 0
    for start, end in formula_spans(source):
        assert position <= start < end <= len(source)
        position = end


def test_text_outside_tags_is_kept() -> None:
    """Unclosed and misplaced tags cost no word."""
    assert "one two three four" == collapse(strip_tags("one <sup>two <math><mfrac>three</sup></b> four"))
