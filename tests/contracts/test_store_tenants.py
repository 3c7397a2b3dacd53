"""The contract of every store for private papers: no read returns one outside of the workspace that owns it."""

import ast
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.channels import Channel, Reader
from bots.domain.feedback import Feedback, Sign
from bots.domain.follows import Follow, FollowKind
from bots.domain.papers import Paper, PaperId
from bots.domain.plans import Deed, Plan
from bots.domain.runs import RunState
from bots.domain.subscriptions import SortBy
from bots.ports import Store
from bots.search.records import NewsMark
from bots.selection import Query, parse_query
from bots.store.rules import PRIVATE_DAYS
from bots.store.sql import SqlStore
from tests.conftest import ROOT
from tests.contracts.test_store_sign_ins import a_sign_in
from tests.contracts.test_store_workspaces import everything
from tests.store.stores import KINDS, WITH_TABLES, a_run, opened, some_parts
from tests.support import hostile
from tests.support.factories import DAY, NOW, a_blurb, a_paper, a_subscription

#: Each is of an owner of its own: workspaces, servers, direct messages, the terminal, a channel without a workspace.
PLACES = (
    Channel(platform="slack", workspace="T1", channel="C1"),
    Channel(platform="slack", workspace="T2", channel="C1"),
    Channel(platform="slack", channel="C2"),
    Channel(platform="discord", workspace="77", channel="22"),
    Channel(platform="discord", channel="33"),
    Channel(platform="discord", channel="34"),
    Channel(platform="console", channel="terminal"),
)
SOURCE = "file:drafts.jsonl"
#: Few ids, so that tenants often have records under the same name.
IDS = (PaperId.arxiv("2611.00001"), PaperId(scheme="doi", value="10.5555/1"), PaperId.titled("Draft one"))


def mark(place: Channel) -> str:
    """Return the word that every private text of a place contains."""
    return f"canary{PLACES.index(place)}"


def draft(place: Channel, name: PaperId = IDS[0], other: PaperId | None = None) -> Paper:
    """Return a private paper of a place, whose every text contains its mark."""
    word = mark(place)
    return Paper(
        id=name, title=f"Draft one {word}", abstract=f"We note in secret that {word} works.", authors=(f"Ada {word}",),
        venue=word, keywords=(word,), categories=(word,), url=f"https://example.org/{word}", source=SOURCE,
        aliases=frozenset({PaperId.titled(word)} | ({other} if other else set())), private=True,
    )  # fmt: skip


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


def reader_in(place: Channel) -> Reader:
    """Return a person in a place; a direct message has one of its own."""
    return Reader(platform=place.platform, workspace=place.workspace, user=f"ada {place.channel}")


def names() -> tuple[PaperId, ...]:
    """Return every name that some private paper has."""
    return (*IDS, *(PaperId.titled(mark(place)) for place in PLACES))


Read = Callable[[Store, Channel], Awaitable[object]]

