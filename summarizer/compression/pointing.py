"""Find words in a lone text that point at what is not there, and cut those that can go. Pure functions; linear time.

A blurb is read without its abstract: "this approach", "therefore" and "the former" then refer to nothing.
"""

import re
from collections.abc import Iterator

_DOCUMENT = (
    r"(?:[\w-]+ ){0,3}?(?:paper|work|article|study|report|thesis|letter|survey|note|manuscript|tutorial|chapter|review|"
    r"meta-?analysis|dissertation|project|research|analysis|trial|overview|synthesis|contribution|position|end|way|day|"
    r"year|century|decade|time|regard|respect|sense)\b"
)
_FACE = (
    r"(?:address|tackle|overcome|solve|bridge|fill|mitigate|alleviate|resolve|remedy|close|achieve|meet|handle|answer|"
)
_FACE += (
    r"circumvent|investigate|explore|study|support|counter|combat|facilitate|enable|reduce|counteract|test|improve|"
    r"realize)"
)
#: Nouns that name what somebody faces, and not what it is: "the challenges" alone are those of the sentence before.
FACED = (
    r"(?:challenges?|issues?|limitations?|shortcomings?|drawbacks?|obstacles?|hurdles?|difficult(?:y|ies)|problems?|"
    r"gaps?|bottlenecks?|concerns?|weakness(?:es)?|deficienc(?:y|ies)|pitfalls?|dilemmas?|downsides?|questions?)"
)
#: What may stand between: "the two main challenges".
SUCH = r"(?:(?:two|three|main|key|same|major|remaining|existing|current|above|said)\s){0,2}"
#: "to overcome the challenges", "the problem is solved": a noun phrase with an article that nothing explains. What
#: follows the noun explains it: "of scale", "that nets face", "is to scale".
_BARE_FACED = re.compile(
    rf"(?<![\w-])the\s{SUCH}(?P<nouns>{FACED})"
    r"(?=[.,;]|\s(?:by|via|through|using|with|while|without|we|and\s(?:\w+ly\s)?(?:propose|introduce|present|develop|"
    r"show|design|improve|achieve|reduce)|efficiently|effectively|jointly|simultaneously|directly|"
    r"(?:is|are|was|were|can be|has been|have been)\s(?:\w+ly\s)?\w+ed)\b)",
    re.IGNORECASE,
)
#: "this approach", "such a model": a demonstrative with its noun phrase, or alone.
_DEMONSTRATIVE = re.compile(
    rf"(?<![\w-])(?P<word>this|these|those|such)\s(?!{_DOCUMENT}|as\b|that\b|who\b|of\b|with\b|for\b|in\b|which\b|"
    rf"where\b|"
    r"whose\b|from\b|used\b|obtained\b|under\b|on\b)(?P<phrase>an?\s)?(?P<nouns>[\w’'-]+(?:\s[\w’'-]+){0,1})?",
    re.IGNORECASE,
)
#: "to address this challenge": a purpose that lies outside the sentence.
_PURPOSE = re.compile(
    rf",?\s(?:to|for|in order to|and aim to)\s(?:\w+ly\s)?{_FACE}(?:s|es|ing)?\s(?:both\s|all\s)?(?:of\s)?"
    rf"(?:this|these|those|such|the above|the aforementioned|them|it|the(?=\s{SUCH}{FACED}\b))"
    r"(?:\s(?!by\b|via\b|through\b|using\b|with\b|"
    r"and\b|in\b|on\b|"
    r"for\b|from\b|of\b|while\b|that\b|which\b)[\w’'-]+){0,4}(?=[,.;]|\s(?:by|via|through|using|with|while)\b)",
    re.IGNORECASE,
)
_PRESENTS = re.compile(
    r"(?:we|i|this (?:paper|work|article|study)) (?:\w+ly )?(?:propose|introduce|present|develop|design|devise|"
    r"release|build|create)s? "
    r"[^,;:.]*(?:,[^,;:.]*)?(?:\([^()]*\))?[^,;:.]*$",
    re.IGNORECASE,
)
#: Verbs that "to address this" completes: without it, "we propose" has no object.
_WANTS_MORE = re.compile(
    r"\b(?:propose|aim|aims|try|attempt|seek|used?|need|want|able|how|hope|plan|intend|continue|help|helps|allow|"
    r"allows|way|order|"
    r"is|are|was|were|designed|and|or|effort|efforts|step|steps|goal|us|method|methods|potential)$",
    re.IGNORECASE,
)
#: A pronoun or an ordinal as the subject.
_SUBJECT = re.compile(
    r"(?:it|its|they|their|he|she|his|her|both|that|those|one|ones|another|others|some of (?:them|these)|each|"
    r"the (?:other|"
    r"others|second|third|fourth|latter|former|same|first (?:one|of))|the (?:two|three|four|five)|all (?:two|three|"
    r"four|five)?\s?"
    r"(?:of them|methods|models|variants|approaches|components))\b(?!-)",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"(?<![\w-])(?:the (?:above|aforementioned|aforesaid|former|latter|preceding|resulting|said)|aforementioned|"
    r"as (?:above|follows|before)|the following (?!of)|our (?:combined|resulting|second|third|other)|these (?:two|"
    r"three|four)|"
    r"(?:the )?(?:former|latter)|(?:in|from) (?:the )?(?:figure|table|section|appendix)|(?:shown|illustrated|"
    r"depicted) in)\b",
    re.IGNORECASE,
)
#: Adverbs that tie a clause to the one before, where a comma does not set them off.
_TIED = re.compile(
    r"(?:(?:(?<=^we )|(?<=^this paper )|(?<=^i )|(?<=\bwe ))"
    r"(?:therefore|thus|hence|instead|consequently|accordingly|nevertheless|nonetheless|moreover|"
    r"furthermore|additionally|"
    r"subsequently|in turn|by contrast) "
    r"|(?:(?<= is )|(?<= are )|(?<= can ))(?:therefore|thus|hence|consequently|accordingly|moreover|"
    r"furthermore) )(?!of\b|to\b)",
    re.IGNORECASE,
)
#: The same between commas: "we will, therefore, discuss".
_BETWEEN = re.compile(
    r"(?<=\w),\s(?:therefore|thus|hence|however|moreover|furthermore|consequently|in turn|nevertheless|"
    r"accordingly),\s(?=[a-z])"
)
_AT_END = re.compile(
    r",?\s(?:instead|too|as well|therefore|however|accordingly|in turn|as follows)(?=\.$)",
    re.IGNORECASE,
)
_TIES = re.compile(
    r"(?<![\w-])(?:therefore|thus|hence|consequently|accordingly|conversely|nevertheless|nonetheless|moreover|"
    r"furthermore|otherwise|"
    r"likewise|instead(?! of)|in contrast(?! (?:to|with))|on the other hand|in turn|by contrast|in (?:doing|so doing)|"
    r"however|for this reason|to this end)\b",
    re.IGNORECASE,
)
_PROPOSED = re.compile(
    r"(?<![\w-])(?:the|our) (?:newly )?(?:proposed|presented|introduced|developed) (?P<rest>(?:[\w-]+\s?){1,4})",
    re.IGNORECASE,
)
#: "To make them cheap, we": a lone sentence does not say what "them" refers to.
_OPENING = re.compile(
    r"[A-Z]\w+ (?:[^,;:]{0,120}?\b(?:them|it|their|its)\b[^,;:]{0,80}|[^;:]{0,160}?\b(?:this|these|those|"
    r"such)\b[^,;:]{0,80}),\s"
    r"(?:we|our|this paper|this work)\b"
)
#: "The first result", but not "the first system that": the words after it say of what it is the first.
_THE_FIRST = re.compile(
    r"the (?:first|second|third) (?!(?:[\w-]+ ){1,6}?(?:that|to|for|of|in|which|on)\b)", re.IGNORECASE
)
#: "The two methods", "in both cases": which they are was said before, unless a pair stands in the text.
_ELSEWHERE = re.compile(
    r"^(?!.*\b(?:and|or|versus|vs)\b.*\b(?:the two|both)\b).{0,400}?"
    r"(?P<what>\b(?:the (?:two|three|four) (?!of\b|(?:[\w-]+ ){1,3}(?:of|that|in|which)\b)|"
    r"(?:in|for|of|on) both (?!(?:\w+ ){1,5}and\b))[\w-]+)"
)
_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
_PAIR = re.compile(r"[^\s,]+(?:,? (?:and|or|vs\.?|versus) |/)[^\s,]+")
#: A name: a capital inside, or a word of capitals and digits.
_NAME = re.compile(r"\b(?:[a-z]*[A-Z][\w-]*[A-Z\d][\w-]*|[A-Z]{2,}[\w-]*)\b")
#: Something was said before a demonstrative, which it may point at: a clause of its own that ended.
_CLAUSE_END = re.compile(
    r"(?P<firm>[;:]|,\s(?:and|but|so)\b)|[,;:—–)]|"
    r"\b(?:and|but|that|because|while|where|when|if|so|as|which|whether|how)\b"
)
#: In words; a shorter beginning is no clause, unless a semicolon, a colon or ", and" ends it.
_CLAUSE = 5
_SHORT_CLAUSE = 3
#: In characters: what is searched of a text, so that the time is bounded. A blurb of 60 words has about 400.
_LONGEST = 1000
_PLACE = re.compile(r"\W+")


