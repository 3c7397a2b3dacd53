"""Instants as the operator's pages show them, in the site's time zone. Pure functions."""

from datetime import datetime

from bots.chat.phrases import clock_text, short_day
from bots.web.site import Site


def instant(site: Site, at: datetime | None) -> str:
    """Return "24 Nov 2026, 9:00"; empty for none."""
    if at is None:
        return ""
    local = at.astimezone(site.settings.timezone)
    return f"{short_day(local.date())}, {clock_text(local.time())}"
