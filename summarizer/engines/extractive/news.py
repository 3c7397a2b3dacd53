"""Tell whether a sentence adds facts to a blurb, or only praise, an outlook or what was said. Pure functions."""

import re

from summarizer.engines.extractive import standing

#: What is worth less as a finding: praise without a fact, an outlook, the mere mention of an evaluation.
HOLLOW = re.compile(
    r"\b(?:effectiveness|superiority|efficacy|potential|promise|importance|value|feasibility|generality|usefulness|"
    r"need|"
    r"significance|validity|versatility|robustness|practicality|necessity|critical role|advantages?|capability|"
    r"benefits?) "
    r"(?:and \w+ )?(?:of|for|to|in)\b(?![^.]*\d)"
    r"|\b(?:potential(?:ly)?|promis\w+|pav(?:e|es|ing)|opens?|opening|step towards?|insights?|positions?|positioning|"
    r"lays?|"
    r"advanc(?:es|ing) (?:the|research)|contribut\w+ to|valuable|offer(?:s|ing)? (?:an?|new|valuable)|foundation|"
    r"implications|"
    r"underscor\w+|highlights?|highlighting|provid(?:es|ing) (?:a|an|new) (?:\w+ )?(?:solution|perspective|path\w*|"
    r"direction|"
    r"framework|foundation|basis|tool|resource)|represents?|encourag\w+|hope|future|call for|calls for|"
    r"emphasi[sz]\w+)\b",
    re.IGNORECASE,
)
#: What makes even such a sentence a finding: a number, or what is better than what.
_FACT = re.compile(
    r"\d|\b(?:outperform|surpass|exceed|improv|reduc|increas|decreas|higher|lower|faster|slower|better|worse|fewer|"
    r"more|less|"
    r"fail|state-of-the-art|match|than|compar)",
    re.IGNORECASE,
)
#: A measure, or what is compared with what.
_MEASURED = re.compile(
    r"\d[\d.,]*\s?(?:%|x\b|×|percent|points?|times|fold|ms\b|[mk]?s\b|B\b|M\b|K\b|F1|BLEU|mAP|FID)|\d\.\d|"
    r"\b(?:than|half|twice|double[sd]?|compared (?:to|with) (?!(?:\w+ )?(?:existing|prior|previous|other|various|"
    r"strong|state-of|baselines?|current|conventional|traditional|competing)))\b",
    re.IGNORECASE,
)
#: A condition, a cause or a failure.
_QUALIFIED = re.compile(
    r"\b(?:only if|only when|even when|because|unless|instead of|rather than|caused by|due to|stems? from|depends? on|"
    r"correlat\w+|trade-?offs?|when|while|whereas|but|although|struggl\w+|fail(?:s|ed|ures?)?|lags?|"
    r"degrad\w+|bottlenecks?)\b",
    re.IGNORECASE,
)
#: Praise of the kind that nearly every abstract ends with.
_PRAISE = re.compile(
    r"\b(?:superior|competitive|impressive|remarkable|remarkably|strong|excellent|outstanding|consistent|consistently|"
    r"significant|significantly|substantial|substantially|state-of-the-art|effective|effectively|effectiveness|robust|"
    r"robustness|efficien\w+|outperform\w*|surpass\w*|improv\w+|enhanc\w+|high-quality|better|higher|versatil\w+|"
    r"generali[sz]\w+|advantages?|capabilit\w+|promising|desirable|favou?rable|compelling)\b",
    re.IGNORECASE,
)
#: "in several aspects", "across a wide range of tasks".
_VAGUE = re.compile(
    r"\b(?:several|various|many|multiple|different|diverse|numerous|a (?:wide|broad) (?:range|variety|spectrum) of|"
    r"a (?:variety|range|number) of|baseline|existing|previous|prior|not only) (?:[\w-]+ ){0,3}?(?:aspects|tasks|"
    r"benchmarks|datasets|data sets|domains|settings|scenarios|metrics|methods|baselines|approaches|models|ways|"
    r"applications|dimensions|environments|backbones)\b",
    re.IGNORECASE,
)
_ASPECTS = re.compile(r"\bin (?:several|many|various|some) (?:aspects|ways|respects|cases)\b", re.IGNORECASE)
_COUNT = re.compile(r"(?<![\w-])\d[\d.,]*(?![\w-])")
#: "We publicly release the models, the data and the code."
RELEASE = re.compile(
    r"\b(?:we|publicly|openly) (?:will )?(?:publicly |openly |also )?(?:release|open-source)\b", re.IGNORECASE
)
#: A word with a capital or a digit inside: the name of a data set, a model or a method.
_NAME = re.compile(r"\b(?=[\w.-]*[A-Za-z])[A-Za-z][\w.-]*(?:[A-Z]|\d)[\w-]*")
#: The beginning of a sentence or of a clause, up to the word that may be its subject.
_SUBJECT = re.compile(r"(?:^|, )(?:(?:the|our|this|The|Our|This) )?[\w.-]+")


def is_news(text: str, said: frozenset[str]) -> bool:
    """Return whether a text adds facts to what was said, rather than praise or the same again."""
    praise = HOLLOW.search(text) and not _FACT.search(text)
    return not praise and standing.new_words(text, said) >= standing.FEWEST_NEW


def is_specific(text: str, known: frozenset[str]) -> bool:
    """Return whether a finding says more than that the work is good: a measure, a comparison, a name, or no praise.

    Args:
        known: the names that were said before.
    """
    if _MEASURED.search(text) or not names(text) <= known:
        return True
    praise = _PRAISE.search(text) is not None
    if _ASPECTS.search(text) or (praise and _VAGUE.search(text)):
        return False
    return not praise or bool(_QUALIFIED.search(text) or _COUNT.search(text))


def names(text: str) -> frozenset[str]:
    """Return the names in a text that have a capital or a digit inside, in lower case and in the singular."""
    return frozenset(found.group().lower().rstrip("s.") for found in _NAME.finditer(text))


def subjects(text: str) -> frozenset[str]:
    """Return the names that stand at the beginning of the sentence or after a comma, as a subject does."""
    return frozenset().union(*(names(found.group()) for found in _SUBJECT.finditer(text)))
