"""Remove phrases that say nothing about the paper from a sentence, and repair its beginning and end.

Only safe edits, each one row of a table. Negations, hedges, comparisons, conditions and quantities are never touched,
so the shorter sentence is true whenever the longer one is. Pure functions.
"""

import re

from summarizer.compression.pointing import without_pointers


def _alternatives(table: str) -> str:
    """Return a regular expression for the phrases of a table, which are separated by commas and line breaks."""
    phrases = (phrase.strip() for phrase in re.split(r"[,\n]", table))
    return "(?:" + "|".join(sorted(filter(None, phrases), key=len, reverse=True)) + ")"


#: Adverbs and connectives that only link a sentence to the previous one.
_CONNECTIVES = _alternatives(
    """
    accordingly, additionally, also, as a result, as such, besides, concretely, consequently, crucially
    finally, first, firstly, further, furthermore, hence, here, herein, however, importantly, in addition
    by contrast, in conclusion, in contrast, in doing so, in essence, in fact, in particular, in short, in summary
    in sum, in this context, in this direction, in this regard, in turn, indeed, instead, lastly
    meanwhile, moreover, more concretely, more importantly, more precisely, more specifically
    nevertheless, nonetheless, next, notably, on the other hand, on this basis, overall, particularly, second
    secondly, similarly, specifically, subsequently, technically, then, therefore, third, thirdly, thus
    to do so, to do this, to that end, to this aim, to this end, to this purpose, towards this end
    toward this end, towards this goal, with this in mind, for this purpose, to conclude, concluding, in response
    in light of this, motivated by this, inspired by this, based on this, building on this
    as a solution, as a remedy, as a step in this direction, that is, to wit, as a consequence
    """
)

_DOCUMENT = (
    r"(?:(?:current|present|short|position|technical|survey|research) )?"
    r"(?:paper|work|article|study|report|thesis|letter|survey|note|manuscript|tutorial|chapter|"
    r"position|contribution|review|dissertation|project|research)"
)
_SHOWN = r"(?:show|shows|demonstrate|demonstrates|confirm|confirms|verify|prove|validate|reveal)"

#: Openings that can be removed; the rest is a sentence of its own.
_LEAD_INS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\(?(?:\d{1,2}|[ivx]{1,4}|[a-e])\)\s+",
        rf"{_CONNECTIVES},\s+",
        (
            r"(?:here|thus|hence|therefore|lastly|finally|next|to (?:this|that) end|to do (?:so|this)|"
            r"for this purpose)\s+(?=(?:we|i)\s)"
        ),
        r"(?:and|but|so|yet),?\s+(?=(?:we|our|the|this|in this)\s)",
        (
            rf"(?:in|with|through|throughout|within)\s+(?:this|the present|the current|our)\s+"
            rf"{_DOCUMENT}(?:\s*,\s*|\s+(?=(?:we|i|our|the authors?|it)\s))"
        ),
        (
            r"to\s+(?:\w+\s+){1,3}?(?:this|these|those|such|the\s+(?:above|aforementioned))(?:\s+[\w-]+){0,4},\s+"
            rf"(?=(?:we|our|i|the|this\s+{_DOCUMENT})\s)"
        ),
        (
            r"as\s+(?:shown|illustrated|depicted|seen|demonstrated|presented)\s+in\s+"
            r"(?:figure|fig\.|table|tab\.|section)\s[\w.]{1,6},\s+"
        ),
        (
            r"(?:motivated|inspired|guided|driven|informed|enabled|supported)\s+by\s+(?:this|these|such|the\s+(?:above|aforementioned|foregoing))"
            r"(?:\s+[\w-]+){0,4},\s+"
        ),
        (
            r"(?:based|building|drawing)\s+(?:on|upon|from)\s+(?:this|these|such|the\s+(?:above|aforementioned|foregoing))"
            r"(?:\s+[\w-]+){0,4},\s+"
        ),
        r"in\s+light\s+of\s+(?:this|these|the\s+(?:above|aforementioned|foregoing))(?:\s+[\w-]+){0,3},\s+",
        (
            r"(?:applying|using|leveraging|following|with|given|through|via|beyond|despite|among|from|for|in)\s+"
            r"(?:this|these|such|the\s+(?:above|aforementioned|foregoing))(?:\s+[\w-]+){0,4},\s+(?=(?:we|our|i)\s)"
        ),
        (
            r"based\s+on\s+(?:the|our)\s+(?:findings|results|evidence|data)\s+(?:of|from)\s+"
            rf"(?:this|the present|our)\s+(?:\w+\s)?{_DOCUMENT},\s+"
        ),
        (
            rf"(?:(?:our|the|these|extensive|comprehensive|thorough|numerous|empirical|experimental|"
            rf"numerical)\s+){{0,3}}(?:experiments?|results?|evaluations?|findings|analys[ei]s|"
            rf"simulations?)\s+(?:also\s+)?{_SHOWN}\s+that\s+(?!.*\band that\b)"
        ),
    )
)
#: The most openings removed in a row; "However, in this paper, we" has two.
_LONGEST_CHAIN = 3

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|Spring|Summer|Autumn|Winter"
)
#: After these words, numbers in square brackets are an interval, not citations.
_MEASURED = (
    "in on to of from over interval range ranges set box space domain between within month months year years day days "
    "week weeks hour hours minutes IQR median mean score scores age aged values value cube points mm cm kg mg"
).split()
#: Asides that refer to another place or repeat in other words: citations, "see Fig. 3", "i.e. ...".
_ASIDES = (
    re.compile(r"\s*\((?:i\.\s?e\.|e\.\s?g\.|see|cf\.|c\.f\.|viz\.)[^()]{0,300}\)", re.IGNORECASE),
    re.compile(r"\s*\([^()]{0,120}\bet al\.?[^()]{0,200}\)"),
    re.compile(
        rf"\s*\((?!(?:{_MONTHS})\b)(?:[A-Z][\w’'-]+(?:\s(?:and|&)\s[A-Z][\w’'-]+)?,?\s\d{{4}}[a-z]?;?\s?){{1,5}}\)"
    ),
    re.compile(
        rf"(?<=[a-zA-Z)])(?<! {')(?<! '.join(_MEASURED)})\s*\[[1-9]\d{{0,2}}(?:\s?[,–-]\s?[1-9]\d{{0,2}}){{0,9}}\]"
        r"(?=[\s.,;:]|$)"
    ),
    re.compile(r"\s*\((?:Figure|Fig\.|Table|Tab\.|Section|Sec\.|Appendix)\s[\w.]{1,6}\)"),
)

