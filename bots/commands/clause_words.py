"""The words of the clauses of a sentence about a digest: rhythms, parts of the day, orders, amounts. Tables."""

import re
from collections.abc import Mapping

from bots.translation.speech import gettext_noop

RHYTHMS: Mapping[str, str] = {
    **dict.fromkeys(
        ("weekly", "every week", "each week", "once a week", "wöchentlich", "best of the week", "the week's best"),
        "week",
    ),
    **dict.fromkeys(
        (
            "monthly",
            "every month",
            "each month",
            "once a month",
            "monatlich",
            "best of the month",
            "on the first of the month",
            "first of the month",
        ),
        "month",
    ),
}
#: Rhythms that no digest has.
NO_RHYTHM = re.compile(
    r"hourly|every (?:[0-9]+ |two |three |few |other )?hours?|(?:twice|two times|three times|several times) a day"
    r"|every (?:[0-9]+ |two |three |few |other |second )(?:days?|weeks?|months?)|bi-?weekly|fortnightly"
    r"|twice a (?:week|month)"
)
#: Parts of a day behind its name, and their hours where no time is said: a digest of the evening is read after work.
PARTS: Mapping[str, str] = {
    **dict.fromkeys(("morning", "mornings"), ""),
    **dict.fromkeys(("afternoon", "afternoons"), "15:00"),
    **dict.fromkeys(("evening", "evenings", "night", "nights"), "18:00"),
}
ORDERS: Mapping[str, str] = {
    **dict.fromkeys(("trending", "trending first", "what is trending", "most upvoted", "popular"), "trending"),
    **dict.fromkeys(("newest first", "latest first", "the newest first"), "newest"),
}
#: Names of weekdays and groups that may be mistyped; shorter ones are near to too many words.
TYPED_DAYS = (
    "monday", "mondays", "tuesday", "tuesdays", "wednesday", "wednesdays", "thursday", "thursdays", "friday", "fridays",
    "saturday", "saturdays", "sunday", "sundays", "weekday", "weekdays", "weekend", "weekends", "daily", "weekly",
    "monthly", "noon", "midnight",
)  # fmt: skip
AMOUNT = re.compile(
    r"(?:(?:the )?(?:top|best|first)|up to|at most|max(?:imum)?|only|just)?\s*(?P<number>[0-9]{1,4}|[a-z]{3,6})\s+"
    r"(?:best |top |new )?(?:papers?|articles?|preprints?|entries)|(?:the )?top\s+(?P<top>[0-9]{1,2})"
)
NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
#: What to write instead of a rhythm that no digest has.
RHYTHMS_HINT = gettext_noop(
    "It comes every day, on some days of the week, once a week or once a month, and at one time or at several: "
    "weekdays at 9:00 and 17:00."
)
