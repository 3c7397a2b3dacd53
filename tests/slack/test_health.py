"""The doctor reports each fault in Slack with its fix, and nothing about Slack if it is not set up."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from bots.bootstrap.app import open_app, utc_now
from bots.chat.health import HealthFinding
from bots.cli import findings
from bots.cli.doctor_plugins import check_platforms
from bots.config.settings import read_settings
from bots.domain.channels import Channel
from bots.slack.app import SlackSettings
from bots.slack.health import check_health
from bots.slack.manifest import manifest
from bots.store.memory import MemoryStore
from summarizer import Secret
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.server import FakeSlack
from tests.slack.conftest import abroad
from tests.support.factories import a_subscription


def set_up(slack: FakeSlack) -> SlackSettings:
    """Return the settings of a workspace that has installed the app."""
    slack.person("ada")
    installation = slack.hub.install(slack.workspace())
    return SlackSettings(
        api_url=slack.api, bot_token=Secret(installation.token), app_token=Secret(slack.hub.app_token), unfurl=True
    )


async def ordered(slack: FakeSlack, channel: str) -> MemoryStore:
    """Return a store with a subscription for a channel."""
    store = MemoryStore()
    where = Channel(platform="slack", workspace=slack.workspace().id, channel=channel)
    await store.keep_subscription(a_subscription(channel=where))
    return store


def wrong(found: tuple[HealthFinding, ...]) -> list[HealthFinding]:
    """Return the findings that need a fix."""
    return [each for each in found if each.fix]


async def test_nothing_is_wrong_where_nothing_is(slack: FakeSlack) -> None:
    """With all scopes, both tokens and the bot in its channels, no finding needs a fix."""
    settings = set_up(slack)
    store = await ordered(slack, slack.channel("papers", slack.person("ada")).id)

    found = await check_health(settings, store, utc_now)

    assert [] == wrong(found)
    assert "may post in 1 channel with subscriptions" in [each.says for each in found]


async def test_a_missing_scope_is_named(slack: FakeSlack) -> None:
    """The scopes of a token are compared with the manifest; the fix names the command that prints the manifest."""
    settings = set_up(slack)
    installation = slack.hub.world.installations[0]
    installation.scopes -= {"commands", "links:write"}

    (fault,) = wrong(await check_health(settings, MemoryStore(), utc_now))

    assert "missing: commands, links:write" == fault.says
    assert "paperwire slack manifest --unfurl" in fault.fix


def swapped(settings: SlackSettings, slack: FakeSlack) -> SlackSettings:
    """Swap the two tokens."""
    return replace(settings, bot_token=settings.app_token, app_token=settings.bot_token)


def socket_mode_off(settings: SlackSettings, slack: FakeSlack) -> SlackSettings:
    """Switch Socket Mode off in the app's settings."""
    slack.declare(manifest("http", "https://papers.example.org"))
    return settings


def unknown(settings: SlackSettings, slack: FakeSlack) -> SlackSettings:
    """Corrupt the bot token."""
    return replace(settings, bot_token=Secret("xoxb-nobody"))


def revoked(settings: SlackSettings, slack: FakeSlack) -> SlackSettings:
    """Remove the app from the workspace."""
    slack.hub.world.installations[0].revoked = True
    return settings


def scopeless(settings: SlackSettings, slack: FakeSlack) -> SlackSettings:
    """Create the app-level token without its scope."""
    slack.hub.app_tokens[slack.hub.app_token] = frozenset()
    return settings


def by_half(settings: SlackSettings, slack: FakeSlack) -> SlackSettings:
    """Omit the app-level token."""
    return replace(settings, app_token=Secret())


def unreachable(settings: SlackSettings, slack: FakeSlack) -> SlackSettings:
    """Set an API URL that refuses connections."""
    return replace(settings, api_url="http://127.0.0.1:9/api/")


