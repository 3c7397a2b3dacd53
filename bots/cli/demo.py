"""The demo: all main functions with the sample day, on the terminal and in a fake chat, without network or tokens."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from bots.cli.context import Exit, Invocation, invocation_of, run_app
from bots.cli.demo_script import due_now
from bots.cli.lookup import TERMINAL
from bots.domain.channels import Channel
from bots.domain.requests import Lookup, Summarize
from summarizer import Style

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.fakechat.chat import FakeChat

_LAB = Channel(platform="fakechat", channel="reading-group")
_LOOKED_UP = "arXiv:1810.04805"
#: Written for this demo; not from a paper.
_PASTED = (
    "Research teams face more papers every day than they can read. Existing alerts either send everything or hide why "
    "a paper was chosen. In this paper, we present a digest that filters the day's papers by the interests of a team "
    "and condenses each abstract to one sentence that the abstract itself supports. In a trial with 12 groups over "
    "eight weeks, readers opened 3.4 times as many of the papers they were sent, and no digest was lost or doubled."
)


def demo(
    context: typer.Context,
    slack: Annotated[bool, typer.Option("--slack", help="Show a conversation in Slack; only in a checkout.")] = False,
    discord: Annotated[
        bool, typer.Option("--discord", help="Show a conversation in Discord; only in a checkout.")
    ] = False,
    web: Annotated[bool, typer.Option("--web", help="Serve the web page on this machine until Ctrl-C.")] = False,
) -> None:
    """Show what Paperwire does, offline and without tokens."""
    if web:
        from bots.cli.demo_web import demo_web

        demo_web(invocation_of(context))
    if slack:
        from bots.cli.demo_slack import demo_slack

        demo_slack(invocation_of(context), _PASTED)
    if discord:
        from bots.cli.demo_discord import demo_discord

        demo_discord(invocation_of(context), _PASTED)
    from bots.bootstrap.app import utc_now
    from bots.bootstrap.databases import IN_MEMORY
    from bots.fakechat.app import FakeChatSettings
    from bots.fakechat.app import connect as connect_fakechat
    from bots.fakechat.chat import FakeChat

    invocation = invocation_of(context)
    chat = FakeChat(clock=utc_now)
    connector = partial(connect_fakechat, FakeChatSettings(chat=chat))
    run_app(
        invocation, lambda application: _Tour(application=application, invocation=invocation, chat=chat).walk(),
        database=IN_MEMORY, libraries=("sample",), connectors=(connector,),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class _Tour:
    """Runs the steps of the demo in order."""

    application: "App"
    invocation: Invocation
    chat: "FakeChat"

    async def walk(self) -> Exit:
        self._say("1. A digest is due, here on your terminal: five papers of the sample day, most upvoted first.")
        await self._due("demo-terminal", TERMINAL, query="", limit=5)
        self._say("2. A chat channel with a filter has a digest due too: the query “diffusion OR protein”.")
        run = await self._due("demo-chat", _LAB, query="diffusion OR protein", limit=3)
        self._show_chat()
        self._say("3. The same digest again, as after a crash: the ledger shows that it was posted.")
        await self._again(run)
        self._say(f"4. A look-up of one paper: paperwire lookup {_LOOKED_UP}")
        await self._answer(Lookup(channel=TERMINAL, text=_LOOKED_UP))
        self._say("5. A pasted abstract, condensed: paperwire summarize --style structured")
        await self._answer(Summarize(channel=TERMINAL, text=_PASTED, style=Style.STRUCTURED))
        self._next()
        return Exit.DONE

    async def _due(self, name: str, channel: Channel, *, query: str, limit: int) -> str:
        """Create a subscription that is due this minute, run it as the scheduler would, and return the run's key."""
        now = self.application.service.clock()
        subscription = due_now(name, channel, now, query=query, limit=limit)
        await self.application.store.keep_subscription(subscription)
        key = await self.application.due_runs.open_due(subscription) or ""
        await self.application.executor.execute(key)
        return key

    async def _again(self, key: str) -> None:
        before = len(self.chat.messages)
        await self.application.executor.execute(key)
        run = await self.application.store.run(key)
        said = f"{run.state}: {run.note}" if run else "unknown"
        posted = len(self.chat.messages) - before
        typer.echo(f"   run {key}  {said}. Posted again: {posted}.")

    async def _answer(self, request: Lookup | Summarize) -> None:
        await self.application.console.show(await self.application.service.answer(request))

    def _show_chat(self) -> None:
        for message in self.chat.messages:
            typer.echo(f"   #{message.channel}")
            typer.echo("\n".join(f"   | {line}".rstrip() for line in message.text.splitlines()))

    def _say(self, text: str) -> None:
        typer.echo()
        typer.secho(text, bold=True)
        typer.echo()

    def _next(self) -> None:
        self._say("What next")
        typer.echo("   paperwire init                         write your settings file: three questions")
        typer.echo("   paperwire digest --to console          today's papers from Hugging Face")
        typer.echo('   paperwire digest --source arxiv:cs.CL --query "kv cache"')
        typer.echo("   paperwire subscribe --at 09:00         subscribe this terminal, then: paperwire run")
        typer.echo("   In a checkout, type “python3 dev.py run” instead of “paperwire”.")
