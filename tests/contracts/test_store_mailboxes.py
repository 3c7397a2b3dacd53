"""The contract of every store for mailboxes: `bots.ports.Mailboxes`, and their deletion."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bots.domain.channels import Reader
from bots.domain.mailboxes import Mailbox
from bots.ports import Store
from bots.store._secrets import new_key
from tests.contracts.test_store_workspaces import live, seen
from tests.store.stores import KINDS, opened
from tests.support.factories import DAY, NOW, a_subscription


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


def a_mailbox(name: str = "ada", **changes: Any) -> Mailbox:
    """Return a mailbox that is not confirmed; `changes` are fields to replace."""
    whole = Mailbox(
        id=f"id-{name}",
        address=f"{name.title()}@example.org",
        address_key=f"{name}@example.org",
        secret=f"secret of {name}",
        created=NOW,
    )
    return replace(whole, **changes)


async def test_a_mailbox_comes_back_as_it_was_kept(store: Store) -> None:
    """A stored mailbox is found by its id and by its address, with every field."""
    assert a_mailbox() == await store.keep_mailbox(a_mailbox())
    assert a_mailbox() == await store.mailbox("id-ada")
    assert a_mailbox() == await store.mailbox_of("ada@example.org")
    assert (None, None) == (await store.mailbox("other"), await store.mailbox_of("other@example.org"))


async def test_a_mailbox_is_replaced(store: Store) -> None:
    """The same id again replaces what was stored."""
    await store.keep_mailbox(a_mailbox())
    confirmed = a_mailbox(confirmed=NOW + timedelta(hours=1))
    assert confirmed == await store.keep_mailbox(confirmed)
    assert (confirmed,) == await store.mailboxes()


async def test_an_address_has_one_mailbox(store: Store) -> None:
    """A second mailbox with an address is not stored, however many come at once; the first is returned to all."""
    found = await asyncio.gather(*(store.keep_mailbox(a_mailbox(id=f"id-{number}")) for number in range(8)))
    assert 1 == len({each.id for each in found})
    assert (found[0],) == await store.mailboxes()


async def test_all_mailboxes_oldest_first(store: Store) -> None:
    """The list has every mailbox, in the order in which they were made."""
    for number, name in enumerate(("grace", "ada", "emmy")):
        await store.keep_mailbox(a_mailbox(name, created=NOW + timedelta(hours=number)))
    assert ["id-grace", "id-ada", "id-emmy"] == [each.id for each in await store.mailboxes()]


async def test_a_mailbox_is_deleted_with_everything(store: Store) -> None:
    """Purging a mailbox leaves nothing of it, and everything of the others."""
    ada, grace = a_mailbox(), a_mailbox("grace")
    for mailbox in (ada, grace):
        await store.keep_mailbox(mailbox)
        await store.keep_subscription(a_subscription(id=mailbox.id, channel=mailbox.channel))
        await store.spend(Reader(platform="email", workspace=mailbox.id), "answers", day=DAY, limit=3)
    assert ("id-ada", "id-grace") == await store.workspaces("email")
    assert 3 <= await store.purge_workspace("email", "id-ada")
    assert (None, None) == (await store.mailbox("id-ada"), await store.mailbox_of("ada@example.org"))
    assert (grace,) == await store.mailboxes()
    assert ("id-grace",) == await store.workspaces("email")
    assert await store.spend(Reader(platform="email", workspace="id-ada"), "answers", day=DAY, amount=3, limit=3)
    assert a_mailbox(id="new") == await store.keep_mailbox(a_mailbox(id="new"))


async def test_a_mailbox_with_a_ledger_is_deleted_whole(tmp_path: Path) -> None:
    """Runs, parts and papers of a mailbox go with it."""
    async with opened("sqlite", tmp_path, (new_key(),)) as store:
        mailbox = await store.keep_mailbox(a_mailbox())
        await live(store, mailbox.channel, "ada")
        # An installation is no mailbox's.
        assert all((await seen(store, mailbox.channel, "ada"))[1:])
        await store.purge_workspace("email", mailbox.id)
        assert [] == [found for found in await seen(store, mailbox.channel, "ada") if found]


def test_neither_address_nor_secret_is_shown() -> None:
    """The text of a mailbox, as in a log or a traceback, has its id only."""
    shown = f"{a_mailbox()} {a_mailbox()!r} {a_mailbox().channel}"
    assert "example.org" not in shown
    assert "secret of" not in shown
    assert "email:id-ada:inbox" in shown