#: Each read of the store, as someone in a place may call it.
READS: Mapping[str, Read] = {
    "paper": lambda store, here: _all([store.paper(name, place=here) for name in names()]),
    "search_papers": lambda store, here: _all(
        [store.search_papers(words, 50, place=here) for words in ("draft", "secret", *map(mark, PLACES))]
    ),
    "find_papers": lambda store, here: _all(
        [
            store.find_papers(Query(), 50, place=here),
            store.find_papers(parse_query("draft OR has:abstract"), 50, place=here),
        ]
    ),
    "own_papers": lambda store, here: store.own_papers(["draft", *map(mark, PLACES)], 50, place=here),
    "papers": lambda store, _here: store.papers(names()),
    "word_counts": lambda store, _here: store.word_counts(["draft", "secret", *map(mark, PLACES)]),
    "word_hits": lambda store, _here: store.word_hits(dict.fromkeys(("draft", "secret", *map(mark, PLACES)), 1.0), 50),
    "index_news": lambda store, _here: store.index_news(NewsMark(), model="m"),
    "searches_vectors": lambda store, _here: store.searches_vectors(),
    "near_vectors": lambda store, _here: store.near_vectors("m", b"\0<" * 384, 50),
    "unembedded": lambda store, _here: store.unembedded("m", 50),
    "postings": lambda store, here: store.postings(names(), place=here),
    "known": lambda store, here: store.known(SOURCE, DAY + timedelta(days=1), place=here),
    "listed_days": lambda store, _here: store.listed_days(DAY + timedelta(days=1), limit=9),
    "listed_papers": lambda store, _here: store.listed_papers(DAY, DAY, sort_by=SortBy.TRENDING, limit=50),
    "sent_parts": lambda store, here: store.sent_parts(here, limit=50),
    "public_papers": lambda store, _here: store.public_papers(names()),
    "saved_papers": lambda store, here: store.saved_papers(reader_in(here)),
    "posted": lambda store, here: store.posted(here, names()),
    "posted_papers": lambda store, here: store.posted_papers(here),
    "coming": lambda store, here: store.coming(here),
    "turned_down": lambda store, here: store.turned_down(here, names()),
    "hidden_papers": lambda store, here: store.hidden_papers(here),
    "feedback": lambda store, here: store.feedback(here),
    "follows": lambda store, here: _all([store.follows(here), store.follows(reader_in(here))]),
    "consents": lambda store, here: store.consents(here),
    "message": lambda store, here: store.message(here, "m1"),
    "subscriptions": lambda store, here: store.subscriptions(here),
    "installation": lambda store, here: store.installation(here.platform, here.workspace),
    #: The keys are hashes of the whole text, and private texts are never stored: see tests/usecases/test_tenants.py.
    "blurb": lambda store, _here: store.blurb("key"),
    "vectors": lambda store, _here: store.vectors(["key"]),
}
#: Reads of the operator and of the program itself, whose results no person in a chat is shown.
OF_THE_OPERATOR = {
    "subscription", "subscription_counts", "run", "runs", "last_run", "ready", "tally", "deliveries", "installations",
    "workspaces", "damage", "server_time", "mailbox", "mailbox_of", "mailboxes", "credential", "credentials",
    "workspace_plan", "deeds", "sign_in", "sign_ins", "leases",
}  # fmt: skip
WRITES = {
    "keep_subscription", "drop_subscription", "open_run", "move_run", "claim", "plan", "split", "revive", "lease",
    "confirm", "release", "remember", "keep_blurb", "save_paper", "unsave_paper", "turn_down", "once", "spend",
    "keep_installation", "drop_installation", "reseal_installations", "purge_workspace", "expire", "prune",
    "take_over", "take_back", "keep_mailbox", "keep_feedback", "drop_feedback", "reset_feedback", "keep_vectors",
    "keep_sign_in", "drop_sign_in",
    "keep_credential", "drop_credential",
    "index_shelf", "index_vectors",
    "keep_follow", "drop_follow", "agree", "withdraw",
    "reserve", "keep_plan", "keep_deed", "hold_leases", "end_leases", "undo_once",
}  # fmt: skip


async def _all(calls: list[Awaitable[object]]) -> list[object]:
    return [await call for call in calls]


def test_every_method_of_the_store_has_a_claim() -> None:
    """Each method of the port is tested as a read below, or is named as the operator's or as a write."""
    methods = {name for name, _ in inspect.getmembers(Store, inspect.isfunction) if not name.startswith("_")}
    assert methods == READS.keys() | OF_THE_OPERATOR | WRITES
    assert not READS.keys() & (OF_THE_OPERATOR | WRITES)


async def live(store: Store, place: Channel, name: PaperId = IDS[0], other: PaperId | None = None) -> None:
    """Do in a place everything that stores a private paper or a name of one."""
    paper = draft(place, name, other)
    await store.remember([paper], source=SOURCE, day=DAY, place=place)
    subscription = a_subscription(id=f"{mark(place)}-{name.scheme}", channel=place, query=mark(place))
    await store.keep_subscription(subscription)
    run = a_run(subscription.id)
    if await store.open_run(run):
        parts = [
            replace(part, part=replace(part.part, paper_ids=(paper.id,), payload={"text": paper.title}))
            for part in some_parts(run, 2, place)
        ]
        first, _coming = await store.plan(run.key, parts)
        await store.confirm(first.key, "m1", now=NOW)
    await store.save_paper(reader_in(place), paper, now=NOW)
    await store.turn_down(place, paper.id, user="ada", now=NOW)
    await store.keep_feedback(place, Feedback(paper=paper, sign=Sign.SAVED, user="ada", at=NOW))
    for who in (place, reader_in(place)):
        await store.keep_follow(who, Follow(kind=FollowKind.TOPIC, text=mark(place), at=NOW))
    await store.agree(place, Reader(platform=place.platform, workspace=place.workspace, user=mark(place)), now=NOW)
    await store.keep_plan(place, Plan(subscriptions=PLACES.index(place)))
    await store.keep_deed(place, Deed(at=NOW, actor="ada", action=f"edit {mark(place)}"))


def leaks(found: object, here: Channel) -> list[str]:
    """Return the marks of other places in what was read in one place."""
    return [mark(place) for place in PLACES if place != here and mark(place) in repr(found)]


