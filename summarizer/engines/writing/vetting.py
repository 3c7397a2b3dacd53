"""Check a model's output before it is posted, and keep what is fit for a blurb. Pure; linear time; any input.

A sentence passes if the abstract supports it and it contains no command, link or mention. Not even the abstract's own
links and mentions pass: the blurb stands next to the paper's link, and an injected link looks like any other.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.compression.compress import cut_tail
from summarizer.engines.writing.injection import is_command
from summarizer.engines.writing.links import has_link
from summarizer.engines.writing.reading import Source, roots
from summarizer.errors import Unfit
from summarizer.grounding.check import Claim, ClaimKind, repaired, unsupported
from summarizer.text.plain import count_words, to_plain
from summarizer.text.sentences import split_sentences

#: The share of a sentence's words that the abstract must have. Of 1,078 summaries of abstracts that a large language
#: model wrote for Hugging Face (2024-2026), all but five have at least 0.54.
SHARE = 0.5
#: The same for a newcomer, who needs words that the paper often does not use.
SHARE_NEWCOMER = 0.35
#: The longest run of content words that the abstract does not have; three of the same 1,078 have a longer one.
_ROW = 5
#: A sentence with fewer of the abstract's words says nothing about the paper, even if it is true.
_FEWEST = 2
#: A long text with this share of the words of the abstract is a copy of it.
_REPEATED = 0.9
#: A model that repeats a phrase of three words more often is looping.
_CIRCLES = 3

#: A refusal, an apology or a question, at the start of a sentence, perhaps after a word that leads to it.
_REFUSAL = re.compile(
    r"\W*(?:(?:but|however|well|hello|hi|oh|no|sure|okay)\W+)?"
    r"(?:(?:i['’]?m|i am) (?:deeply |very |so |really )?(?:sorry|unable|afraid|not able|not sure|just an?|an? (?:ai"
    r"|large|language))|we(?:['’]re| are) (?:very )?sorry|(?:we |i )?(?:must )?apologi[sz]e|sorry\b|"
    r"(?:my |our )?apologies|"
    r"as an? (?:ai|large|language|assistant)|i (?:can(?:['’]?t|not)|could(?:n['’]t| not)|won['’]t|will not|must decline"
    r"|decline|refuse|regret)\b|i (?:do not|don['’]t|did not|didn['’]t) (?:have|know|understand|see|feel|think)|"
    r"(?:unfortunately|regrettably),? (?:i\b|the abstract (?:is|was|does) not)|unable to (?:comply|help|assist"
    r"|summari|condense|provide|process|fulfil)|cannot (?:comply|help|assist|summari|condense|fulfil)|"
    r"(?:it is|it['’]s|that is) not possible for me|"
    r"(?:i['’]d|i would|i will|i['’]ll|i can) (?:be (?:happy|glad)|need|help|assist|gladly|try)|"
    r"how (?:can|may) i (?:help|assist)|what would you like|"
    r"(?:could|can|would) you (?:please )?(?:provide|share|clarify|paste)|"
    r"(?:this|your|the) request (?:violates|asks|goes against|cannot|can['’]t)\b|"
    r"(?:no|the) abstract (?:was|is|has) (?:not |un)?(?:been )?(?:provided|given|empty|missing|available)|"
    r"please (?:provide|share|paste|let me know)|"
    r"(?:es )?tut mir leid|(?:je suis )?désolé|lo siento|mi dispiace|desculpe|извините|к сожалению|"
    r"抱歉|对不起|申し訳|n/?a\b)",
    re.IGNORECASE,
)
#: A word in lower case: behind a removed sentence, it goes on with that sentence.
_GOES_ON = re.compile(r"[\W_]*[a-z]+(?:[\s,;:.!?]|$)")
_MARKDOWN = re.compile(r"\*\*|__|~~|`+|^\s{0,3}(?:#{1,6}|>|[-*•])\s+", re.MULTILINE)
#: The characters of a fence and the names of the roles: a text with these repeats the conversation.
_CONVERSATION = re.compile(
    r"[⟦⟧]|<\|[^|]*\|?>|\[/?INST\]|^\W*(?:system|assistant|user|human)\s*:|\{\s*\"|\"\s*:\s*[\"\[{]", re.IGNORECASE
)
#: The words with which a model announces its answer, up to the colon.
_OPENING = re.compile(
    r"^\W*(?:(?:sure|certainly|absolutely|of course|okay|ok)[!,.:]\s*)?"
    r"(?:here(?: is| are|['’]s) (?:the|a|an|your|my|one|two|three)\b[\w ,'’()/-]{1,60}:\s*"
    r"|(?:here|below|this|that|the following)(?: is| are|['’]s| was)? (?:the|a|an|your|my)?[\w ,'’()/-]{0,40}"
    r"\b(?:blurb|summary|summari[sz]\w+|condensed|tl;?dr|answer)\b[\w ,'’()/-]{0,40}:\s*"
    r"|(?:(?:one|two|three|single|short|brief|concise|final|plain|condensed|research|paper|my|the)[ -]){0,3}"
    r"(?:(?:line|sentence|abstract)[ -])?(?:blurb|summary|tl;?\s?dr|one-line(?:r)?|answer|response|output|sentence)"
    r"(?:\s?\([^)\n]{0,30}\))?(?: is| reads)?\s*:\s*"
    r"|(?:the|this) (?:paper|abstract|study|work) (?:can|could|may) be (?:summari[sz]ed|condensed) (?:as follows"
    r"|like this|(?:in|as) [\w -]{1,30})\s*:\s*)",
    re.IGNORECASE,
)
#: Announcements may stand in a row: "Sure! Here is the summary: Blurb: …".
_MOST_OPENINGS = 4
#: Text that a translation keeps: numbers, and names with a digit or with two capitals.
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_FIXED = re.compile(r"\d|[A-Z].*[A-Z]")
#: Words that sentences about any paper start with; any other new word at the start may be a name.
_STARTERS = frozenset(
    """
    across although analysis author authors based because compared despite evaluation evaluations experiment
    experiments finding findings here however instead introduces investigates investigation novel presents proposed
    proposes research researcher researchers results scientists shows study unlike
    """.split()
)
_QUOTES = "\"'“”‘’«»„`"


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """The criteria that one blurb is checked against."""

    source: Source
    #: In words.
    limit: int
    #: The text of the prompt, which a blurb must not repeat.
    prompt: str = ""
    #: The share of words that the abstract must have; 0 for a translation, whose words differ.
    share: float = SHARE

    @property
    def translates(self) -> bool:
        """Whether the blurb is a translation, in which only numbers and fixed names can be compared."""
        return self.share == 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Passed:
    """The sentences of a text that passed vetting."""

    sentences: tuple[str, ...]
    #: Whether a sentence was removed.
    trimmed: bool

    @property
    def text(self) -> str:
        """The sentences in one line."""
        return " ".join(self.sentences)

    @property
    def words(self) -> int:
        """The number of words."""
        return count_words(self.text)


def vet(raw: str, measure: Measure) -> Passed:
    """Return the sentences of a model's text that pass; the length is not checked.

    Raises:
        Unfit: no sentence passes; the message says why.
    """
    text = clean(raw)
    _refuse(text, measure)
    sentences = [text[span.start : span.end] for span in split_sentences(text, dollar_math=False)]
    kept = _kept(sentences, measure)
    grounded = _grounded(" ".join(kept), measure) if kept else ""
    if not grounded:
        raise Unfit("The abstract does not support what the model wrote.")
    left = tuple(grounded[span.start : span.end] for span in split_sentences(grounded, dollar_math=False))
    if not left or not any(map(str.isalpha, grounded)):
        raise Unfit("The model's text cannot be shown.")
    return Passed(sentences=left, trimmed=len(left) < len(sentences))


def fit(passed: Passed, limit: int) -> Passed:
    """Return the text within `limit` words: its first sentences, or the first sentence cut at a clause.

    Raises:
        Unfit: even that is too long.
    """
    kept: list[str] = []
    for sentence in passed.sentences:
        if count_words(" ".join([*kept, sentence])) > limit:
            break
        kept.append(sentence)
    if not kept and (short := cut_tail(passed.sentences[0], limit)):
        kept = [short]
    if not kept:
        raise Unfit(f"The model wrote {passed.words} words where {limit} are allowed.")
    return Passed(sentences=tuple(kept), trimmed=passed.trimmed)


def clean(raw: str) -> str:
    """Return a model's text as one line of chat text: without markup, opening phrase and surrounding quotes."""
    text = to_plain(_MARKDOWN.sub("", raw), dollar_math="\\" in raw).strip()
    for _ in range(_MOST_OPENINGS):
        shorter = _unquoted(_OPENING.sub("", text).strip())
        if shorter == text:
            break
        text = shorter
    return text


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] in _QUOTES and text[-1] in _QUOTES
    return text[1:-1].strip() if quoted else text


