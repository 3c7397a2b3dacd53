"""Hiding a paper: the question, the act, Undo and the list, each true and each in its own channel only."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC
from itertools import permutations

import pytest

from bots.domain.channels import Channel
from bots.domain.papers import Paper, PaperId
from bots.domain.replies import HiddenList, NextStep, Noted, Offer, Problem
from bots.domain.requests import (
    Abstract,
    Asked,
    Hidden,
    ListSubscriptions,
    NotForUs,
    Pause,
    Preview,
    Request,
    Resume,
    Save,
    Subscribe,
    Unhide,
    Unsubscribe,
    changes_channel,
)
from bots.store.memory import MemoryStore
from bots.usecases.hiding import PAGE
from tests.support.doubles import Bench, a_bench
from tests.support.factories import CHANNEL, DAY, a_paper, a_subscription, five_papers

BEST = five_papers()[0]
ELSEWHERE = replace(CHANNEL, channel="elsewhere")
ORDER = a_subscription(sources=("told",), limit=3)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


async def noted(bench: Bench, request: Request) -> Noted:
    """Return the confirmation of a request."""
    reply = await bench.service.answer(request)
    assert isinstance(reply, Noted)
    return reply


async def listed(bench: Bench, page: int = 1, channel: Channel = CHANNEL) -> HiddenList:
    """Return a page of the hidden papers of a channel."""
    reply = await bench.service.answer(Hidden(channel=channel, user="ada", page=page))
    assert isinstance(reply, HiddenList)
    return reply


async def digested(bench: Bench, channel: Channel = CHANNEL) -> tuple[PaperId, ...]:
    """Return the papers that the next digest of a channel would contain."""
    return (await bench.service.digest_builder.digest(replace(ORDER, channel=channel), [DAY])).paper_ids


def hide(user: str = "ada", paper: Paper = BEST, **more: object) -> NotForUs:
    """Return the request of a person to hide a paper."""
    return NotForUs(**{"channel": CHANNEL, "user": user, "paper_id": paper.id, **more})  # type: ignore[arg-type]


async def test_the_question_says_what_it_does_and_does_nothing(bench: Bench) -> None:
    """It names the paper, for whom and for how long it is hidden, and offers to hide it; the digest still has it."""
    asks = await noted(bench, hide(sure=False))
    assert Offer(step=NextStep.HIDE, paper_id=BEST.id) == asks.offer
    for words in (BEST.title, "for everyone here", "until someone presses Undo", "/paper hidden"):
        assert words in asks.said
    assert BEST.id in await digested(bench)
    assert 0 == (await listed(bench)).total


async def test_undo_makes_a_paper_eligible_again(bench: Bench) -> None:
    """Hidden, it is in no digest of its channel; undone, it is where it was; other channels have it all the time."""
    before = await digested(bench)
    hid = await noted(bench, hide())
    assert Offer(step=NextStep.UNDO, paper_id=BEST.id) == hid.offer
    assert [False, True] == [BEST.id in await digested(bench, place) for place in (CHANNEL, ELSEWHERE)]
    undone = await noted(bench, Unhide(channel=CHANNEL, user="bob", paper_id=BEST.id))
    assert (True, None) == (undone.said.startswith("Undone."), undone.offer)
    assert before == await digested(bench)


async def test_hiding_and_undo_may_be_pressed_twice(bench: Bench) -> None:
    """A second press changes nothing and says what is true; hiding again after Undo hides."""
    for _ in range(2):
        assert (await noted(bench, hide())).said.startswith("Hidden:")
        assert 1 == (await listed(bench)).total
    undo = Unhide(channel=CHANNEL, user="ada", paper_id=BEST.id)
    assert ["Undone", "Not hidden here"] == [(await noted(bench, undo)).said.split(":")[0].split(".")[0] for _ in "ab"]
    await noted(bench, hide())
    assert BEST.id not in await digested(bench)


async def test_two_people_press_at_once(bench: Bench) -> None:
    """Both are told that it is hidden, the list names both, and one Undo takes both back."""
    both = await asyncio.gather(*(noted(bench, hide(user)) for user in ("ada", "bob")))
    assert {"Hidden"} == {each.said.split(":")[0] for each in both}
    assert [{"ada", "bob"}] == [set(each.by) for each in (await listed(bench)).papers]
    await noted(bench, Unhide(channel=CHANNEL, user="bob", paper_id=BEST.id))
    assert 0 == (await listed(bench)).total


@pytest.mark.parametrize("order", list(permutations(("ask", "hide", "undo"))), ids="-".join)
async def test_a_press_of_any_age_does_what_it_says(bench: Bench, order: tuple[str, ...]) -> None:
    """Nothing is kept between the presses, so in whatever order they come, the last hide or undo counts."""
    made: dict[str, Asked] = {
        "ask": hide(sure=False),
        "hide": hide(),
        "undo": Unhide(channel=CHANNEL, user="bob", paper_id=BEST.id),
    }
    for name in order:
        await noted(bench, made[name])  # type: ignore[arg-type]
    last = [name for name in order if name != "ask"][-1]
    assert (last == "hide") == (BEST.id not in await digested(bench))


async def test_undo_needs_no_library(bench: Bench) -> None:
    """A paper that no library and no shelf has any more can still be shown again, and is listed by its id."""
    gone = a_paper(id=PaperId.arxiv("2101.00001"))
    await bench.store.turn_down(CHANNEL, gone.id, user="ada", now=bench.service.clock())
    assert [None] == [each.paper for each in (await listed(bench)).papers]
    assert (await noted(bench, Unhide(channel=CHANNEL, user="ada", paper_id=gone.id))).said.startswith("Undone.")
    assert 0 == (await listed(bench)).total


async def test_a_paper_that_is_nowhere_is_asked_about_by_nobody(bench: Bench) -> None:
    """The question about an unknown paper is a problem, as hiding it is."""
    reply = await bench.service.answer(hide(paper=a_paper(id=PaperId.arxiv("2101.00001")), sure=False))
    assert isinstance(reply, Problem)


@pytest.mark.parametrize(
    ("number", "page", "shown", "pages"),
    [(0, 1, 0, 1), (1, 1, 1, 1), (PAGE, 1, PAGE, 1), (PAGE + 1, 2, 1, 2), (3 * PAGE, 9, PAGE, 3), (2, 0, 2, 1)],
)
async def test_the_list_comes_in_pages(bench: Bench, number: int, page: int, shown: int, pages: int) -> None:
    """A page has at most eight papers; a page that does not exist is the last, or the first below one."""
    for digit in range(number):
        paper = PaperId.arxiv(f"2101.{digit:05}")
        await bench.store.turn_down(CHANNEL, paper, user="ada", now=bench.service.clock())
    found = await listed(bench, page)
    assert (shown, pages, number) == (len(found.papers), found.pages, found.total)
    assert found.page == min(max(page, 1), pages)
    assert all(each.at.tzinfo is UTC for each in found.papers)
    every = [each.paper_id for part in range(1, pages + 1) for each in (await listed(bench, part)).papers]
    assert number == len(set(every)) == len(every)


ABOUT = {"channel": CHANNEL, "user": "ada"}


@pytest.mark.parametrize(
    ("request_", "changes"),
    [
        (NotForUs(**ABOUT, paper_id=BEST.id), True),  # type: ignore[arg-type]
        (NotForUs(**ABOUT, paper_id=BEST.id, sure=False), True),  # type: ignore[arg-type]
        (Unhide(**ABOUT, paper_id=BEST.id), True),  # type: ignore[arg-type]
        (Subscribe(**ABOUT, subscription=ORDER), True),  # type: ignore[arg-type]
        (Preview(**ABOUT, subscription=ORDER), True),  # type: ignore[arg-type]
        (Pause(**ABOUT, subscription_id="a"), True),  # type: ignore[arg-type]
        (Resume(**ABOUT, subscription_id="a"), True),  # type: ignore[arg-type]
        (Unsubscribe(**ABOUT, subscription_id="a"), True),  # type: ignore[arg-type]
        (ListSubscriptions(**ABOUT), False),  # type: ignore[arg-type]
        (Hidden(**ABOUT), False),  # type: ignore[arg-type]
        (Save(**ABOUT, paper_id=BEST.id), False),  # type: ignore[arg-type]
        (Abstract(**ABOUT, paper_id=BEST.id), False),  # type: ignore[arg-type]
    ],
)
def test_what_changes_a_channel_needs_a_permission(request_: Request, changes: bool) -> None:
    """Hiding, the question before it and Undo need what a subscription needs; reading needs nothing."""
    assert changes == changes_channel(request_)
