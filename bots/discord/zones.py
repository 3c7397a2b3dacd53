"""The time zones in the menu of the subscription window, and a guess at a person's. Pure functions."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bots.translation.formats import city_text

#: Cities with many universities, by their names in the tz database, one for most offsets; a menu holds 25 options.
_COMMON = tuple(
    """
    UTC
    America/Los_Angeles America/Denver America/Chicago America/New_York America/Toronto America/Sao_Paulo
    Europe/London Europe/Paris Europe/Berlin Europe/Zurich Europe/Stockholm Europe/Athens Europe/Istanbul
    Africa/Lagos Africa/Johannesburg
    Asia/Jerusalem Asia/Dubai Asia/Kolkata Asia/Singapore Asia/Shanghai Asia/Tokyo Asia/Seoul
    Australia/Sydney
    """.split()
)
#: Where each language is mostly spoken: a guess that the person can change in the menu.
_OF_LANGUAGES: Mapping[str, str] = {
    "de": "Europe/Berlin", "fr": "Europe/Paris", "es-ES": "Europe/Madrid", "ja": "Asia/Tokyo",
    "zh-CN": "Asia/Shanghai", "zh-TW": "Asia/Taipei", "ko": "Asia/Seoul", "it": "Europe/Rome", "pl": "Europe/Warsaw",
    "nl": "Europe/Amsterdam", "sv-SE": "Europe/Stockholm", "da": "Europe/Copenhagen", "no": "Europe/Oslo",
    "fi": "Europe/Helsinki", "cs": "Europe/Prague", "hu": "Europe/Budapest", "ro": "Europe/Bucharest",
    "tr": "Europe/Istanbul", "el": "Europe/Athens", "uk": "Europe/Kyiv", "bg": "Europe/Sofia", "hi": "Asia/Kolkata",
    "th": "Asia/Bangkok", "vi": "Asia/Ho_Chi_Minh", "en-GB": "Europe/London",
}  # fmt: skip


def zone_of(locale: str, *, last: ZoneInfo | None, default: ZoneInfo) -> ZoneInfo:
    """Return the time zone for a new subscription: the server's last one, else a guess, since Discord sends none."""
    return last or (ZoneInfo(_OF_LANGUAGES[locale]) if locale in _OF_LANGUAGES else default)


def zone_options(chosen: str) -> dict[str, str]:
    """Return the time zones of the menu: name to label, the chosen one first."""
    return {name: _label(name) for name in dict.fromkeys((chosen, *_COMMON))}


def _label(name: str) -> str:
    return f"{city_text(ZoneInfo(name))} ({name})" if "/" in name else name
