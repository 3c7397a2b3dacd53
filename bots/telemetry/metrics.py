"""The metrics in Prometheus' format; the only module that imports prometheus_client.

No metric has a label whose values people choose: no channel, workspace, paper or address of a feed.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bots.chat.health import ConnectionReport
from bots.domain.queues import QueueState
from bots.domain.runs import DeliveryState, RunState, Tally
from bots.ports import BlurbOutcome, JobOutcome, PostOutcome
from bots.telemetry.standing import Usage

#: The media type of the text, as Prometheus asks for it (prometheus.io, Exposition formats).
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: Seconds. A run takes from two to twenty seconds, and up to hours where a platform or a list makes it wait.
_RUN = (1, 2.5, 5, 10, 30, 60, 180, 600, 1800, 7200, 21600)
#: Seconds after its time that a run is opened: within one if the program is up, within six hours after an outage.
_LATE = (0.5, 1, 5, 30, 60, 300, 1800, 7200, 21600)
#: Seconds. The extractive engine takes 20 ms, a model on a processor some seconds, a server up to a minute.
_BLURB = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
#: Seconds. Sources are given up after five minutes.
_SOURCE = (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
#: Seconds. A post waits a second for its channel, arXiv three seconds for the last request, and a 429 up to minutes.
_PERMIT = (0.01, 0.05, 0.1, 0.5, 1, 3, 10, 30, 120, 600)
#: Seconds. A person's blurb takes 20 ms to a minute, a digest up to minutes.
_JOB = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class Metrics:
    """Counts what it is told as an observer, and renders that with the ledger's counts."""

    def __init__(self, version: str) -> None:
        self._registry = registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        Gauge("paperwire_build_info", "Always 1; the label is the version.", ["version"], registry=registry).labels(
            version
        ).set(1)
        self._posts = Counter(
            "paperwire_posts", "What happened to parts of digests.", ["platform", "outcome"], registry=registry
        )
        self._late = Histogram(
            "paperwire_run_late_seconds", "From a slot to the opening of its run.", buckets=_LATE, registry=registry
        )
        self._runs = Histogram(
            "paperwire_run_seconds", "From the opening of a run to its end.", ["state"], buckets=_RUN, registry=registry
        )
        self._blurbs = Counter("paperwire_blurbs", "Blurbs asked for.", ["engine", "outcome"], registry=registry)
        self._blurb_seconds = Histogram(
            "paperwire_blurb_seconds", "The time to make a blurb.", ["engine"], buckets=_BLURB, registry=registry
        )
        self._reads = Counter(
            "paperwire_source_reads", "Lists asked of sources.", ["source", "outcome"], registry=registry
        )
        self._source_seconds = Histogram(
            "paperwire_source_seconds", "The time of a source's answer.", ["source"], buckets=_SOURCE, registry=registry
        )
        self._permits = Histogram(
            "paperwire_permit_wait_seconds", "The wait for a rate limit.", ["limit"], buckets=_PERMIT, registry=registry
        )
        self._jobs = Histogram(
            "paperwire_job_seconds", "The time of a worker's job.", ["queue", "outcome"], buckets=_JOB,
            registry=registry,
        )  # fmt: skip

    # ── as an observer ───────────────────────────────────────────────────────────────────────────────────────────────

    def posted(self, platform: str, outcome: PostOutcome) -> None:
        """Count what happened to a part."""
        self._posts.labels(platform, outcome).inc()

    def run_opened(self, late: float) -> None:
        """Record how many seconds after its slot a run was opened."""
        self._late.observe(max(0.0, late))

    def run_ended(self, state: RunState, seconds: float) -> None:
        """Record the final state of a run, and how long it took."""
        self._runs.labels(state).observe(max(0.0, seconds))

    def blurb(self, engine: str, outcome: BlurbOutcome, seconds: float) -> None:
        """Count a blurb, and record its time if it was made."""
        self._blurbs.labels(engine, outcome).inc()
        if outcome is BlurbOutcome.MADE:
            self._blurb_seconds.labels(engine).observe(seconds)

    def source_read(self, source: str, *, answered: bool, seconds: float) -> None:
        """Count an answer or a failure of a source, and record its time."""
        self._reads.labels(source, "answered" if answered else "failed").inc()
        self._source_seconds.labels(source).observe(seconds)

    def permitted(self, limit: str, seconds: float) -> None:
        """Record how long somebody waited for a permit."""
        self._permits.labels(limit).observe(max(0.0, seconds))

    def job_ended(self, queue: str, outcome: JobOutcome, seconds: float) -> None:
        """Record how a job ended, and how long it took."""
        self._jobs.labels(queue, outcome).observe(max(0.0, seconds))

    def span(self, name: str, **facts: str) -> AbstractContextManager[None]:  # noqa: ARG002 - no metric
        """Return a context that does nothing: single steps are no metric."""
        return nullcontext()

    # ── for whoever reads them ───────────────────────────────────────────────────────────────────────────────────────

    def text(
        self,
        *,
        now: datetime,
        tally: Tally | None,
        platforms: Mapping[str, bool],
        usage: Mapping[str, Usage],
        connections: Mapping[str, ConnectionReport],
        queues: Sequence[QueueState] = (),
        clock_offset: float | None = None,
        database: bool | None = None,
    ) -> bytes:
        """Return all metrics as text.

        Args:
            now: the current time, aware.
            tally: the ledger's counts; None if the database does not answer, and then they are left out.
            platforms: each platform that is set up, and whether it is connected.
            usage: what each engine with a price used today.
            connections: how the connections stand of each platform that keeps some open.
            queues: how the queues of workers stand; empty if there are none.
            database: whether the database answers; None is whether there is a tally.
            clock_offset: by how many seconds this machine's clock is ahead of the database server's; None if there is
                no server, or it was not asked yet.
        """
        now_ = _Now(
            now=now,
            tally=tally,
            platforms=platforms,
            usage=usage,
            queues=queues,
            clock_offset=clock_offset,
            database=tally is not None if database is None else database,
        )
        both = _Several([self._registry, now_, _Connections(connections)])
        return generate_latest(both)


