"""Commands for the database as a whole: upgrade, check, copy, backup, prune."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bots.chat.phrases import counted
from bots.cli.context import Exit, Invocation, invocation_of, print_json, report_json, run_logged
from bots.domain.errors import BadCommand

if TYPE_CHECKING:
    from bots.config.settings import Settings
    from bots.domain.retention import Pruned, Retention
    from bots.store.inspection import Inspection
    from bots.store.operations import Place

app = typer.Typer(
    name="db",
    help="The database as a whole: upgrade, check, copy to another kind, back up, delete what is old.",
    no_args_is_help=True,
)

#: Seconds between two batches. Who waits to write to a SQLite file asks again after up to a tenth of a second: with a
#: shorter pause, digests of a running Paperwire wait until the last batch, and give up after five seconds.
_GIVE_WAY = 0.12
_KIB = 1024
#: Runs or papers in a transaction, for which a digest of a running Paperwire may have to wait.
_BATCH = 100
#: What an operator of a server must know who wonders that it has not become smaller.
_SERVER_KEEPS = (
    "The server keeps the space of what was deleted, and fills it with new rows. To give it back to the disk, stop"
    " Paperwire and run: VACUUM FULL (in psql; needs room for a second copy of the largest table)."
)


@app.command()
def upgrade(context: typer.Context) -> None:
    """Bring the database's tables up to date; a start does so too."""
    invocation = invocation_of(context)

    def work(place: "Place", _settings: "Settings") -> Exit:
        before, now = place.upgrade()
        if invocation.as_json:
            print_json({"before": before or None, "now": now})
        elif before == now:
            typer.echo(f"{place.name} is up to date (step {now}).")
        else:
            done = f"upgraded from step {before} to {now}" if before else f"created (step {now})"
            typer.echo(f"{place.name} was {done}.")
        return Exit.DONE

    _with_place(invocation, work)


@app.command()
def check(context: typer.Context) -> None:
    """Examine the database: its step, every row, rows without an owner, who may read it. Nothing is changed."""
    invocation = invocation_of(context)

    def work(place: "Place", _settings: "Settings") -> Exit:
        from bots.store.inspection import inspect

        found = inspect(place)
        if invocation.as_json:
            report_json(_inspection_data(found))
        else:
            _show_inspection(found)
        return Exit.DONE if all(each.works for each in found.troubles) else Exit.FAILED

    _with_place(invocation, work)


def _show_inspection(found: "Inspection") -> None:
    typer.echo(f"{found.name}: {found.kind}, {_bytes(found.size)}, step {found.step or 'none'}")
    for name, count in found.rows.items():
        if count:
            typer.echo(f"  {name:18} {count:>9,}")
    wrong = {each.check for each in found.troubles}
    for name in _examined(found):
        if name not in wrong:
            typer.echo(f"{name}: ok")
    for each in found.troubles:
        typer.echo(f"{each.check}: {each.says}. {each.fix}", err=True)


def _examined(found: "Inspection") -> tuple[str, ...]:
    """Return the names of what was examined; of a server's database without our tables that is less."""
    on_server = found.kind.startswith("Postgres")
    orphans = ("orphans",) if found.rows else ()
    isolation = ("isolation",) if on_server and found.step else ()
    permissions = () if on_server and not found.step else ("permissions",)
    return ("revision", "integrity", *orphans, *isolation, *permissions)


def _inspection_data(found: "Inspection") -> dict[str, object]:
    troubles = [
        {"check": each.check, "says": each.says, "fix": each.fix, "works": each.works} for each in found.troubles
    ]
    more = {"step": found.step or None, "newest": found.newest, "bytes": found.size, "rows": found.rows}
    return {"database": found.name, "kind": found.kind, **more, "troubles": troubles}


@app.command()
def copy(
    context: typer.Context,
    target: Annotated[str, typer.Argument(help="An empty database: a new file, or a Postgres address.")],
) -> None:
    """Copy every row to an empty database, of the same or of the other kind, and compare both row by row.

    Stop Paperwire first: what it writes during the copy is not in it.
    """
    invocation = invocation_of(context)

    def work(place: "Place", _settings: "Settings") -> Exit:
        from bots.store.copying import copy as copied
        from bots.store.operations import Place

        there = Place.of(target)
        rows = copied(place, there)
        if invocation.as_json:
            print_json({"rows": rows})
        else:
            typer.echo(f"{there.name}: {counted(sum(rows.values()), 'row')} copied, and compared one by one.")
            typer.echo("Set `database` to the new address, then start Paperwire. The old database was not changed.")
        return Exit.DONE

    _with_place(invocation, work)


