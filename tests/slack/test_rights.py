"""Where only admins may change subscriptions, this is checked before a form is shown, and again at its submit."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bots.slack.settings import AccessPolicy
from tests.fakes.slack.server import FakeSlack
from tests.slack.conftest import Office, at_work

_ADMIN = "Only workspace admins"


@pytest.fixture
async def strict_office(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Office]:
    """A workspace in which only admins may change subscriptions; Ada is none."""
    ada = slack.person("ada", tz="Europe/Vienna")
    installation = slack.hub.install(slack.workspace())
    policy = AccessPolicy(admins_only=True)
    async with at_work(slack, tmp_path, installation.token, access_policy=policy) as application:
        yield Office(slack=slack, application=application, ada=ada, papers=slack.channel("papers", ada))


async def test_no_form_for_who_may_not(strict_office: Office) -> None:
    """Who may not subscribe reads so at once, and fills in no form for nothing."""
    office = strict_office
    await office.ada.types("/paper subscribe", office.papers)
    await office.ada.reads(_ADMIN, office.papers, only_me=True)
    assert office.ada.modal is None


async def test_an_admin_gets_the_form(strict_office: Office) -> None:
    """An admin subscribes as before."""
    office = strict_office
    office.ada.user.is_admin = True
    await office.ada.types("/paper subscribe", office.papers)
    await office.ada.gets_modal("New subscription")
    await office.ada.fills({"Sources": "sample"})
    office.ada.user.is_admin = False
    await office.ada.submits()
    await office.ada.waits(lambda: (office.ada.modal and office.ada.modal.errors) or None, what="an error")
    assert office.ada.modal
    assert _ADMIN in str(office.ada.modal.errors)
    office.ada.user.is_admin = True
    await office.ada.submits()
    await office.ada.waits(
        lambda: "Subscribed" in (office.ada.modal.text if office.ada.modal else "") or None, what="a confirmation"
    )


async def test_not_for_us_is_for_admins_too(strict_office: Office) -> None:
    """Nobody but an admin hides a paper from a whole channel; Save is everybody's own."""
    office = strict_office
    await office.ada.types("/paper 1706.03762", office.papers)
    card = await office.ada.reads("Attention Is All You Need", office.papers, only_me=True)
    await office.ada.presses(card, "Not for us")
    await office.ada.reads(_ADMIN, office.papers, only_me=True)
    await office.ada.presses(card, "Save")
    await office.ada.reads("Saved:", office.papers, only_me=True)
