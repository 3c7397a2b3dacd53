"""Runs a fake Slack to try an app by hand: prints its URL, tokens and log, and reads commands from stdin.

python -m tests.fakes.slack --manifest manifest.json --port 8083
"""

import argparse
import asyncio
import contextlib
import json
import sys
from pathlib import Path

from tests.fakes.slack.manifest import Manifest
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.terminal import HELP, Terminal
from tests.fakes.slack.transcript import Transcript


def say(line: str) -> None:
    """Print a line and flush it."""
    print(line, flush=True)  # noqa: T201 - a program for a terminal


async def follow(slack: FakeSlack) -> None:
    """Print the log entries as they are added."""
    transcript, shown = Transcript(slack.hub), 0
    while True:
        for line in transcript.lines(slack.hub.happenings.all[shown:]):
            say(line)
        shown = len(slack.hub.happenings.all)
        await slack.hub.happenings.changed()


async def main(manifest: Manifest | None, port: int) -> None:
    """Serve until stdin ends."""
    async with FakeSlack(manifest, port=port) as slack:
        ada = slack.person("ada")
        installation = slack.hub.install(slack.workspace())
        slack.channel("papers", ada)
        say(f"Slack's API is at {slack.api}\nBot token: {installation.token}\nApp token: {slack.hub.app_token}")
        say(f"Signing secret: {slack.hub.signing_secret}\n\n{HELP}\n")
        following = asyncio.create_task(follow(slack))
        terminal = Terminal(slack)
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip() and (told := await terminal.do(line)):
                say(told)
        following.cancel()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Stand in for Slack.")
    parser.add_argument("--manifest", type=Path, help="what the app declares, as JSON")
    parser.add_argument("--port", type=int, default=8083)
    asked = parser.parse_args()
    declared = Manifest.from_dict(json.loads(asked.manifest.read_text("utf-8"))) if asked.manifest else None
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(declared, asked.port))
