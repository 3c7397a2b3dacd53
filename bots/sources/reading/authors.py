"""Parses lists of author names in the formats that people and exports use."""

import re
from collections.abc import Iterable, Mapping

from bots.sources.reading.tex_text import plain_name
from bots.sources.reading.values import AUTHORS_LIMIT, NAME_LIMIT, text
from summarizer.text.terminals import resolve_entities, strip_sequences

#: The last entry of a list that its source cut short, as `and others` does in BibTeX.
ET_AL = "et al."
_ET_AL = re.compile(r"(?:and\s+)?(?:et\.?\s*al\b\.?|(?:many\s+|\d+\s+)?others|\.\.\.|…)(?:\s.*)?", re.IGNORECASE)
_CUT_SHORT = re.compile(r"^(.*\S)[\s,]+(?:et\.?\s*al\b\.?|and\s+(?:\d+\s+)?others)$", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:[Jj][Rr]|JR|[Ss][Rr]|[Jj]nr|[Ss]nr|II|III|IV)\.?")
# `Barnes and Noble, Inc.`: the comma of a company is none between two parts of a person's name.
_COMPANY = re.compile(r",\s*(?:Inc|Ltd|LLC|L\.L\.C|GmbH|Corp|Co|PLC|S\.A|AG)\.?\s*$", re.IGNORECASE)
_AND = re.compile(r"(?:^|\s+)and(?:\s+|$)|\s*&\s+", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# Marks of footnotes and affiliations, and the number that DBLP gives to the second of two people of one name.
_MARKS = re.compile(r"(?:\^\([\d,\s]*\)|[¹²³⁰⁴-⁹*†‡§¶]|(?<=[a-z])\d[\d,]*|\s\d{4}|[\s,])+$")
_PLAIN = re.compile(r"[^\W\d_]+(?:(?:[ .'’-]|\. )[^\W\d_]+)*\.?")
_ENDS = ("al", "al.", "others")
_LABEL = re.compile(r"^\s*(?:authors?|by)\s*:\s*", re.IGNORECASE)
# Chinese characters, kana and hangul.
_EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,12}")
# Three pairs of brackets in each other are enough for `((1) MIT, (2) CMU)`.
_NESTED = 3
_INITIALS_MOST = 3


def names(value: object) -> tuple[str, ...]:
    """Return author names from a list of strings or objects (`{"name": …}`, `{"family": …}`), or from one string.

    Hidden authors (`"hidden": true`, set by Hugging Face for an author who removed the name) are left out.
    """
    if isinstance(value, str):
        # Put on one line and truncated first: the patterns below are fast only on text without runs of spaces.
        return listed(split_names(text(value)))
    if isinstance(value, (list, tuple)):
        return listed(_name(one) for one in value)
    return listed([_name(value)])


