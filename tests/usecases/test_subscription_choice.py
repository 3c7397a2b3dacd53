"""Which subscription of a channel a person means, and what is said if that is open."""

from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from bots.domain.errors import BadQuery, NotAllowed
from bots.domain.replies import Change, Paused, Resumed, Subscribed, SubscriptionList, Unsubscribed
from bots.domain.requests import Edit, Pause, Resume, Unsubscribe
from bots.domain.subscriptions import Every, Subscription, Weekday
from bots.store.memory import MemoryStore
from bots.usecases.subscription_choice import chosen
from bots.usecases.subscriptions import SubscriptionService
from tests.support.doubles import Hand
from tests.support.factories import CHANNEL, a_subscription

ONE = a_subscription(id="a1b2c3d4e5", sources=("arxiv:cs.CL",), query="agents")
TWO = a_subscription(id="b1b2c3d4e5", sources=("huggingface",), times=(time(17),))
THREE = a_subscription(id="1234567890", sources=("arxiv:cs.LG",))
ALL = (ONE, TWO, THREE)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a1b2c3d4e5", ONE),
        ("1", ONE),
        ("2", TWO),
        ("1234567890", THREE),
        ("cs.CL", ONE),
        ("arXiv cs.LG", THREE),
        ("Hugging Face", TWO),
        ("agents", ONE),
        ("２", TWO),
        ("17:00", TWO),
    ],
)
def test_a_subscription_is_named_by_id_number_or_words(name: str, expected: Subscription) -> None:
    """An id is taken before a number, and words name the one that has them all."""
    assert expected == chosen(ALL, name, "pause")


def test_the_only_one_needs_no_name() -> None:
    """Without a name, or with "all", it is the only one."""
    assert (ONE, ONE) == (chosen((ONE,), "", "pause"), chosen((ONE,), "all", "pause"))


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", BadQuery),
        ("all", BadQuery),
        ("4", NotAllowed),
        ("0", NotAllowed),
        ("arXiv", NotAllowed),
        ("quantum", NotAllowed),
        ("feedface00", NotAllowed),
        ("9" * 5000, NotAllowed),
        ("17 and 5", NotAllowed),
        ("5, 17", NotAllowed),
        ("#1 #2", NotAllowed),
        ("1-2", NotAllowed),
    ],
)
def test_several_are_listed_by_number(name: str, error: type[Exception]) -> None:
    """The answer lists them with what they bring and when, without an id, and how to say which."""
    with pytest.raises(error) as caught:
        chosen(ALL, name, "unsubscribe")
    told = str(caught.value)
    assert [] == [each for each in ("1. arXiv cs.CL (agents)", "2. Hugging Face", "3. arXiv cs.LG") if each not in told]
    assert [] == [each.id for each in ALL if each.id in told]
    assert "/paper unsubscribe 3" in getattr(caught.value, "hint", "")


def test_a_wrong_name_of_the_only_one_is_told() -> None:
    """With one subscription the command alone is enough, and the error says so."""
    with pytest.raises(NotAllowed, match="“quantum” names no subscription here") as caught:
        chosen((ONE,), "quantum", "pause")
    assert "/paper pause alone is enough" in caught.value.hint
    with pytest.raises(NotAllowed, match="has no subscriptions") as caught:
        chosen((), "", "pause")
    assert "/paper subscribe" in caught.value.hint


async def a_service(*held: Subscription) -> SubscriptionService:
    """Return a service with some subscriptions in its store."""
    store = MemoryStore()
    for number, each in enumerate(held):
        await store.keep_subscription(replace(each, created=Hand()().replace(minute=number)))
    return SubscriptionService(subscriptions=store, clock=Hand(), new_id=iter("xyz").__next__)


async def test_one_subscription_is_paused_resumed_changed_and_ended_without_a_name() -> None:
    """Each command takes the only subscription of its channel."""
    service = await a_service(ONE)
    paused = await service.change(Pause(channel=CHANNEL, subscription_id=""))
    resumed = await service.change(Resume(channel=CHANNEL, subscription_id=""))
    edited = await service.change(Edit(channel=CHANNEL, subscription_id="", options=(("at", "10am"),)))
    ended = await service.change(Unsubscribe(channel=CHANNEL, subscription_id=""))
    assert [Paused, Resumed, Subscribed, Unsubscribed] == [type(each) for each in (paused, resumed, edited, ended)]


async def test_a_number_is_that_of_the_list() -> None:
    """The second of the list is the one that "2" names."""
    service = await a_service(*ALL)
    listed = await service.standing(CHANNEL)
    ended = await service.change(Unsubscribe(channel=CHANNEL, subscription_id="2"))
    assert isinstance(ended, Unsubscribed)
    assert listed.items[1].subscription.id == ended.subscription.id


async def test_an_edit_changes_what_it_names_and_nothing_else() -> None:
    """Options that are not named stay, so do the id, who made it and since when."""
    before = replace(ONE, made_by="ada", limit=7, every=Every.WEEK, weekdays=frozenset({Weekday.TUE}))
    service = await a_service(before)
    stored = (await service.standing(CHANNEL)).items[0].subscription
    options = (("at", "10am and 5pm"), ("zone", "New York"))
    edited = await service.change(Edit(channel=CHANNEL, subscription_id="", options=options))
    assert isinstance(edited, Subscribed)
    expected = replace(stored, times=(time(10), time(17)), timezone=ZoneInfo("America/New_York"))
    assert (Change.EDITED, expected) == (edited.change, edited.subscription)


async def test_a_new_rhythm_has_days_of_its_own() -> None:
    """From every weekday to weekly: on Fridays, unless a day is named."""
    service = await a_service(ONE)
    edited = await service.change(Edit(channel=CHANNEL, subscription_id="", options=(("every", "week"),)))
    assert isinstance(edited, Subscribed)
    assert (Every.WEEK, frozenset({Weekday.FRI})) == (edited.subscription.every, edited.subscription.weekdays)


async def test_an_edit_without_a_change_lists_what_can_be_changed() -> None:
    """Without a name all are listed; with one, the answer asks what to change."""
    service = await a_service(*ALL)
    listed = await service.change(Edit(channel=CHANNEL, subscription_id=""))
    assert isinstance(listed, SubscriptionList)
    assert 3 == len(listed.items)
    with pytest.raises(BadQuery, match="Say what to change") as caught:
        await service.change(Edit(channel=CHANNEL, subscription_id="2"))
    assert "/paper edit 2 at 10:00" in caught.value.hint
