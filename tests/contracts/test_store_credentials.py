"""The contract of every store for credentials: `bots.ports.Credentials`, and their deletion."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bots.domain.channels import Channel
from bots.domain.credentials import Credential, CredentialKind
from bots.domain.errors import StoreError
from bots.ports import Store
from bots.store._secrets import new_key
from bots.store.sql import open_store
from tests.store.stores import KINDS, address, opened
from tests.support.factories import NOW

HERE = Channel(platform="slack", workspace="T1", channel="C1")
KEY = new_key()


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind that can encrypt."""
    async with opened(request.param, tmp_path, [KEY]) as store:
        yield store


def a_credential(**changes: Any) -> Credential:
    """Return a webhook of a channel; `changes` are fields to replace."""
    whole = Credential(
        kind=CredentialKind.WEBHOOK,
        id="w1",
        channel=HERE,
        created=NOW,
        facts={"name": "Größe", "rights": ["read"], "n": 1},
        secrets={"url": "https://hook.example/T0PSECRET"},
    )
    return replace(whole, **changes)


async def test_a_credential_comes_back_as_it_was_kept(store: Store) -> None:
    """A stored credential is found by its kind and id, with every field; another kind has ids of its own."""
    await store.keep_credential(a_credential())
    assert a_credential() == await store.credential(CredentialKind.WEBHOOK, "w1")
    assert None is await store.credential(CredentialKind.ZOTERO, "w1")
    assert None is await store.credential(CredentialKind.WEBHOOK, "w2")


async def test_a_credential_is_replaced(store: Store) -> None:
    """The same kind and id again replace what was stored."""
    await store.keep_credential(a_credential())
    changed = a_credential(facts={}, secrets={"url": "https://other.example"})
    await store.keep_credential(changed)
    assert (changed,) == await store.credentials(CredentialKind.WEBHOOK)


async def test_a_channel_has_its_own(store: Store) -> None:
    """The list of a channel has only its own, oldest first; the list of all has all of the kind."""
    late = a_credential(id="a", created=NOW + timedelta(hours=1))
    there = a_credential(id="b", channel=replace(HERE, workspace="T2"))
    for each in (late, there, a_credential(), a_credential(kind=CredentialKind.FEED)):
        await store.keep_credential(each)
    assert ["w1", "a"] == [each.id for each in await store.credentials(CredentialKind.WEBHOOK, HERE)]
    assert {"w1", "a", "b"} == {each.id for each in await store.credentials(CredentialKind.WEBHOOK)}


async def test_a_credential_is_deleted(store: Store) -> None:
    """A deleted credential is gone, and a second deletion says that there was none."""
    await store.keep_credential(a_credential())
    assert [True, False] == [await store.drop_credential(CredentialKind.WEBHOOK, "w1") for _ in range(2)]
    assert () == await store.credentials(CredentialKind.WEBHOOK)


async def test_a_workspace_takes_its_credentials_along(store: Store) -> None:
    """Purging a workspace deletes its credentials and nobody else's."""
    there = a_credential(id="b", channel=replace(HERE, workspace="T2"))
    for each in (a_credential(), there):
        await store.keep_credential(each)
    assert {"T1", "T2"} == set(await store.workspaces("slack"))
    await store.purge_workspace("slack", "T1")
    assert (there,) == await store.credentials(CredentialKind.WEBHOOK)


def test_a_credential_is_not_printed() -> None:
    """The text that a log would show has neither secrets nor facts."""
    assert "T0PSECRET" not in repr(a_credential())


def everything_in(folder: Path) -> bytes:
    """Return the bytes of all files in a folder."""
    return b"".join(each.read_bytes() for each in folder.iterdir())


async def test_a_stolen_file_reveals_no_secret(tmp_path: Path) -> None:
    """The database's file has the secret only encrypted; without a key none is stored, and a new key takes over."""
    fresh = new_key()
    with address("sqlite", tmp_path) as place:
        async with open_store(place, keys=[KEY]) as store:
            await store.keep_credential(a_credential())
        assert b"T0PSECRET" not in everything_in(tmp_path)
        async with open_store(place, keys=[fresh, KEY]) as store:
            assert 1 == await store.reseal_installations()
        async with open_store(place, keys=[fresh]) as store:
            assert a_credential() == await store.credential(CredentialKind.WEBHOOK, "w1")
        async with open_store(place) as store:
            with pytest.raises(StoreError, match="cannot be decrypted"):
                await store.credential(CredentialKind.WEBHOOK, "w1")
            with pytest.raises(StoreError, match="no key to encrypt"):
                await store.keep_credential(a_credential(id="w2"))
