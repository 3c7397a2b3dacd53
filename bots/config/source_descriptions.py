"""The description of a source: its name, the form of its specs, and its hosts with their rate limits.

Paperwire knows a source only by its description: menus, help, the doctor, the settings and the README are generated
from it.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from bots.config.values import Setting

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
#: A source that allows less than one request per hour is not useful for a daily digest.
_SLOWEST = 3_600.0
#: More connections than a browser opens to one host would not be polite.
_MOST_AT_ONCE = 6
#: Maximum lengths of a name, of a label in a menu (Discord's and Slack's allow 75 to 100 characters), of a sentence.
_SHORT, _LABEL, _SENTENCE = 40, 100, 300
_MOST_EXAMPLES = 25


@dataclass(frozen=True, kw_only=True, slots=True)
class HostPace:
    """A host that a source contacts, and its rate limit."""

    #: In lower case, without scheme and port: "export.arxiv.org". Requests use https.
    host: str
    #: Seconds between the end of one request and the start of the next.
    every: float
    #: Maximum number of concurrent requests.
    at_once: int = 1
    #: The organisation that runs the host: hosts of one operator share one rate limit. Empty: the host has its own.
    operator: str = ""
    #: Statuses that mean "try later" on this host, in addition to 408, 425, 429 and 500 to 504.
    busy: frozenset[int] = frozenset()
    #: Seconds of the first pause after a refusal that names none; it doubles with every attempt.
    backoff: float = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceDescription:
    """Describes a source to Paperwire before it is opened."""

    #: Display name: "arXiv".
    title: str
    #: One sentence about the papers it lists, for help and the README.
    says: str = ""
    #: One sentence about the part of a spec after the colon; empty if no argument is allowed.
    argument: str = ""
    #: The form of a spec, for help: "file:PATH". Empty: the first example, or the bare name.
    usage: str = ""
    #: Valid specs, offered in menus and help, the most usual one first; `doctor` queries the first.
    examples: tuple[str, ...] = ()
    #: A few words about an example, displayed beside it in menus: {"arxiv:cs.CL": "language"}.
    captions: Mapping[str, str] = field(default_factory=dict)
    #: The separator of several arguments in one spec: "+" as in `arxiv:cs.CL+cs.LG`. Empty: a spec has one argument.
    separator: str = ""
    #: All hosts that it contacts.
    hosts: tuple[HostPace, ...] = ()
    #: The settings in `[sources.NAME]`: its addresses, so that mirrors and test servers can be used, and keys.
    settings: tuple[Setting, ...] = ()
    #: Whether it serves look-ups and searches too: it has `lookup` and `search`, and opens without an argument.
    is_library: bool = False
    #: The position among the libraries in look-ups, the smallest first.
    rank: int = 100
    #: Whether its argument is a path on this machine: only the operator may choose it.
    local: bool = False
    #: Whether its papers are not public, as in an internal feed: they are then shown only in the workspace that reads
    #: the source, and are deleted with it. The papers of a local source are always private.
    private: bool = False
    #: Whether menus in chats offer it.
    offered: bool = True
    #: Whether its service prefers clients that state a contact address; `doctor` then asks for one.
    wants_contact: bool = False
    #: Whether its argument may be the address of any site: it may then read every public host over https, and no other.
    open_web: bool = False
    #: One or two sentences about the licence of what it gives, and the credit that its service asks for.
    terms: str = ""


def faults(name: str, described: object) -> Iterator[str]:
    """Yield the faults in the description that a source of this name has, each in a few words.

    The description may come from another package, whose types have not been checked.
    """
    if not _NAME.fullmatch(name):
        yield f"the name {name[:_SHORT]!r} is not made of lower-case letters, digits, - and _"
    if not isinstance(described, SourceDescription):
        yield "`description` is not a SourceDescription"
        return
    wrong = list(_wrong_fields(described, _CHECKS))
    yield from wrong
    if not wrong:
        yield from _foreign_examples(name, described)
        for pace in described.hosts:
            yield from (f"{fault} ({str(pace.host)[:_SHORT]})" for fault in _wrong_fields(pace, _PACE_CHECKS))


def _wrong_fields(record: Any, checks: Mapping[str, tuple[Callable[[Any], bool], str]]) -> Iterator[str]:
    for each in fields(record):
        fits, wanted = checks[each.name]
        if not fits(getattr(record, each.name)):
            yield f"`{each.name}` is not {wanted}"


def _foreign_examples(name: str, described: SourceDescription) -> Iterator[str]:
    for spec in described.examples:
        if spec.partition(":")[0] != name:
            yield f"the example {spec[:_SHORT]!r} does not begin with {name!r}"
    for spec in described.captions:
        if spec not in described.examples:
            yield f"the caption of {spec[:_SHORT]!r} belongs to no example"


def _is_line(most: int, least: int = 0) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and least <= len(value) <= most and (not value or value.isprintable())


def _is_number(least: float, most: float) -> Callable[[Any], bool]:
    return lambda value: _plain_number(value) and math.isfinite(value) and least <= value <= most


def _plain_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_tuple_of(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, tuple) and all(isinstance(each, kind) for each in value)


def _are_examples(value: Any) -> bool:
    line = _is_line(_LABEL, 1)
    return isinstance(value, tuple) and len(value) <= _MOST_EXAMPLES and all(map(line, value))


def _are_captions(value: Any) -> bool:
    line = _is_line(_SHORT, 1)
    return isinstance(value, Mapping) and all(isinstance(key, str) and line(each) for key, each in value.items())


def _are_statuses(value: Any) -> bool:
    return isinstance(value, frozenset) and all(isinstance(each, int) and 400 <= each <= 599 for each in value)


def _are_settings(value: Any) -> bool:
    return _is_tuple_of(Setting)(value) and all(map(_is_setting, value))


def _is_setting(value: Setting) -> bool:
    texts = all(isinstance(each, str) for each in (value.name, value.default, value.says))
    return texts and value.name.isidentifier() and callable(value.read)


_CHECKS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "title": (_is_line(_SHORT, 1), f"a text of 1 to {_SHORT} characters"),
    "says": (_is_line(_SENTENCE), "a sentence"),
    "argument": (_is_line(_SENTENCE), "a sentence"),
    "usage": (_is_line(_LABEL), "a short text"),
    "examples": (_are_examples, f"a tuple of at most {_MOST_EXAMPLES} specs"),
    "captions": (_are_captions, "a mapping of examples to short texts"),
    "separator": (_is_line(1), "one character or empty"),
    "hosts": (_is_tuple_of(HostPace), "a tuple of HostPace"),
    "settings": (_are_settings, "a tuple of Setting, each with a name, a default, a text and a reader"),
    "is_library": (_is_bool, "True or False"),
    "rank": (lambda value: isinstance(value, int) and not isinstance(value, bool), "a whole number"),
    "local": (_is_bool, "True or False"),
    "private": (_is_bool, "True or False"),
    "offered": (_is_bool, "True or False"),
    "wants_contact": (_is_bool, "True or False"),
    "open_web": (_is_bool, "True or False"),
    "terms": (_is_line(_SENTENCE), "a sentence or two"),
}
_PACE_CHECKS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "host": (
        lambda value: isinstance(value, str) and bool(_HOST.fullmatch(value)),
        "a host's name in lower case, without scheme and port",
    ),
    "every": (_is_number(0, _SLOWEST), f"a number of seconds from 0 to {_SLOWEST:.0f}"),
    "at_once": (
        lambda value: isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_AT_ONCE,
        f"a whole number from 1 to {_MOST_AT_ONCE}",
    ),
    "operator": (_is_line(_SHORT), "a short text"),
    "busy": (_are_statuses, "a frozenset of statuses from 400 to 599"),
    "backoff": (_is_number(0, _SLOWEST), f"a number of seconds from 0 to {_SLOWEST:.0f}"),
}
