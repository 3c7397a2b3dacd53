"""The fake refuses what Slack refuses of memberships: private channels, unknown kinds; and tells who is an admin."""

import pytest

from tests.fakes.slack.tests.conftest import Lab
from tests.fakes.slack.tests.test_web_api import error_of


async def test_private_channels_cannot_be_joined(lab: Lab) -> None:
    """A private channel is refused for its kind, an unknown one as unknown, and an archived one as archived."""
    hidden = lab.slack.channel("hidden", lab.ada, bot=False, is_private=True)
    refused = await error_of(lab.client.conversations_join(channel=hidden.id))
    assert "method_not_supported_for_channel_type" == refused["error"]
    assert "channel_not_found" == (await error_of(lab.client.conversations_join(channel="C0NOBODY")))["error"]
    gone = lab.slack.channel("gone", lab.ada, bot=False)
    gone.is_archived = True
    assert "is_archived" == (await error_of(lab.client.conversations_join(channel=gone.id)))["error"]


@pytest.mark.parametrize("types", ["private", "public_channel,groups", "channels", ""])
async def test_unknown_types_are_refused(lab: Lab, types: str) -> None:
    """A kind of conversation that does not exist is refused, even beside one that does."""
    said = await error_of(lab.client.api_call("users.conversations", params={"types": types or ","}))
    assert "invalid_types" == said["error"]


async def test_admins_are_told(lab: Lab) -> None:
    """users.info tells whether a person is an admin."""
    lab.ada.user.is_admin = True
    said = await lab.client.users_info(user=lab.ada.user.id)
    assert (True, False) == (said["user"]["is_admin"], said["user"]["is_owner"])
