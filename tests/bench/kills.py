"""Three replicas and four workers of the real program on one Postgres, all of them killed at random for ten minutes.

The server is killed as well, and Slack and Discord lose answers, refuse, fail and hang. Beside it, the same program
without leases: it posts first and records later. `KILLS_MINUTES` in the environment changes how long it takes.
"""

import asyncio
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from tests.bench.rows import LeftOut, Row
from tests.kills.siege import Result, siege_for
from tests.support import postgres

_MINUTES = float(os.environ.get("KILLS_MINUTES", "10"))
#: The peer needs less time to show what it does.
_PEERS_SHARE = 0.3
_CHANNELS = 24
#: Seconds that the server is away: a restart, a slow one, and one that outlasts the patience with a silent worker.
_OUTAGES, _PEERS_OUTAGES = (2.0, 10.0, 45.0, 5.0), (5.0,)
#: Seconds within which a dead worker's job is another's, while there are a worker and a database.
_PROMISED = 40.0


def measure(_data: Path) -> Iterator[Row]:
    """Yield what was lost and doubled, and how long everything took that was interrupted."""
    if not postgres.IS_THERE:
        raise LeftOut(postgres.WHY_NOT)
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        ours, theirs = Path(folder) / "ours", Path(folder) / "theirs"
        ours.mkdir()
        theirs.mkdir()
        yield from _times(mine := asyncio.run(siege_for(ours, _MINUTES, channels=_CHANNELS, outages=_OUTAGES)))
        wrong = len(mine.verdict.faults)
        yield Row(what="lost, doubled or otherwise wrong", ours=wrong, unit="", peer="wanted", theirs=0)
        minutes = _PEERS_SHARE * _MINUTES
        peer = asyncio.run(
            siege_for(theirs, minutes, channels=_CHANNELS, outages=_PEERS_OUTAGES, seed=2, naive=True)
        )  # fmt: skip
        yield from _counts(mine, peer)


def _counts(mine: Result, peer: Result) -> Iterator[Row]:
    late = "post, then record"

    def row(what: str, ours: float, theirs: float, unit: str = "", *, more: bool = False) -> Row:
        return Row(what=what, ours=ours, unit=unit, peer=late, theirs=theirs, more_is_better=more)

    yield row("processes killed", len(mine.kills), len(peer.kills), more=True)
    yield row("the server killed", len(mine.outages), len(peer.outages), more=True)
    yield row("slots that were due", mine.verdict.slots, peer.verdict.slots, more=True)
    yield row("messages", mine.verdict.parts, peer.verdict.parts, more=True)
    yield row("  lost", mine.verdict.lost, peer.verdict.lost)
    yield row("  doubled", mine.verdict.doubled, peer.verdict.doubled)
    yield row("  anything wrong", len(mine.verdict.faults), len(peer.verdict.faults))
    yield row("  doubled of 1000", _of_1000(mine), _of_1000(peer))
    for fault in mine.verdict.faults[:20]:
        yield row(f"  ! {fault}"[:200], 1, 0)


def _of_1000(result: Result) -> float:
    return 1000 * result.verdict.doubled / max(result.verdict.parts, 1)


def _times(mine: Result) -> Iterator[Row]:
    for what, seconds in (("noticed", [each.noticed for each in mine.recoveries]), ("another's", _taken(mine))):
        mostly = [
            mine.possible(each.at, each.at + took)
            for each, took in zip(mine.recoveries, seconds, strict=True)
            if took is not None
        ]
        yield from _spread(f"a killed worker's run is {what}", mostly, _PROMISED)
    yield Row(what="jobs taken from living workers", ours=mine.alarms, unit="", peer="wanted", theirs=0)
    continued = [each.continued for each in mine.recoveries if each.continued is not None]
    yield from _spread("a killed worker's run has its next step", continued, _PROMISED + 90)
    yield from _spread("from a slot to its last message", mine.verdict.late, 60.0)
    yield from _spread("the server is back, to the next message", mine.resumed, _PROMISED)


def _taken(mine: Result) -> list[float | None]:
    return [each.taken_over for each in mine.recoveries]


def _spread(what: str, seconds: Sequence[float], promised: float) -> Iterator[Row]:
    if len(seconds) < 2:
        return
    for name, ours in (("median", median(seconds)), ("95 %", quantiles(seconds, n=20)[-1]), ("most", max(seconds))):
        yield Row(what=f"{what}, {name}", ours=ours, unit="s", peer=f"wanted, of {len(seconds)}", theirs=promised)
