"""The plug-in record of Slack: its settings, and the function that connects it and loads Slack's libraries."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from bots.config.settings_table import TABLE
from bots.ports import Adapter, AdapterPlugin
from bots.usecases.service import Service

if TYPE_CHECKING:
    from bots.slack.settings import SlackSettings

#: Setting one of these indicates that Slack is used.
_MEANT_BY = ("bot_token", "app_token", "client_id", "client_secret", "signing_secret")


def slack_settings(given: Mapping[str, Any], *, listening: bool) -> "SlackSettings":
    """Return the adapter's settings from the values by name."""
    from bots.slack.settings import AccessPolicy, SlackSettings

    return SlackSettings(
        **{name: given[name] for name in ("api_url", "public_url", "listen", "connections", "token_keys", *_MEANT_BY)},
        unfurl=given["unfurl"] == "yes",
        listening=listening,
        access_policy=AccessPolicy(admins_only=given["who_may"] == "admins"),
    )


def connect(given: Mapping[str, Any], service: Service, *, listening: bool) -> AbstractAsyncContextManager[Adapter]:
    """Return the connection to Slack with these settings."""
    from bots.slack.app import connect as connect_slack

    return connect_slack(slack_settings(given, listening=listening), service)


PLUGIN = AdapterPlugin(
    section="slack",
    settings=tuple(each for each in TABLE if each.section == "slack"),
    meant_by=_MEANT_BY,
    connect=connect,
    listens=True,
)
