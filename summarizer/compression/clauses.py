"""Find the parts of a sentence that only add information, and remove them one by one.

Negations, hedges, comparisons, limits and quantities are never separated from the words they apply to. A part is
removed as a whole, and only if no word in it can limit the text that remains. Pure; linear time.
"""

import re
from collections.abc import Iterator
from itertools import islice

from summarizer.compression.leads import as_sentence, tighten
from summarizer.compression.openings import PROPOSING, REACHING, Variant, openings
from summarizer.compression.wholeness import TAKES_BACK, ends_a_list, has_its_verbs, is_whole, limits_claim

#: Beyond this number, the shorter forms of one sentence are too similar to choose between.
_MOST_VARIANTS = 48
_MOST_TAILS = 6
_MOST_MODIFIERS = 10

#: Words that limit more than their own clause: a tail that contains one is not removed.
_LIMITS = re.compile(
    r"\b(?:but|although|though|unless|except|if|whenever|provided|assuming|however|only|not|never|no|cannot|nor|"
    r"without|than|albeit|subject to|may|might|could|despite|under|whereas|when|until|per|at least|at most|up to)\b"
    r"|n[’']t\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"(?<=[\w\"”’%])\s\([^()]{2,120}\)(?=[\s,.;:]|$)")
#: What is said in brackets of a number or of where a claim holds: an interval, a p-value, "in mice", "as n grows".
_QUALIFIES = re.compile(
    r"\d|±|[<>=≤≥]|\bCIs?\b|\bCrI\b|\bSDs?\b|\bIQR\b|"
    r"\((?:in|as|for|with|at|on|under|from|when|among|after|before|during|per|by|using|via|mostly|mainly|nearly|"
    r"almost|about|"
    r"low|high|moderate|weak|non|un)\w*[\s-]|\b\w*(?:significant|certainty|evidence|confidence|credible|"
    r"approximately|assum)\w*",
    re.IGNORECASE,
)
_ENUMERATOR = re.compile(r"\s\((?:\d{1,2}|[ivx]{1,4}|[a-h])\)", re.IGNORECASE)
#: Separators, such as commas, after which a clause only adds information; grouped by the words that follow.
_TAILS = re.compile(
    r"""
    ;\s+(?P<semicolon>\w)
  | ,\s+(?P<which>(?:which|who|whose|where)\b)
  | ,\s+(?:thus|thereby|hence|therefore|and\s+thus|and\s+hence)?\s*(?P<ing>(?!(?:including|using|during|being|according|
        depending|assuming|following|considering|excluding|everything|nothing|something)\b)[a-z]{2,}ing\b)
  | ,\s+(?P<and>and\s+(?:we|our|it|they|show|demonstrate|achieve|achieves|outperforms?|evaluate|provide|propose|
        present|can|is|are|further|also|then|reduces|improves|increases|yields|enables|provides|shows|generalizes|
        surpasses|supports|offers|allows|exhibits|maintains|preserves|scales|transfers|matches|exceeds|remains)\b)
  | ,\s+(?P<examples>(?:including|such\s+as|e\.g\.|for\s+example|for\s+instance|ranging|covering|especially|namely)\b)
  | ,\s+(?P<using>(?:using|based\s+on|built\s+on|inspired\s+by|motivated\s+by)\b)
  | ,\s+(?P<apposition>(?:an?|the\s+first)\s+(?:[\w-]+\s){1,4})
  | ,\s+(?P<with>with\s+\w+\s+\w+ing\b)
  | ,\s+(?P<while>while\s+\w+ing\b)
  | ,\s+(?P<so>(?:thus|so|hence|therefore)\s+(?:an?|the|we|it|they|our)\b)
  | ,\s+(?P<as>as\s+(?:well\s+as|shown|demonstrated|measured|evidenced)\b)
  | ,\s+(?P<compared>(?:demonstrated|shown|validated|evaluated|achieved|obtained|followed|supported)\b)
  | (?:\s[–—]\s|(?<=[a-z])—(?=[a-z]))(?P<dash>[^\W\d])
  | :\s+(?P<colon>\S)
  | \s+(?P<loose_and>and\s+(?:also\s+)?(?:propose|introduce|show|demonstrate|present|leverage|evaluate|discover|provide|
        develop|design|prove|apply|find|study|employ|investigate|compare|discuss|validate|establish|derive)\b)
  | ,?\s+(?P<loose_by>(?:by|through)\s+[a-z]{2,}ing\b)
  | \s+(?P<loose_examples>(?:such\s+as|including)\b)
  | \s+(?P<loose_using>using\b)
    """,
    re.VERBOSE,
)
_PROPOSES = re.compile(
    rf"(?:We|I|The authors|This (?:paper|work|article|study)) (?:\w+ly )?(?:{PROPOSING}|provide|study|studie|"
    r"investigate|explore|consider|examine)s? "
    r"(?!(?:that|to|how|why|whether|which|what|when|using|not|and|it|in|on|by|for)\b)(?=\w)"
)
_MODIFIER = re.compile(
    r"(?<=\w),?\s(that|to|by|with|for|via|through|based on|using|which|whose|where|on|in|from|over|across|and)\s(?=\w)"
)
#: Removed only directly after the thing proposed: inside a clause about it, they may limit where the clause holds.
_INNER = ("on", "in", "from", "over", "across", "and")
_CLAUSE = re.compile(r":|\b(?:that|which|whether|where|how|who|whose|why|when|if)\b")
#: Words that combine several things: one half alone is not the thing proposed, as in "a mixture of rain [and snow]".
_JOINS = re.compile(
    r"\b(?:combin|mix|trade|differ|relation|integrat|join|pair|unif|compar|fus|balanc|link|connect|gap|interplay|"
    r"inter|coupl|distinguish|contrast|align|two|three|four|several|each|same|common|shared|sum)\w*",
    re.IGNORECASE,
)
#: Words that need a continuation: "designed to", "able to", "such that", "allows for".
_ASKS = re.compile(
    r"(?:ed|ing|able|ly|,|\b(?:how|way|ways|order|such|so|due|is|are|be|built|shown|well|as|from|and|or|than|not|"
    r"also|both|"
    r"(?:allow|enable|permit|aim|seek|attempt|help|lead|refer|need|want|begin|start|consist|depend|focus|focuse|result|"
    r"deal|cope|correspond|belong|ensure|show|say|find|require|account|relate|map|amount|serve|act|contribute|point|"
    r"turn|give|make|take|bring|provide|use|employ|leverage|achieve|reduce|improve|contain|include|combine)s?|"
    r"relies|rely|applies|apply|tries|try|learns?|has|have|had|can|will|does|do|it|which|that|to|of|for|in|on|with|by|"
    r"its|their|our|the|an?|when|where|while|if|because|between|among))$"
)
#: Removed only if the sentence clearly continues after it, with its verb or with "we". Any other comma may belong to
#: the clause itself, and the words after it would be left without a subject.
_MIDDLE = re.compile(
    r",\s(?:which|who|where)\s(?P<says>(?:is|are|was|were)\s)?[^,;:()]{3,120},\s"
    r"(?=(?P<next>(?:is|are|was|were|has|have|had|can|will|does|do|we|our)\b|(?(says)[a-z]+s\b|(?!))))"
)
_NEW_SUBJECT = frozenset({"we", "our"})
#: "by" stays if the rest would be half a procedure, or "forces induced" without a cause.
_BY = re.compile(
    r"\b(?:by|through) \w+ing\b|(?<!\bis)(?<!\bare)(?<!\bbe)(?<!\bbeen)(?<!\bwas)(?<!\bwere) \w+(?:ed|wn|en)$"
)
#: A list of things is not a remark: "a lamp, a chair, and a table".
_LISTED = re.compile(r",\s(?:and|or)\s")
#: After such an opening, the claim itself follows a comma.
_OPENED = re.compile(
    r"(?:Motivated|Inspired|While|Although|Though|To|By|Given|Using|If|When|Since|Because|As|Unlike|Despite|In|Based|"
    r"Without|With|Through|For|Under|On|Instead|Rather|Whereas|Where|Once|From|At|After|Before|Among|Within|During|"
    r"Due|Like|"
    r"[A-Z]\w+(?:ing|ed))\b"
)
#: Where the clause of a sentence that opened with "In this review of X, Y and Z" begins.
_BEGAN = re.compile(
    r",\s(?:[\w-]+ly\s)?(?:we|our|i|it|the|this|these|those|they|an?|such|each|most|many|all|no|there|[A-Z][\w-]*|"
    r"\d[\d,.%]*)\s"
    r"|\s(?:we|this paper|this work)\s"
)
#: An aside between subject and verb: "shortcomings, especially in small samples, can be reduced".
_VERB_FOLLOWS = re.compile(
    r",\s[^,;:]{2,120},\s(?:can|is|are|was|were|has|have|had|will|may|might|could|does|do|did|should|must|would)\b"
)
_DASH = re.compile(r"\s[–—]\s|(?<=[a-z])—(?=[a-z])")
#: What gives the thing its name is not cut off it.
_NAMES = re.compile(
    r",?\s(?:which|that)\s(?:we|is|are)\s(?:\w+ly\s)?(?:call|term|name|dub|refer|called|termed|named|dubbed|coin)"
)
#: Kinds of clauses with a subject of their own.
_OWN = ("which", "semicolon", "colon")
#: A relative clause or an infinitive without its object: "controllers that guarantee", "learning to capitalize".
_TAKES_OBJECT = re.compile(r"\b(?:that|which|who|to)\s(?:\w+ly\s)?[\w-]+(?:\s[\w-]+)?$")
_TAKES_TO = re.compile(
    r"\b(?:equivalent|similar|close|related|relative|prior|comparable|proportional|identical|robust|sensitive|specific|"
    r"subject|superior|inferior|adjacent|orthogonal|invariant|response|key|path|way|guide|approach|limit|bound|access)$"
)
_OWN_SUBJECT = re.compile(r",\s+and\s+(?:we|our|it|they)\b")


def variants(sentence: str) -> tuple[Variant, ...]:
    """Return the tightened sentence, then its shorter forms; each form is complete, and true if the sentence is."""
    whole = tighten(sentence)
    found: dict[str, Variant] = {whole: Variant(text=whole)}
    for body in _bodies(whole):
        for variant in (body, *_ended_early(body)):
            text = as_sentence(variant.text)
            if len(found) < _MOST_VARIANTS and text not in found and is_whole(text):
                found[text] = Variant(text=text, cuts=variant.cuts)
    return tuple(found.values())


def _bodies(whole: str) -> Iterator[Variant]:
    """Yield the sentence with each opening, without and with its middle, with and without its asides; each once."""
    for start in openings(whole):
        shorter = _without_middle(start)
        yield from _without_asides(shorter)
        if shorter is not start:
            yield from _without_asides(start)


def _without_middle(body: Variant) -> Variant:
    """Remove a clause between commas from the middle of the text."""
    middle = _MIDDLE.search(body.text)
    if middle is None or _LIMITS.search(middle.group()):
        return body
    gap = ", " if middle["next"].lower() in _NEW_SUBJECT else " "
    return Variant(text=body.text[: middle.start()] + gap + body.text[middle.end() :], cuts=(*body.cuts, "middle"))


def _without_asides(body: Variant) -> Iterator[Variant]:
    """Yield the text unchanged, then without its parentheses if they contain no limiting word."""
    yield body
    text = _ASIDE.sub(_aside, body.text)
    if text != body.text:
        yield Variant(text=text, cuts=(*body.cuts, "aside"))


def _aside(aside: re.Match[str]) -> str:
    """Return an aside that limits or measures; an empty text for one that only names, as an acronym does."""
    keeps = _ENUMERATOR.fullmatch(aside.group()) or _LIMITS.search(aside.group()) or _QUALIFIES.search(aside.group())
    return aside.group() if keeps else ""


def _ended_early(body: Variant) -> Iterator[Variant]:
    """Yield the beginnings of the text that end before a clause that only adds, but never after a colon."""
    opened = _OPENED.match(body.text)
    for tail in islice(_TAILS.finditer(body.text), _MOST_TAILS):
        kept, dropped = body.text[: tail.start()], body.text[tail.start() :]
        kind = tail.lastgroup or ""
        begun = opened and not _BEGAN.search(kept)
        if _may_go(kind, kept, dropped) and ": " not in kept and not begun:
            yield Variant(text=kept, cuts=(*body.cuts, kind))

    if _PROPOSES.match(body.text):
        yield from _without_modifiers(body)


def _without_modifiers(body: Variant) -> Iterator[Variant]:
    """Yield the beginnings of a "We propose X ..." sentence that name X and drop some of its modifiers."""
    for modifier in islice(_MODIFIER.finditer(body.text), _MOST_MODIFIERS):
        kept, word = body.text[: modifier.start()], modifier.group(1)
        inside = ": " in kept or (word in _INNER and _CLAUSE.search(kept))
        torn = word == "and" and (modifier.group().startswith(",") or _JOINS.search(kept))
        torn = torn or _NAMES.match(body.text, modifier.start())
        torn = torn or (_CLAUSE.search(kept) and limits_claim(body.text[modifier.start() :]))
        torn = (
            torn or _TAKES_OBJECT.search(kept) or (word == "to" and _TAKES_TO.search(kept)) or not has_its_verbs(kept)
        )
        if not (inside or torn or REACHING.search(kept) or _ASKS.search(kept)):
            yield Variant(text=kept, cuts=(*body.cuts, f"modifier_{word.split()[0]}"))


def _may_go(kind: str, kept: str, dropped: str) -> bool:
    limits = _LIMITS.search(dropped)
    if kind == "dash" and len(_DASH.findall(kept + dropped)) > 1:
        return False  # two dashes enclose an aside, and the verb of the sentence follows it
    if kind.startswith("loose") and (limits or REACHING.search(kept)):
        return False
    if kind == "loose_by" and _BY.search(kept):
        return False
    if _VERB_FOLLOWS.match(dropped) or _NAMES.match(dropped) or ends_a_list(kept, dropped) or not has_its_verbs(kept):
        return False
    if (kind in _OWN and TAKES_BACK.search(dropped)) or limits_claim(dropped):
        return False
    # A clause with its own subject may contain a negation; a clause that may also apply to the remaining text must not.
    own = kind in _OWN or bool(_OWN_SUBJECT.match(dropped))
    if kind == "semicolon" and ";" in kept + dropped[1:]:
        return False  # several semicolons separate the items of a list
    later = re.search(r",\s+(?:but|although|though|unless|except|if|provided|albeit|when|whereas|only)\b", dropped)
    listed = kind in ("apposition", "ing", "compared") and _LISTED.search(dropped)
    return not (listed or (later if own else limits))