def _refuse(text: str, measure: Measure) -> None:
    """Raise Unfit if the text as a whole is not a blurb, for example a refusal or a copy of the prompt."""
    source = measure.source
    checks = (
        (not text, "The model's answer is empty."),
        (_REFUSAL.match(text), "The model refused or apologised instead of condensing."),
        (_CONVERSATION.search(text) or _repeats_prompt(text, measure.prompt), "The model repeated its instructions."),
        (_goes_round(text), "The model repeated itself."),
        (_same(text, source.title), "The model only repeated the title."),
        (_repeats_abstract(text, measure), "The model repeated the abstract instead of condensing it."),
    )
    for holds, says in checks:
        if holds:
            raise Unfit(says)


def _kept(sentences: Sequence[str], measure: Measure) -> list[str]:
    """Return the sentences that may pass, each once, without fragments of removed ones."""
    kept: dict[str, str] = {}
    dropped = False
    for sentence in sentences:
        dropped = not _may_pass(sentence, measure) or (dropped and _GOES_ON.match(sentence) is not None)
        if not dropped:
            kept.setdefault(" ".join(re.findall(r"\w+", sentence.lower())) or sentence, sentence)
    return list(kept.values())


def _may_pass(sentence: str, measure: Measure) -> bool:
    seen = unicodedata.normalize("NFKC", sentence)
    known = f"{measure.source.title} {measure.source.text}"
    if has_link(seen, known) or _REFUSAL.match(sentence) or is_command(sentence):
        return False
    if _same(sentence, measure.source.title):
        return False
    return measure.translates or _supported(sentence, measure)


