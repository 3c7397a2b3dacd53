"""The fake chat's adapter: posts and responds as the adapters of real platforms do."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from bots.domain.channels import Channel
from bots.domain.digests import Digest, Part
from bots.domain.errors import ChannelGone, HistoryClosed, PostRefused, PostTooLarge, PostUnknown, RequestError
from bots.domain.replies import Problem, Reply
from bots.fakechat.chat import FakeChat, Message
from bots.fakechat.faults import (
    ChatError,
    ConnectionLost,
    EmptyMessage,
    MessageTooLong,
    NoSuchChannel,
    NotPermitted,
    TryLater,
)
from bots.fakechat.incoming import channel_of, is_addressed, name_of, read
from bots.fakechat.outgoing import digest_parts, notice_parts, reply_payloads, smaller
from bots.ports.rate_limits import Rate, RateLimits
from bots.usecases.problems import problem
from bots.usecases.service import Service


@dataclass(frozen=True, kw_only=True, slots=True)
class FakeChatSettings:
    """The chat to connect to."""

    chat: FakeChat


class FakeChatAdapter:
    """Posts digests and replies to a fake chat."""

    platform = "fakechat"
    #: Discord's limits for a bot: five posts in five seconds per channel, fifty requests per second in all.
    limits = RateLimits(channel=Rate(count=5, seconds=5), platform=Rate(count=50, seconds=1))

    def __init__(self, chat: FakeChat) -> None:
        self._chat = chat

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the digest as messages inside the chat's limits; see `Adapter.compose`."""
        return digest_parts(digest)

    def notice(self, channel: Channel, problem: Problem) -> tuple[Part, ...]:
        """Return a notice as messages; see `Adapter.notice`."""
        return notice_parts(channel, problem)

    def shrink(self, part: Part) -> tuple[Part, ...]:
        """Return a part as smaller ones; see `Adapter.shrink`."""
        return smaller(part)

    async def post(self, part: Part, key: str, *, root: str = "") -> str:  # noqa: ARG002 - there are no threads here
        """Post one part under its key and return the message's id; see `Adapter.post` for errors."""
        with _translated():
            message = await self._chat.post(name_of(part.channel), _blocks(part.payload["blocks"]), key=key)
        return message.id

    async def find(
        self,
        channel: Channel,
        key: str,
        since: datetime,
        *,
        root: str = "",  # noqa: ARG002 - as above
    ) -> str | None:
        """Return the id of the message posted with this key at or after `since`, None if there is none.

        Raises:
            HistoryClosed: the bot may not read the history.
            ChannelGone: the channel does not exist any more.
            PostUnknown: the history cannot be read now.
        """
        try:
            found = await self._chat.history(name_of(channel), key=key, since=since)
        except NotPermitted as error:
            raise HistoryClosed(str(error)) from error
        except NoSuchChannel as error:
            raise ChannelGone(str(error)) from error
        except ChatError as error:
            raise PostUnknown(f"The history cannot be read: {error}") from error
        return found[0].id if found else None

    async def platform_time(self) -> datetime:
        """Return the chat's time; see `Timed.platform_time`."""
        return self._chat.clock()

    async def show(self, channel: Channel, reply: Reply) -> None:
        """Post a reply of any kind to a channel.

        Raises:
            DeliveryError: as `post` does.
        """
        for payload in reply_payloads(reply):
            with _translated():
                await self._chat.post(name_of(channel), _blocks(payload["blocks"]))


@asynccontextmanager
async def connect(settings: FakeChatSettings, service: Service) -> AsyncIterator[FakeChatAdapter]:
    """Yield an adapter that can post; until the context exits, also respond to people who address the bot."""
    room = FakeChatAdapter(settings.chat)

    async def hear(message: Message) -> None:
        if is_addressed(message):
            await room.show(channel_of(message.channel), await _answer(service, message))

    stop = settings.chat.listen(hear)
    try:
        yield room
    finally:
        stop()


async def _answer(service: Service, message: Message) -> Reply:
    try:
        request = read(message, today=service.clock().date())
    except RequestError as error:
        return problem(error)
    return await service.answer(request)


def _blocks(blocks: object) -> Sequence[str]:
    return cast("Sequence[str]", blocks)


@contextmanager
def _translated() -> Iterator[None]:
    """Translate the chat's errors into delivery errors."""
    try:
        yield
    except TryLater as error:
        raise PostRefused("The chat asks to try later.", retry_after=error.retry_after) from error
    except (MessageTooLong, EmptyMessage) as error:
        raise PostTooLarge(str(error)) from error
    except (NoSuchChannel, NotPermitted) as error:
        raise ChannelGone(str(error), hint="Invite the bot again, or end the subscription.") from error
    except ConnectionLost as error:
        raise PostUnknown("The connection broke before the chat answered.") from error
