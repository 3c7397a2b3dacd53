"""Claims about quantities of the LaTeX package siunitx."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.plain import to_plain
from summarizer.text.units import QUANTITIES, number, unit


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        ("1 to 5 GHz", r"\SIrange{1}{5}{\GHz}"),
        ("-20 to 60 °C", r"\qtyrange{-20}{60}{\degreeCelsius}"),
        ("2 to 7", r"\numrange{2}{7}"),
        ("1, 2 and 3 kg", r"\SIlist{1;2;3}{\kilo\gram}"),
        ("4 and 5", r"\numlist{4;5}"),
        ("5 km and 3%", r"\SI{5}{\kilo\metre} and \SI{3}{\percent}"),
        ("9.8 m/s²", r"\qty{9.8}{\metre\per\second\squared}"),
        ("2 kg·m/s", r"\qty{2}{\kilogram\metre\per\second}"),
        ("3 W/(m²·K)", r"\qty{3}{\watt\per\square\metre\per\kelvin}"),
        ("3 m²", r"\SI{3}{\square\metre}"),
        ("5 m/s", r"\SI[per-mode=symbol]{5}{m/s}"),
        ("2.5×10³ g", r"\SI{2.5e3}{\gram}"),
        ("10⁻⁵ and 1±0.2", r"\num{e-5} and \num{1 +- 0.2}"),
        ("12°30′", r"\ang{12;30}"),
        ("20 °C at 5 µm", r"$\SI{20}{\celsius}$ at \SI{5}{\micro\meter}"),
        ("7", r"\SI{7}"),
        ("H₂SO₄ and NO₂", r"\ce{H2SO4} and \chem{NO_2}"),
        ("³√x and √2", r"$\sqrt[3]{x}$ and \sqrt 2"),
    ],
)
def test_quantities_read_as_printed(expected: str, source: str) -> None:
    """Numbers, units, ranges and lists read as the package prints them."""
    assert expected == to_plain(source)


GROUP = st.text(alphabet="\\kilometr;1.-+e x{}", max_size=12)


@given(GROUP)
def test_any_number_and_unit_is_read(source: str) -> None:
    """Any text is accepted as a number and as a unit."""
    assert isinstance(number(source), str)
    assert isinstance(unit(source), str)


@given(st.sampled_from(sorted(QUANTITIES)), st.lists(GROUP.filter(lambda text: "{" not in text and "}" not in text)))
def test_too_few_groups_are_no_error(name: str, groups: list[str]) -> None:
    """A macro with any number of groups leaves a text."""
    assert isinstance(to_plain(f"x \\{name}" + "".join(f"{{{group}}}" for group in groups) + " y"), str)
