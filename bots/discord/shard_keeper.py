"""Share the shards of the gateway with the other processes on the database, and keep this process's part connected.

Each process renews a lease for itself and one for each of its shards. A process that died renews nothing: when its
leases have lapsed, the others take its shards. All processes agree on the number of shards by a further lease, whose
holder is the number: a server would belong to two shards, or to none, if they did not.
"""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from bots.chat.health import ConnectionReport
from bots.discord.connection import TOO_FEW, Hearing, Shard
from bots.discord.identifies import GatewayFacts, IdentifyGate, facts_in
from bots.discord.rest_client import RestClient
from bots.discord.settings import DiscordSettings
from bots.discord.transport import FAILED, RequestBudget
from bots.domain.errors import PaperwireError, StoreError
from bots.domain.leases import CONNECTED, CONNECTING, COUNT, PROCESS, SHARD, Lease
from bots.domain.shards import ShardChoice, next_move, ranges
from bots.ports import Clock, Leases
from bots.ports.whole_calls import to_its_end

_log = logging.getLogger(__name__)

#: The name of the lease whose holder is the number of shards.
ALL = "all"
#: What the lease of a process says that shares all shards with the others.
SHARING = "sharing"
#: Renewals within the time of a lease: two may fail.
_RENEWALS = 3
#: Discord recommends about one shard for a thousand servers and refuses more than 2,500 for one: at twice as many
#: shards as there are, the limit is near (docs.discord.com, Gateway, Sharding).
_RESHARD = 2
#: Seconds that the shards may take to close at the end, all together.
_CLOSE = 8.0

Open = Callable[[int, int], Shard]


