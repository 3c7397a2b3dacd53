"""Archives of the whole database: what is written is read back row by row, and nothing else is accepted."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.domain.channels import Channel, Reader
from bots.domain.credentials import Credential, CredentialKind
from bots.domain.errors import StoreError
from bots.domain.installations import Installation
from bots.domain.papers import Paper
from bots.store._secrets import new_key
from bots.store.sql import SqlStore, open_store
from bots.store.tables import metadata
from tests.contracts.test_store_mailboxes import a_mailbox
from tests.contracts.test_store_tenants import IDS, PLACES, live
from tests.store.recorded import table_rows
from tests.store.stores import KINDS, address
from tests.support import hostile
from tests.support.factories import DAY, NOW, a_blurb, a_paper

KEY = new_key()
PHRASE = "correct horse battery staple"
SQL_KINDS = tuple(kind for kind in KINDS if kind != "memory")
#: What an archive without secrets lacks.
SECRET = ("installation", "credential")


@contextmanager
def two_databases(one: str, other: str) -> Iterator[tuple[str, str, Path]]:
    """Yield the addresses of two empty databases, and a path for an archive."""
    with TemporaryDirectory() as folder:
        first, second = Path(folder, "one"), Path(folder, "two")
        first.mkdir()
        second.mkdir()
        with address(one, first) as source, address(other, second) as target:
            yield source, target, Path(folder, "all.zip")


async def fill(store: SqlStore, papers: list[Paper], places: list[Channel]) -> None:
    """Store something in every table."""
    for place in places:
        await live(store, place, IDS[0])
    await store.remember([replace(paper, private=False) for paper in papers], source="arxiv:cs.CL", day=DAY)
    for paper in papers:
        await store.save_paper(Reader(platform="discord", user="5"), paper, now=NOW)
        await store.keep_blurb(str(paper.id), a_blurb(text="A blurb."), now=NOW)
    await store.keep_vectors({"key": b"\x00\xff vector"}, now=NOW)
    await store.once("event", "1", now=NOW)
    await store.spend(Reader(platform="slack", workspace="T1", user="U1"), "preview", day=DAY, limit=9)
    await store.keep_mailbox(a_mailbox())
    await store.keep_installation(
        Installation(
            platform="slack", workspace="T1", token="xoxb-SECRET", enterprise=False, bot_user="U", scopes=("chat",),
            installed_by="U2", installed_at=NOW, extra={},
        )
    )  # fmt: skip
    await store.keep_credential(
        Credential(
            kind=CredentialKind.WEBHOOK, id="w", channel=PLACES[0], created=NOW, secrets={"url": "https://S3CRET"}
        )
    )


def compared(place: str) -> dict[str, list[dict[str, Any]]]:
    """Return every row of the tables that an archive holds."""
    left = {"search_entry", "search_vector", "search_word", "sign_in"}
    return {name: rows for name, rows in table_rows(place).items() if name in metadata.tables.keys() - left}


@pytest.mark.parametrize(("one", "other"), [(one, other) for one in SQL_KINDS for other in SQL_KINDS])
@settings(parent=hostile.patient, max_examples=8)
@given(
    papers=st.lists(hostile.papers, max_size=4, unique_by=lambda paper: paper.id),
    places=st.lists(st.sampled_from(PLACES), max_size=3, unique=True),
)
async def test_every_row_comes_back(one: str, other: str, papers: list[Paper], places: list[Channel]) -> None:
    """Whatever is stored, a database that was read from an archive has the same rows in every table."""
    with two_databases(one, other) as (source, target, file):
        async with open_store(source, keys=[KEY]) as store:
            await fill(store, papers, places)
            written = await store.write_archive(file, now=NOW, passphrase=PHRASE)
        before = compared(source)
        async with open_store(target, keys=[KEY]) as store:
            read = await store.read_archive(file, passphrase=PHRASE)
            # The tables count on where they were: a new tenant does not take the number of another.
            await store.spend(Reader(platform="new", workspace="T9"), "preview", day=DAY, limit=9)
            await store.purge_workspace("new", "T9")
        assert before == compared(target)
        assert written.rows == read.rows == {name: len(rows) for name, rows in before.items()}
        assert () == written.left_out


async def test_an_archive_without_secrets_has_none(tmp_path: Path) -> None:
    """Without a passphrase tokens and keys are left out and named; everything else comes back."""
    with two_databases("sqlite", "sqlite") as (source, target, file):
        async with open_store(source, keys=[KEY]) as store:
            await fill(store, [a_paper()], list(PLACES[:2]))
            summary = await store.write_archive(file, now=NOW)
            mailbox = await store.mailbox("id-ada")
        assert mailbox is not None
        assert ["1 tokens", "1 API", "1 keys"] == [" ".join(each.split()[:2]) for each in summary.left_out]
        texts = unpacked(file)
        assert mailbox.secret not in texts
        assert "S3CRET" not in texts
        async with open_store(target) as store:
            await store.read_archive(file)
            fresh = await store.mailbox("id-ada")
        assert fresh is not None
        assert (mailbox.address, True) == (fresh.address, len(fresh.secret) > 30)
        before, after = compared(source), compared(target)
        assert [[], []] == [after[name] for name in SECRET]
        same = before.keys() - {*SECRET, "mailbox"}
        assert {name: before[name] for name in same} == {name: after[name] for name in same}


def unpacked(file: Path) -> str:
    """Return the content of all files in an archive."""
    with zipfile.ZipFile(file) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


async def test_secrets_need_their_passphrase() -> None:
    """Secrets are not in the archive in clear; without the passphrase, or with another, nothing is imported."""
    with two_databases("sqlite", "sqlite") as (source, target, file):
        async with open_store(source, keys=[KEY]) as store:
            await fill(store, [], [])
            await store.write_archive(file, now=NOW, passphrase=PHRASE)
        assert "secret of ada" not in unpacked(file)
        async with open_store(target, keys=[KEY]) as store:
            for wrong in ("", "another passphrase"):
                with pytest.raises(StoreError, match="passphrase"):
                    await store.read_archive(file, passphrase=wrong)
            assert not any(compared(target).values())
            await store.read_archive(file, without_secrets=True)
            assert () == await store.installations("slack")


async def test_a_database_with_rows_is_left_alone() -> None:
    """An import into a database that is not empty is refused, with what to do, and changes nothing."""
    with two_databases("sqlite", "sqlite") as (source, target, file):
        async with open_store(source, keys=[KEY]) as store:
            await fill(store, [a_paper()], [])
            await store.write_archive(file, now=NOW)
        async with open_store(target) as store:
            await store.remember([a_paper()], source="x", day=DAY)
            before = compared(target)
            with pytest.raises(StoreError, match="is not empty") as refused:
                await store.read_archive(file)
            assert "--database new.sqlite3 import" in refused.value.hint
            assert before == compared(target)


def changed(file: Path, name: str, content: bytes | None) -> None:
    """Replace a file in an archive, or leave it out."""
    with zipfile.ZipFile(file) as archive:
        whole = {each: archive.read(each) for each in archive.namelist()}
    whole.pop(name)
    with zipfile.ZipFile(file, "w") as archive:
        for each, data in (whole | ({name: content} if content is not None else {})).items():
            archive.writestr(each, data)


def manifest_of(file: Path, **more: Any) -> bytes:
    """Return the manifest of an archive with some values replaced."""
    with zipfile.ZipFile(file) as archive:
        return json.dumps({**json.loads(archive.read("manifest.json")), **more}).encode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("tables/paper.jsonl", b"", "damaged"),
        ("tables/paper.jsonl", None, "damaged"),
        ("tables/paper.jsonl", b"no json", "damaged"),
        ("manifest.json", None, "no archive"),
        ("manifest.json", b"[]", "no archive"),
        ("manifest.json", {"format": "other"}, "no archive"),
        ("manifest.json", {"version": 2}, "newer"),
        ("manifest.json", {"tables": {"unheard": {"file": "x", "rows": 0, "sha256": ""}}}, "does not know"),
        ("tables/paper.jsonl", b"[" * 200_000, "damaged"),
        ("tables/paper.jsonl", b"7\n", "damaged"),
        ("tables/paper.jsonl", b"[]\n", "damaged"),
        ("tables/paper.jsonl", b'{"id": 1}\n' * 3, "archive"),
        ("tables/tenant.jsonl", b'{"id": "x", "platform": [], "workspace": {}}\n', "."),
        ("tables/tenant.jsonl", b'{"id": 1e400, "platform": "p", "workspace": "w"}\n', "."),
        ("manifest.json", b"[" * 200_000, "no archive"),
        ("manifest.json", b" " * 2_000_000 + b"{}", "no archive"),
        ("manifest.json", {"tables": {"paper": 7}}, "no archive"),
        ("manifest.json", {"tables": {"paper": {"file": "tables/paper.jsonl"}}}, "damaged"),
        ("manifest.json", {"tables": {"paper": {"file": "tables/paper.jsonl", "rows": "1", "sha256": 1}}}, "damaged"),
        ("manifest.json", {"secrets": "00", "tables": {}}, "damaged"),
    ],
)
async def test_a_damaged_archive_is_refused(name: str, content: Any, words: str) -> None:
    """An archive that was changed or is of a newer version is refused, and nothing is imported."""
    with two_databases("sqlite", "sqlite") as (source, target, file):
        async with open_store(source, keys=[KEY]) as store:
            await fill(store, [a_paper()], [])
            await store.write_archive(file, now=NOW)
        changed(file, name, manifest_of(file, **content) if isinstance(content, dict) else content)
        async with open_store(target) as store:
            with pytest.raises(StoreError, match=words):
                await store.read_archive(file)
        assert not any(compared(target).values())


def told_otherwise(file: Path, place: int, value: bytes) -> None:
    """Change some bytes of both heads of the first entry of an archive."""
    whole = bytearray(file.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = whole.index(mark) + offset + place
        whole[start : start + len(value)] = value
    file.write_bytes(whole)


@pytest.mark.parametrize(("place", "value"), [(0, b"\x01\x00"), (2, b"\x63\x00")], ids=["encrypted", "compression"])
async def test_a_zip_of_another_kind_is_refused(place: int, value: bytes, tmp_path: Path) -> None:
    """An entry that is encrypted, or compressed in an unknown way, is refused in words."""
    file = tmp_path / "all.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("manifest.json", b"{}")
    told_otherwise(file, place, value)
    with two_databases("sqlite", "sqlite") as (source, _, _file):
        async with open_store(source) as store:
            with pytest.raises(StoreError, match="no archive"):
                await store.read_archive(file)


async def test_compressed_bytes_that_are_none_are_refused() -> None:
    """Bytes that cannot be unpacked are a damaged archive, and nothing is imported."""
    with two_databases("sqlite", "sqlite") as (source, target, file):
        async with open_store(source, keys=[KEY]) as store:
            await fill(store, [a_paper()], [])
            await store.write_archive(file, now=NOW)
        with zipfile.ZipFile(file) as archive:
            entry = archive.getinfo("tables/paper.jsonl")
        whole = bytearray(file.read_bytes())
        start = entry.header_offset + 30 + len(entry.filename) + 20
        whole[start : start + 40] = b"\xff" * 40
        file.write_bytes(whole)
        async with open_store(target) as store:
            with pytest.raises(StoreError, match="damaged"):
                await store.read_archive(file)
        assert not any(compared(target).values())


async def test_another_file_is_no_archive(tmp_path: Path) -> None:
    """A file that is no zip, or that is not there, is refused in words; a folder cannot be written."""
    other = tmp_path / "other.zip"
    other.write_bytes(b"PK but not really")
    with two_databases("sqlite", "sqlite") as (source, _, _file):
        async with open_store(source) as store:
            for file, words in ((other, "no archive"), (tmp_path / "none.zip", "cannot be read")):
                with pytest.raises(StoreError, match=words):
                    await store.read_archive(file)
            with pytest.raises(StoreError, match="cannot be written"):
                await store.write_archive(tmp_path / "no" / "folder.zip", now=NOW)


def names_in(folder: Path) -> list[str]:
    """Return the names of the files in a folder."""
    return [each.name for each in folder.iterdir()]


async def test_an_archive_is_private_and_whole(tmp_path: Path) -> None:
    """Only its owner can read an archive, and nothing is left beside it; the same content gives the same tables."""
    file = tmp_path / "all.zip"
    with two_databases("sqlite", "sqlite") as (source, _, _file):
        async with open_store(source) as store:
            await store.remember([a_paper()], source="x", day=DAY)
            await store.write_archive(file, now=NOW)
            first = file.read_bytes()
            await store.write_archive(file, now=NOW)
    assert 0o600 == file.stat().st_mode & 0o777
    assert ["all.zip"] == sorted(names_in(tmp_path))
    assert len(first) == len(file.read_bytes())
