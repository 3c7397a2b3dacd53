"""The encoding of a text whose bytes do not name it; the only module that imports charset_normalizer."""

import codecs
import re
from collections.abc import Sequence

from bots.chat.script_checks import is_plausible

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# `<?xml version="1.0" encoding="…"?>`, JabRef's `% Encoding: Cp1252`, ProCite's `charset="UTF-8"`.
_DECLARED = re.compile(rb"(?:encoding|charset)\s{0,3}[:=]\s{0,3}[\"']?([A-Za-z][\w.:-]{1,30})", re.IGNORECASE)
_WESTERN = "cp1252"  # the superset of Latin-1 that Windows uses
_MAC = "mac_roman"  # of the texts of old Macs
# The encodings of other scripts and languages, which charset_normalizer tells apart by the letters they yield.
_LATIN = ("cp1250", "iso8859_2", "cp1254")
_OTHERS = ["gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1251", "koi8_r", "cp1253", *_LATIN]
# That much of the lines with unknown bytes is enough to tell; a larger text would only take longer.
_SAMPLE_MOST = 64 * 1024
# Two Chinese characters are two others in another table; of eight, some would be none or very rare.
_LETTERS_LEAST = 8
# The letters beside ASCII that words of one Western language have together.
_LANGUAGES = tuple(map(frozenset, (
    "àâæçéèêëîïôœùûüÿ", "äöüßé", "áéíñóúüçï", "áâãàçéêíóôõúü", "àèéìíîòóù", "åäöæøéü", "áéëïíóöüèê", "šžõäöü",
)))  # fmt: skip
# Czech and Slovak, Polish, Hungarian, Romanian, Croatian and Slovene, Turkish.
_CENTRAL = tuple(map(frozenset, (
    "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "ăâîşţ", "čćđšž", "çğıöşüâî\u0307",
)))  # fmt: skip
_WORD = re.compile(r"[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*")
# What no Western word looks like: a sign inside it, a capital behind a small letter, a tilde where Portuguese has none.
_ODD = re.compile(
    r"[^\W\d_][^\x00-\x7f’‘–—·´°»«”“…\u00a0\u00adªº™®²³\w][^\W\d_]|£[a-zà-ÿ]|[^\W\d_][¹²³ºª¿¾¼½][^\W\d_]"
    r"|[•†‡¢][^\W\d_]|[^\W\d_][•†‡‚¢¥]|[a-zà-öø-ÿ][À-ÖØ-ÞŠŽŒŸ]|õ(?![em])|ã(?!o|e|s?\b)|[\x80-\x9f¤¦¬¯¨¸ƒˆ]"
)
# Icelandic and Estonian letters stand at the places of others in the tables of Turkish and Hungarian.
_DOUBTFUL = (*_LANGUAGES, frozenset("áðéíóúýþæö"))
# Signs that stand apart from letters, in whatever language.
_LOOSE = "¤¦¬•ƒˆ"
# Accents without a letter, and control characters, stand nowhere in a text.
_ODD_ANYWHERE = re.compile(
    rf"[\x80-\x9f¯¨¸˝˛ˇ˘˙]|[^\W\d_][{_LOOSE}]|[{_LOOSE}][^\W\d_]|[{_LOOSE}]{{2}}"
    r"|[a-z][^\W\d_\x00-\x7f]?[À-ÞА-ЯΑ-ΩŸ]"
)
# Between two letters, or around words, an Õ or an Ò of Windows stands nowhere.
_MAC_QUOTES = re.compile(rb"[a-z]\xd5[a-z]|\xd2[A-Za-z][^\xd2\xd3]{0,400}\xd3")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def decode(body: bytes) -> str | None:
    """Return the text of some bytes, or None if they are no text or their encoding cannot be told.

    A byte order mark decides, then what is valid UTF-8, then a declared encoding, then the letters that an encoding
    yields. A text that would come out garbled is not returned.
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            # A file that was cut ends inside a character; one that was joined goes on in another encoding.
            return _strict(body, codec) or _strict(body[: len(body) // 4 * 4], codec) or _by_letters(body[len(mark) :])
    if b"\0" in body:
        return _with_nuls(body)
    if b"\x1b$" in body and (japanese := _strict(body, "iso2022_jp")):
        return japanese
    return _strict(body, "utf-8") or _declared(body) or _by_letters(body)


def guessed(body: bytes, text: str) -> str:
    """Return the name of the encoding that `decode` took for some bytes by their letters alone; empty if it is sure.

    Args:
        body: the bytes.
        text: what `decode` returned for them.
    """
    marked = body.startswith(tuple(mark for mark, _ in _MARKS)) or b"\0" in body or b"\x1b$" in body
    if marked or _strict(body, "utf-8") is not None or _declared(body) is not None:
        return ""
    taken = next((codec for codec in (_WESTERN, _MAC, *_OTHERS) if _strict(body, codec) == text), "")
    return _SHOWN.get(taken, taken.upper().replace("_", "-")) or "a mixture of UTF-8 and Windows-1252"


_SHOWN = {_WESTERN: "Windows-1252 (Western European)", _MAC: "Mac Roman (Western European)"}
_SHOWN |= {f"cp125{number}": f"Windows-125{number}" for number in (0, 1, 3, 4)}


def _strict(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _with_nuls(body: bytes) -> str | None:
    """Return the text of UTF-16 without a mark, or of a file whose end was filled with NULs."""
    half = len(body) // 2
    even, odd = body[::2].count(0), body[1::2].count(0)
    # Half of the bytes of Western text in UTF-16 are zero, all at even or all at odd places.
    if max(even, odd) > half // 4 and min(even, odd) < half // 50 + 1:
        return _strict(body[: half * 2], "utf-16-be" if even > odd else "utf-16-le")
    bare = body.replace(b"\0", b"")
    few = len(body) - len(bare) <= max(8, len(body) // 10)
    return decode(bare) if few and not _NO_TEXT.search(bare) else None


def _declared(body: bytes) -> str | None:
    found = _DECLARED.search(body[:1024])
    if found is None:
        return None
    try:
        codec = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return None
    # `rot13` and `idna` are codecs too, and Latin-1 accepts any bytes.
    return None if codec in ("utf-8", "iso8859-1") or codec not in _known() else _strict(body, codec)


def _known() -> frozenset[str]:
    own = {
        codecs.lookup(name).name for name in [*_OTHERS, _WESTERN, "gbk", "gb2312", "shift_jis", "euc_kr", "mac_roman"]
    }
    return frozenset(
        own | {f"iso8859-{number}" for number in range(2, 17)} | {f"cp{number}" for number in range(1250, 1259)}
    )


def _by_letters(body: bytes) -> str | None:
    western = _strict(body, _WESTERN)
    if western is not None and _is_western(western) and is_plausible(western):
        return western
    if western is not None and _is_western(western.replace("õ", ""), _DOUBTFUL):
        return None  # `Erdõs` may be Estonian, or Hungarian in its own encoding
    return _of_mac(body) or _other(body) or _line_by_line(body)


def _of_mac(body: bytes) -> str | None:
    """Return the text of an old Mac: it has that system's line ends or apostrophes, and Western words."""
    ends = b"\r" in body and b"\n" not in body
    if not (ends or _MAC_QUOTES.search(body)):
        return None
    written = _strict(body, _MAC)
    return written if written and _is_western(written) and is_plausible(written) else None


