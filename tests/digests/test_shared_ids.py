"""Papers that share an id with a paper shown before: the other paper is still shown."""

from datetime import timedelta

import pytest

from bots.domain.papers import Paper, PaperId
from bots.store.memory import MemoryStore
from tests.support.doubles import ToldSource, a_bench
from tests.support.factories import CHANNEL, DAY, NOW, a_paper, a_subscription

#: Longer than a list is reused.
PAUSE = timedelta(minutes=10)
VOLUME = PaperId(scheme="doi", value="10.1007/978-3-319-20794-0")


def chapter(title: str, number: int | None) -> Paper:
    """Return a paper with the volume's DOI, known by it alone or by an arXiv id, too."""
    own = PaperId.arxiv(f"2401.{number:05}") if number else VOLUME
    return a_paper(id=own, title=title, aliases=frozenset({VOLUME} - {own}))


async def shown_after(first: Paper, second: Paper) -> list[str]:
    """Return the titles of a digest of the second paper, after the first one was listed and turned down."""
    source = ToldSource(papers=(first,))
    async with a_bench(MemoryStore(), told=source) as bench:
        builder, subscription = bench.service.digest_builder, a_subscription(sources=("told",))
        before = await builder.digest(subscription, [DAY])
        assert [first.title] == [entry.paper.title for entry in before.entries]
        await bench.store.turn_down(CHANNEL, first.id, user="U1", now=NOW)
        bench.clock.now += PAUSE
        source.papers = (second,)
        later = await builder.digest(subscription, [DAY])
        return [entry.paper.title for entry in later.entries]


@pytest.mark.parametrize("numbers", [(None, None), (1, 2), (1, None), (None, 2)])
async def test_another_paper_with_the_doi_is_shown(numbers: tuple[int | None, int | None]) -> None:
    """A chapter is shown although another chapter with the volume's DOI is not to be shown again."""
    first, second = (chapter(t, n) for t, n in zip(("Parsing long documents", "Counting stars"), numbers, strict=True))
    assert ["Counting stars"] == await shown_after(first, second)


@pytest.mark.parametrize("numbers", [(None, None), (1, 1), (1, None), (None, 1)])
async def test_another_record_of_the_paper_is_not(numbers: tuple[int | None, int | None]) -> None:
    """A second record of the paper that is not to be shown again is not shown, whichever ids it has."""
    first, second = (chapter("Parsing long documents", number) for number in numbers)
    assert [] == await shown_after(first, second)