steps = st.lists(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(IDS), st.sampled_from((None, *IDS)), st.booleans()),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("kind", KINDS)
@hostile.patient
@given(steps=steps)
async def test_no_read_crosses(
    kind: str, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Channel, PaperId, PaperId | None, bool]]
) -> None:
    """Whatever was stored, in whatever order, no read in one place returns a word or a name of another place's papers.

    Public records of the same papers are stored in between, and are read everywhere as they are without private ones.
    """
    folder = tmp_path_factory.mktemp("store")
    async with opened(kind, folder) as store, opened("memory", folder) as plain:
        for place, name, other, public in steps:
            if public:
                for each in (store, plain):
                    listed = a_paper(id=name, title="Draft one", aliases=frozenset())
                    await each.remember([listed], source="arxiv:cs.CL", day=DAY)
            await live(store, place, name, other)
        for here in PLACES:
            for read, call in READS.items():
                assert [] == leaks(await call(store, here), here), read
        # Without a place only public papers are read, and nothing of a private record is in them.
        for name in names():
            assert await plain.paper(name) == await store.paper(name)
        assert await plain.search_papers("draft", 50) == await store.search_papers("draft", 50)
        assert frozenset() == await store.known(SOURCE, DAY + timedelta(days=1))


@pytest.mark.parametrize("place", PLACES, ids=str)
async def test_the_owner_reads_its_papers(store: Store, place: Channel) -> None:
    """In its own place a private paper is read under all of its names, found by its words, and known to be posted."""
    await live(store, place, other=IDS[1])
    for name in (IDS[0], IDS[1], PaperId.titled(mark(place))):
        assert draft(place, other=IDS[1]) == await store.paper(name, place=place)
        assert {name} == await store.posted(place, [name])
        assert {name} == await store.turned_down(place, [name])
    assert (draft(place, other=IDS[1]),) == await store.search_papers(mark(place), 5, place=place)
    assert {IDS[0]} == await store.known(SOURCE, DAY + timedelta(days=1), place=place)


async def test_other_channels_of_a_workspace_read_them_too(store: Store) -> None:
    """A private paper belongs to its whole workspace; one for a channel without a workspace, to that channel."""
    await live(store, PLACES[0])
    await live(store, PLACES[2])
    elsewhere = replace(PLACES[0], channel="C9")
    assert draft(PLACES[0]) == await store.paper(IDS[0], place=elsewhere)
    assert draft(PLACES[2]) == await store.paper(IDS[0], place=replace(PLACES[2], workspace="T3"))


async def test_a_private_paper_needs_an_owner(store: Store) -> None:
    """Storing a private paper without a place is refused, and stores nothing."""
    with pytest.raises(ValueError, match="no owner"):
        await store.remember([a_paper(), draft(PLACES[0], IDS[1])], source=SOURCE, day=DAY)
    assert [None, None] == [await store.paper(a_paper().id), await store.paper(IDS[1], place=PLACES[0])]


async def test_a_paper_becomes_public_without_its_notes(store: Store) -> None:
    """If a public source lists a private paper later, all read the public record; only the owner has gaps filled."""
    here, there = PLACES[:2]
    own = replace(draft(here), title="Attention Is All You Need")
    await store.remember([own], source=SOURCE, day=DAY, place=here)
    public = a_paper(id=IDS[0], venue="")
    await store.remember([public], source="arxiv:cs.CL", day=DAY)
    assert [public, public] == [await store.paper(IDS[0]), await store.paper(IDS[0], place=there)]
    both = await store.paper(IDS[0], place=here)
    assert both is not None
    assert (public.abstract, mark(here), True) == (both.abstract, both.venue, both.private)
    assert [both] == list(await store.search_papers("attention", 5, place=here))
    assert [public] == list(await store.search_papers("attention", 5, place=there))


async def test_a_name_in_a_file_is_no_name_elsewhere(store: Store) -> None:
    """A file that says that two ids are one paper says so only for its own workspace."""
    here, there = PLACES[:2]
    await store.remember([draft(here, IDS[0], IDS[1])], source=SOURCE, day=DAY, place=here)
    for place in (here, there):
        await store.turn_down(place, IDS[0], user="ada", now=NOW)
    assert [{IDS[1]}, set()] == [set(await store.turned_down(place, [IDS[1]])) for place in (here, there)]


async def test_a_workspace_that_leaves_takes_its_papers(store: Store) -> None:
    """A deletion deletes the private papers of the workspace, and those of no other."""
    for place in PLACES:
        await live(store, place)
    await store.purge_workspace("slack", "T1")
    assert None is await store.paper(IDS[0], place=PLACES[0])
    assert () == await store.search_papers("draft", 5, place=PLACES[0])
    assert frozenset() == await store.known(SOURCE, DAY + timedelta(days=1), place=PLACES[0])
    for place in PLACES[1:]:
        assert draft(place) == await store.paper(IDS[0], place=place)


