"""Look-ups at arXiv that wait at the same time: one request for many ids, and none twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bots.chat.asker import asking
from bots.domain.channels import Reader
from bots.domain.errors import PaperNotFound, SourceDown, SourceError
from bots.domain.papers import Paper, PaperId
from bots.sources._arxiv_batches import MOST_IDS, Batches, Wanted
from bots.sources._arxiv_library import ArxivLibrary
from bots.sources._arxiv_query import Found
from bots.sources.context import SourceContext
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.test_arxiv_library import QUERY, entries, recorded
from tests.support.factories import a_paper

SOURCE = "arxiv"


@pytest.fixture
def library(context: SourceContext) -> ArxivLibrary:
    """Return an arXiv library that uses the server on this machine."""
    return ArxivLibrary.open(context)


def name(number: int) -> PaperId:
    """Return an id of January 2026."""
    return PaperId.arxiv(f"2601.{number:05}")


async def looked_up(library: ArxivLibrary, *numbers: int) -> list[Paper | BaseException]:
    """Return what look-ups at the same time result in, in order."""
    return await asyncio.gather(*(library.lookup(name(number)) for number in numbers), return_exceptions=True)


async def test_ids_that_wait_together_are_one_request(library: ArxivLibrary, server: PaperServer) -> None:
    """Sixty look-ups at the same time are one request, which says how many entries it wants."""
    server.script(QUERY, entries(*range(60), total=60))
    found = await looked_up(library, *range(60))
    assert [f"T{number}" for number in range(60)] == [each.title for each in found if isinstance(each, Paper)]
    (call,) = server.calls
    assert ("60", 60) == (call.params["max_results"], len(call.params["id_list"].split(",")))


async def test_a_request_has_at_most_a_hundred_ids(library: ArxivLibrary, server: PaperServer) -> None:
    """120 look-ups at the same time are two requests, of a hundred ids and of twenty."""
    server.script(QUERY, entries(*range(100), total=100), entries(*range(100, 120), total=20))
    found = await looked_up(library, *range(120))
    assert 120 == sum(isinstance(each, Paper) for each in found)
    assert ["100", "20"] == [call.params["max_results"] for call in server.calls]
    assert 100 == MOST_IDS


async def test_the_same_id_is_asked_for_once(library: ArxivLibrary, server: PaperServer) -> None:
    """Nine look-ups of one paper, and a tenth while it is under way, are one request for one id."""
    server.script(QUERY, replace(entries(1, total=1), delay=0.05))
    first = asyncio.create_task(looked_up(library, *[1] * 9))
    await asyncio.wait_for(server.called.wait(), 5)
    found = [*await looked_up(library, 1), *await first]
    assert 10 == sum(isinstance(each, Paper) for each in found)
    assert ["2601.00001"] == [call.params["id_list"] for call in server.calls]


async def test_two_versions_of_a_paper_do_not_share_a_request(library: ArxivLibrary, server: PaperServer) -> None:
    """The latest version and the first are asked for apart, because an entry does not say which it answers."""
    second = entries(1, total=1).body.replace(b"00001v1", b"00001v2")
    server.script(QUERY, Answer(body=second), entries(1, total=1))
    latest, old = await asyncio.gather(library.lookup(name(1)), library.lookup_version(name(1), 1))
    assert (2, 1) == (latest.version, old.version)
    assert ["2601.00001", "2601.00001v1"] == [call.params["id_list"] for call in server.calls]


async def test_of_a_request_only_the_unknown_is_not_found(library: ArxivLibrary, server: PaperServer) -> None:
    """Ids that a complete response leaves out are not found; the others are."""
    server.script(QUERY, entries(1, 3, total=2))
    found = await looked_up(library, 1, 2, 3)
    assert ["T1", "T3"] == [each.title for each in found if isinstance(each, Paper)]
    assert isinstance(found[1], PaperNotFound)


async def test_a_short_response_does_not_say_that_there_is_no_paper(library: ArxivLibrary, server: PaperServer) -> None:
    """If fewer entries come than arXiv counts, the papers that are missing may exist: the look-up failed."""
    server.script(QUERY, entries(1, total=2))
    found = await looked_up(library, 1, 2)
    assert isinstance(found[0], Paper)
    assert isinstance(found[1], SourceDown)


@pytest.mark.parametrize("named", [True, False], ids=["arXiv names it", "arXiv names none"])
async def test_an_id_that_arxiv_refuses_costs_only_itself(
    library: ArxivLibrary, server: PaperServer, named: bool
) -> None:
    """arXiv refuses a whole request because of one id; the others are asked for again and found."""
    refused = Answer(status=400, body=recorded("error_bad_id_HTTP400"))
    if named:
        refused = replace(refused, body=refused.body.replace(b"format for abc", b"format for 2601.00002"))
        server.script(QUERY, refused, entries(1, 3, 4, total=3), refused)
    else:
        server.script(QUERY, refused, refused, entries(1, total=1), refused, entries(3, 4, total=2))
    found = await looked_up(library, 1, 2, 3, 4)
    assert ["T1", "T3", "T4"] == [each.title for each in found if isinstance(each, Paper)]
    assert isinstance(found[1], PaperNotFound)


async def test_a_failed_request_fails_its_own_look_ups(library: ArxivLibrary, server: PaperServer) -> None:
    """Each look-up of a failed request gets the failure, and the next look-up is sent as usual."""
    server.script(QUERY, *[Answer(status=404)], entries(3, total=1))
    found = await looked_up(library, 1, 2)
    assert [True, True] == [isinstance(each, SourceError) for each in found]
    assert "T3" == (await library.lookup(name(3))).title


async def test_a_caller_that_gives_up_takes_its_id_along() -> None:
    """An id that nobody waits for any more is not sent; a caller that stays has its paper."""
    asked = list[Sequence[Wanted]]()
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def ask(wanted: Sequence[Wanted]) -> Found:
        asked.append(wanted)
        begun.set()
        await go_on.wait()
        return Found(papers=tuple(a_paper(id=each.paper_id) for each in wanted), total=len(wanted), entries=len(wanted))

    batches = Batches(ask)
    first = asyncio.create_task(batches.find(Wanted(name(1))))
    await begun.wait()
    left, stays = (asyncio.create_task(batches.find(Wanted(name(number)))) for number in (2, 3))
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.sleep(0)
    go_on.set()
    found = await asyncio.gather(first, stays)
    assert [name(1), name(3)] == [paper.id for paper in found if paper]
    assert [[Wanted(name(1))], [Wanted(name(3))]] == list(map(list, asked))


async def test_of_many_look_ups_each_person_is_in_the_next_request() -> None:
    """After one person's three hundred look-ups, another's single one is in the next request and not in the fourth."""
    asked = list[Sequence[Wanted]]()

    async def ask(wanted: Sequence[Wanted]) -> Found:
        asked.append(wanted)
        await asyncio.sleep(0)
        return Found(papers=tuple(a_paper(id=each.paper_id) for each in wanted), total=len(wanted), entries=len(wanted))

    batches = Batches(ask)
    async with asyncio.TaskGroup() as group:
        with asking(Reader(platform="slack", user="many")):
            for number in range(300):
                group.create_task(batches.find(Wanted(name(number))))
        with asking(Reader(platform="slack", user="one")):
            group.create_task(batches.find(Wanted(name(999))))
    assert [100, 100, 100, 1] == [len(each) for each in asked]
    assert Wanted(name(999)) in asked[0]


async def test_shared_look_ups_do_not_wait_behind_one_persons_searches(
    library: ArxivLibrary, server: PaperServer
) -> None:
    """A request for the ids of several people has its turn after one of a person's searches, not after all of them."""
    server.script(QUERY, entries(9, total=1), *[entries(1, 2, total=2)] * 4)
    many, one = Reader(platform="slack", user="many"), Reader(platform="slack", user="one")
    async with asyncio.TaskGroup() as group:
        with asking(many):
            for number in range(4):
                group.create_task(library.search(f"words{number}", 2))
            group.create_task(library.lookup(name(1)))
        with asking(one):
            group.create_task(library.lookup(name(2)))
    sent = [call.params.get("id_list", "") for call in server.calls]
    assert "2601.00001,2601.00002" in sent[:3]
