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
#: A part of a path that is a word of the site: `services`, `webhooks`, `api`, `v10`.
_WORD = re.compile(r"[a-z]+|v\d{1,3}")


class KnownSecrets:
    """Values that are set as secrets, with every form in which they travel."""

    def __init__(self) -> None:
        #: The longest first: a value may be a part of another.
        self._forms: tuple[str, ...] = ()
        #: Those of whole addresses, whose beginning is that of any address.
        self._exact: frozenset[str] = frozenset()

    def add(self, values: Iterable[str]) -> None:
        """Hide these values from now on; of one that is an address, its secret parts, and not its host."""
        secrets = {secret for value in values for secret in secret_parts(value)}
        new = {secret: {form for form in _forms(secret) if len(form) >= SHORTEST} for secret in secrets}
        self._forms = tuple(sorted({*self._forms, *set[str]().union(*new.values())}, key=len, reverse=True))
        self._exact |= {form for secret, forms in new.items() if "://" in secret for form in forms}

    def hidden_in(self, text: str, instead: str) -> str:
        """Return a text with each known value, and each beginning of a long one, replaced."""
        for form in self._forms:
            text = text.replace(form, instead)
            if len(form) > _BEGINNING and form[:_BEGINNING] in text and form not in self._exact:
                text = _without_beginning(text, form, instead)
        return text


def _without_beginning(text: str, form: str, instead: str) -> str:
    """Return a text without what is left of a value whose end was cut off, as where an answer is quoted in part."""
    before, *rest = text.split(form[:_BEGINNING])
    shown = [before]
    for after in rest:
        agreed = next(
            (at for at, (had, known) in enumerate(zip(after, form[_BEGINNING:], strict=False)) if had != known),
            min(len(after), len(form) - _BEGINNING),
        )
        shown += [instead, after[agreed:]]
    return "".join(shown)


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
    found = [password or user, *(_tokens(parts) if parts.scheme in _OF_THE_WEB else ())]
    return tuple(dict.fromkeys(each for each in found if len(each) >= SHORTEST)) or (value,)


def _tokens(parts: SplitResult) -> Iterator[str]:
    """Yield what is no word in the path and the query of an address; of a path of words, the whole if it is long."""
    segments = [each for each in parts.path.split("/") if each and not _WORD.fullmatch(each)]
    yield from segments or ([parts.path] if len(parts.path) > _BEGINNING else [])
    given = (*(value for _, value in parse_qsl(parts.query)), parts.fragment)
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
