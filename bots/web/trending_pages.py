"""The trending list of a day, a week or a month."""

from bots.web.rendering import page
from bots.web.site import Route, Site
from bots.web.visits import Answer, Visit


async def trending(site: Site, visit: Visit) -> Answer:
    """Return the list of papers, the most upvoted first."""
    return page(site, visit, "trending.html", "Trending papers")


ROUTES = (Route(method="GET", path="/", view=trending),)
