"""A fake of bioRxiv's API on this machine, with the only call that the source uses, as at api.biorxiv.org.

It has the format of a response recorded in July 2026: strings for most numbers, 30 records a page, status 200 even
without a result, and a separate record for each version of a paper. The papers are invented.
"""

import re
import sys
from asyncio import run, to_thread
from typing import Any

from bots.testing import Answer, Call, LocalServer

PAGE = 30
#: A Wednesday with 33 posts of neuroscience and one of another category.
DAY = "2026-07-15"
_PATH = re.compile(r"/details/(?P<server>biorxiv|medrxiv)/(?P<first>[\d-]+)/(?P<last>[\d-]+)/(?P<place>\d+)/json")


def record(number: int, **changes: Any) -> dict[str, Any]:
    """Return one post in the format of the API."""
    return {
        "title": f"Postcards between neurons, part {number}",
        "authors": "Lovelace, A.; Hopper, G. M.; Noether, E.",
        "author_corresponding": "Ada Lovelace",
        "author_corresponding_institution": "Analytical Engine Institute",
        "doi": f"10.64898/2026.07.13.{738000 + number}",
        "date": DAY,
        "version": "1",
        "type": "new results",
        "license": "cc_by",
        "category": "neuroscience",
        "jatsxml": f"https://www.biorxiv.org/content/early/2026/07/15/2026.07.13.{738000 + number}.source.xml",
        "abstract": "BackgroundNeurons talk over slow links. We send postcards that carry only the strongest signals. "
        f"In {number + 12} mice the postcards arrive in half the time, at a cost of $5 a mouse.",
        "funder": "NA",
        "published": "NA",
        "server": "bioRxiv",
        **changes,
    }


POSTS = (
    *(record(number) for number in range(31)),
    # A new version of an old paper, a paper that a journal has published, and one of another category.
    record(31, version="3"),
    record(32, published="10.1038/s41586-026-00001-1"),
    record(33, category="cell biology"),
)


class FakeBiorxiv(LocalServer):
    """A fake of both servers, with the posts of one day."""

    def answer(self, call: Call) -> Answer:
        """Return the API's response to a call."""
        asked = _PATH.fullmatch(call.path)
        if asked is None:
            return Answer(status=404, value={"messages": [{"status": "not found"}]})
        category = call.params.get("category", "").replace("_", " ")
        on_the_day = asked["first"] <= DAY <= asked["last"]
        found = [post for post in POSTS if on_the_day and category in ("", post["category"])]
        return Answer(value=listed(found, int(asked["place"]), asked))


def listed(found: list[dict[str, Any]], place: int, asked: re.Match[str]) -> dict[str, Any]:
    """Return a page of posts in the format of the API."""
    page = found[place : place + PAGE]
    if not page:
        return {"messages": [{"status": "no posts found"}], "collection": []}
    message = {
        "status": "ok",
        "interval": f"{asked['first']}:{asked['last']}",
        "cursor": place,
        "count": len(page),
        "count_new_papers": str(sum(post["version"] == "1" for post in found)),
        "total": str(len(found)),
    }
    return {"messages": [message], "collection": page}


async def serve() -> None:
    """Serve until the standard input is closed, for a manual trial."""
    async with FakeBiorxiv() as server:
        print(server.url, flush=True)
        await to_thread(sys.stdin.read)


if __name__ == "__main__":
    run(serve())