class _Several(CollectorRegistry):
    """A registry of what is counted and what is read at this instant."""

    def __init__(self, parts: list[Collector]) -> None:
        super().__init__()
        self._parts = parts

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics of all parts."""
        for part in self._parts:
            yield from part.collect()


class _Now(Collector):
    """What is true at one instant, as gauges."""

    def __init__(
        self,
        *,
        now: datetime,
        tally: Tally | None,
        platforms: Mapping[str, bool],
        usage: Mapping[str, Usage],
        queues: Sequence[QueueState],
        clock_offset: float | None,
        database: bool,
    ) -> None:
        self._now = now
        self._tally = tally
        self._platforms = platforms
        self._usage = usage
        self._queues = queues
        self._clock_offset = clock_offset
        self._database = database

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges."""
        up = GaugeMetricFamily("paperwire_database_up", "Whether the database answers.", int(self._database))
        yield up
        yield _gauge("paperwire_platform_connected", "Whether a platform is connected.", "platform", self._platforms)
        if self._tally is not None:
            yield from self._counted(self._tally)
        if self._clock_offset is not None:
            says = "By how much this machine's clock is ahead of the database server's; with 900 no digest is begun."
            yield GaugeMetricFamily("paperwire_clock_offset_seconds", says, self._clock_offset)
        # Each process tells what it used itself: their sum is what all of them did.
        for kind in ("requests", "prompt_tokens", "completion_tokens", "cost"):
            used = {engine: getattr(usage, kind) for engine, usage in self._usage.items()}
            yield _gauge(f"paperwire_engine_{kind}_today", "Used since midnight UTC.", "engine", used)
        for name, says, what in _QUEUE_GAUGES if self._queues else ():
            yield _gauge(name, says, "queue", {each.name: getattr(each, what) for each in self._queues})

    def _counted(self, tally: Tally) -> Iterator[Metric]:
        runs = {state.value: tally.runs.get(state, 0) for state in RunState}
        parts = {state.value: tally.parts.get(state, 0) for state in DeliveryState}
        yield _gauge("paperwire_runs", "Runs in the ledger.", "state", runs)
        yield _gauge("paperwire_deliveries", "Parts in the ledger; ambiguous ones wait for the admin.", "state", parts)
        yield GaugeMetricFamily("paperwire_runs_waiting", "Runs that are ready and not claimed.", tally.waiting)
        lag = (self._now - tally.waiting_since).total_seconds() if tally.waiting_since else 0.0
        yield GaugeMetricFamily("paperwire_schedule_lag_seconds", "Age of the oldest run that waits.", max(0.0, lag))


class _Connections(Collector):
    """How the connections to the platforms stand, as gauges."""

    def __init__(self, reports: Mapping[str, ConnectionReport]) -> None:
        self._reports = reports

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges."""
        says = "Connections to a platform that this process is to keep open: shards of Discord, sockets of Slack."
        wanted = {name: each.wanted for name, each in self._reports.items()}
        yield _gauge("paperwire_connections_wanted", says, "platform", wanted)
        up = {name: each.open for name, each in self._reports.items()}
        yield _gauge("paperwire_connections_open", "Connections that are open.", "platform", up)
        left = {name: each.starts_left for name, each in self._reports.items() if each.starts_left is not None}
        says = "Sessions that may still be started today, over all processes; with none left the token would be lost."
        yield _gauge("paperwire_session_starts_left", says, "platform", left)
        latency = GaugeMetricFamily(
            "paperwire_connection_latency_seconds", "Of the last heartbeat.", labels=["platform", "connection"]
        )
        for name, each in self._reports.items():
            for connection, seconds in each.latencies.items():
                latency.add_metric([name, connection], seconds)
        yield latency


#: Every process with workers tells the same of them: the queues are the database's.
_QUEUE_GAUGES = (
    ("paperwire_jobs_waiting", "Jobs that are due and that no worker has taken.", "waiting"),
    ("paperwire_jobs_running", "Jobs under way.", "running"),
    ("paperwire_jobs_oldest_seconds", "Age of the oldest job that waits.", "oldest"),
    ("paperwire_queue_workers", "Workers of a queue that are alive.", "workers"),
)


def _gauge(name: str, says: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=[label])
    for value, amount in values.items():
        family.add_metric([str(value)], amount)
    return family
