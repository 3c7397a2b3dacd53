"""The contract of every store for sign-ins: `bots.ports.SignIns`, their end and their deletion."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bots.domain.channels import Channel
from bots.domain.sign_ins import SignIn
from bots.ports import Store
from tests.contracts.test_store_mailboxes import store
from tests.store.stores import KINDS, opened
from tests.support.factories import NOW

__all__ = ["store"]

HERE = Channel(platform="discord", workspace="1", channel="5")


def a_sign_in(place: Channel = HERE, key: str = "key", **changes: Any) -> SignIn:
    """Return the sign-in of Ada in the workspace of a channel; `changes` are fields to replace."""
    given: dict[str, Any] = {
        "key": key,
        "platform": place.platform,
        "user": "U1",
        "name": "Ada <Lovelace>",
        "workspaces": (place.workspace,),
        "created": NOW,
        "expires": NOW + timedelta(days=1),
    }
    return SignIn(**{**given, **changes})


async def test_a_sign_in_comes_back_as_it_was_kept(store: Store) -> None:
    """A stored sign-in is found by its key, with every field and its workspaces, sorted; another key has none."""
    await store.keep_sign_in(a_sign_in(workspaces=("2", "1", "2"), operator=True))
    assert a_sign_in(workspaces=("1", "2"), operator=True) == await store.sign_in("key", now=NOW)
    assert await store.sign_in("other", now=NOW) is None


async def test_a_sign_in_expires(store: Store) -> None:
    """At the instant at which it expires it is gone, from the list too, and `expire` deletes it."""
    await store.keep_sign_in(a_sign_in())
    end = NOW + timedelta(days=1)
    assert await store.sign_in("key", now=end - timedelta(seconds=1)) is not None
    assert await store.sign_in("key", now=end) is None
    assert () == await store.sign_ins(now=end)
    assert 0 == await store.expire(now=end - timedelta(seconds=1))
    assert 1 == await store.expire(now=end)
    assert not await store.drop_sign_in("key")


async def test_a_sign_in_is_replaced_and_ended(store: Store) -> None:
    """One key has one sign-in; ended, it is gone, and ending it again says so; without a workspace there is none."""
    await store.keep_sign_in(a_sign_in(workspaces=("1", "2")))
    await store.keep_sign_in(a_sign_in(user="U2"))
    assert a_sign_in(user="U2") == await store.sign_in("key", now=NOW)
    assert [True, False] == [await store.drop_sign_in("key"), await store.drop_sign_in("key")]
    assert await store.sign_in("key", now=NOW) is None
    await store.keep_sign_in(a_sign_in(workspaces=()))
    assert await store.sign_in("key", now=NOW) is None


async def test_all_sign_ins_the_latest_first(store: Store) -> None:
    """The list has every sign-in once, the latest first, whatever the number of its workspaces."""
    for number in range(3):
        made = a_sign_in(key=f"key {number}", workspaces=("1", "2"), created=NOW + timedelta(minutes=number))
        await store.keep_sign_in(made)
    assert ["key 2", "key 1", "key 0"] == [each.key for each in await store.sign_ins(now=NOW)]


async def test_a_workspace_takes_its_sign_ins_along(store: Store) -> None:
    """Purging a workspace removes it from every sign-in, and ends those that have no other."""
    await store.keep_sign_in(a_sign_in(key="one"))
    await store.keep_sign_in(a_sign_in(key="both", workspaces=("1", "2")))
    await store.keep_sign_in(a_sign_in(key="other", platform="slack"))
    assert ("1", "2") == await store.workspaces("discord")
    assert await store.purge_workspace("discord", "1") >= 2
    assert await store.sign_in("one", now=NOW) is None
    assert ("2",) == getattr(await store.sign_in("both", now=NOW), "workspaces", None)
    assert await store.sign_in("other", now=NOW) is not None


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "memory"])
async def test_a_sign_in_outlasts_the_program(kind: str, tmp_path: Path) -> None:
    """A sign-in is there when the database is opened again."""
    async with opened(kind, tmp_path) as before:
        await before.keep_sign_in(a_sign_in())
        assert a_sign_in() == await before.sign_in("key", now=NOW)


def test_what_a_person_sees() -> None:
    """Channels of the person's workspaces on the person's platform are seen, and no others."""
    ada = a_sign_in(workspaces=("1", "2"))
    assert ada.sees(HERE)
    assert not ada.sees(Channel(platform="discord", workspace="3", channel="5"))
    assert not ada.sees(Channel(platform="slack", workspace="1", channel="5"))
    assert not ada.sees(Channel(platform="discord", channel="5"))
