"""The operator's overview: platforms and their health, engines and what they used, and who is signed in."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bots.chat.health import HealthFinding
from bots.chat.secret_texts import without_secrets
from bots.delivery.operations import EngineReport, Operations
from bots.domain.errors import SettingsError
from bots.ports import Checked
from bots.ports.bounded_calls import bounded
from bots.web.rendering import page
from bots.web.site import Route, Site
from bots.web.times import instant
from bots.web.visits import Answer, Need, Visit, see

_log = logging.getLogger(__name__)

HOME = "/operator"
#: Seconds that the check of a platform may take; it asks about each channel with a subscription.
_PATIENCE = 30.0
_MOST_SIGN_INS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Platform:
    """One platform that is set up."""

    name: str
    #: Why it is not connected; empty if it is.
    absent: str
    findings: tuple[HealthFinding, ...] = ()


def operations_of(site: Site) -> Operations:
    """Return what the operator's pages act with.

    Raises:
        SettingsError: this program was started without it.
    """
    found = site.operations()
    if found is None:
        raise SettingsError("This page works only in the program that posts digests.", hint="Start: paperwire run")
    return found


async def overview(site: Site, visit: Visit) -> Answer:
    """Return the overview."""
    return await _page(site, visit, _platforms(operations_of(site)))


async def check(site: Site, visit: Visit) -> Answer:
    """Return the overview with the health of every platform, asked now."""
    held = operations_of(site)
    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(_checked(held, name)) for name in sorted(held.adapters)}
    found = {name: task.result() for name, task in tasks.items()}
    checked = [
        Platform(name=each.name, absent=each.absent, findings=found.get(each.name, ())) for each in _platforms(held)
    ]
    return await _page(site, visit, checked)


async def _page(site: Site, visit: Visit, platforms: Sequence[Platform]) -> Answer:
    signed_in = await site.service.store.sign_ins(now=visit.now)
    rows = [
        (each.key, each.name, each.platform, each.operator, instant(site, each.created), instant(site, each.expires))
        for each in signed_in[:_MOST_SIGN_INS]
    ]
    return page(
        site, visit, "operator.html", "Overview", has_form=True, tab="overview", platforms=platforms,
        engines=[(each, _used(each)) for each in operations_of(site).engines()], signed_in=rows,
        own=visit.person.key if visit.person else "",
    )  # fmt: skip


def _platforms(held: Operations) -> list[Platform]:
    names = sorted({*held.adapters, *held.absent})
    return [Platform(name=name, absent="" if name in held.adapters else held.absent[name]) for name in names]


async def _checked(held: Operations, name: str) -> tuple[HealthFinding, ...]:
    adapter = held.adapters[name]
    if not isinstance(adapter, Checked):
        return (HealthFinding(name=name, says="connected"),)
    try:
        found = await bounded(adapter.check, _PATIENCE)
    except Exception:  # noqa: BLE001 - a fault of one adapter must not hide the others
        _log.warning("a platform could not be checked", extra={"platform": name}, exc_info=True)
        return (HealthFinding(name=name, says="it could not be checked", fix="see the log"),)
    return tuple(
        HealthFinding(name=each.name, says=without_secrets(each.says), fix=without_secrets(each.fix)) for each in found
    )


def _used(report: EngineReport) -> str:
    if not report.requests and not report.allowed:
        return ""
    used = f"{report.requests:,} requests, {report.tokens:,} tokens today"
    return f"{used} of {report.allowed:,}" if report.allowed else used


async def end_sign_in(site: Site, visit: Visit) -> Answer:
    """End somebody's sign-in."""
    await site.service.store.drop_sign_in(visit.fields.get("key", ""))
    return see(HOME)


ROUTES = (
    Route(method="GET", path=HOME, view=overview, needs=Need.OPERATOR),
    Route(method="POST", path=f"{HOME}/check", view=check, needs=Need.OPERATOR, per_minute=6),
    Route(method="POST", path=f"{HOME}/sign-ins", view=end_sign_in, needs=Need.OPERATOR),
)
