"""Deletes old runs, parts and papers from the store in dictionaries."""

from collections.abc import Collection
from datetime import date, datetime

from bots.domain.channels import Channel
from bots.domain.feedback import Feedback, Sign
from bots.domain.papers import PaperId
from bots.domain.retention import Pruned, Retention
from bots.domain.runs import Delivery, Run, RunState
from bots.domain.subscriptions import Subscription
from bots.store._memory_shelf import Rack
from bots.store.rules import ENDED, ON_THE_WAY, utc


class MemoryPruning:
    """Deletes what is older than its retention; see `bots.ports.Workspaces`."""

    _subscriptions: dict[str, Subscription]
    _places: dict[str, Channel]
    _runs: dict[str, Run]
    _deliveries: dict[str, Delivery]
    _posted: dict[Channel, dict[PaperId, tuple[datetime, str]]]
    _public: Rack
    _turned_down: dict[Channel, dict[tuple[PaperId, str], datetime]]
    _feedback: dict[Channel, dict[tuple[PaperId, str, Sign], Feedback]]

    async def prune(self, kept: Retention, *, now: datetime, most: int) -> Pruned:
        """Delete one batch of old runs, or of old listings and their papers."""
        runs_before, papers_before = kept.runs_before(utc(now)), kept.papers_before(utc(now))
        pruned = self._prune_runs(runs_before, most) if runs_before else Pruned()
        if papers_before and not pruned.rows:
            pruned += self._prune_papers(papers_before.date(), most)
        return pruned

    def _prune_runs(self, before: datetime, most: int) -> Pruned:
        lasting = {part.run_key for part in self._deliveries.values() if part.state in ON_THE_WAY} | self._last_runs()
        old = [run for run in self._runs.values() if run.state in ENDED and (run.finished or run.created) < before]
        gone = [run.key for run in sorted(old, key=lambda run: (run.created, run.key)) if run.key not in lasting][:most]
        parts = [key for key, part in self._deliveries.items() if part.run_key in gone]
        for key in parts:
            del self._deliveries[key]
        for key in gone:
            del self._runs[key]
        used = {run.subscription_id for run in self._runs.values()} | self._subscriptions.keys()
        ended = self._places.keys() - used
        for name in ended:
            del self._places[name]
        return Pruned(runs=len(gone), parts=len(parts), subscriptions=len(ended))

    def _last_runs(self) -> set[str]:
        """Return the keys of each standing subscription's last run, and of its last one with no source missing."""
        last: dict[tuple[str, bool], Run] = {}
        for run in sorted(self._runs.values(), key=lambda run: (run.slot, run.key)):
            if run.subscription_id in self._subscriptions:
                last[run.subscription_id, False] = run
                if run.state is RunState.DONE and not run.missing:
                    last[run.subscription_id, True] = run
        return {run.key for run in last.values()}

    def _prune_papers(self, before: date, most: int) -> Pruned:
        old = [listing for listing in self._public.sightings if listing[1] < before]
        if not old:
            return Pruned()
        kept = self._public.sightings[oldest := min(old, key=lambda listing: listing[1])]
        listed = sorted(kept)[:most]
        kept.difference_update(listed)
        if not kept:
            del self._public.sightings[oldest]
        homes = {self._public.homes[name] for name in listed if name in self._public.homes}
        names = {home: self._public.papers[home].names for home in homes}
        held = set[PaperId]().union(*self._public.sightings.values(), self._said())
        gone = {home: its for home, its in names.items() if held.isdisjoint(its)}
        for home, its in gone.items():
            self._remember_as_posted(its)
            self._public.forget(home)
        return Pruned(papers=len(gone), listings=len(listed))

    def _said(self) -> set[PaperId]:
        """Return the names of the papers that a channel hid or said something of."""
        hidden = {key[0] for said in self._turned_down.values() for key in said}
        return hidden | {key[0] for said in self._feedback.values() for key in said}

    def _remember_as_posted(self, names: Collection[PaperId]) -> None:
        for seen in self._posted.values():
            for at in [seen[name] for name in names if name in seen][:1]:
                seen.update({name: at for name in names if name not in seen})
