"""Parse the texts, findings and reflections in a model's output. Pure functions; any input."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from summarizer.engines.limits import PARTS
from summarizer.engines.writing.prompts import RESPECTS
from summarizer.engines.writing.vetting import Unfit

#: The limit for a model that lists too many findings; the first ones are kept.
_MOST_FINDINGS = 8
#: In characters; a finding is one sentence.
_LONGEST_FINDING = 300

_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_LABELLED = re.compile(rf"^\W*({'|'.join(PARTS)})s?\W*:\W*?(\S.*)$", re.IGNORECASE | re.MULTILINE)


def read_texts(content: str, fields: Sequence[str], *, must_be_json: bool) -> dict[str, str]:
    """Return the texts of an answer by name, without empty ones.

    Args:
        fields: the names of the texts.
        must_be_json: whether the server received the schema; if not, plain text is accepted.

    Raises:
        Unfit: the answer contains none of the texts.
    """
    bare = _THOUGHTS.sub("", content).strip()
    found = _object(bare)
    if found is None:
        found = _plain(bare, fields, must_be_json=must_be_json)
    texts = {name: value.strip() for name in fields if isinstance(value := found.get(name), str)}
    texts = {name: value for name, value in texts.items() if value}
    if not texts:
        raise Unfit("The model's answer contains no blurb.")
    return texts


def read_findings(content: str) -> tuple[str, ...]:
    """Return the findings of a critique; plain text counts as one finding, unreadable output as none."""
    bare = _THOUGHTS.sub("", content).strip()
    found = _object(bare)
    if found is None:
        return (_short(bare),) if bare and "{" not in bare else ()
    listed = found.get("findings")
    return tuple(_short(each) for each in _strings(listed))[:_MOST_FINDINGS]


def read_reflection(content: str, abstract: str, blurb: str) -> tuple[str, ...]:
    """Return the findings whose quote really occurs in the abstract or the blurb, each with its respect.

    A model that reviews itself also invents findings; the quote that each must contain exposes them.
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
    """Return the JSON object in a text, even if it is fenced or surrounded by prose; None if there is none."""
    start = text.find("{")
    if start < 0:
        return None
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _plain(text: str, fields: Sequence[str], *, must_be_json: bool) -> Mapping[str, Any]:
    """Return the texts of a plain-text answer: all of it, or its labelled lines."""
    if must_be_json or text.startswith(("{", "[", '"{')) or re.match(r"`{3,}\w*\s*[{[]", text):
        raise Unfit("The model's answer is not the requested JSON.")
    if len(fields) == 1:
        return {fields[0]: text}
    return {line[1].lower(): line[2] for line in _LABELLED.finditer(text)}


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str) and each.strip()] if isinstance(value, list) else []


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_FINDING]


def _words(text: str) -> str:
    """Return the bare words, so that a quote may differ in spaces and punctuation."""
    return " ".join(re.findall(r"\w+", text.lower()))
