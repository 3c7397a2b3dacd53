"""After kills during delivery by mail no part is lost, and a mail that comes twice is the same mail.

Nobody can ask a mailbox what is in it. So a mail whose acceptance is unknown is sent again, with the Message-ID of the
first: a mailbox that drops such copies shows it once, another one twice.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bots.store.sql import open_store
from tests.crash.mail_server import MailServer, address_of
from tests.crash.points import POINTS, Point
from tests.crash.scenes import EVERYTHING, FEW_LOST, Scene, set_scene
from tests.crash.verdict import _papers, _unfinished
from tests.crash.workers import Workers
from tests.fakes.chat_server import Stage
from tests.fakes.chat_troubles import Mishap, Switched
from tests.fakes.mail_server import Received

_KILLS = 4
#: Points that delivery by mail does not pass: a mailbox cannot be asked.
_NOT_HERE = ("found", "not found")
_POINTS = {name: point for name, point in POINTS.items() if name not in _NOT_HERE}


@dataclass(frozen=True, kw_only=True, slots=True)
class MailVerdict:
    """What the readers of a scene have."""

    parts: int
    #: Parts that no mail brought.
    lost: int
    #: Mails that the server accepted beyond one for each part.
    copies: int
    faults: tuple[str, ...]


async def judged(scene: Scene) -> MailVerdict:
    """Return the verdict: each part in its mailbox once, in order, and each copy the same mail."""
    server = scene.server
    assert isinstance(server, MailServer)
    async with open_store(scene.job.database) as store:
        runs, parts = await store.runs(limit=100), await store.deliveries()
        faults = [
            *_unfinished(scene.subscriptions, runs, parts),
            *[fault for each in scene.subscriptions for fault in await _papers(store, each, parts)],
            *(f"a worker ended with {status}" for status in scene.failed),
        ]
    ids = {part.message_id for part in parts}
    came = Counter(mail.message_id for mail in server.fake.accepted)
    for subscription in scene.subscriptions:
        shown = server.fake.inbox(address_of(subscription.channel.workspace))
        planned = [part for part in parts if part.part.channel == subscription.channel]
        if [part.message_id for part in planned] != [mail.message_id for mail in shown]:
            faults.append(f"{subscription.id} shows {len(shown)} mails of {len(planned)}, or in another order")
        faults += [
            f"{mail.message_id} lacks {paper['title']!r}"
            for part, mail in zip(planned, shown, strict=False)
            for paper in _titles(part.part.payload)
            if "".join(paper["title"].split()) not in "".join(mail.text().split())
        ]
    faults += [f"nobody planned {name}" for name in came if name not in ids]
    faults += _unlike(server.fake.accepted)
    return MailVerdict(
        parts=len(parts),
        lost=len(ids - came.keys()),
        copies=sum(count - 1 for count in came.values()),
        faults=tuple(faults),
    )


def _titles(payload: Any) -> list[dict[str, str]]:
    return list(payload["papers"])


def _unlike(mails: Sequence[Received]) -> list[str]:
    """Return the copies that are not the same mail: same recipient, subject and texts under one Message-ID."""
    first: dict[str, Received] = {}
    wrong = []
    for mail in mails:
        other = first.setdefault(mail.message_id, mail)
        same = (mail.recipient, mail.text(), mail.text("html")) == (other.recipient, other.text(), other.text("html"))
        if not same or mail.mail["Subject"] != other.mail["Subject"]:
            wrong.append(f"{mail.message_id} came in two versions")
    return wrong


async def killed_at(point: Point, workers: Workers, template: Path, folder: Path) -> tuple[int, MailVerdict]:
    """Kill a worker at a point, run another to the end, and return the number of kills and the verdict."""
    async with MailServer() as server:
        if point.after:
            server.switch(Switched(mishap=point.after, left=1))
        scene = await set_scene(workers, server, folder, template=template)
        if isinstance(point.at, Stage):
            await scene.killed_while(point.at, point.passing)
        else:
            await scene.survive(point=point.at, passing=point.passing)
        await scene.survive()
        return scene.kills, await judged(scene)


@pytest.fixture(scope="module")
async def ends(
    workers: Workers, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[int, MailVerdict]]:
    """The number of kills at each point, and the verdict."""
    folder, gate = tmp_path_factory.mktemp("mail"), asyncio.Semaphore(4)

    async def end(name: str, point: Point) -> tuple[int, MailVerdict]:
        async with gate:
            return await killed_at(point, workers, template, folder / name)

    found = await asyncio.gather(*(end(name, point) for name, point in _POINTS.items()))
    return dict(zip(_POINTS, found, strict=True))


@pytest.mark.parametrize("name", _POINTS)
def test_a_kill_at_a_named_point(ends: dict[str, tuple[int, MailVerdict]], name: str) -> None:
    """After a kill at this point and a restart every part is there, once, in order, and every copy is the same mail."""
    kills, verdict = ends[name]
    assert (1, (), 0) == (kills, verdict.faults, verdict.lost)
    assert verdict.parts in ((4, 5) if name == "split" else (4,))


def test_a_kill_copies_at_most_what_was_under_way(ends: dict[str, tuple[int, MailVerdict]]) -> None:
    """A kill makes at most one copy for each of the two runs; between acceptance and its record it does make one."""
    assert 2 >= max(verdict.copies for _, verdict in ends.values())
    assert 1 <= ends["part posted"][1].copies
    assert 0 == ends["run claimed"][1].copies


async def killed(
    seed: int, mishaps: tuple[Switched, ...], workers: Workers, template: Path, folder: Path
) -> tuple[int, MailVerdict]:
    """Kill workers at random moments, and return the number of kills and the verdict."""
    async with MailServer(seed=seed) as server:
        server.switch(*mishaps)
        scene = await set_scene(workers, server, folder / str(seed), template=template)
        await scene.killed_at_random(random.Random(seed), _KILLS)  # noqa: S311 - the moments are to be the same again
        return scene.kills, await judged(scene)


@pytest.mark.slow
@pytest.mark.parametrize("mishaps", [FEW_LOST, EVERYTHING], ids=["answers lost", "everything"])
async def test_random_kills(workers: Workers, template: Path, tmp_path: Path, mishaps: tuple[Switched, ...]) -> None:
    """With workers killed at random and every mishap of a mail server, nothing is lost and no reader sees two."""
    found = await asyncio.gather(*(killed(seed, mishaps, workers, template, tmp_path) for seed in range(3)))
    assert [()] * 3 == [verdict.faults for _, verdict in found]
    assert [0] * 3 == [verdict.lost for _, verdict in found]
    assert 0 < sum(kills for kills, _ in found)


async def test_a_mailbox_that_keeps_copies_shows_them(workers: Workers, template: Path, tmp_path: Path) -> None:
    """The limit of it: where a mailbox does not drop a repeated Message-ID, a lost answer is seen as a second copy."""
    async with MailServer(merges=False) as server:
        server.switch(Switched(mishap=Mishap.ANSWER_LOST, left=1))
        scene = await set_scene(workers, server, tmp_path, template=template, channels=1)
        await scene.survive()
        mails = server.fake.inbox(address_of("room0"))
        assert (3, 2) == (len(mails), len({mail.message_id for mail in mails}))
