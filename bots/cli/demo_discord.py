"""The Discord demo: a conversation between the real adapter and a fake Discord, without network or token."""

import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import typer

from bots.cli.context import Exit, Invocation
from bots.cli.demo_script import Shown, not_installed, perform, post_due, say
from bots.domain.channels import Channel
from summarizer import Secret

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from tests.fakes.discord.person import Person
    from tests.fakes.discord.world import Channel as Chat

_TYPED = "bidirectional transformers"
_TITLE = "BERT"


def demo_discord(invocation: Invocation, pasted: str) -> None:
    """Show a conversation in Discord.

    Args:
        invocation: the options before the command.
        pasted: an abstract that a person pastes in the demo.
    """
    perform(invocation, _live(invocation, pasted))


async def _live(invocation: Invocation, pasted: str) -> Exit:
    try:
        from tests.fakes.discord.server import FakeDiscord
        from tests.fakes.discord.transcript import Transcript
    except ImportError:
        raise not_installed("Discord") from None
    from bots.bootstrap.app import open_app
    from bots.bootstrap.databases import IN_MEMORY
    from bots.config.settings import read_settings
    from bots.discord.app import DiscordSettings, connect

    async with FakeDiscord(check=False) as discord:
        lab = discord.guild()
        discord.invite(lab)
        ada, papers = discord.person("ada", lab), discord.channel("papers", lab)
        connector = partial(connect, DiscordSettings(token=Secret(discord.hub.token), api_url=discord.api))
        settings = read_settings(file=invocation.config, database=IN_MEMORY)
        async with open_app(settings, screen=sys.stdout, libraries=("sample",), connectors=(connector,)) as application:
            await discord.hub.gateway.connected()
            await discord.until(lambda: discord.hub.commands.of(None), what="the commands")
            shown = Shown(happened=discord.hub.happenings.all, lines=Transcript(discord.hub).lines)
            shown.skip()
            await _Tour(application=application, shown=shown, ada=ada, papers=papers).walk(pasted)
    return Exit.DONE


@dataclass(kw_only=True, slots=True)
class _Tour:
    """Runs the steps of the demo in order."""

    application: "App"
    shown: Shown
    ada: "Person"
    papers: "Chat"

    async def walk(self, pasted: str) -> None:
        """Run all steps, and print the chat's events after each."""
        say("1. A digest is due in #papers: three papers of the sample day.")
        await self._digest()
        say(f"2. Ada types words into /paper lookup and picks a suggestion:  {_TYPED}")
        await self._lookup()
        say("3. She condenses an abstract of her own:  /summarize")
        await self._paste(pasted)
        say("What next")
        typer.echo("   paperwire discord invite               the link that invites your own bot")
        typer.echo("   docs/how-to/discord.md                 Discord in five minutes")

    async def _digest(self) -> None:
        here = Channel(platform="discord", workspace=str(self.papers.guild), channel=self.papers.id)
        await post_due(self.application, "demo-discord", here)
        await self.ada.reads("papers for", self.papers)
        self.shown.show()

    async def _lookup(self) -> None:
        (title, paper), *_ = await self.ada.suggests("/paper lookup", self.papers, "paper", typed=_TYPED)
        typer.echo(f"   suggested: {title}")
        await self.ada.uses("/paper lookup", self.papers, paper=paper)
        card = await self.ada.reads(_TITLE, self.papers, only_me=True)
        await self.ada.presses(card, "Save")
        await self.ada.reads("Saved", self.papers, only_me=True)
        self.shown.show()

    async def _paste(self, text: str) -> None:
        await self.ada.uses("/summarize", self.papers)
        await self.ada.gets_modal("Condense an abstract")
        self.shown.skip()
        await self.ada.fills({"Abstract": text})
        await self.ada.submits()
        await self.ada.reads("interests of a team", self.papers, only_me=True)
        self.shown.show()
