"""Reading a text costs no more than its length: no text of a person holds everybody else's answers."""

from contextlib import suppress
from time import process_time

import pytest

from bots.commands import parse_command
from bots.commands.synonyms import impolite, whole, without_thanks
from bots.domain.channels import Channel
from bots.domain.errors import RequestError

_CHANNEL = Channel(platform="slack", workspace="T1", channel="C1")
#: Far above what any of these texts needs on a busy machine; what is not linear needs minutes, or never ends.
_SECONDS = 2.0
_BEGINNINGS = ("", "subscribe ", "edit 1 ", "search ", "pause until ", "please ", "subscribe about ", "can you please ")
_REPEATED = (
    "at 9 ", "can you please ", "please ", "hi ", ", ", " ", "!", "\u3000", "我", "e\u0301", "👩\u200d🔬", "\u202e",
    "\x00", "9,", "mondays, ", "cs.CL+", '"', "“", "a=", "--", ":tada: ", "ﷺ", "d-tu", "help me to ", "a but not ",
)  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("begins", _BEGINNINGS)
def test_no_repeated_text_is_slow(begins: str) -> None:
    """Whatever a person repeats ten thousand characters long, it is read or refused at once."""
    for repeated in _REPEATED:
        text = (begins + repeated * 10_000)[:10_000]
        for size in (2_900, 10_000):
            began = process_time()
            with suppress(RequestError):
                parse_command(f"{text[:size]}x", channel=_CHANNEL)
            assert _SECONDS > process_time() - began, (begins, repeated, size)


@pytest.mark.timeout(20)
def test_many_polite_words_are_read_in_one_way() -> None:
    """A text of polite words that could be taken apart in a million million ways is taken apart in one."""
    assert "pause" == whole("can you please " * 5 + "stop it, thanks!")
    assert "draw a cat" == impolite("can you please " * 40 + "draw a cat")
    assert "" == whole("can you please " * 40 + "stop it")


@pytest.mark.parametrize(
    ("expected", "typed"),
    [
        ("stop it", "stop it, please!"),
        ("stop it", "stop it thank you ."),
        ("follow cs.CL", "follow cs.CL, thanks?!"),
        ("the known", "the known"),
        ("", " now "),
        ("", " ?! "),
    ],
)
def test_polite_ends_are_left_out(expected: str, typed: str) -> None:
    """One polite word and the signs around it are left out at the end, and no end of another word."""
    assert expected == without_thanks(typed)
