"""The settings choose the mode of the connection, and errors name missing settings."""

import pytest

from bots.domain.errors import SettingsError
from bots.slack.settings import SlackSettings, is_over_http
from summarizer import Secret

A, B = Secret("xoxb-1"), Secret("xapp-1")
HTTP = {"client_id": "1.2", "client_secret": A, "signing_secret": A, "public_url": "https://x.org", "token_keys": (A,)}


@pytest.mark.parametrize(
    ("given", "over_http"),
    [
        ({"bot_token": A, "app_token": B}, False),
        ({"bot_token": A, "app_token": B, **HTTP}, False),
        ({"bot_token": A, **HTTP}, True),
        (HTTP, True),
        ({**HTTP, "listening": False}, True),
        ({"bot_token": A, "listening": False}, False),
        ({"bot_token": A, "client_id": "1.2", "listening": False}, False),
    ],
    ids=lambda given: "+".join(given) if isinstance(given, dict) else str(given),
)
def test_what_is_set_chooses_the_way(given: dict[str, object], over_http: bool) -> None:
    """Two tokens mean Socket Mode, an app's credentials HTTP; a command that only posts needs only the bot token."""
    assert over_http == is_over_http(SlackSettings(**given))  # type: ignore[arg-type]  # of several types


@pytest.mark.parametrize(
    ("given", "missing", "found"),
    [
        ({}, "slack.bot_token, slack.app_token", "OAuth & Permissions"),
        ({"bot_token": A}, "slack.app_token", "App-Level Tokens"),
        ({"app_token": B}, "slack.bot_token", "OAuth & Permissions"),
        *[({**HTTP, name: ""}, f"slack.{name}", found) for name, found in (
            ("client_secret", "Basic Information"), ("signing_secret", "Basic Information"),
            ("client_id", "App Credentials"), ("public_url", "the address"), ("token_keys", "paperwire slack key"),
        )],
    ],
    ids=lambda given: "+".join(given) if isinstance(given, dict) else str(given),
)  # fmt: skip
def test_what_is_set_up_by_half_is_named(given: dict[str, object], missing: str, found: str) -> None:
    """Incomplete settings are reported with the missing values and where to find them."""
    with pytest.raises(SettingsError) as half:
        is_over_http(SlackSettings(**given))  # type: ignore[arg-type]  # of several types
    assert missing in str(half.value)
    assert found in half.value.hint
