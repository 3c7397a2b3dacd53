"""Runs a fake Discord to try an app by hand: prints settings and a log, and reads commands from stdin.

python -m tests.fakes.discord --port 8084
"""

import argparse
import asyncio
import contextlib
import sys

from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.terminal import HELP, Terminal
from tests.fakes.discord.transcript import Transcript


def say(line: str) -> None:
    """Print a line and flush it."""
    print(line, flush=True)  # noqa: T201 - a program for a terminal


async def follow(discord: FakeDiscord, *, everything: bool) -> None:
    """Print the log entries as they are added."""
    transcript, shown = Transcript(discord.hub, everything=everything), 0
    while True:
        for line in transcript.lines(discord.hub.happenings.all[shown:]):
            say(line)
        shown = len(discord.hub.happenings.all)
        await discord.hub.happenings.changed()


async def main(port: int, interactions: str | None, *, everything: bool) -> None:
    """Serve until stdin ends."""
    async with FakeDiscord(port=port) as discord:
        lab = discord.guild()
        discord.invite(lab)
        discord.person("ada", lab, owner=True)
        discord.channel("papers", lab)
        say(f"export PAPERWIRE_DISCORD_API_URL={discord.api} PAPERWIRE_DISCORD_TOKEN={discord.hub.token}")
        say(f"Gateway address: {discord.gateway}")
        say(f"Application id: {discord.hub.application_id}\nPublic key: {discord.hub.public_key}\n\n{HELP}\n")
        if interactions:
            await discord.declare(interactions_url=interactions)
        following = asyncio.create_task(follow(discord, everything=everything))
        terminal = Terminal(discord)
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip() and (told := await terminal.do(line)):
                say(told)
        following.cancel()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Stand in for Discord.")
    parser.add_argument("--port", type=int, default=8084)
    parser.add_argument("--interactions", help="where interactions are posted; without it they go over the gateway")
    parser.add_argument("--everything", action="store_true", help="show calls and the gateway, too")
    asked = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(asked.port, asked.interactions, everything=asked.everything))
