"""What a person asks for in Slack is counted; beyond the day's limit no paper is looked up and no model is asked."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bots.slack.settings import AccessPolicy
from bots.usecases.quotas import Quota
from tests.fakes.slack.server import FakeSlack
from tests.slack.conftest import Office, at_work

TWO_A_DAY = AccessPolicy(quota=Quota(kind="request", person=2, workspace=3))
ABSTRACT = (
    "Fast links between data centres are expensive. We propose {}, which carry only large gradients. "
    "They need 40 times less traffic than full updates on three tasks."
)


@pytest.fixture
async def office(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Office]:
    """A workspace in which a person may make two requests a day, and everyone together three."""
    ada = slack.person("ada")
    token = slack.hub.install(slack.workspace()).token
    papers = slack.channel("papers", ada)
    async with at_work(slack, tmp_path, token, access_policy=TWO_A_DAY) as application:
        yield Office(slack=slack, application=application, ada=ada, papers=papers)


def condensed(folder: Path) -> int:
    """Return how many blurbs have been made."""
    with closing(sqlite3.connect(folder / "paperwire.sqlite3")) as database:
        return int(database.execute("SELECT count(*) FROM summary_cache").fetchone()[0])


async def test_the_third_request_of_a_day_is_refused(office: Office, tmp_path: Path) -> None:
    """Two pastes are condensed; the third is refused in words. Nothing of a paste is stored."""
    for name, said in (("postcards", "postcards"), ("letters", "letters"), ("books", "today's limit of 2 requests")):
        message = await office.ada.says(ABSTRACT.format(name), office.papers)
        await office.ada.uses_message_shortcut("summarize_message", message)
        await office.ada.reads(said, office.papers, only_me=True)
    assert 0 == condensed(tmp_path)


async def test_links_that_unfurl_are_counted(office: Office, tmp_path: Path) -> None:
    """Each unfurled link is a request of who posted it; beyond the limit links stay as they are."""
    first = await office.ada.shares_link("https://arxiv.org/abs/1706.03762", office.papers)
    await office.ada.waits(lambda: first.message.unfurls, what="an unfurl")
    made = condensed(tmp_path)
    both = "https://arxiv.org/abs/1810.04805 https://arxiv.org/abs/1512.03385"
    more = await office.ada.shares_link(both, office.papers)
    # Answered after the links, which are the earlier event.
    await office.ada.types("/paper help", office.papers)
    await office.ada.reads("Commands", office.papers, only_me=True)
    assert not more.message.unfurls
    assert made == condensed(tmp_path)
    await office.ada.types("/paper help", office.papers)
    await office.ada.reads("today's limit of 2 requests", office.papers, only_me=True)
