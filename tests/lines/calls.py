"""A call over a spoilt line, and the calls after it until one succeeds."""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass

from tests.lines.pairs import Pair
from tests.support.fault_proxy import Fault

SPOILT = tuple(fault for fault in Fault if fault is not Fault.NONE)
#: The pairs that need a Postgres server.
ON_POSTGRES = frozenset({"database", "job queue"})
#: Seconds after which the system finds a line dead, for a test.
_DEAD = 0.3


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """What came of it."""

    #: What the caller was told; empty if the call succeeded.
    said: str
    #: Seconds until then, and from the end of the fault until a call succeeded.
    told: float
    well: float


async def over(pair: Pair, fault: Fault, *, within: float) -> Call:
    """Call while the line is spoilt, and again and again when it is not, until that succeeds.

    Args:
        pair: who calls whom.
        fault: what is wrong with the line.
        within: seconds in which the call must end, and then another must succeed.

    Raises:
        TimeoutError: it does not.
    """
    await pair.proxy.spoil(fault)
    began = time.monotonic()
    call = asyncio.ensure_future(_ends(pair.call(), pair.told, within))
    if fault in pair.system:
        await asyncio.wait({call}, timeout=_DEAD)
        await pair.proxy.drop()
    said = await call
    told = time.monotonic() - began
    await pair.proxy.heal()
    began = time.monotonic()
    async with asyncio.timeout(within):
        # A busy machine may be slower than the patience of the test.
        while await _ends((pair.again or pair.call)(), pair.told, within):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
    return Call(said=said, told=told, well=time.monotonic() - began)


async def _ends(call: Awaitable[object], told: tuple[type[Exception], ...], within: float) -> str:
    """Return what the caller was told; empty if the call succeeded. Any other error is raised."""
    async with asyncio.timeout(within):
        try:
            await call
        except told as error:
            return str(error) or "nothing"
    return ""
