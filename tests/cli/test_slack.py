"""Tests of `paperwire slack`: the manifests, the encryption keys, re-encrypting tokens, and deleting data."""

import asyncio
from pathlib import Path

import pytest

from bots.cli.context import Exit
from bots.domain.channels import Channel
from bots.slack.manifest import EXAMPLE_URL, written
from bots.store._secrets import Vault
from bots.store.sql import open_store
from tests.cli.conftest import Run, said
from tests.conftest import ROOT
from tests.support.factories import a_subscription


@pytest.mark.parametrize(
    ("options", "shipped"), [((), "socket.json"), (("--http", EXAMPLE_URL), "http.json")], ids=["socket", "http"]
)
def test_the_shipped_manifests_are_what_is_printed(run: Run, options: tuple[str, ...], shipped: str) -> None:
    """`slack manifest` prints exactly the files in deploy/slack/."""
    assert (ROOT / "deploy/slack" / shipped).read_text(encoding="utf-8") == run("slack", "manifest", *options).stdout


def test_an_address_and_unfurling_go_into_the_manifest(run: Run) -> None:
    """The manifest contains the given URL, and with --unfurl the scopes for links."""
    printed = run("slack", "manifest", "--http", "https://papers.example.org", "--unfurl").stdout
    assert written("http", "https://papers.example.org", unfurl=True) == printed


@pytest.mark.parametrize("address", ["http://papers.example.org", "papers.example.org"])
def test_an_address_that_slack_would_refuse_is_refused(run: Run, address: str) -> None:
    """Slack requires TLS, so no manifest is printed for a URL without https."""
    done = run("slack", "manifest", "--http", address)
    assert (Exit.ASKED_WRONGLY, "") == (done.exit_code, done.stdout)
    assert "https://" in done.stderr


def test_a_key_seals(run: Run) -> None:
    """`slack key` prints a different key each time, and the store accepts it."""
    keys = run("slack", "key").stdout.strip(), said(run("slack", "key", "--json"))["key"]
    assert 2 == len(set(keys))
    assert {"a": 1} == Vault(keys[::-1]).open(Vault(keys[:1]).seal({"a": 1}), "it")


def test_sealing_anew_takes_a_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`slack reseal` without a key explains how to make one; with a key it reports how many tokens it re-encrypted."""
    done = run("slack", "reseal")
    assert Exit.SETTINGS == done.exit_code
    assert "paperwire slack key" in done.stderr
    monkeypatch.setenv("PAPERWIRE_SLACK_TOKEN_KEYS", run("slack", "key").stdout.strip())
    assert {"resealed": 0} == said(run("slack", "reseal", "--json"))


def test_a_workspace_can_be_forgotten_by_hand(run: Run, tmp_path: Path) -> None:
    """`slack forget` deletes every row of a workspace whose removal was not reported, and nothing of another one."""
    asyncio.run(subscribed(tmp_path / "paperwire.sqlite3", "T1", "T2"))
    assert 2 == said(run("slack", "forget", "T1", "--json"))["deleted"]
    assert ["slack:T2:C1"] == asyncio.run(subscribed(tmp_path / "paperwire.sqlite3"))
    again = run("slack", "forget", "T1")
    assert (Exit.NOTHING, "There is no data of the workspace T1.\n") == (again.exit_code, again.stdout)


async def subscribed(database: Path, *workspaces: str) -> list[str]:
    """Subscribe a channel in each of these workspaces, and return the channels of all subscriptions."""
    async with open_store(database) as store:
        for workspace in workspaces:
            channel = Channel(platform="slack", workspace=workspace, channel="C1")
            await store.keep_subscription(a_subscription(id=workspace, channel=channel))
        return [str(each.channel) for each in await store.subscriptions()]
