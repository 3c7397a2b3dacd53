"""What is followed reaches the digest: for a channel it raises papers, for a person's own digest it chooses them."""

from dataclasses import replace

from bots.domain.channels import Channel, Reader
from bots.domain.digests import Digest
from bots.domain.follows import Follow, FollowKind
from bots.domain.subscriptions import Subscription
from bots.ports import SourceQuery
from bots.sources.sample import SampleDay
from bots.store.memory import MemoryStore
from tests.support.doubles import ToldSource, a_bench
from tests.support.factories import CHANNEL, DAY, NOW, a_subscription

AUTHOR, TOPIC, QUERY = FollowKind
DIRECT = replace(CHANNEL, channel="D1")
ADA = Reader(platform=CHANNEL.platform, workspace=CHANNEL.workspace, user="ada")
#: A paper of the sample day that has few votes, and its author.
DOCKING, BARZILAY = "DiffDock", "Regina Barzilay"


async def made(who: Channel | Reader | None, *follows: Follow, **subscription: object) -> Digest:
    """Return the digest of the sample day for a subscription, after someone followed something."""
    papers = (await SampleDay().recent(SourceQuery(day=DAY))).papers
    async with a_bench(MemoryStore(), told=ToldSource(papers=papers)) as bench:
        for follow in follows if who else ():
            await bench.store.keep_follow(who, follow)  # type: ignore[arg-type]
        given: Subscription = replace(a_subscription(sources=("told",), limit=28), **subscription)  # type: ignore[arg-type]
        return await bench.service.digest_builder.digest(given, [DAY])


def follow(kind: FollowKind, text: str) -> Follow:
    """Return something that is followed."""
    return Follow(kind=kind, text=text, at=NOW)


def first(digest: Digest) -> tuple[str, str]:
    """Return the beginning of the first paper's title, and why it is shown."""
    entry = digest.entries[0]
    return entry.paper.title.partition(":")[0], entry.why


async def test_a_followed_author_comes_first_and_nothing_is_lost() -> None:
    """The channel still reads all of the day's papers."""
    plain = await made(None)
    assert DOCKING != first(plain)[0]
    digest = await made(CHANNEL, follow(AUTHOR, "R. Barzilay"))
    title, why = first(digest)
    assert (DOCKING, True) == (title, why.startswith("author you follow: R. Barzilay"))
    assert set(plain.paper_ids) == set(digest.paper_ids)


async def test_a_followed_topic_and_query_raise_what_fits() -> None:
    """A topic is met by meaning, a query by its words; each says so, and the others stay."""
    by_topic = await made(CHANNEL, follow(TOPIC, "docking molecules to proteins"))
    title, why = first(by_topic)
    assert (DOCKING, True) == (title, why.startswith("near to “docking molecules to proteins”, which you follow"))
    by_query = await made(CHANNEL, follow(QUERY, "ti:diffdock"))
    title, why = first(by_query)
    assert (DOCKING, True) == (title, why.startswith("matches “ti:diffdock”, which you follow"))
    assert 28 == len(by_topic.entries) == len(by_query.entries)


async def test_a_digest_of_ones_own_has_only_what_one_follows() -> None:
    """In direct messages, without a query of its own; with one, what is followed only comes first."""
    mine = {"channel": DIRECT, "made_by": "ada", "personal": True}
    digest = await made(ADA, follow(AUTHOR, BARZILAY), follow(TOPIC, "image generation with diffusion"), **mine)
    assert 1 < len(digest.entries) < 10
    assert all("you follow" in entry.why for entry in digest.entries)
    filtered = await made(ADA, follow(AUTHOR, BARZILAY), **mine, query="diffusion OR attention")
    assert DOCKING == first(filtered)[0]
    assert any("you follow" not in entry.why for entry in filtered.entries)


async def test_what_a_person_follows_changes_nothing_for_others() -> None:
    """Not in a channel, even if they made its subscription, and not in another person's direct messages."""
    plain = await made(None)
    for subscription in ({"made_by": "ada"}, {"channel": DIRECT, "made_by": "bob", "personal": True}):
        digest = await made(ADA, follow(AUTHOR, BARZILAY), **subscription)
        assert plain.paper_ids == digest.paper_ids


async def test_a_query_that_cannot_be_read_any_more_matches_nothing() -> None:
    """A filter that a later release does not know costs its papers, and not the digest."""
    digest = await made(CHANNEL, follow(QUERY, "bogus:x"), follow(AUTHOR, BARZILAY))
    assert DOCKING == first(digest)[0]
