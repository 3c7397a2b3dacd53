"""Commands for setting Paperwire up: `init` writes the settings file, `doctor` reports problems and their fixes."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bots.cli.context import Exit, Invocation, invocation_of, report_json, run_logged
from bots.cli.logs import hidden
from bots.config.private_files import make_folder, write_private
from bots.config.settings import default_file
from bots.config.settings_table import TABLE
from bots.config.values import Setting
from bots.config.written_settings import written

if TYPE_CHECKING:
    from bots.cli.findings import Finding

#: The settings that `init` prompts for; the file contains all others as comments.
_ASKED = ("contact", "timezone", "database")


def init(
    context: typer.Context,
    contact: Annotated[
        str | None, typer.Option(help="Your mail address, sent to the sites that papers are read from.")
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="The time zone of new subscriptions.")] = None,
    database: Annotated[
        str | None, typer.Option(help="The database file or address; empty: a file in your data folder.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Ask three questions and write the settings file."""
    invocation = invocation_of(context)
    file = invocation.config or default_file()
    if file.exists() and not force:
        typer.echo(f"{file} exists already. Edit it, or replace it with: paperwire init --force", err=True)
        raise typer.Exit(Exit.ASKED_WRONGLY)
    # `--database` may stand anywhere on the command line, and is then an option of every command.
    given = {"contact": contact, "timezone": timezone, "database": database or invocation.database}
    answers = {setting.place: _answer(setting, given[setting.place]) for setting in TABLE if setting.place in _ASKED}
    from bots.bootstrap.plugins import installed_settings

    _write(file, written(answers, installed_settings()))
    typer.echo(f"Wrote {file}. To check whether everything works: paperwire doctor")


def _answer(setting: Setting, given: str | None) -> str:
    """Return a valid value: the given one, or the one that the person types; an invalid one is prompted for again."""
    if given is None and not sys.stdin.isatty():
        return _suggested(setting)
    while True:
        typed = given if given is not None else typer.prompt(_question(setting), default=_suggested(setting))
        try:
            setting.read(typed)
        except ValueError as error:
            typer.echo(hidden(f"{typed!r} cannot be used: {error}."), err=True)
            if given is not None:
                raise typer.Exit(Exit.ASKED_WRONGLY) from error
        else:
            return str(typed)


def _question(setting: Setting) -> str:
    return f"\n{setting.says}\n{setting.name}"


def _suggested(setting: Setting) -> str:
    if setting.name != "timezone":
        return setting.default
    from tzlocal import get_localzone_name

    try:
        zone = get_localzone_name() or setting.default
    except (LookupError, ValueError, OSError):
        return setting.default
    # Servers call it so; written like this, every command would name a zone that differs from the default.
    return setting.default if zone in ("Etc/UTC", "Etc/UCT") else zone


def _write(file: Path, content: str) -> None:
    try:
        make_folder(file.parent)
        write_private(file, content.encode("utf-8"))
    except OSError as error:
        typer.echo(f"{file} cannot be written: {error.strerror or error}.", err=True)
        raise typer.Exit(Exit.FAILED) from error


def doctor(
    context: typer.Context,
    offline: Annotated[bool, typer.Option("--offline", help="Skip the checks that need the network.")] = False,
) -> None:
    """Check the set-up and show how to fix problems."""
    invocation = invocation_of(context)

    async def work() -> Exit:
        from bots.cli.doctor_opening import examine_set_up

        wrong, findings = await examine_set_up(invocation.config, invocation.database, offline=offline)
        _report(invocation, findings)
        failed = any(each.state == "wrong" for each in findings)
        return Exit.SETTINGS if wrong else Exit.FAILED if failed else Exit.DONE

    run_logged(invocation, work)


def _report(invocation: Invocation, findings: "tuple[Finding, ...]") -> None:
    if invocation.as_json:
        report_json(
            [{"check": each.name, "state": each.state, "says": each.says, "fix": each.fix} for each in findings]
        )
    for each in () if invocation.as_json else findings:
        typer.echo(hidden(f"{_MARKS[each.state]:<6} {each.name}: {each.says}"))
        if each.fix and each.state != "ok":
            typer.echo(hidden(f"       Fix: {each.fix}"))


_MARKS = {"ok": "ok", "warn": "warn", "wrong": "WRONG"}
