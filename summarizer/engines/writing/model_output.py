"""Reads the fields, findings and reflections that a model wrote: pure, any input."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from summarizer.engines.limits import PARTS
from summarizer.engines.writing.prompts import RESPECTS
from summarizer.engines.writing.vetting import Unfit

#: Findings of a model that talks too much; the first are those it thought of first.
_MOST_FINDINGS = 8
#: A finding is a sentence.
_LONGEST_FINDING = 300

_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_LABELLED = re.compile(rf"^\W*({'|'.join(PARTS)})s?\W*:\W*?(\S.*)$", re.IGNORECASE | re.MULTILINE)


def read_texts(content: str, fields: Sequence[str], *, must_be_json: bool) -> dict[str, str]:
    """Return the texts of an answer by name, empty ones left out.

    Args:
        fields: the names that are wanted.
        must_be_json: whether the server was told the schema; else plain text will do.

    Raises:
        Unfit: there is no such text.
    """
    bare = _THOUGHTS.sub("", content).strip()
    found = _object(bare)
    if found is None:
        found = _plain(bare, fields, must_be_json=must_be_json)
    texts = {name: value.strip() for name in fields if isinstance(value := found.get(name), str)}
    texts = {name: value for name, value in texts.items() if value}
    if not texts:
        raise Unfit("The model's answer holds no blurb.")
    return texts


def read_findings(content: str) -> tuple[str, ...]:
    """Return a critique's findings; plain text is one finding, and nothing readable is none."""
    bare = _THOUGHTS.sub("", content).strip()
    found = _object(bare)
    if found is None:
        return (_short(bare),) if bare and "{" not in bare else ()
    listed = found.get("findings")
    return tuple(_short(each) for each in _strings(listed))[:_MOST_FINDINGS]


def read_reflection(content: str, abstract: str, blurb: str) -> tuple[str, ...]:
    """Return the findings, each with its respect, whose quote really stands where they say.

    A model that reviews itself also finds what is not there; the place it must quote gives that away.
    """
    found = _object(_THOUGHTS.sub("", content).strip()) or {}
    kept: list[str] = []
    for respect in RESPECTS:
        place = _words(blurb if respect == RESPECTS[-1] else abstract)
        listed = found.get(respect)
        for each in listed if isinstance(listed, list) else []:
            match each:
                case {"finding": str(finding), "quote": str(quote)} if _words(quote) and _words(quote) in place:
                    kept.append(f"{respect.capitalize()}: {_short(finding)}")
                case _:
                    continue
    return tuple(kept)[:_MOST_FINDINGS]


def _object(text: str) -> Mapping[str, Any] | None:
    """Return the JSON object in a text, be it fenced or talked around; None where there is none."""
    start = text.find("{")
    if start < 0:
        return None
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _plain(text: str, fields: Sequence[str], *, must_be_json: bool) -> Mapping[str, Any]:
    """Return the texts of an answer in words: all of it, or its labelled lines."""
    if must_be_json or text.startswith(("{", "[", '"{')) or re.match(r"`{3,}\w*\s*[{[]", text):
        raise Unfit("The model's answer is not the JSON it was asked for.")
    if len(fields) == 1:
        return {fields[0]: text}
    return {line[1].lower(): line[2] for line in _LABELLED.finditer(text)}


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str) and each.strip()] if isinstance(value, list) else []


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_FINDING]


def _words(text: str) -> str:
    """Return the bare words, so that quotes need not match in spaces and punctuation."""
    return " ".join(re.findall(r"\w+", text.lower()))
