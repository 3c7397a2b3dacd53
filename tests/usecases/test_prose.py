"""A paste that holds no prose is refused with a word on what an abstract needs; a short real abstract is not."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.errors import BadPaste
from bots.usecases.prose import check_prose
from tests.usecases.test_pastes import SHIPS, SPEECH, TREES, wrapped

_PYTHON = 'Traceback (most recent call last):\n  File "/srv/main.py", line 12, in <module>\n    main()\nValueError: bad'
_JAVA = 'Exception in thread "main" java.lang.Error\n\tat org.lab.Main.run(Main.java:3)\n\tat org.lab.Main.go(A.java:9)'
_NODE = "TypeError: x is undefined\n    at parse (/srv/a.js:3:4)\n    at /srv/b.js:30:4\n"
_SHORT = (
    "We present a pruning plan that evens the yield of an orchard over the years. On 40 orchards, it raised the "
    "harvest of poor years by 31 percent."
)


@pytest.mark.parametrize(
    ("why", "pasted"),
    [
        ("a word or two", "Yes. No. Go. " * 12),
        ("a word or two", "Stop! Why? Because.\n" * 10),
        ("addresses", "\n".join(f"anna.lee{n}@lab.example.org" for n in range(40))),
        ("addresses", ", ".join(f"Lee <lee{n}@lab.example.org>;" for n in range(40)).replace("Lee ", "")),
        ("addresses", "\n".join(f"https://lab.example.org/{n}" for n in range(40))),
        ("trace", _PYTHON),
        ("trace", _JAVA),
        ("trace", _NODE),
        ("make no sentence", "\n".join("Rain falls softly on the roof and nobody hears it but me".split() * 4)),
    ],
)
def test_what_is_no_prose_is_named(why: str, pasted: str) -> None:
    """Shouts, addresses, traces and lines of one word are refused; the hint says what an abstract needs."""
    with pytest.raises(BadPaste, match=why) as caught:
        check_prose(pasted)
    assert "two full sentences, 25 words" in caught.value.hint


@pytest.mark.parametrize(
    "pasted",
    [
        _SHORT,
        TREES,
        SPEECH,
        wrapped(SHIPS, 20),
        "\n".join(SHIPS.split()),
        f"{_SHORT} Code: https://lab.example.org/x, lee@lab.example.org.",
        f"{_SHORT} We study lines such as\n    at org.lab.Main.run(Main.java:3)\nin the logs of programs.",
        "我们提出了一种新的修剪方法,可以使果园多年的产量保持稳定。在四十个果园的试验中,该方法使歉收年份的产量提高了百分之三十一。",
        "",
    ],
)
def test_an_abstract_passes(pasted: str) -> None:
    """A short abstract, one in narrow lines and one that names an address or a place in a program are condensed."""
    check_prose(pasted)


@given(st.text())
def test_any_text_is_judged(pasted: str) -> None:
    """Any text passes or is refused with the documented error."""
    with suppress(BadPaste):
        check_prose(pasted)
