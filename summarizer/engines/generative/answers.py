"""Turn the output of a local model into the lines of a blurb, or raise the reason why it is not one. Pure functions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from summarizer.blurb import Span, Style
from summarizer.compression.compress import as_sentence
from summarizer.engines.generative.prompts import Task, order
from summarizer.engines.limits import MOST_SENTENCES, MOST_WORDS
from summarizer.engines.writing import reading, vetting
from summarizer.engines.writing.model_output import read_texts
from summarizer.engines.writing.prompts import fields_of
from summarizer.engines.writing.vetting import Measure, Passed
from summarizer.errors import Unfit
from summarizer.text.plain import count_words
from summarizer.text.sentences import split_sentences

#: In words; a shorter text says nothing about a paper.
FEWEST_WORDS = 4

#: Models trained on text split into words write "a gain of 3 % ."; the gap comes from the tokenizer, not the author.
_GAP = re.compile(r"(?<=[\w)%])\s+(?=[,;:](?:\s|$)|[.!?](?:\s|$))")


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
    texts = read_texts(answer.text, fields_of(task.style), finished=answer.finished)
    return [
        (replace(task, label=name.capitalize()), replace(answer, text=text, finished=True))
        for name, text in texts.items()
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
    [said] = read_texts(answer.text, fields_of(Style.ONE_LINE), finished=answer.finished).values()
    text = _GAP.sub("", vetting.clean(said))
    sentences = [text[span.start : span.end] for span in split_sentences(text, dollar_math=False)]
    return " ".join(as_sentence(sentence) if count_words(sentence) else sentence for sentence in sentences)
