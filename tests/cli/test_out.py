"""Tests of the commands that give papers to other programs: exports, feeds, tokens."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bots.cli.context import Exit
from bots.domain.channels import Channel
from bots.store._secrets import new_key
from bots.store.sql import open_store
from tests.cli.conftest import Run, said
from tests.contracts.test_store_archive import numbered, post
from tests.fakes.zotero_server import KEY as ZOTERO_KEY
from tests.fakes.zotero_server import ZoteroServer


@pytest.fixture
def saved(run: Run) -> str:
    """Save a paper of the sample day, and return its title."""
    entries = said(run("digest", "--source", "sample", "--json"))["entries"]
    run("save", entries[0]["paper"]["id"])
    return str(entries[0]["paper"]["title"])


@pytest.mark.parametrize("form", ["bibtex", "ris", "csl-json", "csv", "markdown"])
def test_saved_papers_are_written(run: Run, saved: str, form: str, tmp_path: Path) -> None:
    """Saved papers are written to standard output, or the same to a file."""
    printed = run("export", "papers", "--saved", "--format", form)
    assert Exit.DONE == printed.exit_code
    assert saved.split(maxsplit=1)[0] in printed.stdout
    file = tmp_path / "papers"
    result = run("export", "papers", "--saved", "--format", form, "-o", str(file))
    assert "1 paper written" in result.stderr
    assert printed.stdout_bytes == file.read_bytes()


def test_posted_papers_are_written(run: Run, tmp_path: Path) -> None:
    """The papers that were posted in a channel are written, the last message first; another channel has none."""

    async def fill() -> None:
        async with open_store(tmp_path / "paperwire.sqlite3") as store:
            await post(store, numbered(1), numbered(2, 3), channel=Channel.parse("slack:T1:C1"))

    asyncio.run(fill())
    items = said(run("export", "papers", "--posted", "--channel", "slack:T1:C1", "--format", "csl-json"))
    assert ["Paper 2", "Paper 3", "Paper 1"] == [item["title"] for item in items]
    assert Exit.NOTHING == run("export", "papers", "--posted", "--channel", "slack:T2:C1").exit_code


@pytest.mark.parametrize(
    "options",
    [[], ["--saved", "--posted"], ["--posted"], ["--saved", "--channel", "slack:T:C"], ["--posted", "--channel", "x"]],
)
def test_a_wrong_command_says_what_to_give(run: Run, options: list[str]) -> None:
    """Options that contradict one another are refused with a command that works."""
    result = run("export", "papers", *options)
    assert Exit.ASKED_WRONGLY == result.exit_code
    assert result.stderr.strip()


def test_nothing_to_export_is_said(run: Run) -> None:
    """Without papers nothing is written, and the exit code says so."""
    result = run("export", "papers", "--saved")
    assert (Exit.NOTHING, "") == (result.exit_code, result.stdout)


def test_a_token_is_shown_once(run: Run) -> None:
    """A token is printed when it is made, listed without its secret, and revoked."""
    made = run(
        "api-token", "create", "lab dashboard", "--channel", "slack:T1:C1", "--right", "read,save", "--days", "30"
    )
    token = made.stdout.strip()
    assert token.startswith("pw_")
    listed = run("api-token", "list")
    assert "lab dashboard" in listed.stdout
    assert token not in listed.stdout + listed.stderr
    (known,) = said(run("api-token", "list", "--json"))
    assert (["read", "save"], "slack:T1:C1") == (known["rights"], known["channel"])
    assert [Exit.DONE, Exit.NOTHING] == [run("api-token", "revoke", token).exit_code for _ in range(2)]
    assert Exit.NOTHING == run("api-token", "list").exit_code
    assert Exit.ASKED_WRONGLY == run("api-token", "create", "x", "--right", "everything").exit_code


def test_a_feed_has_an_address(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The addresses of a feed stay the same until they are replaced or the feed is closed."""
    assert "web.listen" in run("feed", "address", "slack:T1:C1").stderr
    monkeypatch.setenv("PAPERWIRE_WEB_PUBLIC_URL", "https://papers.example.org")
    first = run("feed", "address", "slack:T1:C1", "--json").stdout
    assert json.loads(first)["atom"].startswith("https://papers.example.org/feeds/channel/")
    assert first == run("feed", "address", "slack:T1:C1", "--json").stdout
    assert first != run("feed", "rotate", "slack:T1:C1", "--json").stdout
    assert [Exit.DONE, Exit.NOTHING] == [run("feed", "close", "slack:T1:C1").exit_code for _ in range(2)]


