"""arXiv's announcement calendar: submissions close at 14:00 in New York; a day's list appears the evening before."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bots.translation.speech import gettext_lazy

NEW_YORK = ZoneInfo("America/New_York")
_DEADLINE = time(14, 0)
# For each weekday of a list (Monday is 0): how many days before it the submission period starts and ends. Submissions
# from Friday and the weekend are announced in Tuesday's list, Thursday's in Monday's list:
# info.arxiv.org/help/availability.html
_BACK = {0: (4, 3), 1: (4, 1), 2: (2, 1), 3: (2, 1), 4: (2, 1)}
#: Evenings without an announcement that are not a Friday or Saturday, as arXiv had published them in November 2026:
#: info.arxiv.org/help/availability.html (the next day has no list).
_SILENT_EVENINGS = frozenset({date(2026, 11, 26), date(2026, 12, 29), date(2026, 12, 31)})


def no_list(day: date) -> str:
    """Return why arXiv has no list for a day, in one sentence; empty if a list is expected."""
    if day.weekday() not in _BACK:
        return gettext_lazy("arXiv lists nothing on Saturdays and Sundays.")
    if day - timedelta(days=1) in _SILENT_EVENINGS:
        return gettext_lazy("arXiv announced nothing on the evening before, because of a holiday.")
    return ""


def submitted_for(day: date) -> tuple[datetime, datetime] | None:
    """Return the start and end (UTC) of the submission period of a day's list; None for a day without a list.

    This is an approximation: holidays shift the period, and a paper that a moderator holds appears days later.
    """
    back = _BACK.get(day.weekday())
    if back is None:
        return None
    first, last = (datetime.combine(day - timedelta(days=days), _DEADLINE, NEW_YORK) for days in back)
    return first.astimezone(UTC), last.astimezone(UTC)
