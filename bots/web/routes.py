"""Every address of the site, and the view that answers there."""

from bots.web import (
    channel_pages,
    mine_pages,
    operator_pages,
    operator_runs_pages,
    operator_subscription_pages,
    paper_pages,
    paste_pages,
    search_pages,
    sign_in_pages,
    trending_pages,
)
from bots.web.site import Route

ROUTES: tuple[Route, ...] = (
    *trending_pages.ROUTES,
    *search_pages.ROUTES,
    *paper_pages.ROUTES,
    *channel_pages.ROUTES,
    *paste_pages.ROUTES,
    *sign_in_pages.ROUTES,
    *mine_pages.ROUTES,
    *operator_pages.ROUTES,
    *operator_subscription_pages.ROUTES,
    *operator_runs_pages.ROUTES,
)
