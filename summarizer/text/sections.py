"""Find the headings inside an abstract, such as "RESULTS:", and split the text between them. Pure; linear time.

Journals of medicine, psychology and management print an abstract in labelled parts (Ad Hoc Working Group for Critical
Appraisal of the Medical Literature 1987, doi:10.7326/0003-4819-106-4-598). The headings lose their layout on the way:
`BACKGROUND: A`, `Methods We`, `ConclusionsDrug X`, `<bold>Objective</bold>To`, `Results ; From`. The headings of other
languages are read like the English ones: `Méthodes : On`, `【方法】`, `目的 探讨`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from summarizer.blurb import Span
from summarizer.text.section_names import ABSTRACTS, CAREFUL, SECTIONS, Section
from summarizer.text.sentences import split_sentences


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A heading with the punctuation and white space after it."""

    span: Span
    #: None for "Abstract", a bullet and an unknown heading.
    section: Section | None
    #: Whether the heading needs no second one beside it: it has a colon, a dash or tags of its own.
    certain: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A sentence and the labelled part that it belongs to; None if no label stands before it."""

    span: Span
    section: Section | None


_NAME = "|".join(re.escape(name).replace(r"\ ", r"\s{1,3}") for name in sorted(SECTIONS, key=len, reverse=True))
_TAGS = r"(?:<[^<>]{1,60}>\s*)"
#: What a list or Markdown puts before and behind a heading: "1. ", "4) ", "## ", "**", "[".
_OPENS = r"(?:\d{1,2}[.)]\s{1,3}|#{1,6}\s|[*_]{1,3}|[\[(【〔［（〈＜]|[■▪►→]\s?|\\(?:emph|textbf|textit)\{)"
_SHUTS = r"[\])}】〕］）〉＞]"
#: Brackets that stand around headings only: "的影响【方法】".
_OF_HEADINGS = "【〔"
#: A heading with the marks around it; what the marks are decides whether it is one.
_HEADING = re.compile(
    rf"(?<![*_#\[(【〔])(?P<open>{_TAGS}{{0,4}})(?P<mark_up>{_OPENS}{{0,2}})(?<![^\W_])(?<!-)(?P<name>(?i:(?:{_NAME})(?:/(?:{_NAME}))?))"
    rf"(?P<of>(?i:\s(?:of|for)\s(?:the\s|this\s)?(?:review|study|paper))\b)?(?P<inner>\s?[:：])?(?P<shut>[*_]{{1,3}}|{_SHUTS})?"
    rf"(?P<mark>\s?[:：]|\s?[—–→]|\s-\s|\s?;|\.\s)?\s*(?P<close>(?:</[^<>]{{1,60}}>\s*){{0,4}})(?P<late>[:：]\s*)?"
    r"(?=(?P<next>\S?\S?))"
)
_BULLET = re.compile(r"(?:^|(?<=[\s;.:]))[•▪●◦‣⁃](?=\s)")
#: An unknown heading in capitals: accepted beside known ones only.
_CAPITALS = re.compile(r"(?<![\w-])[A-Z][A-Z/&,'’() -]{2,70}[A-Z)]:\s")
#: "Abstract" at the very beginning; glued to the first word, it must be a word that begins sentences or a heading.
_ABSTRACT = re.compile(
    rf"\s*{_TAGS}{{0,4}}(?i:abstract)(?:\s?[:：.—–-]+\s*|\s+|(?=</)|(?={_NAME}|We\b|This\b|The\b|In\b|A\b))"
    rf"(?:</[^<>]{{1,60}}>\s*){{0,4}}{_TAGS}{{0,4}}(?=[A-Z•À-ÖØ-ÞА-Я\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3【])"
)
#: "Title: Slow Lamps" above it, as forms and mails write it.
_TITLE_LINE = re.compile(r"\s*(?i:title)\s?[:：][^\n]{1,300}\n\s*(?=(?i:abstract)\b)")
#: The same in other languages, where a mark, a line break or a heading follows: "Résumé of a life" is a sentence.
_ABSTRACT_ABROAD = re.compile(
    rf"\s*{_TAGS}{{0,4}}[\[(【〔［（〈＜]?(?i:{'|'.join(ABSTRACTS)})"
    rf"(?:{_SHUTS}\s*[:：]?\s*|\s?[:：.—–-]+\s*|\s*\n\s*|(?=</)|\s*(?=[【〔])|\s+(?=(?i:{_NAME})\W))"
    rf"(?:</[^<>]{{1,60}}>\s*){{0,4}}"
)
#: What may stand before a heading: the end of a sentence, of a line or of an element.
_AT_START = re.compile(
    r"(?:^|[.!?;…:。．｡！？；：](?:[\"'”’)\]」』）]|</?[^<>]{1,60}>|[*_]{1,3}|\d{1,3}(?=\s))*\s*|\n\s*|>\s*|[•▪●◦‣⁃]\s*|\bAbstract\s+)$"
)
#: In characters: what is looked at before a heading.
_BEFORE = 80
#: What databases and publishers add to an abstract; nothing behind it is the authors'.
_IMPRINT = re.compile(
    r"©|\(c\)\s\d{4}|copyright\s(?:©|\(c\)|\d{4}|of\b)|\[?abstract from (?:author|publisher)|all rights reserved|"
    r"\(?psycinfo database record|published by (?:elsevier|cambridge|oxford|wiley|springer|john|the royal)|"
    r"this article is protected by copyright|\d{4} (?:elsevier|wiley|the authors?\b)|\(funded by|crown copyright",
    re.IGNORECASE,
)
#: It begins like a sentence, or behind a gap.
_BEFORE_IMPRINT = re.compile(r"(?:[.!?)\]]|\s\s|\n)\s*$")
#: An imprint stands at the end; before this share of the text it is a sentence about copyright.
_IMPRINT_AFTER = 0.5
#: White space and marks that a table or a list leaves around a sentence.
_LEFT_OVER = " \t\r\n\f\v;•▪●◦‣⁃"


def place_sentences(text: str, *, dollar_math: bool = True) -> tuple[Placed, ...]:
    """Return the sentences of `text` in reading order, each with the part it belongs to.

    Headings, bullets and the imprint of a publisher at the end are left out.

    Args:
        dollar_math: whether `$...$` may be math; False for Hugging Face, which strips the dollars of math.
    """
    text = _without_imprint(text)
    labels = find_labels(text)
    ends = [*(label.span.start for label in labels[1:]), len(text)]
    placed = list(_pieces(text, 0, labels[0].span.start if labels else len(text), None, dollar_math))
    section: Section | None = None
    for label, end in zip(labels, ends if labels else (), strict=True):
        section = label.section or (section if _is_bullet(text, label) else None)
        placed += _pieces(text, label.span.end, end, section, dollar_math)
    return tuple(placed)


def find_labels(text: str) -> tuple[Label, ...]:
    """Return the headings and bullets of `text` in reading order; they do not overlap.

    A heading without a mark of its own, such as "Methods We", counts only beside another one.
    """
    found = list(_candidates(text))
    known = {label.section for label in found if label.section}
    several = len(known) > 1
    kept = [label for label in found if label.certain or several]
    return tuple(kept)


def _candidates(text: str) -> Iterator[Label]:
    """Yield everything that may be a heading, each at the beginning of a sentence or right after another one."""
    end = 0
    titled = _TITLE_LINE.match(text)
    start = titled.end() if titled else 0
    if abstract := _ABSTRACT.match(text, start) or _ABSTRACT_ABROAD.match(text, start):
        end = abstract.end()
        yield Label(span=Span(start=0, end=end), section=None)
    matches = sorted(
        (*_HEADING.finditer(text), *_BULLET.finditer(text), *_CAPITALS.finditer(text)),
        key=lambda match: (match.start(), -match.end()),
    )
    for match in matches:
        start = match.start()
        if start < end or not (start == end or text[start] in _OF_HEADINGS or _at_start(text, start)):
            continue
        if label := _label(match):
            end = label.span.end
            yield label


def _at_start(text: str, start: int) -> bool:
    return _AT_START.search(text[max(0, start - _BEFORE) : start]) is not None


def _label(match: re.Match[str]) -> Label | None:
    """Return the heading of a match; None if it is an ordinary word."""
    span = Span(start=match.start(), end=match.end())
    if match.re is _BULLET:
        return Label(span=span, section=None)
    if match.re is _CAPITALS:
        return Label(span=span, section=None, certain=False)
    name, following = match["name"], match["next"]
    mark = match["inner"] or match["mark"] or match["late"]
    if name[0].islower() or not following:
        return None
    section, careful = _section(name), name.lower() in CAREFUL
    tagged = bool((match["open"] and match["close"]) or (match["mark_up"] and match["shut"]))
    weak = not mark or (mark.strip() in (".", ";") and match.start() > 0)
    if tagged or not weak:
        return Label(span=span, section=section, certain=not careful)
    return Label(span=span, section=section, certain=False) if _may_follow(match) and not careful else None


def _section(name: str) -> Section:
    """Return the section that a heading names; of "Discussion/Conclusion", the last."""
    plain = re.sub(r"\s+", " ", name.lower())
    # A letter without a lower case of its own, such as the long s, is found by the pattern but not in the table.
    return SECTIONS.get(plain) or SECTIONS.get(plain.rpartition("/")[2], Section.OTHER)


def _may_follow(match: re.Match[str]) -> bool:
    """Return whether the text after a heading without colon looks like the beginning of a sentence."""
    following, glued = match["next"], match.end() == match.end("name")
    if not match["name"][0].isupper():
        return not glued  # in scripts without capitals, "结果表明" is a sentence and "结果 表明" is not
    if glued:
        return following[0].isupper() and following[-1:].islower() and not match["name"].isupper()
    return following == "to" or not following[0].islower()


def _without_imprint(text: str) -> str:
    """Return the text up to a publisher's imprint; the ranges of what is left are unchanged."""
    for found in _IMPRINT.finditer(text, int(len(text) * _IMPRINT_AFTER)):
        if _BEFORE_IMPRINT.search(text[max(0, found.start() - 10) : found.start()]):
            return text[: found.start()]
    return text


def _is_bullet(text: str, label: Label) -> bool:
    return text[label.span.start] in _LEFT_OVER and label.section is None


def _pieces(text: str, start: int, end: int, section: Section | None, dollar_math: bool) -> Iterator[Placed]:
    for span in split_sentences(text[start:end], dollar_math=dollar_math):
        if bare := _bare(text, replace(span, start=start + span.start, end=start + span.end)):
            yield Placed(span=bare, section=section)


def _bare(text: str, span: Span) -> Span | None:
    """Return the range without the marks that a table or a list left at its ends; None if nothing else is there."""
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip(_LEFT_OVER))
    end = span.end - (len(piece) - len(piece.rstrip(_LEFT_OVER)))
    return Span(start=start, end=end) if start < end else None
