"""Every store returns saved data unchanged, with any characters, numbers and instants."""

from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.papers import Paper, PaperId, Signals
from bots.domain.runs import Delivery, DeliveryState
from bots.domain.subscriptions import Subscription
from bots.ports import Store
from bots.store.records import BLURB, PAPER, SIGNALS, SPAN, SUBSCRIPTION, Body
from summarizer import Blurb, Span
from tests.store.stores import KINDS, a_run, at, one, opened, some_parts
from tests.support.factories import DAY, NOW, a_blurb, a_paper, a_subscription

#: Each example leaves its rows in the store, which is part of the claim; a new store for each would take minutes.
fewer = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


def is_whole(text: str) -> bool:
    """Return whether no two halves of a surrogate pair are side by side, which JSON would read as one character."""
    return text == text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


#: Includes NUL, escapes and lone surrogates, and sometimes long texts.
texts = st.text(st.characters(exclude_categories=()), max_size=12).filter(is_whole)
long_texts = st.tuples(texts, st.sampled_from([1, 1, 1, 100])).map(lambda drawn: drawn[0] * drawn[1]).filter(is_whole)
zones = st.sampled_from([ZoneInfo("UTC"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/Argentina/Buenos_Aires")])
offsets = st.builds(timezone, st.timedeltas(min_value=timedelta(hours=-23), max_value=timedelta(hours=23)))
instants = st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=offsets)  # noqa: DTZ001 given a zone
names = st.builds(PaperId, scheme=st.sampled_from(["arxiv", "doi", "text"]), value=texts)
tuples = st.lists(texts, max_size=3).map(tuple)
papers = st.builds(
    Paper,
    id=names,
    title=texts,
    abstract=long_texts,
    authors=tuples,
    published=st.none() | instants,
    url=texts,
    source=texts,
    categories=tuples,
    keywords=tuples,
    venue=texts,
    code=texts,
    signals=st.builds(Signals),
    aliases=st.frozensets(names, max_size=3),
)
channels = st.builds(Channel, platform=texts, workspace=texts, channel=texts)
subscriptions = st.builds(
    Subscription,
    id=texts,
    channel=channels,
    sources=tuples,
    query=long_texts,
    interests=long_texts,
    categories=tuples,
    timezone=zones,
    times=st.lists(st.times(), max_size=3).map(tuple),
    created=st.none() | instants,
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)
blurbs = st.builds(
    Blurb,
    text=long_texts,
    evidence=st.lists(st.builds(Span), max_size=3).map(tuple),
    engine=texts,
    model=texts,
    warnings=tuples,
)


@fewer
@given(subscription=subscriptions)
async def test_any_subscription_comes_back(store: Store, subscription: Subscription) -> None:
    """Every subscription is read back equal, by its id and in the list of its channel."""
    await store.keep_subscription(subscription)
    assert subscription == await store.subscription(subscription.id)
    assert subscription in await store.subscriptions(subscription.channel)


@fewer
@given(paper=papers, place=st.integers(0, 100))
async def test_any_paper_comes_back(store: Store, paper: Paper, place: int) -> None:
    """Every paper is read back equal by any of its names; an id is not an alias of itself."""
    mark = uuid4().hex
    own = {name: replace(name, value=f"{name.value}{mark}") for name in paper.names}
    paper = replace(paper, id=own[paper.id], aliases=frozenset(own.values()) - {own[paper.id]})
    await store.remember([paper], source="s", day=DAY)
    # Drawn before the test runs: a draw that hypothesis stops would end the event loop's runner.
    names = sorted(paper.names)
    assert paper == await store.paper(names[place % len(names)])


@fewer
@given(
    channel=channels,
    payload=st.dictionaries(texts, json_values, max_size=3),
    listed=st.lists(names, max_size=3).map(tuple),
    key=texts,
    moments=st.tuples(instants, instants),
    error=long_texts,
)
async def test_any_part_comes_back(
    store: Store,
    channel: Channel,
    payload: dict[str, object],
    listed: tuple[PaperId, ...],
    key: str,
    moments: tuple[datetime, datetime],
    error: str,
) -> None:
    """Every part is read back equal: its channel, payload and papers, and its instants and errors."""
    run = a_run(f"{key}{uuid4().hex}")
    part = Part(channel=channel, number=1, total=1, payload=payload, paper_ids=listed)
    planned = Delivery(key=run.key, run_key=run.key, part=part)
    await store.open_run(run)
    assert (planned,) == await store.plan(run.key, [planned])
    assert await store.lease(planned.key, now=moments[0], until=moments[1])
    await store.release(planned.key, DeliveryState.DEAD, error=error)
    dead = replace(
        planned, state=DeliveryState.DEAD, attempts=1, first_attempt_at=moments[0].astimezone(UTC), last_error=error
    )
    assert (dead,) == await store.deliveries(run.key)
    await store.confirm(planned.key, error, now=moments[1])
    assert frozenset(listed) == await store.posted(channel, listed)
    assert error == (await one(store, planned.key)).message_id


@pytest.mark.parametrize(
    "text", ["\x00", "\x1b", "\x1b0041", "\x1b\x1b001b", "\ud800", "\ud83d x \ude00", "\ufeff", "\\u0000"]
)
async def test_characters_that_databases_refuse_come_back(store: Store, text: str) -> None:
    """NUL, lone surrogates and text that looks like our escapes are read back unchanged, also in keys."""
    run = a_run(text, note=text)
    await store.open_run(run)
    assert (run, run) == (await store.run(run.key), await store.last_run(text))


async def test_a_very_long_text_comes_back(store: Store) -> None:
    """A text of three hundred thousand characters is stored in full, in every field for text."""
    long = "α\x00\x1b" * 100_000
    part = replace(some_parts(a_run(), 1)[0], last_error=long)
    part = replace(part, part=replace(part.part, payload={long: long}))
    await store.open_run(a_run(note=long))
    await store.plan(a_run().key, [part])
    await store.keep_blurb("key", a_blurb(text=long), now=NOW)
    assert ((part,), a_run(note=long)) == (await store.deliveries(), await store.run(a_run().key))
    assert a_blurb(text=long) == await store.blurb("key")


@fewer
@given(key=texts, blurb=blurbs)
async def test_any_blurb_comes_back(store: Store, key: str, blurb: Blurb) -> None:
    """Every blurb is read back equal by its key."""
    await store.keep_blurb(key, blurb, now=NOW)
    assert blurb == await store.blurb(key)


@fewer
@given(words=long_texts, paper=papers)
async def test_any_search_has_an_answer(store: Store, words: str, paper: Paper) -> None:
    """No text makes a search fail, and if a search for a paper's title finds any paper, it finds this one."""
    await store.remember([replace(paper, id=PaperId.arxiv(uuid4().hex), aliases=frozenset())], source="s", day=DAY)
    await store.search_papers(words, 10)
    found = await store.search_papers(paper.title, 1000)
    assert not found or paper.title in [other.title for other in found]


@pytest.mark.parametrize(
    ("body", "record"),
    [
        (PAPER, a_paper(announced=DAY)),
        (SUBSCRIPTION, a_subscription()),
        (BLURB, a_blurb()),
        (SIGNALS, Signals(upvotes=1)),
        (SPAN, Span(start=0, end=1)),
    ],
)
def test_no_field_is_forgotten(body: Body[Any], record: Any) -> None:
    """Every field of a record is in its body or in a column, so a field added later is stored too."""
    assert {field.name for field in fields(record)} == {*body.write(record), *body.columns}


def test_what_was_kept_before_a_field_existed_can_be_read() -> None:
    """A body written when a record had fewer fields is read with the defaults of the new ones."""
    old = {name: value for name, value in PAPER.write(a_paper()).items() if name in ("id", "title", "abstract")}
    assert Paper(id=a_paper().id, title=a_paper().title, abstract=a_paper().abstract) == PAPER.read(old)


def test_a_subscription_kept_before_there_were_interests_can_be_read() -> None:
    """A subscription of an earlier version has no interests, and is otherwise unchanged."""
    subscription = a_subscription(query="agents")
    columns = {name: getattr(subscription, name) for name in SUBSCRIPTION.columns}
    body = SUBSCRIPTION.write(subscription)
    assert "" == body.pop("interests")
    assert subscription == SUBSCRIPTION.read(body, **columns)


async def test_sets_are_written_alike(store: Store) -> None:
    """Saving an unchanged paper again leaves its row as it was, including its instants."""
    paper = a_paper(published=at(-60))
    for _ in range(2):
        await store.remember([paper], source="s", day=DAY)
    assert paper == await store.paper(paper.id)
