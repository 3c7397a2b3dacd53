"""Commands that make digests: `digest` makes one now, `run` posts due digests until it is stopped."""

import asyncio
import logging
import os
import signal
import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bots.cli.context import Exit, Invocation, answered, ending, invocation_of, print_json, watching, with_app
from bots.cli.logs import hidden
from bots.cli.lookup import TERMINAL, StyleOption
from bots.cli.source_options import SOURCES_HELP, check_files
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand, StoreError
from bots.domain.queues import QUEUES, SUMMARIES, check_queues
from bots.domain.requests import DigestNow
from bots.domain.subscriptions import DEFAULT_SOURCES, DIGEST_STYLE, SortBy

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.domain.digests import Digest

_log = logging.getLogger(__name__)

#: Seconds after which a person is told that a digest is not posted yet: chats and mail servers answer in one or two.
_PATIENCE = 5.0
#: How much lower the priority of a process is that does nothing a person waits for: with 10, one that competes with it
#: for a core has nine tenths (Linux' weights: 1024 to 110).
_BATCH = 10

SourceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        help=SOURCES_HELP,
    ),
]
QueryOption = Annotated[str, typer.Option(help='Keywords and fields: "kv cache" OR ti:agents -survey upvotes:>20.')]
InterestsOption = Annotated[str, typer.Option(help="Subjects in plain words: the papers nearest to them come first.")]
CategoryOption = Annotated[list[str] | None, typer.Option("--category", help="Categories of the papers: cs.CL, stat.*")]
SortOption = Annotated[SortBy, typer.Option("--sort", help="The order of the papers.")]
ToOption = Annotated[str, typer.Option("--to", help="console, platform:channel, or platform:workspace:channel.")]


def digest(
    context: typer.Context,
    source: SourceOption = None,
    query: QueryOption = "",
    interests: InterestsOption = "",
    category: CategoryOption = None,
    sort_by: SortOption = SortBy.TRENDING,
    limit: Annotated[int, typer.Option(min=1, max=2000, help="Maximum number of papers.")] = 5,
    style: StyleOption = DIGEST_STYLE,
    day: Annotated[str, typer.Option(help="YYYY-MM-DD; without it, the newest list.", show_default=False)] = "",
    to: ToOption = "console",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be posted; post nothing.")] = False,
) -> None:
    """Make a digest now, here or in a channel."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.commands import read_given

        request = DigestNow(
            channel=await named_channel(application, to),
            trusted=True,
            sources=tuple(source or DEFAULT_SOURCES),
            query=query,
            interests=read_given([("interests", interests)]).interests,
            categories=tuple(category or ()),
            sort_by=sort_by,
            limit=limit,
            style=style,
            day=read_day(day) if day else None,
        )
        check_files(application, request.sources, all_of_them=True)
        if dry_run and request.channel != TERMINAL:
            application.executor.part_delivery.adapter(request.channel.platform)
        else:
            await check_place(application, request.channel)
        with watching(invocation) as watch:
            made = await application.service.digest_now(request, watch=watch)
        return await _show(application, invocation, made, dry_run=dry_run)

    with_app(invocation, work, posting=to != "console")


async def _show(application: "App", invocation: Invocation, made: "Digest", *, dry_run: bool) -> Exit:
    from bots.domain.replies import DigestReply

    if dry_run and made.channel != TERMINAL:
        print_json([part.payload for part in application.executor.compose(made)])
        return Exit.DONE
    if made.channel != TERMINAL:
        return await _post(application, made)
    await answered(application, invocation, DigestReply(digest=made))
    return Exit.FAILED if any(note.failed for note in made.notes) and not made.tally.found else Exit.DONE


async def _post(application: "App", made: "Digest") -> Exit:
    from bots.domain.runs import RunState

    slow = asyncio.get_running_loop().call_later(_PATIENCE, _still_trying, made.channel)
    try:
        run = await application.executor.post_now(made)
    finally:
        slow.cancel()
    typer.echo(f"{run.key}: {run.state}, {run.note}", err=run.state is not RunState.DONE)
    return Exit.DONE if run.state is RunState.DONE else Exit.FAILED


def _still_trying(channel: Channel) -> None:
    said = f"{channel} has not accepted the digest yet; it is tried again."
    typer.echo(f"{said} Why: paperwire deliveries. Ctrl-C ends this; paperwire run goes on with it.", err=True)


def read_channel(text: str) -> Channel:
    """Return the channel for `platform[:workspace]:channel`; `console` is this terminal.

    Raises:
        BadCommand: the text does not have this form.
    """
    if text in ("console", str(TERMINAL)):
        return TERMINAL
    try:
        return Channel.parse(text)
    except ValueError as error:
        raise BadCommand(
            f"{text!r} is no channel.", hint="Give console, platform:channel, or platform:workspace:channel."
        ) from error


async def named_channel(application: "App", to: str) -> Channel:
    """Return the channel that `--to` names, for example the mailbox of a mail address.

    Raises:
        BadCommand: the text does not have the form of a channel, or its platform has no such channel.
        ChannelGone: the platform is not connected.
    """
    channel = read_channel(to)
    if channel == TERMINAL:
        return channel
    return await application.executor.part_delivery.adapter(channel.platform).channel_named(channel)


async def check_place(application: "App", channel: Channel) -> None:
    """Check that digests can be posted to a channel, before anything is made or kept.

    If the platform cannot be asked now, print what could not be checked.

    Raises:
        ChannelGone: the platform is not connected, has no such channel, or does not accept posts there.
        BadCommand: the text is no channel of the platform's.
    """
    from bots.domain.errors import PostRefused, PostUnknown

    if channel == TERMINAL:
        return
    try:
        await application.executor.part_delivery.adapter(channel.platform).check_channel(channel)
    except (PostRefused, PostUnknown) as error:
        said = hidden(f"Not checked: whether Paperwire can post to {channel}. {error} {error.hint}".strip())
        typer.echo(said, err=True)


def read_day(text: str) -> date:
    """Return the day for a text such as `2026-05-01`.

    Raises:
        BadCommand: the text does not have this form.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadCommand(f"{text!r} is no day.", hint="Write it as 2026-05-01.") from error


