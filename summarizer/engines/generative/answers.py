"""Turn the output of a local model into the lines of a blurb, or raise the reason why it is not one. Pure functions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from summarizer.blurb import Span, Style
from summarizer.compression.compress import as_sentence
from summarizer.engines.generative.prompts import Task, order
from summarizer.engines.limits import MOST_SENTENCES, MOST_WORDS, PARTS
from summarizer.engines.writing import reading, vetting
from summarizer.engines.writing.vetting import Measure, Passed, Unfit
from summarizer.text.plain import count_words
from summarizer.text.sentences import split_sentences

#: In words; a shorter text says nothing about a paper.
FEWEST_WORDS = 4

_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^\s*```\w*\s*$", re.MULTILINE)
#: Models trained on text split into words write "a gain of 3 % ."; the gap comes from the tokenizer, not the author.
_GAP = re.compile(r"(?<=[\w)%])\s+(?=[,;:](?:\s|$)|[.!?](?:\s|$))")
_PART = re.compile(rf"^(?:\d\W+)?\W*({'|'.join(PARTS)})s?\W*?:\W*?(\w.*|\S.*)$", re.IGNORECASE | re.MULTILINE)
_NOTHING = re.compile(
    r"\W*(?:n/?a|none|nothing|unknown|not (?:stated|given|mentioned|specified|provided))\b.{0,60}", re.IGNORECASE
)
_STOPPED = re.compile(r"[.!?…。！？][\"'”’)\]]*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The model's output for one task."""

    text: str
    #: Whether the model ended the text itself, rather than reaching its token limit.
    finished: bool = True
    unread_words: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a blurb: the whole blurb, or one part with its label."""

    label: str
    text: str
    evidence: tuple[Span, ...]

    def __str__(self) -> str:
        """Return the line in the format of the blurb."""
        return f"{self.label}: {self.text}" if self.label else self.text


def lines_of(tasks: Sequence[Task], written: Sequence[Answer]) -> tuple[Line, ...]:
    """Return the lines of a blurb; an unfit part is left out as long as another part is fit.

    Raises:
        EngineDown: no part is fit; the message says why.
    """
    lines: dict[str, Line] = {}  # by text: two parts with the same text become one line
    failure = Unfit("The model wrote nothing.")
    for task, answer in _parts(tasks, written):
        try:
            line = _line(task, answer)
            lines.setdefault(line.text, line)
        except Unfit as exc:
            failure = exc
    if not lines:
        raise failure
    return tuple(lines.values())


def evidence_of(lines: Iterable[Line]) -> tuple[Span, ...]:
    """Return the evidence of all lines, in reading order."""
    return tuple(sorted({span for line in lines for span in line.evidence}, key=lambda span: span.start))


def warnings_about(tasks: Sequence[Task], written: Sequence[Answer]) -> tuple[str, ...]:
    """Return warnings for the reader: words that did not fit the model, and text that was withheld from it."""
    unread = sum(answer.unread_words for answer in written)
    found = (
        (unread, f"The abstract is too long for the model: its last {unread} words were left out."),
        (tasks[0].source.withheld, "A part of the abstract was left out, because it is addressed to machines."),
    )
    return tuple(warning for holds, warning in found if holds)


def _parts(tasks: Sequence[Task], written: Sequence[Answer]) -> list[tuple[Task, Answer]]:
    """Return each part with its answer; one answer that contains all parts is split.

    Raises:
        Unfit: the answer contains no part.
    """
    if tasks[0].style is not Style.STRUCTURED or tasks[0].label:
        return list(zip(tasks, written, strict=True))
    [task], [answer] = tasks, written
    text = _FENCE.sub("", _THOUGHTS.sub("", answer.text))
    found = {match[1].capitalize(): match[2] for match in _PART.finditer(text)}
    parts = [(part, found[part]) for part in PARTS if part in found and not _NOTHING.fullmatch(found[part])]
    if not parts:
        raise Unfit("The model's answer has none of the lines Problem, Approach and Result.")
    return [
        (replace(task, label=label), replace(answer, text=text, finished=answer.finished or label != parts[-1][0]))
        for label, text in parts
    ]


def _line(task: Task, answer: Answer) -> Line:
    """Return the line of an answer, or of one part of it, vetted against the abstract and fitted to the style."""
    passed = vetting.vet(_tidy(answer), Measure(source=task.source, limit=task.words, prompt=order(task.style)))
    first = replace(passed, sentences=passed.sentences[: MOST_SENTENCES[task.style]])
    fitted: Passed = vetting.fit(first, MOST_WORDS[task.style])
    if fitted.words < FEWEST_WORDS:
        raise Unfit("The model wrote almost nothing.")
    return Line(label=task.label, text=fitted.text, evidence=reading.evidence(fitted.sentences, task.source))


def _tidy(answer: Answer) -> str:
    """Return whole sentences, without thoughts, gaps before punctuation, and an unfinished last sentence."""
    text = _GAP.sub("", vetting.clean(_FENCE.sub("", _THOUGHTS.sub("", answer.text))))
    spans = split_sentences(text, dollar_math=False)
    sentences = [text[span.start : span.end] for span in spans]
    if not answer.finished and sentences and not _STOPPED.search(sentences[-1]):
        sentences.pop()
    return " ".join(as_sentence(sentence) if count_words(sentence) else sentence for sentence in sentences)
