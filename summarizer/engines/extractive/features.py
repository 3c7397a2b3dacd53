"""Compute surface features of a sentence: position, cue phrases, length, words. Pure functions."""

import re
from collections.abc import Sequence

from summarizer.text.words import content, stems

#: Each cue is one reason why a sentence may, or may not, be the main statement of its paper. Searched in lower case:
#: patterns that ignore case take almost twice as long.
CUES = {
    name: re.compile(pattern)
    for name, pattern in {
        "proposes": (
            r"\b(?:we|i|authors) (?:\w+ ){0,3}?(?:propose|introduce|present|develop|devise|design|"
            r"describe|formulate|build|construct|create|release|offer|suggest|put forward)\b"
        ),
        "proposes_passive": (
            r"\b(?:is|are|has been|have been) (?:\w+ )?(?:proposed|introduced|presented|developed|"
            r"described)\b|\bthis \w+ (?:proposes|introduces|presents|develops|describes|offers)\b"
        ),
        "studies": (
            r"\b(?:we|i|authors|this \w+) (?:\w+ ){0,3}?(?:study|studies|investigates?|explores?|"
            r"examines?|re-?examines?|analy[sz]es?|considers?|compares?|questions?|conduct|address|addresses|tackles?|revisits?|aims?|focus|"
            r"focuses|seek|seeks|ask|asks|formali[sz]es?|characteri[sz]es?|extends?|uses?|"
            r"leverages?|provides?|derives?)\b"
        ),
        "finds": (
            r"\b(?:we|i|authors|this \w+) (?:\w+ ){0,3}?(?:shows?|demonstrates?|finds?|proves?|"
            r"observes?|establish|establishes|discovers?|reveals?|argues?|identify|identifies|"
            r"conclude|concludes|report|reports)\b"
        ),
        "results_say": (
            r"\b(?:experiments?|results?|evaluations?|findings?|analysis|analyses) (?:\w+ ){0,6}?"
            r"(?:shows?|demonstrates?|suggests?|indicates?|confirms?|reveals?|prove)\b"
        ),
        "outperforms": (
            r"outperform|state[- ]of[- ]the[- ]art|surpass|superior|\bsota\b|competitive|"
            r"\b(?:achieves?|improves?|improving|yields?|attains?|reduces?|leads? to)\b"
        ),
        "evaluates": r"\bexperiment|\bevaluat|\bbenchmarks?\b|\bempirical|\bvalidate",
        "enables": r"\b(?:allows?|enables?|enabling|allowing|without|while)\b",
        "by_means_of": r"\b(?:by|via|through|based on|using|that uses?)\b",
        "problem": (
            r"\bhowever\b|\bchallenging\b|\bdifficult|\bremains?\b|\black|\blimited\b|\bsuffers?\b|"
            r"\bfails?\b|\bcostly\b|\bunclear\b|\bexpensive\b|\bdespite\b|\bchallenges?\b|"
            r"\bunfortunately\b|\boften\b"
        ),
        "background": (
            r"\brecent(?:ly)?\b|\b(?:has|have) (?:been|become|shown|achieved)\b|\bwidely\b|"
            r"\bpopular\b|\bimportant\b|\btypically\b|\bmany\b|\bprevious|\bexisting\b|\bprior\b"
        ),
        "novel": r"\b(?:novel|new|first|simple|general|efficient|effective)\b",
        "called": r"\b(?:called|named|dubbed|termed|coined|namely|refer to as|which we call)\b",
        "ours": r"\bour\b",
        "our_method": (
            r"\b(?:our|the proposed|proposed) (?:\w+ ){0,2}?(?:method|approach|model|algorithm|"
            r"framework|technique|system|architecture|network|formulation)s?\b"
        ),
        "code": (
            r"github|https?://|publicly available|\b(?:code|data|models?|datasets?|demos?|videos?|"
            r"website|collection|checkpoints)\b[^.]{0,80}\b(?:available|released|found at)\b|"
            r"\b(?:release|provide|open[- ]source) (?:\w+ ){0,4}?(?:code|checkpoints|weights)\b"
        ),
        "in_this_paper": (
            r"\b(?:in|with|through) (?:this|the present|our) (?:\w+ )?(?:paper|work|article|study)\b|"
            r"\bthis (?:paper|work|article|study)\b|^here,? we\b"
        ),
        "key_point": r"\b(?:key|main|core|central) (?:idea|contribution|insight|result|finding)s?\b",
        "to_this_end": r"^to (?:this end|address|tackle|overcome|solve|bridge|fill|mitigate)\b",
        "starts_with_we": r"^(?:\w+,? )?(?:we|i)\b",
        "starts_with_our": r"^our\b",
        "starts_with_pronoun": (
            r"^(?:this|these|those|it|its|they|their|such|he|she|both|that|one|another|some|others)\b"
            r"(?! (?:paper|work|article|study|report|thesis|letter|survey|position))"
        ),
        "starts_with_connective": (
            r"^(?:specifically|moreover|furthermore|additionally|in addition|also|finally|then|"
            r"in particular|more specifically|second|next|lastly|as a result|therefore|thus|hence|"
            r"besides|for example|for instance|similarly|likewise|consequently|otherwise)\b"
        ),
        "starts_with_but": r"^(?:however|but|yet|unfortunately|nevertheless|although|while|despite)\b",
        "believes": r"\b(?:we|i) (?:\w+ )?(?:believe|hope|envision|expect|conjecture|emphasi[sz]e)\b",
        "refers_back": (
            r"\b(?:these two|these three|these methods|the above|the aforementioned|the former|the latter|"
            r"such an?|resulting|as well)\b|^the (?:first|second|third|other|same)\b"
        ),
        "says_this": r"(?<=\s)(?:this|these|those) (?!paper|work|article|study|report|survey)\w",
        "outlook": (
            r"\binsights?\b|\bpav(?:e|es|ing) the way\b|\bopens? (?:up )?(?:new|the door|opportunit)|"
            r"\bopening\b|\bimplications?\b|\bwe (?:conclude|close|end) (?:with|by)\b|"
            r"\bfuture (?:research|work|directions?)\b|\bpromising direction"
        ),
        "never_before": r"\b(?:had|has|have) (?:never|not) (?:\w+ )?(?:been|yet)\b",
        "says_it": r"\b(?:demonstrate|show|evaluate|apply|test|validate|illustrate) (?:it|them)\b",
        "also": r"\balso\b|\badditional(?:ly)?\b|\bby-?product\b",
        "numbered": r"^\(?(?:\d{1,2}|[ivx]{1,4}|[a-e])\)\s",
        "list_cut_off": r"(?:^|[\s(])(?:1|i|a)\)(?!.{0,600}(?:2|ii|b)\))|:\.?$",
        "question": r"\?",
        "number": r"\d",
        "percent": r"\d ?%|\d(?:\.\d+)? ?[x×]\b",
        "quoted": r"[“\"]",
        "list": r":|\((?:i|1|a)\)",
        "semicolon": r";",
        "hedge": r"\b(?:may|might|could|can|possibly|potentially)\b",
    }.items()
}
#: In words; a longer text before the colon is a phrase, not a name.
_LONGEST_NAME = 3
_LENGTHS = (8, 12, 16, 20, 25, 30, 36, 45)


