"""Claims about turning TeX and HTML into chat text."""

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.plain import collapse, count_words, strip_tags, to_plain

MARKUP = st.lists(
    st.sampled_from(
        r"$ $$ \( \) \[ \] { } ^ _ \frac \hat \sqrt \mathbb \textbf \href \cite[ ] \not \ours \" ~ % & < > "
        r"<sub> </sub> &lt; https://a.b/c x 12 word ' ` -- \\".split()
    )
    | st.text(max_size=5)
).map(" ".join) | st.lists(st.sampled_from(["{", "}", "^", "_", "$", "\\frac", "\\hat", "a", " "])).map("".join)


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ("O(n log n)", r"$O(n\log n)$"),
        ("x ∈ ℝᵈˣⁿ", r"$x\in\mathbb{R}^{d \times n}$"),
        ("θₜ₊₁ and π_(0.5)", r"\theta_{t+1} and π_{0.5}"),
        ("V_max of user_id", "V_max of user_id"),
        ("ℓ_∞ and d_model", r"$\ell_\infty$ and $d_{model}$"),
        ("10⁻³ ≤ ε < 1/2", r"$10^{-3} \leq \epsilon < \frac12$"),
        ("(a+b)/c of √(2n)", r"$\frac{a+b}{c}$ of $\sqrt{2n}$"),
        ("x̂ and f′(x) ≠ ∅", r"$\hat x$ and $f'(x) \neq \emptyset$"),
        ("max_(x ∈ X) f(x)", r"$\max_{x \in X} f(x)$"),
        ("a relation ∉ here", r"a relation \notin here"),
        ("ours beats Ours", r"\ours beats \Ours{}"),
        ("big bold text of AdaGrad", r"\textbf{big \emph{bold}} {\it text} of {AdaGrad}"),
        ("the set {0, 1}", "the set {0, 1}"),
        ("12,553 tasks", "12{,}553 tasks"),
        ("code (https://a.b/c_d)", r"\href{https://a.b/c_d}{code}"),
        ("code (https://a.b/c_d).", r"\href{https://a.b/c_d{code}}."),
        ("at https://a.b/x.", "at https://a.b/x{https://a.b/x}."),
        ("as shown, we", r"as shown \cite{a,b}, we"),
        ("as shown. We", r"as shown~\citep[p.~3][]{a}. We"),
        ("e.g., x, i.e. y by Roe et al. We", r"\eg, x, \ie\ y by Roe \etal. We"),
        ("Gödel, naïve, Čech, Łódź, façade", r"G\"odel, na\"{\i}ve, \v{C}ech, \L{}\'od\'z, fa\c{c}ade"),
        ("Nguyễn, Haček, Łojasiewicz, Straße", r"Nguy\~{\^e}n, Ha\v cek, \L ojasiewicz, Stra\ss e"),
        ("“so” they say", "``so'' they say"),
        ("It is so.", "It is so.; ; ;"),
        ("one; two;", "one; two;"),
        ("90% and 5% of R&D", r"90% and 5\% of R\&D"),
        ("$5 million and $10", "$5 million and $10"),
        ("$400K", r"\$400K"),
        ("pages 1–3 — no --flag", "pages 1--3 --- no --flag"),
        ("Fig. 3 and ~50", "Fig.~3 and ~50"),
        ("3.6× and 12×12", r"3.6\times and 12times12"),
        ("H₂O at 10³", "H<sub>2</sub>O at 10<sup>3</sup>"),
        ("p<0.05, x<y>z, <think>", "p<0.05, x<y>z, <think>"),
        ("Aim We do", "<jats:sec><jats:title>Aim</jats:title><jats:p>We do</jats:p></jats:sec>"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("&amp; once", "&amp;amp; once"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("one line", "one\n\n  line\t\u200b\u202e\x00"),
        ("it's the author's", r"it's the author\'s"),
        ("", "\u200b \x00"),
    ],
)
def test_markup_becomes_the_text_it_stands_for(expected: str, source: str) -> None:
    """Each construct from real abstracts reads as a person would write it in a chat."""
    assert expected == to_plain(source)


