"""Saved papers are added to a library once, whatever Zotero and the network do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.channels import Channel, Reader
from bots.domain.credentials import Credential, CredentialKind
from bots.domain.errors import NotAllowed
from bots.domain.feedback import Feedback, Sign
from bots.domain.papers import Paper, PaperId
from bots.outbound.client import Outbound
from bots.store._secrets import new_key
from bots.store.memory import MemoryStore
from bots.store.sql import open_store
from bots.zotero.api import MOST_READ, ZoteroApi, ZoteroError
from bots.zotero.items import item_key, item_of
from bots.zotero.links import Pushed, ZoteroLinks, library_of
from tests.contracts.test_store_archive import numbered
from tests.contracts.test_store_credentials import everything_in
from tests.fakes.zotero_server import _FIELDS, _KEY, KEY, ZoteroFault, ZoteroServer
from tests.support import hostile
from tests.support.factories import NOW, a_paper, five_papers

ADA = Channel(platform="slack", workspace="T1", channel="U1")
LIBRARY = "users/475425"


@dataclass(kw_only=True)
class Lab:
    """A library, and a person who saves papers."""

    server: ZoteroServer
    api: ZoteroApi
    store: MemoryStore = field(default_factory=MemoryStore)
    slept: list[float] = field(default_factory=list)

    @property
    def links(self) -> ZoteroLinks:
        """The links of the store."""
        return ZoteroLinks(store=self.store, clock=lambda: NOW)

    @property
    def items(self) -> dict[str, Any]:
        """The items of the library by key."""
        return self.server.libraries[LIBRARY]

    async def save(self, *papers: Paper) -> None:
        """Save papers as Ada, a second apart."""
        reader = Reader(platform="slack", workspace="T1", user="U1")
        before = len(await self.store.saved_papers(reader))
        for number, paper in enumerate(papers, start=before):
            await self.store.save_paper(reader, paper, now=NOW + timedelta(seconds=number))

    async def link(self, collection: str = "") -> Credential:
        """Connect Ada's saved papers with the library, or return the connection."""
        held = await self.store.credentials(CredentialKind.ZOTERO, ADA)
        if held:
            return held[0]
        return await self.links.add(ADA, person=True, key=KEY, library=LIBRARY, collection=collection)

    async def push(self) -> Pushed:
        """Add what is new."""
        return await self.links.push(await self.link(), self.api)


@asynccontextmanager
async def a_lab(key: str = KEY) -> AsyncIterator[Lab]:
    """Yield a lab."""
    async with (
        ZoteroServer() as server,
        Outbound(
            agent="x", private_hosts=frozenset({server.url.removeprefix("http://")}), most_read=MOST_READ
        ) as outbound,
    ):
        lab = Lab(server=server, api=ZoteroApi(url=server.url, key=key, outbound=outbound))

        async def sleep(seconds: float) -> None:
            lab.slept.append(seconds)

        lab.api.sleep = sleep
        yield lab


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    """A library without items."""
    async with a_lab() as lab:
        yield lab


async def test_a_key_is_stored_encrypted(tmp_path: Path) -> None:
    """Whoever gets the database's file has no access to the libraries of the people in it."""
    async with open_store(tmp_path / "paperwire.sqlite3", keys=[new_key()]) as store:
        links = ZoteroLinks(store=store, clock=lambda: NOW)
        made = await links.add(ADA, person=True, key=KEY, library=LIBRARY, collection="")
        (held,) = await store.credentials(CredentialKind.ZOTERO, ADA)
        assert (KEY, LIBRARY) == (held.secrets["key"], held.facts["library"])
        assert KEY not in repr(made) + repr(held)
    assert KEY.encode() not in everything_in(tmp_path)


async def test_saved_papers_are_added_once(lab: Lab) -> None:
    """A push adds what was saved since the last one; a second push adds nothing and asks Zotero nothing."""
    await lab.save(*five_papers()[:3])
    assert Pushed(new=3, known=0, failed={}) == await lab.push()
    await lab.save(*five_papers()[3:])
    assert Pushed(new=2, known=3, failed={}) == await lab.push()
    asked = len(lab.server.requests)
    assert Pushed(new=0, known=5, failed={}) == await lab.push()
    assert asked == len(lab.server.requests)
    assert [paper.title for paper in five_papers()] == [item["title"] for item in lab.items.values()]


async def test_an_item_is_as_zotero_writes_it(lab: Lab) -> None:
    """A preprint has its repository and id, names in two parts, an organisation in one, the day and a collection."""
    paper = a_paper(
        authors=("Ashish Vaswani", "OpenAI", "Ludwig van Beethoven"), published=datetime(2017, 6, 12, 9, tzinfo=UTC),
        keywords=("attention",),
    )  # fmt: skip
    await lab.save(paper)
    await lab.link(collection="ABCD2345")
    await lab.push()
    (item,) = lab.items.values()
    assert ("preprint", "arXiv", "arXiv:1706.03762") == (item["itemType"], item["repository"], item["archiveID"])
    assert ("2017-06-12", ["ABCD2345"], [{"tag": "attention"}]) == (item["date"], item["collections"], item["tags"])
    assert [
        {"creatorType": "author", "lastName": "Vaswani", "firstName": "Ashish"},
        {"creatorType": "author", "name": "OpenAI"},
        {"creatorType": "author", "lastName": "van Beethoven", "firstName": "Ludwig"},
    ] == item["creators"]


