"""What today's store answers about the database of 0.1.0, section by section, in the form of the recorded answers."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from bots.domain.channels import Channel, Reader
from bots.domain.papers import PaperId
from bots.domain.runs import Delivery, DeliveryState, Run, RunState
from bots.domain.slots import Slot
from bots.store.sql import SqlStore
from bots.store.tables import event, metadata, quota_counter, subscription, tenant
from tests.store.recorded import RECORDED, plain

#: More than there are runs.
_ALL = 1000
_MONDAY = datetime.fromisoformat("2026-11-23T00:00:00+00:00")
_FRIDAY = Slot(day=date(2026, 11, 20), time=time(23, 59))
_CHANNELS = {name: Channel.parse(name) for name in RECORDED["subscriptions of a channel"]}
_PAPERS = [PaperId.parse(name) for part in RECORDED["deliveries"] for name in part["part"]["paper_ids"]]
_NAMES = [PaperId.parse(name) for name in RECORDED["papers by name"]]


def _key(run: Run | None) -> str | None:
    return run.key if run else None


def _part(delivery: Delivery) -> dict[str, Any]:
    """Return a part with its payload as a hash."""
    written = plain(delivery)
    payload = json.dumps(written["part"].pop("payload"), sort_keys=True)
    written["part"]["payload sha256"] = hashlib.sha256(payload.encode()).hexdigest()
    return dict(written)


async def _rows(store: SqlStore) -> Any:
    counts = {"alembic_version": 1}
    for table in metadata.sorted_tables:
        counts[table.name] = len(await store._database.rows(select(table)))
    return counts


async def _subscriptions(store: SqlStore) -> Any:
    held = await store.subscriptions()
    assert list(held) == [await store.subscription(each.id) for each in held]
    return plain(held)


async def _subscriptions_of_a_channel(store: SqlStore) -> Any:
    return {name: [each.id for each in await store.subscriptions(channel)] for name, channel in _CHANNELS.items()}


async def _ended_subscriptions(store: SqlStore) -> Any:
    rows = await store._database.rows(select(subscription.c.id).where(subscription.c.ended).order_by("id"))
    assert [None] * len(rows) == [await store.subscription(row.id) for row in rows]
    return [row.id for row in rows]


async def _runs(store: SqlStore) -> Any:
    runs = await store.runs(limit=_ALL)
    assert list(runs) == [await store.run(each.key) for each in runs]
    for each in {run.subscription_id for run in runs}:
        mine = tuple(run for run in runs if run.subscription_id == each)
        assert mine == await store.runs(subscription_id=each, limit=_ALL)
    return plain(runs)


async def _runs_by_state(store: SqlStore) -> Any:
    return {state.value: [run.key for run in await store.runs(state=state, limit=_ALL)] for state in RunState}


async def _ready(store: SqlStore) -> Any:
    return {at: list(await store.ready(datetime.fromisoformat(at))) for at in RECORDED["ready"]}


async def _last_run(store: SqlStore) -> Any:
    return {
        name: {
            "any": _key(await store.last_run(name)),
            "whole": _key(await store.last_run(name, whole=True)),
            f"until {_FRIDAY}": _key(await store.last_run(name, until=_FRIDAY)),
        }
        for name in RECORDED["last run"]
    }


async def _deliveries(store: SqlStore) -> Any:
    parts = await store.deliveries()
    for key in {part.run_key for part in parts}:
        assert tuple(part for part in parts if part.run_key == key) == await store.deliveries(key)
    return [_part(part) for part in parts]


async def _deliveries_by_state(store: SqlStore) -> Any:
    return {state.value: [part.key for part in await store.deliveries(state=state)] for state in DeliveryState}


async def _posted(store: SqlStore) -> Any:
    return {name: plain(await store.posted(channel, _PAPERS)) for name, channel in _CHANNELS.items()}


async def _posted_before(store: SqlStore) -> Any:
    return {name: plain(await store.posted(channel, _PAPERS, before=_MONDAY)) for name, channel in _CHANNELS.items()}


async def _coming(store: SqlStore) -> Any:
    return {name: plain(await store.coming(channel)) for name, channel in _CHANNELS.items()}


async def _papers(store: SqlStore) -> Any:
    return {name: plain(await store.paper(PaperId.parse(name))) for name in RECORDED["papers"]}


async def _papers_by_name(store: SqlStore) -> Any:
    found = {str(name): await store.paper(name) for name in _NAMES}
    return {name: str(paper.id) for name, paper in found.items() if paper}


async def _search(store: SqlStore) -> Any:
    return {words: [str(paper.id) for paper in await store.search_papers(words, 50)] for words in RECORDED["search"]}


async def _known_in_november(store: SqlStore) -> Any:
    return {source: plain(await store.known(source, date(2026, 11, 25))) for source in RECORDED["listed"]}


async def _known_in_october(store: SqlStore) -> Any:
    return {source: plain(await store.known(source, date(2026, 10, 20))) for source in RECORDED["listed"]}


async def _listed(store: SqlStore) -> Any:
    """Return the sightings: which source listed which papers on which day."""
    seen = metadata.tables["sighting"]
    found: dict[str, dict[str, list[str]]] = {}
    for row in await store._database.rows(select(seen).order_by(seen.c.source, seen.c.day, seen.c.paper)):
        found.setdefault(row.source, {}).setdefault(row.day.isoformat(), []).append(row.paper)
    return found


async def _blurbs(store: SqlStore) -> Any:
    return {key: plain(await store.blurb(key)) for key in RECORDED["blurbs"]}


async def _turned_down(store: SqlStore) -> Any:
    return {name: plain(await store.turned_down(channel, _NAMES)) for name, channel in _CHANNELS.items()}


async def _saved(store: SqlStore) -> Any:
    readers = [Reader(**each["reader"]) for each in RECORDED["saved"]]
    return [
        {
            "reader": plain(reader),
            "papers": plain(await store.saved_papers(reader)),
            "with the word sparse": [str(paper.id) for paper in await store.saved_papers(reader, "sparse")],
        }
        for reader in readers
    ]


async def _installations(store: SqlStore) -> Any:
    found = {platform: await store.installations(platform) for platform in RECORDED["installations"]}
    for platform, kept in found.items():
        assert list(kept) == [await store.installation(platform, each.workspace) for each in kept]
    return plain(found)


async def _workspaces(store: SqlStore) -> Any:
    return {platform: list(await store.workspaces(platform)) for platform in RECORDED["workspaces"]}


async def _events(store: SqlStore) -> Any:
    rows = await store._database.rows(select(event).order_by(event.c.kind, event.c.key))
    return [[row.kind, row.key, f"{row.at:%Y-%m-%d %H:%M:%S.%f}"] for row in rows]


async def _used(store: SqlStore) -> Any:
    counted = select(tenant.c.platform, tenant.c.workspace, quota_counter).join(tenant).order_by(tenant.c.id)
    rows = [row._asdict() for row in await store._database.rows(counted)]
    names = RECORDED["used"][0]
    found = [{name: plain(row[name]) for name in names} for row in rows]
    # The recorded order is that in which the rows were written, which no database promises.
    return sorted(found, key=RECORDED["used"].index)


#: The section of the recording that each function answers again.
ANSWERS: Mapping[str, Callable[[SqlStore], Awaitable[Any]]] = {
    "rows": _rows,
    "subscriptions": _subscriptions,
    "subscriptions of a channel": _subscriptions_of_a_channel,
    "ended subscriptions": _ended_subscriptions,
    "runs": _runs,
    "runs by state": _runs_by_state,
    "ready": _ready,
    "last run": _last_run,
    "deliveries": _deliveries,
    "deliveries by state": _deliveries_by_state,
    "posted": _posted,
    f"posted before {_MONDAY.isoformat()}": _posted_before,
    "coming": _coming,
    "papers": _papers,
    "papers by name": _papers_by_name,
    "search": _search,
    "listed": _listed,
    "known before 2026-11-25": _known_in_november,
    "known before 2026-10-20": _known_in_october,
    "blurbs": _blurbs,
    "turned down": _turned_down,
    "saved": _saved,
    "installations": _installations,
    "workspaces": _workspaces,
    "events": _events,
    "used": _used,
}
