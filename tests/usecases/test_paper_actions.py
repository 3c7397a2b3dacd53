"""Actions on a paper that is shown: each reply is true, and each action takes effect at once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta

import pytest

from bots.domain.channels import Channel
from bots.domain.errors import SourceDown
from bots.domain.export_formats import ExportFormat
from bots.domain.papers import PaperId
from bots.domain.replies import (
    CardList,
    Citation,
    DigestReply,
    Noted,
    Problem,
    Reply,
    SavedList,
    Subscribed,
    Trouble,
    WholeAbstract,
)
from bots.domain.requests import (
    Abstract,
    Cite,
    Lookup,
    MoreLike,
    NotForUs,
    Preview,
    Request,
    Save,
    Saved,
    Search,
    Subscribe,
    Unsave,
)
from bots.domain.slots import Slot
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, ToldSource, a_bench
from tests.support.factories import CHANNEL, DAY, a_paper, a_subscription, five_papers

BERT = PaperId.arxiv("1810.04805")
NOWHERE = PaperId.arxiv("2101.00001")
ORDER = a_subscription(id="", sources=("told",), limit=3, created=None)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


async def said(bench: Bench, request: Request) -> str:
    """Return the one sentence of the reply to a request."""
    reply = await bench.service.answer(request)
    assert isinstance(reply, Noted)
    return reply.said


# ── one paper ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_whole_abstract_comes(bench: Bench) -> None:
    """The reply is the paper as its source describes it."""
    assert WholeAbstract(paper=five_papers()[1]) == await bench.service.answer(Abstract(channel=CHANNEL, paper_id=BERT))


@pytest.mark.parametrize(
    "request_",
    [kind(channel=CHANNEL, user="ada", paper_id=NOWHERE) for kind in (Abstract, Save, MoreLike, NotForUs, Cite)],
    ids=lambda request: type(request).__name__,
)
async def test_a_paper_that_is_nowhere_is_missing(bench: Bench, request_: Request) -> None:
    """Every request about an unknown paper returns a problem that names it, the queried libraries and what to do."""
    reply = await bench.service.answer(request_)
    assert isinstance(reply, Problem)
    assert Trouble.MISSING == reply.kind
    assert "The paper 2101.00001 was not found; asked: the told library." == reply.message
    assert reply.hint


@pytest.mark.parametrize(
    "shown_by", [Lookup(channel=CHANNEL, text="1810.04805"), Search(channel=CHANNEL, words="BERT")]
)
async def test_of_what_was_shown_more_can_be_asked_whatever_the_libraries_do(bench: Bench, shown_by: Request) -> None:
    """Papers of a shown card or list stay available: a button below them works even if every library is down."""
    await bench.service.answer(shown_by)
    bench.sources["told"].error = SourceDown("no route.")
    assert isinstance(await bench.service.answer(Abstract(channel=CHANNEL, paper_id=BERT)), WholeAbstract)
    assert "Saved: “BERT" in await said(bench, Save(channel=CHANNEL, user="ada", paper_id=BERT))


# ── saved ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_saved_papers_are_listed_the_last_first(bench: Bench) -> None:
    """Each saved paper is listed once, and only for the person who saved it."""
    for paper in five_papers()[:2]:
        bench.clock.turn(minutes=1)
        assert "Saved: “" in await said(bench, Save(channel=CHANNEL, user="ada", paper_id=paper.id))
    assert "before" in await said(bench, Save(channel=CHANNEL, user="ada", paper_id=BERT))
    papers = five_papers()[1], five_papers()[0]
    assert SavedList(papers=papers) == await bench.service.answer(Saved(channel=CHANNEL, user="ada"))
    assert SavedList() == await bench.service.answer(Saved(channel=CHANNEL, user="bob"))


async def test_a_list_goes_with_its_person_through_the_workspace(bench: Bench) -> None:
    """A paper saved in one channel is listed in another."""
    await bench.service.answer(Save(channel=CHANNEL, user="ada", paper_id=BERT))
    other = replace(CHANNEL, channel="random")
    assert SavedList(papers=(five_papers()[1],)) == await bench.service.answer(Saved(channel=other, user="ada"))


async def test_saved_papers_can_be_searched(bench: Bench) -> None:
    """Saved papers are searched by words of title and abstract, and the reply names the words."""
    for paper in five_papers():
        await bench.service.answer(Save(channel=CHANNEL, user="ada", paper_id=paper.id))
    reply = await bench.service.answer(Saved(channel=CHANNEL, user="ada", words=" few-shot  learners"))
    assert SavedList(papers=(five_papers()[2],), words="few-shot learners") == reply


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("“or” was read as a word", "few-shot or zebra"),
        ("“not” was read as a word", "few-shot not zebra"),
        ("This was read as: (few-shot OR zebra) -survey", "few-shot or zebra -survey"),
        ("", "few-shot OR zebra"),
    ],
)
async def test_a_search_of_saved_papers_says_how_it_was_read(bench: Bench, said: str, words: str) -> None:
    """A small "or" among saved papers is noted as in any search, and so is a mixture."""
    reply = await bench.service.answer(Saved(channel=CHANNEL, user="ada", words=words))
    assert isinstance(reply, SavedList)
    assert [said] == [note[: len(said)] for note in reply.notes] or (not said and not reply.notes)


async def test_a_search_of_saved_papers_obeys_its_signs(bench: Bench) -> None:
    """A sign leaves papers out of the saved ones, and one that cannot be obeyed is refused."""
    for paper in five_papers():
        await bench.service.answer(Save(channel=CHANNEL, user="ada", paper_id=paper.id))
    reply = await bench.service.answer(Saved(channel=CHANNEL, user="ada", words="learners !zebra -ti:attention"))
    assert SavedList(papers=(five_papers()[2],), words="learners !zebra -ti:attention") == reply
    none = await bench.service.answer(Saved(channel=CHANNEL, user="ada", words="learners !few-shot"))
    assert SavedList(words="learners !few-shot") == none
    assert isinstance(await bench.service.answer(Saved(channel=CHANNEL, user="ada", words="learners ~few")), Problem)


async def test_a_version_is_cited_or_missed(bench: Bench) -> None:
    """The abstract and the citation of a version that no library has are not those of another version."""
    for asked in (Cite, Abstract):
        reply = await bench.service.answer(asked(channel=CHANNEL, user="ada", paper_id=BERT, version=2))
        assert isinstance(reply, Problem)
        assert Trouble.MISSING == reply.kind


async def test_what_is_taken_off_is_off(bench: Bench) -> None:
    """A paper can be removed even if no library responds; removing one that is not listed is reported."""
    await bench.service.answer(Save(channel=CHANNEL, user="ada", paper_id=BERT))
    bench.sources["told"].error = SourceDown("no route.")
    off = Unsave(channel=CHANNEL, user="ada", paper_id=BERT)
    assert ["Removed from your saved papers.", "This paper is not among your saved papers."] == [
        await said(bench, off) for _ in range(2)
    ]
    assert SavedList() == await bench.service.answer(Saved(channel=CHANNEL, user="ada"))


async def test_one_paper_or_all_that_were_saved_are_cited(bench: Bench) -> None:
    """A paper can be cited without being saved; citing an empty list returns an empty text and no error."""
    one = await bench.service.answer(Cite(channel=CHANNEL, user="ada", paper_id=BERT))
    assert isinstance(one, Citation)
    assert "title = {{BERT}: Pre-training of Deep Bidirectional Transformers}" in one.text
    assert Citation(text="", papers=0) == await bench.service.answer(Cite(channel=CHANNEL, user="ada"))
    for paper in five_papers():
        await bench.service.answer(Save(channel=CHANNEL, user="ada", paper_id=paper.id))
    every = await bench.service.answer(Cite(channel=CHANNEL, user="ada"))
    assert isinstance(every, Citation)
    assert (5, 5) == (every.papers, every.text.count("@misc{"))
    assert "TY  - " in repr(await bench.service.answer(Cite(channel=CHANNEL, user="ada", form=ExportFormat.RIS)))


# ── similar papers ───────────────────────────────────────────────────────────────────────────────────────────────────

FISH = a_paper(
    id=PaperId.arxiv("2601.00001"), title="Attention of trout", source="told", url="",
    abstract="Brown trout in mountain lakes were watched for a year. They attend to flies in the evening light.",
)  # fmt: skip
HEADS = a_paper(
    id=PaperId.arxiv("2601.00002"), title="Are sixteen heads of attention better than one?", source="told",
    abstract="Attention is the driving force of neural translation models. We prune the heads of the Transformer.",
)  # fmt: skip


async def near(limit: int) -> Reply:
    """Return the papers near the one on attention, among others with that word in their titles."""
    papers = (FISH, *five_papers(), HEADS)
    async with a_bench(MemoryStore(), told=ToldSource(papers=papers)) as bench:
        await bench.store.remember(papers, source="told", day=DAY)
        return await bench.service.answer(MoreLike(channel=CHANNEL, paper_id=five_papers()[0].id, limit=limit))


async def test_the_nearest_come_first_and_never_the_paper_itself() -> None:
    """Of two papers with the word in their titles, the one of the same field comes first."""
    reply = await near(9)
    assert isinstance(reply, CardList)
    ids = [entry.paper.id for entry in reply.entries]
    assert ids.index(HEADS.id) < ids.index(FISH.id)
    assert five_papers()[0].id not in ids
    assert len(ids) == len(set(ids))
    assert ("Attention Is All You Need", True) == (reply.words, reply.alike)


async def test_no_more_come_than_were_asked_for() -> None:
    """With a limit, only the nearest papers are returned."""
    reply = await near(1)
    assert isinstance(reply, CardList)
    assert 1 == len(reply.entries)


async def test_a_silent_library_is_named_beside_what_our_shelf_has(bench: Bench) -> None:
    """Papers near this one come from our own shelf, and the libraries that failed are named."""
    await bench.store.remember((FISH, *five_papers()), source="told", day=DAY)
    bench.sources["told"].error = SourceDown("no route.")
    reply = await bench.service.answer(MoreLike(channel=CHANNEL, paper_id=five_papers()[0].id))
    assert isinstance(reply, CardList)
    assert FISH.id in {entry.paper.id for entry in reply.entries}
    assert "the told library could not be searched" in reply.notes[0]


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("kind", ["like", "search"])
async def test_no_paper_matches_is_never_said_where_nobody_could_be_asked(bench: Bench, kind: str, known: bool) -> None:
    """If no library can be searched and nothing fitting is stored, that is the answer, with what to do."""
    asked = five_papers()[0]
    await bench.store.remember((asked, *([HEADS] if known else [])), source="told", day=DAY)
    bench.sources["told"].error = SourceDown("no route.")
    like = MoreLike(channel=CHANNEL, user="ada", paper_id=asked.id)
    reply = await bench.service.answer(
        like if kind == "like" else Search(channel=CHANNEL, user="ada", words="heads" if known else "phlogiston")
    )
    if known:
        assert isinstance(reply, CardList)
        assert HEADS.id in {entry.paper.id for entry in reply.entries}
        return
    assert isinstance(reply, Problem)
    assert reply.message.startswith("No library could be searched: the told library: no route.")
    assert "Try again in a few minutes." in reply.hint


# ── hidden papers ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_paper_that_is_turned_down_comes_in_no_digest_of_its_channel(bench: Bench) -> None:
    """A paper that was turned down is left out from the next digest on; other channels still get it."""
    subscription = a_subscription(sources=("told",), limit=3)
    best = five_papers()[0].id
    assert best in (await bench.service.digest_builder.digest(subscription, [DAY])).paper_ids
    assert "No later digest here shows it" in await said(bench, NotForUs(channel=CHANNEL, user="ada", paper_id=best))
    assert best not in (await bench.service.digest_builder.digest(subscription, [DAY])).paper_ids
    elsewhere = replace(subscription, channel=Channel(platform="fakechat", channel="elsewhere"))
    assert best in (await bench.service.digest_builder.digest(elsewhere, [DAY])).paper_ids


# ── preview ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_preview_is_the_digest_that_will_come(bench: Bench) -> None:
    """A preview shows the same papers in the same order as the subscription's next digest for that day."""
    shown = await bench.service.answer(Preview(channel=CHANNEL, subscription=ORDER))
    placed = await bench.service.answer(Subscribe(channel=CHANNEL, subscription=ORDER))
    assert isinstance(shown, DigestReply)
    assert isinstance(placed, Subscribed)
    assert await bench.service.digest_builder.of_slot(placed.subscription, Slot(day=DAY, time=time(9))) == shown.digest


