"""Papers for the pages, and what a digest does with them."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bots.domain.channels import Channel
from bots.domain.papers import Paper, PaperId, Signals
from tests.store.stores import a_run, at, on, some_parts
from tests.support.factories import a_paper

if TYPE_CHECKING:
    from tests.web.conftest import Browser

#: The channel that the tests open.
CHANNEL = Channel(platform="slack", workspace="T1", channel="C1")
ABSTRACT = (
    "Reading every new paper takes a team hours each day. We present $\\alpha$-Digest, a method that condenses each "
    "abstract to one sentence. In a trial with 12 groups, readers opened 3.4 times as many papers. Code is public."
)


def numbered(number: int, upvotes: int | None = None, **fields: object) -> Paper:
    """Return a paper with a number in its id and title."""
    made = {
        "id": PaperId.arxiv(f"2611.{number:05}"),
        "title": f"Paper number {number}",
        "abstract": ABSTRACT,
        "code": "",
        **fields,
    }
    return a_paper(signals=Signals(upvotes=upvotes), **made)


def on_day() -> date:
    """Return a day of the past."""
    return date(2026, 11, 20)


async def post(browser: "Browser", channel: Channel, *papers: Paper) -> None:
    """Post papers in a channel, as a digest does."""
    await browser.store.remember(papers, source="told", day=on_day(), place=channel)
    run = a_run(f"s-{channel}", on(on_day()))
    await browser.store.open_run(run)
    planned = [
        replace(each, part=replace(each.part, paper_ids=tuple(paper.id for paper in papers)))
        for each in some_parts(run, 1, channel)
    ]
    for number, part in enumerate(await browser.store.plan(run.key, planned)):
        await browser.store.confirm(part.key, f"m{number}", now=at(number))
