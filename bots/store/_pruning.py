"""Deletes old runs, parts and papers in small batches, and keeps what is needed so that no paper is repeated."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, select

from bots.domain.retention import Pruned, Retention
from bots.domain.runs import RunState
from bots.store._database import Database, Transaction, chunks, upsert, whole_for_all
from bots.store.rules import ENDED, ON_THE_WAY, utc
from bots.store.tables import (
    delivery,
    digest_run,
    feedback,
    paper,
    paper_name,
    posted_paper,
    search_entry,
    search_vector,
    sighting,
    subscription,
    turned_down,
)

_newer = digest_run.alias("newer")


class SqlPruning:
    """Deletes what is older than its retention; see `bots.ports.Workspaces`."""

    _database: Database

    @whole_for_all
    async def prune(self, kept: Retention, *, now: datetime, most: int) -> Pruned:
        """Delete one batch of old runs, or of old listings and their papers; each batch is a transaction."""
        runs_before, papers_before = kept.runs_before(utc(now)), kept.papers_before(utc(now))
        async with self._database.writing() as connection:
            pruned = Pruned()
            if runs_before is not None:
                pruned += await _prune_runs(connection, runs_before, most)
            if papers_before is not None and not pruned.rows:
                pruned += await _prune_papers(connection, papers_before.date(), most)
        if not pruned.rows:
            # Once, behind the last batch: it makes every writer wait.
            await self._database.scrub()
        return pruned


async def _prune_runs(connection: Transaction, before: datetime, most: int) -> Pruned:
    keys = (await connection.scalars(_old_runs(before).limit(most))).all()
    parts = runs = 0
    for some in chunks(keys):
        parts += (await connection.execute(delete(delivery).where(delivery.c.run_key.in_(some)))).rowcount
        runs += (await connection.execute(delete(digest_run).where(digest_run.c.key.in_(some)))).rowcount
    of_run = exists().where(digest_run.c.subscription_id == subscription.c.id)
    ended = await connection.execute(delete(subscription).where(subscription.c.ended, ~of_run))
    return Pruned(runs=runs, parts=parts, subscriptions=ended.rowcount)


def _old_runs(before: datetime) -> Any:
    """Return the query for the keys of the runs that can be deleted.

    A run with a part that may still be posted is kept, and so are the last run of a standing subscription and its last
    one with no source missing: the next digest begins where they end.
    """
    old = and_(digest_run.c.state.in_(ENDED), digest_run.c.created < before, digest_run.c.finished < before)
    open_parts = select(delivery.c.run_key).where(delivery.c.state.in_(ON_THE_WAY))
    kept = (digest_run.c.key.not_in(each) for each in (open_parts, _last_ones(), _last_ones(_is_whole(_newer))))
    return select(digest_run.c.key).where(old, *kept).order_by(digest_run.c.created, digest_run.c.key)


def _last_ones(*among: ColumnElement[bool]) -> Any:
    """Return the query for the last run of each standing subscription, among the runs of a kind.

    It takes a look into the index for each subscription. Asked of each run instead, whether there is a later one, a
    server compares each run with all others: with a year of 28 subscriptions a batch took five seconds.
    """
    order = (_newer.c.slot_day.desc(), _newer.c.slot_time.desc(), _newer.c.key.desc())
    same = _newer.c.subscription_id == subscription.c.id
    last = select(_newer.c.key).where(same, *among).order_by(*order).limit(1).correlate(subscription).scalar_subquery()
    # Without a run there is no key, and nothing is "not in" a list with an unknown value.
    return select(func.coalesce(last, "")).where(subscription.c.ended.is_(False))


def _is_whole(run: Any) -> ColumnElement[bool]:
    return and_(run.c.state == RunState.DONE, run.c.missing == "")


async def _prune_papers(connection: Transaction, before: date, most: int) -> Pruned:
    """Delete listings of the oldest day of a source, and the papers that are listed on no other day."""
    oldest = select(sighting.c.source, sighting.c.day).where(sighting.c.day < before).order_by(sighting.c.day).limit(1)
    found = (await connection.execute(oldest)).one_or_none()
    if found is None:
        return Pruned()
    that = and_(sighting.c.source == found.source, sighting.c.day == found.day)
    listed = (await connection.scalars(select(sighting.c.paper).where(that).limit(most))).all()
    papers = listings = 0
    for some in chunks(listed):
        listings += (await connection.execute(delete(sighting).where(that, sighting.c.paper.in_(some)))).rowcount
        names = await _names(connection, some)
        gone = await _unlisted(connection, names)
        await _remember_as_posted(connection, {name: names[name] for name in gone})
        for few in chunks(gone):
            for index in (search_entry, search_vector):
                await connection.execute(delete(index).where(index.c.paper.in_(few)))
            await connection.execute(delete(paper_name).where(paper_name.c.paper.in_(few)))
            papers += (await connection.execute(delete(paper).where(paper.c.id.in_(few)))).rowcount
    return Pruned(papers=papers, listings=listings)


async def _names(connection: Transaction, names: Sequence[str]) -> dict[str, set[str]]:
    """Return every name of the papers with these names, by the id under which each is stored."""
    own, also = paper_name.alias(), paper_name.alias()
    pairs = select(also.c.paper, also.c.name).join(own, own.c.paper == also.c.paper).where(own.c.name.in_(names))
    found: dict[str, set[str]] = {}
    for row in (await connection.execute(pairs)).all():
        found.setdefault(row.paper, set()).add(row.name)
    return found


async def _unlisted(connection: Transaction, names: Mapping[str, set[str]]) -> list[str]:
    """Return the ids of the papers that no source lists any more, and of which no channel said anything.

    What people said of a paper is found by any of its names, which only the paper's own rows connect.
    """
    held: set[str] = set()
    for some in chunks(set().union(*names.values())):
        for table in (sighting, turned_down, feedback):
            held.update((await connection.scalars(select(table.c.paper).where(table.c.paper.in_(some)))).all())
    return [home for home, its in names.items() if held.isdisjoint(its)]


async def _remember_as_posted(connection: Transaction, names: Mapping[str, set[str]]) -> None:
    """Record every name of papers that were posted: a name that was learned after the post is known only here."""
    homes = {name: home for home, its in names.items() for name in its}
    for some in chunks(homes):
        posts = (await connection.execute(select(posted_paper).where(posted_paper.c.paper.in_(some)))).mappings().all()
        rows = [{**post, "paper": name} for post in posts for name in sorted(names[homes[post["paper"]]])]
        for few in chunks(rows):
            await connection.execute(upsert(connection, posted_paper).on_conflict_do_nothing(), few)
