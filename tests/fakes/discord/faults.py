"""Faults to inject into calls, gateway handshakes or interactions, selected by name, channel, count and probability."""

import asyncio
import random
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase


class Trouble(StrEnum):
    """The ways in which a call, a gateway handshake or the delivery of an interaction can fail."""

    # Troubles of calls; `on` is a method and a path ("POST /channels/*/messages").
    #: 429 with `scope` user, global or shared, and `seconds` to wait; the call is not carried out.
    RATE_LIMITED = "rate limited"
    #: The call is carried out, and the connection ends before any response.
    ANSWER_LOST = "answer lost"
    #: `status`, by default 503; the call is not carried out.
    DOWN_BEFORE = "5xx before"
    #: The call is carried out and answered with `status`, by default 502.
    DOWN_AFTER = "5xx after"
    #: The call is read but not carried out, and not answered until the fake closes.
    HANGS = "hangs"
    #: The call is carried out, and not answered until the fake closes.
    HALF_OPEN = "half open"
    #: The connection ends; the call is not carried out.
    RESET = "reset"
    #: Refused with `code`, and with `status` if it differs from the usual status of that code.
    REFUSED = "refused"
    #: 429 with an HTML page and without Via, as Cloudflare sends to a blocked client.
    CLOUDFLARE = "cloudflare"
    #: The call is carried out and answered normally, but only after `seconds`; with 0 seconds, after
    #: `Faults.release()`.
    SLOW = "slow"

    # Trouble of the gateway; `on` is "gateway".
    #: The handshake is refused with `status`, by default 503.
    HANDSHAKE = "handshake"

    # Troubles of interactions; `on` is INTERACTION_CREATE, a command ("/paper lookup") or a custom_id.
    #: The connection is dropped just before the interaction is sent; a resumed session receives it.
    DROPPED = "dropped"
    #: Sent only after `seconds`; with 0 seconds, after `Faults.release()`.
    LATE = "late"
    #: Sent twice, byte for byte the same.
    INTERACTION_TWICE = "interaction twice"


#: Troubles that carry out the call and fail afterwards.
DONE = frozenset({Trouble.ANSWER_LOST, Trouble.DOWN_AFTER, Trouble.HALF_OPEN, Trouble.SLOW})
INTERACTIONS = frozenset({Trouble.DROPPED, Trouble.LATE, Trouble.INTERACTION_TWICE})
CALLS = frozenset(Trouble) - INTERACTIONS - {Trouble.HANDSHAKE}


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
    seconds: float = 1.0
    #: For RATE_LIMITED: the limit's scope.
    scope: str = "user"
    #: For REFUSED: Discord's error code.
    code: int = 50013
    #: HTTP status; 0 is the trouble's default.
    status: int = 0
    struck: int = 0

    def strikes(self, names: tuple[str, ...], channel: str, draw: random.Random) -> bool:
        """Return whether the fault applies, and count it if so."""
        if self.left == 0 or self.channel not in (None, channel) or not any(fnmatchcase(n, self.on) for n in names):
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
        """Release everything that is held back as late or slow."""
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

    def of_call(self, name: str, channel: str) -> Fault | None:
        """Return the fault that applies to a call; None if none does."""
        return self._strike(CALLS, (name,), channel)

    def of_interaction(self, names: tuple[str, ...], channel: str) -> Fault | None:
        """Return the fault that applies to an interaction with these names; None if none does."""
        return self._strike(INTERACTIONS, names, channel)

    def of_handshake(self) -> Fault | None:
        """Return the fault that applies to the gateway's next handshake; None if none does."""
        return self._strike(frozenset({Trouble.HANDSHAKE}), ("gateway",), "")

    def _strike(self, among: frozenset[Trouble], names: tuple[str, ...], channel: str) -> Fault | None:
        candidates = [each for each in self._on if each.trouble in among]
        return next((each for each in candidates if each.strikes(names, channel, self._draw)), None)
