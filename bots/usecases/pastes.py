"""Tells a paste of several abstracts from one abstract; pure functions, linear time.

A blurb of two papers would say of one what the other found. Only clear cases are told: titles above abstracts, the word
"Abstract" or ids over each, a structured abstract that begins anew, or unlike texts that each announce a paper.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bots.domain.errors import BadPaste
from bots.domain.paper_ids import refs_in
from bots.translation.speech import gettext
from summarizer import count_words, split_sentences
from summarizer.text.section_names import SECTIONS, Section
from summarizer.text.sections import find_labels
from summarizer.text.words import content

#: In words: a shorter paragraph is no abstract, as for the engines of the summarizer.
_ABSTRACT_LEAST = 25
#: In words: an abstract without a title or a label must be long enough to show its subject.
_PARAGRAPH_LEAST = 40
#: In words: headings of parts are shorter than most titles, and sentences are longer.
_TITLE_SURE, _TITLE_MOST = 3, 30
#: In words: a line of ids, with "arXiv:" and a category behind it.
_ID_LINE = 6
#: In characters: what is read of a paste. More than the longest abstract, and a second one begins before it.
_READ_MOST = 40_000
#: The share of the content words of the shorter text that is in the other one too; texts about one subject share more.
_SHARED_MOST = 0.12

_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
#: A blank line, or one of dashes, stars or equals signs.
_GAP = re.compile(r"\n[^\S\n]*(?:[-–—*=_#~•·]{1,200}[^\S\n]*)?\n\s*")
#: "Abstract" over a text, by language: an abstract and its translation stand under two words.
_LABELS = tuple(
    re.compile(
        rf"\W{{0,4}}{word}(?:\W{{0,4}}(?=$|\n)|\s?[:：.—–-]\s?\w|\W{{1,4}}(?-i:(?:We|This|The|In|An?|Our|Here)\b))",
        re.IGNORECASE,
    )
    for word in ("abstract", "摘要", "zusammenfassung", "résumé", "resumen", "resumo")
)
_NUMBER = re.compile(
    r"(?:\W{0,3}\d{1,3}[.):\]]|[-*#•·]{1,6}|\W{0,3}(?:title|paper \d{1,2}|titel|titre)\s?:|题目：|标题：)\s*",
    re.IGNORECASE,
)
_ENDS_TITLE = re.compile(r"[.;:,!…。；：，]\W{0,2}$")
_QUESTION = re.compile(r"[?？]\W{0,2}$")
#: A text speaks of its own paper.
_OWN = re.compile(
    r"\b(?:we|our|i|this (?:paper|work|article|study|review|thesis|letter|survey|report))\b|本文|我们|本研究",
    re.IGNORECASE,
)
#: What a structured abstract begins with, ends with, and cannot lack between.
_OPENING = frozenset({Section.BACKGROUND, Section.AIM})
_ENDING = frozenset({Section.RESULT, Section.CONCLUSION})
_WORK = frozenset({Section.METHOD, Section.RESULT})
#: Not a title: what journals print below an abstract, and addresses.
_NO_TITLE = re.compile(
    r"(?:our|we|this|these|it)\b|.*\b(?:summary|statement|highlights|abstract|keywords|message|digest)\b|.*https?:|.*@",
    re.IGNORECASE,
)
#: It announces its paper; one abstract does that once.
_ANNOUNCES = re.compile(
    r"\b(?:in this (?:paper|work|article|study|letter|thesis|review|survey|report)\b"
    r"|this (?:paper|work|article|study|letter|thesis|review|survey|report) (?:\w+ly )?(?:propos|present|introduc"
    r"|describ|investigat|examin|explor|stud|report|address|develop|show|review|analy|argue|consider|aim)"
    r"|(?:here,? )?we (?:\w+ly )?(?:propose|introduce|present|describe|report|develop)\b)",
    re.IGNORECASE,
)
#: A paragraph that goes on from the one before.
_GOES_ON = re.compile(
    r"(?:we|our|ours|this|these|those|such|it|its|they|their|the (?:proposed|resulting|results?|experiments?)|results?"
    r"|experiments?|extensive|finally|moreover|furthermore|in addition|additionally|specifically|in particular|however"
    r"|to|thus|therefore|hence|also|second|secondly|third|thirdly|first|for example|building on|based on|using|by|with"
    r"|code|data|both|as a result|overall|in summary|empirically|theoretically|notably|importantly|here)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Block:
    """A paragraph of a paste."""

    text: str
    words: int
    sentences: int

    @property
    def is_abstract(self) -> bool:
        return self.words >= _ABSTRACT_LEAST and (self.sentences > 1 or self.words >= 2 * _ABSTRACT_LEAST)


def check_single(pasted: str) -> None:
    """Raise if a paste clearly holds several abstracts.

    Raises:
        BadPaste: it does; the message says how many.
    """
    if (several := abstracts_in(pasted)) > 1:
        raise BadPaste(
            gettext("This looks like {number} abstracts, not one.", number=several),
            hint=gettext(
                "Condense one at a time. If it is one abstract, remove the headings and blank lines inside it."
            ),
        )


def check_message(text: str) -> None:
    """Raise if a message that a person chose is too short for an abstract: they may not know what is condensed.

    Raises:
        BadPaste: it is; the hint says which messages can be condensed.
    """
    if count_words(text) < _ABSTRACT_LEAST:
        raise BadPaste(
            gettext("That message holds no abstract, and no link to a paper."),
            hint=gettext("Choose a message with an abstract of 25 words or more, or with a link to a paper."),
        )


def abstracts_in(pasted: str) -> int:
    """Return how many abstracts a paste clearly holds; 1 if it may be one.

    The text may be anything; of one with more than 40,000 characters the beginning is read.
    """
    text = _LINE_END.sub("\n", pasted[:_READ_MOST]).strip()
    blocks = [_block(piece) for piece in _pieces(text)]
    return max(_labelled(blocks), _named(blocks), _restarted(text), _titled(blocks), _announced(blocks), 1)


def _block(text: str) -> _Block:
    return _Block(text=text, words=count_words(text), sentences=len(split_sentences(text)))


def _pieces(text: str) -> Iterator[str]:
    """Yield the paragraphs, and what stands in lines of its own above the text of one."""
    for piece in _GAP.split(text):
        lines = [line.strip() for line in piece.split("\n") if line.strip()]
        head = _head_lines(lines)
        yield from lines[:head]
        yield from _apart(lines[head:])


def _apart(lines: Sequence[str]) -> Iterator[str]:
    """Yield runs of lines; the label of an abstract begins one, and an id or an address is one."""
    run = list[str]()
    for line in lines:
        named = len(line.split()) <= _ID_LINE and bool(refs_in(line))
        if run and (named or _is_labelled(line)):
            yield "\n".join(run)
            run = []
        if named:
            yield line
        else:
            run.append(line)
    if run:
        yield "\n".join(run)


def _is_labelled(line: str) -> bool:
    return any(label.match(line) for label in _LABELS)


def _head_lines(lines: Sequence[str]) -> int:
    """Return how many lines above a text were ended on purpose: the next word would have fitted on them."""
    width = max(map(len, lines), default=0)
    for number, (line, after) in enumerate(pairwise(lines)):
        fits = len(line) + 1 + len(after.split(maxsplit=1)[0]) <= width
        if not fits or not _begins(after) or (_ENDS_TITLE.search(line) and not _is_labelled(line)):
            return number
    return max(0, len(lines) - 1)


def _begins(line: str) -> bool:
    first = next((char for char in line if char.isalnum()), "a")
    return not first.islower()


def _labelled(blocks: Sequence[_Block]) -> int:
    """Return how many abstracts stand under the word "Abstract"."""
    return max(_under(blocks, label) for label in _LABELS)


def _under(blocks: Sequence[_Block], label: re.Pattern[str]) -> int:
    found, waiting = 0, False
    for block in blocks:
        waiting = waiting or label.match(block.text) is not None
        if waiting and block.is_abstract:
            found, waiting = found + 1, False
    return found


def _named(blocks: Sequence[_Block]) -> int:
    """Return how many abstracts stand under ids of their own, or above them: arXiv ids, DOIs, addresses of papers."""
    told, waiting, found, bare = set[str](), set[str](), 0, 0
    for block in blocks:
        if block.words < _ABSTRACT_LEAST:
            waiting |= {str(ref.id) for ref in refs_in(block.text)} - told
        elif block.is_abstract and waiting:
            told |= waiting
            waiting, found = set(), found + 1
        elif block.is_abstract and not found:
            bare = 1
    return found + (bare if waiting else 0)


def _restarted(text: str) -> int:
    """Return how many structured abstracts follow one another: after the results comes an aim or a background again."""
    found, parts = 0, set[Section]()
    for section in (label.section for label in find_labels(text) if label.section):
        if section in _OPENING and parts & _ENDING:
            found, parts = found + _is_complete(parts), set()
        parts.add(section)
    return found + _is_complete(parts)


def _is_complete(parts: set[Section]) -> bool:
    """Return whether parts make an abstract; "What is known" and "What this adds", below one, do not."""
    return all(parts & needed for needed in (_OPENING, _WORK, _ENDING))


def _titled(blocks: Sequence[_Block]) -> int:
    """Return how many abstracts stand under titles of their own; one above the first title counts too.

    If a title is none for sure, or one is missing, each text must speak of a paper of its own.
    """
    if any(map(_is_heading, blocks)):
        return 0
    titled, bare, title = list[_Block](), list[_Block](), ""
    weak = False
    for block in blocks:
        if block.is_abstract and (title or not titled):
            (titled if title else bare).append(block)
            weak = weak or (bool(title) and _is_weak(title))
            title = ""
        elif not title and _is_title(block):
            title = block.text
    counted = [*bare[:1], *titled]
    speak = (_ANNOUNCES if weak else _OWN).search
    sure = titled and not bare and not weak
    return len(counted) if titled and (sure or all(speak(block.text) for block in counted)) else 0


def _is_weak(title: str) -> bool:
    """Return whether a title may be the heading of a part, as a question or a few words may."""
    return _QUESTION.search(title) is not None or count_words(title) < _TITLE_SURE


def _is_title(block: _Block) -> bool:
    bare = _NUMBER.sub("", block.text, count=1).strip(" *#_")
    if not 0 < count_words(bare) <= _TITLE_MOST or "\n" in bare or block.sentences > 2:
        return False
    return _begins(bare) and not any((_ENDS_TITLE.search(bare), _NO_TITLE.match(bare), refs_in(bare)))


def _is_heading(block: _Block) -> bool:
    """Return whether a paragraph is the heading of a part, or begins with one."""
    bare = block.text.strip(" *#_:：.").lower()
    return bare in SECTIONS or any(label.section and label.certain for label in find_labels(block.text[:200])[:1])


def _announced(blocks: Sequence[_Block]) -> int:
    """Return how many paragraphs announce a paper of their own, on subjects that have next to nothing in common."""
    found = list[_Block]()
    for block in blocks:
        long = block.words >= _PARAGRAPH_LEAST and block.sentences > 2
        if not long or not _ANNOUNCES.search(block.text) or (found and _GOES_ON.match(block.text)):
            continue
        if not found or all(_unlike(block.text, other.text) for other in found[-3:]):
            found.append(block)
    return len(found) if len(found) > 1 else 0


def _unlike(one: str, other: str) -> bool:
    a, b = content(one), content(other)
    return len(a & b) <= _SHARED_MOST * min(len(a), len(b))
