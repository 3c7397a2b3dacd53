"""Turns what a language model wrote into a blurb the abstract supports, or says why it is none: pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from summarizer.blurb import Abstract, Span, Style
from summarizer.compress import as_sentence, cut_tail
from summarizer.engines.asking import MOST_SENTENCES, MOST_WORDS, PARTS, Task
from summarizer.engines.features import stem
from summarizer.errors import EngineDown
from summarizer.grounding import repaired, unsupported
from summarizer.sentences import split_sentences
from summarizer.text import count_words, to_plain

#: Fewer words than these say nothing of a paper.
FEWEST_WORDS = 4
#: How much of a blurb's content words title and abstract must have. On SciTLDR's dev split 93 % of the human
#: summaries have more, and 93 % of those of the next paper in the list have less.
LEAST_SHARED = 0.3
#: A sentence of a blurb rests on at most this many sentences of its abstract.
_MOST_EVIDENCE = 3
#: A further sentence is evidence if it has at least this many words of the blurb that no better one has.
_LEAST_ADDED = 2

_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^\s*```\w*\s*$", re.MULTILINE)
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+", re.MULTILINE)
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=[\w.])[*_](?!\w)|^#{1,6}\s+", re.MULTILINE)
_PREFACE = re.compile(
    r"^\s*(?:(?:sure|certainly|of course|okay|ok)\b[^\n:.!]{0,40}[.!,:]\s*)?"
    r"(?:(?:here(?:'s| is| are)|below is)\b[^\n:]{0,80}:\s*"
    r"|(?:tl;?\s?dr|(?:(?:short|brief|one[- ](?:line|sentence))\s+)?(?:summary|blurb)|answer)\s*:\s*)",
    re.IGNORECASE,
)
_APOLOGY = re.compile(
    r"^\W*(?:i(?:['’]m| am) (?:sorry|unable|not able)|sorry\b|i (?:can(?:no|['’])t|do not|don['’]t) "
    r"|as an? (?:ai|language)\b"
    r"|(?:the|this) (?:abstract|text) (?:is (?:not|missing|empty)|does not (?:provide|contain)))",
    re.IGNORECASE,
)
_LEADS_OUT = re.compile(r"(?:https?://|www\.)\S+|(?<!\w)@\w+|<[@!#][^>]*>", re.IGNORECASE)
_GAP = re.compile(r"(?<=\w)\s+(?=[,;:](?:\s|$)|[.!?](?:\s|$))")
_PART = re.compile(rf"^\W*({'|'.join(PARTS)})s?\W*:\W*?\s*(\S.*)$", re.IGNORECASE | re.MULTILINE)
_NOTHING = re.compile(
    r"\W*(?:n/?a|none|not (?:stated|given|mentioned|specified|provided)|unknown)\b.{0,60}", re.IGNORECASE
)
_STOPPED = re.compile(r"[.!?…。！？][\"'”’)\]]*$")
_QUOTES = {'"': '"', "“": "”", "'": "'", "«": "»"}
_COMMON = frozenset(map(stem, "a an and are as at be by can for from has have in is it its of on or our that the their "
                              "these they this those to was we were which with".split()))  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the model wrote for one task."""

    text: str
    #: Whether it ended by itself and not because its room was used up.
    finished: bool
    unread_words: int


def clean(answer: str) -> str:
    """Return the answer as plain text, a line for each line, without thoughts, marks of layout and courtesies."""
    text = _FENCE.sub("", _THOUGHTS.sub("", answer)).strip()
    text = _EMPHASIS.sub("", _BULLET.sub("", _PREFACE.sub("", text)))
    lines = (_unquoted(_GAP.sub("", to_plain(line, dollar_math=False))) for line in text.splitlines())
    return "\n".join(filter(None, lines))


def one_text(answer: str, abstract: Abstract, style: Style, *, read: str, finished: bool = True) -> str:
    """Return the answer as a blurb, or as one part of it, that fits the style and says what the abstract says.

    Args:
        read: what the model was given, which its answer must be about.
        finished: whether the model ended by itself; if not, its last sentence may be half.

    Raises:
        EngineDown: no part of the answer does; the message says why.
    """
    text = clean(answer).replace("\n", " ")
    _refuse(text, abstract)
    text = repaired(_whole_sentences(text, finished=finished), abstract) or ""
    fitted = _fitted(text, MOST_WORDS[style], MOST_SENTENCES[style])
    if claims := unsupported(fitted, abstract):
        raise EngineDown(f"The model wrote what the abstract does not support: “{claims[0].text}”.")
    _hold(fitted, read, abstract.title)
    return fitted


def parts_of(answer: str) -> tuple[tuple[str, str], ...]:
    """Return label and text of each part of a structured answer, in the order they are read in.

    Raises:
        EngineDown: there is no such line.
    """
    found = {match[1].capitalize(): match[2] for match in _PART.finditer(clean(answer))}
    said = tuple((part, found[part]) for part in PARTS if part in found and not _NOTHING.fullmatch(found[part]))
    if not said:
        raise EngineDown("The model's answer has none of the lines Problem, Approach and Result.")
    return said


