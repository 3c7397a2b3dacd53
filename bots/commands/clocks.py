"""Reads times of day as people write them: 9am, 9:00 a.m., 9.30, 0900, 9 Uhr, 9h30, noon, and lists of them."""

import re
from collections.abc import Mapping, Sequence
from datetime import time

from bots.commands.topics import parts_of, shown
from bots.domain.errors import BadQuery
from bots.domain.subscriptions import MOST_TIMES, Hours
from bots.translation.speech import gettext

#: Words for the half of the day, in the languages of the commands; the longer forms come first.
_MORNING = (
    r"a\.?\s?m\.?|in the morning|(?:am )?vormittags?|morgens|du matin|de la mañana|por la mañana|午前|上午|早上|早"
)
_EVENING = (
    r"p\.?\s?m\.?|in the (?:afternoon|evening)|nachmittags|abends|de l['’]après-midi|du soir|de la (?:tarde|noche)"
    r"|午後|下午|晚上|夜"
)
_BEFORE = r"(?:(?P<early>午前|上午|早上)|(?P<late>午後|下午|晚上))?\s*"
_HOUR = r"(?P<hour>[0-9]{1,2})"
_CLOCK = re.compile(
    rf"{_BEFORE}(?:{_HOUR}(?:\s*(?:[:.：h時时点]|uhr)\s*(?P<minute>[0-9]{{2}})(?:[分:]00|分)?)?|(?P<run>[0-9]{{3,4}}))"
    rf"(?P<half_past>\s*[時时点]半)?\s*(?P<mark>uhr|heures?|horas?|hrs?|hours|h|時|时|点|o['’]?\s?clock)?\s*"
    rf"(?:(?P<am>{_MORNING})|(?P<pm>{_EVENING}))?",
    re.IGNORECASE,
)
_NAMED: Mapping[str, time] = {
    **dict.fromkeys(
        ("noon", "midday", "12 noon", "mittag", "mittags", "midi", "mediodía", "mediodia", "正午", "中午"), time(12)
    ),
    **dict.fromkeys(
        ("midnight", "12 midnight", "mitternacht", "minuit", "medianoche", "深夜0時", "午夜", "半夜"), time(0)
    ),
}
_BETWEEN = re.compile(r"\s*(?:[,;+&、，]|\b(?:and|und|et|y|or)\b)\s*", re.IGNORECASE)
#: Hours that people say of the morning and of the afternoon alike, where they say no more than the hour.
_EITHER_HALF = range(1, 7)
#: "9 in the afternoon"
_MOST_WORDS = 4
_RANGE = re.compile(r"\s*(?:[-–—]|\b(?:to|till?|until|bis)\b)\s*", re.IGNORECASE)
_LEADING = re.compile(r"^(?:from|between|von)\s+", re.IGNORECASE)


def is_announced(value: str) -> bool:
    """Return whether the digest is to follow the publication of the day's lists."""
    return value.strip().lower() in ("announced", "when announced", "as announced")


def times_of(value: str) -> tuple[time, ...]:
    """Return the times of day in `at=`, sorted; none for `announced`.

    Raises:
        BadQuery: a part is no time of day, or there are more than `MOST_TIMES`.
    """
    if is_announced(value):
        return ()
    times = {
        clock_of(part, gettext("9am, 9:30 or 17:30; several with commas, or “announced” alone"))
        for part in parts_of(_listed(value), "at")
    }
    if len(times) > MOST_TIMES:
        raise BadQuery(
            gettext(
                "{given} times of day are too many: a subscription has at most {most}.",
                given=len(times),
                most=MOST_TIMES,
            ),
            hint=gettext("Lists change once a day, so that one or two times bring everything: 9:00, 17:00."),
        )
    return tuple(sorted(times))


def _listed(value: str) -> str:
    """Return a list of times with commas between them; "9:00 10:00" is two times, "9 am" is one."""
    if time_at(value) is not None:
        return value
    return ", ".join(piece for part in _BETWEEN.split(value) for piece in _apart(part))


