"""A search in Slack names the channels in which a paper was posted: public ones, and the one it is typed in."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bots.bootstrap.app import App
from bots.domain.channels import Channel
from bots.domain.papers import PaperId
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.world import Channel as Chat
from tests.slack.conftest import Office
from tests.store.stores import a_run, some_parts
from tests.support.factories import a_paper

TYPED = "/paper search attention"
AT = datetime(2026, 5, 3, 12, tzinfo=UTC)


async def posted(application: App, office: Office, chat: Chat) -> None:
    """Record that a paper was posted in a channel."""
    channel = Channel(platform="slack", workspace=office.slack.workspace().id, channel=chat.id)
    store, paper = application.store, a_paper()
    await store.remember([paper], source="arxiv", day=AT.date())
    run = a_run(str(channel))
    await store.open_run(run)
    (part, *_) = some_parts(run, 1, channel)
    await store.plan(run.key, [replace(part, part=replace(part.part, paper_ids=(PaperId.arxiv("1706.03762"),)))])
    await store.confirm(part.key, "1.1", now=AT)


async def test_public_channels_are_named(office: Office) -> None:
    """The channel that is asked in and a public one are named; a private one is not, even for its member."""
    public = office.slack.channel("public", office.ada)
    private = office.slack.channel("private", office.ada, is_private=True)
    for chat in (office.papers, public, private):
        await posted(office.application, office, chat)
    await office.ada.types(TYPED, office.papers)
    said = str((await office.ada.reads("Posted in", office.papers)).blocks)
    assert (True, True, False) == (office.papers.id in said, public.id in said, private.id in said)
    assert "3 May 2026" in said


async def test_a_private_channel_is_named_in_itself(office: Office) -> None:
    """In a private channel its own postings are named."""
    private = office.slack.channel("private", office.ada, is_private=True)
    await posted(office.application, office, private)
    await office.ada.types(TYPED, private)
    assert private.id in str((await office.ada.reads("Posted in", private)).blocks)
    await office.ada.types(TYPED, office.papers)
    assert "Posted in" not in str((await office.ada.reads("for “attention”", office.papers)).blocks)


@pytest.mark.parametrize("method", ["conversations.info", "users.info"])
async def test_in_doubt_no_other_channel_is_named(office: Office, method: str) -> None:
    """If Slack does not tell whether a channel is public or a person is a guest, no other channel is named."""
    public = office.slack.channel("public", office.ada)
    for chat in (office.papers, public):
        await posted(office.application, office, chat)
    office.slack.hub.faults.switch(Trouble.REFUSED, method, error="fatal_error")
    await office.ada.types(TYPED, office.papers)
    said = str((await office.ada.reads("Posted in", office.papers)).blocks)
    assert (True, False) == (office.papers.id in said, public.id in said)
