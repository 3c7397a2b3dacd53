"""Wrong clocks of the machine that runs the program; each platform's own clock is right."""

from collections.abc import Mapping
from typing import Any

_MINUTES, _DAY = 300.0, 86_400.0
#: Later than any clock here: a part that is too late is given up, which is right, but shows nothing about a search.
WINDOW = 4 * _DAY
#: How the machine's clock differs from the platform's: arguments of `set_scene`. A clock that is set jumps between a
#: post and the search for its message, and jumps back at the next start.
CLOCKS: Mapping[str, Mapping[str, Any]] = {
    "5 min fast": {"ahead": _MINUTES},
    "5 min slow": {"ahead": -_MINUTES},
    "a day fast": {"ahead": _DAY},
    "a day slow": {"ahead": -_DAY},
    "set forward 5 min": {"jump": _MINUTES, "jump_at": "post:before"},
    "set back 5 min": {"jump": -_MINUTES, "jump_at": "post:before"},
    "set forward a day": {"jump": _DAY, "jump_at": "post:before"},
    "set back a day": {"jump": -_DAY, "jump_at": "post:before"},
    "another at each start": {"aheads": (0.0, _MINUTES, -_MINUTES, _DAY, -_DAY)},
}
