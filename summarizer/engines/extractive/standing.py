"""Measure what a lone sentence lacks without its abstract: it points back, repeats the title or says nothing. Pure.

ROUGE penalises none of these; 50 blurbs were read without their abstracts, and 13 had one of them.
"""

import re
from collections.abc import Iterator

from summarizer.compression.pointing import points_back
from summarizer.compression.wholeness import is_torn_list
from summarizer.text.words import content

#: Subtracted from the score of a form. A pointer costs as much as background costs against a contribution
#: (`taste.ROLE`); a blurb that adds fewer than four words to the title loses to almost any other.
POINTS_BACK = 1.4
REPEATS_TITLE = 2.5
IS_TITLE = 8.0
SAYS_NOTHING = 1.5
#: The most that all of it costs: a contribution badly said still tells more than the background of the field.
WORST = 8.0
#: The title stands above the blurb: fewer content words than this beside it are no news.
FEWEST_NEW = 4
#: A finding answers the question of its title in the title's words: "showed a moderate effect of ...".
FEWEST_NEW_IN_REPORT = 2

_VERB = r"(?:propose|introduce|present|develop|describe|design|build|release|create|devise|launch|name|call)(?:s|d)?"
#: "We introduce MGM.", "We propose several improvements.", "We analyze why."
_EMPTY = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            rf"\b{_VERB} (?:the |our |a new |a novel |an? )?(?-i:[A-Z])[\w.+-]*(?: (?-i:[A-Z])[\w-]*){{0,5}}(?: v?\d)?"
            r"(?: (?:framework|model|method|approach|algorithm|benchmark|dataset|system|tool))?(?: ?\([^()]*\))?\.$"
        ),
        (
            rf"\b(?:{_VERB}|make|provide|offer|identify|discuss|suggest|give) (?:\w+ )?"
            r"(?:several|various|many|some|a number of|multiple|new|novel) (?:\w+ ){0,2}"
            r"(?:improvements?|contributions?|insights?|techniques?|strategies|methods?|results?|approach(?:es)?|"
            r"perspectives?|directions?|solutions?|recommendations|findings|ideas|issues|ways|algorithms?|models?|"
            r"frameworks?|paradigms?|systems?|architectures?|baselines?|datasets?|benchmarks?)\.$"
        ),
        (
            r"\b(?:analy[sz]e|explain|discuss|show|study|explore|investigate|examine|describe|understand) "
            r"(?:why|how|this|that|it|so)\.$"
        ),
        r"^(?:to|in order to) [a-z]+ [^,]*\.$",
        (
            r"\b(?:two|three|four|five|six|seven|several|all three|dual|key|core) (?:[\w-]+ ){0,2}?(?:components?|"
            r"contributions?|innovations?|findings?|modules?|stages?|phases?|limitations?|challenges?|insights?|"
            r"observations?|observables|desiderata|ideas|aspects|principles|pillars|improvements|dimensions|parts|capabilities)\.$"
        ),
        (
            r"\b(?:is|are|was|were) (?:also )?"
            r"(?:discussed|presented|provided|described|given|proposed|introduced|outlined|reported)\.$"
        ),
    )
)
#: "Existing methods, do not scale well": what stood between subject and verb was cut, its comma was not.
_TORN = re.compile(
    r"^(?!(?!Existing|Leading|Emerging|Competing|Recurring)(?:In|At|On|For|With|Without|By|To|When|While|If|As|Although|Though|Because|Since|Given|Unlike|Despite|Here|"
    r"After|Before|Under|From|Through|Among|Across|Over|During|Overall|Yet|Instead|Rather|Beyond|Within|Once|Due|Like|"
    r"Compared|Using|However|Moreover|Surprisingly|Interestingly|[A-Z]\w+(?:ly|ing|ed))\b)[^,;:()]{3,80}, "
    r"(?:is|are|do|does|has|have|can|cannot|was|were|will|did) [^,]*$"
)


def flaw(text: str, title: frozenset[str], *, fewest_new: int = FEWEST_NEW) -> float:
    """Return what a form loses as a lone blurb; 0 if nothing is wrong with it.

    Args:
        title: the content words of the title; none if it may repeat the title.
        fewest_new: how many content words it must add to the title.
    """
    return min(WORST, sum(_flaws(text, title, fewest_new)))


def new_words(text: str, said: frozenset[str]) -> int:
    """Return the number of content words of `text` that were not said before."""
    return len(content(text) - said)


def _flaws(text: str, title: frozenset[str], fewest_new: int) -> Iterator[float]:
    if points_back(text):
        yield POINTS_BACK
    if title and (new := new_words(text, title)) < fewest_new:
        yield REPEATS_TITLE if new > 1 else IS_TITLE
    if any(empty.search(text) for empty in _EMPTY) or is_torn_list(text):
        yield SAYS_NOTHING
    if _TORN.match(text) or any(text.count(a) != text.count(b) for a, b in ("()", "[]")):
        yield SAYS_NOTHING
