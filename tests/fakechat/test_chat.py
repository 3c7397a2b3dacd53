"""The in-memory chat enforces its limits and produces the faults that a test switches on."""

import asyncio
from datetime import timedelta

import pytest

from bots.fakechat.chat import KEY_WINDOW, MAX_BLOCKS, MAX_CHARS, FakeChat, Message
from bots.fakechat.faults import (
    ChatError,
    ConnectionLost,
    EmptyMessage,
    Fault,
    MessageTooLong,
    NoSuchChannel,
    NotPermitted,
    TryLater,
)
from tests.support.doubles import Hand


def a_chat() -> FakeChat:
    """Return a chat whose clock moves only when the test moves it."""
    hand = Hand()
    return FakeChat(clock=hand, sleep=hand.sleep)


async def test_limits_are_hard() -> None:
    """A message at its limits is accepted; one more character or block is refused, and so is an empty message."""
    chat = a_chat()
    await chat.post("c", ["x" * MAX_CHARS])
    await chat.post("c", ["x"] * MAX_BLOCKS)
    for blocks in (["x" * MAX_CHARS, "x"], ["x"] * (MAX_BLOCKS + 1)):
        with pytest.raises(MessageTooLong):
            await chat.post("c", blocks)
    for blocks in ([], ["x", " \n"]):
        with pytest.raises(EmptyMessage):
            await chat.post("c", blocks)
    assert 2 == len(chat.messages)


async def test_keys_are_known_for_a_while() -> None:
    """Within the window a key returns the first message, in its own channel only; after it, a new message."""
    chat = a_chat()
    first = await chat.post("c", ["one"], key="k")
    assert first == await chat.post("c", ["two"], key="k")
    assert first != await chat.post("d", ["one"], key="k")
    await chat.sleep((KEY_WINDOW + timedelta(seconds=1)).total_seconds())
    assert first != await chat.post("c", ["two"], key="k")


async def test_keys_can_be_unknown() -> None:
    """With the window switched off, a key is stored with the message and prevents no repeat."""
    chat = a_chat()
    chat.key_window = None
    await chat.post("c", ["one"], key="k")
    await chat.post("c", ["one"], key="k")
    assert ["k", "k"] == [message.key for message in await chat.history("c", key="k")]


async def test_history_is_of_one_channel_and_time() -> None:
    """The history holds a channel's messages at or after an instant, oldest first, including people's."""
    chat = a_chat()
    await chat.post("c", ["one"])
    await chat.sleep(60)
    later = chat.clock()
    await chat.post("c", ["two"], key="k")
    await chat.say("c", "U1", "three")
    await chat.post("d", ["four"])
    assert ["one", "two", "three"] == [message.text for message in await chat.history("c")]
    assert ["two", "three"] == [message.text for message in await chat.history("c", since=later)]
    assert ["two"] == [message.text for message in await chat.history("c", key="k")]


async def test_edits_are_marked_and_held_to_the_limits() -> None:
    """An edited message keeps its id and is marked as edited; an edit may not break a limit."""
    chat = a_chat()
    message = await chat.post("c", ["one"])
    edited = await chat.edit(message.id, ["two"])
    assert (message.id, True, "two") == (edited.id, edited.edited, edited.text)
    with pytest.raises(MessageTooLong):
        await chat.edit(message.id, ["x" * (MAX_CHARS + 1)])
    with pytest.raises(ChatError):
        await chat.edit("m99", ["two"])


async def test_pings_are_recorded() -> None:
    """`FakeChat.pings` holds the bot's mentions as written, and none of people's."""
    chat = a_chat()
    await chat.say("c", "U1", "<!here>")
    await chat.post("c", ["&lt;!channel&gt; <@U123>"])
    assert ("<@U123>",) == chat.pings


