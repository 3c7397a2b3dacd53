"""The service: every request gets a reply, and a digest survives any failure of one source or one paper."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bots.domain.channels import Channel
from bots.domain.errors import SourceDown, StoreError
from bots.domain.harvests import Freshness
from bots.domain.papers import Paper, PaperId
from bots.domain.replies import (
    Card,
    CardList,
    DigestReply,
    HelpReply,
    Problem,
    Subscribed,
    SubscriptionList,
    Trouble,
    Unsubscribed,
)
from bots.domain.requests import (
    DigestNow,
    Help,
    ListSubscriptions,
    Lookup,
    Search,
    Subscribe,
    Unsubscribe,
)
from bots.presentation.source_text import source_text
from bots.store.memory import MemoryStore
from bots.store.sql import open_store
from summarizer import Blurb, EngineDown
from tests.support.doubles import Bench, ToldSource, a_bench
from tests.support.factories import CHANNEL, DAY, a_paper, a_subscription, five_papers


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


async def test_a_paper_is_looked_up_by_any_form_of_its_id(bench: Bench) -> None:
    """The address of a paper's page finds the paper, with a blurb."""
    reply = await bench.service.answer(Lookup(channel=CHANNEL, text="https://arxiv.org/abs/1810.04805"))

    assert isinstance(reply, Card)
    assert PaperId.arxiv("1810.04805") == reply.entry.paper.id
    assert reply.entry.blurb


async def test_an_unknown_id_is_missing_and_not_a_failure(bench: Bench) -> None:
    """A well-formed id that no library has returns a problem of the kind `missing`, with what to do."""
    reply = await bench.service.answer(Lookup(channel=CHANNEL, text="2101.00001"))

    assert isinstance(reply, Problem)
    assert Trouble.MISSING == reply.kind
    assert reply.hint


async def test_a_silent_library_is_a_failure_and_not_missing(bench: Bench) -> None:
    """If no library can be queried, the reply does not claim that the paper does not exist."""
    bench.sources["told"].error = SourceDown("no route.")

    reply = await bench.service.answer(Lookup(channel=CHANNEL, text="2101.00001"))

    assert isinstance(reply, Problem)
    assert Trouble.FAILURE == reply.kind
    assert "no route" in reply.message


async def test_a_known_paper_needs_no_library(bench: Bench) -> None:
    """A known paper is found even if every library is down."""
    await bench.service.digest_builder.digest(a_subscription(sources=("told",)), [DAY])
    bench.sources["told"].error = SourceDown("no route.")

    reply = await bench.service.answer(Lookup(channel=CHANNEL, text="1810.04805"))

    assert isinstance(reply, Card)


async def test_words_that_fit_one_paper_give_that_paper(bench: Bench) -> None:
    """Words of a title return the card if one paper matches and a list if several do."""
    one = await bench.service.answer(Lookup(channel=CHANNEL, text="Few-Shot Learners"))
    exact = await bench.service.answer(Lookup(channel=CHANNEL, text="attention is all you need"))

    assert isinstance(one, Card)
    assert isinstance(exact, Card)


async def test_a_search_lists_what_matches_and_names_who_is_silent() -> None:
    """If one library is down, the other's hits are returned and the failed one is named."""
    sources = {"up": ToldSource(spec="up"), "gone": ToldSource(name="Gone", error=SourceDown("no route."))}
    async with a_bench(MemoryStore(), **sources) as bench:
        reply = await bench.service.answer(Search(channel=CHANNEL, words="language", limit=5))

    assert isinstance(reply, CardList)
    assert ("Language Models are Few-Shot Learners",) == tuple(entry.paper.title for entry in reply.entries)
    assert "Gone" in reply.notes[0]


async def test_a_digest_holds_the_most_upvoted_first(bench: Bench) -> None:
    """The digest holds the three most upvoted of five papers, in order, each with a blurb."""
    reply = await bench.service.answer(DigestNow(channel=CHANNEL, sources=("told",), limit=3, day=DAY))

    assert isinstance(reply, DigestReply)
    assert tuple(paper.id for paper in five_papers()[:3]) == reply.digest.paper_ids
    assert all(entry.blurb for entry in reply.digest.entries)
    assert (5, 3) == (reply.digest.tally.found, reply.digest.tally.chosen)


