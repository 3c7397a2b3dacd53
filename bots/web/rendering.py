"""Renders the pages of the site in the shell that they share: header, navigation, footer."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bots.domain.replies import Problem, Trouble
from bots.domain.sign_ins import OPERATOR_PLATFORM
from bots.pages.html import Templates
from bots.presentation import digest_text
from bots.web.assets import addresses
from bots.web.sessions import form_token
from bots.web.site import Site
from bots.web.visits import Answer, Visit

_log = logging.getLogger(__name__)

#: Seconds for which a browser shows a page again without asking, as when a reader goes back to a list.
_FRESH = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry of the navigation."""

    name: str
    address: str
    #: Further paths whose pages belong to it.
    also: tuple[str, ...] = ()


NAVIGATION = (
    Entry(name="Trending", address="/", also=("/day", "/week", "/month")),
    Entry(name="Search", address="/search"),
    Entry(name="Paste", address="/paste"),
)


@cache
def _templates() -> Templates:
    return Templates("bots.web")


def page(
    site: Site, visit: Visit, template: str, title: str, *, status: int = 200, has_form: bool = False, **values: object
) -> Answer:
    """Return a page, made from a template that extends `shell.html`.

    Args:
        site: the site.
        visit: the request.
        template: the name of the template.
        title: the heading, and the title in the browser.
        status: the HTTP status.
        has_form: whether the page has a form that is posted: then `form_token` is its token, and the browser gets the
            cookie that belongs to it.
        values: what the template shows; every text is escaped.
    """
    token = form_token(visit.session, secret=site.secret, now=visit.now) if has_form else ""
    html = _templates().render(
        template, title=title, assets=addresses(), navigation=_entries(site, visit), form_token=token, **values
    )
    # What a person sees who is signed in must not be shown again after signing out.
    fresh = 0 if has_form or status != 200 or visit.person else _FRESH
    return Answer(body=html, status=status, keeps_session=has_form, fresh_seconds=fresh)


def digest_html(payload: Mapping[str, object]) -> str:
    """Return a published digest as a part of a page, as it was composed."""
    return _templates().render("digest.html", digest=payload)


def problem_lines(problem: Problem) -> tuple[str, ...]:
    """Return what went wrong as anyone on the internet may read it: only what they can change themselves."""
    if problem.kind in (Trouble.REQUEST, Trouble.MISSING):
        return digest_text.problem_lines(problem)
    _log.warning("a page could not be served", extra={"error": problem.message})
    return ("This does not work at present, and the operator's log says why.", "Try again in a few minutes.")


def said_page(site: Site, visit: Visit, title: str, *lines: str, status: int = 200) -> Answer:
    """Return a page that says something."""
    return page(site, visit, "said.html", title, status=status, lines=lines)


def _entries(site: Site, visit: Visit) -> Sequence[tuple[str, str, bool]]:
    """Return the navigation: name, address, and whether the page belongs to it."""
    entries = [*NAVIGATION]
    if site.settings.channels:
        entries.append(Entry(name="Channels", address="/channels", also=("/channel",)))
    if visit.person and visit.person.platform != OPERATOR_PLATFORM:
        entries.append(Entry(name="Mine", address="/mine"))
    if visit.person and visit.person.operator:
        entries.append(Entry(name="Operate", address="/operator"))
    if site.settings.sign_up:
        entries.append(Entry(name="By e-mail", address=site.settings.sign_up))
    if site.signs_in:
        entries.append(Entry(name="Sign out" if visit.person else "Sign in", address="/sign-in"))
    return [(each.name, each.address, _holds(each, visit.path)) for each in entries]


def _holds(entry: Entry, path: str) -> bool:
    """Return whether a page belongs to an entry; to the first page belongs nothing else."""
    below = (f"{each}/" for each in (entry.address, *entry.also) if each != "/")
    return path in (entry.address, *entry.also) or path.startswith(tuple(below))