@pytest.mark.parametrize(
    ("breaks", "says", "fix"),
    [
        (swapped, "not_allowed_token_type", "begins with xoxb-"),
        (swapped, "not_allowed_token_type", "begins with xapp-"),
        (socket_mode_off, "socket_mode_not_enabled", "Switch Socket Mode on"),
        (unknown, "invalid_auth", "Bot User OAuth Token"),
        (revoked, "token_revoked", "install the app again"),
        (scopeless, "missing_scope", "connections:write"),
        (by_half, "slack.app_token", "App-Level Tokens"),
        (unreachable, "cannot be reached", "slack.api_url"),
    ],
)
async def test_each_fault_is_named_with_its_fix(
    slack: FakeSlack, breaks: Callable[[SlackSettings, FakeSlack], SlackSettings], says: str, fix: str
) -> None:
    """The finding holds Slack's error and a fix."""
    settings = breaks(set_up(slack), slack)

    faults = wrong(await check_health(settings, MemoryStore(), utc_now))

    assert [fault for fault in faults if says in fault.says and fix in fault.fix]


@pytest.mark.parametrize(("is_private", "says"), [(False, "#papers"), (True, "channel_not_found")])
async def test_a_channel_without_the_bot_is_named(slack: FakeSlack, is_private: bool, says: str) -> None:
    """If the bot is not in a channel with a subscription, the fix is the invitation to type."""
    settings = set_up(slack)
    slack.hub.world.installations[0].scopes -= {"chat:write.public"}
    papers = slack.channel("papers", slack.person("ada"), bot=False, is_private=is_private)

    (fault,) = wrong(await check_health(settings, await ordered(slack, papers.id), utc_now))

    assert says in f"{fault.name} {fault.says}"
    assert "/invite @paperwire" in fault.fix


async def test_a_public_channel_needs_no_bot_where_it_may_post_everywhere(slack: FakeSlack) -> None:
    """With the scope to post in public channels the bot need not be in one."""
    settings = set_up(slack)
    papers = slack.channel("papers", slack.person("ada"), bot=False)

    assert [] == wrong(await check_health(settings, await ordered(slack, papers.id), utc_now))


async def test_over_http_every_workspace_is_looked_at(slack: FakeSlack, tmp_path: Path) -> None:
    """Before any installation, the fix is the install page; after it, each workspace is checked with its own token."""
    async with abroad(slack, tmp_path) as site:
        (nobody,) = wrong(await check_health(site.settings, site.application.store, utc_now))
        assert f"open {site.url}/slack/install" == nobody.fix
        await site.installed(slack.person("ada"))
        found = await check_health(site.settings, site.application.store, utc_now)
        assert [] == wrong(found)
        assert "slack Lab" in [each.name for each in found]
        slack.hub.faults.switch(Trouble.REFUSED, "auth.test", error="account_inactive")
        (fault,) = wrong(await check_health(site.settings, site.application.store, utc_now))
        assert "account_inactive" in fault.says


@pytest.mark.parametrize(
    ("given", "offline", "named"),
    [({}, False, []), ({"BOT_TOKEN": "xoxb-1"}, True, ["slack"]), ({"BOT_TOKEN": "xoxb-1"}, False, ["slack"])],
)
async def test_the_doctor_says_of_slack_what_concerns_who_asks(
    given: dict[str, str], offline: bool, named: list[str]
) -> None:
    """Slack has no finding if it is not set up, only its settings offline, and its faults online."""

    settings = read_settings({f"PAPERWIRE_SLACK_{name}": value for name, value in given.items()}, database=":memory:")
    async with AsyncExitStack() as stack:
        application = await stack.enter_async_context(open_app(settings, screen=StringIO(), libraries=("sample",)))
        found = [each for each in await check_platforms(application, offline=offline) if each.name.startswith("slack")]

    assert named == [each.name for each in found]
    assert (not offline and bool(given)) == any(each.state is findings.State.WRONG for each in found)
