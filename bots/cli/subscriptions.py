"""Commands that create, list, pause, resume and end subscriptions."""

from typing import TYPE_CHECKING, Annotated

import typer

from bots.cli.context import Exit, Invocation, answered, invocation_of, with_app
from bots.cli.digests import (
    CategoryOption,
    InterestsOption,
    QueryOption,
    SortOption,
    SourceOption,
    ToOption,
    check_place,
    named_channel,
    read_channel,
)
from bots.cli.lookup import StyleOption
from bots.cli.source_options import check_files
from bots.domain.errors import NotAllowed
from bots.domain.requests import Pause, Request, Resume, Subscribe, Unsubscribe
from bots.domain.subscriptions import DIGEST_STYLE, Every, Look, SortBy, WhenEmpty

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.domain.channels import Channel

IdArgument = Annotated[str, typer.Argument(help="The id that `subscriptions` shows.")]


def subscribe(
    context: typer.Context,
    to: ToOption = "console",
    source: SourceOption = None,
    query: QueryOption = "",
    interests: InterestsOption = "",
    category: CategoryOption = None,
    sort_by: SortOption = SortBy.TRENDING,
    limit: Annotated[int, typer.Option(min=1, max=20, help="Maximum number of papers.")] = 5,
    style: StyleOption = DIGEST_STYLE,
    at: Annotated[
        str, typer.Option(help="Times of day such as 09:00,17:30; or announced: as soon as the lists are out.")
    ] = "09:00",
    on: Annotated[
        str,
        typer.Option(
            help="Days: weekdays, daily, mon-fri, mon,wed,fri; default weekdays, with --every week Fridays.",
            show_default=False,
        ),
    ] = "",
    zone: Annotated[
        str, typer.Option(help="Time zone such as Europe/Berlin; default: the time zone in the settings.")
    ] = "",
    every: Annotated[Every, typer.Option(help="What one digest covers; week and month are round-ups.")] = Every.DAY,
    settle: Annotated[
        int, typer.Option(min=0, max=14, help="Show the list of this many days before, after its votes have settled.")
    ] = 0,
    wait: Annotated[str, typer.Option(help="Wait until this time for late lists, such as 11:00.")] = "",
    quiet: Annotated[str, typer.Option(help="Hours without posts, such as 22:00-07:00.")] = "",
    empty: Annotated[
        WhenEmpty,
        typer.Option(
            help="On days without papers: post why (say), only if a source failed (trouble), or nothing (silent)."
        ),
    ] = WhenEmpty.SAY,
    entries: Annotated[
        str, typer.Option(help="inline, or thread: the papers in a thread under one message.")
    ] = "inline",
    look: Annotated[
        Look, typer.Option(help="compact, or cards: every paper with its own buttons; auto: compact above five papers.")
    ] = Look.AUTO,
    language: Annotated[
        str, typer.Option(help="Of the digest's own words: English, German, Spanish, French, Japanese or Chinese.")
    ] = "",
) -> None:
    """Create a subscription, which `run` delivers."""
    invocation = invocation_of(context)
    given = [*(("source", each) for each in source or ()), *(("category", each) for each in category or ())]
    given += [("query", query), ("sort", sort_by), ("limit", str(limit)), ("style", style), ("at", at), ("on", on)]
    given += [("every", every), ("settle", str(settle)), ("wait", wait), ("quiet", quiet), ("empty", empty)]
    given += [("entries", entries), ("look", look), ("interests", interests), ("language", language)]

    async def work(application: "App") -> Exit:
        from bots.commands import read_given, subscription_of

        channel = await named_channel(application, to)
        zoned = read_given([*given, ("zone", zone or str(application.settings.timezone))])
        check_files(application, zoned.sources)
        await check_place(application, channel)
        request = Subscribe(channel=channel, trusted=True, subscription=subscription_of(zoned, channel))
        return await answered(application, invocation, await application.service.answer(request))

    with_app(invocation, work, posting=to != "console")


def subscriptions(
    context: typer.Context,
    to: Annotated[str, typer.Option("--to", help="The channel; without it, every channel.")] = "",
) -> None:
    """List the subscriptions."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        return await answered(
            application, invocation, await application.service.standing(read_channel(to) if to else None)
        )

    with_app(invocation, work)


def unsubscribe(context: typer.Context, subscription: IdArgument) -> None:
    """End a subscription."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        channel = await _channel_of(application, subscription)
        return await _ask(application, invocation, Unsubscribe(channel=channel, subscription_id=subscription))

    with_app(invocation, work)


def pause(
    context: typer.Context,
    subscription: IdArgument,
    until: Annotated[
        str, typer.Option(help="The day on which it resumes automatically, such as 2026-12-01.", show_default=False)
    ] = "",
) -> None:
    """Pause a subscription."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.commands import read_given

        channel = await _channel_of(application, subscription)
        day = read_given([("until", until)]).until
        return await _ask(application, invocation, Pause(channel=channel, subscription_id=subscription, until=day))

    with_app(invocation, work)


def resume(context: typer.Context, subscription: IdArgument) -> None:
    """Resume a paused subscription."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        channel = await _channel_of(application, subscription)
        return await _ask(application, invocation, Resume(channel=channel, subscription_id=subscription))

    with_app(invocation, work)


async def _channel_of(application: "App", subscription: str) -> "Channel":
    """Return the channel of a subscription; the operator of this machine may change every subscription.

    Raises:
        NotAllowed: the subscription does not exist.
    """
    held = await application.store.subscription(subscription)
    if held is None:
        raise NotAllowed(f"There is no subscription {subscription!r}.", hint="List them with: paperwire subscriptions")
    return held.channel


async def _ask(application: "App", invocation: Invocation, request: Request) -> Exit:
    return await answered(application, invocation, await application.service.answer(request))