def _is_western(written: str, languages: Sequence[frozenset[str]] = _LANGUAGES) -> bool:
    """Return whether the letters beside ASCII are those of words in a Western language."""
    return not _ODD.search(written) and _are_words(written, languages)


def _are_words(written: str, languages: Sequence[frozenset[str]]) -> bool:
    """Return whether each word has only letters that one of the languages has together."""
    letters = [set(word.lower()) - _ASCII for word in set(_WORD.findall(written))]
    return all(any(found <= known for known in languages) for found in letters)


# Letters to Unicode, but in a text they are signs: micro, and the ordinals of Spanish.
_ASCII = frozenset(map(chr, range(128))) | frozenset("µªº")


def _other(body: bytes) -> str | None:
    # Imported late: most files are UTF-8, and describing a source must not load a parser.
    from charset_normalizer import from_bytes

    lines = [line for line in body.split(b"\n") if not line.isascii()]
    sample = b"\n".join(lines)[:_SAMPLE_MOST]
    best = from_bytes(sample, cp_isolation=_OTHERS).best() if sample else None
    if best is None:
        return None
    if best.encoding in _LATIN:
        read = {text for codec in _LATIN if (text := _strict(body, codec)) and _is_latin(text)}
        return read.pop() if len(read) == 1 else None
    written = _strict(body, best.encoding)
    return written if written and _is_foreign(written) else None


def _is_foreign(written: str) -> bool:
    """Return whether a text has enough letters of another script, and none inside a Latin word."""
    enough = sum(char.isalpha() and not char.isascii() for char in written)
    inside = re.search(r"[A-Za-z][^\x00-\x7f][a-z]", written)  # a Latin letter of another table
    return enough >= _LETTERS_LEAST and not inside and not _ODD_ANYWHERE.search(written) and is_plausible(written)


def _is_latin(written: str) -> bool:
    return not _ODD_ANYWHERE.search(written) and is_plausible(written) and _are_words(written, (*_CENTRAL, *_LANGUAGES))


def _line_by_line(body: bytes) -> str | None:
    """Return the text of a file that was put together of UTF-8 and Western lines."""
    lines = [(line, _strict(line, "utf-8")) for line in body.split(b"\n")]
    if not any(read and not read.isascii() for _, read in lines):
        return None
    rest = [_strict(line, _WESTERN) for line, read in lines if read is None]
    if not all(read and _is_western(read) for read in rest):
        return None
    western = iter(rest)
    return "\n".join(read if read is not None else next(western) or "" for _, read in lines)
