"""The fake chat service: channels, limits, idempotency keys, history, and the faults of a real service."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bots.fakechat import markup
from bots.fakechat.faults import (
    ANSWERS,
    ChatError,
    ConnectionLost,
    EmptyMessage,
    Fault,
    MessageTooLong,
    NoSuchChannel,
    NotPermitted,
    Trouble,
    refusal,
)
from bots.ports import Clock

#: All blocks of a message together, counted as sent with escapes: as strict as a section block in Slack.
MAX_CHARS = 3000
#: Discord's limit of embeds per message, the smallest such limit of all platforms.
MAX_BLOCKS = 10
#: How long the chat remembers a key; Discord documents "a few minutes".
KEY_WINDOW = timedelta(minutes=5)
#: The bot's user id in mentions.
BOT = "U0PAPERWIRE"

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message as the chat stores it."""

    id: str
    channel: str
    #: As sent, with escapes.
    blocks: tuple[str, ...]
    posted_at: datetime
    #: The author.
    user: str = BOT
    #: The sender's idempotency key; empty for a message without one.
    key: str = ""
    edited: bool = False
    #: The mentions that notify people, as written.
    pings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The message as its readers see it."""
        return "\n\n".join(map(markup.shown, self.blocks))

    @property
    def links(self) -> tuple[markup.Link, ...]:
        """The links in the message."""
        return tuple(link for block in self.blocks for link in markup.links(block))


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One request to post, successful or not."""

    channel: str
    key: str
    at: datetime


Listener = Callable[[Message], Awaitable[None]]


@dataclass(kw_only=True, slots=True)
class FakeChat:
    """An in-memory chat that outlives the adapters connected to it, as a real service does."""

    clock: Clock
    sleep: Sleep = asyncio.sleep
    #: Within this window a repeated key returns the first message; None: keys never prevent a repeat, as in Slack.
    key_window: timedelta | None = KEY_WINDOW
    #: All messages of all channels, in order.
    messages: list[Message] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    _troubles: list[Trouble] = field(default_factory=list)
    _listeners: list[Listener] = field(default_factory=list)

    async def post(self, channel: str, blocks: Sequence[str], *, key: str = "") -> Message:
        """Post a message as the bot and return it; a return means that the chat accepted it.

        Raises:
            ChatError: by kind, the error of a real chat; after `ConnectionLost` the message may or may not be posted.
        """
        self.attempts.append(Attempt(channel=channel, key=key, at=self.clock()))
        await self._pass_slowness(Fault.SLOW, channel)
        trouble = self._struck(channel, ANSWERS)
        error = refusal(trouble.fault, trouble.retry_after) if trouble else None
        if error is not None:
            raise error
        check(blocks)
        known = self._keyed(channel, key)
        message = known or self._accept(channel, tuple(blocks), BOT, key)
        await self._pass_slowness(Fault.SLOW_ANSWER, channel)
        if trouble is not None:
            raise ConnectionLost("The connection broke.")
        return message

    async def say(self, channel: str, user: str, text: str) -> Message:
        """Post a message as a person; every listener has processed it when this returns."""
        message = self._accept(channel, (text,), user, "")
        for listener in tuple(self._listeners):
            await listener(message)
        return message

    async def edit(self, message_id: str, blocks: Sequence[str]) -> Message:
        """Replace the content of a message; an edit notifies no one.

        Raises:
            ChatError: the message does not exist, or the content is over a limit.
        """
        check(blocks)
        for place, message in enumerate(self.messages):
            if message.id == message_id:
                self.messages[place] = replace(message, blocks=tuple(blocks), edited=True)
                return self.messages[place]
        raise ChatError(f"There is no message {message_id}.")

    async def history(self, channel: str, *, key: str = "", since: datetime | None = None) -> tuple[Message, ...]:
        """Return a channel's messages, oldest first; with a key, only those posted with it.

        Raises:
            NotPermitted: the bot may not read the history.
            NoSuchChannel: the channel was deleted.
        """
        if self._struck(channel, {Fault.NO_HISTORY}):
            raise NotPermitted("The bot may not read the history.")
        if any(trouble.fault is Fault.GONE and trouble.concerns(channel) for trouble in self._troubles):
            raise NoSuchChannel("The channel was deleted.")
        return tuple(
            message
            for message in self.messages
            if message.channel == channel
            and (not key or message.key == key)
            and (since is None or message.posted_at >= since)
        )

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every message of a person; return a function that removes the listener."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def trouble(
        self,
        fault: Fault,
        channel: str | None = None,
        *,
        times: int | None = None,
        retry_after: float | None = None,
        gate: asyncio.Event | None = None,
        seconds: float = 0.0,
    ) -> Trouble:
        """Switch a fault on, for one channel or all, for the next `times` requests or until `heal`.

        Each post meets one fault, in the order they were switched on; slowness is combined with any other fault.
        """
        made = Trouble(fault=fault, channel=channel, left=times, retry_after=retry_after, gate=gate, seconds=seconds)
        self._troubles.append(made)
        return made

    def heal(self, channel: str | None = None) -> None:
        """Switch off the faults of a channel, or all of them."""
        self._troubles[:] = [kept for kept in self._troubles if channel is not None and kept.channel != channel]

    @property
    def pings(self) -> tuple[str, ...]:
        """All mentions in the bot's messages, as written."""
        return tuple(ping for message in self.messages if message.user == BOT for ping in message.pings)

    def _accept(self, channel: str, blocks: tuple[str, ...], user: str, key: str) -> Message:
        message = Message(
            id=f"m{len(self.messages) + 1}",
            channel=channel,
            blocks=blocks,
            posted_at=self.clock(),
            user=user,
            key=key,
            pings=tuple(ping for block in blocks for ping in markup.pings(block)),
        )
        self.messages.append(message)
        return message

    def _keyed(self, channel: str, key: str) -> Message | None:
        if not key or self.key_window is None:
            return None
        oldest = self.clock() - self.key_window
        fits = (kept for kept in self.messages if (kept.channel, kept.key) == (channel, key) and kept.user == BOT)
        return next((message for message in fits if message.posted_at >= oldest), None)

    def _struck(self, channel: str, faults: Collection[Fault]) -> Trouble | None:
        found = (trouble for trouble in self._troubles if trouble.fault in faults and trouble.concerns(channel))
        trouble = next(found, None)
        if trouble is not None:
            trouble.strike()
        return trouble

    async def _pass_slowness(self, fault: Fault, channel: str) -> None:
        trouble = self._struck(channel, {fault})
        if trouble is None:
            return
        if trouble.gate is not None:
            await trouble.gate.wait()
        else:
            await self.sleep(trouble.seconds)


def check(blocks: Sequence[str]) -> None:
    """Check a message against the chat's limits.

    Raises:
        MessageTooLong: the message has too many blocks or characters.
        EmptyMessage: the message or one of its blocks is empty.
    """
    if len(blocks) > MAX_BLOCKS:
        raise MessageTooLong(f"{len(blocks)} blocks; a message holds {MAX_BLOCKS}.")
    size = sum(map(len, blocks))
    if size > MAX_CHARS:
        raise MessageTooLong(f"{size} characters; a message holds {MAX_CHARS}.")
    if not blocks or not all(block.strip() for block in blocks):
        raise EmptyMessage("A message and each of its blocks must say something.")
