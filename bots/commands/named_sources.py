"""Reads sources as people name them: arxiv:cs.CL, arXiv cs.CL, cs.CL, Hugging Face, and lists of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from bots.chat.phrases import listed
from bots.commands.topics import shown
from bots.commands.zones import folded
from bots.config.source_catalogue import KnownSource, catalogue
from bots.domain.arxiv_taxonomy import ARCHIVES, CATEGORIES
from bots.domain.errors import BadQuery
from bots.presentation.source_text import hints, together
from bots.translation.speech import gettext

_SPEC = re.compile(r"[A-Za-z][\w-]*(?::\S.*)?")
#: The source that has arXiv's categories: a category alone means its list.
_ARXIV = "arxiv"
#: Names that people use for a source besides its own.
_ALSO: Mapping[str, str] = {"hf": "huggingface", "hf papers": "huggingface", "hugging face papers": "huggingface"}
_BETWEEN = re.compile(r"\s*(?:[,;&+]|\b(?:and|und|et|y)\b)\s*", re.IGNORECASE)
_FILLERS = re.compile(r"(?:'s|’s)?\s+(?:the\s+)?(?:category|categories|section|list)\s+", re.IGNORECASE)
#: Words that a form of a spec offers behind the colon: huggingface[:week|month|trending].
_OFFERED = re.compile(r"\[:(?P<words>[\w|]+)\]")
#: An address among the words of a subscription is that of a feed.
_FEED = "feed"
_ADDRESS = re.compile(r"https?://\S{3,300}", re.IGNORECASE)
_QUOTES = " \"“”„«»'‘’`.,;!"
#: The longest title of a source in words, and a name that is longer than any.
_MOST_WORDS, _LONGEST = 3, 40
_NEAR = 0.75


def source_of(text: str) -> str:
    """Return the spec of a source that is typed as an option's value.

    Raises:
        BadQuery: it cannot be one, or is a misspelt one; the hint shows valid ones.
    """
    if spec := spec_of(text):
        return spec
    meant = nearest(text)
    if meant or not _SPEC.fullmatch(text):
        guess = gettext("Did you mean {guess}?", guess=meant) + " " if meant else ""
        how = gettext("Write {examples}.", examples=listed(hints(), "or"))
        raise BadQuery(gettext("“{text}” is not a source.", text=shown(text)), hint=f"{guess}{how}")
    name, colon, rest = text.partition(":")
    return name.lower() + colon + rest


def sources_of(text: str) -> Sequence[str]:
    """Return the specs of one value of `source=`, in which "and" may stand between sources.

    Raises:
        BadQuery: one of them cannot be a source.
    """
    return sources_in(text) or (source_of(text),)


def sources_in(text: str) -> Sequence[str]:
    """Return the specs of a text that lists sources and nothing else; none for any other text.

    A spec among words ends where its word does: in "arxiv:cs.CL at 9" the time does not belong to it.
    """
    known = _names()
    if _FEED in known and _ADDRESS.fullmatch(bare := text.strip(_QUOTES)):
        return (f"{_FEED}:{bare}",)
    for parts in ([text], _BETWEEN.split(text)):
        found = [_spec(part, known) for part in parts]
        if all(map(_is_a_word, found)):
            return together(found)
    return ()


def _is_a_word(spec: str) -> bool:
    return bool(spec) and not any(map(str.isspace, spec))


def source_alone(text: str) -> str:
    """Return the spec of a text that can only be a source, such as "arxiv:cs.CL"; empty if it may be words to find."""
    bare = text.strip(_QUOTES).lower()
    return (
        spec_of(text) if ":" in bare or bare in CATEGORIES or _called(bare) in ("hugging face", "huggingface") else ""
    )


def spec_of(text: str) -> str:
    """Return the spec of the one installed source that a text names; empty if it names none."""
    return _spec(text, _names())


def _spec(text: str, names: Mapping[str, KnownSource]) -> str:
    bare = text.strip(_QUOTES)
    name, colon, rest = bare.partition(":")
    if colon:
        known = names.get(_called(name))
        return f"{known.name}:{rest.strip()}" if known and rest.strip() else ""
    if category := CATEGORIES.get(bare.lower()):
        return f"{_ARXIV}:{category}" if _ARXIV in names else ""
    return _worded(_FILLERS.sub(" ", bare).split(), names)


def _called(text: str) -> str:
    """Return a text as the names of sources are compared; empty if it is longer than any of them."""
    return folded(text) if len(text) <= _LONGEST else ""


def _worded(words: Sequence[str], names: Mapping[str, KnownSource]) -> str:
    """Return the spec of words that begin with the name of a source: "Hugging Face", "arXiv cs.CL cs.LG"."""
    for end in range(min(_MOST_WORDS, len(words)), 0, -1):
        known = names.get(_called(" ".join(words[:end])))
        rest = words[end:]
        if known is not None:
            argument = _argument(known, rest)
            return known.name if not rest else f"{known.name}:{argument}" if argument else ""
    return ""


def _argument(known: KnownSource, words: Sequence[str]) -> str:
    if known.name == _ARXIV:
        names = [CATEGORIES.get(part.lower()) for word in words for part in re.split(r"[+,]", word) if part]
        return "+".join(name for name in names if name) if all(names) else ""
    offered = _OFFERED.search(known.description.usage)
    word = " ".join(words).lower()
    if f"{known.name}:{word}" in known.description.examples:
        return word
    return word if offered and word in offered["words"].split("|") else ""


def nearest(text: str) -> str:
    """Return the spec that a misspelt source most likely means; empty if nothing is near, or if it is right."""
    bare = text.strip(_QUOTES)[:_LONGEST]
    name, _, rest = bare.partition(":")
    archive = bare.lower().partition(".")[0]
    if archive in ARCHIVES and "." in bare:
        near = get_close_matches(bare.lower(), CATEGORIES, n=1, cutoff=_NEAR)
        return f"{_ARXIV}:{CATEGORIES[near[0]]}" if near else ""
    if folded(name) in _names():
        return ""
    near = get_close_matches(folded(name), _names(), n=1, cutoff=_NEAR)
    if not near:
        return ""
    found = _names()[near[0]].name
    return f"{found}:{rest}" if rest else found


def _names() -> Mapping[str, KnownSource]:
    """Return every installed source by its name, its title and the other names that people use."""
    known = {each.name: each for each in catalogue().sources}
    return dict(_named(known))


def _named(known: Mapping[str, KnownSource]) -> Iterator[tuple[str, KnownSource]]:
    for name, each in known.items():
        title = folded(each.description.title)
        yield from ((called, each) for called in (folded(name), title, title.replace(" ", "")))
    yield from ((called, known[name]) for called, name in _ALSO.items() if name in known)
