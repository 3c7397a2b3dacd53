"""What belongs to one workspace is on no page, whatever is asked for."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bots.domain.channels import Channel
from bots.domain.papers import Paper, PaperId
from bots.testing.looping import in_loop
from bots.web.routes import ROUTES
from bots.web.visits import Need
from tests.support import hostile
from tests.support.factories import a_paper
from tests.web.conftest import Browser, a_browser
from tests.web.scenes import numbered, post

#: The open channel is in the same workspace as a closed one, and beside one of another workspace.
OPEN = Channel(platform="slack", workspace="T1", channel="open")
PLACES = (OPEN, Channel(platform="slack", workspace="T1", channel="closed"), Channel(platform="discord", channel="c3"))
_SECRET = "zirconium"
_DAY = date(2026, 11, 20)

#: Every address of the site with what can be filled in; a new route must be named here.
ADDRESSES = {
    "/": ["/"],
    "/{span:day|week|month}": ["/day", "/week", "/month"],
    "/{span:day|week|month}/{name}": ["/day/2026-11-20", "/week/2026-W47?sort=newest", "/month/2026-11"],
    "/search": [f"/search?q={_SECRET}", "/search?q=paper&author=Secretive", "/search?like={id}", "/search?q={id}"],
    "/paper/{id:.+}": ["/paper/{id}", "/paper/{id}?style=structured", "/paper/{id}?as=bibtex", "/paper/{id}?as=ris"],
    "/channels": ["/channels"],
    "/channel/{slug}": ["/channel/open", "/channel/closed", "/channel/c3", "/channel/slack:T1:closed"],
    "/paste": ["/paste"],
    "/sign-in": ["/sign-in"],
    "/sign-in/token": [],
    "/sign-in/{platform:slack|discord}": ["/sign-in/slack"],
    "/sign-in/{platform:slack|discord}/done": ["/sign-in/slack/done?code=x&state=y"],
    "/sign-out": [],
}


def test_every_route_has_addresses() -> None:
    """Each route for everyone is asked below; the others in test_mine.py."""
    assert {route.path for route in ROUTES if route.needs is Need.NOBODY} == ADDRESSES.keys()


def draft(number: int, place: Channel) -> Paper:
    """Return a private paper of a place, with the word that no public paper has."""
    named = PaperId(scheme="text", value=f"{number:08}")
    return a_paper(id=named, title=f"Draft on {_SECRET} {place.channel}", abstract=f"We hide {_SECRET} in {place}.",
                   authors=(f"{_SECRET} Secretive",), private=True, code="", url="")  # fmt: skip


async def live(browser: Browser, number: int, *, shared: bool) -> list[Paper]:
    """Store and post private papers in every place; return them.

    Args:
        browser: the site.
        number: a part of their ids.
        shared: whether a public record has the same id as the first one.
    """
    drafts = [draft(number + each, place) for each, place in enumerate(PLACES)]
    for paper, place in zip(drafts, PLACES, strict=True):
        await browser.store.remember([paper], source="file:drafts.bib", day=_DAY, place=place)
        await post(browser, place, paper)
    await browser.store.remember([numbered(1)], source="told", day=_DAY, place=None)
    if shared:
        public = numbered(2, id=drafts[0].id)
        await browser.store.remember([public], source="told", day=_DAY, place=None)
    while await browser.bench.service.search_index.fill():
        pass
    return drafts


@settings(parent=hostile.patient, max_examples=8)
@given(number=st.integers(min_value=0, max_value=9_999), shared=st.booleans())
@in_loop
async def test_no_page_shows_a_private_paper(number: int, shared: bool) -> None:
    """On every page, nothing is found of any private paper, even if it has the id of a public one or was posted."""
    async with a_browser(channels=(("open", OPEN),)) as browser:
        drafts = await live(browser, number, shared=shared)
        for pattern in (each for many in ADDRESSES.values() for each in many):
            for paper in drafts if "{id}" in pattern else drafts[:1]:
                page = await browser.get(pattern.replace("{id}", str(paper.id)))
                # A search shows the words that were searched for, and leads to their feed.
                shown = page.html.replace(f'value="{_SECRET}"', "").replace(f'.atom?q={_SECRET}"', "")
                assert _SECRET not in shown, pattern
                assert "closed" not in shown or "/channel" in pattern
    assert 3 == len(drafts)


async def test_a_private_record_of_a_public_paper_adds_nothing() -> None:
    """A paper that a workspace also has in a private file is shown as its public source gives it."""
    async with a_browser(channels=(("open", OPEN),)) as browser:
        public = numbered(1, authors=())
        await browser.store.remember([public], source="told", day=_DAY, place=None)
        mine = replace(public, authors=(f"{_SECRET} Secretive",), venue=_SECRET, private=True)
        await browser.store.remember([mine], source="file:drafts.bib", day=_DAY, place=OPEN)
        await post(browser, OPEN, public)
        feed = f"/feeds/channel/{OPEN}.json"
        for address in ("/day/2026-11-20", f"/paper/{public.id}", "/channel/open", feed):
            page = await browser.get(address)
            assert "Paper number 1" in page.html
            assert _SECRET not in page.html
