"""What the doctor looks at: each check is one finding, with the fix where something is wrong."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bots.chat.health import HealthFinding
from bots.config.settings import TABLE
from bots.domain.errors import PaperwireError
from bots.domain.runs import DeliveryState
from bots.ports import Ask
from bots.presentation.phrases import clean, counted
from summarizer import Abstract, EngineMissing, Summarizer, SummarizerError

if TYPE_CHECKING:
    from bots.bootstrap.app import App

#: An abstract short enough to read and long enough to condense.
_PROBE = Abstract(
    title="A probe",
    text="Condensers of text are rarely checked before use. We present a probe that asks one for a single sentence. "
    "The probe finds a broken condenser in a fraction of a second.",
)


#: The engine that is not asked when the network is left out.
_ON_THE_NETWORK = "remote"


class State(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    #: It works, and something is worth doing.
    WARN = "warn"
    WRONG = "wrong"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: State = State.OK
    says: str
    #: What to do; empty where nothing is to be done.
    fix: str = ""


async def examine(application: "App", *, offline: bool) -> tuple[Finding, ...]:
    """Return every finding; the network is asked only when `offline` is false."""
    engines = [condenses(engine, offline=offline) for engine in application.engines]
    local: list[Callable[[App], Awaitable[Finding]]] = [
        _settings, _contact, _database, *engines, _subscriptions, _paused, _held,
    ]  # fmt: skip
    remote = [] if offline else [_reach("huggingface"), _reach("arxiv:cs.CL")]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_checked(check, application)) for check in (*local, *remote)]
        chats = [group.create_task(each(application, offline=offline)) for each in (_slack, _discord)]
    return (*(task.result() for task in tasks), *(finding for task in chats for finding in task.result()))


async def _checked(check: Callable[["App"], Awaitable[Finding]], application: "App") -> Finding:
    return await check(application)


async def _settings(application: "App") -> Finding:
    if application.settings.file is None:
        return Finding(name="settings", says="none written, the defaults are used", fix="paperwire init")
    return Finding(name="settings", says=str(application.settings.file))


async def _contact(application: "App") -> Finding:
    if application.settings.contact:
        return Finding(name="contact", says=application.settings.contact)
    return Finding(
        name="contact",
        state=State.WARN,
        says="not set; arXiv slows down programs that do not say whom to write to",
        fix="paperwire init, or set PAPERWIRE_CONTACT to your mail address",
    )


async def _database(application: "App") -> Finding:
    try:
        kept = await application.store.subscriptions()
    except PaperwireError as error:
        return Finding(name="database", state=State.WRONG, says=str(error), fix=error.hint)
    return Finding(name="database", says=f"{application.settings.database} ({len(kept)} subscriptions)")


def condenses(engine: Summarizer, *, offline: bool) -> Callable[["App"], Awaitable[Finding]]:
    """Return the check whether an engine of the house is set up and condenses."""

    async def check(application: "App") -> Finding:
        # With another engine to fall back on blurbs are still made, by one that was not preferred.
        trouble = State.WRONG if len(application.engines) == 1 else State.WARN
        name = f"engine {engine.engine}"
        try:
            model = engine.model
            if offline and engine.engine == _ON_THE_NETWORK:
                return Finding(name=name, says=f"{model} is set up; not asked")
            await engine.summarize(_PROBE)
        except SummarizerError as error:
            return Finding(name=name, state=trouble, says=str(error), fix=_engine_fix(error))
        except Exception as error:  # noqa: BLE001 - a stranger's engine may fail in any way
            return Finding(name=name, state=trouble, says=f"it fails with {type(error).__name__}", fix="see the log")
        return Finding(name=name, says=f"{model} condenses")

    return check


def _engine_fix(error: SummarizerError) -> str:
    """Return where to set what is missing, or where to look otherwise."""
    option = error.option if isinstance(error, EngineMissing) else ""
    for setting in TABLE:
        if option and setting.place == f"engine.{option}":
            return f"set {setting.place} in the settings file, or {setting.variable}"
    return "python3 dev.py install" if isinstance(error, EngineMissing) else "set engine.order to what works here"


async def _subscriptions(application: "App") -> Finding:
    platforms = {
        subscription.channel.platform
        for subscription in await application.store.subscriptions()
        if subscription.enabled
    }
    connected = {*application.executor.part_delivery.adapters, *_set_up(application)}
    missing = sorted(platforms - connected)
    if missing:
        return Finding(
            name="adapters",
            state=State.WRONG,
            says=f"subscriptions wait for {', '.join(missing)}, which is not connected",
            fix="set the platform's token, or end those subscriptions with: paperwire unsubscribe ID",
        )
    return Finding(name="adapters", says=", ".join(sorted(connected)))


def _set_up(application: "App") -> list[str]:
    from bots.bootstrap.platforms import discord_settings, slack_settings

    told = {"slack": slack_settings, "discord": discord_settings}
    return [name for name, read in told.items() if read(application.settings, listening=False) is not None]


async def _slack(application: "App", *, offline: bool) -> tuple[Finding, ...]:
    """Look at Slack where it is set up; where it is not, nothing is said of it."""
    from bots.bootstrap.platforms import slack_settings

    settings = slack_settings(application.settings, listening=True)
    if settings is None:
        return ()
    if offline:
        return (Finding(name="slack", says="set up; not asked"),)
    from bots.slack.health import look

    return _found(await look(settings, application.store, application.service.clock))


async def _discord(application: "App", *, offline: bool) -> tuple[Finding, ...]:
    """Look at Discord where it is set up; where it is not, nothing is said of it."""
    from bots.bootstrap.platforms import discord_settings

    settings = discord_settings(application.settings, listening=True)
    if settings is None:
        return ()
    if offline:
        return (Finding(name="discord", says="set up; not asked"),)
    from bots.discord.health import look

    return _found(await look(settings, application.store))


def _found(looks: Iterable[HealthFinding]) -> tuple[Finding, ...]:
    return tuple(
        Finding(name=each.name, says=each.says, fix=each.fix, state=State.WRONG if each.fix else State.OK)
        for each in looks
    )


async def _paused(application: "App") -> Finding:
    """Find orders that Paperwire switched off; what their owners paused is their affair."""
    off = [
        subscription
        for subscription in await application.store.subscriptions()
        if not subscription.enabled and subscription.off_because
    ]
    if not off:
        return Finding(name="pauses", says="no subscription had to be paused")
    why = "; ".join(f"{subscription.id}, {clean(subscription.off_because)}" for subscription in off)
    fix = "mend that, then: paperwire resume ID"
    return Finding(name="pauses", state=State.WARN, says=f"paused by Paperwire: {why}", fix=fix)


async def _held(application: "App") -> Finding:
    held = await application.store.deliveries(state=DeliveryState.AMBIGUOUS)
    if not held:
        return Finding(name="deliveries", says="nothing is held")
    says = f"of {counted(len(held), 'part')} nobody can say whether it is posted"
    return Finding(name="deliveries", state=State.WARN, says=says, fix="paperwire deliveries --state held")


def _reach(spec: str) -> Callable[["App"], Awaitable[Finding]]:
    async def check(application: "App") -> Finding:
        try:
            harvest = await application.service.digest_builder.source_reader.open_source(spec).recent(
                Ask(day=application.service.clock().date())
            )
        except PaperwireError as error:
            fix = error.hint or "check the network, or a proxy in HTTPS_PROXY"
            return Finding(name=spec, state=State.WRONG, says=str(error), fix=fix)
        return Finding(name=spec, says=harvest.note or f"{len(harvest.papers)} papers listed")

    return check