def test_without_dollar_math_every_dollar_is_money() -> None:
    """Hugging Face strips the dollars of math, so the remaining ones are prices."""
    assert "from $a$ to $b$" == to_plain("from $a$ to $b$", dollar_math=False)


def test_text_that_would_lose_its_words_is_shown_raw() -> None:
    """If rendering would lose more than 30 % of the letters, the raw text is returned."""
    swallowing = r"\phantom{one two three four five six seven eight}"
    assert swallowing == to_plain(swallowing)


@given(MARKUP, st.booleans())
def test_plain_text_is_one_visible_line(source: str, dollar_math: bool) -> None:
    """For any text, the result has no line break and no character that hides or reorders text."""
    plain = to_plain(source, dollar_math=dollar_math)
    assert plain == plain.strip()
    assert not re.search(r"[^\S ]|  |[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]", plain)
    assert not [char for char in plain if unicodedata.category(char) in ("Cc", "Cs")]


@given(st.lists(st.from_regex(r"[A-Za-z]{1,9}[,.]?", fullmatch=True)).map(" ".join))
def test_plain_prose_stays_as_it_is(prose: str) -> None:
    """Text without markup is unchanged."""
    assert prose == to_plain(prose)


@given(MARKUP)
def test_collapsing_twice_changes_nothing_more(source: str) -> None:
    """Collapsing white space a second time changes nothing."""
    assert collapse(source) == collapse(collapse(source))


@pytest.mark.parametrize(
    "piece", ["{", "}", "^{", "$a ", "\\frac", "\\cite[", "\\href{", "<a ", "<", "&amp", "\\(", "`"]
)
def test_a_page_of_one_bracket_is_read_without_trouble(piece: str) -> None:
    """100,000 characters of one unbalanced piece are rendered within the time limit of the test run."""
    assert isinstance(to_plain(piece * (100_000 // len(piece))), str)


@pytest.mark.parametrize(
    ("expected", "text"), [(3, "one two-and three"), (0, "— … ()"), (4, "我们提出了方法。"), (0, "")]
)
def test_words_are_counted_in_every_script(expected: int, text: str) -> None:
    """Two Han characters count as one word, punctuation as none."""
    assert expected == count_words(text)


def test_only_known_tags_are_stripped() -> None:
    """A `<word>` that is not an element of HTML, JATS or MathML stays."""
    assert "see <eos> and bold" == strip_tags('see <eos> and <b class="x">bold</b>')


def _prose_words(source: str) -> list[str]:
    """Return the words outside math, macros and URLs, without using the product's own TeX reader."""
    for markup in (
        r"\$\$.*?\$\$", r"\\\(.*?\\\)", r"\$[^$]{1,200}\$", r"https?://[^\s{}]+",
        r"\\(?:cite\w*|ref|label)\{[^}]*\}", r"\\[A-Za-z]+", r"\\[\"'`^~]\{?[A-Za-z]\}?", r"[_^]\{[^}]*\}",
    ):  # fmt: skip
        source = re.sub(markup, " ", source, flags=re.DOTALL)
    return re.findall(r"(?<![\w\\}])[A-Za-z]{3,}(?![\w\\])", source)


def test_no_prose_of_77_real_abstracts_is_lost(shared: Path) -> None:
    """Every word outside math and macros is kept, in the order of the text."""
    recorded = json.loads((shared / "fixtures/latex/real_latex_abstracts_77.json").read_text(encoding="utf-8"))
    lost = []
    for source, abstracts in recorded.items():
        for name, text in abstracts:
            rest = iter(re.findall(r"[A-Za-z]+", to_plain(text, dollar_math=source != "hf")))
            lost += [(name, word) for word in _prose_words(text) if not _STRIPPED.match(word) and word not in rest]
    assert 77 == sum(map(len, recorded.values()))
    assert [] == lost


#: Macros whose backslash Hugging Face drops; they are rendered as symbols.
_STRIPPED = re.compile(r"(?:sim|times|ell|leq|cal[A-Z])$|text(?:bf|it|tt)|math(?:bb|bf|cal)")
