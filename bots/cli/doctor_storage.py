"""The doctor's checks of what is stored: the database, who may read its files, and the files that are sources."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bots.chat.phrases import counted, listed
from bots.cli.findings import Finding, State
from bots.config.private_files import mend, open_to_others
from bots.domain.errors import PaperwireError
from bots.ports import SourceQuery
from bots.presentation.source_text import is_local

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.store.operations import Place

#: Seconds. A gigabyte takes about ten on a slow disk.
_PATIENCE = 30.0
_RESTORE = "stop Paperwire and restore a backup; or save what can be read: sqlite3 FILE .recover | sqlite3 NEW"


async def database(application: "App") -> Finding:
    """Examine the database's pages, and count the subscriptions."""
    found = await application.store.damage(seconds=_PATIENCE)
    if found and found[0].startswith("it is too large"):
        return Finding(name="database", state=State.WARN, says=found[0], fix="sqlite3 FILE 'PRAGMA quick_check'")
    if found:
        return Finding(name="database", state=State.WRONG, says=f"it is damaged: {'; '.join(found)}", fix=_RESTORE)
    kept = await application.store.subscriptions()
    return Finding(name="database", says=f"{application.settings.database} ({counted(len(kept), 'subscription')})")


async def isolation(application: "App") -> Finding:
    """Report a user of Postgres for whom no policy keeps workspaces apart, which nothing else shows."""
    from bots.store.operations import Place, is_server

    address = application.settings.database
    if not is_server(address):
        return Finding(name="isolation", says="a file has no policies; every query names its workspace")
    troubles = await asyncio.to_thread(_of_isolation, Place.of(address))
    if not troubles:
        return Finding(name="isolation", says="the server's policies keep workspaces apart")
    return Finding(name="isolation", state=State.WARN, says="; ".join(says for says, _ in troubles), fix=troubles[0][1])


def _of_isolation(place: "Place") -> list[tuple[str, str]]:
    from bots.store.inspection import isolation_troubles

    with place.engine() as engine, engine.connect() as connection:
        return [(each.says, each.fix) for each in isolation_troubles(connection)]


async def privacy(application: "App") -> Finding:
    """Report files with private texts that other users of this machine may read."""
    ours = [application.settings.file] if application.settings.file else []
    found = open_to_others([*ours, *_stored(application.settings.database)])
    if not found:
        return Finding(name="privacy", says="only the user that runs Paperwire may read its files")
    says = f"other users of this machine may read {listed(map(str, found))}"
    return Finding(name="privacy", state=State.WARN, says=says, fix=mend(found))


def _stored(place: str) -> tuple[Path, ...]:
    """Return the files of a SQLite database: its own, its log, and the log's index."""
    kind, address, path = place.partition("://")
    if (address and not kind.startswith("sqlite")) or place == ":memory:":
        return ()
    stored = Path(path.removeprefix("/") if address else place).expanduser().absolute()
    return (stored, *(stored.with_name(f"{stored.name}{end}") for end in ("-wal", "-shm")))


async def files(application: "App") -> Finding:
    """Read each file that a subscription reads."""
    kept = [each for each in await application.store.subscriptions() if each.enabled]
    specs = sorted({spec for each in kept for spec in each.sources if is_local(spec)})
    open_source, day = application.service.digest_builder.source_reader.open_source, application.service.clock().date()
    wrong: list[PaperwireError] = []
    for spec in specs:
        try:
            await open_source(spec).recent(SourceQuery(day=day))
        except PaperwireError as error:
            wrong.append(error)
    if not wrong:
        return Finding(name="files", says=f"{counted(len(specs), 'file')} of subscriptions can be read")
    hints = dict.fromkeys(error.hint for error in wrong if error.hint)
    return Finding(name="files", state=State.WRONG, says=" ".join(map(str, wrong)), fix=" ".join(hints) or "repair it")
