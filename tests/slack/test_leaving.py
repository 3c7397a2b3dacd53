"""After an uninstall nothing that a person of the workspace typed, pasted or read from a file is in the database."""

import asyncio
import json
from datetime import time
from pathlib import Path

from bots.domain.channels import Channel
from bots.domain.requests import DigestNow
from tests.slack.conftest import Office
from tests.support.canaries import files_with, tables_with
from tests.support.factories import a_subscription

#: A word that no code and no sample contains.
CANARY = "zanzibarium"
PASTE = (
    f"We are going to let {CANARY} go in March, and nobody has been told of it yet. We propose to use attention only. "
    "It improves the interests of a team by 4.5 points, and it costs half as much as the usual way of doing it."
)
DRAFT = {"title": f"A draft on {CANARY}", "abstract": PASTE, "authors": [f"Ada {CANARY}"], "doi": f"10.5555/{CANARY}"}


async def leave_traces(office: Office, folder: Path) -> None:
    """Do as a person, and as the operator, whatever stores a text; each text contains the canary."""
    ada, papers = office.ada, office.papers
    await ada.uses_shortcut("summarize")
    await ada.gets_modal("Summarize")
    await ada.fills({"Abstract": PASTE})
    await ada.submits()
    await ada.waits(lambda: ada.modal if ada.modal and CANARY in ada.modal.text else None, what="the blurb")
    await ada.cancels()
    message = await ada.says(PASTE, papers)
    await ada.uses_message_shortcut("summarize_message", message)
    await ada.reads(CANARY, papers, only_me=True)
    for typed, said in (
        (f'subscribe source=sample at=09:00 query="{CANARY}"', "Subscribed"),
        (f"search {CANARY}", CANARY),
        ("save 1706.03762", "Saved:"),
        (f"saved {CANARY}", CANARY),
    ):
        await ada.types(f"/paper {typed}", papers)
        await ada.reads(said, papers, only_me=True)
    file = folder / "drafts.jsonl"
    file.write_text(json.dumps(DRAFT), encoding="utf-8")
    place = Channel(platform="slack", workspace=ada.workspace.id, channel=papers.id)
    service, store = office.application.service, office.application.store
    await store.keep_subscription(a_subscription(id=CANARY, channel=place, query=CANARY, times=(time(9),)))
    await store.drop_subscription(CANARY)
    if not await store.installations("slack"):
        # Over Socket Mode there is one workspace, and the operator may leave its name out.
        unnamed = Channel(platform="slack", channel=papers.id)
        await store.keep_subscription(a_subscription(id="unnamed", channel=unnamed, query=CANARY, sources=("sample",)))
        await service.digest_now(DigestNow(channel=unnamed, sources=(f"file:{folder / 'drafts.jsonl'}",), trusted=True))
    digest = await service.digest_now(DigestNow(channel=place, sources=(f"file:{file}",), trusted=True))
    assert [f"A draft on {CANARY}"] == [entry.paper.title for entry in digest.entries]
    await office.application.executor.post_now(digest)
    for button in ("Save", "Abstract", "More like this"):
        posted = await ada.reads(CANARY, papers)
        await ada.presses(posted, button, wait=False)
    await asyncio.sleep(0)
    await ada.types(f"/paper search {CANARY}", papers)
    await ada.reads("A draft on", papers, only_me=True)


async def test_who_uninstalls_leaves_no_word_behind(office: Office, tmp_path: Path) -> None:
    """Every table and every file of the database is free of the canary after the uninstall, and held it before."""
    database = tmp_path / "paperwire.sqlite3"
    await leave_traces(office, tmp_path)
    before = {place.partition(".")[0] for place in tables_with(database, CANARY)}
    assert {"subscription", "delivery", "private_paper", "private_name"} <= before
    assert "summary_cache" not in before
    assert files_with(database, CANARY)
    office.ada.uninstalls()
    async with asyncio.timeout(10):
        while tables_with(database, CANARY) or files_with(database, CANARY):  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0.05)
