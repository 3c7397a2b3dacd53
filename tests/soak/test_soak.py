"""A minute of the soak: people use every door, and afterwards the program holds no more than before.

Two hours of it are `python -m tests.soak`, or `python3 dev.py bench soak`.
"""

import asyncio
import json
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.soak.running import Soak, soaking
from tests.soak.samples import Sample
from tests.soak.verdict import faults, growing, memory_of, trend
from tests.store.stores import needs_postgres

A_SAMPLE = Sample(
    at=0, memory=200, handles=20, sockets=10, threads=9, tasks=20, connections=4, database=9, processor=1, requests=1,
    digests=0,
)  # fmt: skip
_MINUTE = 60.0


@needs_postgres
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what a process holds is read from /proc")
async def test_what_people_do_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No handle, thread, task or connection stays; and if one stayed for each request, this would be noticed."""
    monkeypatch.setenv("SOAK_WHERE", str(tmp_path / "where"))
    async with soaking(every=60) as soak:
        for _ in range(2):
            await soak.people.acts_all()
        before = await soak.sample()
        for _ in range(2):
            await soak.people.acts_all()
        after = await at_rest(soak, before)
        soak.sampler.where()
        told = await line_of(tmp_path / "where")
        soak.process.send_signal(signal.SIGUSR1)
        await soak.people.acts_all()
        leaking = await soak.sample()
    assert [] == soak.people.failures
    assert [] == growing([before], [after])
    assert told["python"]["used"] < told["kernel"]["VmRSS"] < 2**30
    assert 0 < told["libc collected"]["uordblks"] <= told["libc"]["uordblks"] + told["libc"]["hblkhd"]
    assert {"handles", "tasks"} <= {said.split()[0] for said in growing([after], [leaking])}


async def line_of(file: Path) -> dict[str, Any]:
    """Return what a file says when it has a line."""
    async with asyncio.timeout(60):
        while not (line := text_of(file)).endswith("\n"):  # noqa: ASYNC110 - another process sets no event of ours
            await asyncio.sleep(0.1)
    told: dict[str, Any] = json.loads(line)
    return told


def text_of(file: Path) -> str:
    """Return what a file says; nothing if it is not there yet."""
    return file.read_text(encoding="utf-8") if file.exists() else ""


async def at_rest(soak: Soak, before: Sample) -> Sample:
    """Return what is held when what is under way has ended, or after half a minute if something stays."""
    after, looks = await soak.sample(), 0
    while growing([before], [after]) and (looks := looks + 1) < 60:
        await asyncio.sleep(0.5)
        after = await soak.sample()
    return after


def two_hours(**per_hour: float) -> list[Sample]:
    """Return a sample of each minute, in which some figures grow by so much an hour, with a little noise."""
    return [
        replace(
            A_SAMPLE,
            at=_MINUTE * minute,
            memory=A_SAMPLE.memory + minute % 3 + per_hour.get("memory", 0.0) * minute / 60,
            handles=A_SAMPLE.handles + minute % 4 + round(per_hour.get("handles", 0.0) * minute / 60),
        )
        for minute in range(120)
    ]


def test_noise_is_flat() -> None:
    """Figures that go up and down show no trend beyond its bound."""
    assert [] == faults(two_hours())
    assert memory_of(two_hours()).least <= 0


def test_growth_is_told() -> None:
    """Five megabytes an hour, and sixty handles an hour, are told with their figures."""
    (memory,) = faults(two_hours(memory=5.0))
    assert memory.startswith("the memory grew by 5.0")
    (handles,) = faults(two_hours(handles=60.0))
    assert handles.startswith("handles grew from ")


def test_a_trend_has_its_slope_and_bound() -> None:
    """Points on a line have its slope and no doubt; a few points say nothing."""
    line = trend([(60.0 * minute, 3.0 * minute / 60) for minute in range(60)])
    assert pytest.approx(3.0) == line.slope
    assert pytest.approx(0.0, abs=1e-6) == line.bound
    assert trend([(0.0, 1.0), (60.0, 2.0)]).least < 0
