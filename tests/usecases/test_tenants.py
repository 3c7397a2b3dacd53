"""Private papers in use: what one workspace reads from a file is shown, suggested and condensed for it alone."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import select

from bots.domain import requests
from bots.domain.channels import Channel
from bots.domain.follows import FollowKind, MentionStep
from bots.domain.paper_ids import PaperId, PaperRef
from bots.domain.papers import Paper
from bots.domain.replies import Card, Citation, DigestReply, Noted, Problem, SavedList
from bots.domain.requests import Lookup, Request
from bots.ports import Store
from bots.store.sql import SqlStore
from bots.store.tables import metadata
from bots.usecases.lookup import PaperLookup
from tests.store.stores import KINDS, opened
from tests.support.doubles import Bench, ToldSource, a_bench
from tests.support.factories import DAY, a_paper, a_subscription, five_papers

FILE = "file:drafts.jsonl"
#: The word in every text of the file that people search for, and one that nobody types.
SECRET, HIDDEN = "zanzibarium", "quokkalith"
TITLE = f"A draft on {SECRET} and {HIDDEN}"
DRAFT = PaperId.titled(TITLE)
LISTED = PaperId.arxiv("1706.03762")
HERE = Channel(platform="slack", workspace="T1", channel="C1")
THERE = Channel(platform="slack", workspace="T2", channel="C1")
SERVERS = [Channel(platform="discord", workspace=server, channel="22") for server in ("77", "78")]


def drafts() -> tuple[Paper, ...]:
    """Return the papers of the file: one of its own, and private notes on a published one."""
    text = (
        f"We measure {SECRET} and {HIDDEN} in silence. Its rate is 42.5 percent in all of our trials. "
        f"We describe why {HIDDEN} is so, and what it is good for."
    )
    mine = {"abstract": text, "authors": (f"Ada {HIDDEN}",), "venue": HIDDEN, "url": "", "code": "", "source": FILE}
    own = a_paper(id=DRAFT, title=TITLE, **mine)
    noted = a_paper(title="Attention Is All You Need", published=None, **mine)
    return own, noted


@pytest.fixture(params=KINDS)
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    """A service on each kind of store, with a file and a public source; nothing else is a library."""
    sources = {FILE: ToldSource(spec=FILE, papers=drafts()), "told": ToldSource()}
    async with opened(request.param, tmp_path) as store, a_bench(store, **sources) as made:
        lookup = PaperLookup(shelf=store, libraries=[made.sources["told"]])
        yield replace(made, service=replace(made.service, paper_lookup=lookup))


async def read_file(bench: Bench, channel: Channel = HERE) -> DigestReply:
    """Post the digest of the file in a channel, as the operator's subscription does."""
    ask = requests.DigestNow(channel=channel, sources=(FILE,), trusted=True)
    reply = await bench.service.answer(ask)
    assert isinstance(reply, DigestReply)
    return reply