async def test_one_dead_source_does_not_sink_the_digest() -> None:
    """The papers of the working source are posted; a failed, an unknown and a crashed source are each named."""
    sources = {
        "up": ToldSource(spec="up"),
        "dead": ToldSource(spec="dead", error=SourceDown("no route.")),
        "crash": ToldSource(spec="crash", error=ZeroDivisionError()),
    }
    async with a_bench(MemoryStore(), **sources) as bench:
        digest = await bench.service.digest_builder.digest(
            a_subscription(sources=("up", "dead", "crash", "nosuch")), [DAY]
        )

    assert 5 == len(digest.entries)
    assert {"dead", "crash", "nosuch"} == {note.source for note in digest.notes if note.failed}


async def test_a_quiet_source_is_not_called_failed() -> None:
    """The note about a source with an empty list does not call it failed."""
    quiet = ToldSource(papers=(), state=Freshness.EMPTY, note="nothing is listed on a Sunday.")
    async with a_bench(MemoryStore(), told=quiet) as bench:
        digest = await bench.service.digest_builder.digest(a_subscription(sources=("told",)), [DAY])

    assert [("nothing is listed on a Sunday.", False)] == [(note.reason, note.failed) for note in digest.notes]


@pytest.mark.parametrize("error", [EngineDown("the engine is down."), RuntimeError("boom")])
async def test_one_failed_blurb_is_labelled_and_the_rest_come(bench: Bench, error: Exception) -> None:
    """The paper whose blurb failed shows the start of its abstract with a label; the other four have blurbs."""
    bench.summarizer.failing["Attention Is All You Need"] = error

    digest = await bench.service.digest_builder.digest(a_subscription(sources=("told",)), [DAY])

    failed = [entry for entry in digest.entries if entry.blurb is None]
    assert ["Attention Is All You Need"] == [entry.paper.title for entry in failed]
    assert failed[0].trouble
    assert failed[0].fallback.startswith("The dominant sequence transduction models")


async def test_a_paper_without_an_abstract_is_still_shown(bench: Bench) -> None:
    """A title without an abstract is an entry with its reason, not an error."""
    bench.sources["told"].papers = (a_paper(abstract=""),)

    digest = await bench.service.digest_builder.digest(a_subscription(sources=("told",)), [DAY])

    (entry,) = digest.entries
    assert entry.blurb is None
    assert entry.trouble


async def test_one_paper_from_two_sources_is_one_entry() -> None:
    """A paper listed by arXiv id and by DOI is one entry, with the data of both records."""
    doi = PaperId(scheme="doi", value="10.1000/attention")
    first = a_paper(aliases=frozenset({doi}), categories=())
    second = a_paper(id=doi, categories=("cs.CL",), url="https://doi.org/10.1000/attention")
    sources = {"a": ToldSource(spec="a", papers=(first,)), "b": ToldSource(spec="b", papers=(second,))}
    async with a_bench(MemoryStore(), **sources) as bench:
        digest = await bench.service.digest_builder.digest(a_subscription(sources=("a", "b")), [DAY])

    (entry,) = digest.entries
    assert first.id == entry.paper.id
    assert ("cs.CL",) == entry.paper.categories


async def test_a_source_is_told_what_it_listed_before(bench: Bench) -> None:
    """From the second day on a source receives the papers it listed earlier, so that it can detect a stale list."""
    await bench.service.digest_builder.digest(a_subscription(sources=("told",)), [DAY])
    await bench.service.digest_builder.digest(a_subscription(sources=("told",)), [DAY + timedelta(days=1)])

    first, second = bench.sources["told"].asks
    assert frozenset() == first.known
    assert {paper.id for paper in five_papers()} == second.known


async def test_a_digest_without_sources_is_of_those_of_the_channel(bench: Bench) -> None:
    """Today's papers are those that the channel gets: of its active subscriptions, but of no file of this machine."""
    for name, source, active in (("one", "told", True), ("two", "file:/srv/lab.bib", True), ("three", "x", False)):
        await bench.store.keep_subscription(a_subscription(id=name, sources=(source,), enabled=active))
    reply = await bench.service.answer(DigestNow(channel=CHANNEL, day=DAY))
    assert isinstance(reply, DigestReply)
    assert source_text("told") == reply.digest.topic
    assert reply.digest.entries

    elsewhere = await bench.service.answer(DigestNow(channel=replace(CHANNEL, channel="elsewhere"), day=DAY))
    assert isinstance(elsewhere, Problem)
    assert "huggingface" in elsewhere.message


