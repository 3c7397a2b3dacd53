"""Search with filters."""

from bots.web.rendering import page
from bots.web.site import Route, Site
from bots.web.visits import Answer, Visit


async def search(site: Site, visit: Visit) -> Answer:
    """Return the form, and what it finds."""
    return page(site, visit, "search.html", "Search")


ROUTES = (Route(method="GET", path="/search", view=search),)