@pytest.mark.parametrize(
    ("fault", "error", "accepted"),
    [
        (Fault.REFUSE, TryLater, 0),
        (Fault.GONE, NoSuchChannel, 0),
        (Fault.FORBID, NotPermitted, 0),
        (Fault.TOO_LARGE, MessageTooLong, 0),
        (Fault.LOST_BEFORE, ConnectionLost, 0),
        (Fault.LOST_AFTER, ConnectionLost, 1),
    ],
)
async def test_faults_strike_as_often_as_told(fault: Fault, error: type[ChatError], accepted: int) -> None:
    """A fault raises its error for the next N posts to its channel; only a lost response leaves a message."""
    chat = a_chat()
    chat.key_window = None
    chat.trouble(fault, "c", times=2)
    await chat.post("d", ["elsewhere"])
    for _ in range(2):
        with pytest.raises(error):
            await chat.post("c", ["one"])
    assert accepted * 2 == len(await _texts(chat, "c"))
    await chat.post("c", ["one"])
    assert accepted * 2 + 1 == len(await _texts(chat, "c"))
    assert 4 == len(chat.attempts)


async def _texts(chat: FakeChat, channel: str) -> list[str]:
    return [message.text for message in chat.messages if message.channel == channel]


async def test_faults_follow_each_other() -> None:
    """Faults apply in the order they were switched on, and stop after `heal`."""
    chat = a_chat()
    chat.trouble(Fault.LOST_AFTER, times=1)
    chat.trouble(Fault.REFUSE, retry_after=7.0)
    with pytest.raises(ConnectionLost):
        await chat.post("c", ["one"])
    with pytest.raises(TryLater) as refused:
        await chat.post("c", ["two"])
    assert 7.0 == refused.value.retry_after
    chat.heal()
    await chat.post("c", ["three"])
    assert ["one", "three"] == await _texts(chat, "c")


async def test_healing_one_channel_leaves_the_others_ill() -> None:
    """Healing a channel ends only its own faults."""
    chat = a_chat()
    chat.trouble(Fault.GONE, "c")
    chat.trouble(Fault.GONE, "d")
    chat.heal("c")
    await chat.post("c", ["one"])
    with pytest.raises(NoSuchChannel):
        await chat.post("d", ["one"])
    with pytest.raises(NoSuchChannel):
        await chat.history("d")


async def test_slow_requests_wait_for_the_gate() -> None:
    """A slow request is accepted only when its gate opens; a caller that cancels before that posts nothing."""
    chat, gate = a_chat(), asyncio.Event()
    chat.trouble(Fault.SLOW, gate=gate)
    impatient, patient = (asyncio.create_task(chat.post("c", [text])) for text in ("impatient", "patient"))
    await asyncio.sleep(0)
    impatient.cancel()
    gate.set()
    assert "patient" == (await patient).text
    assert ["patient"] == await _texts(chat, "c")


async def test_slow_answers_leave_the_message() -> None:
    """A caller that cancels during a slow response has still posted."""
    chat = a_chat()
    chat.trouble(Fault.SLOW_ANSWER, gate=asyncio.Event())
    task = asyncio.create_task(chat.post("c", ["one"]))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ["one"] == await _texts(chat, "c")


async def test_slowness_goes_by_the_chats_own_sleep() -> None:
    """Without a gate a slow request takes its seconds on the chat's own sleep."""
    chat = a_chat()
    before = chat.clock()
    chat.trouble(Fault.SLOW, seconds=30, times=1)
    message = await chat.post("c", ["one"])
    assert timedelta(seconds=30) == message.posted_at - before


async def test_history_can_be_refused() -> None:
    """A closed history raises its error, and posting still works."""
    chat = a_chat()
    chat.trouble(Fault.NO_HISTORY)
    await chat.post("c", ["one"])
    with pytest.raises(NotPermitted):
        await chat.history("c")


async def test_listeners_hear_people_until_they_stop() -> None:
    """A listener receives every person's message, and none after its removal."""
    chat, heard = a_chat(), list[str]()

    async def hear(message: Message) -> None:
        heard.append(message.text)

    stop = chat.listen(hear)
    await chat.say("c", "U1", "one")
    await chat.post("c", ["from the bot"])
    stop()
    await chat.say("c", "U1", "two")
    assert ["one"] == heard
