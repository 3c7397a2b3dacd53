"""An archive that a stranger made, or altered, gives them nothing."""

import hashlib
import json
import zipfile
from datetime import timedelta
from pathlib import Path

from bots.domain.sign_ins import SignIn
from bots.store.archive_format import MANIFEST, as_json
from bots.store.sql import open_store
from tests.store.recorded import table_rows
from tests.store.test_transfer import two_databases
from tests.support.factories import NOW


async def test_nobody_is_signed_in_by_an_archive() -> None:
    """Who makes an archive knows a session of theirs; with a row for it they would be the operator's equal."""
    with two_databases("sqlite", "sqlite") as (source, target, file):
        async with open_store(source) as store:
            made = SignIn(
                key="theirs", platform="web", user="", name="Operator", workspaces=("",), operator=True, created=NOW,
                expires=NOW + timedelta(days=9999),
            )  # fmt: skip
            await store.keep_sign_in(made)
            await store.write_archive(file, now=NOW)
        with zipfile.ZipFile(file) as archive:
            assert "tables/sign_in.jsonl" not in archive.namelist()
        forged = json.dumps(as_json(table_rows(source)["sign_in"][0])).encode() + b"\n"
        _with_table(file, "sign_in", forged)
        async with open_store(target) as store:
            await store.read_archive(file)
            assert None is await store.sign_in("theirs", now=NOW)


def _with_table(file: Path, name: str, content: bytes) -> None:
    """Add a table with one row to an archive, as an archive of an earlier version has it, or that of a stranger."""
    with zipfile.ZipFile(file) as archive:
        held = {each: archive.read(each) for each in archive.namelist()}
    manifest = json.loads(held[MANIFEST])
    told = {"file": f"tables/{name}.jsonl", "rows": 1, "sha256": hashlib.sha256(content).hexdigest()}
    manifest["tables"][name] = told
    with zipfile.ZipFile(file, "w") as archive:
        for each, was in held.items():
            archive.writestr(each, json.dumps(manifest) if each == MANIFEST else was)
        archive.writestr(f"tables/{name}.jsonl", content)
