"""Search with filters, sorting and pages, and the papers that are like one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bots.domain.errors import RequestError
from bots.domain.papers import Paper, PaperId
from bots.domain.requests import SearchOrder
from bots.presentation import digest_text
from bots.usecases.problems import problem
from bots.web.addresses import with_query
from bots.web.cards import card
from bots.web.finding import MOST_FOUND, Findings, Sought, find, related
from bots.web.lists import PER_PAGE
from bots.web.paging import pages, read_page
from bots.web.rendering import page, problem_lines, said_page
from bots.web.site import SEARCH_SHARED, Route, Site
from bots.web.visits import Answer, Visit

_MISSING, _WRONG = 404, 422
#: Characters of the words; a longer text was pasted by mistake.
_LONGEST = 500
#: Characters of a filter.
_LONGEST_FILTER = 60
_ORDERS = {
    SearchOrder.RELEVANCE: "Best match",
    SearchOrder.NEWEST: "Newest",
    SearchOrder.UPVOTES: "Most upvoted",
    SearchOrder.CITED: "Most cited",
}
_FIELDS = ("q", "author", "category", "since", "until", "upvotes", "code", "order")


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """The form of the search as it is filled in."""

    values: Mapping[str, str]

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Form":
        """Return the form from an address."""
        given = {name: " ".join(query.get(name, "").split()) for name in _FIELDS}
        return cls(values={name: text[: _LONGEST if name == "q" else _LONGEST_FILTER] for name, text in given.items()})

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not any(text for name, text in self.values.items() if name != "order")

    @property
    def has_filters(self) -> bool:
        """Whether any filter is set."""
        return any(text for name, text in self.values.items() if name not in ("q", "order"))

    @property
    def order(self) -> SearchOrder:
        """The order of the papers."""
        asked = self.values["order"]
        return SearchOrder(asked) if asked in list(SearchOrder) else SearchOrder.RELEVANCE

    @property
    def only(self) -> str:
        """The filters as a query."""
        values = self.values
        parts = [
            f'au:"{_bare(values["author"])}"' if _bare(values["author"]) else "",
            f'cat:"{_bare(values["category"])}"' if _bare(values["category"]) else "",
            _years(_number(values["since"]), _number(values["until"])),
            f"upvotes:>={number}" if (number := _number(values["upvotes"])) else "",
            "has:code" if values["code"] else "",
        ]
        return " ".join(filter(None, parts))

    @property
    def sought(self) -> Sought:
        """What to search for."""
        return Sought(words=self.values["q"], only=self.only, order=self.order)


def _bare(text: str) -> str:
    """Return the text of a filter without quotes, which would end it."""
    return " ".join("".join(char if char.isalnum() or char in ".-'" else " " for char in text).split())


def _number(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) <= 6 else ""


def _years(since: str, until: str) -> str:
    if since and until:
        return f"year:{min(since, until)}-{max(since, until)}"
    return f"year:>={since}" if since else f"year:<={until}" if until else ""


async def search(site: Site, visit: Visit) -> Answer:
    """Return the form, and what it finds."""
    if visit.query.get("like"):
        return await _alike(site, visit, visit.query["like"])
    form = Form.of(visit.query)
    if form.is_empty:
        return _page(site, visit, form)
    number = min(read_page(visit.query.get("page", "")), MOST_FOUND // PER_PAGE + 1)
    try:
        found = await find(site, form.sought, client=visit.client, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    except RequestError as error:
        return _page(site, visit, form, wrong=problem_lines(problem(error)))
    return await _found(site, visit, form, found, number)


async def _found(site: Site, visit: Visit, form: Form, found: Findings, number: int) -> Answer:
    paging = pages(number, found.total, PER_PAGE, "/search", form.values)
    cards = [card(entry) for entry in await site.lists.entries(found.papers)]
    capped = found.total >= MOST_FOUND
    return _page(site, visit, form, cards=cards, pages=paging, notes=found.notes, capped=capped, searched=True)


def _page(site: Site, visit: Visit, form: Form, *, wrong: Sequence[str] = (), **values: object) -> Answer:
    plain: dict[str, Any] = {"cards": (), "pages": None, "notes": (), "capped": False, "searched": False}
    orders = [(each.value, name, each is form.order) for each, name in _ORDERS.items()]
    return page(
        site,
        visit,
        "search.html",
        "Search",
        status=_WRONG if wrong else 200,
        form=form.values,
        has_filters=form.has_filters,
        orders=orders,
        wrong=wrong,
        **{**plain, **values},
    )


async def _alike(site: Site, visit: Visit, written: str) -> Answer:
    """Return the papers that are like one."""
    scheme, _, value = written.partition(":")
    known = await site.service.store.public_papers([PaperId(scheme=scheme, value=value)])
    if not known:
        return said_page(site, visit, "This paper is not known here", "Search for it by its title.", status=_MISSING)
    return await _near(site, visit, known[0])


async def _near(site: Site, visit: Visit, paper: Paper) -> Answer:
    cards = [card(entry) for entry in await site.lists.entries(await related(site, paper))]
    return page(
        site,
        visit,
        "alike.html",
        f"Like “{digest_text.title_of(paper)}”",
        cards=cards,
        of=card((await site.lists.entries([paper]))[0]),
        again=with_query("/search", {}),
    )


ROUTES = (Route(method="GET", path="/search", view=search, shared_seconds=SEARCH_SHARED),)