@pytest.mark.parametrize(("later", "kept"), [(PRIVATE_DAYS, True), (PRIVATE_DAYS + 1, False)])
async def test_a_private_paper_has_an_end(store: Store, later: int, kept: bool) -> None:
    """A private paper is deleted when its source has not listed it for a quarter; a public one is not."""
    here = PLACES[0]
    await store.remember([draft(here)], source=SOURCE, day=DAY - timedelta(days=500), place=here)
    await store.remember([draft(here)], source=SOURCE, day=DAY, place=here)
    await store.remember([a_paper()], source="arxiv:cs.CL", day=DAY - timedelta(days=500))
    await store.expire(now=NOW + (DAY - NOW.date()) + timedelta(days=later))
    found = await store.paper(PaperId.titled(mark(here)), place=here)
    assert (kept, 1) == (found is not None, len(await store.search_papers("attention", 5)))


async def test_a_stored_blurb_has_an_end(store: Store) -> None:
    """A blurb of half a year ago is deleted; one of today is kept."""
    await store.keep_blurb("old", a_blurb(), now=NOW - timedelta(days=200))
    await store.keep_blurb("new", a_blurb(), now=NOW)
    assert 1 == await store.expire(now=NOW)
    assert (None, a_blurb()) == (await store.blurb("old"), await store.blurb("new"))


async def test_the_text_of_a_message_has_an_end(store: Store) -> None:
    """The text of a message is deleted a quarter after its run ended; that it was sent is still known."""
    run, here = a_run("a"), PLACES[0]
    await store.open_run(run)
    sent, open_ = await store.plan(run.key, some_parts(run, 2, here))
    await store.confirm(sent.key, "m1", now=NOW)
    for later, emptied in ((0, 0), (100, 1)):
        await store.move_run(run.key, RunState.DONE, now=NOW)
        assert emptied == await store.expire(now=NOW + timedelta(days=later))
    first, second = await store.deliveries(run.key)
    assert ({}, open_.part.payload) == (first.part.payload, second.part.payload)
    assert set(sent.part.paper_ids) == await store.posted(here, sent.part.paper_ids)


#: What stays for years: what people chose to keep, and what was done, without its words.
STANDING = {
    "tenant", "subscription", "saved_paper", "turned_down", "feedback", "digest_run", "delivery", "posted_paper",
    "plan", "follow", "consent",
}  # fmt: skip
#: Public papers, and which public source listed them.
PUBLISHED = {"paper", "paper_name", "sighting", "search_entry", "search_vector", "search_word"}


@pytest.mark.parametrize("kind", WITH_TABLES)
async def test_every_table_has_an_end(kind: str, tmp_path: Path) -> None:
    """Ten years later no table has a row but those of standing things, and only what a person chose has a text."""
    here = PLACES[0]
    async with opened(kind, tmp_path) as store:
        assert isinstance(store, SqlStore)
        await live(store, here)
        run = a_run(f"{mark(here)}-{IDS[0].scheme}")
        for part in await store.deliveries(run.key):
            await store.confirm(part.key, "m1", now=NOW)
        await store.move_run(run.key, RunState.DONE, now=NOW)
        await store.remember([a_paper()], source="arxiv:cs.CL", day=DAY)
        await store.keep_blurb("key", a_blurb(text=mark(here)), now=NOW)
        await store.keep_vectors({"key": b"vector"}, now=NOW)
        await store.index_vectors("model", {a_paper().id: b"vector"})
        await store.once("event", mark(here), now=NOW)
        await store.hold_leases("thing", ["one"], holder="a", now=NOW, until=NOW + timedelta(minutes=1))
        await store.spend(reader_in(here), "preview", day=DAY, limit=9)
        await store.keep_sign_in(a_sign_in(here))
        await store.drop_subscription(f"{mark(here)}-{IDS[0].scheme}")
        before = await everything(store)
        await store.expire(now=NOW + timedelta(days=3653))
        after = {name: rows for name, rows in (await everything(store)).items() if rows}
    # `installation` and `credential` end with their workspace, `mailbox` with its reader.
    assert {"installation", "credential", "mailbox"} == {name for name, rows in before.items() if not rows}
    assert STANDING | PUBLISHED == set(after)
    assert {"saved_paper", "feedback"} == {name for name, rows in after.items() if "in secret" in repr(rows)}


# ── in the code ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_reader_of_the_shelf_says_where_it_is() -> None:
    """Outside of the store, every call that reads or stores papers passes `place=`, even if it is None."""
    without = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "bots").rglob("*.py"))
        if (ROOT / "bots/store") not in path.parents
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in {"search_papers", "find_papers", "remember", "paper", "known"}
        and ast.unparse(call.func.value).endswith(("store", "shelf"))
        and "place" not in {each.arg for each in call.keywords}
    ]
    assert [] == without
