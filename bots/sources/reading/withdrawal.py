"""Recognizes the statement that a paper was withdrawn, in its title, its comment or its abstract. Pure functions.

Abstracts and comments speak of withdrawing for other reasons, too: money, drugs, an earlier version, another paper.
Only a statement about this paper counts: a clause of its own whose subject is this paper, or that has no subject and
stands where authors and arXiv put it.
"""

import re

_WORKS = (
    r"(?:paper|article|manuscript|submission|work|preprint|pre-print|e-?print|version|draft|report|document|contribution"
    r"|publication|entry|note|letter|study|chapter|proceeding|record|v\d{1,2})"
)
_ENDED = r"(?:withdrawn|retracted)"
_HOW = (
    r"(?:(?:temporarily|voluntarily|permanently|formally|officially|hereby|now|since|also|therefore|thus|being)\s+)"
    r"{0,3}"
)
# "Withdrawn from ICLR" says where else the paper was; "withdrawn from arXiv" says that it is no longer here.
_NOT_ELSEWHERE = (
    r"(?!\s+(?:from|by)\s+(?!(?:the\s+)?(?:arxiv|archive|authors?|publication|publisher|consideration|us|me)))"
)
# At the beginning of a text, a sentence or a clause; never in quotation marks.
_CLAUSE = (
    r"(?:^|[.;!?:)\]\u2014\u2013-][ ]?|,[ ])(?:\W?\b(?:arxiv|admin(?:istrator)?s?)\b){0,3}(?:\W{0,2}note:?[ ])?\W{0,2}"
    r"(?:(?:but|and|as|since|because)[ ])?"
)
_SUBJECT = rf"(?:(?:this|the|our|present)\s+(?:present\s+|arxiv\s+)?)?{_WORKS}(?:\s+(?:{_WORKS}|\d[\d.]*v?\d*|no\.?))?"
_IS = rf"(?:(?:has|have|had)\s+{_HOW}been|is|was|were|are)\s+{_HOW}"
# In an abstract, "the paper" is as often another one as this one.
_OWN = rf"(?:this|our|(?:the\s+)?present)\s+(?:present\s+|arxiv\s+)?{_WORKS}(?:\s+(?:{_WORKS}|\d[\d.]*v?\d*|no\.?))?"


def _statement(subject: str) -> re.Pattern[str]:
    return re.compile(
        rf"""{_CLAUSE}(?:
        {subject}\s+(?:{_IS})?{_HOW}{_ENDED}\b{_NOT_ELSEWHERE}
      | {subject}\s+{_IS}(?:removed|deleted|taken\s+down)\s+(?:by|from)\s+(?:the\s+)?arxiv
      | {subject}\s+{_IS}(?:removed|deleted)\s+(?:by\s+the\s+authors?|due\s+to|because|as\s+the\s+submitter)
      | (?:we|i|the\s+authors?)\s+(?:have|has|had|hereby|wish\s+to|would\s+like\s+to|must|are\s+)?\s*{_HOW}
        (?:withdraw|withdrew|retract|withdrawn|withdrawing|retracted|retracting)\s+(?:this|our|the)\s+{_WORKS}\b
    )""",
        re.IGNORECASE | re.VERBOSE,
    )


_STATEMENT, _OWN_STATEMENT = _statement(_SUBJECT), _statement(_OWN)
# Without a subject: "Withdrawn due to an error in Eq. 3", "Withdrawn.", "12 pages; withdrawn by the author".
_BARE = rf"""{_HOW}{_ENDED}\b(?:
        \s*$ | \s*[.;:!,)\]\u2014\u2013-]
        | \s+(?:by\s+(?:the\s+)?(?:arxiv|authors?|submitter|us|me)\b|due\b|because\b|as\b|for\b
        |pending\b|until\b|since\b|in\s+(?:order|favou?r)\b|and\s+(?:replaced|superseded)\b
        |from\s+(?:the\s+)?(?:arxiv|publication|consideration)\b)
    )"""