def test_a_published_paper_is_an_article() -> None:
    """A paper with a venue is a journal's article, with its DOI and, in `extra`, its preprint."""
    doi = PaperId(scheme="doi", value="10.5555/3295222.3295349")
    item = item_of(a_paper(venue="NeurIPS", aliases=frozenset({doi})))
    expected = ("journalArticle", "NeurIPS", doi.value, "arXiv: 1706.03762")
    assert expected == tuple(item[name] for name in ("itemType", "publicationTitle", "DOI", "extra"))


@hostile.patient
@given(st.lists(hostile.papers, max_size=4))
def test_any_paper_is_an_item(papers: list[Paper]) -> None:
    """Any paper has a valid key, and only fields that its type has."""
    for paper in papers:
        item = item_of(paper)
        assert _FIELDS[item["itemType"]] >= set(item)
        assert _KEY.fullmatch(item["key"])
        assert item["key"] == item_key(replace(paper, title="another"))


@pytest.mark.parametrize(
    "fault",
    [
        ZoteroFault(),
        ZoteroFault(done=True),
        ZoteroFault(status=500),
        ZoteroFault(status=502, done=True),
        ZoteroFault(status=429, headers=("Retry-After: 7",)),
        ZoteroFault(status=503, headers=("Retry-After: 7",)),
        ZoteroFault(status=409),
    ],
)
@pytest.mark.parametrize("place", [0, 1])
async def test_nothing_is_doubled_or_lost(lab: Lab, fault: ZoteroFault, place: int) -> None:
    """If a request is refused for now, or its answer is lost, it is repeated, and each paper is there once."""
    await lab.save(*five_papers())
    # The first request asks what is there, the second one creates.
    lab.server.faults = [ZoteroFault(status=429), fault][1 - place :]
    pushed = await lab.push()
    assert 5 == len(lab.items) == pushed.new + pushed.known
    assert {} == pushed.failed
    if fault.headers:
        assert 7.0 in lab.slept


async def test_a_crash_between_doubles_nothing(lab: Lab) -> None:
    """If a push ends after Zotero created items and before that was recorded, the next push finds them."""
    await lab.save(*numbered(*range(120)))
    link = await lab.link()
    await lab.links.push(link, lab.api)
    # As if nothing of it had been recorded.
    await lab.store.keep_credential(link)
    assert Pushed(new=0, known=120, failed={}) == await lab.links.push(link, lab.api)
    assert 120 == len(lab.items)
    assert 3 == sum(method == "POST" for method, _ in lab.server.requests)


async def test_what_somebody_deleted_stays_deleted(lab: Lab) -> None:
    """A paper that was added and then deleted in Zotero is not added again."""
    await lab.save(*five_papers())
    await lab.push()
    lab.items.clear()
    assert Pushed(new=0, known=5, failed={}) == await lab.push()


async def test_a_server_that_asks_for_less_gets_less(lab: Lab) -> None:
    """A `Backoff` with a good answer is obeyed before the next request."""
    lab.server.more = ("Backoff: 5",)
    await lab.save(*five_papers())
    await lab.push()
    assert [5.0] == lab.slept


async def test_a_dead_server_is_given_up(lab: Lab) -> None:
    """After five attempts the push ends with what to do, and a later one does the rest."""
    await lab.save(*five_papers())
    lab.server.faults = [ZoteroFault(status=500)] * 5
    with pytest.raises(ZoteroError, match="does not answer"):
        await lab.push()
    assert 4 == len(lab.slept)
    assert 5 == (await lab.push()).new


async def test_a_refused_paper_is_named(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper that Zotero refuses does not stop the others, and is tried again by the next push."""
    monkeypatch.setattr(ZoteroServer, "_wrong", lambda *_: (400, "no"))
    await lab.save(*five_papers()[:1])
    assert Pushed(new=0, known=0, failed={"Attention Is All You Need": "no"}) == await lab.push()
    monkeypatch.undo()
    assert 1 == (await lab.push()).new


async def test_a_wrong_key_says_where_to_make_one() -> None:
    """A key that Zotero does not know is refused with where to make one, and nothing is repeated."""
    async with a_lab(key="wrong") as lab:
        with pytest.raises(NotAllowed) as refused:
            await lab.api.owner()
        assert "zotero.org/settings/keys" in refused.value.hint
        assert 1 == len(lab.server.requests)


async def test_a_key_opens_its_libraries(lab: Lab) -> None:
    """A key writes to its owner's library, or to a group that it names."""
    owner = await lab.api.owner()
    assert (LIBRARY, "groups/77") == (library_of(owner, ""), library_of(owner, "77"))
    with pytest.raises(NotAllowed):
        library_of(owner, "78")
    with pytest.raises(NotAllowed):
        library_of({"access": {"user": {"library": True}}}, "")


async def test_a_channel_has_what_anybody_saved_there(lab: Lab) -> None:
    """A channel's connection adds what people saved in it, the first saved first, and not what they hid."""
    channel = Channel(platform="slack", workspace="T1", channel="C1")
    for number, (paper, sign) in enumerate(zip(five_papers(), [Sign.SAVED, Sign.HIDDEN, Sign.SAVED], strict=False)):
        at = NOW.replace(minute=number)
        await lab.store.keep_feedback(channel, Feedback(paper=paper, sign=sign, user=f"U{number}", at=at))
    link = await lab.links.add(channel, person=False, key=KEY, library=LIBRARY, collection="")
    assert 2 == (await lab.links.push(link, lab.api)).new
    assert [five_papers()[0].title, five_papers()[2].title] == [item["title"] for item in lab.items.values()]


async def test_a_long_answer_is_read_whole(lab: Lab) -> None:
    """Zotero repeats what it created: fifty long abstracts are read, and are asked for without compression."""
    await lab.save(*(replace(paper, abstract="We show that it works. " * 200) for paper in numbered(*range(50))))
    assert 50 == (await lab.push()).new
