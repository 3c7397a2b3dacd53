"""Delivers events, commands and interactions to the app: attempts, deadlines, retries and latencies."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.fakes.slack import limits
from tests.fakes.slack.faults import Fault, Faults, Trouble
from tests.fakes.slack.happenings import Happenings
from tests.fakes.slack.problems import Json

EVENTS, COMMANDS, INTERACTIVE = "events_api", "slash_commands", "interactive"
#: How many times an envelope is sent again after its connection was lost.
_RESENDS = 3


class NotCarriedError(Exception):
    """Raised when an attempt fails; the message is the reason that Slack sends with the next attempt."""

    def __init__(self, reason: str, *, no_retry: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.no_retry = no_retry


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """Slack's deadlines and retries."""

    ack_seconds: float = limits.ACK_SECONDS
    #: Seconds before each retry of an event.
    event_retries: tuple[float, ...] = limits.EVENT_RETRIES
    #: The same for commands and interactions; by default there are none, and the person gets a notice of the failure.
    other_retries: tuple[float, ...] = ()


@dataclass(kw_only=True, slots=True)
class Attempt:
    """One attempt at a delivery."""

    number: int
    reason: str = ""
    #: acked, or the reason of the failure.
    outcome: str = "pending"
    #: Milliseconds to the acknowledgement.
    ms: float | None = None
    answer: Json = field(default_factory=dict)


@dataclass(kw_only=True, slots=True, eq=False)
class Delivery:
    """An event, a command or an interaction to deliver to the app."""

    id: str
    kind: str
    team: str
    payload: Json
    #: The names that faults match: an event's type, a command, an action_id.
    names: tuple[str, ...] = ()
    channel: str = ""
    #: The URL used without Socket Mode.
    url: str = ""
    attempts: list[Attempt] = field(default_factory=list)
    finished: bool = False
    #: Callback for the app's acknowledgement; called for every acknowledged attempt, as in Slack.
    heed: Callable[[Json], None] = lambda _answer: None
    fail: Callable[[str], None] = lambda _reason: None

    @property
    def acked(self) -> bool:
        """Whether the app acknowledged the delivery."""
        return any(each.outcome == "acked" for each in self.attempts)

    @property
    def answer(self) -> Json:
        """The payload of the first acknowledgement."""
        return next((each.answer for each in self.attempts if each.outcome == "acked"), {})

    @property
    def ms(self) -> float | None:
        """Milliseconds until the first acknowledgement."""
        return next((each.ms for each in self.attempts if each.outcome == "acked"), None)


class Carrier(Protocol):
    """A transport to the app: Socket Mode or HTTP."""

    async def carry(self, delivery: Delivery, attempt: Attempt, patience: Patience, *, drop: bool) -> Json:
        """Deliver once and return the app's acknowledgement; `drop` breaks the connection during the delivery.

        Raises:
            NotCarriedError: the acknowledgement is missing, late or an error.
        """


class PostOffice:
    """Delivers in background tasks, and keeps every delivery that was sent."""

    def __init__(self, happenings: Happenings, faults: Faults, carrier: Carrier, patience: Patience) -> None:
        self.patience = patience
        self.carrier = carrier
        self.deliveries: list[Delivery] = []
        self._happenings = happenings
        self._faults = faults
        self._tasks: set[asyncio.Task[None]] = set()
        self._broken: list[BaseException] = []

    def send(self, delivery: Delivery) -> Delivery:
        """Start a delivery and return it."""
        self.deliveries.append(delivery)
        self.start(self._deliver(delivery))
        return delivery

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a background task until it ends or the office closes."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._broken.append(error)
            self._happenings.add("broken", text=repr(error))

    async def finished(self, delivery: Delivery, within: float = 30.0) -> Delivery:
        """Wait until a delivery is acknowledged or has failed for good."""
        what = f"the end of the delivery of {delivery.names}"
        return await self._happenings.until(lambda: delivery if delivery.finished else None, within=within, what=what)

    def latencies(self, *kinds: str) -> list[float]:
        """Return the latency of every acknowledgement in milliseconds, for some kinds or all."""
        taken = [each for each in self.deliveries if not kinds or each.kind in kinds]
        return [attempt.ms for each in taken for attempt in each.attempts if attempt.ms is not None]

    async def close(self) -> None:
        """Cancel the running tasks; raise the first error of the fake itself."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._broken:
            raise self._broken[0]

    async def _deliver(self, delivery: Delivery) -> None:
        fault = self._faults.of_delivery((delivery.kind, *delivery.names), delivery.channel)
        if fault is not None:
            self._happenings.add("fault", team=delivery.team, text=f"{fault.trouble}: {' '.join(delivery.names)}")
        if fault and fault.trouble is Trouble.LATE:
            await self._faults.hold(fault)
        await self._try_all(delivery, fault)
        if not delivery.acked:
            delivery.fail(delivery.attempts[-1].outcome if delivery.attempts else "timeout")
        delivery.finished = True
        self._happenings.add("ack" if delivery.acked else "unacked", team=delivery.team, text=" ".join(delivery.names))
        if fault and fault.trouble is Trouble.REDELIVERED:
            await self._attempt(delivery, len(delivery.attempts), "timeout", None)
            self._happenings.add("redelivered", team=delivery.team, text=" ".join(delivery.names))

    async def _try_all(self, delivery: Delivery, fault: Fault | None) -> None:
        patience = self.patience
        waits = [*(patience.event_retries if delivery.kind == EVENTS else patience.other_retries)]
        resends, reason, struck = _RESENDS, "", fault
        while True:
            failure = await self._attempt(delivery, len(delivery.attempts), reason, struck)
            if failure is None or failure.no_retry:
                return
            reason, struck = failure.reason, None
            if reason == "connection lost" and resends:
                resends -= 1
            elif waits:
                await asyncio.sleep(waits.pop(0))
            else:
                return

    async def _attempt(
        self, delivery: Delivery, number: int, reason: str, fault: Fault | None
    ) -> NotCarriedError | None:
        attempt = Attempt(number=number, reason=reason)
        delivery.attempts.append(attempt)
        drop = fault is not None and fault.trouble is Trouble.DROPPED
        started = time.perf_counter()
        try:
            answer = await self.carrier.carry(delivery, attempt, self.patience, drop=drop)
        except NotCarriedError as error:
            attempt.outcome = error.reason
            self._happenings.add("missed", team=delivery.team, text=f"{error.reason}: {' '.join(delivery.names)}")
            return error
        attempt.ms = (time.perf_counter() - started) * 1000
        attempt.answer = answer
        if fault and fault.trouble is Trouble.ACK_LOST:
            attempt.outcome = "timeout"
            return NotCarriedError("timeout")
        attempt.outcome = "acked"
        delivery.heed(answer)
        return None
