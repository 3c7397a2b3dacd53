"""The fake Discord tested with disnake, a client that it was not written for."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import disnake
from disnake import http as disnake_http
from disnake.ext import commands
from disnake.interactions import ApplicationCommandInteraction

from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.tests.conftest import Lab


@asynccontextmanager
async def bot(discord: FakeDiscord) -> AsyncIterator[Any]:
    """Run a disnake bot with a command that it answers with a deferred response."""
    disnake_http.Route.BASE = discord.api
    app = commands.InteractionBot(intents=disnake.Intents(guilds=True))

    async def later(inter: ApplicationCommandInteraction[Any], words: str) -> None:
        """Defer, fill in the response, and follow up in private."""
        await inter.response.defer()
        await inter.edit_original_response(f"Later: {words}")
        await inter.followup.send("And more", ephemeral=True)

    app.slash_command(name="later", description="Answers late")(later)
    task = asyncio.create_task(app.start(discord.hub.token))
    try:
        await discord.until(lambda: discord.hub.commands.of(None), within=20)
        yield app
    finally:
        await app.close()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_disnake_registers_and_answers_late(lab: Lab) -> None:
    """disnake registers its commands, defers a response, fills it in, follows up in private, posts and edits."""
    async with bot(lab.discord) as app:
        await lab.ada.uses("/later", lab.papers, words="hello")
        await lab.bo.reads("Later: hello", lab.papers)
        await lab.ada.reads("And more", lab.papers, only_me=True)
        channel = await app.fetch_channel(int(lab.papers.id))
        posted = await channel.send("One")
        await posted.edit("Two")
        await lab.bo.reads("Two", lab.papers)
    # Discord removed this key in 2022 and ignores it; disnake still sends it.
    assert {"default_permission"} == {str(each.path[-1]) for each in lab.discord.hub.wrongs}
    lab.discord.hub.wrongs.clear()
