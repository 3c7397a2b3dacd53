"""The time zones on offer in the subscription form: a city of each common one. Pure functions."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bots.translation.formats import city_text

#: Cities with many universities, by their names in the tz database; a menu holds a hundred options.
_COMMON = tuple(
    """
    UTC
    Africa/Accra Africa/Addis_Ababa Africa/Algiers Africa/Cairo Africa/Casablanca Africa/Johannesburg Africa/Lagos
    Africa/Nairobi Africa/Tunis
    America/Anchorage America/Argentina/Buenos_Aires America/Bogota America/Caracas America/Chicago America/Denver
    America/Edmonton America/Halifax America/Lima America/Los_Angeles America/Mexico_City America/Montevideo
    America/New_York America/Phoenix America/Santiago America/Sao_Paulo America/St_Johns America/Toronto
    America/Vancouver
    Asia/Almaty Asia/Baku Asia/Bangkok Asia/Colombo Asia/Dhaka Asia/Dubai Asia/Ho_Chi_Minh Asia/Hong_Kong Asia/Jakarta
    Asia/Jerusalem Asia/Kabul Asia/Karachi Asia/Kathmandu Asia/Kolkata Asia/Kuala_Lumpur Asia/Manila Asia/Riyadh
    Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Taipei Asia/Tashkent Asia/Tehran Asia/Tokyo Asia/Yangon Asia/Yerevan
    Atlantic/Reykjavik
    Australia/Adelaide Australia/Brisbane Australia/Darwin Australia/Melbourne Australia/Perth Australia/Sydney
    Europe/Amsterdam Europe/Athens Europe/Belgrade Europe/Berlin Europe/Brussels Europe/Bucharest Europe/Budapest
    Europe/Copenhagen Europe/Dublin Europe/Helsinki Europe/Istanbul Europe/Kyiv Europe/Lisbon Europe/Ljubljana
    Europe/London Europe/Luxembourg Europe/Madrid Europe/Moscow Europe/Oslo Europe/Paris Europe/Prague Europe/Riga
    Europe/Rome Europe/Sofia Europe/Stockholm Europe/Tallinn Europe/Vienna Europe/Vilnius Europe/Warsaw Europe/Zagreb
    Europe/Zurich
    Pacific/Auckland Pacific/Honolulu
    """.split()
)


def zone_options(chosen: str) -> Mapping[str, str]:
    """Return the time zones of a menu: name to label, the chosen one first."""
    return {name: _label(name) for name in dict.fromkeys((chosen, *_COMMON))}


def _label(name: str) -> str:
    return f"{city_text(ZoneInfo(name))} ({name})" if "/" in name else name
