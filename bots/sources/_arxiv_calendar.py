"""When arXiv announces what: submissions close at 14:00 in New York, the list of a day comes out the evening before."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
_DEADLINE = time(14, 0)
# Weekday of the list (Monday 0): days back to the deadlines its submissions lie between. Friday's and the weekend's
# submissions come out on Tuesday, Thursday's on Monday: info.arxiv.org/help/availability.html
_BACK = {0: (4, 3), 1: (4, 1), 2: (2, 1), 3: (2, 1), 4: (2, 1)}
#: Evenings on which arXiv announces nothing although they are no Friday or Saturday, as far as it has said so:
#: info.arxiv.org/help/availability.html in November 2026. The list of the day after is missing.
_SILENT_EVENINGS = frozenset({date(2026, 11, 26), date(2026, 12, 29), date(2026, 12, 31)})


def no_list(day: date) -> str:
    """Return why arXiv has no list of a day, in one sentence; empty for a day on which one is to be expected."""
    if day.weekday() not in _BACK:
        return "arXiv lists nothing on Saturdays and Sundays."
    if day - timedelta(days=1) in _SILENT_EVENINGS:
        return "arXiv announced nothing on the evening before, because of a holiday."
    return ""


def submitted_for(day: date) -> tuple[datetime, datetime] | None:
    """Return between which instants (UTC) the papers of a day's list were submitted; None for a day without a list.

    Holidays shift it, and a paper held by a moderator comes days later: an approximation.
    """
    back = _BACK.get(day.weekday())
    if back is None:
        return None
    first, last = (datetime.combine(day - timedelta(days=days), _DEADLINE, NEW_YORK) for days in back)
    return first.astimezone(UTC), last.astimezone(UTC)
