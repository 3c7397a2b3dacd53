"""The secrets of this process's settings, which are hidden in every text whatever they look like.

One register for the process: each part that shows, logs or stores a text from outside must hide the same values, and a
part that had to be handed them could be forgotten.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import SplitResult, parse_qsl, quote, quote_plus, unquote, urlsplit

#: A shorter value would be found in ordinary words.
SHORTEST = 6
#: The characters after which a value is recognised although its end was cut off; a random text of this length is found
#: nowhere else.
_BEGINNING = 12
#: Bytes below which a value in base 64 has too few characters that do not depend on its neighbours.
_FEWEST_BYTES = 9
#: The schemes of addresses whose path and query may hold a token; in others, as of databases, they are names.
_OF_THE_WEB = frozenset({"http", "https", "ws", "wss"})
#: A part of a path that is a word of the site: `services`, `webhooks`, `notifications`, `v10`. The keys of some
#: services are of small letters, and longer.
_WORD = re.compile(r"[a-z]{1,15}|v\d{1,3}")
#: The name of a value in a query that is secret whatever it looks like.
_SECRET_NAME = re.compile(r"(?i)pass|pwd|token|secret|key|sig$|signature|auth")


class KnownSecrets:
    """Values that are set as secrets, with every form in which they travel."""

    def __init__(self) -> None:
        #: The longest first: a value may be a part of another.
        self._forms: tuple[str, ...] = ()
        #: Those of whole addresses, whose beginning is that of any address.
        self._exact: frozenset[str] = frozenset()
        #: The other long ones by their beginning: the forms of one value often differ only at a later character.
        self._by_beginning: dict[str, tuple[str, ...]] = {}

    def add(self, values: Iterable[str]) -> None:
        """Hide these values from now on; of one that is an address, its secret parts, and not its host."""
        secrets = {secret for value in values for secret in secret_parts(value)}
        new = {secret: {form for form in _forms(secret) if len(form) >= SHORTEST} for secret in secrets}
        self._forms = tuple(sorted({*self._forms, *set[str]().union(*new.values())}, key=len, reverse=True))
        self._exact |= {form for secret, forms in new.items() if "://" in secret for form in forms}
        self._by_beginning = {}
        for each in self._forms:
            if len(each) > _BEGINNING and each not in self._exact:
                begun = each[:_BEGINNING]
                self._by_beginning[begun] = (*self._by_beginning.get(begun, ()), each)

    def hidden_in(self, text: str, instead: str) -> str:
        """Return a text with each known value, and each beginning of a long one, replaced."""
        for form in self._forms:
            text = text.replace(form, instead)
            begun = form[:_BEGINNING]
            if len(form) > _BEGINNING and begun in text and form not in self._exact:
                text = _without_beginning(text, begun, self._by_beginning[begun], instead)
        return text


def _without_beginning(text: str, begun: str, forms: Iterable[str], instead: str) -> str:
    """Return a text without what is left of values whose end was cut off, as where an answer is quoted in part."""
    before, *rest = text.split(begun)
    shown = [before]
    for after in rest:
        agreed = max(_agreed(after, form[len(begun) :]) for form in forms)
        shown += [instead, after[agreed:]]
    return "".join(shown)


def _agreed(text: str, known: str) -> int:
    """Return how many characters at the beginning are the same."""
    pairs = enumerate(zip(text, known, strict=False))
    return next((at for at, (had, wanted) in pairs if had != wanted), min(len(text), len(known)))


def secret_parts(value: str) -> tuple[str, ...]:
    """Return what is secret of a value: of an address, the password, and the tokens in its path and its query.

    Its host, and words such as `https://hooks`, stand in harmless addresses as well: they stay readable. An address in
    which no token can be told from such words is secret as a whole.
    """
    try:
        parts = urlsplit(value)
        user, password = parts.username or "", parts.password or ""
    except ValueError:
        return (value,)
    if "://" not in value or not parts.hostname:
        return (value,)
    of_the_web = parts.scheme in _OF_THE_WEB
    # The user of a database is a name.
    found = [password or (user if of_the_web else ""), *_named(parts), *(_tokens(parts) if of_the_web else ())]
    return tuple(dict.fromkeys(each for each in found if len(each) >= SHORTEST)) or (value,)


def _named(parts: SplitResult) -> Iterator[str]:
    """Yield the values in a query and a fragment whose name says that they are secret."""
    given = (*parse_qsl(parts.query), *parse_qsl(parts.fragment))
    yield from (value for name, value in given if _SECRET_NAME.search(name))


def _tokens(parts: SplitResult) -> Iterator[str]:
    """Yield what is no word in the path and the query of an address; of a path of words, the whole if it is long."""
    segments = [each for each in parts.path.split("/") if each and not _WORD.fullmatch(each)]
    yield from segments or ([parts.path] if len(parts.path) > _BEGINNING else [])
    in_fragment = [value for _, value in parse_qsl(parts.fragment) if len(value) >= SHORTEST]
    given = (*(value for _, value in parse_qsl(parts.query)), *(in_fragment or [parts.fragment]))
    yield from (each for each in given if len(each) > _BEGINNING or not _WORD.fullmatch(each))


def _forms(value: str) -> Iterator[str]:
    for plain in dict.fromkeys((value, unquote(value))):
        yield plain
        yield quote(plain)
        yield quote(plain, safe="")
        yield quote_plus(plain)
        yield quote(quote(plain, safe=""), safe="")
        yield json.dumps(plain)[1:-1]
        yield json.dumps(json.dumps(plain)[1:-1])[1:-1]
        yield json.dumps(plain, ensure_ascii=False)[1:-1]
        yield repr(plain)[1:-1]
        raw = plain.encode("utf-8", "surrogateescape")
        yield repr(raw)[2:-1]
        yield html.escape(plain)
        # As a browser and a template write it.
        yield html.escape(plain).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
        yield raw.hex()
        yield from _in_base_64(raw)


def _in_base_64(raw: bytes) -> Iterator[str]:
    """Yield what is the same in base 64 whatever stands before and after: as in `user:password` of a header."""
    if len(raw) < _FEWEST_BYTES:
        return
    for before in range(3):
        # Each character holds six bits; the first ones hold bits of what stands before.
        usable = (before + len(raw)) * 8 // 6
        for encoded in (base64.b64encode, base64.urlsafe_b64encode):
            yield encoded(b"\0" * before + raw).decode("ascii")[-(-before * 8 // 6) : usable]


#: Those of this process.
KNOWN = KnownSecrets()


def hide(values: Iterable[str]) -> None:
    """Hide these values from now on wherever this process logs, shows or stores a text, also encoded or escaped."""
    KNOWN.add(values)
