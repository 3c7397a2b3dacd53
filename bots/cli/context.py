"""The parts that all commands share: global options, opening the app, terminal output, exit codes."""

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bots.chat.known_secrets import hide
from bots.chat.phrases import counted
from bots.chat.secret_texts import passwords_in
from bots.cli.logs import hidden, logging_to
from bots.domain.errors import PaperwireError

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.bootstrap.platforms import Connector
    from bots.console.outgoing import Line
    from bots.domain.replies import Problem, Reply


_log = logging.getLogger(__name__)


class Exit(IntEnum):
    """The exit codes of a command."""

    DONE = 0
    FAILED = 1
    ASKED_WRONGLY = 2
    NOTHING = 3
    SETTINGS = 4
    INTERRUPTED = 130  # 128 + SIGINT, the shells' convention


@dataclass(frozen=True, kw_only=True, slots=True)
class Invocation:
    """The options that precede every command."""

    config: Path | None = None
    database: str | None = None
    as_json: bool = False
    verbose: bool = False
    log_json: bool = False


#: A command's work in the open app.
Work = Callable[["App"], Awaitable[Exit]]


def invocation_of(context: typer.Context) -> Invocation:
    """Return the options typed before the command."""
    invocation = context.find_object(Invocation)
    return invocation or Invocation()


def with_app(
    invocation: Invocation, work: Work, *, posting: bool = False, serving: bool = False, working: bool = False
) -> None:
    """Open the app with the configured settings, do the work, and exit with the work's exit code.

    Args:
        invocation: the options before the command.
        work: the command's work.
        posting: whether the work may post to a platform; the configured platforms are then connected.
        serving: whether to serve people on the platforms, and to log the activity.
        working: whether to carry out what other processes schedule, and to log the activity.
    """
    run_app(invocation, work, database=None, posting=posting or working, serving=serving, working=working)


def run_app(
    invocation: Invocation,
    work: Work,
    *,
    database: str | None,
    libraries: tuple[str, ...] | None = None,
    connectors: "Sequence[Connector]" = (),
    posting: bool = False,
    serving: bool = False,
    working: bool = False,
) -> None:
    """Open the app and do the work, as `with_app` does, with another database, other libraries or more adapters.

    Args:
        invocation: the options before the command.
        work: the work of the command, given the open app.
        database: overrides every setting; `:memory:` stores nothing.
        libraries: specs of the sources for look-ups; None is every installed library.
        connectors: adapters to connect besides the terminal.
        posting: whether to connect the platforms that are set up.
        serving: whether to answer people there, and to log activity.
        working: whether to carry out what other processes schedule, and to log activity.
    """

    async def live() -> Exit:
        from bots.bootstrap.app import open_app
        from bots.bootstrap.platforms import platforms
        from bots.bootstrap.plugins import check_sections, secrets_of
        from bots.config.settings import read_settings

        settings = read_settings(file=invocation.config, database=database or invocation.database)
        hide(secrets_of(settings))
        if passwords_in(invocation.database or ""):
            _log.warning(
                "the password of the database is on the command line, where every user of this machine can read it: set"
                " PAPERWIRE_DATABASE instead"
            )
        check_sections(settings)
        more = platforms(settings, listening=serving) if posting or serving else ()
        opening = partial(
            open_app, settings, screen=sys.stdout, libraries=libraries, connectors=(*connectors, *more),
            serving=serving, working=working,
        )  # fmt: skip
        if serving or working:
            from bots.cli.serving import served

            done = await served(settings, opening, work)
            return Exit.DONE if done is None else done
        # Only who starts for good may change the tables: a service of the older version may be running.
        async with opening(upgrading=False) as application:
            return await work(application)

    run_logged(invocation, live, serving=serving or working)


def run_logged(invocation: Invocation, work: Callable[[], Coroutine[Any, Any, Exit]], *, serving: bool = False) -> None:
    """Do the work while its log is written, and exit with its exit code.

    Args:
        invocation: the options before the command.
        work: the work of the command.
        serving: whether to log activity.
    """
    log = logging_to(sys.stderr, verbose=invocation.verbose, serving=serving, as_json=invocation.log_json)
    with log, ending(invocation):
        raise typer.Exit(asyncio.run(work()))


