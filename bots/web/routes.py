"""Every address of the site, and the view that answers there."""

from bots.web import channel_pages, paper_pages, paste_pages, search_pages, trending_pages
from bots.web.site import Route

ROUTES: tuple[Route, ...] = (
    *trending_pages.ROUTES,
    *search_pages.ROUTES,
    *paper_pages.ROUTES,
    *channel_pages.ROUTES,
    *paste_pages.ROUTES,
)
