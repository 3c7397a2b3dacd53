"""Opens what the doctor examines, and goes on without what cannot be opened: one fault must not hide the others."""

from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bots.chat.known_secrets import hide
from bots.cli.findings import Finding, State
from bots.config.raw_values import Typed, is_plugged
from bots.config.settings import Settings, everything, read_settings
from bots.domain.errors import PaperwireError, SettingsError, StoreError
from summarizer import Secret

if TYPE_CHECKING:
    from bots.bootstrap.app import App

_CORRECT = "correct it; `paperwire init` writes a file that explains every setting"


async def examine_set_up(
    file: Path | None, database: str | None, *, offline: bool
) -> tuple[tuple[SettingsError, ...], tuple[Finding, ...]]:
    """Return the errors of the settings, and every finding, those errors among them.

    What is wrong in the settings has its default for the other checks. Without a database those that read it are left
    out.

    Args:
        file: the settings file, or None for the usual one.
        database: overrides the settings.
        offline: whether the network must not be used.
    """
    from bots.bootstrap.plugins import check_sections, secrets_of
    from bots.cli.doctor import examine

    wrong: list[SettingsError] = []
    settings = read_settings(file=file, database=database, wrong=wrong)
    hide(secrets_of(settings))
    try:
        check_sections(settings)
    except SettingsError as error:
        wrong.append(error)
        settings = _without_plug_ins(settings)
    async with AsyncExitStack() as stack:
        application, shut = await _opened(stack, settings, wrong)
        found = await examine(
            replace(application, settings=settings), offline=offline, settings_are_read=not wrong, stored=shut is None
        )
    first = [Finding(name="settings", state=State.WRONG, says=str(each), fix=each.hint or _CORRECT) for each in wrong]
    if isinstance(shut, StoreError):
        first.append(Finding(name="database", state=State.WRONG, says=str(shut), fix=shut.hint))
    if shut:
        says = "not checked, because the database cannot be used"
        first.append(
            Finding(name="subscriptions", state=State.WARN, says=says, fix="repair it, then: paperwire doctor")
        )
    return tuple(wrong), (*first, *found)


async def _opened(
    stack: AsyncExitStack, settings: Settings, wrong: list[SettingsError]
) -> tuple["App", PaperwireError | None]:
    """Return the app, and why its database is not the one of the settings.

    Errors of the settings that appear only now are added to `wrong`.
    """
    import sys

    from bots.bootstrap.app import open_app
    from bots.bootstrap.databases import IN_MEMORY

    shut: PaperwireError | None = None
    while True:
        try:
            return await stack.enter_async_context(open_app(settings, screen=sys.stdout, upgrading=False)), shut
        except (StoreError, SettingsError) as error:
            if isinstance(error, SettingsError):
                wrong.append(error)
            default = _engine_of_defaults()
            if str(error).startswith("engine.") and settings.engine != default:
                settings = replace(settings, engine=default)
            elif settings.database != IN_MEMORY:
                settings, shut = replace(settings, database=IN_MEMORY), error
            else:
                raise


def _without_plug_ins(settings: Settings) -> Settings:
    """Return the settings without those of plug-ins, which cannot be told apart where one of them is wrong."""
    typed = settings.typed
    file = {place: text for place, text in typed.file.items() if not is_plugged(place.rpartition(".")[0])}
    plugged = set(typed.plugged({each.variable for each in everything()}))
    variables = {name: text for name, text in typed.variables.items() if name not in plugged}
    return replace(settings, typed=replace(typed, file=file, variables=variables))


def _engine_of_defaults() -> dict[str, str | Secret]:
    return {each.name: Typed().value(each) for each in everything() if each.section == "engine"}