async def test_a_preview_keeps_nothing(bench: Bench) -> None:
    """A preview stores no subscription, run or part, and a second preview shows the same."""
    first, second = [await bench.service.answer(Preview(channel=CHANNEL, subscription=ORDER)) for _ in range(2)]
    assert first == second
    assert ((), (), ()) == (
        await bench.store.subscriptions(), await bench.store.runs(), await bench.store.deliveries()
    )  # fmt: skip


async def test_a_preview_on_a_quiet_day_shows_the_newest_list(bench: Bench) -> None:
    """On a day without a list a preview shows the previous list, like a digest made by hand."""
    bench.sources["told"].quiet_on = DAY
    shown = await bench.service.answer(Preview(channel=CHANNEL, subscription=ORDER))
    assert isinstance(shown, DigestReply)
    assert (DAY - timedelta(days=1), 3) == (shown.digest.day, len(shown.digest.entries))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"query": "(a OR"}, "OR at character 4"),
        ({"sources": ("nobody",)}, "no source “nobody”"),
        ({"sources": ("file:/etc/passwd",)}, "Only the operator of Paperwire can use a file"),
    ],
)
async def test_what_cannot_be_subscribed_to_cannot_be_previewed(
    bench: Bench, changes: dict[str, object], told: str
) -> None:
    """A preview is refused with the same message as the subscription itself."""
    subscription = replace(ORDER, **changes)  # type: ignore[arg-type]  # fields of the record
    shown = await bench.service.answer(Preview(channel=CHANNEL, subscription=subscription))
    assert await bench.service.answer(Subscribe(channel=CHANNEL, subscription=subscription)) == shown
    assert isinstance(shown, Problem)
    assert told in shown.message
