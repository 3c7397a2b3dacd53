"""What can go wrong on the way, switched on for calls, handshakes or interactions: by name, channel, count, chance."""

import asyncio
import random
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase


class Trouble(StrEnum):
    """What becomes of a call, of the gateway's handshake, or of an interaction on its way to the app."""

    # Of calls; `on` is a method and a path ("POST /channels/*/messages").
    #: 429 with `scope` user, global or shared, and `seconds` to wait; nothing is done.
    RATE_LIMITED = "rate limited"
    #: It is done, and the connection ends before a word is said.
    ANSWER_LOST = "answer lost"
    #: `status`, 503 unless told otherwise; nothing is done.
    DOWN_BEFORE = "5xx before"
    #: It is done, and answered with `status`, 502 unless told otherwise.
    DOWN_AFTER = "5xx after"
    #: The call is read, nothing is done, nothing is said until the fake is closed.
    HANGS = "hangs"
    #: It is done, and nothing is said until the fake is closed.
    HALF_OPEN = "half open"
    #: The connection ends and nothing was done.
    RESET = "reset"
    #: Refused with `code`, and with `status` where it is not the code's own.
    REFUSED = "refused"
    #: 429 with a page of HTML and no Via, as somebody gets who is shut out.
    CLOUDFLARE = "cloudflare"
    #: It is done and well answered, but only after `seconds`, or when `Faults.release()` is called where that is 0.
    SLOW = "slow"

    # Of the gateway; `on` is "gateway".
    #: The handshake is refused with `status`, 503 unless told otherwise.
    HANDSHAKE = "handshake"

    # Of interactions; `on` is INTERACTION_CREATE, or a command ("/paper lookup"), or a custom_id.
    #: The connection is dropped when it was to be sent; what is resumed gets it.
    DROPPED = "dropped"
    #: Sent only after `seconds`, or when `Faults.release()` is called where that is 0.
    LATE = "late"
    #: Sent twice, the same to the last byte.
    INTERACTION_TWICE = "interaction twice"


#: Those that do what was asked, and what is wrong comes after.
DONE = frozenset({Trouble.ANSWER_LOST, Trouble.DOWN_AFTER, Trouble.HALF_OPEN, Trouble.SLOW})
INTERACTIONS = frozenset({Trouble.DROPPED, Trouble.LATE, Trouble.INTERACTION_TWICE})
CALLS = frozenset(Trouble) - INTERACTIONS - {Trouble.HANDSHAKE}


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
    seconds: float = 1.0
    #: Of a rate limit: whose it is.
    scope: str = "user"
    #: Of a refusal, Discord's number for it.
    code: int = 50013
    #: 0 is the usual one.
    status: int = 0
    struck: int = 0

    def strikes(self, names: tuple[str, ...], channel: str, draw: random.Random) -> bool:
        """Tell whether it strikes, and count it if so."""
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
    """All that is switched on."""

    def __init__(self, seed: int = 0) -> None:
        self._draw = random.Random(seed)  # noqa: S311 - which call fails is no secret
        self._on: list[Fault] = []
        self._released = asyncio.Event()

    def release(self) -> None:
        """Let go what is held back as late or slow."""
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

    def of_call(self, name: str, channel: str) -> Fault | None:
        """Return what strikes a call; None where nothing does."""
        return self._strike(CALLS, (name,), channel)

    def of_interaction(self, names: tuple[str, ...], channel: str) -> Fault | None:
        """Return what strikes an interaction that goes by some names; None where nothing does."""
        return self._strike(INTERACTIONS, names, channel)

    def of_handshake(self) -> Fault | None:
        """Return what strikes the gateway's next handshake; None where nothing does."""
        return self._strike(frozenset({Trouble.HANDSHAKE}), ("gateway",), "")

    def _strike(self, among: frozenset[Trouble], names: tuple[str, ...], channel: str) -> Fault | None:
        candidates = [each for each in self._on if each.trouble in among]
        return next((each for each in candidates if each.strikes(names, channel, self._draw)), None)
