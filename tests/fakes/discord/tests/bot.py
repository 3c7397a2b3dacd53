"""A small bot on the real discord.py, to test the fake Discord with."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import discord
from discord import app_commands, ui

from tests.fakes.discord.server import FakeDiscord


class Subscribe(ui.Modal, title="Subscribe"):
    """A modal for the time, the channel and the rhythm of a subscription, and a file."""

    times: ui.Label[Any] = ui.Label(text="Times", component=ui.TextInput(custom_id="times", max_length=40))
    place: ui.Label[Any] = ui.Label(text="Channel", component=ui.ChannelSelect(custom_id="place", required=False))
    rhythm: ui.Label[Any] = ui.Label(
        text="Rhythm",
        component=ui.Select(
            custom_id="rhythm",
            required=False,
            options=[discord.SelectOption(label="Daily", value="d"), discord.SelectOption(label="Weekly", value="w")],
        ),
    )
    file: ui.Label[Any] = ui.Label(text="Text file", component=ui.FileUpload(custom_id="file", required=False))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Reply with the submitted values."""
        fields: list[Any] = [each.component for each in (self.times, self.place, self.rhythm, self.file)]
        times, place, rhythm, file = fields
        where = f" in <#{place.values[0].id}>" if place.values else ""
        read = (await file.values[0].read()).decode() if file.values else ""
        words = f"Subscribed at {times.value}{where} {''.join(rhythm.values)} {read}"
        await interaction.response.send_message(words.strip(), ephemeral=True)


class Card(ui.LayoutView):
    """A card of a paper with a button beside it and a menu below."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        more: ui.Button[Any] = ui.Button(label="Abstract", custom_id="abstract:1706.03762")
        self.add_item(ui.Container(ui.Section("## Attention Is All You Need", accessory=more), ui.Separator()))
        options = [discord.SelectOption(label="Daily"), discord.SelectOption(label="Weekly")]
        menu: ui.Select[Any] = ui.Select(custom_id="rhythm", placeholder="Rhythm", options=options)
        self.add_item(ui.ActionRow(menu))


class Bot(discord.AutoShardedClient):
    """Answers one interaction of every kind; other interactions get no response."""

    def __init__(self, *, intents: discord.Intents | None = None, **more: Any) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            **more,
        )
        self.tree = app_commands.CommandTree(self)
        self.heard: list[dict[str, Any]] = []
        self.readies = 0
        self.left: list[int] = []
        self.was_put_out = asyncio.Event()
        _add(self.tree)

    async def setup_hook(self) -> None:
        """Register the commands."""
        await self.tree.sync()

    async def on_ready(self) -> None:
        """Count the READY events."""
        self.readies += 1

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Record the server that the bot was removed from."""
        self.left.append(guild.id)
        self.was_put_out.set()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Respond to buttons and menus."""
        data: dict[str, Any] = {**(interaction.data or {})}
        self.heard.append(data)
        if interaction.type is not discord.InteractionType.component:
            return
        name = str(data.get("custom_id", ""))
        if name.startswith("abstract:"):
            await interaction.response.send_message("We propose the Transformer.", ephemeral=True)
        elif name == "rhythm":
            await interaction.response.edit_message(view=_done(str(data["values"])))


def _done(words: str) -> ui.LayoutView:
    view = ui.LayoutView()
    view.add_item(ui.TextDisplay(f"Chose {words}"))
    return view


def _add(tree: app_commands.CommandTree[Bot]) -> None:
    paper = app_commands.Group(name="paper", description="Papers")

    @paper.command(description="Show one paper")
    async def lookup(interaction: discord.Interaction, paper: str) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(view=Card())

    @lookup.autocomplete("paper")
    async def suggest(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed.title()} Is All You Need", value="1706.03762")]

    @paper.command(name="help", description="Say something in private, and more of it later")
    async def help_(interaction: discord.Interaction, topic: app_commands.Range[int, 1, 5] = 1) -> None:
        await interaction.response.send_message(f"Help {topic}", ephemeral=True)
        await interaction.followup.send("More help", ephemeral=True)

    @paper.command(description="Subscribe")
    @app_commands.default_permissions(manage_channels=True)
    async def subscribe(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Subscribe())

    @paper.command(description="Answer nothing")
    async def silence(interaction: discord.Interaction) -> None:
        return None

    @paper.command(description="Take a file")
    async def read(interaction: discord.Interaction, file: discord.Attachment, place: discord.TextChannel) -> None:
        text = (await file.read()).decode()
        await interaction.response.send_message(
            f"{text} for {place.mention}", file=discord.File(BytesIO(text.encode()), "copy.txt")
        )

    tree.add_command(paper)

    @tree.command(description="Everywhere")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def summarize(interaction: discord.Interaction, times: int = 1) -> None:
        await interaction.response.send_message("In short: 1")
        for count in range(times - 1):
            await interaction.followup.send(f"In short: {count + 2}")

    @tree.context_menu(name="Summarize this")
    async def summarize_this(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"In short: {message.content}", ephemeral=True)


def point_at(discord_: FakeDiscord) -> None:
    """Point discord.py at a fake: its URLs are class attributes, so this applies to the whole process."""
    discord.http.Route.BASE = discord_.api
    socket = discord.gateway.DiscordWebSocket
    socket.DEFAULT_GATEWAY = type(socket.DEFAULT_GATEWAY)(discord_.gateway)


@asynccontextmanager
async def running(server: FakeDiscord, bot: Bot | None = None) -> AsyncIterator[Bot]:
    """Run a bot over the gateway."""
    point_at(server)
    started = bot or Bot()
    task = asyncio.create_task(started.start(server.hub.token))
    try:
        connected = asyncio.ensure_future(server.hub.gateway.connected())
        await asyncio.wait({task, connected}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        yield started
    finally:
        await started.close()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