def test_everything_is_carried_to_another_database(run: Run, saved: str, tmp_path: Path) -> None:
    """What one database holds is imported into an empty one; one with rows is refused with what to do."""
    phrase = tmp_path / "phrase"
    phrase.write_text("correct horse battery staple\n", "utf-8")
    run("api-token", "create", "lab")
    plain = run("export", "all", "plain.zip")
    assert Exit.DONE == plain.exit_code
    assert "Left out: 1 API tokens" in plain.stderr
    assert Exit.DONE == run("export", "all", "all.zip", "--passphrase-file", str(phrase)).exit_code
    there = ("--database", str(tmp_path / "new.sqlite3"))
    read = run(*there, "import", "all.zip", "--passphrase-file", str(phrase))
    assert (Exit.DONE, True) == (read.exit_code, "rows read from all.zip" in read.stdout)
    assert saved in run(*there, "saved").stdout.replace("\n", " ")
    assert 1 == len(said(run(*there, "api-token", "list", "--json")))
    again = run(*there, "import", "plain.zip")
    assert (Exit.FAILED, True) == (again.exit_code, "is not empty" in " ".join(again.stderr.split()))
    assert "--database new.sqlite3" in " ".join(again.stderr.split())
    phrase.write_text("short", "utf-8")
    assert Exit.ASKED_WRONGLY == run("export", "all", "x.zip", "--passphrase-file", str(phrase)).exit_code


@contextmanager
def served() -> Iterator[ZoteroServer]:
    """Serve a library of Zotero in a thread."""
    loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    server = ZoteroServer()

    async def serve() -> None:
        async with server:
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(30)
        yield server
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(30)
        loop.close()


def test_saved_papers_go_to_zotero(run: Run, saved: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library is connected with a key, which no command prints, and gets what was saved, once."""
    monkeypatch.setenv("PAPERWIRE_SLACK_TOKEN_KEYS", new_key())
    key = tmp_path / "key"
    key.write_text(f"{ZOTERO_KEY}\n", "utf-8")
    with served() as server:
        monkeypatch.setenv("PAPERWIRE_ZOTERO_API_URL", server.url)
        made = run("zotero", "connect", "--key-file", str(key))
        assert Exit.DONE == made.exit_code, made.stderr
        assert "users/475425" in made.stdout
        assert "1 paper added" in run("zotero", "push").stdout
        assert "0 papers added, 1 there before" in run("zotero", "push").stdout
        assert [saved] == [item["title"] for item in server.libraries["users/475425"].values()]
        assert Exit.ASKED_WRONGLY == run("zotero", "connect", "--group", "5", "--key-file", str(key)).exit_code
    listed = run("zotero", "list", "--json")
    (link,) = said(listed)
    assert ZOTERO_KEY not in listed.stdout + made.stdout
    assert 1 == link["pushed"]
    assert Exit.DONE == run("zotero", "disconnect", link["id"]).exit_code
    assert Exit.NOTHING == run("zotero", "list").exit_code


def test_a_webhook_is_subscribed_by_its_address(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address is subscribed as a channel with an id; its key is shown on request, replaced, and removed."""
    monkeypatch.setenv("PAPERWIRE_WEBHOOK_ENABLED", "yes")
    to = ("subscribe", "--to", "webhook:https://hooks.example.org/T0PSECRET", "--source", "sample")
    assert "slack key" in " ".join(run(*to).stderr.split())  # there is no key to encrypt the address
    monkeypatch.setenv("PAPERWIRE_SLACK_TOKEN_KEYS", new_key())
    made = run(*to, "--json")
    assert Exit.DONE == made.exit_code, made.stderr
    channel = said(made)["subscription"]["channel"]
    assert "T0PSECRET" not in made.stdout
    (known,) = said(run("webhook", "list", "--json"))
    assert (channel, "https://hooks.example.org/T0PSECRET") == (known["channel"], known["url"])
    first = run("webhook", "secret", channel).stdout.strip()
    assert first.startswith("whsec_")
    assert first == run("webhook", "secret", known["id"]).stdout.strip()
    assert first != run("webhook", "secret", channel, "--rotate").stdout.strip()
    assert Exit.ASKED_WRONGLY == run("subscribe", "--to", "webhook:https://127.0.0.1/").exit_code
    assert Exit.DONE == run("webhook", "remove", channel).exit_code
    assert Exit.NOTHING == run("webhook", "list").exit_code
    assert [] == said(run("subscriptions", "--json"))["items"]
