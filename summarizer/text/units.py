r"""Render quantities of the LaTeX package siunitx, such as `\SIrange{1}{5}{\GHz}`, as "1 to 5 GHz". Pure functions."""

import re
from collections.abc import Callable, Mapping, Sequence

from summarizer.text import symbols
from summarizer.text.typesetting import script

_PREFIXES = {
    "quecto": "q", "ronto": "r", "yocto": "y", "zepto": "z", "atto": "a", "femto": "f", "pico": "p", "nano": "n",
    "micro": "µ", "milli": "m", "centi": "c", "deci": "d", "deca": "da", "hecto": "h", "kilo": "k", "mega": "M",
    "giga": "G", "tera": "T", "peta": "P", "exa": "E", "zetta": "Z", "yotta": "Y", "ronna": "R", "quetta": "Q",
    "kibi": "Ki", "mebi": "Mi", "gibi": "Gi", "tebi": "Ti",
}  # fmt: skip
_UNITS = {
    "ampere": "A", "candela": "cd", "kelvin": "K", "gram": "g", "metre": "m", "meter": "m", "mole": "mol",
    "second": "s", "becquerel": "Bq", "celsius": "°C", "degreeCelsius": "°C", "coulomb": "C", "farad": "F",
    "gray": "Gy", "hertz": "Hz", "henry": "H", "joule": "J", "katal": "kat", "lumen": "lm", "lux": "lx",
    "newton": "N", "ohm": "Ω", "pascal": "Pa", "radian": "rad", "siemens": "S", "sievert": "Sv", "steradian": "sr",
    "tesla": "T", "volt": "V", "watt": "W", "weber": "Wb", "astronomicalunit": "au", "au": "au", "bel": "B",
    "dalton": "Da", "day": "d", "decibel": "dB", "degree": "°", "electronvolt": "eV", "hectare": "ha", "hour": "h",
    "litre": "L", "liter": "L", "arcminute": "′", "arcmin": "′", "minute": "min", "arcsecond": "″", "arcsec": "″",
    "neper": "Np", "tonne": "t", "bit": "bit", "byte": "B", "percent": "%", "bar": "bar", "barn": "b", "angstrom": "Å",
    "parsec": "pc", "year": "yr", "pixel": "px", "rpm": "rpm", "molar": "M", "micron": "µm", "kilogram": "kg",
    "clight": "c", "elementarycharge": "e", "planckbar": "ℏ", "of": "",
}  # fmt: skip
#: Units that stand without a space behind their number.
_ATTACHED = frozenset(("°", "′", "″", "%"))
_MACRO = re.compile(r"\\([A-Za-z]+)\s*(?:\{([^{}\\]{0,20})\})?|([^\\]+)")
_POWERS_BEFORE = {"square": "²", "cubic": "³"}
_POWERS_BEHIND = {"squared": "²", "cubed": "³"}


def unit(source: str) -> str:
    r"""Return `\kilo\metre\per\second` as "km/s"; an unknown macro reads as its name, as in `\GHz`."""
    shown, prefix, power, divided = "", "", "", False
    for name, argument, plain in _MACRO.findall(source):
        if name in _PREFIXES:
            prefix = _PREFIXES[name]
        elif name in _POWERS_BEFORE or name == "raiseto":
            power = _POWERS_BEFORE.get(name) or script("^", argument, glued=False)
        elif name in _POWERS_BEHIND or name == "tothe":
            shown += _POWERS_BEHIND.get(name) or script("^", argument, glued=False)
        elif name == "per":
            # One stroke; everything behind it is a divisor.
            shown, divided = shown + "/" * (not divided), True
        else:
            joins = "·" if shown and name and shown[-1] != "/" else ""
            shown, prefix, power = shown + joins + prefix + _symbol(name, plain) + power, "", ""
    above, stroke, below = shown.strip("· ").partition("/" if divided else "\0")
    return f"{above}{stroke}({below})" if "·" in below else above + stroke + below


def _symbol(name: str, plain: str) -> str:
    if plain:
        return re.sub(r"[.~]+", "·", plain.strip()).replace("{", "").replace("}", "")
    return _UNITS.get(name, symbols.SYMBOLS.get(name, name))


def number(source: str) -> str:
    """Return a number as siunitx prints it: `2.5e3` is 2.5×10³, `1+-0.2` is 1±0.2, `3x4` is 3×4."""
    tight = re.sub(r"\s+", "", source).replace("\\pm", "±").replace("+-", "±").replace("\\times", "×")
    tight = re.sub(r"(?<=\d)x(?=[\d.+-])", "×", tight)
    found = re.fullmatch(r"(.*?)[eEdD]([+-]?\d{1,4})", tight)
    if not found:
        return tight
    power = f"10{script('^', found[2].removeprefix('+'), glued=False)}"
    return f"{found[1]}×{power}" if found[1] else power


def _with_unit(value: str, shown: str) -> str:
    return value + ("" if not shown or shown in _ATTACHED else " ") + shown


def _quantity(groups: Sequence[str]) -> str:
    return _with_unit(number(groups[0]), unit(groups[1]))


def _range(groups: Sequence[str]) -> str:
    return _with_unit(f"{number(groups[0])} to {number(groups[1])}", unit(groups[2] if len(groups) > 2 else ""))


def _list(groups: Sequence[str]) -> str:
    *first, last = (number(item) for item in groups[0].split(";"))
    shown = f"{', '.join(first)} and {last}" if first else last
    return _with_unit(shown, unit(groups[1] if len(groups) > 1 else ""))


def _angle(groups: Sequence[str]) -> str:
    parts = zip(groups[0].split(";"), "°′″", strict=False)
    return "".join(number(part) + sign for part, sign in parts if part.strip())


#: For each macro, how many groups it takes and how they read.
QUANTITIES: Mapping[str, tuple[int, Callable[[Sequence[str]], str]]] = {
    "SI": (2, _quantity), "qty": (2, _quantity), "num": (1, lambda groups: number(groups[0])),
    "si": (1, lambda groups: unit(groups[0])), "unit": (1, lambda groups: unit(groups[0])),
    "SIrange": (3, _range), "qtyrange": (3, _range), "numrange": (2, _range), "SIlist": (2, _list),
    "qtylist": (2, _list), "numlist": (1, _list), "ang": (1, _angle), "qtyproduct": (2, _quantity),
    "numproduct": (1, lambda groups: number(groups[0])), "complexnum": (1, lambda groups: number(groups[0])),
}  # fmt: skip
