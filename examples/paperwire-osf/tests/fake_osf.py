"""A fake of OSF's API on this machine, with the only call that the source uses, as at api.osf.io.

It has the format of JSON:API as OSF documents it: `data`, `links.next`, and the contributors inside each preprint. The
papers are invented.
"""

import sys
from asyncio import run, to_thread
from typing import Any

from bots.testing import Answer, Call, LocalServer

#: A Wednesday with 103 preprints about memory and one about sleep.
DAY = "2026-07-15"


def record(number: int, **changes: Any) -> dict[str, Any]:
    """Return one preprint in the format of the API."""
    people = ("Ada Lovelace", "Grace M. Hopper", "Emmy Noether")
    return {
        "id": f"abc{number:02}_v1",
        "type": "preprints",
        "attributes": {
            "title": f"Postcards from memory, part {number}",
            "description": "People remember slow messages best. We send postcards that carry only the strongest words. "
            f"In {number + 12} people the postcards are remembered twice as long, at a cost of $5 each.",
            "date_created": f"{DAY}T08:00:00.000000",
            "date_published": f"{DAY}T09:30:00.000000",
            "date_withdrawn": None,
            "doi": None,
            "is_published": True,
            "tags": ["memory", "postcards"],
            "version": 1,
            **changes,
        },
        "links": {
            "self": f"https://api.osf.io/v2/preprints/abc{number:02}_v1/",
            "html": f"https://osf.io/preprints/psyarxiv/abc{number:02}_v1/",
            "preprint_doi": f"https://doi.org/10.31234/osf.io/abc{number:02}_v1",
        },
        "embeds": {"contributors": {"data": [contributor(name) for name in people]}},
    }


def contributor(name: str) -> dict[str, Any]:
    """Return one contributor, whose name is in the user that is embedded."""
    return {
        "type": "contributors",
        "attributes": {"bibliographic": True},
        "embeds": {"users": {"data": {"attributes": {"full_name": name}}}},
    }


POSTS = (
    *(record(number) for number in range(102)),
    # A preprint that a journal has published, and one with another tag.
    record(102, doi="10.1038/s41586-026-00001-1"),
    record(103, tags=["sleep"]),
)


class FakeOsf(LocalServer):
    """A fake of the API, with the preprints of one day."""

    def answer(self, call: Call) -> Answer:
        """Return the API's response to a call."""
        if call.path != "/v2/preprints/":
            return Answer(status=404, value={"errors": [{"detail": "Not found."}]})
        tag, size = call.params.get("filter[tags]", ""), int(call.params.get("page[size]", "10"))
        start = (int(call.params.get("page", "1")) - 1) * size
        on_the_day = call.params["filter[date_published]"] == DAY
        found = [post for post in POSTS if on_the_day and tag in ("", *post["attributes"]["tags"])]
        more = f"https://api.osf.io/v2/preprints/?page={start // size + 2}" if len(found) > start + size else None
        links = {"next": more, "meta": {"total": len(found)}}
        return Answer(value={"data": found[start : start + size], "links": links})


async def serve() -> None:
    """Serve until the standard input is closed, for a manual trial."""
    async with FakeOsf() as server:
        print(server.url, flush=True)
        await to_thread(sys.stdin.read)


if __name__ == "__main__":
    run(serve())
