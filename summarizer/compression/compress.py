"""Shorten one sentence, or join two sentences into one, without changing their claims. Pure functions."""

import re

from summarizer.compression.clauses import variants
from summarizer.compression.leads import as_sentence, tighten

__all__ = ["as_sentence", "candidates", "cut_tail", "fused", "tighten"]

_PROPOSE = r"(?:propose|introduce|present|develop|describe|design|release|build|study|create|offer)(?:s|es)?"
#: A name of at most four words, each with a capital first letter. It must be the last part of the sentence.
_NAME = r"[A-Z][\w+-]*(?: [A-Z][\w+-]*){0,3}"
_FIRST = re.compile(
    rf"(?:We|I|The authors|This (?:paper|work|article|study)) (?:\w+ly )?{_PROPOSE} (?P<what>[^,;:.()]{{0,160}}?)"
    rf"(?P<name>{_NAME})(?: \((?P<short>[A-Z][\w-]{{1,12}})\))?\."
)
#: If one of these words stands before the name, the name need not be the thing proposed, and "It" may refer to
#: something else.
_RELATION = re.compile(r"\b(?:of|for|on|in|with|to|from|by|that|which|and|or|at|over|under|using|via|into|as)\b")
_VERB = (
    r"(?:is|has|was|can|does|will|could|may|might|also|"
    r"(?!this|its|always|thus|perhaps|besides|towards|across)[a-z]{2,}s)"
)
_SECOND = re.compile(rf"(?P<subject>It|{_NAME}) (?P<rest>(?:\w+ly )?{_VERB}\b.*)")


def candidates(sentence: str) -> tuple[str, ...]:
    """Return the tightened sentence, then its shorter forms; each form is complete, and true if the sentence is."""
    return tuple(variant.text for variant in variants(sentence))


def cut_tail(sentence: str, limit: int) -> str | None:
    """Return the longest form of the sentence that has at most `limit` words; None if no form is that short."""
    fitting = [text for text in candidates(sentence) if len(text.split()) <= limit]
    return max(fitting, key=lambda text: len(text.split()), default=None)


def fused(first: str, second: str) -> str | None:
    """Return both sentences as one, the second as a "which" clause; None if the result might not be true.

    The sentences are joined only if the first ends with the name of the thing it proposes, and the subject of the
    second is exactly that name, or an "It" that can refer to nothing else.
    """
    start, after = _FIRST.fullmatch(tighten(first)), _SECOND.fullmatch(tighten(second))
    if start is None or after is None or not _same(start, after):
        return None
    rest = after["rest"].removeprefix("also ")
    return f"{start.group()[:-1]}, which {rest}"


def _same(start: re.Match[str], after: re.Match[str]) -> bool:
    if after["subject"] == "It":
        return not _RELATION.search(start["what"])
    return after["subject"] in (start["name"], start["short"])
