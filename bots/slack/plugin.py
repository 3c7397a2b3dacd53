"""What is registered for Slack: its settings, and how they become a connection. Slack's libraries load with that."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from bots.config.settings import TABLE
from bots.ports import Adapter, AdapterPlugin
from bots.usecases.service import Service

if TYPE_CHECKING:
    from bots.slack.settings import SlackSettings

#: Whoever sets one of these means to use Slack.
_MEANT_BY = ("bot_token", "app_token", "client_id", "client_secret", "signing_secret")


def slack_settings(given: Mapping[str, Any], *, listening: bool) -> "SlackSettings":
    """Return what the adapter is told, from what was set by name."""
    from bots.slack.settings import AccessPolicy, SlackSettings

    return SlackSettings(
        **{name: given[name] for name in ("api_url", "public_url", "listen", "token_keys", *_MEANT_BY)},
        unfurl=given["unfurl"] == "yes",
        listening=listening,
        access_policy=AccessPolicy(admins_only=given["who_may"] == "admins"),
    )


def connect(given: Mapping[str, Any], service: Service, *, listening: bool) -> AbstractAsyncContextManager[Adapter]:
    """Return Slack's connection as it is set."""
    from bots.slack.app import connect as connect_slack

    return connect_slack(slack_settings(given, listening=listening), service)


PLUGIN = AdapterPlugin(
    section="slack",
    settings=tuple(each for each in TABLE if each.section == "slack"),
    meant_by=_MEANT_BY,
    connect=connect,
    listens=True,
)
