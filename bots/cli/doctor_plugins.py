"""The doctor's checks of platforms and plug-in packages: connects each platform and reports its findings."""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bots.bootstrap.platforms import Platform, platform
from bots.bootstrap.plugins import ADAPTERS, GROUPS, adapter_plugin, section_of
from bots.bootstrap.supervisor import Connection, NotConnected
from bots.chat.health import HealthFinding
from bots.cli.findings import Finding, State
from bots.config.settings import Settings
from bots.domain.errors import PaperwireError, SettingsError
from bots.ports import Adapter
from bots.ports.bounded_calls import bounded
from bots.ports.rate_limits import CALL_TIMEOUT
from summarizer import ENGINES, PluginError

if TYPE_CHECKING:
    from bots.bootstrap.app import App

_log = logging.getLogger(__name__)

#: The adapter's check may query many channels, one after the other.
_PATIENCE = 4 * CALL_TIMEOUT
_MEND = "check the log, and update or repair its package"


def set_up(settings: Settings) -> list[str]:
    """Return the platforms that have settings, complete or not."""
    found = []
    for name in ADAPTERS.names():
        try:
            found += [name] if platform(settings, name) else []
        except SettingsError:
            found.append(name)
        except PluginError:
            continue
    return found


async def check_platforms(application: "App", *, offline: bool) -> tuple[Finding, ...]:
    """Check every platform that is set up; of the others, mention those of plug-ins."""
    found: list[Finding] = []
    for name in ADAPTERS.names():
        try:
            there = platform(application.settings, name)
        except PluginError as error:
            found.append(Finding(name=name, state=State.WRONG, says=str(error), fix=error.hint or _MEND))
        except SettingsError as error:
            found.append(Finding(name=name, state=State.WRONG, says=str(error), fix=error.hint))
        else:
            found += await _check_platform(application, there, offline=offline) if there else _not_set_up(name)
    return tuple(found)


def _not_set_up(name: str) -> list[Finding]:
    """Mention a plug-in that is installed and not set up yet."""
    if name not in ADAPTERS.third_party():
        return []
    plugin = adapter_plugin(name)
    required = [f"{section_of(name, plugin)}.{each.name}" for each in plugin.declared if each.required]
    needed = f"; it needs {' and '.join(required)}" if required else ""
    return [Finding(name=name, says=f"installed, not set up{needed}")]


async def _check_platform(application: "App", there: Platform, *, offline: bool) -> list[Finding]:
    if offline:
        return [Finding(name=there.name, says="set up; not checked")]
    connection = Connection(there, application.service)
    try:
        return await _asked(there.name, await connection.open())
    except PaperwireError as error:
        return [Finding(name=there.name, state=State.WRONG, says=str(error), fix=error.hint or _MEND)]
    except NotConnected as error:
        return [Finding(name=there.name, state=State.WRONG, says=f"not connected: {error}", fix=_MEND)]
    finally:
        await connection.close()


async def _asked(name: str, adapter: Adapter) -> list[Finding]:
    check = getattr(adapter, "check", None)
    if check is None:
        return [Finding(name=name, says="connected")]
    try:
        looks = tuple(await bounded(check, _PATIENCE))
    except PaperwireError as error:
        return [Finding(name=name, state=State.WRONG, says=str(error), fix=error.hint or _MEND)]
    except Exception as error:  # noqa: BLE001 - a third-party check may fail in any way
        _log.exception("an adapter's check failed", extra={"platform": name})
        said = f"connected, but its check failed ({type(error).__name__})"
        return [Finding(name=name, state=State.WARN, says=said, fix=_MEND)]
    return list(_found(name, looks))


def _found(name: str, looks: tuple[object, ...]) -> Iterator[Finding]:
    for each in looks:
        if isinstance(each, HealthFinding):
            state = State.WRONG if each.fix else State.OK
            yield Finding(name=each.name, says=each.says, fix=each.fix, state=state)
        else:
            said = f"its check returned a value of type {type(each).__name__}, not a HealthFinding"
            yield Finding(name=name, state=State.WARN, says=said, fix=_MEND)
    if not looks:
        yield Finding(name=name, says="connected")


def check_packages() -> tuple[Finding, ...]:
    """Report each package whose plug-in is not used; adapters and sources have checks of their own."""
    found = []
    for group in GROUPS.values():
        for said in group.displaced():
            fix = "uninstall that package, or ask its authors to rename the plug-in"
            found.append(Finding(name=f"{group.kind}s", state=State.WARN, says=said, fix=fix))
        for name in group.third_party() if group is ENGINES else ():
            try:
                group.load(name)
            except PluginError as error:
                found.append(Finding(name=name, state=State.WRONG, says=str(error), fix=error.hint or _MEND))
    return tuple(found)
