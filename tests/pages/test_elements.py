"""Elements: what is not an element is text, whatever it holds."""

import pytest
from hypothesis import given

from bots.pages.elements import Html, element, joined, joined_by
from tests.preview.drawn import drawn, seen
from tests.support import hostile


@hostile.patient
@given(text=hostile.texts)
def test_text_stays_text(text: str) -> None:
    """Any text in an element or in an attribute is shown or held as it is, and makes no element."""
    shown = drawn(element("p", text, element("span", text, aria_label=text)))
    assert seen(text) * 2 == seen(shown.text)


def test_elements_stay_elements() -> None:
    """An element inside another is not escaped; a text beside it is."""
    assert "<p>a &lt;b&gt; <em>c</em><br></p>" == element("p", "a <b> ", element("em", "c"), element("br"))
    assert "a, <b>b</b>" == joined_by(", ", ("a", element("b", "b")))
    assert "" == joined()
    assert "x" == Html("x").__html__()


def test_attributes() -> None:
    """Names are written as HTML has them; an empty or false one is left out."""
    made = element("a", "x", class_="a b", aria_label='"', hidden=True, title="", disabled=False)
    assert '<a class="a b" aria-label="&quot;" hidden>x</a>' == made


@pytest.mark.parametrize(
    ("name", "attributes"),
    [("script", {}), ("img", {}), ("iframe", {}), ("p", {"onclick": "x"}), ("p", {"style": "x"})],
)
def test_nothing_runs_or_loads(name: str, attributes: dict[str, str]) -> None:
    """An element or an attribute that would run or load something cannot be made."""
    with pytest.raises(ValueError, match="cannot be made"):
        element(name, "x", **attributes)
