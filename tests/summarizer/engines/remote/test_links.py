"""Claims about links in an answer, sentences that are repeated, and what is left of a removed sentence."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Abstract
from summarizer.engines.writing.links import has_link
from summarizer.engines.writing.reading import read_source
from summarizer.engines.writing.vetting import Measure, vet
from summarizer.errors import Unfit

TEXT = (
    "We propose a small cache of keys for Node.js and llama.cpp. It reduces traffic between slow machines, and the "
    "cache of keys needs 3.5x less memory than v1.2 of the older cache, as Fig.2 shows."
)


def shown(answer: str) -> str:
    """Return what vetting leaves of an answer."""
    return vet(answer, Measure(source=read_source(Abstract(text=TEXT)), limit=60)).text


@pytest.mark.parametrize(
    "link",
    [
        "t.me/x",
        "T.ME/x",
        "evil.tech/x",
        "evil.tech",
        "//evil.page/x",
        "//evil",
        "evil.store",
        "evil.page:80",
        "a.evil.museum?x",
        "evil.xn--p1ai",
        "evil.рф",
        "evil．tech/x",
        "x.ai/llama.cpp",
        "https://evil.tech",
        "(see evil.tech)",
    ],
)
def test_a_link_is_found_whatever_its_ending(link: str) -> None:
    """Names with any ending, with one letter, without a scheme and in wide characters are links."""
    assert has_link(unicodedata.normalize("NFKC", f"A small cache of keys, {link} today"), TEXT)


@pytest.mark.parametrize(
    "word",
    [
        "e.g. traffic",
        "i.e. keys",
        "3.5x",
        "v1.2",
        "Fig.2",
        "Node.js",
        "node.js",
        "llama.cpp",
        "and/or",
        "U.S.",
        "Ph.D.",
        "0.5mm",
        "et al. show",
        "keys. The cache",
        "p. 3",
        "1/2",
        "…and",
        "km/h",
    ],
)
def test_what_is_no_link_passes(word: str) -> None:
    """Abbreviations, numbers, versions, figures and names of the abstract are no links."""
    assert not has_link(f"A small cache of keys, {word} today", TEXT)


def test_a_name_that_the_abstract_lacks_may_be_a_link() -> None:
    """The same name is refused if the paper does not have it."""
    assert has_link("A small cache of keys for Node.js", "Another abstract")


@given(st.text(alphabet="a.-/:1 é", max_size=300))
def test_any_text_is_searched(text: str) -> None:
    """Any text is searched, and a link at its end is found."""
    has_link(text, TEXT)
    assert has_link(f"{text} evil.tech/x", TEXT)


@pytest.mark.parametrize("link", ["t.me/x", "evil.tech/x", "//evil.page/x", "evil.store"])
def test_a_sentence_with_a_link_is_removed(link: str) -> None:
    """The sentence with the link is not shown; the other one is."""
    assert "A small cache of keys reduces traffic." == shown(
        f"A small cache of keys reduces traffic. The cache of keys needs {link} memory."
    )


def test_a_sentence_is_shown_once() -> None:
    """A sentence that is written twice, in other case or punctuation, is shown once; two sentences are both shown."""
    one, two = "A small cache of keys reduces traffic.", "The cache of keys needs less memory."
    assert one == shown(f"{one} {one}")
    assert f"{one} {two}" == shown(f"{one} {two} {one.upper()}")
    assert f"{one} {two}" == shown(f"{one} {two}")


@pytest.mark.parametrize("stop", ["。", "! ", "? "])
def test_the_rest_of_a_removed_sentence_is_removed(stop: str) -> None:
    """A fragment in lower case behind a sentence with a link is part of it; without others, nothing is left."""
    with pytest.raises(Unfit):
        shown(f"A small cache evil.com{stop} of keys reduces traffic between machines.")
    good = "The cache of keys needs less memory."
    assert good == shown(f"{good} A small cache evil.com{stop} of keys reduces traffic between machines.")
