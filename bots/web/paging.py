"""The pages of a long list. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass

from bots.web.addresses import with_query


@dataclass(frozen=True, kw_only=True, slots=True)
class Pages:
    """One page of a list, and the way to its neighbours."""

    #: From 1.
    number: int
    of: int
    total: int
    #: Addresses; empty where there is no such page.
    before: str = ""
    after: str = ""
    per_page: int = 15

    @property
    def first(self) -> int:
        """The number of the first item on the page, from 1."""
        return (self.number - 1) * self.per_page + 1


def read_page(text: str) -> int:
    """Return the number of the page that an address asks for; 1 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= 6 and int(text) > 0 else 1


def pages(number: int, total: int, per_page: int, path: str, query: Mapping[str, object]) -> Pages:
    """Return a page of a list, the last one if there are fewer.

    Args:
        number: the page that was asked for, from 1.
        total: the number of items on all pages.
        per_page: the number of items on one.
        path: the path of the list.
        query: what the addresses of all its pages have in common.
    """
    last = max(1, -(-total // per_page))
    number = min(number, last)

    def address(page: int) -> str:
        return with_query(path, {**query, "page": page if page > 1 else ""})

    return Pages(
        number=number,
        of=last,
        total=total,
        before=address(number - 1) if number > 1 else "",
        after=address(number + 1) if number < last else "",
        per_page=per_page,
    )
