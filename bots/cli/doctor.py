"""The doctor's checks: each returns a finding, with the fix if something is wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bots.chat.phrases import clean, counted, listed
from bots.cli.findings import Finding, State
from bots.config.source_catalogue import catalogue
from bots.domain.errors import PaperwireError, StoreError
from bots.domain.runs import DeliveryState

if TYPE_CHECKING:
    from bots.bootstrap.app import App


_REPORT = "restore a backup of the database; if that does not help, report it with the log"


async def examine(
    application: "App", *, offline: bool, settings_are_read: bool = True, stored: bool = True
) -> tuple[Finding, ...]:
    """Return every finding.

    Args:
        application: the open app.
        offline: whether the network must not be used.
        settings_are_read: whether no setting was wrong.
        stored: whether the app's database is that of the settings; if not, what is stored is not examined.
    """
    from bots.cli.doctor_engines import condenses
    from bots.cli.doctor_plugins import check_packages
    from bots.cli.doctor_storage import database, files, isolation, privacy
    from bots.cli.queues import workers

    engines = [condenses(engine, offline=offline) for engine in application.engines]
    of_settings = [_settings] if settings_are_read else []
    of_database = [_subscriptions, _paused, _held, files] if stored else []
    pages = [database, isolation, workers] if stored else []
    local: list[Callable[[App], Awaitable[Finding]]] = [
        *of_settings, _unread, _contact, *pages, privacy, *engines, *of_database,
    ]  # fmt: skip
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_checked(check, application)) for check in local]
        sources = group.create_task(_sources(application, offline=offline))
        chats = group.create_task(_platforms(application, offline=offline))
    return (*(task.result() for task in tasks), *sources.result(), *chats.result(), *check_packages())


async def _platforms(application: "App", *, offline: bool) -> tuple[Finding, ...]:
    from bots.cli.doctor_plugins import check_platforms

    try:
        return tuple(await check_platforms(application, offline=offline))
    except StoreError as error:
        return (Finding(name="platforms", state=State.WRONG, says=str(error), fix=error.hint),)


async def _checked(check: Callable[["App"], Awaitable[Finding]], application: "App") -> Finding:
    name = getattr(check, "__name__", "check").strip("_")
    try:
        return await check(application)
    except PaperwireError as error:
        return Finding(name=name, state=State.WRONG, says=str(error), fix=error.hint or _REPORT)
    except Exception as error:  # noqa: BLE001 - a damaged database may hold anything; the other checks go on
        return Finding(name=name, state=State.WRONG, says=f"it fails with {type(error).__name__}: {error}", fix=_REPORT)


async def _settings(application: "App") -> Finding:
    if application.settings.file is None:
        says = "no settings file; the defaults are used (paperwire init writes one)"
        return Finding(name="settings", says=says)
    return Finding(name="settings", says=str(application.settings.file))


async def _unread(application: "App") -> Finding:
    if not application.settings.unread:
        return Finding(name="variables", says="every PAPERWIRE_ variable is a setting")
    return Finding(
        name="variables",
        state=State.WARN,
        says=f"not a setting: {', '.join(application.settings.unread)}",
        fix="correct the name or unset the variable; the README lists every setting",
    )


async def _contact(application: "App") -> Finding:
    if application.settings.contact:
        return Finding(name="contact", says=application.settings.contact)
    return Finding(
        name="contact",
        state=State.WARN,
        says=f"not set; {_asking()} may slow down programs without a contact address",
        fix="paperwire init, or set PAPERWIRE_CONTACT to your mail address",
    )


async def _subscriptions(application: "App") -> Finding:
    platforms = {
        subscription.channel.platform
        for subscription in await application.store.subscriptions()
        if subscription.enabled
    }
    from bots.cli.doctor_plugins import set_up

    connected = {*application.executor.part_delivery.adapters, *set_up(application.settings)}
    missing = sorted(platforms - connected)
    if missing:
        return Finding(
            name="adapters",
            state=State.WRONG,
            says=f"there are subscriptions for {', '.join(missing)}, which is not set up",
            fix="set the platform up, or end its subscriptions with: paperwire unsubscribe ID",
        )
    return Finding(name="adapters", says=", ".join(sorted(connected)))


async def _paused(application: "App") -> Finding:
    """Report subscriptions that Paperwire paused itself; those that people paused are not a problem."""
    off = [
        subscription
        for subscription in await application.store.subscriptions()
        if not subscription.enabled and subscription.off_because
    ]
    if not off:
        return Finding(name="pauses", says="Paperwire has paused no subscription")
    why = "; ".join(f"{subscription.id}, {clean(subscription.off_because)}" for subscription in off)
    fix = "repair the cause, then: paperwire resume ID"
    return Finding(name="pauses", state=State.WARN, says=f"paused by Paperwire: {why}", fix=fix)


async def _held(application: "App") -> Finding:
    held = await application.store.deliveries(state=DeliveryState.AMBIGUOUS)
    if not held:
        return Finding(name="deliveries", says="no message is held")
    says = f"{counted(len(held), 'part')} may or may not have been posted"
    return Finding(name="deliveries", state=State.WARN, says=says, fix="paperwire deliveries --state held")


async def _sources(application: "App", *, offline: bool) -> tuple[Finding, ...]:
    from bots.cli.doctor_sources import check_sources

    return tuple(
        Finding(name=each.name, says=each.says, fix=each.fix, state=State.WRONG if each.fix else State.OK)
        for each in await check_sources(application, offline=offline)
    )


def _asking() -> str:
    """Return which sources want to know whom to write to."""
    titles = [each.description.title for each in catalogue().sources if each.description.wants_contact]
    return listed(titles) if titles else "sites"