_BARE_FIRST = re.compile(rf"\W{{0,3}}{_BARE}", re.IGNORECASE | re.VERBOSE)
_BARE_CLAUSE = re.compile(rf"{_CLAUSE}{_BARE}", re.IGNORECASE | re.VERBOSE)
# What an abstract goes on with that is about something else that was withdrawn.
_GOES_ON = re.compile(
    r"\b(?:yet|but|still|however|nonetheless|nevertheless|although|though|while|protests?|patients?|drugs?)\b"
    r"|\b(?:we|i|it|this (?:paper|article|study|work))\s+(?:(?:also|here|now|then)\s+)?(?!(?:have|has|had|was|were|is"
    r"|are|will|would|could|can|cannot|found|thank|apologi[sz]e|regret|noticed|realized|contains?|discovered)\b)\w+"
    r"|\b\d{4}\s?,\s",
    re.IGNORECASE,
)
# What the second sentence of such an abstract is about.
_REMARK = re.compile(
    r"(?:please|see|we|i|it|there|this|an?|the\s+(?:main|proof|error|mistake|result|claim|lemma|theorem|authors?|corrected"
    r"|revised|new|final|updated|paper|article|argument)|lemma|theorem|corrected|for\s+(?:a|the)\s+(?:new|corrected))\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:authors?|arxiv|errors?|mistakes?|gaps?|flaw(?:s|ed)?|wrong|incorrect|bugs?|plagiari\w+|duplicat\w+|superseded"
    r"|replaced|merged|revis\w+|updates?|versions?|copyright|proofs?|lemma|theorem|results?|published|publication|data"
    r"|journal|submi\w+|invalid)\b",
    re.IGNORECASE,
)
#: Words behind a statement that may be no reason.
_FEW = 2
#: An abstract that says only that its paper was withdrawn has fewer words.
_NOTICE = 40
_TITLE = re.compile(
    rf"""^\W{{0,3}}(?:
        {_ENDED}(?:\s+(?:paper|article|chapter|preprint|manuscript))?\s*[:\]\u2014\u2013-] | [\[(]\s*{_ENDED}\s*[\])]
    )
    | (?:[\[(\u2014\u2013:-]|[.!?]\s)\s*(?:(?:this|the)\s+)?(?:paper\s+|article\s+)?(?:(?:has\s+been|is|was)\s+)?
        {_ENDED}\s*(?:article|paper)?\s*\W{{0,3}}$
    | [\[(]\s*{_ENDED}(?:\s+(?:article|paper|chapter))?\s*(?:[.,:;]|\bsee\b|\bin\s+vol)[^\[\]()]*[\])]?\W{{0,3}}$""",
    re.IGNORECASE | re.VERBOSE,
)
#: Characters of each text that are read: comments have some hundred, abstracts at most 1,920 on arXiv.
_MOST = 8_000


def is_withdrawn(*, title: str = "", comment: str = "", abstract: str = "") -> bool:
    """Return whether any of a paper's texts says that the paper was withdrawn, retracted or removed.

    Args:
        title: `WITHDRAWN: …`, `[Retracted] …`, `… (withdrawn)`.
        comment: the authors' and arXiv's remarks; the statement may stand anywhere in it.
        abstract: the statement about "this paper" anywhere; about "the paper" only if the abstract says nothing else.
    """
    name, said, text = (" ".join(each[:_MOST].split()) for each in (title, comment, abstract))
    return (
        _TITLE.search(name) is not None
        or any(pattern.search(said) for pattern in (_STATEMENT, _BARE_CLAUSE))
        or _BARE_FIRST.match(said) is not None
        or _OWN_STATEMENT.search(text) is not None
        or _is_notice(text)
    )


def is_mark(label: str) -> bool:
    """Return whether a label says that its paper was retracted: "Retracted Publication"; "retraction" is a subject."""
    return _MARK.fullmatch(label[:_MARK_MOST].strip()) is not None


_MARK = re.compile(rf"\W?{_ENDED}(?:[ _-](?:publication|article|paper))?\W?", re.IGNORECASE)
_MARK_MOST = 60


def _is_notice(abstract: str) -> bool:
    """Return whether an abstract consists of nothing but the statement, and perhaps its reason."""
    said = _BARE_FIRST.match(abstract) or _STATEMENT.match(abstract)
    if said is None or len(abstract.split()) >= _NOTICE or _main_clause(abstract, said):
        return False
    rest = abstract[said.end() :]
    more = re.split(r"[.!?]\s+", rest, maxsplit=1)[1:]
    return not _GOES_ON.search(rest) and all(map(_REMARK.match, filter(None, more))) and _has_reason(said[0], rest)


def _has_reason(said: str, rest: str) -> bool:
    """Return whether a statement without a subject is about a text: "Withdrawn due to toxicity" is about a drug."""
    whole = re.match(rf"\W{{0,3}}{_HOW}{_ENDED}", said, re.IGNORECASE) is None or len(rest.split()) < _FEW
    return whole or _REASON.search(said + rest) is not None


def _main_clause(abstract: str, said: re.Match[str]) -> bool:
    """Return whether the statement is only a participle before a sentence: "Retracted, the arm is 10 cm long"."""
    return said[0].endswith(",") and re.match(r"\s(?:the|an?|it|they|its)\s", abstract[said.end() :]) is not None