def evidence_of(blurb: str, abstract: Abstract) -> tuple[Span, ...]:
    """Return the sentences of the abstract that share most words with each sentence of the blurb, in reading order."""
    text, dollars = abstract.text, abstract.dollar_math
    spans = split_sentences(text, dollar_math=dollars)
    read = [(span, _content(to_plain(text[span.start : span.end], dollar_math=dollars))) for span in spans]
    chosen = {span for said in _sentences(blurb) for span in _closest(_content(said), read)}
    return tuple(sorted(chosen, key=lambda span: span.start))


def lines_of(
    abstract: Abstract, style: Style, tasks: Sequence[Task], written: Sequence[Answer]
) -> list[tuple[str, str]]:
    """Return label and text of each line; a part that fails is left out as long as another is good.

    Raises:
        EngineDown: no part is good.
    """
    lines: dict[str, str] = {}  # label by text: what one part has said, no other need say again
    failure = None
    for task, answer in _parts(style, tasks, written):
        try:
            text = one_text(answer.text, abstract, style, read=task.text, finished=answer.finished)
            lines.setdefault(text, task.label)
        except EngineDown as exc:
            failure = exc
    if not lines and failure:
        raise failure
    return [(label, text) for text, label in lines.items()]


def _parts(style: Style, tasks: Sequence[Task], written: Sequence[Answer]) -> list[tuple[Task, Answer]]:
    """Return each part with its answer; one answer that holds all parts is taken apart."""
    if style is not Style.STRUCTURED or tasks[0].label:
        return list(zip(tasks, written, strict=True))
    [task], [answer] = tasks, written
    parts = parts_of(answer.text)
    return [
        (replace(task, label=label), replace(answer, text=text, finished=answer.finished or label != parts[-1][0]))
        for label, text in parts
    ]


def warnings_about(written: Sequence[Answer]) -> tuple[str, ...]:
    """Return what the reader should know of how the blurb was made."""
    unread = sum(answer.unread_words for answer in written)
    if not unread:
        return ()
    return (f"The model can read only so much: the last {unread} words of the abstract were left out.",)


# -- what is refused ------------------------------------------------------------------------------


def _refuse(text: str, abstract: Abstract) -> None:
    if count_words(text) < FEWEST_WORDS:
        raise EngineDown("The model wrote next to nothing.")
    if _APOLOGY.match(text):
        raise EngineDown("The model declined to answer.")
    if _loops(text):
        raise EngineDown("The model repeats itself.")
    source = to_plain(abstract.text, dollar_math=abstract.dollar_math)
    for found in _LEADS_OUT.finditer(text):
        if found.group().rstrip(".,;:)") not in source:
            raise EngineDown("The model wrote an address or a mention that is not in the abstract.")


def _loops(text: str) -> bool:
    """Tell whether three words in a row come back three times: prose of this length never does that."""
    words = text.lower().split()
    threes = Counter(zip(words, words[1:], words[2:], strict=False))
    return max(threes.values(), default=0) > 2


def _hold(text: str, read: str, title: str) -> None:
    """Make sure that what is said is about what was read."""
    said, source = _content(text), _content(read) | _content(to_plain(title))
    if not said or len(said & source) < LEAST_SHARED * len(said):
        raise EngineDown("The model wrote of something else than the abstract.")


# -- what fits ------------------------------------------------------------------------------------


def _whole_sentences(text: str, *, finished: bool) -> str:
    """Drop a last sentence that the model did not get to the end of."""
    sentences = _sentences(text)
    if not finished and sentences and not _STOPPED.search(sentences[-1]):
        sentences = sentences[:-1]
    return " ".join(map(as_sentence, sentences))


def _fitted(text: str, words: int, most: int) -> str:
    """Return the first sentences that fit, at least one, if need be ended early."""
    sentences = _sentences(text)[:most]
    if not sentences:
        raise EngineDown("The model wrote no whole sentence that the abstract supports.")
    kept = ""
    for sentence in sentences:
        longer = f"{kept} {sentence}".strip()
        if count_words(longer) > words:
            break
        kept = longer
    if kept := kept or cut_tail(sentences[0], words) or "":
        return kept
    raise EngineDown(f"The model wrote a sentence of {count_words(sentences[0])} words; at most {words} fit.")


def _sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text, dollar_math=False)]


def _unquoted(line: str) -> str:
    closing = _QUOTES.get(line[:1])
    inside = line[1:-1]
    return inside.strip() if closing and line.endswith(closing) and len(line) > 1 and closing not in inside else line


# -- what it rests on -----------------------------------------------------------------------------


def _content(text: str) -> frozenset[str]:
    """Return the stems of the words that carry meaning."""
    words = (re.sub(r"^\W+|\W+$", "", word) for word in re.split(r"[\s/–—-]+", text.lower()))
    return frozenset(map(stem, filter(None, words))) - _COMMON


def _closest(said: frozenset[str], read: Sequence[tuple[Span, frozenset[str]]]) -> list[Span]:
    chosen: list[Span] = []
    while read and len(chosen) < _MOST_EVIDENCE:
        span, words = max(read, key=lambda pair: (len(pair[1] & said), -pair[0].start))
        if len(words & said) < (_LEAST_ADDED if chosen else 1):
            break
        chosen.append(span)
        said -= words
    return chosen
