"""The points of a run at which a crash test kills the program."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.crash.scenes import Server, set_scene
from tests.crash.verdict import Verdict
from tests.crash.workers import Workers
from tests.fakes.chat_server import ChatServer, Stage
from tests.fakes.chat_troubles import Mishap, Switched

#: A scene mostly waits for a lease to lapse.
_AT_ONCE = 4
#: On a busy machine, the mishap that leads to a point may be over before the worker receives its response.
_TRIES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """The point of death: a call to a store, service or adapter, or a stage of a post inside the server."""

    at: str | Stage
    #: The pass at which to kill; there are two channels with two parts each.
    passing: int = 1
    #: The mishap without which the point is not passed.
    after: Mishap | None = None


#: One point of every kind.
POINTS: Mapping[str, Point] = {
    "run opened": Point(at="open_run:after"),
    "run claimed": Point(at="claim:after"),
    "papers kept": Point(at="remember:after"),
    "digest made": Point(at="of_slot:after"),
    "parts not planned": Point(at="plan:before"),
    "parts planned": Point(at="plan:after"),
    "part not leased": Point(at="lease:before"),
    "part leased": Point(at="lease:after"),
    "part not posted": Point(at="post:before"),
    "under way": Point(at=Stage.RECEIVED),
    "accepted": Point(at=Stage.ACCEPTED),
    "part posted": Point(at="post:after"),
    "part not confirmed": Point(at="confirm:before"),
    "part confirmed": Point(at="confirm:after"),
    "last run not ended": Point(at="move_run:before", passing=2),
    "about to look": Point(at="find:before", after=Mishap.ANSWER_LOST),
    "found": Point(at="find:after", after=Mishap.ANSWER_LOST),
    "not found": Point(at="find:after", after=Mishap.RESET),
    "given back": Point(at="release:after", after=Mishap.REFUSED),
    "split": Point(at="split:after", after=Mishap.TOO_LARGE),
}
#: Further points of the same kinds.
MORE_POINTS: Mapping[str, Point] = {
    "run not opened": Point(at="open_run:before"),
    "run not claimed": Point(at="claim:before"),
    "digest not made": Point(at="of_slot:before"),
    "a blurb kept": Point(at="keep_blurb:after", passing=5),
    "run not moved": Point(at="move_run:before"),
    "run moved": Point(at="move_run:after"),
    "second run opened": Point(at="open_run:after", passing=2),
    "second run planned": Point(at="plan:after", passing=2),
    "third part leased": Point(at="lease:after", passing=3),
    "third part under way": Point(at=Stage.RECEIVED, passing=3),
    "third part posted": Point(at="post:after", passing=3),
    "last part accepted": Point(at=Stage.ACCEPTED, passing=4),
    "last part posted": Point(at="post:after", passing=4),
    "last part confirmed": Point(at="confirm:after", passing=4),
    "first run ended": Point(at="move_run:after", passing=3),
    "last run ended": Point(at="move_run:after", passing=4),
    "about to post again": Point(at="post:before", passing=5, after=Mishap.RESET),
    "found, about to be recorded": Point(at="confirm:before", passing=4, after=Mishap.ANSWER_LOST),
    "refused": Point(at="release:before", after=Mishap.REFUSED),
    "too large": Point(at="split:before", after=Mishap.TOO_LARGE),
}


async def killed_at(
    point: Point,
    workers: Workers,
    folder: Path,
    template: Path | None = None,
    *,
    serving: Callable[[], Server] = ChatServer,
    **changes: Any,
) -> tuple[int, Verdict]:
    """Kill a worker at a point, run another to the end, and return the number of kills and the verdict.

    A scene without a fault that never passed the point proves nothing: it is played again.

    Args:
        point: where the worker dies.
        workers: the source of workers.
        folder: the folder for all files.
        template: a database to start from; an empty one if None.
        serving: creates the platform's server.
        changes: fields of the worker's job.
    """
    for again in range(1, _TRIES):
        async with serving() as server:
            kills, verdict = await _played(point, workers, server, folder / str(again), template, **changes)
        if kills or verdict.faults:
            return kills, verdict
    async with serving() as server:
        return await _played(point, workers, server, folder / "last", template, **changes)


async def _played(
    point: Point, workers: Workers, server: Server, folder: Path, template: Path | None, **changes: Any
) -> tuple[int, Verdict]:
    if point.after:
        server.switch(Switched(mishap=point.after, left=1))
    scene = await set_scene(workers, server, folder, template=template, **changes)
    if isinstance(point.at, Stage):
        await scene.killed_while(point.at, point.passing)
    else:
        await scene.survive(point=point.at, passing=point.passing)
    await scene.survive()
    return scene.kills, await scene.verdict()


async def killed_at_each(
    points: Mapping[str, Point],
    workers: Workers,
    folder: Path,
    template: Path,
    *,
    serving: Callable[[], Server] = ChatServer,
    at_once: int = _AT_ONCE,
    **changes: Any,
) -> Mapping[str, tuple[int, Verdict]]:
    """Return the result of `killed_at` for each point, at most `at_once` at a time."""
    gate = asyncio.Semaphore(at_once)

    async def end(name: str, point: Point) -> tuple[int, Verdict]:
        async with gate:
            kept = None if "blurb" in point.at else template
            return await killed_at(point, workers, folder / name, kept, serving=serving, **changes)

    ends = await asyncio.gather(*(end(name, point) for name, point in points.items()))
    return dict(zip(points, ends, strict=True))
