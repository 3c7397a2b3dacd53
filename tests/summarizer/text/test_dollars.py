"""Claims about which dollars are mathematics and which are money."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.dollars import pair_dollars
from summarizer.text.plain import to_plain


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ("about ∼10 sources and ∼ 10 more", r"about $\sim$10 sources and $\sim$ 10 more"),
        ("4×10⁻¹⁴ erg and 2.5×10³", r"4$\times$10$^{-14}$ erg and 2.5$\times$10$^{3}$"),
        ("1.4±0.2 M_⊙ at 10⁴ K", r"1.4$\pm$0.2 M$_{\odot}$ at 10$^{4}$ K"),
        ("at >5 TeV and <1 keV", "at $>$5 TeV and $<$1 keV"),
        ("≈90% of ≲100 cores, ≥10×", r"$\approx$90% of $\lesssim$100 cores, $\geq$10$\times$"),
        ("from -5 to +5, z=0.5, z≃2", r"from $-$5 to $+$5, $z$=0.5, $z\simeq$2"),
        ("10-20 and 30 40", r"10$-$20 and 30$\,$40"),
        ("set a1 to b2", "set $a$1 to $b$2"),
        ("Δ9-THC, β2 and [O iii]λ5007", r"$\Delta$9-THC, $\beta$2 and [O\,{\sc iii}]$\lambda$5007"),
        ("5° and 3″ and the 5′ end", r"5$^\circ$ and 3$″$ and the 5$'$ end"),
        ("a σ-ideal ∆ of x y", r"a $\sigma $-ideal $∆$ of $x$ $y$"),
        ("ab and xy", "$a$$b$ and $$x$$$y$"),
        ("x̃(1) is", r"$ \tilde{x}(1)$ is"),
    ],
)
def test_mathematics_shows_no_dollar(expected: str, source: str) -> None:
    """Where TeX or a sign stands between two dollars, they are mathematics, whatever follows."""
    assert expected == to_plain(source)


@pytest.mark.parametrize(
    "money",
    [
        "from $5 to $10",
        "$5-$10 or $400K/$500K",
        "US$5 or A$6, 5$ and 10$ bills",
        "$1.5M for 3 months, $2M after",
        "between 5$/month and 10$/month",
        "$5 per user_id, then US$7",
        "$OneMillion-Bench and $TwoMillion-Bench",
        "a $3 prize",
    ],
)
def test_money_stays_money(money: str) -> None:
    """A sum of money keeps its dollar."""
    assert money == to_plain(money)


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ("$5 and $10 and ∼20 or x", r"$5 and $10 and $\sim$20 or $x$"),
        ("we spent $5 of $20 on x₁", r"we spent $5 of $\$$20 on $x_1$"),
        ("a stray $ then α and β", r"a stray $ then $\alpha$ and $\beta$"),
        ("from 5$-α on", r"from 5$-$\alpha$ on"),
        ("α then $5, then β", r"$\alpha$ then $5, then $\beta$"),
    ],
)
def test_one_dollar_more_does_not_shift_the_pairs(expected: str, source: str) -> None:
    """Money before, between and behind formulas leaves the formulas as they are."""
    assert expected == to_plain(source)


def test_without_dollar_math_only_certain_tex_makes_a_pair() -> None:
    """A source that strips dollars left those around a macro; prices stay prices."""
    assert "α of $a$ for $5" == to_plain(r"$\alpha$ of $a$ for $5", dollar_math=False)


@given(st.lists(st.sampled_from(["$", "a", " ", "5", "\\x", "_", ", ", "and so", "\n\n"])).map("".join), st.booleans())
def test_pairs_are_in_order_and_do_not_overlap(source: str, dollar_math: bool) -> None:
    """Each dollar belongs to one pair at most, and a pair encloses something."""
    places = [index for index, char in enumerate(source) if char == "$"]
    position = 0
    for first, last, width in pair_dollars(source, places, dollar_math=dollar_math):
        assert position <= first < last < len(places)
        assert source[places[first + width - 1] + 1 : places[last - width + 1]].strip()
        position = last + 1