def asked(channel: Channel, place: Channel | None = None) -> Mapping[type, tuple[Request, ...]]:
    """Return requests of each kind, by which a person may try to read the draft."""
    who: dict[str, object] = {"channel": channel, "user": "bob", "place": place}
    subscription = a_subscription(channel=channel, sources=("told",), query=SECRET)
    given: Mapping[type, list[dict[str, object]]] = {
        requests.Lookup: [{"text": text} for text in (SECRET, "1706.03762", f"A draft on {SECRET}")],
        requests.Search: [{"words": words} for words in (SECRET, f"{SECRET} OR trials", "1706.03762", "silence")],
        requests.Summarize: [{"text": "We measure nothing here. It is a text of someone else. " * 5}],
        requests.DigestNow: [{"sources": ("told",)}, {"sources": (FILE,)}, {"sources": ("told",), "query": SECRET}],
        requests.Subscribe: [{"subscription": subscription}, {"subscription": replace(subscription, sources=(FILE,))}],
        requests.Preview: [{"subscription": subscription}, {"subscription": replace(subscription, sources=(FILE,))}],
        requests.Edit: [
            {"subscription_id": name, "options": options}
            for name in ("", "1", "a1b2c3", SECRET)
            for options in ((), (("source", FILE),), (("at", "10:00"),))
        ],
        requests.Unsubscribe: [{"subscription_id": "a1b2c3"}],
        requests.Pause: [{"subscription_id": "a1b2c3"}],
        requests.Resume: [{"subscription_id": "a1b2c3"}],
        requests.ListSubscriptions: [{}],
        requests.Abstract: [{"paper_id": name} for name in (DRAFT, LISTED)],
        requests.Save: [{"paper_id": name} for name in (DRAFT, LISTED)],
        requests.Unsave: [{"paper_id": name} for name in (DRAFT, LISTED)],
        requests.Saved: [{}, {"words": SECRET}],
        requests.MoreLike: [{"paper_id": name} for name in (DRAFT, LISTED)],
        requests.NotForUs: [{"paper_id": name, "sure": sure} for name in (DRAFT, LISTED) for sure in (True, False)],
        requests.Hidden: [{}],
        requests.Unhide: [{"paper_id": name} for name in (DRAFT, LISTED)],
        requests.Cite: [{"paper_id": DRAFT}, {"paper_id": LISTED}, {"paper_id": None}],
        requests.Taste: [
            {"step": step, "papers": (PaperRef(id=DRAFT), PaperRef(id=LISTED))} for step in requests.TasteStep
        ],
        requests.Follow: [{"kind": kind, "text": SECRET} for kind in FollowKind],
        requests.Unfollow: [{"text": text} for text in (SECRET, "1")],
        requests.Following: [{}],
        requests.Mentions: [{"step": step} for step in MentionStep],
        requests.Help: [{}],
        requests.SmallTalk: [{"talk": requests.Talk.HELP}],
    }
    return {kind: tuple(kind(**who, **each) for each in some) for kind, some in given.items()}


def test_every_request_is_asked_below() -> None:
    """Every kind of request that exists is tried by the stranger."""
    assert set(get_args(Request)) == asked(THERE).keys()


@pytest.mark.parametrize(("here", "there", "place"), [(HERE, THERE, None), (*SERVERS, SERVERS[1])])
async def test_no_request_of_a_stranger_shows_a_draft(
    bench: Bench, here: Channel, there: Channel, place: Channel | None
) -> None:
    """Whatever another workspace asks for, no reply has a word of the file; what it reads itself is public."""
    await read_file(bench, here)
    for word in (SECRET, TITLE):
        await bench.service.answer(requests.Lookup(channel=here, user="ada", text=word))
    own = Channel(platform=there.platform, channel="bob") if place else there
    for kind, some in asked(own if place else there, place).items():
        for request in some:
            assert HIDDEN not in repr(await bench.service.answer(request)).casefold(), (kind, request)


async def test_the_workspace_itself_sees_its_drafts(bench: Bench) -> None:
    """In its own workspace a draft is looked up, searched, condensed, saved, cited and turned down like any paper."""
    await read_file(bench)
    mine = {kind: some for kind, some in asked(HERE).items() if kind in get_args(requests.OfPaper)}
    for request in (*asked(HERE)[requests.Lookup], *asked(HERE)[requests.Search]):
        assert HIDDEN in repr(await bench.service.answer(request)).casefold(), request
    hides = (requests.NotForUs, requests.Hidden, requests.Unhide)
    for kind in (requests.Abstract, requests.Save, requests.Saved, requests.MoreLike, requests.Cite, *hides):
        assert HIDDEN in repr(await bench.service.answer(mine[kind][0])).casefold(), kind


async def test_a_shown_draft_stays_private(bench: Bench) -> None:
    """Showing a draft in its workspace does not put it on the shared shelf."""
    await read_file(bench)
    assert isinstance(await bench.service.answer(requests.Lookup(channel=HERE, text=TITLE)), Card)
    await bench.service.answer(requests.Search(channel=HERE, words=SECRET))
    assert () == await bench.store.search_papers(SECRET, 9)
    assert [None, None] == [await bench.store.paper(name) for name in (DRAFT, LISTED)]


