"""Read a model's plain-text answer: without thoughts and courtesies, as one text or as labelled parts. Pure; any input.

The time is linear in the length of the text.
"""

import re
from collections.abc import Mapping, Sequence

from summarizer.text.sentences import split_sentences

_THINKING = r"think(?:ing)?|thoughts?|reason(?:ing)?|reflection|analysis|scratchpad"
#: The thoughts of a model with a thinking mode, in the marks of the common chat templates.
_THOUGHTS = re.compile(
    rf"<({_THINKING})>.*?(?:</\1>|\Z)|\[think\].*?(?:\[/think\]|\Z)|◁think▷.*?(?:◁/think▷|\Z)"
    r"|<\|channel\|?>\s*(?:analysis|commentary|thought)\b.*?(?:<\|end\|>|<channel\|>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
#: Some templates open the thoughts in the prompt, so that the answer only closes them.
_END_OF_THOUGHTS = re.compile(rf"</(?:{_THINKING})>|\[/think\]|◁/think▷", re.IGNORECASE)
_ROLE = re.compile(
    r"<\|start\|>\s*assistant|<\|channel\|>\s*final|<\|message\|>|<\|(?:im_end|end|return|eot_id|end_of_text)\|>"
)
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*\w*[ \t]*$", re.MULTILINE)
_STOPPED = re.compile(r"[.!?…。！？][\"'”’»)\]*_]*$")

#: A paragraph that only announces the answer, and one that only comments on it.
_OPENING = re.compile(
    r"[^\w#]*(?:(?:sure|certainly|absolutely|of course|okay|ok|great|understood)(?:[,.!:][^\n:]{0,60})?"
    r"|[^\n:]{0,100}\b(?:summar(?:y|ies|i[sz]ed?)|blurb|sentences?|tl;?dr|answer|version|condensed|abstract|lines)\b"
    r"[^\n:]{0,60}:|#{1,6}\s[^\n]{0,100}"
    r"|(?:[\w-]{1,12}\s){0,2}(?:blurb|summary|tl;?dr|answer))\W*",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\W*(?:let me know|(?:i )?hope (?:this|that|it) (?:helps?|is|works)|(?:please )?feel free|would you like me"
    r"|if you(?:['’]d| would| want| need)|is there anything|(?:please )?note\s?:|\(?(?:total |word )count\b"
    r"|\(?\d+ words?\W*$|explanation\s?:|thank you|(?:please )?note that (?:this|the|i)\b"
    r"|(?:this|the above|the) (?:blurb|summary|(?:one|two)[ -]sentence)\b"
    r"|i(?:['’]ve| have)? (?:tried|kept|made|focused|condensed|summari[sz]ed|avoided|removed)\b)",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\s*[(\[](?:word count:? ?)?\d{1,3} words?[)\]]\W*$", re.IGNORECASE)
_PAIRS = {'"': '"', "“": "”", "«": "»", "„": "“", "'": "'", "‘": "’", "`": "`"}

#: The words that models use for the three parts.
_NAMES = {
    "problem": "problem background motivation challenge issue context gap",
    "approach": "approach method methodology solution proposal contribution technique",
    "result": "result finding outcome conclusion evaluation experiment",
}
_PART_OF = {word: part for part, words in _NAMES.items() for word in words.split()}
_LABEL = re.compile(
    rf"[\W\d_]{{0,12}}(?:(?:the|main|key|proposed|research)\s)?(?P<name>{'|'.join(_PART_OF)})(?:s|es)?\b"
    r"(?:\s(?:statement|and\s\w{1,20}|/\s?\w{1,20}))?[*_\s)\]]{0,6}(?P<mark>[:：]|[–—-](?=\s))?[*_\s]*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
#: Labels in the middle of a line.
_RUN_ON = re.compile(r"(?<=[.!?;)*\"])(?<!\d\.)[ \t]+(?=[*_]{0,2}(?:Problem|Approach|Results?)[*_]{0,2}:)")
_SAID = r"(?:stated|given|mentioned|specified|provided|available|applicable|reported|described|found)"
_NOTHING = re.compile(
    rf"\W*(?:(?:n/?a|none|nothing|unknown|unspecified)(?:\s(?:is |was )?{_SAID}\b.{{0,60}}|\sin the abstract)?\W*"
    rf"|(?:it (?:is|was) |this (?:is|was) )?not (?:explicitly |clearly )?{_SAID}\b.{{0,60}})",
    re.IGNORECASE | re.DOTALL,
)


def without_thoughts(content: str) -> str:
    """Return the answer after a model's thoughts; empty if it was cut off while the model still thought."""
    text = _THOUGHTS.sub("", content)
    ends = [match.end() for match in _END_OF_THOUGHTS.finditer(text)]
    return _ROLE.sub("", text[ends[-1] :] if ends else text).strip()


def is_nothing(text: str) -> bool:
    """Return whether a text only says that there is nothing to say, or is a placeholder."""
    return not any(map(str.isalnum, text)) or _NOTHING.fullmatch(text) is not None


def one_text(text: str) -> str:
    """Return the text of an answer without fence, announcement, comments and the quotes around it."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", _FENCE.sub("", text)) if part.strip()]
    lines = [line for part in _content(paragraphs) for line in part.splitlines()]
    return "\n".join(map(_unquoted, _content(lines)))


def labelled(text: str) -> Mapping[str, str]:
    """Return the labelled parts of an answer, by the names of the parts; of two with the same name, the first."""
    found: dict[str, list[str]] = {}
    part: list[str] = []
    for line in _RUN_ON.sub("\n", _FENCE.sub("", text)).splitlines():
        name, rest = _label(line)
        if name:
            part = found.setdefault(name, []) if name not in found else []
        part.append(rest)
    texts = {name: one_text("\n".join(lines)).strip() for name, lines in found.items()}
    return {name: text for name, text in texts.items() if not is_nothing(text)}


def part_of(key: str) -> str:
    """Return the name of the part that a label means; empty if it means none."""
    word = key.strip().casefold()
    return _PART_OF.get(word) or _PART_OF.get(word.removesuffix("s"), "")


def whole_sentences(text: str) -> str:
    """Return the text without its last sentence, unless that is complete: half a sentence may say the opposite."""
    spans = list(split_sentences(text, dollar_math=False))
    if spans and not _STOPPED.search(text[spans[-1].start : spans[-1].end].rstrip()):
        spans.pop()
    return text[: spans[-1].end] if spans else ""


def _content(pieces: Sequence[str]) -> Sequence[str]:
    """Return the pieces between announcements and comments; the last one left is never removed."""
    start, end = 0, len(pieces)
    while start < end - 1 and _OPENING.fullmatch(pieces[start]):
        start += 1
    while start < end - 1 and _CLOSING.match(pieces[end - 1]):
        end -= 1
    return pieces[start:end]


def _label(line: str) -> tuple[str, str]:
    """Return the part that a line starts, empty if none, and the rest of the line."""
    match = _LABEL.match(line)
    if match is None or not (match["mark"] or not match["rest"].strip()):
        return "", line
    return _PART_OF[match["name"].casefold()], match["rest"]


def _unquoted(line: str) -> str:
    bare = _COUNTED.sub("", line.strip())
    inner = bare.strip("*_ ")
    if bare[:1] == bare[-1:] == "*" and "*" not in inner:
        bare = inner
    if len(inner) > 1 and _PAIRS.get(inner[0]) == inner[-1] and inner[0] not in inner[1:-1]:
        return inner[1:-1]
    return bare
