"""The Slack demo: a conversation between the real adapter and a fake Slack, without network or tokens."""

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
    from tests.fakes.slack.person import Person
    from tests.fakes.slack.world import Channel as Chat

_ASKED = "1810.04805"
_TITLE = "BERT"


def demo_slack(invocation: Invocation, pasted: str) -> None:
    """Show a conversation in Slack.

    Args:
        invocation: the options before the command.
        pasted: an abstract that a person pastes in the demo.
    """
    perform(invocation, _live(invocation, pasted))


async def _live(invocation: Invocation, pasted: str) -> Exit:
    try:
        from tests.fakes.slack.server import FakeSlack
        from tests.fakes.slack.transcript import Transcript
    except ImportError:
        raise not_installed("Slack") from None
    from bots.bootstrap.app import open_app
    from bots.bootstrap.databases import IN_MEMORY
    from bots.config.settings import read_settings
    from bots.slack.app import SlackSettings, connect
    from bots.slack.manifest import manifest

    async with FakeSlack(manifest("socket")) as slack:
        ada = slack.person("ada")
        installation = slack.hub.install(slack.workspace())
        bot, app = Secret(installation.token), Secret(slack.hub.app_token)
        connector = partial(connect, SlackSettings(api_url=slack.api, bot_token=bot, app_token=app))
        settings = read_settings(file=invocation.config, database=IN_MEMORY)
        async with open_app(settings, screen=sys.stdout, libraries=("sample",), connectors=(connector,)) as application:
            await slack.hub.sockets.connected()
            shown = Shown(happened=slack.hub.happenings.all, lines=Transcript(slack.hub).lines)
            await _Tour(application=application, shown=shown, ada=ada, papers=slack.channel("papers", ada)).walk(pasted)
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
        say(f"2. Ada looks up one paper; only she sees the answer:  /paper {_ASKED}")
        await self.ada.types(f"/paper {_ASKED}", self.papers)
        card = await self.ada.reads(_TITLE, self.papers, only_me=True)
        self.shown.show()
        say("3. She saves it: the button Save under the paper.")
        await self.ada.presses(card, "Save")
        await self.ada.reads("Saved:", self.papers, only_me=True)
        self.shown.show()
        say("4. She condenses an abstract of her own: the shortcut Summarize.")
        await self._paste(pasted)
        say("What next")
        typer.echo("   paperwire slack manifest               the manifest to create your own app from")
        typer.echo("   docs/how-to/slack.md                   Slack in five minutes")

    async def _digest(self) -> None:
        here = Channel(platform="slack", workspace=self.papers.team, channel=self.papers.id)
        await post_due(self.application, "demo-slack", here)
        await self.ada.reads("papers for", self.papers)
        self.shown.show()

    async def _paste(self, text: str) -> None:
        await self.ada.uses_shortcut("summarize")
        await self.ada.gets_modal("Summarize")
        self.shown.skip()
        await self.ada.fills({"Abstract": text})
        await self.ada.submits()
        await self.ada.gets_modal("In short")
        self.shown.show()
