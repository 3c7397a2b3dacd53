"""Checks an adapter against its port: a fault in the adapter's own code becomes one named error and does not spread.

Delivery calls adapters only through this module. The errors that the port documents are passed on; any other
exception becomes an `AdapterFault`. Its cause is only logged, because its text may contain anything.
"""

import json
import logging
import math
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from bots.delivery.adapter_shape import attribute
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Part
from bots.domain.errors import (
    AdapterFault,
    ChannelGone,
    DeliveryError,
    HistoryClosed,
    PostRefused,
    PostTooLarge,
    PostUnknown,
    RequestError,
    StoreError,
)
from bots.domain.papers import PaperId
from bots.domain.replies import Problem
from bots.domain.subscriptions import Subscription
from bots.ports import Adapter, ChecksChannels, NamesChannels, SeesMembers, TellsOwners, Timed
from bots.ports.bounded_calls import bounded
from bots.ports.rate_limits import CALL_TIMEOUT, RateLimits

_log = logging.getLogger(__name__)
_Made = TypeVar("_Made")

#: Seconds. No platform requests a wait of a month.
_LONGEST = 30 * 24 * 3600.0
_POST_RAISES = (PostRefused, PostTooLarge, ChannelGone, PostUnknown, StoreError)
_TIME_RAISES = (PostRefused, PostUnknown, StoreError)
_CHECK_RAISES = (RequestError, ChannelGone, PostRefused, PostUnknown, StoreError)
_FIND_RAISES = (HistoryClosed, PostRefused, PostUnknown, ChannelGone, StoreError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Guarded:
    """A wrapper whose results and errors are those that the `Adapter` port documents."""

    adapter: Adapter
    #: Timeout of a call in seconds.
    call: float = CALL_TIMEOUT

    @property
    def platform(self) -> str:
        """The platform's name."""
        return self.adapter.platform

    @property
    def limits(self) -> RateLimits:
        """How often the platform lets us post."""
        return self.adapter.limits

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the digest as messages.

        Raises:
            AdapterFault: the adapter failed, or did not return messages of this digest.
        """
        channel, papers = digest.channel, digest.paper_ids
        return self._made("compose", lambda: _numbered(_parts(self.adapter.compose(digest), channel, papers)))

    def notice(self, channel: Channel, problem: Problem) -> tuple[Part, ...]:
        """Return a problem as messages for the admin.

        Raises:
            AdapterFault: as `compose` does.
        """
        return self._made("notice", lambda: _numbered(_parts(self.adapter.notice(channel, problem), channel, ())))

    def paused(self, subscription: Subscription, error: DeliveryError) -> tuple[tuple[Part, ...], ...]:
        """Return the notices of a paused subscription, each as messages; none if the adapter writes no such notices.

        Raises:
            AdapterFault: as `compose` does.
        """
        if not callable(attribute(self.adapter, "paused")):
            return ()
        tells = cast("TellsOwners", self.adapter)
        return self._made("paused", lambda: tuple(map(_notice, tells.paused(subscription, error))))

    def shrink(self, part: Part) -> tuple[Part, ...]:
        """Return smaller parts for one that is too large; empty if it cannot be made smaller.

        Raises:
            AdapterFault: as `compose` does.
        """
        smaller = self._made("shrink", lambda: _parts(self.adapter.shrink(part), part.channel, part.paper_ids))
        # The platform would reject the same part again, without end.
        return () if [each.payload for each in smaller] == [part.payload] else smaller

    async def post(self, part: Part, key: str, *, root: str = "") -> str:
        """Post one part and return the platform's id of the message.

        Raises:
            PostRefused, PostTooLarge, ChannelGone, StoreError: from the adapter.
            PostUnknown: from the adapter, or on a timeout.
            AdapterFault: the adapter failed; the message may or may not have been posted.
        """
        message = await self._called("post", lambda: self.adapter.post(part, key, root=root), _POST_RAISES)
        return self._made("post", lambda: _message_id(message))

    async def platform_time(self) -> datetime | None:
        """Return an instant that has passed by the platform's clock; None if it is not known.

        Raises:
            PostRefused, PostUnknown, StoreError: from the adapter; nothing was posted.
        """
        if not callable(attribute(self.adapter, "platform_time")):
            return None
        timed = cast("Timed", self.adapter)
        try:
            told = await bounded(timed.platform_time, self.call)
            return None if told is None else self._made("platform_time", lambda: _instant(told))
        except TimeoutError as error:
            raise PostUnknown(f"The adapter did not answer within {self.call:g} seconds.") from error
        except PostRefused as error:
            error.retry_after = _wait(error.retry_after)
            raise
        except _TIME_RAISES:
            raise
        except AdapterFault:
            return None
        except Exception as error:  # noqa: BLE001 - a fault here is logged, and the search begins earlier
            self._fault("platform_time", error)
            return None

    async def find(self, channel: Channel, key: str, since: datetime, *, root: str = "") -> str | None:
        """Return the id of the message posted with this key.

        Raises:
            HistoryClosed, PostRefused, ChannelGone, StoreError: from the adapter.
            PostUnknown: from the adapter, or on a timeout.
            AdapterFault: the adapter failed.
        """
        found = await self._called("find", lambda: self.adapter.find(channel, key, since, root=root), _FIND_RAISES)
        return None if found is None else self._made("find", lambda: _message_id(found))

    async def check_channel(self, channel: Channel) -> None:
        """Return if digests can be posted to a channel, or if the adapter does not know.

        Raises:
            RequestError, ChannelGone, PostRefused, StoreError: from the adapter.
            PostUnknown: from the adapter, or on a timeout.
            AdapterFault: the adapter failed.
        """
        if not callable(attribute(self.adapter, "check_channel")):
            return
        knows = cast("ChecksChannels", self.adapter)
        await self._called("check_channel", lambda: knows.check_channel(channel), _CHECK_RAISES)

    async def members(self, channel: Channel, users: Collection[str]) -> frozenset[str]:
        """Return which of the people can read a channel; nobody if the adapter does not know, or fails."""
        if not users or not callable(attribute(self.adapter, "members")):
            return frozenset()
        sees = cast("SeesMembers", self.adapter)
        try:
            told = await bounded(lambda: sees.members(channel, tuple(users)), self.call)
            return frozenset(user for user in users if user in told)
        except Exception as error:  # noqa: BLE001 - a digest without mentions is worth more than none
            _log.warning("the members of a channel are not known", extra={"error": repr(error)[:200]})
            return frozenset()

    async def _called(
        self, what: str, call: Callable[[], Awaitable[_Made]], raises: tuple[type[Exception], ...]
    ) -> _Made:
        """Return the result of a call; let the documented errors through, and turn every other one into a fault."""
        try:
            return await bounded(call, self.call)
        except TimeoutError as error:
            raise PostUnknown(f"The adapter did not answer within {self.call:g} seconds.") from error
        except PostRefused as error:
            error.retry_after = _wait(error.retry_after)
            raise
        except raises:
            raise
        except Exception as error:
            raise self._fault(what, error) from error

    async def channel_named(self, channel: Channel) -> Channel:
        """Return the channel that the operator means; the given one if the adapter names its channels by their ids.

        Raises:
            RequestError, StoreError: from the adapter.
            PostUnknown: on a timeout.
            AdapterFault: the adapter failed.
        """
        if not callable(attribute(self.adapter, "channel_named")):
            return channel
        names = cast("NamesChannels", self.adapter)
        meant = await self._called("channel_named", lambda: names.channel_named(channel), (RequestError, StoreError))
        return self._made("channel_named", lambda: _channel(meant))

    def _made(self, what: str, make: Callable[[], _Made]) -> _Made:
        try:
            return make()
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise self._fault(what, error) from error

    def _fault(self, what: str, error: BaseException) -> AdapterFault:
        _log.error("an adapter failed", extra={"platform": self.platform, "call": what}, exc_info=error)
        said = f": {error}" if isinstance(error, _Misfit) else f" ({type(error).__name__}); the log has details"
        return AdapterFault.of(self.platform, what, said)


class _Misfit(Exception):
    """The adapter returned a value that its port does not allow; the message contains only types and counts."""


def _parts(given: object, channel: Channel, papers: Sequence[PaperId]) -> tuple[Part, ...]:
    """Return the value as parts for the channel that contain no other papers.

    Raises:
        _Misfit: the value is something else.
    """
    if not isinstance(given, tuple | list):
        raise _Misfit(f"it returned a value of type {type(given).__name__}, not a tuple of parts")
    for part in given:
        if not _is_a(part, Part):
            raise _Misfit(f"it returned a value of type {type(part).__name__}, not a part")
        if part.channel != channel:
            raise _Misfit("it returned a part for another channel")
        if not _is_a(part.payload, Mapping) or not _is_json(part.payload):
            raise _Misfit("it returned a part whose payload is not a JSON object")
        if not _is_a(part.paper_ids, tuple) or not set(part.paper_ids) <= set(papers):
            raise _Misfit("it returned a part with papers that are not in the digest")
    return tuple(given)


def _notice(given: object) -> tuple[Part, ...]:
    """Return one notice as parts for one channel."""
    first = given[0] if isinstance(given, tuple | list) and given else None
    if not isinstance(first, Part):
        raise _Misfit("it returned a notice that is not a tuple of parts")
    return _numbered(_parts(given, first.channel, ()))


def _is_a(value: object, kind: type) -> bool:
    """Return the result of isinstance, for a value whose declared type has not been checked."""
    return isinstance(value, kind)


def _numbered(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    numbers = [(part.number, part.total) for part in parts]
    if not parts or numbers != [(number, len(parts)) for number in range(1, len(parts) + 1)]:
        raise _Misfit("it returned no parts" if not parts else "its parts are not numbered from 1 to their total")
    return parts


def _is_json(payload: Mapping[str, object]) -> bool:
    try:
        json.dumps(payload, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _message_id(given: object) -> str:
    if isinstance(given, str) and given:
        return given
    raise _Misfit(f"it returned {'an empty text' if given == '' else type(given).__name__}, not the id of a message")


def _channel(given: object) -> Channel:
    if isinstance(given, Channel):
        return given
    raise _Misfit(f"it returned {type(given).__name__}, not a channel")


def _instant(given: object) -> datetime:
    if isinstance(given, datetime) and given.tzinfo is not None:
        return given
    raise _Misfit(f"it returned {type(given).__name__}, not an instant with a time zone")


def _wait(seconds: object) -> float | None:
    """Return the seconds that a platform requests; None if they are not a plausible number."""
    if not isinstance(seconds, int | float) or not math.isfinite(seconds):
        return None
    return float(seconds) if 0 <= seconds < _LONGEST else None
