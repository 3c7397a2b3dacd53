"""Those who watch the program learn whether it is alive, whether it can work, and what it did."""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bots.chat.health import ConnectionReport
from bots.domain.errors import SettingsError, StoreError
from bots.domain.queues import QueueState
from bots.domain.runs import RunState, Tally
from bots.ports import BlurbOutcome, JobOutcome, PostOutcome
from bots.store.memory import MemoryStore
from bots.telemetry.http import Endpoints, open_endpoints
from bots.telemetry.metrics import Metrics
from bots.telemetry.standing import Standing, Usage
from tests.slack.conftest import free_port
from tests.store.stores import a_run, planned
from tests.support.factories import NOW


class Stubborn(MemoryStore):
    """A store that may stop answering, as a database server does."""

    down = False

    async def tally(self, now: datetime) -> Tally:
        """Return the counts, or fail."""
        if self.down:
            raise StoreError("The database refused: postgresql://me:SECRET@host is away.")
        return await super().tally(now)


@dataclass
class Queued:
    """The queues of workers, which may stop answering."""

    found: tuple[QueueState, ...] = ()
    down: bool = False

    async def states(self) -> tuple[QueueState, ...]:
        """Return how they stand, or fail."""
        if self.down:
            raise StoreError("The server is away.")
        return self.found


@dataclass
class Watched:
    """A program that is watched."""

    port: int
    store: Stubborn = field(default_factory=Stubborn)
    metrics: Metrics = field(default_factory=lambda: Metrics("1.2.3"))
    connected: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    usage: dict[str, Usage] = field(default_factory=dict)
    connections: dict[str, ConnectionReport] = field(default_factory=dict)
    queues: Queued = field(default_factory=Queued)
    clock: tuple[bool, float | None] = (True, None)
    now: datetime = NOW

    async def ask(self, path: str, method: str = "GET") -> tuple[int, str]:
        """Return status and body."""
        async with (
            aiohttp.ClientSession() as client,
            client.request(method, f"http://127.0.0.1:{self.port}{path}") as answer,
        ):
            return answer.status, await answer.text()

    async def samples(self) -> dict[tuple[str, ...], float]:
        """Return the metrics by name and values of labels, in the order of the labels' names."""
        _, text = await self.ask("/metrics")
        families = text_string_to_metric_families(text)
        return {
            (one.name, *dict(sorted(one.labels.items())).values()): one.value
            for family in families
            for one in family.samples
        }


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    """A program with an empty store, and its endpoints."""
    there = Watched(free_port())
    standing = Standing(
        ledger=there.store, clock=lambda: there.now, connected=lambda: there.connected,
        absent=lambda: there.absent, usage=lambda: there.usage, connections=lambda: there.connections,
        queues=there.queues, clock_stands=lambda: there.clock,
    )  # fmt: skip
    async with open_endpoints(Endpoints(standing, there.metrics), ("127.0.0.1", there.port)):
        yield there


async def test_a_live_program_says_so(watched: Watched) -> None:
    """`/healthz` asks nothing of the database: a restart would not mend that."""
    watched.store.down = True
    assert (200, "alive\n") == await watched.ask("/healthz")


@pytest.mark.parametrize(
    ("connected", "absent", "down", "status"),
    [
        ([], [], False, 200),
        (["slack"], [], False, 200),
        (["slack"], ["discord"], False, 200),
        ([], ["slack", "discord"], False, 503),
        (["slack"], [], True, 503),
    ],
)
async def test_ready_is_who_can_work(
    watched: Watched, connected: list[str], absent: list[str], down: bool, status: int
) -> None:
    """The program is ready if the database answers and one of the platforms that are set up is connected."""
    watched.connected, watched.absent, watched.store.down = connected, absent, down
    answered, body = await watched.ask("/readyz")
    assert (status, status == 200) == (answered, json.loads(body)["ready"])
    assert {**dict.fromkeys(connected, "connected"), **dict.fromkeys(absent, "absent")} == json.loads(body)["platforms"]


