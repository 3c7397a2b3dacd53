"""Tells a paste that holds no prose from an abstract; pure functions, linear time.

Only clear cases are refused: a trace of a program's failure, a list of addresses, shouts of a word or two, and lines of
a word or two that make no sentence. In doubt, a text is condensed.
"""

import re
from statistics import median

from bots.domain.errors import BadPaste
from bots.translation.speech import gettext, gettext_noop
from summarizer import count_words, split_sentences

#: In characters: what is read of a paste; more than the longest abstract.
_READ_MOST = 40_000
#: In words: if every sentence is shorter, all are shouts ("Yes. No. Go."); one full sentence may be worth a blurb.
_SENTENCE_LEAST = 4
#: In words: lines of a poem or a list; text that was copied from a narrow column has more.
_LINE_MOST = 2
#: Lines: fewer are no poem or list, but a heading and its text.
_LINES_LEAST = 8
#: The share of addresses among the words of a list of them; an abstract names one or two.
_ADDRESSES_MOST = 0.5
#: Places of a program: one may be quoted in an abstract, two are a trace.
_PLACES_MOST = 1

_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@.]{1,63}\.|\w{2,10}://|www\.")
_PLACE = re.compile(
    r"^[^\S\n]{0,40}(?:at [\w$.<>/]{1,200} ?\(|File \"[^\"\n]{1,300}\", line \d|#\d{1,3} +0x[0-9a-f]{4})"
    r"|^Traceback \(most recent call last\)|^[^\S\n]{0,40}at [\w./]{1,200}:\d{1,7}:\d",
    re.MULTILINE,
)
_NEEDED = gettext_noop(
    "Paste the abstract of a paper: at least two full sentences, 25 words or more, on what was done and found."
)


def check_prose(pasted: str) -> None:
    """Raise if a paste clearly holds no prose; an empty one passes, because its length says more.

    Raises:
        BadPaste: it does; the message says what it holds instead.
    """
    if found := _instead(pasted[:_READ_MOST]):
        raise BadPaste(gettext(found), hint=gettext(_NEEDED))


def _instead(text: str) -> str:
    """Return the error of a text that clearly holds something else than prose; empty for prose."""
    words = text.split()
    if len(_PLACE.findall(text)) > _PLACES_MOST:
        return gettext_noop("This does not look like an abstract: it is the trace of a program's failure.")
    if sum(_ADDRESS.search(word[:200]) is not None for word in words) > _ADDRESSES_MOST * len(words):
        return gettext_noop("This does not look like an abstract: most of it is addresses.")
    sentences = [count_words(text[each.start : each.end]) for each in split_sentences(text)]
    if len(sentences) > 1 and max(sentences) < _SENTENCE_LEAST:
        return gettext_noop("This does not look like an abstract: its sentences have only a word or two.")
    if len(sentences) <= 1 and _are_short([count_words(line) for line in text.splitlines()]):
        return gettext_noop(
            "This does not look like an abstract: its lines have only a word or two and make no sentence."
        )
    return ""


def _are_short(lines: list[int]) -> bool:
    filled = [words for words in lines if words]
    return len(filled) >= _LINES_LEAST and median(filled) <= _LINE_MOST
