"""The doctor's checks of the installed sources: queries the usual list of each, and reports each broken one."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from bots.chat.health import HealthFinding
from bots.chat.phrases import counted, listed
from bots.config.source_catalogue import KnownSource, catalogue
from bots.domain.errors import NotSetUp, PaperwireError
from bots.domain.harvests import Harvest
from bots.ports import OpenSource, SourceQuery

if TYPE_CHECKING:
    from bots.bootstrap.app import App


#: A source of many journals has a host for each.
_HOSTS_SHOWN = 4


async def check_sources(application: "App", *, offline: bool) -> tuple[HealthFinding, ...]:
    """Return the findings about each source on offer, each that papers are looked up in, and each that is broken."""
    installed = catalogue()
    asked = [each for each in installed.sources if each in installed.offered or each.description.is_library]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_look(application, each, offline=offline)) for each in asked]
    broken = [
        HealthFinding(name=each.name, says=each.reason, fix=each.hint or "update or repair its package")
        for each in installed.broken
    ]
    return (*(task.result() for task in tasks), *broken)


async def _look(application: "App", known: KnownSource, *, offline: bool) -> HealthFinding:
    spec = known.description.examples[0] if known.description.examples else known.name
    name = f"{spec} ({known.package})" if known.package else spec
    try:
        settings = application.settings.of_source(known)
        if offline:
            return HealthFinding(name=name, says=f"{_asked_at(known, settings)}; not checked")
        says = await _listed(
            application.service.digest_builder.source_reader.open_source, spec, application.service.clock().date()
        )
    except NotSetUp as error:
        # One of ours that needs a key is not a fault until the operator wants it; a package was installed to be used.
        return HealthFinding(name=name, says=f"off: {error}", fix=error.hint if known.package else "")
    except PaperwireError as error:
        return HealthFinding(
            name=name, says=str(error), fix=error.hint or "check the network, or a proxy in HTTPS_PROXY"
        )
    except Exception as error:  # noqa: BLE001 - a third-party source may fail in any way
        fix = f"report it to the authors of {known.package}" if known.package else "see the log"
        return HealthFinding(name=name, says=f"it fails with {type(error).__name__}: {error}", fix=fix)
    return HealthFinding(name=name, says=says)


async def _listed(open_source: OpenSource, spec: str, day: date) -> str:
    harvest = await open_source(spec).recent(SourceQuery(day=day))
    if not isinstance(harvest, Harvest):
        raise TypeError("it returns no Harvest")
    return harvest.note or f"{counted(len(harvest.papers), 'paper')} listed"


def _asked_at(known: KnownSource, settings: Mapping[str, object]) -> str:
    """Return the addresses that a source contacts: those in its settings, or its hosts."""
    held = [str(settings[each.name]) for each in known.description.settings if "://" in each.default]
    places = list(dict.fromkeys(held)) or [pace.host for pace in known.description.hosts]
    more = len(places) - _HOSTS_SHOWN
    shown = [*places[:_HOSTS_SHOWN], counted(more, "more host")] if more > 0 else places
    return f"reads {listed(shown)}" if places else "needs no network"