class ShardKeeper:
    """Keeps this process's shards connected."""

    def __init__(
        self, choice: ShardChoice, *, leases: Leases, clock: Clock, gate: IdentifyGate, open_: Open, lapse: float
    ) -> None:
        """Store the parts.

        Args:
            choice: which shards the process is to connect.
            leases: what the processes have in common.
            clock: returns the current time.
            gate: knows what Discord says of the gateway.
            open_: makes the connection of a shard.
            lapse: seconds after which a lease lapses.
        """
        self._choice = choice
        self._leases = leases
        self._clock = clock
        self._gate = gate
        self._open = open_
        self._lapse = lapse
        self._me = uuid.uuid4().hex
        self._count = 0
        self._shards: dict[int, Shard] = {}
        self._has_been_open = False
        self._problem = "the shards are not shared out yet"
        self._troubles: list[str] = []
        #: Shards of our choice that another process holds.
        self._standby: frozenset[int] = frozenset()

    # ── what it says ─────────────────────────────────────────────────────────────────────────────────────────────────

    def report(self) -> ConnectionReport:
        """Return how the shards of this process stand."""
        up = [shard for shard in self._shards.values() if shard.is_up]
        problem = self._problem or self._gate.problem
        self._has_been_open = self._has_been_open or (not problem and len(up) == len(self._shards))
        facts = self._gate.facts
        return ConnectionReport(
            wanted=len(self._shards),
            open=len(up),
            has_been_open=self._has_been_open,
            latencies={str(shard.number): found for shard in up if (found := shard.latency) is not None},
            starts_left=facts.remaining if facts else None,
            problem=problem,
        )

    # ── what it does ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def keep(self) -> None:
        """Take, renew and give up shards; runs until it is cancelled."""
        shut = False
        while True:
            try:
                await self.step()
                if shut:
                    _log.info("the shards of Discord's gateway are shared out again")
                shut = False
            except (StoreError, *FAILED, PaperwireError) as error:
                # The shards stay: without the database no other process can take them either.
                said, level = str(error) or type(error).__name__, logging.DEBUG if shut else logging.WARNING
                _log.log(level, "the shards of Discord's gateway cannot be shared out", extra={"error": said})
                shut = True
            except Exception:  # noqa: BLE001 - a bug in one step must not end the connections
                _log.exception("the shards of Discord's gateway cannot be shared out")
            await asyncio.sleep(self._lapse / _RENEWALS)

    async def step(self) -> None:
        """Do what is due now, once; raises what the database and a request to Discord raise."""
        self._troubles = []
        await self._advanced()
        self._problem = "; ".join(self._troubles)

    async def _advanced(self) -> None:
        count = await self._agreed()
        if count != self._count:
            await self._drop(list(self._shards))
            self._count = count
        if not count:
            return
        await self._hold(PROCESS, [self._me], note=str(self._choice) if self._choice.own else SHARING)
        await self._renewed()
        held = {int(lease.name.partition("/")[0]): lease for lease in await self._all(SHARD) if self._is_ours(lease)}
        if self._choice.own:
            await self._own(held)
        else:
            await self._shared({number: lease.holder for number, lease in held.items()})

    def _is_ours(self, lease: Lease) -> bool:
        return lease.name.endswith(f"/{self._count}")

    # ── the number of shards ─────────────────────────────────────────────────────────────────────────────────────────

    async def _agreed(self) -> int:
        """Return the number of shards that all processes have; 0 if it is not the one that this process is to have."""
        wanted = self._choice.count or self._count or await self._found()
        grown = await self._grown(wanted)
        instead = str(wanted) if grown else ""
        if await self._leases.hold_leases(
            COUNT, [ALL], holder=str(grown or wanted), now=self._clock(), until=self._until(), instead_of=instead
        ):
            return grown or wanted
        there = await self._theirs()
        if self._choice.count and there and there != self._choice.count:
            self._refuse(
                f"discord.shards says {self._choice}, but the other processes have {there} shards; they must all "
                "have the same number"
            )
            return 0
        return there or self._count

    async def _found(self) -> int:
        """Return the number that the other processes have; else the one that Discord recommends."""
        facts = await self._gate.look()
        return await self._theirs() or facts.shards

    async def _theirs(self) -> int:
        return next((int(lease.holder) for lease in await self._all(COUNT)), 0)

    async def _grown(self, count: int) -> int:
        """Return a larger number of shards if the bot has outgrown this one; 0 if it has not."""
        facts = self._gate.facts
        too_few = any(shard.closed_with == TOO_FEW for shard in self._shards.values())
        if too_few:
            facts = await self._gate.look()
        needed = facts.shards if facts else 0
        if too_few:
            needed = max(needed, count + 1)
        elif needed < _RESHARD * count:
            return 0
        if self._choice.count:
            if too_few:
                self._refuse(
                    f"the bot is in too many servers for {count} shards; Discord recommends {needed}: set "
                    "discord.shards to auto or to a larger number"
                )
            return 0
        _log.warning("Discord's gateway gets more shards", extra={"before": count, "now": needed})
        return needed

    def _refuse(self, problem: str) -> None:
        if problem not in self._problem:
            _log.error("Discord's gateway cannot be joined: %s", problem)
        self._troubles.append(problem)

    # ── the shards ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _own(self, held: dict[int, Lease]) -> None:
        """Take the shards that this process is to have; stand by for those that another one holds."""
        theirs = {number for number in self._choice.own if number in held and held[number].holder != self._me}
        await self._take([number for number in self._choice.own if number not in theirs])
        waiting = frozenset(theirs)
        if waiting and waiting != self._standby:
            _log.warning(
                "another process has shards that discord.shards names here, too; this one stands by for them",
                extra={"shards": ranges(waiting), "of": self._count},
            )
        self._standby = waiting

    async def _shared(self, held: dict[int, str]) -> None:
        processes = {lease.name for lease in await self._all(PROCESS) if lease.note == SHARING}
        facts = self._gate.facts
        at_once = facts.max_concurrency if facts else 1
        move = next_move(self._me, self._count, processes, held, at_once=at_once)
        await self._take(move.take)
        if move.leave:
            _log.info("shards move to another process", extra={"shards": ranges(move.leave), "of": self._count})
            await self._drop(move.leave)

    async def _take(self, numbers: Collection[int]) -> None:
        fresh = [number for number in numbers if number not in self._shards]
        won = await self._hold(SHARD, map(self._name, fresh), note=CONNECTING) if fresh else ()
        for number in fresh:
            if self._name(number) in won:
                shard = self._shards[number] = self._open(number, self._count)
                shard.open()
        if won:
            numbers = [number for number in fresh if number in self._shards]
            _log.info("this process connects shards", extra={"shards": ranges(numbers), "of": self._count})

    async def _renewed(self) -> None:
        """Renew the leases of the shards, and close those that another process has taken over."""
        kept: set[str] = set()
        for note, is_up in ((CONNECTED, True), (CONNECTING, False)):
            names = [shard.name for shard in self._shards.values() if shard.is_up is is_up]
            kept |= await self._hold(SHARD, names, note=note) if names else set()
        lost = [number for number, shard in self._shards.items() if shard.name not in kept]
        if lost:
            _log.warning("another process has taken over shards", extra={"shards": ranges(lost), "of": self._count})
            await self._drop(lost)

    async def _drop(self, numbers: Collection[int]) -> None:
        """Close shards, then let others take them."""
        gone = {number: self._shards[number] for number in numbers}
        await asyncio.gather(*(shard.close() for shard in gone.values()))
        for number in gone:
            del self._shards[number]
        if gone:
            await self._leases.end_leases(SHARD, [shard.name for shard in gone.values()], holder=self._me)

    async def close(self) -> None:
        """Close all shards within seconds, and let the other processes take them at once."""
        with suppress(StoreError, TimeoutError):
            async with asyncio.timeout(_CLOSE):
                await self._drop(list(self._shards))
                await self._leases.end_leases(PROCESS, [self._me], holder=self._me)

    # ── helpers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _name(self, number: int) -> str:
        return f"{number}/{self._count}"

    def _until(self) -> datetime:
        return self._clock() + timedelta(seconds=self._lapse)

    async def _hold(self, kind: str, names: Iterable[str], *, note: str) -> frozenset[str]:
        now, until = self._clock(), self._until()
        # A step that is cancelled may have written already: what ends the leases after it must come second.
        return await to_its_end(
            self._leases.hold_leases(kind, list(names), holder=self._me, now=now, until=until, note=note)
        )

    async def _all(self, kind: str) -> tuple[Lease, ...]:
        return await self._leases.leases(kind, now=self._clock())


@asynccontextmanager
async def open_shards(
    settings: DiscordSettings,
    rest: RestClient,
    budget: RequestBudget,
    *,
    leases: Leases,
    clock: Clock,
    hearing: Hearing,
) -> AsyncIterator[ShardKeeper]:
    """Keep this process's shards of the gateway connected until the context exits."""

    async def ask() -> GatewayFacts:
        return facts_in(await rest.ask("GET", "/gateway/bot"))

    gate = IdentifyGate(leases, clock, ask)

    def open_(number: int, count: int) -> Shard:
        return Shard(number, count, settings=settings, budget=budget, gate=gate, hearing=hearing)

    keeper = ShardKeeper(
        settings.shards, leases=leases, clock=clock, gate=gate, open_=open_, lapse=settings.shard_lease
    )
    keeping = asyncio.create_task(keeper.keep(), name="Discord's shards")
    try:
        yield keeper
    finally:
        keeping.cancel()
        await asyncio.wait({keeping})
        await keeper.close()
