"""Remove the opening of a sentence: a purpose, a concession, "We show that", a mention of what stands before it.

Pure; linear time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.compression.leads import as_sentence
from summarizer.compression.pointing import FACED, SUCH, without_outer_purpose

#: Words whose effect reaches the words after them: a clause with one is only cut at a comma.
REACHING = re.compile(
    r"\b(?:not|never|no|cannot|without|neither|nor|only|fail\w*|lack\w*|few|little|hardly|rarely|less|more|fewer|"
    r"than|as \w+ as|may|might|could|both|either|between)\b|n[’']t\b",
    re.IGNORECASE,
)
#: Verbs of proposing. "We propose a net that draws cats" implies "We propose a net": the words after the thing proposed
#: may be removed.
PROPOSING = (
    r"(?:propose|introduce|present|develop|describe|design|devise|build|construct|create|formulate|formali[sz]e|"
    r"suggest|release|implement|highlight)"
)
#: "While A works, we propose B": the concession does not limit the proposal.
_CONCESSION = re.compile(
    r"(?!(?:If|When|Whenever|Where|Unless|Once|Only|Assuming|Provided|Whether|Not)\b)[A-Z][^;:]{3,250}?,\s"
    rf"(?=we (?:\w+ly )?{PROPOSING}\s)"
)
#: "A is hard, but we show B": the second half is a complete claim.
_SECOND = re.compile(
    r"(?!(?:If|When|Whenever|Where|Unless|Once|Assuming|Provided|Whether)\b)[A-Z][^;:]{10,300}?,\s(?:but|and|"
    r"so)\s(?:here\s)?"
    rf"(?=we (?:\w+ly )?(?:{PROPOSING}|show that|find that|prove that|demonstrate that)\s)"
)
#: "We propose a new approach: rather than A, we do B": the text after the colon is a sentence of its own.
_ANNOUNCED = re.compile(
    rf"(?:We|This (?:paper|work|article|study)) (?:\w+ly )?{PROPOSING}s? [^,;:]{{5,120}}:\s"
    r"(?:(?:rather than|instead of) [^,;:]{5,120},\s)?(?=we \w)"
)
#: "To cut costs, we propose" may lose its purpose; "If it is cold, we propose" must keep its condition.
_PURPOSE = re.compile(
    r"(?:To|In order to|Towards?|Motivated by|Inspired by|Building (?:on|upon)|Based on|By|Drawing (?:on|from)|"
    r"Leveraging|Aiming (?:to|at))\s[^,;:()]{3,160},\s(?=(?:we|i|this (?:paper|work|article|study))\s)",
    re.IGNORECASE,
)
#: A purpose, unlike a means, does not describe the work itself, so it may be removed even if it contains a negation.
_AIM = re.compile(r"(?:To|In order to|Towards?|Motivated by|Inspired by|Aiming (?:to|at))\b")
_WE_SHOW = re.compile(
    r"(?:We|I|The authors|This (?:paper|work|study)) (?:\w+ly )?(?:show|shows|demonstrate|demonstrates|prove|proves|"
    r"find|finds|observe|observes|establish|establishes|reveal|reveals) (?:\w+ly )?that (?=\w)"
)
_AND_THAT = re.compile(r",? (?:and|but) (?:also )?that\b")
#: "We address this gap by introducing X" and "We study this problem and introduce X" both say "We introduce X".
_GERUNDS = {
    "introducing": "introduce",
    "proposing": "propose",
    "presenting": "present",
    "developing": "develop",
    "designing": "design",
    "building": "build",
    "creating": "create",
    "constructing": "construct",
    "formulating": "formulate",
    "releasing": "release",
}
_BEGUN = re.compile(
    r"(?P<who>We|I|The authors) (?:\w+ly )?(?:seek to |aim to |precisely )?(?:address|tackle|bridge|fill|narrow|"
    r"close|solve|study|"
    r"resolve|overcome|mitigate|alleviate|challenge|investigate|explore|revisit|examine|meet|handle|remedy|take on|"
    r"achieve|do|lift|realize|accomplish|approach|attack|relax|circumvent|avoid|answer|solve) "
    r"(?:both |all )?(?:of )?(?:this|these|those|such|the above|it|them|"
    rf"the(?=\s{SUCH}{FACED}\s(?:by|through|and)\b))\b[^,.;:]{{0,50}}?,? "
    r"(?:(?:by|through) (?P<by>\w+ing)|and (?:\w+ly )?(?P<verb>" + PROPOSING + r")) "
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """A shorter form of a sentence."""

    text: str
    #: The kinds of the removed parts, in the order of the sentence.
    cuts: tuple[str, ...] = ()


def openings(sentence: str) -> Iterator[Variant]:
    yield Variant(text=sentence)
    purpose = _PURPOSE.match(sentence)
    if purpose and (_AIM.match(sentence) or not REACHING.search(purpose.group())):
        yield Variant(text=as_sentence(sentence[purpose.end() :]), cuts=("purpose",))
    elif conceded := _CONCESSION.match(sentence):
        yield Variant(text=as_sentence(sentence[conceded.end() :]), cuts=("concession",))
    if second := _SECOND.match(sentence):
        yield Variant(text=as_sentence(sentence[second.end() :]), cuts=("second",))
    yield from _inward(sentence)
    if announced := _ANNOUNCED.match(sentence):
        yield Variant(text=as_sentence(sentence[announced.end() :]), cuts=("announced",))
    shown = _WE_SHOW.match(sentence)
    if shown and not _AND_THAT.search(sentence, shown.end()):
        yield Variant(text=as_sentence(sentence[shown.end() :]), cuts=("we_show",))


def _inward(sentence: str) -> Iterator[Variant]:
    """Yield the sentence without a mention of what stands before it: "We address this gap by presenting X"."""
    if inward := without_outer_purpose(sentence):
        yield Variant(text=as_sentence(inward), cuts=("outer_purpose",))
    if begun := _BEGUN.match(sentence):
        verb = _GERUNDS.get(begun["by"].lower()) if begun["by"] else begun["verb"]
        if verb:
            yield Variant(text=f"{begun['who']} {verb} {sentence[begun.end() :]}", cuts=("outer_purpose",))
