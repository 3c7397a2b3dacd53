"""Compose a blurb of a style from the scored sentences of an abstract. Pure functions."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from summarizer.blurb import Role, Sentence, Style
from summarizer.compression.leads import tighten
from summarizer.compression.wholeness import is_torn_list
from summarizer.engines.extractive import findings, news, standing, taste
from summarizer.engines.extractive.judging import Form, Judged, Judgement
from summarizer.engines.limits import ONE_LINE_WORDS, PART_WORDS, SHORT_WORDS
from summarizer.text.plain import count_words
from summarizer.text.words import content

#: The most words of the second sentence of a short blurb: longer ones list every variant and data set.
_SECOND_WORDS = 36
#: Cues of a sentence that says what came out.
_FOUND = ("finds", "results_say", "outperforms", "percent")
#: What a sentence that the encoder takes for a result must say to be one.
_RESULT = re.compile(
    r"\b(?:show|demonstrat|reveal|find|found|achiev|attain|reach|gain|improv|outperform|surpass|exceed|reduc|increas|"
    r"lower|higher|better|worse|faster|fail|accura|robust|state-of-the-art|competitive|compar|yield|match|"
    r"up to|than|as good as|best|"
    r"remain|struggl)|\d",
    re.IGNORECASE,
)
#: Cues of one that the authors found themselves; "existing methods improve" is background.
_OWN_FINDING = ("finds", "results_say")
_HOLLOW_COSTS = 1.2
_NUMBER_GAINS = 0.5
#: What a detail must add to the title and the first sentence, in content words.
_DETAIL_WORDS = 6
#: Cues of a sentence that mentions an evaluation, code or an intention, and is no detail of the work.
#: Cues of a sentence about other people's work.
_OF_THE_FIELD = ("problem", "background")
_IT = re.compile(r"^Its?\b")
_OURS = re.compile(r"\b(?:we|our|I|my)\b", re.IGNORECASE)
_NO_DETAIL = ("evaluates", "code", "outlook", "believes", "question")


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """A text of the blurb and its source sentence."""

    text: str
    sentence: Sentence


def compose(judgement: Judgement, title: str, style: Style) -> tuple[list[Chosen], str]:
    """Return the texts of a blurb in order, and what joins them.

    Args:
        title: as plain text; may be empty.
    """
    compose_style, separator = _COMPOSERS[style]
    return compose_style(judgement, content(title)), separator


def _one_line(judgement: Judgement, title: frozenset[str]) -> list[Chosen]:
    fewest = standing.FEWEST_NEW_IN_REPORT if judgement.reports else standing.FEWEST_NEW
    fitting = [(form, one) for one in judgement.sentences for form in one.fitting(ONE_LINE_WORDS)]
    best: Chosen | None = None
    most = -inf
    # A flaw only takes away, and finding it takes longer than the rest: once the scores are no higher than the best
    # worth, no form is better. The order of equals stays that of the abstract.
    for form, one in sorted(fitting, key=lambda pair: -pair[0].score):
        if form.score <= most:
            break
        worth = form.score - standing.flaw(form.text, title, fewest_new=fewest)
        if worth > most:
            best, most = Chosen(text=form.text, sentence=one.sentence), worth
    if best:
        return [best]
    sentence = max(judgement.sentences, key=lambda one: one.sentence.salience).sentence
    return [Chosen(text=_clip(tighten(sentence.text), ONE_LINE_WORDS), sentence=sentence)]


def _short(judgement: Judgement, title: frozenset[str]) -> list[Chosen]:
    """Return the one-line text and the best finding that adds to it, if there is one."""
    chosen = _one_line(judgement, title)
    room = min(_SECOND_WORDS, SHORT_WORDS - count_words(chosen[0].text))
    others = [one for one in judgement.sentences if one.sentence != chosen[0].sentence]
    said = content(chosen[0].text)
    second = _finding(judgement, others, room, said if judgement.reports else title | said)
    names = _names(judgement, chosen)
    if not judgement.reports and not (second and news.is_specific(second[0].text, names | title)):
        able = [one for one in others if _is_own(one, names)]
        second = _detail(able, room, title | said, _after(judgement, chosen[0])) or second
    if second:
        chosen = _introducing(judgement, chosen[0], news.names(second[0].text) - title)
    return sorted([*chosen, *second], key=lambda one: one.sentence.span.start)


def _introducing(judgement: Judgement, first: Chosen, names: frozenset[str]) -> list[Chosen]:
    """Return the first text, in a form with the names that the second uses, if its sentence introduces them."""
    missing = (names & news.names(first.sentence.text)) - news.names(first.text)
    source = next(one for one in judgement.sentences if one.sentence == first.sentence)
    for form in source.fitting(ONE_LINE_WORDS) if missing else ():
        if missing <= news.names(form.text) and not standing.flaw(form.text, frozenset()):
            return [Chosen(text=form.text, sentence=first.sentence)]
    return [first]


def _names(judgement: Judgement, chosen: Sequence[Chosen]) -> frozenset[str]:
    """Return the names of the work itself: those that were said, and those of the sentences that propose it."""
    texts = [one.sentence.text for one in judgement.sentences if "proposes" in one.found]
    return news.names(" ".join([*texts, *(one.text for one in chosen)]))


def _after(judgement: Judgement, first: Chosen) -> Sentence | None:
    """Return the sentence after the first text's: its "It" is what the first text presents."""
    sentences = [one.sentence for one in judgement.sentences]
    return next((after for before, after in pairwise(sentences) if before == first.sentence), None)