def _apart(part: str) -> Sequence[str]:
    """Return the times in "9 am 5 pm", each the longest that is one; the part itself if it is not all times."""
    words, pieces, start = part.split(), list[str](), 0
    while start < len(words):
        ends = range(min(start + _MOST_WORDS, len(words)), start, -1)
        end = next((end for end in ends if time_at(" ".join(words[start:end])) is not None), None)
        if end is None:
            return (part,)
        pieces.append(" ".join(words[start:end]))
        start = end
    return pieces or (part,)


def clock_of(text: str, example: str) -> time:
    """Return a time of day, as in 9:30, 09.30, 0930 or 5 pm.

    Args:
        example: shown in the hint of the error.

    Raises:
        BadQuery: the text is no time of day.
    """
    clock = time_at(text)
    if clock is None:
        hint = gettext("Write a time from 0:00 to 23:59: {example}.", example=example)
        raise BadQuery(gettext("“{text}” is no time of day.", text=shown(text)), hint=hint)
    return clock


def time_at(text: str) -> time | None:
    """Return the time of day that a text is, whole; None if it is none."""
    asked = " ".join(text.split()).strip(".,;").lower() if not text.lower().rstrip().endswith("m.") else text.strip()
    if asked.lower() in _NAMED:
        return _NAMED[asked.lower()]
    found = _CLOCK.fullmatch(asked)
    if found is None:
        return None
    run = found["run"] or ""
    hour, minute = int(run[:-2] or found["hour"]), int(run[-2:] or found["minute"] or 0)
    early, late = found["am"] or found["early"], found["pm"] or found["late"]
    if (early or late) and not 1 <= hour <= 12:
        return None
    if early or late:
        hour = hour % 12 + (12 if late else 0)
    minute = 30 if found["half_past"] else minute
    return time(hour, minute) if hour <= 23 and minute <= 59 else None


def says_time(text: str) -> bool:
    """Return whether a text can only be a time of day: "9am" and "17:30" can, "9" may be any number."""
    asked = text.strip().lower()
    found = _CLOCK.fullmatch(asked)
    marks = ("minute", "mark", "am", "pm", "early", "late", "half_past")
    return asked in _NAMED or (found is not None and any(found[name] for name in marks) and time_at(text) is not None)


def is_of_either_half(text: str) -> bool:
    """Return whether a text is an hour alone that may be of the morning or of the afternoon: "5"."""
    return text.strip().isascii() and text.strip().isdecimal() and int(text) in _EITHER_HALF and text.strip()[0] != "0"


def times_in(text: str) -> tuple[str, ...]:
    """Return the parts of a text that lists times of day and nothing else; none for any other text."""
    parts = [piece.strip() for piece in _listed(text).split(",") if piece.strip()]
    return tuple(parts) if parts and all(time_at(part) is not None for part in parts) else ()


def quiet_hours(value: str) -> Hours:
    """Return the range of hours in `quiet=`.

    Raises:
        BadQuery: the text is no range, or its ends are equal.
    """
    ends = _RANGE.split(_LEADING.sub("", value.strip()), maxsplit=1)
    if len(ends) == 1:
        ends = re.split(r"\s+and\s+", _LEADING.sub("", value.strip()), maxsplit=1)
    start, end = (time_at(ends[0]), time_at(ends[1])) if len(ends) == 2 else (None, None)
    if start is None or end is None:
        raise BadQuery(
            gettext("“{text}” is no range of hours.", text=shown(value)),
            hint=gettext("Write a start and an end: 22:00-07:00."),
        )
    if start == end:
        raise BadQuery(
            gettext("“{text}” starts and ends at the same time.", text=shown(value)),
            hint=gettext("Write two different times: 22:00-07:00. To stop all digests, pause the subscription."),
        )
    return Hours(start=start, end=end)