async def test_both_workspaces_get_what_both_read(bench: Bench) -> None:
    """Two workspaces that read one file within a minute each get its papers, and each may look them up."""
    await asyncio.gather(read_file(bench, HERE), read_file(bench, THERE))
    for place in (HERE, THERE):
        assert isinstance(await bench.service.answer(requests.Lookup(channel=place, text=TITLE)), Card)


async def test_a_paper_of_two_sources_is_public_without_its_notes(bench: Bench) -> None:
    """A digest of a file and a public source stores the public record alone for everyone."""
    ask = requests.DigestNow(channel=HERE, sources=(FILE, "told"), trusted=True)
    assert HIDDEN in repr(await bench.service.answer(ask))
    (public,) = (paper for paper in bench.sources["told"].papers if paper.id == LISTED)
    assert public == await bench.store.paper(LISTED)
    reply = await bench.service.answer(requests.Abstract(channel=THERE, paper_id=LISTED))
    assert HIDDEN not in repr(reply)


async def test_nothing_of_a_draft_is_in_a_shared_table(bench: Bench) -> None:
    """After a digest, a look-up and a paste, no table without a tenant has a word of them; not even as a blurb."""
    if not isinstance(bench.store, SqlStore):
        pytest.skip("this store has no tables")
    await read_file(bench)
    await bench.service.answer(requests.Lookup(channel=HERE, text=SECRET))
    text = drafts()[0].abstract
    await bench.service.answer(requests.Summarize(channel=HERE, text=text))
    assert [] == [name for name, rows in (await tables(bench.store)).items() if HIDDEN in rows and _is_shared(name)]
    assert any(HIDDEN in rows for rows in (await tables(bench.store)).values())


def _is_shared(name: str) -> bool:
    return "tenant_id" not in metadata.tables[name].c


async def tables(store: SqlStore) -> dict[str, str]:
    """Return the rows of each table as text."""
    return {
        table.name: repr([tuple(row) for row in await store._database.rows(select(table))])
        for table in metadata.sorted_tables
    }


async def test_a_blurb_of_a_public_paper_is_shared(bench: Bench) -> None:
    """The blurb of a public paper is made once for all workspaces."""
    for place in (HERE, THERE):
        await bench.service.answer(requests.Lookup(channel=place, text="1706.03762"))
    assert 1 == len(bench.summarizer.asked)


# ── people of Discord, who are the same in every server ──────────────────────────────────────────────────────────────


async def test_a_saved_draft_stays_in_its_server(bench: Bench) -> None:
    """A person sees a saved draft in its server and not in another; it is deleted with the server."""
    here, there = SERVERS
    me = Channel(platform="discord", channel="5")
    await read_file(bench, here)
    for name in (DRAFT, LISTED):
        assert isinstance(
            await bench.service.answer(requests.Save(channel=me, place=here, user="5", paper_id=name)), Noted
        )
    await bench.service.answer(requests.Save(channel=me, place=there, user="5", paper_id=PaperId.arxiv("1810.04805")))

    async def saved(place: Channel) -> list[PaperId]:
        listed = await bench.service.answer(requests.Saved(channel=me, place=place, user="5"))
        assert isinstance(listed, SavedList)
        cited = await bench.service.answer(requests.Cite(channel=me, place=place, user="5"))
        assert isinstance(cited, Citation)
        assert cited.papers == len(listed.papers)
        return [paper.id for paper in listed.papers]

    assert [PaperId.arxiv("1810.04805")] == await saved(there)
    assert {DRAFT, LISTED, PaperId.arxiv("1810.04805")} == set(await saved(here))
    await bench.service.answer(requests.Unsave(channel=me, place=here, user="5", paper_id=LISTED))
    assert {DRAFT, PaperId.arxiv("1810.04805")} == set(await saved(here))
    await bench.store.purge_workspace("discord", here.workspace)
    assert [PaperId.arxiv("1810.04805")] == await saved(here)


