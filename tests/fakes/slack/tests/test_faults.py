"""Injected faults, as slack_sdk experiences them."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)

from tests.fakes.slack.faults import Faults, Trouble
from tests.fakes.slack.tests.bot import client
from tests.fakes.slack.tests.conftest import Lab


def shown(lab: Lab) -> list[str]:
    """Return the messages in the channel."""
    return [seen.text for seen in lab.slack.messages(lab.papers)]


@pytest.mark.parametrize(
    ("trouble", "error", "done"),
    [
        (Trouble.ANSWER_LOST, aiohttp.ServerDisconnectedError, True),
        (Trouble.RESET, aiohttp.ServerDisconnectedError, False),
        (Trouble.DOWN_BEFORE, SlackApiError, False),
        (Trouble.DOWN_AFTER, SlackApiError, True),
        (Trouble.RATE_LIMITED, SlackApiError, False),
        (Trouble.REFUSED, SlackApiError, False),
        (Trouble.NOT_JSON, SlackApiError, False),
    ],
)
async def test_a_trouble_strikes_once_and_the_post_is_done_or_not(
    lab: Lab, trouble: Trouble, error: type[Exception], done: bool
) -> None:
    """Each trouble fails the call in its own way; only some troubles leave the post in the channel."""
    fault = lab.slack.hub.faults.switch(trouble, "chat.postMessage", left=1)
    with pytest.raises(error):
        await lab.client.chat_postMessage(channel="#papers", text="One")
    assert (["One"] if done else []) == shown(lab)
    await lab.client.chat_postMessage(channel="#papers", text="Two")
    assert 1 == fault.struck


@pytest.mark.parametrize(("trouble", "done"), [(Trouble.HANGS, False), (Trouble.HALF_OPEN, True)])
async def test_silence_lasts_until_the_client_gives_up(lab: Lab, trouble: Trouble, done: bool) -> None:
    """A hanging call is not carried out; one on a half-open connection is."""
    lab.slack.hub.faults.switch(trouble, "chat.*")
    impatient = client(lab.slack, lab.installation.token)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await impatient.chat_postMessage(channel="#papers", text="One")
    assert (["One"] if done else []) == shown(lab)


async def test_the_default_retry_doubles_a_post_whose_answer_was_lost(lab: Lab) -> None:
    """slack_sdk's own retry handler for lost connections posts twice, so an app must not use it."""
    lab.slack.hub.faults.switch(Trouble.ANSWER_LOST, "chat.postMessage", left=1)
    careless = client(lab.slack, lab.installation.token, AsyncConnectionErrorRetryHandler())
    await careless.chat_postMessage(channel="#papers", text="One")
    assert ["One", "One"] == shown(lab)


async def test_a_client_that_waits_as_told_gets_through_once(lab: Lab) -> None:
    """After a 429 with Retry-After the rate limit handler posts exactly once."""
    lab.slack.hub.faults.switch(Trouble.RATE_LIMITED, "chat.postMessage", left=1, seconds=1)
    patient = client(lab.slack, lab.installation.token, AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    await patient.chat_postMessage(channel="#papers", text="One")
    assert ["One"] == shown(lab)


async def test_a_fault_keeps_to_its_channel_its_count_and_its_turn(lab: Lab) -> None:
    """A fault applies only in its channel, only `left` times, and only after it let `skip` calls pass."""
    other = lab.slack.channel("other", lab.ada)
    fault = lab.slack.hub.faults.switch(
        Trouble.REFUSED, "chat.*", channel=other.id, left=1, skip=1, error="fatal_error"
    )
    await lab.client.chat_postMessage(channel=lab.papers.id, text="One")
    await lab.client.chat_postMessage(channel=other.id, text="One")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await lab.client.chat_postMessage(channel=other.id, text="Two")
    await lab.client.chat_postMessage(channel=other.id, text="Three")
    assert 1 == fault.struck


def test_chance_is_the_same_for_the_same_seed() -> None:
    """A fault with a probability applies to the same calls for the same seed."""
    struck = []
    for _ in range(2):
        faults = Faults(seed=7)
        faults.switch(Trouble.REFUSED, "api.test", chance=0.5)
        struck.append([faults.of_call("api.test", "") is not None for _ in range(20)])
    assert struck[0] == struck[1]
    assert {True, False} == set(struck[0])


async def test_healed_means_healed(lab: Lab) -> None:
    """After heal() no fault applies."""
    lab.slack.hub.faults.switch(Trouble.DOWN_BEFORE)
    lab.slack.hub.faults.heal()
    assert (await lab.client.api_test())["ok"]
