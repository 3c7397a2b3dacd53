"""Faults to inject into calls, handshakes or deliveries, selected by name, channel, count and probability."""

import asyncio
import random
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatch


class Trouble(StrEnum):
    """The ways in which a Web API call, a socket's handshake or a delivery to the app can fail."""

    # Troubles of calls; `on` names methods ("chat.postMessage", "chat.*").
    #: 429 with Retry-After; the call is not carried out.
    RATE_LIMITED = "rate limited"
    #: The call is carried out, and the connection ends before any response.
    ANSWER_LOST = "answer lost"
    #: 503; the call is not carried out.
    DOWN_BEFORE = "5xx before"
    #: The call is carried out and answered with 502.
    DOWN_AFTER = "5xx after"
    #: The call is read but not carried out, and not answered until the fake closes.
    HANGS = "hangs"
    #: The call is carried out, and not answered until the fake closes.
    HALF_OPEN = "half open"
    #: The connection ends; the call is not carried out.
    RESET = "reset"
    #: `ok: false` with the error in `error`; the call is not carried out.
    REFUSED = "refused"
    #: 200 with an HTML page, as from a proxy in between.
    NOT_JSON = "not json"

    # Trouble of sockets; `on` is "ticket".
    #: The next WebSocket URL refuses every handshake.
    DEAD_TICKET = "dead ticket"

    # Troubles of deliveries; `on` is events_api, slash_commands or interactive, or an event's type, a command, an
    # action_id.
    #: Delivered again although it was acknowledged.
    REDELIVERED = "redelivered"
    #: Delivered only after `seconds`; with 0 seconds, after `Faults.release()`.
    LATE = "late"
    #: The app's acknowledgement is ignored.
    ACK_LOST = "ack lost"
    #: The trigger is already expired when it arrives.
    TRIGGER_EXPIRED = "trigger expired"
    #: The socket is dropped immediately after the envelope was sent.
    DROPPED = "dropped"


#: Troubles that carry out the call but do not report success.
DONE_UNSAID = frozenset({Trouble.ANSWER_LOST, Trouble.DOWN_AFTER, Trouble.HALF_OPEN})
DELIVERIES = frozenset(
    {Trouble.REDELIVERED, Trouble.LATE, Trouble.ACK_LOST, Trouble.DROPPED},
)
CALLS = frozenset(Trouble) - DELIVERIES - {Trouble.DEAD_TICKET, Trouble.TRIGGER_EXPIRED}


@dataclass(kw_only=True, slots=True)
class Fault:
    """A trouble that is switched on, with its conditions."""

    trouble: Trouble
    #: The name that it applies to, or a pattern with asterisks.
    on: str = "*"
    #: None: every channel.
    channel: str | None = None
    #: How many more times it applies; None: until `heal`.
    left: int | None = None
    #: How many matching calls pass before it first applies.
    skip: int = 0
    chance: float = 1.0
    #: For RATE_LIMITED: the value of Retry-After; for LATE: the delay.
    seconds: float = 1.0
    #: For REFUSED: Slack's error code.
    error: str = "internal_error"
    struck: int = 0

    def strikes(self, names: tuple[str, ...], channel: str, draw: random.Random) -> bool:
        """Return whether the fault applies, and count it if so."""
        if self.left == 0 or self.channel not in (None, channel) or not any(fnmatch(name, self.on) for name in names):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if draw.random() >= self.chance:
            return False
        self.struck += 1
        if self.left is not None:
            self.left -= 1
        return True


class Faults:
    """The faults that are switched on."""

    def __init__(self, seed: int = 0) -> None:
        self._draw = random.Random(seed)  # noqa: S311 - which call fails is no secret
        self._on: list[Fault] = []
        self._released = asyncio.Event()

    def release(self) -> None:
        """Release everything that is held back as late."""
        self._released.set()
        self._released = asyncio.Event()

    async def hold(self, fault: Fault) -> None:
        """Wait as long as the fault says, or until `release` is called."""
        if fault.seconds:
            await asyncio.sleep(fault.seconds)
        else:
            await self._released.wait()

    def switch(self, trouble: Trouble, on: str = "*", *, left: int | None = None, **more: object) -> Fault:
        """Switch a trouble on; the first fault that applies decides."""
        fault = Fault(trouble=trouble, on=on, left=left, **more)  # type: ignore[arg-type] # Fault checks the names
        self._on.append(fault)
        return fault

    def heal(self) -> None:
        """Switch off every fault."""
        self._on.clear()

    def of_call(self, method: str, channel: str) -> Fault | None:
        """Return the fault that applies to a call; None if none does."""
        return self._strike(CALLS, (method,), channel)

    def of_delivery(self, names: tuple[str, ...], channel: str) -> Fault | None:
        """Return the fault that applies to a delivery with these names; None if none does."""
        return self._strike(DELIVERIES, names, channel)

    def of_trigger(self, names: tuple[str, ...], channel: str) -> bool:
        """Return whether the trigger of a delivery is already expired."""
        return self._strike(frozenset({Trouble.TRIGGER_EXPIRED}), names, channel) is not None

    def of_ticket(self) -> bool:
        """Return whether the next ticket is dead."""
        return self._strike(frozenset({Trouble.DEAD_TICKET}), ("ticket",), "") is not None

    def _strike(self, among: frozenset[Trouble], names: tuple[str, ...], channel: str) -> Fault | None:
        candidates = [each for each in self._on if each.trouble in among]
        return next((each for each in candidates if each.strikes(names, channel, self._draw)), None)
