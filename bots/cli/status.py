"""Shows in a few lines how the deliveries stand; its exit code is a check for a monitor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import typer

from bots.chat.phrases import counted
from bots.cli.context import Exit, invocation_of, report_json, with_app
from bots.domain.leases import COUNT, PROCESS, SHARD
from bots.domain.runs import DeliveryState, RunState, Tally
from bots.domain.shards import ShardStanding, shard_standing
from bots.domain.slots import next_due
from bots.domain.subscriptions import Subscription

if TYPE_CHECKING:
    from bots.bootstrap.app import App

#: A run that waits longer has nobody who takes it: the program polls every minute, and a digest takes up to a few.
_TOO_LATE = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Status:
    """How the deliveries stand."""

    subscriptions: tuple[Subscription, ...]
    tally: Tally
    now: datetime
    #: The shards of Discord's gateway; None if no process connects any.
    shards: ShardStanding | None

    @property
    def paused(self) -> int:
        return sum(not each.enabled for each in self.subscriptions)

    @property
    def coming(self) -> tuple[datetime, Subscription] | None:
        """The next digest of all."""
        active = [each for each in self.subscriptions if each.enabled]
        due = [(found.at, each) for each in active if (found := next_due(each, self.now))]
        return min(due, key=lambda each: (each[0], each[1].id), default=None)

    @property
    def late(self) -> timedelta:
        """How long the oldest run has waited."""
        since = self.tally.waiting_since
        return max(timedelta(), self.now - since) if since else timedelta()

    @property
    def held(self) -> int:
        return self.tally.parts.get(DeliveryState.AMBIGUOUS, 0)

    @property
    def is_sound(self) -> bool:
        """Whether nothing needs a person."""
        return not self.held and self.late < _TOO_LATE and not (self.shards and self.shards.missing)


def status(context: typer.Context) -> None:
    """Show how deliveries stand; exit with 1 if messages are held or digests wait too long."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        store, now = application.store, application.service.clock()
        leases = [await store.leases(kind, now=now) for kind in (COUNT, SHARD, PROCESS)]
        found = _Status(
            subscriptions=await store.subscriptions(),
            tally=await store.tally(now),
            now=now,
            shards=shard_standing(*leases),
        )
        if invocation.as_json:
            report_json(_data(found))
        else:
            zone = application.settings.timezone
            for name, says in _lines(found, lambda at: f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}").items():
                typer.echo(f"{name:<15}{says}")
        return Exit.DONE if found.is_sound else Exit.FAILED

    with_app(invocation, work)


def _lines(found: _Status, written: Callable[[datetime], str]) -> dict[str, str]:
    runs, parts = found.tally.runs, found.tally.parts
    paused = f", of which {found.paused} paused" if found.paused else ""
    coming = f"{written(found.coming[0])} in {found.coming[1].channel}" if found.coming else "none"
    waiting = counted(found.tally.waiting, "digest")
    since = f", the first for {int(found.late.total_seconds() // 60)} min" if found.tally.waiting else ""
    if found.late >= _TOO_LATE:
        since += ": is paperwire run running, and its platform connected?"
    held = f"{counted(found.held, 'message')}{': paperwire deliveries --state held' if found.held else ''}"
    dead = parts.get(DeliveryState.DEAD, 0)
    return {
        "Subscriptions": f"{len(found.subscriptions)}{paused}",
        "Next digest": coming,
        "Waiting": f"{waiting}{since}",
        "Held": held,
        "Given up": f"{counted(dead, 'message')}{': paperwire deliveries --state dead' if dead else ''}",
        "Posted": f"{counted(parts.get(DeliveryState.SENT, 0), 'message')} in "
        f"{counted(runs.get(RunState.DONE, 0), 'digest')}",
        **({"Discord": str(found.shards)} if found.shards else {}),
    }


def _data(found: _Status) -> dict[str, object]:
    coming = found.coming
    return {
        "sound": found.is_sound,
        "subscriptions": {"all": len(found.subscriptions), "paused": found.paused},
        "next": {"at": coming[0].isoformat(), "channel": str(coming[1].channel)} if coming else None,
        "runs": {state.value: found.tally.runs.get(state, 0) for state in RunState},
        "parts": {state.value: found.tally.parts.get(state, 0) for state in DeliveryState},
        "shards": {
            "all": found.shards.count,
            "connected": len(found.shards.connected),
            "missing": list(found.shards.missing),
            "processes": found.shards.processes,
        }
        if found.shards
        else None,
        "waiting": found.tally.waiting,
        "waiting_seconds": found.late.total_seconds(),
    }
