"""Source specs as people read and choose them: names, menus and examples, generated from the sources' descriptions."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from urllib.parse import urlsplit

from bots.chat.phrases import clean, cut
from bots.config.source_catalogue import KnownSource, catalogue, described
from bots.config.source_descriptions import SourceDescription
from bots.translation.formats import in_a_row
from bots.translation.speech import gettext

#: Readers gain nothing from a longer argument.
_MOST_SHOWN = 120
#: People do not read a hint with more examples.
_MOST_IN_HINT = 4
_OURS_FIRST = 2
#: The source whose categories may follow its title: "arXiv cs.CL".
_WITH_CATEGORIES = "arxiv"


def source_text(spec: str) -> str:
    """Return the display name of a source: "arXiv cs.CL", "Hugging Face", "file papers.bib"."""
    name, _, rest = clean(spec).partition(":")
    known = described(name)
    return cut(clean(f"{known.title if known else name} {_shown(rest, known)}"), _MOST_SHOWN)


def _shown(argument: str, known: SourceDescription | None) -> str:
    if known and known.local:
        # Only the name: the members of a channel must not learn the path of a file.
        return argument.replace("\\", "/").rstrip("/").rpartition("/")[2]
    if known and known.open_web and "://" in argument:
        return _place(argument)
    return argument.replace(known.separator, ", ") if known and known.separator else argument


def _place(address: str) -> str:
    """Return the host of an address and the last part of its path: a whole address would become a link in a chat."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return address
    return f"{host.removeprefix('www.')} {parts.path.rstrip('/').rpartition('/')[2]}".strip()


def is_local(spec: str) -> bool:
    """Return whether a spec names something on this machine; only the operator may use such a spec."""
    known = described(spec.partition(":")[0])
    return known is not None and known.local


def is_private(spec: str) -> bool:
    """Return whether the papers of a source may be shown only in the workspace that reads it."""
    known = described(spec.partition(":")[0])
    return known is not None and (known.local or known.private)


def choices(chosen: Sequence[str] = (), *, most: int) -> dict[str, str]:
    """Return the options of a menu of sources: a label for each spec, grouped by source.

    Args:
        chosen: the specs that are chosen already; they are always included.
        most: the maximum number of options. If there are more, every source keeps its first examples.
    """
    offered = [_examples(known) for known in catalogue().offered]
    in_turn = (spec for row in zip_longest(*offered) for spec in row if spec)
    kept = set(tuple(dict.fromkeys((*chosen, *in_turn)))[:most])
    listed = dict.fromkeys((*(spec for specs in offered for spec in specs), *chosen))
    return {spec: _label(spec) for spec in listed if spec in kept}


def _label(spec: str) -> str:
    known = described(spec.partition(":")[0])
    caption = gettext(known.captions[spec]) if known and spec in known.captions else ""
    # A spec that is not among the examples is displayed as typed.
    return in_a_row((source_text(spec), caption)) if caption else _named(spec, known)


def _named(spec: str, known: SourceDescription | None) -> str:
    return source_text(spec) if known and spec in known.examples else spec


def _examples(known: KnownSource) -> tuple[str, ...]:
    return known.description.examples or (() if known.description.argument else (known.name,))


def apart(specs: Iterable[str]) -> Iterator[str]:
    """Yield each source with a single argument: `arxiv:cs.CL+cs.LG` becomes two."""
    for spec in specs:
        name, _, rest = spec.partition(":")
        separator = _separator(name)
        yield from (f"{name}:{each}" for each in rest.split(separator)) if separator and rest else (spec,)


def together(specs: Iterable[str]) -> list[str]:
    """Return the specs with the arguments of each source combined, so that a paper listed under two comes once."""
    alone: list[str] = []
    joined: dict[str, list[str]] = {}
    for spec in dict.fromkeys(specs):
        name, _, rest = spec.partition(":")
        if rest and _separator(name):
            joined.setdefault(name, []).append(rest)
        else:
            alone.append(spec)
    return [*alone, *(f"{name}:{_separator(name).join(rests)}" for name, rests in joined.items())]


def _separator(name: str) -> str:
    known = described(name)
    return known.separator if known else ""


def hints() -> tuple[str, ...]:
    """Return one of each of the first sources on offer as people write it, for hints: "arXiv cs.CL".

    Those of other packages come after our first two: they were installed to be used.
    """
    offered = sorted(enumerate(catalogue().offered), key=lambda each: (each[0] >= _OURS_FIRST, not each[1].package))
    shown = (_hint(known) for _, known in offered)
    return tuple(spec for spec in shown if spec)[:_MOST_IN_HINT]


def _hint(known: KnownSource) -> str:
    first = next(iter(_examples(known)), known.description.usage)
    # The grammar reads a title alone, and the categories that follow arXiv's; any other argument needs its colon.
    return source_text(first) if ":" not in first or known.name == _WITH_CATEGORIES else first


def _form(known: KnownSource) -> str:
    first = _examples(known)[: 2 if known.description.separator else 1]
    return together(first)[0] if first else known.name


def usages() -> tuple[str, ...]:
    """Return the form of every source's spec, for help."""
    return tuple(known.description.usage or _form(known) for known in catalogue().sources)


def titles() -> tuple[str, ...]:
    """Return the titles of the sources on offer that are one service each."""
    return tuple(known.description.title for known in catalogue().offered if not known.description.open_web)
