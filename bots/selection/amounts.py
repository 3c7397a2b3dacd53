"""Parses the number, comparison or range after a field such as `upvotes:` or `year:`."""

import re
import unicodedata

from bots.domain.errors import BadQuery
from bots.selection.fields import NUMBERS, Field, Part
from bots.selection.query import Amount, Has, near_name
from bots.selection.tokens import Token, cleaned
from bots.translation.formats import listed, sentences
from bots.translation.speech import gettext

_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+"
_COMPARED = re.compile(rf"(?P<sign>[<>=≤≥]{{0,2}})\s*(?P<number>{_NUMBER})(?P<thousand>[kK]?)(?P<more>\+?)")
#: Dashes as phones and word processors write them, and the two full stops of other search languages.
DASHES = "-‐‑‒–—−"
_RANGE = re.compile(rf"(?P<first>{_NUMBER})\s*(?:[{DASHES}]|\.{{2,3}})\s*(?P<last>{_NUMBER})")
_OPEN_RANGE = re.compile(rf"(?P<first>{_NUMBER})\s*(?:[{DASHES}]|\.{{2,3}})")
_SIGNS = {"": "", "=": "", "==": "", ">": ">", ">=": ">=", "=>": ">=", "≥": ">="} | {
    "<": "<", "<=": "<=", "=<": "<=", "≤": "<=",
}  # fmt: skip
#: Nine digits: no figure of a paper comes near it, and a longer number is a mistake.
_LONGEST = 9
#: The years that may be asked for: the first scientific journals are of 1665.
_YEARS = range(1600, 2200)


def read_amount(text: str, field: Field, at: int) -> Amount:
    """Return the comparison that a text such as `>20`, `2026`, `2024-2026`, `≥1,000` or `20+` expresses.

    Raises:
        BadQuery: the text is none; the message names the character `at` which it begins.
    """
    plain = unicodedata.normalize("NFKC", cleaned(text)).strip(",;.!? ")
    if found := _RANGE.fullmatch(plain):
        first = _number(found["first"], field, at)
        return _range(first, _number(found["last"], field, at, ends=True), field=field, at=at)
    found = _COMPARED.fullmatch(plain)
    if found is None or found["sign"] not in _SIGNS or (found["more"] and found["sign"]):
        raise _no_number(text, plain, field, at)
    number = _number(found["number"], field, at, thousand=bool(found["thousand"]))
    return Amount(field=field, sign=">=" if found["more"] else _SIGNS[found["sign"]], number=number)


def _range(first: int, last: int, *, field: Field, at: int) -> Amount:
    if first > last:
        # "2024-26" is the usual short form of a range of years.
        meant = first // 100 * 100 + last if field is Field.YEAR and last < 100 else last
        low, high = sorted((first, meant))
        raise BadQuery(
            gettext("The range {range} at character {place} ends before it begins.", range=f"{first}-{last}", place=at),
            hint=gettext("Did you mean {guess}?", guess=f"{field}:{low}-{high}"),
        )
    return Amount(field=field, sign="-", number=first, last=last)


def _number(text: str, field: Field, at: int, *, thousand: bool = False, ends: bool = False) -> int:
    """Return a number; one that `ends` a range of years may have two digits, which `_range` then writes out."""
    digits = text.replace(",", "").lstrip("0") or "0"
    if len(digits) > _LONGEST:
        raise BadQuery(gettext("The number at character {place} is too long.", place=at), hint=form(field))
    number = int(digits) * (1000 if thousand else 1)
    if field is Field.YEAR and number not in _YEARS and not (ends and len(text) == 2):
        raise BadQuery(
            gettext("“{text}” at character {place} is not a year.", text=text[:20], place=at),
            hint=sentences(gettext("A year has four digits."), form(field)),
        )
    return number


def _no_number(text: str, plain: str, field: Field, at: int) -> BadQuery:
    begun = _OPEN_RANGE.fullmatch(plain)
    hint = form(field)
    if begun:
        hint = gettext("To have no upper end, write {form}.", form=f"{field}:>={begun['first'][:_LONGEST]}")
    return BadQuery(gettext(NUMBERS[field], text=cleaned(text)[:40], place=at), hint=hint)


def form(field: Field) -> str:
    """Return the hint that shows how a field is used."""
    if field is Field.HAS:
        return gettext("Write it like this: has:code. A paper can have {parts}.", parts=", ".join(Part))
    return gettext("Write it like this: {form}.", form=listed(_forms(field), "or"))


def _forms(field: Field) -> tuple[str, str, str]:
    if field is Field.YEAR:
        return "year:2026", "year:<=2024", "year:2024-2026"
    return f"{field}:>20", f"{field}:<=20", f"{field}:20-50"


def signed(sign: Token, field: Field) -> BadQuery:
    """Return the error for a minus between a field and its number: it may be meant as an exclusion or as an end."""
    few, many, both = _forms(field)
    return BadQuery(
        gettext(
            "The sign {sign} at character {place} cannot stand before a number.", sign=sign.text[:1], place=sign.at
        ),
        hint=gettext(
            "To leave papers out, put a minus before the field: {without}. Otherwise write {forms}.",
            without=f"-{few}",
            forms=listed((many, both), "or"),
        ),
    )


def read_part(text: str, at: int) -> Has:
    """Return the condition that a paper has the named part.

    Raises:
        BadQuery: there is no such part; the hint names the most similar one.
    """
    name = cleaned(text).casefold().strip(",;.!?* ")
    same = {"citation": "citations", "cited": "citations", "github": "code", "repo": "code", "journal": "venue"}
    name = same.get(name, name)
    if name in set(Part):
        return Has(part=Part(name))
    near = near_name(name, Part)
    guess = gettext("Did you mean {guess}?", guess=f"has:{near}") if near else ""
    raise BadQuery(
        gettext("“{text}” at character {place} cannot stand after has:.", text=cleaned(text)[:40], place=at),
        hint=sentences(guess, form(Field.HAS)),
    )