async def test_a_published_paper_of_a_file_is_saved_for_every_server(bench: Bench) -> None:
    """If a paper of a file is public too, the person's list gets the public record, and has it everywhere."""
    here, there = SERVERS
    me = Channel(platform="discord", channel="5")
    await read_file(bench, here)
    await bench.service.answer(requests.Lookup(channel=there, text="1706.03762"))
    await bench.service.answer(requests.Save(channel=me, place=here, user="5", paper_id=LISTED))
    listed = await bench.service.answer(requests.Saved(channel=me, place=there, user="5"))
    assert isinstance(listed, SavedList)
    assert [LISTED] == [paper.id for paper in listed.papers]
    assert HIDDEN not in repr(listed)


# ── libraries ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_title_of_a_draft_is_sent_to_no_library(bench: Bench) -> None:
    """For papers like a draft only the shelf is searched, and the reply says so; a paper with a public id is sent."""

    class Listening(ToldSource):
        async def search(self, words: str, limit: int) -> tuple[Paper, ...]:
            heard.append(words)
            return await super().search(words, limit)

    heard: list[str] = []
    lookup = PaperLookup(shelf=bench.store, libraries=[Listening()])
    draft, noted = (replace(paper, private=True) for paper in drafts())
    found = await lookup.around(draft, HERE)
    assert ([], 1) == (heard, len(found.notes))
    await lookup.around(noted, HERE)
    assert 1 == len(heard)


async def test_papers_of_a_private_library_are_private(bench: Bench) -> None:
    """What the operator looks up in a file is not put on the shared shelf."""
    lookup = PaperLookup(shelf=bench.store, libraries=[bench.sources[FILE]])
    service = replace(bench.service, paper_lookup=lookup)
    terminal = Channel(platform="console", channel="terminal")
    for text in (TITLE, "1706.03762", "Attention"):
        assert not isinstance(await service.answer(requests.Lookup(channel=terminal, text=text)), Problem)
    assert () == await bench.store.search_papers("attention", 5)
    assert 1 == len(await bench.store.search_papers("attention", 5, place=terminal))


async def test_a_purge_deletes_what_was_read(bench: Bench) -> None:
    """After a workspace left, its drafts are unknown, and it may read the file again later."""
    store: Store = bench.store
    await read_file(bench)
    await store.purge_workspace("slack", "T1")
    assert isinstance(await bench.service.answer(requests.Abstract(channel=HERE, paper_id=DRAFT)), Problem)
    await bench.clock.sleep(3600)
    await read_file(bench)
    assert isinstance(await bench.service.answer(requests.Lookup(channel=HERE, text=TITLE)), Card)
    assert DAY == drafts()[0].announced


async def test_looking_at_a_draft_neither_spreads_it_nor_keeps_it(bench: Bench) -> None:
    """A draft of one channel is not the workspace's after somebody looked at it there, and its end is not put off."""
    alone, beside = (Channel(platform="slack", workspace=workspace, channel="C1") for workspace in ("", "T3"))
    other = replace(beside, channel="C2")
    paper = replace(five_papers()[0], private=True)
    day = bench.clock().date()
    await bench.store.remember([paper], source="file:drafts.jsonl", day=day, place=alone)
    assert await bench.store.paper(paper.id, place=beside) is not None
    await bench.service.answer(Lookup(channel=beside, user="U1", text=str(paper.id)))
    assert await bench.store.paper(paper.id, place=other) is None
    await bench.clock.sleep(timedelta(days=60).total_seconds())
    await bench.service.answer(Lookup(channel=beside, user="U1", text=str(paper.id)))
    await bench.clock.sleep(timedelta(days=60).total_seconds())
    await bench.store.expire(now=bench.clock())
    assert await bench.store.paper(paper.id, place=alone) is None
