"""The trending list of a day, a week or a month."""

from bots.domain.subscriptions import SortBy
from bots.web.addresses import with_query
from bots.web.cards import card
from bots.web.lists import MOST_LISTED, PER_PAGE
from bots.web.paging import pages, read_page
from bots.web.periods import Period, Span, period_at, read_period
from bots.web.rendering import page, said_page
from bots.web.site import SHARED, Route, Site
from bots.web.visits import Answer, Visit, see

_MISSING = 404
_SORTS = {SortBy.TRENDING: "Most upvoted", SortBy.NEWEST: "Newest"}


async def newest(site: Site, visit: Visit) -> Answer:
    """Return the list of the last day that has one: today, if it is out."""
    day = await site.lists.newest_day(site.today)
    return await _listed(site, visit, period_at(Span.DAY, day or site.today))


async def of_period(site: Site, visit: Visit) -> Answer:
    """Return the list of the period that the address names."""
    span = Span(visit.parts["span"])
    period = read_period(span, visit.parts["name"])
    if period is None:
        return said_page(site, visit, f"There is no such {span}", "The address is wrong.", status=_MISSING)
    return await _listed(site, visit, period)


async def current(site: Site, visit: Visit) -> Answer:
    """Go to the list of the current period, or to that of a day that was picked."""
    span = Span(visit.parts["span"])
    picked = read_period(Span.DAY, visit.query.get("day", ""))
    return see(period_at(span, picked.first if picked else site.today).address)


async def _listed(site: Site, visit: Visit, period: Period) -> Answer:
    sort_by = SortBy.NEWEST if visit.query.get("sort") == SortBy.NEWEST else SortBy.TRENDING
    names = await site.lists.names(period, sort_by)
    query = {"sort": sort_by if sort_by is not SortBy.TRENDING else ""}
    paging = pages(read_page(visit.query.get("page", "")), len(names), PER_PAGE, period.address, query)
    entries = await site.lists.entries(await site.lists.papers(names, paging.number))
    return page(
        site,
        visit,
        "trending.html",
        "Trending papers",
        period=period,
        cards=[card(entry) for entry in entries],
        pages=paging,
        capped=len(names) == MOST_LISTED,
        spans=[(each.capitalize(), period_at(each, period.first).address, each is period.span) for each in Span],
        sorts=[(name, _sorted(period, each), each is sort_by) for each, name in _SORTS.items()],
        later=period.after if period.last < site.today else None,
        is_current=period.first <= site.today <= period.last,
        is_old=visit.path == "/" and period.last < site.today,
        today=site.today,
    )


def _sorted(period: Period, sort_by: SortBy) -> str:
    """Return the address of a period's list in an order."""
    return with_query(period.address, {"sort": sort_by if sort_by is not SortBy.TRENDING else ""})


_SPANS = "{span:day|week|month}"
ROUTES = (
    Route(method="GET", path="/", view=newest, shared_seconds=SHARED),
    Route(method="GET", path=f"/{_SPANS}", view=current),
    Route(method="GET", path=f"/{_SPANS}/{{name}}", view=of_period, shared_seconds=SHARED),
)