def points_back(text: str) -> tuple[str, ...]:
    """Return the phrases of a lone text that refer to something outside it, in reading order."""
    found, last = list[str](), 0
    for start, end in sorted(set(_pointers(text[:_LONGEST]))):
        if start >= last:
            found.append(text[start:end].strip())
            last = end
    return tuple(found)


def without_pointers(text: str) -> str:
    """Return the text without the words that point outside it and can be cut without changing the claim."""
    text = _BETWEEN.sub(" ", _TIED.sub("", text))
    return text if "not only" in text.lower() else _AT_END.sub("", text)


def without_outer_purpose(text: str) -> str | None:
    """Return the text without "to address this challenge"; None if it has no such purpose, or begins with it."""
    for found in _PURPOSE.finditer(text[:_LONGEST]):
        if found.start() and not _WANTS_MORE.search(text, 0, found.start()) and _is_outer(text, found):
            return text[: found.start()] + text[found.end() :]
    return None


def _pointers(text: str) -> Iterator[tuple[int, int]]:
    for opening in (_SUBJECT, _THE_FIRST, _OPENING):
        if found := opening.match(text):
            yield found.span()
    if elsewhere := _ELSEWHERE.search(text):
        yield elsewhere.span("what")
    for found in _DEMONSTRATIVE.finditer(text):
        if not _answered(text, found.start(), (found["nouns"] or "").split()):
            yield found.span()
    yield from (found.span() for found in _BARE_FACED.finditer(text) if not _is_faced_inside(text, found))
    yield from (found.span() for found in _PURPOSE.finditer(text) if _PRESENTS.match(text[: found.start()]))
    for found in _EARLIER.finditer(text):
        if "or" not in found.group().split() and not _paired(text, found):
            yield found.span()
    yield from (found.span() for found in _TIES.finditer(text) if not _follows(text, found.start()))
    yield from (found.span() for found in _PROPOSED.finditer(text) if not _NAME.search(text))
    if (said := _RESPECTIVELY.search(text)) and len(_PAIR.findall(text)) < 2 and text.count(",") < 3:
        yield said.span()


