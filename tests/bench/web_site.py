"""Serves the web page with many papers in a process of its own.

`python -m tests.bench.web_site DATABASE PORT [PAPERS]`. With a number of papers it first stores that many in the
database, and ends.
"""

import asyncio
import random
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from io import StringIO

from bots.bootstrap.app import App, open_app, utc_now
from bots.config.settings import read_settings
from bots.domain.papers import Paper, PaperId, Signals
from bots.ports import SourceQuery
from bots.web.app import WebSettings, connect
from summarizer.text.sentences import split_sentences

#: A busy day: all of arXiv's categories that a team of machine learning reads.
PER_DAY = 500
_AT_ONCE = 2500
_FEW, _MANY = 5, 9  # sentences of an abstract


async def store(application: App, count: int) -> None:
    """Store papers as listed on the days before today, and index them; their sentences are those of the sample day."""
    listed = await application.service.digest_builder.source_reader.open_source("sample").recent(
        SourceQuery(day=utc_now().date())
    )
    drawn = list(_drawn(listed.papers, count))
    for start in range(0, count, _AT_ONCE):
        for first in range(start, min(start + _AT_ONCE, count), PER_DAY):
            day = utc_now().date() - timedelta(days=first // PER_DAY)
            await application.store.remember(drawn[first : first + PER_DAY], source="arxiv:cs.LG", day=day, place=None)


def _drawn(papers: tuple[Paper, ...], count: int) -> Iterator[Paper]:
    chance = random.Random(1)  # noqa: S311 - the same papers each time
    said = [paper.abstract[span.start : span.end] for paper in papers for span in split_sentences(paper.abstract)]
    words = [word for paper in papers for word in paper.title.split()]
    names = [name for paper in papers for name in paper.authors]
    for number in range(count):
        yield Paper(
            id=PaperId.arxiv(f"26{number // 50_000 + 10}.{number % 50_000:05}"),
            title=" ".join(chance.sample(words, 8)),
            abstract=" ".join(chance.sample(said, chance.randint(_FEW, _MANY))),
            authors=tuple(chance.sample(names, 4)),
            published=utc_now() - timedelta(days=number // PER_DAY + 1),
            url=f"https://arxiv.org/abs/26{number // 50_000 + 10}.{number % 50_000:05}",
            source="arxiv:cs.LG",
            categories=("cs.LG",),
            signals=Signals(upvotes=chance.randint(0, 300) if chance.random() < 0.2 else None),
        )


async def main(database: str, port: int, count: int) -> None:
    """Serve the page until the process is stopped, or store papers."""
    settings = read_settings(file=None, database=database)
    site = WebSettings(listen=("127.0.0.1", port))
    connectors = () if count else (partial(connect, site),)
    async with open_app(settings, screen=StringIO(), libraries=("sample",), connectors=connectors) as application:
        if count:
            await store(application, count)
            return
        await application.service.search_index.ready()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if sys.argv[3:] else 0))
