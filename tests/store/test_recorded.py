"""A database recorded with version 0.1.0 opens with today's store, which gives every answer that 0.1.0 gave."""

from datetime import date, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import JSON, column, table, update

from bots.digests.blurbs import BlurbService
from bots.domain.channels import Reader
from bots.domain.papers import PaperId
from bots.domain.subscriptions import SortBy
from bots.store._addresses import read_address
from bots.store._engine import open_blocking_engine
from bots.store.sql import SqlStore, open_store
from bots.store.tables import metadata
from summarizer import Abstract, Style
from tests.store.recorded import (
    ADDED,
    KEY,
    LATEST,
    RECORDED,
    STEP,
    is_private_blurb,
    is_private_paper,
    is_private_source,
    run_sql,
    table_counts,
    table_rows,
    today,
    with_todays_fields,
)
from tests.store.recorded_answers import ANSWERS
from tests.store.stores import is_ours
from tests.support.doubles import Hand, ToldSummarizer

NOON = datetime.fromisoformat(RECORDED["recorded"])
#: Sections of the recording that are not an answer of the store.
OTHERS = {"version", "recorded", "key", "subscription ids", "chat", "later"}


#: The fields of a subscription that nobody recorded.
NEW_FIELDS = {"made_by": "", "look": "auto", "language": ""}


def expected(section: str) -> Any:
    """Return what was recorded, under the names that tables and fields have today."""
    match section:
        case "rows":
            return table_counts()
        case "subscriptions":
            return [with_todays_fields(each) | NEW_FIELDS for each in RECORDED[section]]
        case "deliveries":
            return [each | ADDED["delivery"] for each in RECORDED[section]]
        case "saved":
            return [each | {"papers": list(map(of_today, each["papers"]))} for each in RECORDED[section]]
    return without_private(section)


def without_private(section: str) -> Any:
    """Return what was recorded of papers and blurbs, without what may be private."""
    said = RECORDED[section]
    match section:
        case "papers":
            return {name: None if is_private_paper(name) else of_today(each) for name, each in said.items()}
        case "papers by name":
            return {name: home for name, home in said.items() if not is_private_paper(home)}
        case "search":
            return {words: [name for name in found if not is_private_paper(name)] for words, found in said.items()}
        case "listed":
            return {source: days for source, days in said.items() if not is_private_source(source)}
        case "blurbs":
            return {key: None if is_private_blurb(key) else blurb | {"settled": True} for key, blurb in said.items()}
    if section.startswith("subscriptions"):
        return subscriptions_of_today(said)
    if section.startswith("known before"):
        return {source: [] if is_private_source(source) else known for source, known in said.items()}
    return said


def subscriptions_of_today(said: Any) -> Any:
    """Return subscriptions with the fields that one has today: nobody recorded who made it, and it had no look."""
    if isinstance(said, list):
        return [subscriptions_of_today(each) for each in said]
    if isinstance(said, str):
        return said  # an id
    if "sources" in said:
        return said | NEW_FIELDS
    return {name: subscriptions_of_today(each) for name, each in said.items()}


def of_today(paper: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON of a paper with the fields that a paper has today."""
    return paper | {"private": False}


def test_the_recording_has_private_texts() -> None:
    """Some papers, names, lists and blurbs of the recording are private, and most are not."""
    for private, total in (
        (sum(map(is_private_paper, RECORDED["papers"])), len(RECORDED["papers"])),
        (sum(map(is_private_blurb, RECORDED["blurbs"])), len(RECORDED["blurbs"])),
    ):
        assert 0 < private < total / 3


@pytest.mark.parametrize("section", ANSWERS)
async def test_today_gives_the_answer_that_0_1_0_gave(upgraded: SqlStore, section: str) -> None:
    """Every answer equals the recorded one, with the same fields and in the same order; private texts are gone."""
    assert expected(section) == await ANSWERS[section](upgraded)


def test_no_recorded_answer_is_left_out() -> None:
    """Every section of the recording is compared, or is no answer of the store."""
    assert set(RECORDED) - OTHERS == set(ANSWERS)


async def test_every_row_is_as_0_1_0_left_it(left: str) -> None:
    """The upgrade changes names, adds empty columns and deletes private texts; a second opening changes nothing."""
    before = today(table_rows(left))
    assert [{"version_num": STEP}] == before.pop("alembic_version")
    for _ in range(2):
        async with open_store(left, keys=(KEY,)):
            pass
        after = table_rows(left)
        assert [{"version_num": LATEST}] == after.pop("alembic_version")
        assert before == after


async def test_an_upgraded_database_has_the_tables_of_a_new_one(left: str) -> None:
    """The tables, columns and indexes after the upgrade are those of tables.py."""
    async with open_store(left):
        pass
    engine = open_blocking_engine(read_address(left), patience=5)
    with engine.connect() as connection:
        configured = MigrationContext.configure(connection, opts={"include_name": is_ours})
        assert [] == compare_metadata(configured, metadata)
    engine.dispose()


async def test_a_subscription_without_an_order_gets_the_default(left: str) -> None:
    """A body written before the field existed is sorted by trend, and its other fields are kept."""
    name, body = RECORDED["subscription ids"]["console"], {"limit": 7, "times": ["08:15:00"]}
    schedule = table("schedule", column("id"), column("body", JSON()))
    run_sql(left, update(schedule).where(schedule.c.id == name).values(body=body))
    async with open_store(left) as store:
        found = await store.subscription(name)
    assert found
    assert (SortBy.TRENDING, 7, "08:15") == (found.sort_by, found.limit, f"{found.times[0]:%H:%M}")


async def test_what_was_counted_and_noted_still_counts(upgraded: SqlStore) -> None:
    """An event that 0.1.0 noted is no news, and usage is counted on from where 0.1.0 left it."""
    assert [False] * 4 == [await upgraded.once(kind, key, now=NOON) for kind, key, _ in RECORDED["events"]]
    day = date(2026, 11, 24)
    for each in RECORDED["used"]:
        reader = Reader(**{name: each[name] for name in ("platform", "workspace", "user")})
        assert not await upgraded.spend(reader, each["kind"], day=day, limit=each["used"])
        assert await upgraded.spend(reader, each["kind"], day=day, limit=each["used"] + 1)


MODEL_OF_0_1_0 = "encoder-1"


async def test_blurbs_of_0_1_0_are_found_by_the_engine_that_made_them(upgraded: SqlStore) -> None:
    """The key of a stored blurb is computed as 0.1.0 did, so its model's blurbs are not made again."""
    told = ToldSummarizer(engine="extractive", model=MODEL_OF_0_1_0)
    blurbs = BlurbService(summarizer=told, cache=upgraded, clock=Hand())
    paper = await upgraded.paper(PaperId.parse("arxiv:2611.20148"))
    assert paper
    abstract = Abstract(text=paper.abstract, title=paper.title, dollar_math=paper.dollar_math)
    made = [await blurbs.blurb(abstract, style, public=True) for style in Style]
    assert ([], 3) == (told.asked, len({blurb.text for blurb in made}))
