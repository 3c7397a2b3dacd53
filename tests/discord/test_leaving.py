"""After a server was forgotten, nothing that anyone there typed, pasted or read from a file is in the database."""

import asyncio
import json
from pathlib import Path

from bots.domain.channels import Channel
from bots.domain.requests import DigestNow, Subscribe
from tests.discord.conftest import Lab
from tests.support.canaries import files_with, tables_with
from tests.support.factories import a_subscription

#: A word that no code and no sample contains.
CANARY = "zanzibarium"
PASTE = (
    f"We are going to let {CANARY} go in March, and nobody has been told of it yet. We propose to use attention only. "
    "It improves the interests of a team by 4.5 points, and it costs half as much as the usual way of doing it."
)
DRAFT = {"title": f"A draft on {CANARY}", "abstract": PASTE, "authors": [f"Ada {CANARY}"], "doi": f"10.5555/{CANARY}"}


async def leave_traces(lab: Lab, folder: Path) -> None:
    """Do as a person, and as the operator, whatever stores a text; each text contains the canary."""
    ada, papers = lab.ada, lab.papers
    await ada.uses("/summarize", papers)
    await ada.gets_modal("Condense an abstract")
    await ada.fills({"Abstract": PASTE})
    await ada.submits()
    await ada.reads(CANARY, papers, only_me=True)
    await ada.uses_on_message("Summarize", await ada.says(PASTE, papers))
    await ada.uses("/paper search", papers, words=CANARY)
    await ada.uses("/paper saved", papers, words=CANARY)
    file = folder / "drafts.jsonl"
    file.write_text(json.dumps(DRAFT), encoding="utf-8")
    place = Channel(platform="discord", workspace=lab.guild.id, channel=papers.id)
    service = lab.application.service
    wanted = a_subscription(id="", channel=place, sources=("sample",), query=CANARY, interests=CANARY)
    await service.answer(Subscribe(channel=place, user="5", subscription=wanted))
    digest = await service.digest_now(DigestNow(channel=place, sources=(f"file:{file}",), trusted=True))
    assert [f"A draft on {CANARY}"] == [entry.paper.title for entry in digest.entries]
    await lab.application.executor.post_now(digest)
    posted = await ada.reads("A draft on", papers)
    await ada.presses(posted, "Save")
    await ada.reads("Saved:", papers, only_me=True)
    await ada.suggests("/paper lookup", papers, "paper", typed=CANARY)
    await ada.uses("/paper saved", papers)
    await ada.reads("A draft on", papers, only_me=True)


async def test_a_server_that_leaves_leaves_no_word_behind(lab: Lab, tmp_path: Path) -> None:
    """Every table and every file of the database is free of the canary after it is forgotten, and held it before."""
    database = tmp_path / "paperwire.sqlite3"
    await leave_traces(lab, tmp_path)
    before = {place.partition(".")[0] for place in tables_with(database, CANARY)}
    assert {"subscription", "delivery", "private_paper", "private_name", "saved_paper"} <= before
    assert "summary_cache" not in before
    assert files_with(database, CANARY)
    await lab.application.store.purge_workspace("discord", lab.guild.id)
    lab.discord.kick(lab.guild)
    async with asyncio.timeout(10):
        while tables_with(database, CANARY) or files_with(database, CANARY):  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0.05)