#: The same lead-in after a clause that is kept: "While X works, in this paper we ...".
_INNER_LEAD_IN = re.compile(rf"(?<=,)\s+(?:here|in\s+(?:this|the present|our)\s+{_DOCUMENT}),?(?=\s+(?:we|i)\s)")
#: "We then show": the order of steps has no meaning once the other steps are removed.
_STEP = re.compile(
    r"^(We|I)\s+(?:then|also|further|furthermore|additionally|finally|next|subsequently|first|initially)\s+(?=[a-z])"
)
#: Latin and Cyrillic; not Greek, whose small letters are symbols: λ-calculus.
_SMALL = "a-zà-öø-ÿœа-яё"
_ORDINARY = re.compile(rf"[aàyоуияв]|[{_SMALL}][{_SMALL}ß’']+(?:-[{_SMALL}ß]+)*")
#: "Strong Performance: BlueLM reaches": the heading of a list item. A single word may be a name: "Kaleido: A ...".
_ITEM_HEAD = re.compile(
    r"[A-Z][a-z]+(?:[ -](?:and |of |for )?[A-Z][a-z]+){1,3}: (?=(?:We|Our|The|It|[A-Z][\w-]*[A-Z0-9]\S*) )"
)
_TRAILED_OFF = re.compile(r"\s+(?:\.{2,}|…)\.?$")
_SPACES = re.compile(r"(\s)\s+")
_STOPPED = re.compile(r"[.!?…。！？｡][\"'”’»)\]」』）]*$")


def tighten(sentence: str) -> str:
    """Return the sentence without lead-in and asides, with a capital at the start and a full stop at the end."""
    # Chat text has single spaces; in other text the patterns would look through every run of spaces from each of them.
    single = _SPACES.sub(r"\1", sentence)
    return without_pointers(as_sentence(_TRAILED_OFF.sub("", drop_asides(drop_lead_in(single)))))


def drop_lead_in(sentence: str) -> str:
    """Return the sentence without phrases such as "In this paper," at its start."""
    for _ in range(_LONGEST_CHAIN):
        match = next(filter(None, (lead.match(sentence) for lead in _LEAD_INS)), None)
        if match is None or match.end() >= len(sentence.rstrip()):
            break
        sentence = _capitalised(sentence[match.end() :])
    if head := _ITEM_HEAD.match(sentence):
        sentence = sentence[head.end() :]
    return _STEP.sub(r"\1 ", sentence)


def drop_asides(sentence: str) -> str:
    """Return the sentence without citations, references to figures and "(i.e. ...)"."""
    for aside in _ASIDES:
        sentence = aside.sub("", sentence)
    return _INNER_LEAD_IN.sub("", sentence)


def as_sentence(text: str) -> str:
    """Return the text with a capital at its start and a full stop at its end."""
    text = re.sub(r"\s+-+$", "", text.strip()).rstrip(",;:–— ")
    return _capitalised(text) if not text or _STOPPED.search(text) else f"{_capitalised(text)}."


def _capitalised(text: str) -> str:
    """Capitalise the first letter, unless the word has a spelling of its own, such as k-means or iOS."""
    word = re.match(r"[^\s,.;:]*", text)
    ordinary = word is not None and _ORDINARY.fullmatch(word.group())
    return text[:1].upper() + text[1:] if ordinary else text
