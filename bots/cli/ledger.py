"""Commands that show the ledger and repair failed deliveries: runs, deliveries, retry, replay."""

from typing import TYPE_CHECKING, Annotated

import typer

from bots.cli.context import Exit, invocation_of, print_lines, report_json, with_app
from bots.cli.digests import read_day
from bots.domain.errors import BadCommand
from bots.domain.runs import DeliveryState, RunState

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.delivery.operator import Operator
    from bots.delivery.operator_results import Replayed, Retried

LimitOption = Annotated[int, typer.Option(min=1, max=1000, help="Maximum number of rows.")]
RunArgument = Annotated[str, typer.Argument(help="The key that `runs` shows.", show_default=False)]
OneOption = Annotated[str, typer.Option(help="Only this subscription.", show_default=False)]
#: The names that people may type for a state, and the ledger's states.
_PART_STATES = {"held": DeliveryState.AMBIGUOUS, **{state.value: state for state in DeliveryState}}


def runs(
    context: typer.Context,
    state: Annotated[RunState | None, typer.Option(help="Only runs in this state.", show_default=False)] = None,
    subscription: OneOption = "",
    limit: LimitOption = 20,
) -> None:
    """List the digest runs and their results."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.cli.ledger_output import run_data, run_lines

        rows = await _operator(application).runs(state=state, subscription_id=subscription or None, limit=limit)
        if invocation.as_json:
            report_json([run_data(row) for row in rows])
        elif rows:
            print_lines(run_lines(rows, zone=application.settings.timezone, now=application.service.clock()))
        else:
            typer.echo("There are no such runs." if state or subscription else "There are no runs yet.")
        return Exit.DONE

    with_app(invocation, work)


def deliveries(
    context: typer.Context,
    state: Annotated[str, typer.Option(help="planned, sending, sent, held or dead.", show_default=False)] = "",
    run: Annotated[str, typer.Option(help="Only the parts of this run.", show_default=False)] = "",
    limit: LimitOption = 20,
) -> None:
    """List the parts of digests and their delivery state."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.cli.ledger_output import part_data, part_lines

        rows = await _operator(application).parts(state=_part_state(state), run=run or None, limit=limit)
        if invocation.as_json:
            report_json([part_data(row) for row in rows])
        elif rows:
            print_lines(part_lines(rows, zone=application.settings.timezone))
        else:
            typer.echo("There are no such parts." if state or run else "There are no parts yet.")
        return Exit.DONE

    with_app(invocation, work)


def _part_state(text: str) -> DeliveryState | None:
    if text and text.lower() not in _PART_STATES:
        raise BadCommand(f"{text!r} is no state of a part.", hint="Give planned, sending, sent, held or dead.")
    return _PART_STATES[text.lower()] if text else None


def retry(
    context: typer.Context,
    run: RunArgument,
    repost: Annotated[
        bool,
        typer.Option(
            "--repost", help="Also post held parts, and papers that a later digest showed; they may be posted twice."
        ),
    ] = False,
) -> None:
    """Post the parts of a run that were given up."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.cli.ledger_output import run_data

        done = await _operator(application).retry(run, repost=repost)
        if invocation.as_json:
            report_json({**run_data(done.row), "revived": done.revived, "left": done.left, "here": done.here})
        else:
            _tell(done)
        return Exit.FAILED if done.row.run.state in (RunState.FAILED, RunState.SKIPPED) else Exit.DONE

    with_app(invocation, work, posting=True)


def _tell(done: "Retried") -> None:
    from bots.chat.phrases import counted
    from bots.cli.ledger_output import run_line

    typer.echo(run_line(done.row))
    if not done.here:
        typer.echo("The running Paperwire that is connected to its platform carries it out within a minute.")
    if done.left:
        left = f"Left out, as it may be in the channel already or was shown since: {counted(done.left, 'part')}."
        typer.echo(f"{left} To post them anyway: paperwire retry {done.row.run.key} --repost")


def replay(
    context: typer.Context,
    day: Annotated[str, typer.Option(help="YYYY-MM-DD, in each subscription's time zone.", show_default=False)],
    subscription: OneOption = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would have been posted; post nothing.")] = False,
) -> None:
    """Run a day's digests again; nothing is posted twice."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        made = await _operator(application).replay(read_day(day), subscription_id=subscription or None, dry_run=dry_run)
        if invocation.as_json:
            report_json([_replay_data(item) for item in made])
        elif not made:
            typer.echo("There are no subscriptions.")
        for item in () if invocation.as_json else made:
            await _show(application, item)
        return Exit.FAILED if any(item.failed for item in made) else Exit.DONE

    with_app(invocation, work, posting=True)


async def _show(application: "App", item: "Replayed") -> None:
    from bots.cli.ledger_output import replay_line
    from bots.domain.replies import DigestReply

    typer.secho(f"{replay_line(item)}{':' if item.digest else '.'}", bold=item.digest is not None)
    if item.digest:
        typer.echo()
        await application.console.show(DigestReply(digest=item.digest))


def _replay_data(item: "Replayed") -> dict[str, object]:
    from bots.presentation.reply_data import digest_data

    return {
        "subscription": item.subscription.id,
        "channel": str(item.subscription.channel),
        "slot": str(item.due.slot) if item.due else None,
        "timezone": str(item.subscription.timezone),
        "said": item.said,
        "failed": item.failed,
        "run": item.run.key if item.run else None,
        "note": item.run.note if item.run else "",
        "digest": digest_data(item.digest) if item.digest else None,
    }


def _operator(application: "App") -> "Operator":
    from bots.delivery.operator import Operator

    return Operator(store=application.store, executor=application.executor)
