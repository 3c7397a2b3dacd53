"""Reactions to a digest's messages are statements of its papers, and end with the reaction."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.channels import Channel
from bots.domain.errors import StoreError
from bots.domain.feedback import Feedback, Sign
from bots.ranking.taste import weights_of
from bots.ranking.weights import ONE_MEMBER
from bots.store.memory import MemoryStore
from bots.usecases.reactions import Reaction, Reactions, opinion_of
from tests.store.stores import a_run, some_parts
from tests.support.factories import CHANNEL, DAY, NOW, a_paper, a_subscription, five_papers


@pytest.mark.parametrize(
    "name", ["👍", "👍🏽", "❤️", "💜", "+1", "+1::skin-tone-4", "thumbsup", "heart", "blue_heart", "🔥"]
)
def test_a_thumb_and_a_heart_say_that_it_fits(name: str) -> None:
    """In any colour, and by the names of both chats."""
    assert Sign.LIKED is opinion_of(name)


@pytest.mark.parametrize("name", ["👎", "👎🏿", "-1", "-1::skin-tone-2", "thumbsdown"])
def test_a_thumb_down_says_that_it_does_not(name: str) -> None:
    """In any colour, and by the names of both chats."""
    assert Sign.DISLIKED is opinion_of(name)


@pytest.mark.parametrize(
    "name", ["", "eyes", "👀", "broken_heart", "💔", "white_check_mark", "::", "heart_of_stone", "1"]
)
def test_other_reactions_say_nothing(name: str) -> None:
    """Whoever marks a paper as read has not judged it."""
    assert None is opinion_of(name)


@given(st.text(max_size=30))
def test_any_name_is_read(name: str) -> None:
    """No name of a reaction raises."""
    assert opinion_of(name) in (None, Sign.LIKED, Sign.DISLIKED)


async def posted(store: MemoryStore) -> Reactions:
    """Store a digest of two messages, the first of them posted as `m1`."""
    await store.keep_subscription(a_subscription(channel=CHANNEL))
    run = a_run()
    papers = [replace(a_paper(), id=name) for part in some_parts(run, 2, CHANNEL) for name in part.part.paper_ids]
    await store.remember(papers, source="told", day=DAY)
    await store.open_run(run)
    first, _ = await store.plan(run.key, some_parts(run, 2, CHANNEL))
    await store.confirm(first.key, "m1", now=NOW)
    return Reactions(ledger=store, shelf=store, tastes=store, clock=lambda: NOW)


def reaction(name: str = "👍", *, message: str = "m1", user: str = "ada", removed: bool = False) -> Reaction:
    """Return a reaction to a message of the channel."""
    return Reaction(channel=CHANNEL, message=message, user=user, name=name, removed=removed)


async def test_a_reaction_is_learned_and_unlearned() -> None:
    """It counts for each paper of its message, as a share; taking it off takes it back."""
    store = MemoryStore()
    heard = await posted(store)
    papers = await heard.hear(reaction())
    said = await store.feedback(CHANNEL)
    assert papers == len(said) > 0
    assert {(Sign.LIKED, "ada", papers)} == {(each.sign, each.user, each.among) for each in said}
    assert 0 == await heard.hear(reaction("👎", removed=True))
    assert papers == await heard.hear(reaction("❤️", removed=True))
    assert () == await store.feedback(CHANNEL)


async def test_a_message_in_a_thread_is_found_by_its_workspace() -> None:
    """A reaction whose channel is left open counts for the channel of the digest."""
    store = MemoryStore()
    heard = await posted(store)
    somewhere = Channel(platform=CHANNEL.platform, workspace=CHANNEL.workspace)
    await heard.hear(Reaction(channel=somewhere, message="m1", user="ada", name="👍"))
    assert await store.feedback(CHANNEL)


@pytest.mark.parametrize(
    "other",
    [reaction(message="m2"), reaction("eyes"), reaction(user=""), reaction(message="")],
)
async def test_what_is_no_opinion_on_a_digest_changes_nothing(other: Reaction) -> None:
    """Messages of others, other emoji, and events without a person are left alone."""
    store = MemoryStore()
    heard = await posted(store)
    assert 0 == await heard.hear(other)
    assert () == await store.feedback(CHANNEL)


async def test_a_database_that_fails_is_no_fault_of_the_person(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody waits for an answer: the failure is logged, and nothing is raised."""

    class Broken(MemoryStore):
        async def message(self, channel: Channel, message_id: str) -> None:
            raise StoreError(f"{channel} {message_id}")

    store = Broken()
    heard = Reactions(ledger=store, shelf=store, tastes=store, clock=lambda: NOW)
    assert 0 == await heard.hear(reaction())
    assert "could not be recorded" in caplog.text


def test_one_loud_member_does_not_steer_a_channel() -> None:
    """A hundred thumbs of one member count as much as ten statements."""
    papers = five_papers() * 20
    said = [
        Feedback(paper=paper, sign=Sign.LIKED, user="ada", at=NOW, among=1) for paper in papers
    ]  # 100 statements of half a point each
    quiet = Feedback(paper=papers[0], sign=Sign.DISLIKED, user="bob", at=NOW)
    weights = weights_of([*said, quiet])
    assert ONE_MEMBER == pytest.approx(sum(weights.values()) + 0.5)


def test_a_reaction_to_five_papers_says_less_of_each() -> None:
    """The weight of one reaction is shared among the papers of its message."""
    (paper, *_) = five_papers()
    alone, shared = (
        weights_of([Feedback(paper=paper, sign=Sign.LIKED, user="ada", at=NOW, among=among)])[str(paper.id)]
        for among in (1, 5)
    )
    assert alone == pytest.approx(5 * shared)
