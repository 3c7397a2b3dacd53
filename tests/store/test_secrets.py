"""Stored tokens cannot be read from the file, keys can be changed, and a wrong key differs from a lost token."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bots.domain.errors import SettingsError, StoreError
from bots.domain.installations import Installation
from bots.store._secrets import Vault, new_key
from bots.store.sql import SqlStore, open_store
from tests.support.factories import NOW

OLD, NEW = new_key(), new_key()
TOKEN = "xoxb-1-2-" + "madeup" * 4
GIVEN = Installation(
    platform="slack", workspace="T1", token=TOKEN, installed_at=NOW, extra={"user_token": "xoxp-madeup"}
)


@asynccontextmanager
async def at(folder: Path, *keys: str) -> AsyncIterator[SqlStore]:
    """Open the store in a folder with these keys."""
    async with open_store(folder / "paperwire.sqlite3", keys=keys) as store:
        yield store


def raw(folder: Path) -> bytes:
    """Return everything on the disk: the database and the files beside it."""
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_no_byte_on_the_disk_gives_a_token_away(tmp_path: Path) -> None:
    """No file contains the token, its extra values or the key, neither while the store is open nor after."""
    async with at(tmp_path, OLD) as store:
        await store.keep_installation(GIVEN)
        held = raw(tmp_path)
    for secret in (b"xox", TOKEN[9:29].encode(), b"user_token", OLD.encode()):
        assert secret not in held + raw(tmp_path)


async def test_a_new_key_reads_what_the_old_one_wrote(tmp_path: Path) -> None:
    """The old key decrypts while it stands behind the new one; without it nothing can be decrypted."""
    async with at(tmp_path, OLD) as store:
        await store.keep_installation(GIVEN)
    async with at(tmp_path, NEW, OLD) as store:
        assert GIVEN == await store.installation("slack", "T1")
    async with at(tmp_path, NEW) as store:
        with pytest.raises(StoreError, match="token of slack:T1 cannot be decrypted"):
            await store.installation("slack", "T1")


async def test_after_sealing_anew_the_old_key_can_go(tmp_path: Path) -> None:
    """Values that an old key encrypted are re-encrypted with the newest key, once."""
    async with at(tmp_path, OLD) as store:
        await store.keep_installation(GIVEN)
    async with at(tmp_path, NEW, OLD) as store:
        assert [1, 0] == [await store.reseal_installations() for _ in range(2)]
    async with at(tmp_path, NEW) as store:
        assert (GIVEN,) == await store.installations("slack")


@pytest.mark.parametrize(
    ("keys", "said"), [((), "slack.token_keys holds no key"), ((NEW,), "cannot be decrypted with the keys")]
)
async def test_a_missing_key_is_said_with_what_to_do(tmp_path: Path, keys: Sequence[str], said: str) -> None:
    """The error names the workspace and the key's fingerprint, and neither the key nor the token."""
    async with at(tmp_path, OLD) as store:
        await store.keep_installation(GIVEN)
    async with at(tmp_path, *keys) as store:
        for asked in (store.installation("slack", "T1"), store.installations("slack"), store.reseal_installations()):
            with pytest.raises(StoreError, match=said) as caught:
                await asked
            assert Vault((OLD,)).key_id in caught.value.hint
            assert "install the app there again" in caught.value.hint
            assert OLD not in caught.value.hint + str(caught.value)


async def test_without_a_key_no_token_is_kept(tmp_path: Path) -> None:
    """A token is refused with instructions to make a key, and nothing is written."""
    async with at(tmp_path) as store:
        with pytest.raises(StoreError, match="no key to encrypt it") as caught:
            await store.keep_installation(GIVEN)
        assert () == await store.installations("slack")
    assert "Make one with" in caught.value.hint
    assert b"xox" not in raw(tmp_path)


@pytest.mark.parametrize("key", ["", "short", "ä" * 44, "x" * 44])
def test_what_is_no_key_is_refused(key: str) -> None:
    """Opening the store with an invalid key fails with a message that does not repeat the key."""
    with pytest.raises(SettingsError, match=r"slack\.token_keys is not valid") as caught:
        Vault((OLD, key))
    assert not key or key not in str(caught.value) + caught.value.hint


def test_bytes_that_were_changed_are_not_believed() -> None:
    """Encryption is authenticated: an altered row is rejected, not decrypted."""
    vault = Vault((OLD,))
    sealed = vault.seal({"token": TOKEN})
    blob = sealed.blob[:-2] + bytes([sealed.blob[-2] ^ 1]) + sealed.blob[-1:]
    with pytest.raises(StoreError, match="cannot be decrypted"):
        vault.open(type(sealed)(blob=blob, key_id=sealed.key_id), "It")