@contextmanager
def ending(invocation: Invocation) -> Iterator[None]:
    """Exit with the right code if the block is interrupted or raises a PaperwireError."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(Exit.INTERRUPTED) from None
    except PaperwireError as error:
        raise typer.Exit(_show_error(invocation, error)) from error


async def answered(application: "App", invocation: Invocation, reply: "Reply") -> Exit:
    """Show a reply and return its exit code."""
    from bots.cli.wording import for_terminal
    from bots.domain.replies import Citation, Problem
    from bots.presentation.reply_data import as_json

    if isinstance(reply, Problem):
        reply = for_terminal(reply)
    if invocation.as_json:
        (report_json if isinstance(reply, Problem) else print_json)(as_json(reply))
    elif isinstance(reply, Problem):
        complain(reply)
    elif isinstance(reply, Citation) and reply.papers:
        # Printed unchanged, for saving to a file: without a headline and without a terminal's line wrapping.
        typer.echo(reply.text.encode(errors="replace").decode(), nl=False)
    else:
        await application.console.show(reply)
    return _exit_of(reply)


def forget_workspace(invocation: Invocation, platform: str, workspace: str, said: str) -> None:
    """Delete all stored data of a workspace, print how many rows that were, and exit.

    Args:
        invocation: the options before the command.
        platform: the adapter's name.
        workspace: the platform's id of the workspace.
        said: how a message names it: "the server 77".
    """

    async def work(application: "App") -> Exit:
        gone = await application.store.purge_workspace(platform, workspace)
        if invocation.as_json:
            print_json({"deleted": gone})
        else:
            typer.echo(f"{counted(gone, 'row')} deleted." if gone else f"There is no data of {said}.")
        return Exit.DONE if gone else Exit.NOTHING

    with_app(invocation, work)


def _exit_of(reply: "Reply") -> Exit:
    from bots.domain.replies import CardList, Citation, Problem, SavedList

    match reply:
        case Problem():
            return _code(reply)
        case CardList(entries=()):
            # A program must be able to distinguish "no library has it" from "no library could be reached".
            return Exit.FAILED if reply.notes else Exit.NOTHING
        case SavedList(papers=()) | Citation(papers=0):
            return Exit.NOTHING
    return Exit.DONE


def complain(problem: "Problem") -> None:
    """Print a problem to stderr: a program must not mistake it for a result."""
    from bots.console.app import ConsoleSettings, render
    from bots.console.outgoing import reply_lines

    typer.echo(hidden(render(reply_lines(problem), ConsoleSettings(stream=sys.stderr)).rstrip("\n")), err=True)


def print_lines(lines: "Iterable[Line]") -> None:
    """Print lines in the terminal's style for replies."""
    from bots.console.app import ConsoleSettings, render

    text = hidden(render(lines, ConsoleSettings(stream=sys.stdout)).rstrip("\n"))
    encoding = sys.stdout.encoding or "utf-8"
    typer.echo(text.encode(encoding, "replace").decode(encoding))


def print_json(value: object) -> None:
    """Print a value as JSON that any terminal and any program can read."""
    typer.echo(json.dumps(value, ensure_ascii=True, indent=2))


def report_json(value: object) -> None:
    """Print a report about this program as JSON, with the secrets in its texts hidden."""
    print_json(_hidden(value))


def _hidden(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _hidden(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(each) for each in value]
    return hidden(value) if isinstance(value, str) else value


def _show_error(invocation: Invocation, error: PaperwireError) -> Exit:
    from bots.cli.wording import for_terminal
    from bots.presentation.reply_data import as_json
    from bots.usecases.problems import problem

    shown = for_terminal(problem(error, trusted=True))
    if invocation.as_json:
        report_json(as_json(shown))
    else:
        complain(shown)
    return _code(shown)


def _code(problem: "Problem") -> Exit:
    from bots.domain.replies import Trouble

    return {
        Trouble.REQUEST: Exit.ASKED_WRONGLY,
        Trouble.MISSING: Exit.NOTHING,
        Trouble.FAILURE: Exit.FAILED,
        Trouble.SETTINGS: Exit.SETTINGS,
    }[problem.kind]


@contextmanager
def watching(invocation: Invocation) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar on stderr until the context exits; show none for JSON output or without a terminal."""
    if invocation.as_json or not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Reading papers", total=None)
        yield lambda done, of: progress.update(task, description="Condensing", completed=done, total=of)