def _supported(sentence: str, measure: Measure) -> bool:
    """Return whether the abstract has enough of the sentence's words, and no long run of words is missing from it."""
    known = frozenset(roots(f"{measure.source.title} {measure.source.text}"))
    if _starts_with_unknown_name(sentence, known):
        return False
    said = [root in known for root in roots(sentence)]
    row = longest = 0
    for is_known in said:
        row = 0 if is_known else row + 1
        longest = max(longest, row)
    return sum(said) >= max(_FEWEST, measure.share * len(said)) and longest <= _ROW


def _starts_with_unknown_name(sentence: str, known: frozenset[str]) -> bool:
    """Return whether a sentence starts with a possible name that the abstract does not have.

    At the start of a sentence, the capital alone does not show whether a word is a name.
    """
    word = re.split(r"\W", sentence, maxsplit=1)[0]
    common = word.lower() in _STARTERS or word.endswith(("ing", "ly"))
    return word[:1].isupper() and not common and known.isdisjoint(found := roots(word)) and bool(found)


def _grounded(text: str, measure: Measure) -> str:
    """Return the text without sentences whose numbers, names or negations the abstract does not support."""
    if not measure.translates:
        return repaired(text, measure.source.abstract) or ""
    claims = unsupported(text, measure.source.abstract)
    wrong = [claim.span.start for claim in claims if _is_fixed(claim, measure.source.text)]
    spans = split_sentences(text, dollar_math=False)
    return " ".join(text[s.start : s.end] for s in spans if not any(s.start <= at < s.end for at in wrong))


def _is_fixed(claim: Claim, source: str) -> bool:
    """Return whether an unsupported claim counts in a translation, where words for units and things differ."""
    if claim.kind is ClaimKind.NUMBER:
        return not set(_DIGITS.findall(claim.text)) <= set(_DIGITS.findall(source))
    if claim.kind is ClaimKind.NAME:
        return _FIXED.search(claim.text) is not None
    return claim.kind is ClaimKind.ACRONYM


# -- repetitions ----------------------------------------------------------------------------------


def _rows(text: str, length: int) -> list[str]:
    words = re.findall(r"\w+", text.lower())
    return [" ".join(words[index : index + length]) for index in range(len(words) - length + 1)]


def _repeats_prompt(text: str, prompt: str) -> bool:
    # A run of eight equal words is not a coincidence.
    return not frozenset(_rows(prompt, 8)).isdisjoint(_rows(text, 8))


def _goes_round(text: str) -> bool:
    rows = _rows(text, 3)
    return any(rows.count(row) > _CIRCLES for row in set(rows[:200]))


def _same(text: str, title: str) -> bool:
    said, words = re.findall(r"\w+", text.lower()), re.findall(r"\w+", title.lower())
    # Small models write the title twice.
    return bool(words and said) and said == words * (len(said) // len(words))


def _repeats_abstract(text: str, measure: Measure) -> bool:
    # The whole of a short abstract may serve as its blurb.
    known = roots(measure.source.text)
    long = count_words(text) > 2 * measure.limit
    said = frozenset(roots(text))
    return long and sum(root in said for root in known) >= _REPEATED * len(known)
