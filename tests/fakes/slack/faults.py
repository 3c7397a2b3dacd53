"""What can go wrong on the way, switched on for some calls or deliveries: by name, by channel, so often, by chance."""

import asyncio
import random
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatch


class Trouble(StrEnum):
    """What becomes of a call to the Web API, a socket's handshake, or a delivery to the app."""

    # Of calls; `on` names methods ("chat.postMessage", "chat.*").
    #: 429 with Retry-After; nothing is done.
    RATE_LIMITED = "rate limited"
    #: It is done, and the connection ends before a word is said.
    ANSWER_LOST = "answer lost"
    #: 503; nothing is done.
    DOWN_BEFORE = "5xx before"
    #: It is done, and answered with 502.
    DOWN_AFTER = "5xx after"
    #: The call is read, nothing is done, nothing is said until the fake is closed.
    HANGS = "hangs"
    #: It is done, and nothing is said until the fake is closed.
    HALF_OPEN = "half open"
    #: The connection ends and nothing was done.
    RESET = "reset"
    #: `ok: false` with the error named in `error`.
    REFUSED = "refused"
    #: 200 with a page of HTML, as a proxy in the middle gives.
    NOT_JSON = "not json"

    # Of sockets; `on` is "ticket".
    #: The next URL given out never takes a handshake.
    DEAD_TICKET = "dead ticket"

    # Of deliveries; `on` is events_api, slash_commands or interactive, or an event's type, a command, an action_id.
    #: Delivered again though it was acknowledged.
    REDELIVERED = "redelivered"
    #: Delivered only after `seconds`, or when `Faults.release()` is called where that is 0.
    LATE = "late"
    #: The app's acknowledgement is not heard.
    ACK_LOST = "ack lost"
    #: The trigger that comes with it is used up before it arrives.
    TRIGGER_EXPIRED = "trigger expired"
    #: The socket that carries it is dropped as soon as it was sent.
    DROPPED = "dropped"


#: Those that do what was asked and do not say so.
DONE_UNSAID = frozenset({Trouble.ANSWER_LOST, Trouble.DOWN_AFTER, Trouble.HALF_OPEN})
DELIVERIES = frozenset(
    {Trouble.REDELIVERED, Trouble.LATE, Trouble.ACK_LOST, Trouble.DROPPED},
)
CALLS = frozenset(Trouble) - DELIVERIES - {Trouble.DEAD_TICKET, Trouble.TRIGGER_EXPIRED}


@dataclass(kw_only=True, slots=True)
class Fault:
    """A trouble that is switched on."""

    trouble: Trouble
    #: What it strikes: a name, or a pattern with stars.
    on: str = "*"
    #: None is every channel.
    channel: str | None = None
    #: How often it still strikes; None is until healed.
    left: int | None = None
    #: How many it lets pass first.
    skip: int = 0
    chance: float = 1.0
    #: Of a rate limit, what Retry-After says; of a late delivery, how late.
    seconds: float = 1.0
    #: Of a refusal, Slack's name for it.
    error: str = "internal_error"
    struck: int = 0

    def strikes(self, names: tuple[str, ...], channel: str, draw: random.Random) -> bool:
        """Tell whether it strikes, and count it if so."""
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
    """All that is switched on."""

    def __init__(self, seed: int = 0) -> None:
        self._draw = random.Random(seed)  # noqa: S311 - which call fails is no secret
        self._on: list[Fault] = []
        self._released = asyncio.Event()

    def release(self) -> None:
        """Let go what is held back as late."""
        self._released.set()
        self._released = asyncio.Event()

    async def hold(self, fault: Fault) -> None:
        """Hold something back: for as long as the fault says, or until it is released."""
        if fault.seconds:
            await asyncio.sleep(fault.seconds)
        else:
            await self._released.wait()

    def switch(self, trouble: Trouble, on: str = "*", *, left: int | None = None, **more: object) -> Fault:
        """Switch a trouble on; the first that strikes decides."""
        fault = Fault(trouble=trouble, on=on, left=left, **more)  # type: ignore[arg-type] # Fault checks the names
        self._on.append(fault)
        return fault

    def heal(self) -> None:
        """Switch everything off."""
        self._on.clear()

    def of_call(self, method: str, channel: str) -> Fault | None:
        """Return what strikes a call; None where nothing does."""
        return self._strike(CALLS, (method,), channel)

    def of_delivery(self, names: tuple[str, ...], channel: str) -> Fault | None:
        """Return what strikes a delivery that goes by some names; None where nothing does."""
        return self._strike(DELIVERIES, names, channel)

    def of_trigger(self, names: tuple[str, ...], channel: str) -> bool:
        """Tell whether the trigger of a delivery is to be of no use."""
        return self._strike(frozenset({Trouble.TRIGGER_EXPIRED}), names, channel) is not None

    def of_ticket(self) -> bool:
        """Tell whether the next ticket is a dead one."""
        return self._strike(frozenset({Trouble.DEAD_TICKET}), ("ticket",), "") is not None

    def _strike(self, among: frozenset[Trouble], names: tuple[str, ...], channel: str) -> Fault | None:
        candidates = [each for each in self._on if each.trouble in among]
        return next((each for each in candidates if each.strikes(names, channel, self._draw)), None)