def _is_faced_inside(text: str, found: re.Match[str]) -> bool:
    """Return whether "the challenges" are those that the words before tell of; what is presented there is not one."""
    before = text[: found.start()]
    told = _stem(found["nouns"].lower()) in {_stem(word) for word in _PLACE.split(before.lower())}
    return told or (_spoke_of_others(before) and not _PRESENTS.match(before))


def _answered(text: str, start: int, nouns: "list[str] | str") -> bool:
    """Return whether the words before `start` may be what a demonstrative there points at."""
    before = text[:start]
    if len(before.split()) < _SHORT_CLAUSE:
        return False
    nouns = nouns.split() if isinstance(nouns, str) else nouns
    said = {_stem(word) for word in _PLACE.split(before.lower())}
    if any(_stem(noun.lower()) in said for noun in nouns if len(noun) > 3):
        return True
    return _spoke_of_others(before)


def _is_outer(text: str, purpose: re.Match[str]) -> bool:
    """Return whether "to address this challenge" points outside the text: what is presented is not the challenge."""
    return bool(_PRESENTS.match(text[: purpose.start()])) or not _answered(
        text, purpose.start(), purpose.group().split()[-1]
    )


def _spoke_of_others(before: str) -> bool:
    """Return whether a text holds a clause that ended; a purpose right after "We introduce X" has none before it."""
    for found in _CLAUSE_END.finditer(before):
        least = _SHORT_CLAUSE if found["firm"] else _CLAUSE
        if len(before[: found.start()].split()) >= least:
            return True
    return False


def _stem(word: str) -> str:
    for ending in ("ies", "es", "s", "y"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)]
    return word


def _paired(text: str, found: re.Match[str]) -> bool:
    """Return whether "the former" or "these two" has its pair earlier in the text."""
    wants_pair = re.search(r"former|latter|two|three|four|other|second|third", found.group(), re.IGNORECASE)
    return bool(wants_pair and (_PAIR.search(text, 0, found.start()) or ";" in text[: found.start()]))


def _follows(text: str, start: int) -> bool:
    """Return whether a connective links two halves of this text, rather than the text to one before it."""
    linked = re.search(r"[,;:]\s?(?:and\s|but\s)?$|\band $", text[:start])
    return linked is not None and len(text[:start].split()) >= _SHORT_CLAUSE
