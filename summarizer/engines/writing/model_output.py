"""Read the texts, findings and reflections in a model's output, JSON or prose. Pure functions; any input."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from summarizer.engines.writing import loose_json, prose
from summarizer.engines.writing.prompts import RESPECTS
from summarizer.errors import Unfit

#: What to do about an answer that was cut off.
_CUT_OFF = "use a model that stops by itself, an instruction-tuned one; if it has a thinking mode, turn that off"
#: The limit for a model that lists too many findings; the first ones are kept.
_MOST_FINDINGS = 8
#: In characters; a finding is one sentence.
_LONGEST_FINDING = 300

#: In characters: more than the most tokens of an answer can hold.
_LONGEST_ANSWER = 20_000
#: A JSON object with another key than the wanted one is read if its text has as many words: a shorter one is a status.
_FEWEST_WORDS = 4

_BULLET = re.compile(r"^\s*(?:[-*•]+|\d{1,2}[.)])\s*")
_NO_FINDING = re.compile(r"(?:there (?:are|is) )?(?:no|none|nothing)\b", re.IGNORECASE)
_RESPECT = re.compile(rf"[\W\d]{{0,8}}({'|'.join(RESPECTS)})\W*:(.*)", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”«»]([^\"“”«»]+)[\"“”«»]")


def read_texts(content: str, fields: Sequence[str], *, finished: bool = True) -> dict[str, str]:
    """Return the texts of an answer by name, without empty ones: from JSON if it holds any, else from its prose.

    Args:
        content: the model's answer.
        fields: the names of the texts.
        finished: whether the model ended the answer itself; if not, its last unfinished sentence is left out.

    Raises:
        Unfit: the answer contains none of the texts.
    """
    bare = prose.without_thoughts(content[:_LONGEST_ANSWER])
    bare = loose_json.plain_value(bare) or bare
    texts = _from_json(bare, fields)
    is_json = loose_json.looks_like_json(bare)
    if not texts and not is_json:
        texts = _from_prose(bare, fields, finished=finished)
    kept = {name: text for name in fields if (text := texts.get(name, "").strip())}
    if kept:
        return kept
    if not finished:
        raise Unfit("The model's answer was cut off before its first sentence ended.", hint=_CUT_OFF)
    raise Unfit(f"The model's answer {'is not the requested JSON' if is_json else 'contains no blurb'}.")


def answers_in_json(content: str) -> bool:
    """Return whether an answer is JSON, or an attempt at it; thoughts do not count, and an empty answer counts."""
    bare = prose.without_thoughts(content[:_LONGEST_ANSWER])
    return not bare or any(map(loose_json.looks_like_json, (bare, loose_json.plain_value(bare) or "")))


def has_only_thoughts(content: str) -> bool:
    """Return whether nothing is left of an answer without its thoughts."""
    return not prose.without_thoughts(content[:_LONGEST_ANSWER])


def has_thoughts(content: str) -> bool:
    """Return whether thoughts took up part of an answer, or all of it; of an empty answer they may have."""
    return has_only_thoughts(content) or prose.without_thoughts(content) != content.strip()


def read_findings(content: str) -> tuple[str, ...]:
    """Return the findings of a critique: those in its JSON, or one per line of plain text; of damaged JSON none."""
    bare = prose.without_thoughts(content[:_LONGEST_ANSWER])
    found = _object(bare)
    if found is None:
        return tuple(map(_short, [] if "{" in bare else _lines(bare)))[:_MOST_FINDINGS]
    return tuple(_short(each) for each in _strings(found.get("findings")))[:_MOST_FINDINGS]


def read_reflection(content: str, abstract: str, blurb: str) -> tuple[str, ...]:
    """Return the findings whose quote really occurs in the abstract or the blurb, each with its respect.

    A model that reviews itself also invents findings; the quote that each must contain exposes them.
    """
    bare = prose.without_thoughts(content[:_LONGEST_ANSWER])
    found = _object(bare)
    kept: list[str] = []
    for respect, finding, quote in _reflected_lines(bare) if found is None else _reflected(found):
        place = _words(blurb if respect == RESPECTS[-1] else abstract)
        if _words(quote) and _words(quote) in place:
            kept.append(f"{respect.capitalize()}: {_short(finding)}")
    return tuple(kept)[:_MOST_FINDINGS]


def _reflected(found: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield respect, finding and quote of each finding in a JSON reflection."""
    for respect in RESPECTS:
        listed = found.get(respect)
        for each in listed if isinstance(listed, list) else []:
            match each:
                case {"finding": str(finding), "quote": str(quote)}:
                    yield respect, finding, quote
                case _:
                    continue


def _reflected_lines(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield respect, finding and quote of each labelled line with a quote in a plain-text reflection."""
    for line in text.splitlines():
        labelled, quoted = _RESPECT.match(line), _QUOTED.search(line)
        if labelled and quoted:
            yield labelled[1].lower(), labelled[2].strip(), quoted[1]


def _from_json(bare: str, fields: Sequence[str]) -> Mapping[str, str]:
    """Return the texts of an answer that holds JSON; empty if it holds none with one of the texts."""
    for found in loose_json.objects(bare):
        if texts := _wanted(found, fields):
            return texts
    whole: dict[str, str] = {}
    for name, text, complete in loose_json.fields(bare):
        if name.casefold() in fields or len(fields) > 1:
            whole.setdefault(name, text if complete else prose.whole_sentences(text))
    return _wanted(whole, fields)


def _wanted(found: Mapping[str, Any], fields: Sequence[str]) -> Mapping[str, str]:
    """Return the texts of a JSON object: under their names in any case, or the only text there is."""
    texts = {str(key): text for key, value in found.items() if (text := _said(value)) and not prose.is_nothing(text)}
    if len(fields) > 1:
        # Of two keys that mean the same part, the first counts.
        return dict(reversed([(part, text) for key, text in texts.items() if (part := prose.part_of(key))]))
    [field] = fields
    named = [text for key, text in texts.items() if key.strip().casefold() == field]
    only = [text for text in texts.values() if len(texts) == 1 and len(text.split()) >= _FEWEST_WORDS]
    return {field: (named or only)[0]} if named or only else {}


def _said(value: object) -> str:
    """Return the text of a JSON value: a string, or a list of strings."""
    return value.strip() if isinstance(value, str) else " ".join(_strings(value))


def _from_prose(bare: str, fields: Sequence[str], *, finished: bool) -> Mapping[str, str]:
    """Return the texts of a plain-text answer: all of it, or its labelled lines."""
    if len(fields) == 1:
        text = prose.one_text(bare)
        return {fields[0]: text if finished else prose.whole_sentences(text)}
    parts = dict(prose.labelled(bare))
    if not parts:
        raise Unfit("The model's answer has none of the lines Problem, Approach and Result.")
    last = list(parts)[-1]
    return parts if finished else {**parts, last: prose.whole_sentences(parts[last])}


def _object(text: str) -> Mapping[str, Any] | None:
    """Return the first JSON object in a text; None if there is none."""
    return next(iter(loose_json.objects(text)), None)


def _lines(text: str) -> list[str]:
    """Return the findings of a plain-text critique: one per line, without bullets."""
    lines = (_BULLET.sub("", line).strip() for line in prose.one_text(text).splitlines())
    return [line for line in lines if not (prose.is_nothing(line) or _NO_FINDING.match(line) or line.endswith(":"))]


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str) and each.strip()] if isinstance(value, list) else []


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_FINDING]


def _words(text: str) -> str:
    """Return the bare words, so that a quote may differ in spaces and punctuation."""
    return " ".join(re.findall(r"\w+", text.lower()))