@pytest.mark.parametrize(
    ("connected", "report", "status"),
    [
        (["discord"], ConnectionReport(wanted=2, open=2, has_been_open=True), 200),
        (["discord"], ConnectionReport(wanted=2, open=1, has_been_open=True), 503),
        (["discord"], ConnectionReport(has_been_open=True), 200),
        (["discord"], ConnectionReport(problem="the shards are not shared out yet"), 503),
        (["discord", "web"], ConnectionReport(wanted=2, open=1), 503),
        (["discord", "web"], ConnectionReport(wanted=2, open=1, has_been_open=True), 200),
    ],
)
async def test_ready_is_who_has_its_shards(
    watched: Watched, connected: list[str], report: ConnectionReport, status: int
) -> None:
    """A program is not ready before its shards are connected, nor later while nothing else works; a standby is."""
    watched.connected, watched.connections = connected, {"discord": report}
    answered, body = await watched.ask("/readyz")
    assert (status, f"{report.open} of {report.wanted}") == (answered, json.loads(body)["connections"]["discord"])


@pytest.mark.parametrize(
    ("clock", "status"), [((True, None), 200), ((True, 0.25), 200), ((False, 86400.0), 503), ((False, -86400.0), 503)]
)
async def test_ready_is_who_has_the_right_time(watched: Watched, clock: tuple[bool, float | None], status: int) -> None:
    """A program whose clock is wrong begins no digest; by how much it differs from the server's is a metric."""
    watched.clock = clock
    answered, body = await watched.ask("/readyz")
    assert (status, "right" if clock[0] else "wrong") == (answered, json.loads(body)["clock"])
    assert clock[1] == (await watched.samples()).get(("paperwire_clock_offset_seconds",))


async def test_connections_are_measured(watched: Watched) -> None:
    """How many are open, how quick they are, and how many sessions may still be started."""
    report = ConnectionReport(wanted=3, open=2, latencies={"0": 0.25}, starts_left=17)
    watched.connections = {"discord": report, "slack": ConnectionReport(wanted=2, open=2)}
    found = await watched.samples()
    expected = {
        ("paperwire_connections_wanted", "discord"): 3, ("paperwire_connections_open", "discord"): 2,
        ("paperwire_connections_wanted", "slack"): 2, ("paperwire_connections_open", "slack"): 2,
        ("paperwire_connection_latency_seconds", "0", "discord"): 0.25,
        ("paperwire_session_starts_left", "discord"): 17,
    }  # fmt: skip
    assert expected == {key: value for key, value in found.items() if "connection" in key[0] or "starts" in key[0]}


async def test_nothing_secret_is_told(watched: Watched) -> None:
    """The reason for a failure is in the log; no watcher sees it."""
    watched.store.down = True
    assert "SECRET" not in (await watched.ask("/readyz"))[1] + (await watched.ask("/metrics"))[1]


async def test_what_happened_is_counted(watched: Watched) -> None:
    """Posts, runs, blurbs and reads are counted under names that nobody can choose."""
    metrics = watched.metrics
    metrics.posted("slack", PostOutcome.SENT)
    metrics.posted("slack", PostOutcome.SENT)
    metrics.posted("discord", PostOutcome.RATE_LIMITED)
    metrics.run_opened(3.0)
    metrics.run_ended(RunState.DONE, 4.0)
    metrics.blurb("extractive", BlurbOutcome.MADE, 0.02)
    metrics.blurb("extractive", BlurbOutcome.CACHED, 0.001)
    metrics.source_read("arxiv", answered=False, seconds=9.0)
    metrics.permitted("slack channel", 1.5)
    watched.usage = {"remote": Usage(requests=2, prompt_tokens=30, completion_tokens=4, cost=0.25)}

    seen = await watched.samples()

    assert 2 == seen["paperwire_posts_total", "sent", "slack"]
    assert 1 == seen["paperwire_posts_total", "rate_limited", "discord"]
    assert 3.0 == seen["paperwire_run_late_seconds_sum",]
    assert 4.0 == seen["paperwire_run_seconds_sum", "done"]
    assert 1 == seen["paperwire_blurbs_total", "extractive", "cached"]
    assert 1 == seen["paperwire_blurb_seconds_count", "extractive"]
    assert 1 == seen["paperwire_source_reads_total", "failed", "arxiv"]
    assert 1.5 == seen["paperwire_permit_wait_seconds_sum", "slack channel"]
    assert 30 == seen["paperwire_engine_prompt_tokens_today", "remote"]
    assert 0.25 == seen["paperwire_engine_cost_today", "remote"]
    assert 1 == seen["paperwire_build_info", "1.2.3"]