@app.command()
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A new file.", show_default=False)],
) -> None:
    """Write a backup to a new file while Paperwire runs, and read it back. Postgres needs pg_dump here."""
    invocation = invocation_of(context)

    def work(place: "Place", _settings: "Settings") -> Exit:
        from bots.store.backups import back_up

        made = back_up(place, file)
        if invocation.as_json:
            print_json({"file": str(made.file), "bytes": made.size, "step": made.step, "tables": made.tables})
        else:
            said = f"{_bytes(made.size)}, step {made.step}, {counted(made.tables, 'table')}"
            typer.echo(f"{made.file}: {said}; it was read back.")
        return Exit.DONE

    _with_place(invocation, work)


@app.command()
def prune(
    context: typer.Context,
    runs: Annotated[
        int | None, typer.Option(min=0, help="Days to keep runs; 0: all. Default: retention.run_days.")
    ] = None,
    papers: Annotated[
        int | None, typer.Option(min=0, help="Days to keep papers; 0: all. Default: retention.paper_days.")
    ] = None,
) -> None:
    """Delete old runs, messages and papers now; that a paper was posted is kept. A file gets smaller by it."""
    invocation = invocation_of(context)

    def work(place: "Place", settings: "Settings") -> Exit:
        from bots.store.operations import analyze, compact, size

        kept = _retention(settings, runs, papers)
        before = size(place)
        analyze(place)
        gone = asyncio.run(_pruned(settings, kept))
        compact(place)
        after = size(place)
        if invocation.as_json:
            print_json({**_pruned_data(gone), "bytes_before": before, "bytes_after": after})
        else:
            said = ", ".join(counted(count, name.rstrip("s")) for name, count in _pruned_data(gone).items() if count)
            typer.echo(f"Deleted: {said or 'nothing was old enough'}. {_bytes(before)} before, {_bytes(after)} now.")
            if place.file is None and any(_pruned_data(gone).values()):
                typer.echo(_SERVER_KEEPS)
        return Exit.DONE

    _with_place(invocation, work)


def _retention(settings: "Settings", runs: int | None, papers: int | None) -> "Retention":
    """Return how long things are kept, by the options or else by the settings.

    Raises:
        BadCommand: fewer days than the schedule looks back.
    """
    from dataclasses import replace

    from bots.domain.retention import LEAST_DAYS

    for days in (runs, papers):
        if days and days < LEAST_DAYS:
            raise BadCommand(f"{days} days are too few.", hint=f"Keep at least {LEAST_DAYS} days, or 0 for all.")
    kept = settings.retention
    kept = kept if runs is None else replace(kept, run_days=runs)
    return kept if papers is None else replace(kept, paper_days=papers)


async def _pruned(settings: "Settings", kept: "Retention") -> "Pruned":
    from bots.bootstrap.app import utc_now
    from bots.domain.retention import Pruned
    from bots.store.sql import open_store

    total = Pruned()
    async with open_store(settings.database, upgrading=False) as store:
        # By a clock of this machine that is a year ahead everything would be old enough.
        now = await store.server_time() or utc_now()
        await store.expire(now=now)
        while (batch := await store.prune(kept, now=now, most=_BATCH)).rows:
            total += batch
            await asyncio.sleep(_GIVE_WAY)
    return total


def _pruned_data(gone: "Pruned") -> Mapping[str, int]:
    names = ("runs", "parts", "papers", "listings", "subscriptions")
    return {name: getattr(gone, name) for name in names}


def _with_place(invocation: Invocation, work: "Callable[[Place, Settings], Exit]") -> None:
    """Do the work with the configured database, in a thread, and exit with its exit code."""

    async def live() -> Exit:
        from bots.bootstrap.plugins import secrets_of
        from bots.chat.known_secrets import hide
        from bots.config.settings import read_settings
        from bots.store.operations import Place

        settings = read_settings(file=invocation.config, database=invocation.database)
        hide(secrets_of(settings))
        return await asyncio.to_thread(work, Place.of(settings.database), settings)

    run_logged(invocation, live)


def _bytes(count: int) -> str:
    """Return a size in MiB, or in KiB below one."""
    return f"{count / _KIB / _KIB:,.1f} MiB" if count >= _KIB * _KIB else f"{count / _KIB:,.0f} KiB"
