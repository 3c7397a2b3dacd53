"""Reads the subject in a sentence about a digest, such as "papers about agents but not surveys", as a filter."""

import re
from collections.abc import Sequence

from bots.commands.named_sources import nearest
from bots.commands.topics import shown
from bots.domain.errors import BadQuery
from bots.translation.speech import gettext

#: Words before a subject.
ABOUT = frozenset(
    "about on regarding concerning matching mentioning containing covering to for over zu zum über sobre sur with by "
    "von".split()
)
#: Words between the clauses that say nothing about the digest.
FILLERS = frozenset(
    "me us this that here channel chat please pls thanks the a an my our new latest recent all any digest digests "
    "paper papers preprints articles updates news posts of with and is are get send post receive want bitte kindly now "
    "it its them time times schedule".split()
)
#: Words that end the name of a subject, as in "language model papers".
_TRAILING = frozenset("papers paper preprints articles news updates and posts digest digests please thanks".split())
_EVERYTHING = frozenset({"everything", "anything", "alles", "todo", "tout"})
_EXCEPT = re.compile(r",?\s+(?:but (?:not|no)|without|except(?: for)?|excluding)\s+|,\s*(?:and )?not\s+", re.IGNORECASE)
#: "agents or robots" is either.
_OR = re.compile(r"(?<=\S),?\s+(?:or|oder)\s+(?=\S)")
#: Where the digest is to come, behind its subject.
_HERE = re.compile(
    r"(?:\s+(?:in|to|into|for)\s+(?:this|our|the)\s+(?:channel|chat|thread|server|team)|\s+(?:in )?here)$",
    re.IGNORECASE,
)
#: Journals whose name is a subject, too.
_JOURNALS = frozenset({"nature", "science", "cell", "neuron"})
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
#: "agents and robots" may be papers on both, or on either; AND in capitals says both.
_LISTED = re.compile(r"\s*(?:,(?:\s*(?:and|und|et|y)\b)?|\s(?:and|und|et|y|&))\s+")
_BY = re.compile(r"by\s+(?P<name>[^\"“”:()]{2,80})", re.IGNORECASE)


def no_source(text: str, meant: str) -> BadQuery:
    """Return the error for a misspelt source, with the one that was most likely meant."""
    said = gettext("There is no source “{text}”.", text=shown(text))
    return BadQuery(said, hint=gettext("Did you mean {guess}?", guess=meant))


def subject_of(words: Sequence[str]) -> str:
    """Return the filter that the words of a subject stand for; empty if they name none.

    Raises:
        BadQuery: the subject may mean two things, or is a misspelt source.
    """
    text = _HERE.sub("", _trimmed(words))
    if text.lower() in _JOURNALS:
        raise BadQuery(
            gettext("“{text}” may be the journal, or a subject.", text=shown(text)),
            hint=gettext(
                "For the journal, write “{journal}”; for the subject, “{subject}”.",
                journal=f"from feed:{text.lower()}",
                subject=f'about "{text}"',
            ),
        )
    if not text or text.lower() in _EVERYTHING:
        return ""
    if meant := nearest(text):
        raise no_source(text, meant)
    if author := _BY.fullmatch(text):
        return f'au:"{author["name"].strip()}"'
    text = _OR.sub(" OR ", _EXCEPT.sub(" NOT ", text))
    parts = [part for part in _LISTED.split(_QUOTED.sub("x", text)) if part]
    if len(parts) > 1:
        both, either = (f" {word} ".join(_LISTED.split(text)) for word in ("AND", "OR"))
        raise BadQuery(
            gettext("“{text}” may mean papers on all of it, or on any.", text=shown(text)),
            hint=gettext("Write “{both}” for all of it, or “{either}” for any.", both=both, either=either),
        )
    return text


def _trimmed(words: Sequence[str]) -> str:
    """Return the subject without the words around it that name none."""
    bare = [word.lower().strip(",;:!?") for word in words]
    start, end = 0, len(words)
    while start < end and bare[end - 1] in _TRAILING:
        end -= 1
    while start < end and bare[start] in (FILLERS | ABOUT) - {"by"}:
        start += 1
    return " ".join(words[start:end]).strip(",;:!? ")