def run(context: typer.Context) -> None:
    """Post digests on schedule and answer people in chats, until stopped."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.bootstrap.monitoring import watched
        from bots.bootstrap.preparing import preparing
        from bots.bootstrap.tidying import rest_garbage_collector, tidied

        stop = asyncio.Event()
        _on_signals(stop)
        await _begun(application, invocation)
        async with (
            application.clock_watch.running(),
            application.scheduler().running(),
            preparing(application, queues=None),
            watched(application),
        ):
            rest_garbage_collector()
            async with tidied():
                await stop.wait()
        return Exit.DONE

    with_app(invocation, work, serving=True)


async def _begun(application: "App", invocation: Invocation) -> None:
    """Show the subscriptions to whoever looks on; a log gets their number, and no lines without a time."""
    if invocation.as_json or sys.stdout.isatty():
        await answered(application, invocation, await application.service.standing())
        return
    try:
        kept = [each for each in await application.store.subscriptions() if each.enabled]
    except StoreError as error:
        # It was there a moment ago; the schedule waits for it.
        _log.warning("the subscriptions could not be counted", extra={"error": str(error)})
    else:
        _log.info("serving subscriptions", extra={"active": len(kept)})


def worker(
    context: typer.Context,
    queues: Annotated[
        str,
        typer.Option(help=f"Queues to work for, with commas, of: {', '.join(QUEUES)}. Empty: all.", show_default=False),
    ] = "",
    concurrency: Annotated[int, typer.Option(min=1, max=64, help="Jobs of a queue done at the same time.")] = 8,
) -> None:
    """Do the work that `paperwire run` leaves to workers, until stopped: digests, blurbs, the search index."""
    invocation = invocation_of(context)
    names = [name.strip() for name in queues.split(",") if name.strip()]
    with ending(invocation):
        check_queues(names)

    async def work(application: "App") -> Exit:
        from bots.bootstrap.monitoring import watched
        from bots.bootstrap.preparing import preparing
        from bots.bootstrap.tidying import rest_garbage_collector, tidied
        from bots.translation.languages import load_languages

        stop = asyncio.Event()
        _on_signals(stop)
        # The first digest would hold up everything while the tables of all languages are read.
        await asyncio.to_thread(load_languages)
        if names and SUMMARIES not in names:
            _give_way()
        working = application.worker(concurrency).running(names or None)
        async with (
            application.clock_watch.running(),
            working,
            preparing(application, queues=names),
            watched(application),
        ):
            rest_garbage_collector()
            async with tidied():
                await stop.wait()
        return Exit.DONE

    with_app(invocation, work, working=True)


def _give_way() -> None:
    """Leave the processor to what people wait for, where the machine has both: the bot, and workers of blurbs."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(_BATCH)


def _on_signals(stop: asyncio.Event) -> None:
    """Set the event at SIGINT or SIGTERM, so that what is under way is ended first; a second one ends it at once.

    SIGINT stays ignored where this process was started so: by `nohup`, or in the background of a script.
    """
    loop = asyncio.get_running_loop()

    def heard() -> None:
        if stop.is_set():
            # Like a power cut: the ledger records the unfinished work, and the next start checks it.
            _log.warning("Stopped at once; the next start looks up the posts that were under way.")
            os._exit(Exit.INTERRUPTED)
        _log.info("Stopping: posts under way are finished first. A second signal stops at once.")
        stop.set()

    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    for number in (signal.SIGTERM,) if ignored else (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, heard)
        except NotImplementedError:
            # Event loops on Windows do not support signal handlers; there, Ctrl-C raises KeyboardInterrupt.
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(heard))