def _detail(judged: Sequence[Judged], room: int, said: frozenset[str], after: Sentence | None) -> list[Chosen]:
    """Return the step of the work, of at most `room` words, that serves best beside what was said, if there is one.

    Args:
        after: the sentence that may begin with "It".
    """
    fitting = [
        (form, one)
        for one in judged
        for form in one.fitting(room)
        if _adds(_IT.sub("We", form.text) if one.sentence == after else form.text, said)
    ]
    if not fitting:
        return []
    form, one = max(fitting, key=lambda pair: pair[0].score)
    return [Chosen(text=form.text, sentence=one.sentence)]


def _is_own(one: Judged, names: frozenset[str]) -> bool:
    """Return whether a sentence is about the work itself: it says "we", has it as a subject, or goes on about it."""
    if one.sentence.role not in (Role.METHOD, Role.OBJECTIVE, Role.RESULT) or any(
        cue in one.found for cue in _NO_DETAIL
    ):
        return False
    if _OURS.search(one.sentence.text) or "proposes_passive" in one.found:
        return True
    goes_on = "after_proposes" in one.found or not news.subjects(one.sentence.text).isdisjoint(names)
    return goes_on and not any(cue in one.found for cue in _OF_THE_FIELD)


def _adds(text: str, said: frozenset[str]) -> bool:
    """Return whether a text can stand in a blurb, and says enough that was not said."""
    empty = news.HOLLOW.search(text) or news.RELEASE.search(text) or standing.flaw(text, frozenset())
    return not empty and standing.new_words(text, said) >= _DETAIL_WORDS


def _structured(judgement: Judgement, title: frozenset[str]) -> list[Chosen]:
    """Return the best sentence of each part, after its label; if no part has one, the one-line text is the approach."""
    result = _finding(judgement, judgement.sentences, PART_WORDS, frozenset() if judgement.reports else title)
    left = [one for one in judgement.sentences if not result or one.sentence != result[0].sentence]
    problem = _part(
        [one for one in left if one.sentence.role is Role.BACKGROUND and _is_problem(one, judgement)], taste.PROBLEM
    )
    approach = _part([one for one in left if _is_step(one, judgement)], taste.APPROACH)
    parts = (("Problem", problem), ("Approach", approach), ("Result", result))
    found = [Chosen(text=f"{label}: {one.text}", sentence=one.sentence) for label, part in parts for one in part]
    return found or [Chosen(text=f"Approach: {one.text}", sentence=one.sentence) for one in _one_line(judgement, title)]


