"""The fake Discord tested with hikari, a strict client that it was not written for.

hikari requires an older multidict than the product does, so it is in no lock file; without it these tests are skipped.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.tests.conftest import Lab

hikari = pytest.importorskip("hikari")


@asynccontextmanager
async def bot(discord: FakeDiscord) -> AsyncIterator[Any]:
    """Run a hikari bot with two commands: one defers, and one sends a message with a button."""
    app = hikari.GatewayBot(
        discord.hub.token,
        intents=hikari.Intents.GUILDS,
        banner=None,
        logs=None,
        rest_url=discord.api,
        suppress_optimization_warning=True,
    )

    async def register(_event: Any) -> None:
        build = app.rest.slash_command_builder
        later = build("later", "Answers late").add_option(
            hikari.CommandOption(type=hikari.OptionType.STRING, name="words", description="Any", is_required=True)
        )
        await app.rest.set_application_commands(int(discord.hub.application_id), [later, build("card", "A button")])

    async def answer(event: Any) -> None:
        it = event.interaction
        if isinstance(it, hikari.CommandInteraction) and it.command_name == "later":
            await it.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_CREATE)
            await it.edit_initial_response(f"Later: {it.options[0].value}")
            await it.execute("And more")
        elif isinstance(it, hikari.CommandInteraction):
            row = app.rest.build_message_action_row()
            row.add_interactive_button(hikari.ButtonStyle.PRIMARY, "go:1", label="Go")
            await it.create_initial_response(
                hikari.ResponseType.MESSAGE_CREATE, "A card", component=row, flags=hikari.MessageFlag.EPHEMERAL
            )
        else:
            await it.create_initial_response(hikari.ResponseType.MESSAGE_UPDATE, "Gone", components=[])

    app.event_manager.subscribe(hikari.StartingEvent, register)
    app.event_manager.subscribe(hikari.InteractionCreateEvent, answer)
    await app.start(check_for_updates=False)
    try:
        yield app
    finally:
        await app.close()


async def test_hikari_answers_late_and_in_place(lab: Lab) -> None:
    """hikari registers commands, defers, fills in, follows up, and updates a message when its button is clicked."""
    async with bot(lab.discord):
        await lab.ada.uses("/later", lab.papers, words="hello")
        await lab.bo.reads("Later: hello", lab.papers)
        await lab.bo.reads("And more", lab.papers)
        await lab.ada.uses("/card", lab.papers)
        card = await lab.ada.reads("A card", lab.papers, only_me=True)
        await lab.ada.presses(card, "Go")
        await lab.ada.reads("Gone", lab.papers, only_me=True)


async def test_hikari_reads_servers_channels_and_messages(lab: Lab) -> None:
    """hikari reads a server and its channels from the gateway, and posts, edits, fetches and deletes messages."""
    async with bot(lab.discord) as app:
        assert ["papers"] == [each.name for each in app.cache.get_guild_channels_view().values()]
        assert "Lab" == (await app.rest.fetch_guild(int(lab.guild.id))).name
        posted = await app.rest.create_message(int(lab.papers.id), "One", attachment=hikari.Bytes(b"x", "a.txt"))
        await app.rest.edit_message(int(lab.papers.id), posted.id, "Two")
        fetched = [each async for each in app.rest.fetch_messages(int(lab.papers.id))]
        assert ["Two"] == [each.content for each in fetched]
        assert b"x" == await fetched[0].attachments[0].read()
        await app.rest.delete_message(int(lab.papers.id), posted.id)
    assert [] == lab.discord.messages(lab.papers)


async def test_hikari_resumes(lab: Lab) -> None:
    """hikari resumes its session after the connection was dropped, without a second IDENTIFY."""
    gateway = lab.discord.hub.gateway
    async with bot(lab.discord):
        await gateway.drop(4000)
        await lab.discord.until(lambda: gateway.resumed, within=20)
        assert 1 == len(gateway.identified)
        await lab.ada.uses("/later", lab.papers, words="again")
        await lab.bo.reads("Later: again", lab.papers)
    await asyncio.sleep(0)