def listed(found: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct non-empty names, up to the maximum of a record.

    A colon separates a collaboration from its members, a suffix such as `Jr.` belongs to the name before it, TeX is
    replaced, and a list that was cut short ends with `et al.`.
    """
    kept: dict[str, None] = {}
    last = ""
    cut = False
    for name in (part for one in found for part in _clean(one)):
        if name == ET_AL:
            cut = True
        elif last and _SUFFIX.fullmatch(name):
            kept.pop(last, None)
            last = f"{last} {name}"
            kept[last] = None
        else:
            last = name
            kept.setdefault(name)
        if len(kept) > AUTHORS_LIMIT:
            break
    return (*list(kept)[: AUTHORS_LIMIT - cut], *([ET_AL] if cut and kept else []))


def split_names(value: str) -> list[str]:
    """Return the names of `A; B`, of `A, B and C`, or of `Last, First and Last, First`, without affiliations.

    Also read are initials behind the family name, with a comma or without: `Smith, A., Jones, B.`, `Smith A, Jones B`.
    """
    flat = _LABEL.sub("", _without_brackets(text(value)))
    if "," in flat and flat.find(".") == len(flat) - 1:
        flat = flat[:-1]  # PubMed ends the list as a sentence
    # A colon follows a collaboration, whose members follow it.
    return [name for part in flat.split(":") for name in _split(part)]


def _split(flat: str) -> list[str]:
    if ";" in flat:
        pieces = [piece.strip() for part in flat.split(";") for piece in _AND.split(part) if piece.strip()]
        return initials_first([forename_first(piece) for piece in pieces])
    groups = [tokens for part in _AND.split(flat) if (tokens := _tokens(part))]
    ends = [groups[-1].pop()] if groups and _ET_AL.fullmatch(groups[-1][-1]) else []
    groups = [group for group in groups if group]
    tokens = [token for group in groups for token in group]
    if _alternate(tokens) or _inverted(groups):
        pairs = zip(tokens[::2], tokens[1::2], strict=True)
        return [forename_first(f"{last}, {first}") for last, first in pairs] + ends
    return initials_first(tokens) + ends


def split_direct(value: str) -> list[str]:
    """Return the names of a list whose names all begin with the forename, as those of arXiv do."""
    flat = (
        _LABEL.sub("", _without_brackets(resolve_entities(text(value), loosely=True)))
        .replace(":", ",")
        .replace(";", ",")
    )
    return [token for part in re.split(r"\s+and\s+", flat) for token in _tokens(part)]


def split_outside_brackets(value: str) -> list[str]:
    """Return the text split at the commas outside brackets: `A (X, Y), B` is `A` and `B`, without affiliations."""
    kept: list[str] = [""]
    depth = 0
    for char in value:
        depth += (char == "(") - (char == ")" and depth > 0)
        if char == "," and depth == 0:
            kept.append("")
        elif depth == 0 and char != ")":
            kept[-1] += char
    return [name.strip() for name in kept]


def forename_first(name: str) -> str:
    """Return `First Last` for `Last, First`, and `First Last Jr` for `Last, Jr, First` or `First Last, Jr`."""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    # “Aa, Jr., Ag” is a person whose given name ends companies' names.
    if _COMPANY.search(name) and not any(map(_SUFFIX.fullmatch, parts[1:-1])):
        return name.strip()
    suffixes = [part for part in parts[1:] if _SUFFIX.fullmatch(part)]
    plain = [part for part in parts if part not in suffixes] if suffixes else parts
    if len(plain) == 2 and _EASTERN.fullmatch("".join(plain)):
        return "".join(plain)  # the family name stands first, without a space
    if len(plain) == 3:
        return " ".join((plain[2], plain[0], plain[1]))
    return " ".join([*(reversed(plain) if len(plain) == 2 else plain), *suffixes])


def initials_first(found: list[str]) -> list[str]:
    """Return `A. B. Smith` for `Smith A. B.`, if every name of the list is written so; else the list unchanged."""
    turned = [_turned(name) for name in found]
    # One name with one bare letter may as well be `Malcolm X`.
    sure = len(found) > 1 or any(re.search(r"[A-Z]\.|\b[A-Z][ -]?[A-Z]\b", name) for name in found)
    return [name or "" for name in turned] if all(turned) and sure else found


def _turned(name: str) -> str | None:
    words = name.split()
    first = len(words)
    while first > 1 and _is_initials(words[first - 1]):
        first -= 1
    family, initials = words[:first], words[first:]
    letters = sum(map(str.isalpha, "".join(initials)))
    if not initials or letters > _INITIALS_MOST or _is_initials(family[0]) or _SUFFIX.fullmatch(initials[-1]):
        return None
    return " ".join(initials + family) if any(map(str.islower, " ".join(family))) else None


def _are_initials(part: str) -> bool:
    return all(map(_is_initials, part.split()))


def _is_initials(word: str) -> bool:
    letters = [char for char in word if char.isalpha()]
    shape = all(char.isalpha() or char in ".-" for char in word)
    return shape and 0 < len(letters) <= _INITIALS_MOST and all(map(str.isupper, letters))


def _tokens(part: str) -> list[str]:
    """Return what stands between commas; a suffix stays with the name before it."""
    kept: list[str] = []
    for token in map(str.strip, part.split(",")):
        if kept and _SUFFIX.fullmatch(token):
            kept[-1] += f" {token}"
        elif token:
            kept.append(token)
    return kept


def _alternate(tokens: list[str]) -> bool:
    """Return whether family names and initials take turns: `Smith, A., Jones, B.`."""
    pairs = list(zip(tokens[::2], tokens[1::2], strict=False))
    whole = len(tokens) > 1 and len(tokens) % 2 == 0
    return whole and all(_are_initials(first) and not _are_initials(last) for last, first in pairs)


def _inverted(groups: list[list[str]]) -> bool:
    """Return whether every group is one name written `Last, First`."""
    if not groups or any(len(group) != 2 for group in groups):
        return False
    if len(groups) == 1:
        # `Smith, Ada M.` is one person; `Ada Smith, Bo Li` are two.
        last, first = groups[0]
        return " " not in last and len(first.split()) <= 2 and (" " not in first or _is_initials(first.split()[1]))
    return any(" " not in name or name[0].islower() for group in groups for name in group)


def _without_brackets(value: str) -> str:
    if not set(value) & set("()[]"):
        return value
    bare = value
    for _ in range(_NESTED):
        bare = _BRACKETS.sub(" ", bare)
    bare = re.sub(r"[()\[\]]", " ", bare)
    return bare if any(map(str.isalpha, bare)) else value


def _clean(name: str) -> Iterable[str]:
    """Yield the names in one entry of a list: none, one, a collaboration and its first member, or one and `et al.`."""
    whole = text(name, NAME_LIMIT * 2)
    if _PLAIN.fullmatch(whole) and len(whole) <= NAME_LIMIT and not whole.lower().endswith(_ENDS):
        yield whole  # nearly all names; what follows takes three times as long
        return
    if set(whole) & set("\\{}&<$~"):
        whole = plain_name(resolve_entities(whole, loosely=True))
    whole = _without_brackets(whole)
    for part in whole.split(":"):
        bare = text(_MARKS.sub("", part).strip(" ,;"), NAME_LIMIT)
        cut = _CUT_SHORT.match(bare)
        if _ET_AL.fullmatch(bare):
            yield ET_AL
        elif cut:
            yield cut[1].rstrip(",")
            yield ET_AL
        elif any(map(str.isalnum, bare)):
            yield bare


def _name(value: object) -> str:
    if isinstance(value, str):
        # Before the brackets go: one may belong to a sequence of a terminal.
        seen = resolve_entities(text(value, NAME_LIMIT * 2), loosely=True) if "&#" in value else strip_sequences(value)
        return forename_first(_without_brackets(seen))
    if not isinstance(value, Mapping) or value.get("hidden") is True:
        return ""
    role = value.get("creatorType") or value.get("role") or "author"
    if role not in ("author", "contributor", "presenter", "first", "additional", "inventor", "Author"):
        return ""
    inner = value.get("author")
    if isinstance(inner, Mapping):  # OpenAlex
        return _name(inner)
    return _one_of(value, "name", "literal", "display_name", "fullname", "full_name", "raw_author_name") or _of_parts(
        value
    )


def _of_parts(value: Mapping[str, object]) -> str:
    """Return the name of an object with the parts of CSL, Crossref, Zotero, or a form: forename, particle, family."""
    first = _one_of(value, "given", "firstName", "first_name", "first", "forename")
    middle = _one_of(value, "middle", "middleName", "middle_name")
    particle = _one_of(value, "non-dropping-particle", "dropping-particle")
    last = _one_of(value, "family", "lastName", "last_name", "last", "surname")
    return " ".join(filter(None, (first, middle, particle, last, _one_of(value, "suffix"))))


def _one_of(value: Mapping[str, object], *keys: str) -> str:
    return next((said.strip() for key in keys if isinstance(said := value.get(key), str) and said.strip()), "")
