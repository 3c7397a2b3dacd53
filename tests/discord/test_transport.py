"""Requests to Discord: never faster than allowed, never into a ban; and the meaning of its refusals."""

import asyncio
from itertools import pairwise

import pytest

from bots.discord.channel_kinds import OUR_TAGS, snowflake_at, tags_of, when
from bots.discord.error_translation import meaning
from bots.discord.message_marks import carries, marked, nonce
from bots.discord.transport import RequestBudget
from bots.domain.channels import Channel
from bots.domain.errors import ChannelGone, HistoryClosed, PostRefused, PostTooLarge, PostUnknown
from bots.ports.permits import MARGIN
from tests.support.doubles import Hand

HERE = Channel(platform="discord", workspace="77", channel="22")


async def requested(hand: Hand, budget: RequestBudget, many: int) -> list[float]:
    """Make requests at once, and return when each was let go, in seconds from now."""
    start, made = hand.ticks(), []

    async def go() -> None:
        await budget.wait()
        made.append(hand.ticks() - start)

    await asyncio.gather(*(go() for _ in range(many)))
    return made


async def test_no_second_holds_more_than_fifty_requests() -> None:
    """Two hundred simultaneous requests take four seconds and the margin, and all of them are made."""
    hand = Hand()
    made = await requested(hand, RequestBudget(ticks=hand.ticks, sleep=hand.pace), 200)
    assert 4 * MARGIN == pytest.approx(made[-1], abs=0.03)
    assert [] == [each for each in made if sum(each <= other < each + 0.999 for other in made) > 50]


async def test_many_requests_leave_at_even_distances() -> None:
    """A crowd would arrive at Discord in another order than it left, and so exceed the limit; a few leave at once."""
    hand = Hand()
    budget = RequestBudget(ticks=hand.ticks, sleep=hand.pace)
    assert [0.0] * 25 == await requested(hand, budget, 25)
    hand.turn(seconds=5)
    made = await requested(hand, budget, 200)
    assert [0.0] * 25 == made[:25]
    gaps = [later - earlier for earlier, later in pairwise(made[25:])]
    assert [MARGIN / 50] * 174 == pytest.approx(gaps, abs=0.001)


async def test_requests_that_wake_late_catch_up() -> None:
    """A loop that is busy for a twentieth of a second now and then keeps the rate, and never exceeds the limit."""
    hand, woken = Hand(), 0

    async def late(seconds: float) -> None:
        nonlocal woken
        woken += 1
        await hand.pace(seconds + (0.05 if woken % 10 == 0 else 0.0))

    made = await requested(hand, RequestBudget(ticks=hand.ticks, sleep=late), 500)
    assert 10 * MARGIN == pytest.approx(made[-1], abs=0.1)
    assert [] == [each for each in made if sum(each <= other < each + 0.999 for other in made) > 50]


async def test_too_many_refusals_are_followed_by_a_rest() -> None:
    """Shared rate limits do not count, and refusals are forgotten after ten minutes."""
    hand = Hand()
    budget = RequestBudget(most_invalid=3, ticks=hand.ticks, sleep=hand.pace)
    for status, scope in ((401, ""), (403, ""), (429, "shared"), (404, "")):
        budget.note(status, scope)
    await budget.wait()
    budget.note(429, "user")
    with pytest.raises(PostRefused) as refused:
        await budget.wait()
    assert refused.value.everywhere
    assert 600 == pytest.approx(refused.value.retry_after or 0, abs=1)
    hand.turn(minutes=10)
    await budget.wait()


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (403, 50013, ChannelGone),
        (403, 50001, ChannelGone),
        (404, 10003, ChannelGone),
        (400, 50035, PostTooLarge),
        (413, 0, PostTooLarge),
        (401, 0, PostRefused),
        (429, 0, PostRefused),
        (400, 20028, PostRefused),
        (503, 0, PostUnknown),
        (500, 0, PostUnknown),
        (400, 40067, ChannelGone),
    ],
)
def test_each_refusal_means_one_thing(status: int, code: int, kind: type[Exception]) -> None:
    """Each refusal is permanent, temporary, too large or unknown."""
    assert kind is type(meaning(HERE, status, code, "said"))


def test_a_history_that_may_not_be_read_can_never_be_asked() -> None:
    """A history without read permission raises HistoryClosed, so delivery does not post the part again."""
    assert HistoryClosed is type(meaning(HERE, 403, 50013, "said", asking=True))


def test_a_nonce_belongs_to_one_part_in_one_channel() -> None:
    """Each part in each channel has its own nonce of 25 characters, since Discord compares nonces across channels."""
    made = {nonce(key, channel) for key in ("a", "b") for channel in ("1", "2")}
    assert (4, {25}) == (len(made), {len(each) for each in made})
    assert nonce("a", "1") == nonce("a", "1")


def test_a_message_carries_its_key_where_nobody_sees_it() -> None:
    """A message carries its key in the ids of its components, or in an embed's footer, and other keys do not match."""
    cards = {"components": [{"type": 17, "components": [{"type": 10, "content": "x"}, {"type": 10, "content": "y"}]}]}
    embeds = {"embeds": [{"description": "x"}, {"description": "y", "footer": {"text": "z"}}]}
    for body in (cards, embeds):
        assert carries(marked(body, "key"), "key")
        assert not carries(marked(body, "key"), "other")
        assert not carries(body, "key")


def test_a_forum_is_posted_to_under_its_own_tags() -> None:
    """A forum that requires a tag and has none for us is not posted to."""
    tags = [{"id": "1", "name": "Papers"}, {"id": "2", "name": "other"}]
    assert ("1",) == tags_of({"available_tags": tags})
    assert () == tags_of({"available_tags": tags[1:]})
    assert tags_of({"available_tags": tags[1:], "flags": 1 << 4}) is None
    assert 5 == len(tags_of({"available_tags": [{"id": str(n), "name": tag} for n, tag in enumerate(OUR_TAGS)]}) or ())


def test_an_id_tells_when_it_was_made() -> None:
    """The instant in an id is exact to the millisecond."""
    hand = Hand()
    assert abs((when(snowflake_at(hand())) - hand()).total_seconds()) < 0.002
