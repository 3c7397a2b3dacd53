"""Find the headings inside an abstract, such as "RESULTS:", and split the text between them. Pure; linear time.

Journals of medicine, psychology and management print an abstract in labelled parts (Ad Hoc Working Group for Critical
Appraisal of the Medical Literature 1987, doi:10.7326/0003-4819-106-4-598). The headings lose their layout on the way:
`BACKGROUND: A`, `Methods We`, `ConclusionsDrug X`, `<bold>Objective</bold>To`, `Results ; From`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from summarizer.blurb import Span
from summarizer.text.sentences import split_sentences


class Section(StrEnum):
    """The function of a labelled part of an abstract."""

    BACKGROUND = "background"
    AIM = "aim"
    METHOD = "method"
    RESULT = "result"
    CONCLUSION = "conclusion"
    OTHER = "other"


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


#: Headings by section; `a b|c` is "a b" or "a c". From the structured abstracts of PubMed's and Emerald's journals.
_NAMES: dict[Section, str] = {
    Section.BACKGROUND: """
        background, backgrounds, introduction, context, rationale, importance, problem, background and aims
        background and aim, background and objectives, background and objective, background and purpose
        background/aims, background/aim, background/objectives, background/objective, background & aims
        background & objectives, background/purpose, introduction and aims, introduction and objectives
        background and context, study background, research background, issue addressed, the problem, what is known
        what is already known on this topic, what is already known about this topic, scientific background
    """,
    Section.AIM: """
        aim, aims, objective, objectives, purpose, purposes, goal, goals, hypothesis, study question
        research question, research questions, question, questions, study objective, study objectives
        aim of the study, aims of the study, aim and objectives, aims and objectives, study aim, study aims
        purpose of review, purpose of the review, review question, specific aims, primary objective
        research objective, research objectives, study purpose, purpose of the study, objective of the study
        aim/objective, objectives/hypothesis, scope, aims/hypothesis
    """,
    Section.METHOD: """
        method, methods, methodology, design, setting, settings, participants, patients, subjects, sample
        data source, data sources, study selection, data extraction, measurement, measurements, intervention
        interventions, main outcome measure, main outcome measures, main outcomes and measures
        materials and methods, material and methods, materials & methods, patients and methods, patients & methods
        subjects & methods, trial design, subjects and methods, participants and methods, methods and materials
        methods and material, methods and analysis, design and methods, methods/design, design/methods
        design/methodology/approach, design and setting, study design and setting
        study design, setting and participants, settings and participants, review methods, review method
        search strategy, search methods, selection criteria, eligibility criteria, inclusion criteria
        data collection, data collection and analysis, data analysis, statistical analysis, exposure, exposures
        outcome measures, outcomes measures, procedure, procedures, approach, experimental design
        experimental approach, research design and methods, research design, study sample, study population
        population, methodology/principal findings, data sources and study selection, data extraction and synthesis
        data sources/study setting, design, setting, and participants, design, setting and participants
        primary outcome measures, primary and secondary outcome measures, analysis, systematic review methods
        methods/approach, research methodology, theory and methods, study methods, study eligibility criteria
        eligibility criteria for selecting studies, data extraction methods, study appraisal and synthesis methods
        data sources and review methods, methods of study selection, tabulation, integration and results
        study eligibility criteria, participants, and interventions
    """,
    Section.RESULT: """
        result, results, finding, findings, main results, key results, key findings, main findings, data synthesis
        outcome, outcomes, principal findings, results and findings, methods and findings, methods and results
        methods/results, evidence acquisition and synthesis, evidence synthesis, recent findings, result(s)
        finding(s), principal results, results/findings, summary answer, main results and the role of chance
        observations, measurements and main results
    """,
    Section.CONCLUSION: """
        conclusion, conclusions, interpretation, discussion, significance, conclusions and relevance
        conclusion and relevance, implications, practical implications, originality/value, clinical significance
        summary, author's conclusions, authors' conclusions, authors’ conclusions, main conclusions
        conclusions and implications, conclusion and implications, implications for practice
        discussion and conclusions, discussion and conclusion, conclusions/implications, conclusions/significance
        conclusion/significance, results and conclusions, results and conclusion, conclusion(s), lessons learned
        take home message, implication, conclusions and significance, clinical relevance, clinical implications
        conclusions/interpretation, value, implications for nursing, relevance to clinical practice
        social implications, conclusions and recommendations, impact, what this study adds, what this paper adds
        conclusions and implications of key findings, so what?, interpretation and implications
        key conclusions and implications for practice, concluding remarks
    """,
    Section.OTHER: """
        limitations, limitation, registration, trial registration, systematic review registration, funding, keywords
        key words, protocol registration, level of evidence, levels of evidence, competing interests
        prospero registration, clinical trial registration, trial registration number, prospero registration number
        registration number, research limitations/implications, study limitations, source of funding
        strengths and limitations, ethics, clinical trials registration, review registration, prospero
        ethics and dissemination, highlights, paper type, limitations, reasons for caution
        study funding/competing interest(s), protocol, protocol registration number, limitations and implications
        study registration, strengths, index terms
    """,
}
_SECTIONS = {
    name.strip(): section
    for section, table in _NAMES.items()
    for name in re.split(r",\s(?!and |setting|reasons for)|\n", table)
    if name.strip()
}
_NAME = "|".join(re.escape(name).replace(r"\ ", r"\s{1,3}") for name in sorted(_SECTIONS, key=len, reverse=True))
_TAGS = r"(?:<[^<>]{1,60}>\s*)"
#: What a list or Markdown puts before and behind a heading: "1. ", "4) ", "## ", "**", "[".
_OPENS = r"(?:\d{1,2}[.)]\s{1,3}|#{1,6}\s|[*_]{1,3}|[\[(]|[■▪►→]\s?|\\(?:emph|textbf|textit)\{)"
#: A heading with the marks around it; what the marks are decides whether it is one.
_HEADING = re.compile(
    rf"(?<![*_#\[(])(?P<open>{_TAGS}{{0,4}})(?P<mark_up>{_OPENS}{{0,2}})(?<![a-zA-Z0-9-])(?P<name>(?i:(?:{_NAME})(?:/(?:{_NAME}))?))"
    r"(?P<of>(?i:\s(?:of|for)\s(?:the\s|this\s)?(?:review|study|paper))\b)?(?P<inner>\s?[:：])?(?P<shut>[*_]{1,3}|[\])}])?"
    rf"(?P<mark>\s?[:：]|\s?[—–→]|\s-\s|\s?;|\.\s)?\s*(?P<close>(?:</[^<>]{{1,60}}>\s*){{0,4}})(?P<late>[:：]\s*)?"
    r"(?=(?P<next>\S?\S?))"
)
_BULLET = re.compile(r"(?:^|(?<=[\s;.:]))[•▪●◦‣⁃](?=\s)")
#: An unknown heading in capitals: accepted beside known ones only.
_CAPITALS = re.compile(r"(?<![\w-])[A-Z][A-Z/&,'’() -]{2,70}[A-Z)]:\s")
#: "Abstract" at the very beginning; glued to the first word, it must be a word that begins sentences or a heading.
_ABSTRACT = re.compile(
    rf"\s*{_TAGS}{{0,4}}(?i:abstract)(?:\s?[:.—–-]+\s*|\s+|(?=</)|(?={_NAME}|We\b|This\b|The\b|In\b|A\b))"
    rf"(?:</[^<>]{{1,60}}>\s*){{0,4}}{_TAGS}{{0,4}}(?=[A-Z•])"
)
#: What may stand before a heading: the end of a sentence, of a line or of an element.
_AT_START = re.compile(
    r"(?:^|[.!?;…。:](?:[\"'”’)\]]|</?[^<>]{1,60}>|[*_]{1,3}|\d{1,3}(?=\s))*\s*|\n\s*|>\s*|[•▪●◦‣⁃]\s*|\bAbstract\s+)$"
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
    if abstract := _ABSTRACT.match(text):
        end = abstract.end()
        yield Label(span=Span(start=0, end=end), section=None)
    matches = sorted(
        (*_HEADING.finditer(text), *_BULLET.finditer(text), *_CAPITALS.finditer(text)),
        key=lambda match: (match.start(), -match.end()),
    )
    for match in matches:
        if match.start() < end or not (match.start() == end or _at_start(text, match.start())):
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
    if not name[0].isupper() or not following:
        return None
    section = _section(name)
    tagged = bool((match["open"] and match["close"]) or (match["mark_up"] and match["shut"]))
    weak = not mark or (mark.strip() in (".", ";") and match.start() > 0)
    if tagged or not weak:
        return Label(span=span, section=section)
    return Label(span=span, section=section, certain=False) if _may_follow(match) else None


def _section(name: str) -> Section:
    """Return the section that a heading names; of "Discussion/Conclusion", the last."""
    plain = re.sub(r"\s+", " ", name.lower())
    return _SECTIONS.get(plain) or _SECTIONS[plain.rpartition("/")[2]]


def _may_follow(match: re.Match[str]) -> bool:
    """Return whether the text after a heading without colon looks like the beginning of a sentence."""
    following, glued = match["next"], match.end() == match.end("name")
    if glued:
        return following[0].isupper() and following[-1:].islower() and not match["name"].isupper()
    return following[0].isupper() or following[0].isdigit() or following == "to" or not following[0].isalnum()


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
