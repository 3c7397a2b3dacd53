"""The matcher that counts steps: it finds what the standard library finds, and a slow pattern has many steps."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.counting_regex import Steps

PATTERNS = [
    r"a+b?", r"(?:a|ab)(?:c|bcd)?", r"\w+@\w+\.(?:org|com)", r"^\s*(?:> |# )", r"(?<!\w)a{2,3}(?=b|$)", r"(a|b)\1",
    r"[^a-c\s]*?x", r"(?P<x>a)?(?:b)++", r"\ba\b|\Bb", r"(?:a?b){0,2}$", r"(?!ab)[ab]+", r"a*+b",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
@given(st.text("abcx@. \n>#", max_size=12), st.integers(0, 3))
def test_it_matches_as_the_library_does(pattern: str, text: str, at: int) -> None:
    """At every place the first match ends where the library's ends."""
    compiled = re.compile(pattern, re.MULTILINE)
    found = compiled.match(text, min(at, len(text)))
    steps = Steps(compiled)
    steps.of(text, min(at, len(text)), whole=False, everywhere=False, once=True)
    assert (found.end() if found else None) == steps.end


def test_a_slow_pattern_has_many_steps() -> None:
    """A search that looks through all that follows from every place has four times the steps for twice the text."""
    slow, quick = Steps(re.compile(r"\s+x")), Steps(re.compile(r"\s?x"))
    for pattern, least, most in ((slow, 3.5, 4.5), (quick, 1.5, 2.3)):
        once, twice = (pattern.of(" " * length, 0, whole=False, everywhere=True, once=True) for length in (100, 200))
        assert least * once <= twice <= most * once