def describe(sentences: Sequence[str], title: str) -> list[dict[str, float]]:
    """Return for each sentence of one abstract, in order, its features and their strengths."""
    cues = [_cues(sentence) for sentence in sentences]
    wanted, name = content(title), _title_name(title)
    described, before = [], set[str]()
    for index, sentence in enumerate(sentences):
        features = _place(index, len(sentences)) | cues[index] | _context(cues, index, before)
        before.update(cues[index])
        features |= _length(sentence) | _overlap(content(sentence), wanted) | _words(sentence)
        if name and name in sentence:
            features |= {"names_itself": 1.0} | ({"names_itself_proposing": 1.0} if "proposes" in cues[index] else {})
        described.append(features)
    return described


def _cues(sentence: str) -> dict[str, float]:
    lower = sentence.lower()
    return {name: 1.0 for name, cue in CUES.items() if cue.search(lower)}


def _place(index: int, count: int) -> dict[str, float]:
    """Return the position of the sentence, counted from both ends and as a fifth of the abstract."""
    features = {f"fifth_{min(4, 5 * index // count)}": 1.0}
    if index < 3:
        features[f"place_{index + 1}"] = 1.0
    if count - index <= 3:
        features[f"place_from_end_{count - index}"] = 1.0
    if count == 1:
        features["alone"] = 1.0
    return features


def _context(cues: Sequence[dict[str, float]], index: int, before: set[str]) -> dict[str, float]:
    """Return which cues occurred before: only the first proposal is the contribution, later ones are details."""
    seen = ("proposes", "in_this_paper", "studies", "finds", "starts_with_we")
    features = {}
    for name in seen:
        earlier = name in before
        if name in cues[index]:
            features[f"{name}_again" if earlier else f"{name}_first"] = 1.0
        elif earlier:
            features[f"after_{name}"] = 1.0
    if index and "starts_with_but" in cues[index - 1]:
        features["after_but"] = 1.0
    return features


def _length(sentence: str) -> dict[str, float]:
    words = len(sentence.split())
    return {f"longer_than_{length}": 1.0 for length in _LENGTHS if words > length}


def _overlap(words: frozenset[str], wanted: frozenset[str]) -> dict[str, float]:
    """Return how much of the title the sentence repeats, and how much of the sentence is title."""
    shared = len(words & wanted)
    if not shared:
        return {}
    return {"title_recall": shared / len(wanted), "title_precision": shared / len(words)}


def _title_name(title: str) -> str:
    """Return the authors' name for their work: the short part of the title before a colon."""
    name, colon, _ = title.partition(":")
    return name.strip() if colon and 0 < len(name.split()) <= _LONGEST_NAME else ""


def _words(sentence: str) -> dict[str, float]:
    return {f"word {word}": 1.0 for word in stems(sentence)}