async def test_what_waits_is_told_with_its_age(watched: Watched) -> None:
    """The gauges are the ledger's own counts: runs and parts by state, and how old the oldest run is that waits."""
    await planned(watched.store, a_run(created=NOW - timedelta(seconds=90)), total=3)
    watched.connected = ["slack"]

    seen = await watched.samples()

    assert (1, 90.0) == (seen["paperwire_runs_waiting",], seen["paperwire_schedule_lag_seconds",])
    assert (1, 0) == (seen["paperwire_runs", "queued"], seen["paperwire_runs", "done"])
    assert (3, 0) == (seen["paperwire_deliveries", "planned"], seen["paperwire_deliveries", "ambiguous"])
    assert (1, 1) == (seen["paperwire_platform_connected", "slack"], seen["paperwire_database_up",])


async def test_the_queues_of_workers_are_told(watched: Watched) -> None:
    """Each queue has what waits, for how long, its workers and the time of its jobs; without workers there is none."""
    assert ("paperwire_queue_workers", "digests") not in await watched.samples()
    watched.queues.found = (QueueState(name="digests", waiting=4, oldest=12.5, running=2, workers=0),)
    watched.metrics.job_ended("summaries", JobOutcome.DONE, 0.25)
    watched.now = NOW + timedelta(minutes=1)

    seen = await watched.samples()

    assert (4, 12.5) == (seen["paperwire_jobs_waiting", "digests"], seen["paperwire_jobs_oldest_seconds", "digests"])
    assert (2, 0) == (seen["paperwire_jobs_running", "digests"], seen["paperwire_queue_workers", "digests"])
    assert 0.25 == seen["paperwire_job_seconds_sum", "done", "summaries"]
    watched.now, watched.queues.down = NOW + timedelta(minutes=2), True
    assert ("paperwire_jobs_waiting", "digests") not in await watched.samples()


async def test_counts_are_left_out_while_the_database_is_away(watched: Watched) -> None:
    """A missing count is not a zero, which would look like an empty queue."""
    watched.store.down = True
    seen = await watched.samples()
    assert 0 == seen["paperwire_database_up",]
    assert ("paperwire_runs_waiting",) not in seen


async def test_an_outage_is_told_once(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    """Probes ask all the time; the log says once that the database is away, and once that it is back."""
    caplog.set_level(logging.INFO, "bots.telemetry.standing")
    watched.store.down = True
    for _ in range(3):
        assert 503 == (await watched.ask("/readyz"))[0]
    watched.store.down = False
    await watched.ask("/readyz")
    await watched.ask("/readyz")
    assert ["the database does not answer", "the database answers again"] == [each.message for each in caplog.records]


async def test_the_database_is_asked_once_for_many_watchers(watched: Watched) -> None:
    """Counts are kept for five seconds, also if the clock was set back since."""
    await watched.samples()
    watched.store.down = True
    watched.now = NOW + timedelta(seconds=4)
    assert 1 == (await watched.samples())["paperwire_database_up",]
    watched.now = NOW - timedelta(hours=1)
    assert 0 == (await watched.samples())["paperwire_database_up",]


@pytest.mark.parametrize(("path", "method", "status"), [("/", "GET", 404), ("/metrics", "POST", 405)])
async def test_nothing_else_is_served(watched: Watched, path: str, method: str, status: int) -> None:
    """There is no other page, and nothing that can be changed."""
    assert status == (await watched.ask(path, method))[0]


async def test_an_address_in_use_is_a_wrong_setting(watched: Watched) -> None:
    """The error names the setting to change."""
    again = Endpoints(Standing(
        ledger=watched.store, clock=lambda: NOW, connected=list, absent=list, usage=dict,
    ), watched.metrics)  # fmt: skip
    with pytest.raises(SettingsError, match="cannot listen at") as refused:
        async with open_endpoints(again, ("127.0.0.1", watched.port)):
            pass
    assert "operations.listen" in refused.value.hint