async def test_a_digest_without_a_day_goes_back_to_the_newest_list(bench: Bench) -> None:
    """If nothing is listed today, the last day's list is shown under its own date."""
    bench.sources["told"].quiet_on = DAY

    reply = await bench.service.answer(DigestNow(channel=CHANNEL, sources=("told",)))

    assert isinstance(reply, DigestReply)
    assert date(2026, 11, 23) == reply.digest.day


class FullStore(MemoryStore):
    """A store on a full disk: reads work, writes fail."""

    async def remember(self, papers: Sequence[Paper], *, source: str, day: date, place: Channel | None = None) -> None:  # noqa: ARG002 - the port's
        """Raise the error of a full disk."""
        raise StoreError("There is no room left on the disk.")

    async def keep_blurb(self, key: str, blurb: Blurb, *, now: datetime) -> None:  # noqa: ARG002 - the port's
        """Raise the error of a full disk."""
        raise StoreError("There is no room left on the disk.")


async def test_a_full_disk_costs_neither_papers_nor_blurbs() -> None:
    """With a full disk the papers are shown with their blurbs, and no source is blamed."""
    async with a_bench(FullStore()) as bench:
        digest = await bench.service.digest_builder.digest(a_subscription(sources=("told",)), [DAY])

    assert 5 == len([entry for entry in digest.entries if entry.blurb])
    assert () == digest.notes


async def test_subscriptions_are_placed_listed_and_ended(bench: Bench) -> None:
    """A subscription gets an id and a next time, is listed in its channel, and ends on request."""
    placed = await bench.service.answer(
        Subscribe(channel=CHANNEL, subscription=a_subscription(id="", sources=("told",)))
    )
    assert isinstance(placed, Subscribed)
    assert placed.subscription.id
    assert placed.next_due

    listed = await bench.service.answer(ListSubscriptions(channel=CHANNEL))
    assert isinstance(listed, SubscriptionList)
    assert [placed.subscription] == [item.subscription for item in listed.items]

    ended = await bench.service.answer(Unsubscribe(channel=CHANNEL, subscription_id=placed.subscription.id))
    assert isinstance(ended, Unsubscribed)
    assert () == (await bench.service.standing(CHANNEL)).items


async def test_another_channels_subscription_cannot_be_ended(bench: Bench) -> None:
    """The id alone does not allow a change: a subscription belongs to its channel."""
    await bench.service.answer(Subscribe(channel=CHANNEL, subscription=a_subscription(sources=("told",))))
    elsewhere = replace(CHANNEL, channel="elsewhere")

    reply = await bench.service.answer(Unsubscribe(channel=elsewhere, subscription_id="a1b2c3"))

    assert isinstance(reply, Problem)
    assert 1 == len((await bench.service.standing()).items)


@pytest.mark.parametrize("wrong", [{"query": '"unclosed'}, {"sources": ("nosuch",)}])
async def test_a_wrong_subscription_is_refused_when_it_is_placed(bench: Bench, wrong: dict[str, object]) -> None:
    """A filter or source that cannot work is rejected at once, not every morning."""
    subscription = a_subscription(**{"sources": ("told",), **wrong})

    reply = await bench.service.answer(Subscribe(channel=CHANNEL, subscription=subscription))

    assert isinstance(reply, Problem)
    assert () == (await bench.service.standing()).items


async def test_help_names_every_command(bench: Bench) -> None:
    """Help lists all commands, or the requested one."""
    every = await bench.service.answer(Help(channel=CHANNEL))
    one = await bench.service.answer(Help(channel=CHANNEL, topic="lookup"))

    assert isinstance(every, HelpReply)
    assert isinstance(one, HelpReply)
    assert {"lookup", "search", "summarize", "digest", "subscribe"} <= {topic.name for topic in every.topics}
    assert ["lookup"] == [topic.name for topic in one.topics]


async def test_requests_at_the_same_time_do_not_pass_the_limit_together(tmp_path: Path) -> None:
    """Of thirty subscriptions placed in one channel at the same time, twenty are stored, and ten are told why not."""
    async with open_store(str(tmp_path / "paperwire.sqlite3")) as store, a_bench(store) as bench:
        wanted = [a_subscription(id=f"s{number}", sources=("told",), query=f"q{number}") for number in range(30)]
        asked = (bench.service.answer(Subscribe(channel=CHANNEL, user="ada", subscription=each)) for each in wanted)
        replied = await asyncio.gather(*asked)
        assert 20 == len(await store.subscriptions(CHANNEL))
    assert 10 == sum(isinstance(reply, Problem) and "20 is the most" in reply.message for reply in replied)