_Composer = Callable[[Judgement, frozenset[str]], list[Chosen]]
_COMPOSERS: dict[Style, tuple[_Composer, str]] = {
    Style.ONE_LINE: (_one_line, " "),
    Style.SHORT: (_short, " "),
    Style.STRUCTURED: (_structured, "\n"),
}


def _part(judged: Iterable[Judged], preference: dict[str, float]) -> list[Chosen]:
    """Return the form that fits a part of a structured blurb best, if any form is short enough."""
    able = [one for one in judged if not _misfits(one)]
    best = _best_form(
        able, PART_WORDS, lambda form, one: one.suits(preference, form.score) - standing.flaw(form.text, frozenset())
    )
    return [Chosen(text=best[0].text, sentence=best[1].sentence)] if best else []


def _finding(judgement: Judgement, judged: Sequence[Judged], room: int, said: frozenset[str]) -> list[Chosen]:
    """Return the best finding of at most `room` words that says something new, if there is one."""
    able = [
        one for one in judged if _is_finding(one, judgement) and not (_misfits(one) or is_torn_list(one.sentence.text))
    ]
    best = _best_form(able, room, lambda form, one: _tells(form, one, judgement))
    if best is None or _tells(*best, judgement) < taste.LEAST_FOUND or not news.is_news(best[0].text, said):
        return []
    return [Chosen(text=best[0].text, sentence=best[1].sentence)]


def _tells(form: Form, one: Judged, judgement: Judgement) -> float:
    """Return how well a form tells a finding."""
    worth = form.score if judgement.reports else one.suits(taste.RESULT, form.score)
    hollow = _HOLLOW_COSTS if news.HOLLOW.search(form.text) else 0.0
    number = _NUMBER_GAINS if re.search(r"\d", form.text) else 0.0
    return worth + number - hollow - standing.flaw(form.text, frozenset())


def _is_finding(one: Judged, judgement: Judgement) -> bool:
    """Return whether a sentence says what came out."""
    own = any(cue in one.found for cue in _OWN_FINDING)
    if one.sentence.role is Role.BACKGROUND and not own:
        return False
    if judgement.reports:
        able = one.sentence.role not in (Role.METHOD, Role.OBJECTIVE, Role.OTHER)
        told = able if judgement.labelled else able or findings.tells(one.sentence.text)
        return told and findings.is_outcome(one.sentence.text)
    if "proposes" in one.found or "code" in one.found:
        return False
    if one.sentence.role is Role.RESULT:
        return own or _RESULT.search(one.sentence.text) is not None
    return own or ("after_proposes" in one.found and any(cue in one.found for cue in _FOUND))


def _is_problem(one: Judged, judgement: Judgement) -> bool:
    """Return whether a sentence of the background says what was open, not what was done about it."""
    done = judgement.reports and not judgement.labelled and findings.is_step(one.sentence.text)
    return not done and not _is_finding(one, judgement)


def _is_step(one: Judged, judgement: Judgement) -> bool:
    """Return whether a sentence says what was done; in a report, its words must say so, too."""
    if judgement.reports and not judgement.labelled:
        return findings.is_step(one.sentence.text)
    able = one.sentence.role in (Role.METHOD, Role.OBJECTIVE)
    return able and not (judgement.reports and findings.tells(one.sentence.text))


def _misfits(one: Judged) -> bool:
    """Return whether a sentence does not fit its role: background after a proposal, or a hope labelled as a result."""
    wrong = taste.MISFITS.get(one.sentence.role, ())
    return any(name in one.found for name in wrong)


def _best_form(
    judged: Iterable[Judged], limit: int, worth: Callable[[Form, Judged], float]
) -> tuple[Form, Judged] | None:
    """Return the form of at most `limit` words that is worth most; of equals, the first of the abstract."""
    fitting = [(form, one) for one in judged for form in one.fitting(limit)]
    return max(fitting, key=lambda pair: worth(*pair), default=None)


def _clip(text: str, limit: int) -> str:
    """Cut the text after `limit` words and add an ellipsis."""
    kept = " ".join(text.split()[:limit])
    while count_words(kept) > limit:
        kept = kept[: len(kept) * limit // count_words(kept)]
    return f"{kept.rstrip(' ,;:.')}…"
