"""Slack accepts the manifest, each scope has a reason, and the files in deploy/slack match it."""

import itertools
import json
import re
from typing import get_args

import pytest

from bots.slack.manifest import (
    EVENTS,
    OPTIONAL_SCOPES,
    SCOPES,
    SCOPES_OF_METHODS,
    UNFURL_EVENTS,
    UNFURL_SCOPES,
    Mode,
    manifest,
    scopes,
    written,
)
from tests.conftest import ROOT
from tests.fakes.slack.manifest import EVENT_SCOPES, Manifest

MODES = get_args(Mode)
every_kind = pytest.mark.parametrize(("mode", "unfurl"), list(itertools.product(MODES, (False, True))))


@every_kind
def test_slack_takes_it(mode: Mode, unfurl: bool) -> None:
    """Every variant is within the limits of the schema, and names only existing scopes and events."""
    made = manifest(mode, "https://papers.example/", unfurl=unfurl)
    read = Manifest.from_dict(made)
    assert read.socket_mode == (mode == "socket")
    assert unfurl == bool(read.unfurl_domains)
    shown = made["display_information"]
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    (command,) = made["features"]["slash_commands"]
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000
    assert all(len(each["name"]) <= 24 and len(each["description"]) <= 150 for each in made["features"]["shortcuts"])
    assert len(made["features"]["bot_user"]["display_name"]) <= 80


def test_http_says_where_it_is_reached() -> None:
    """Over HTTP, events, interactions, the command and the OAuth redirect have URLs; over Socket Mode none has."""
    made = written("http", "https://papers.example/")
    assert 3 == made.count('"https://papers.example/slack/events"')
    assert 1 == made.count('"https://papers.example/slack/oauth_redirect"')
    assert "https://" not in written("socket").replace(
        manifest("socket")["display_information"]["long_description"], ""
    )


@pytest.mark.parametrize("mode", MODES)
def test_what_is_committed_is_current(mode: Mode) -> None:
    """The manifests in deploy/slack are current: `paperwire slack manifest` writes them."""
    path = ROOT / "deploy" / "slack" / f"{mode}.json"
    assert path.read_text(encoding="utf-8") == written(mode)
    assert manifest(mode) == json.loads(path.read_text(encoding="utf-8"))


def test_every_scope_is_needed() -> None:
    """Each scope belongs to a call, an event or the commands; each scope of a call or event is requested."""
    of_methods = {scope for needed in SCOPES_OF_METHODS.values() for scope in needed}
    of_events = {scope for scope in {**EVENTS, **UNFURL_EVENTS}.values() if scope}
    # chat:write.public only extends another scope: the API call is the same.
    wanted = of_methods | of_events | {"commands", "chat:write.public"}
    assert wanted == {*SCOPES, *OPTIONAL_SCOPES, *UNFURL_SCOPES}
    assert scopes(unfurl=True) == tuple(sorted({*SCOPES, *UNFURL_SCOPES}))


def test_events_take_what_slack_says() -> None:
    """The scope of each event is the one in Slack's reference."""
    for name, scope in {**EVENTS, **UNFURL_EVENTS}.items():
        assert EVENT_SCOPES[name] == scope


def test_every_call_is_in_the_table_of_scopes() -> None:
    """Every Web API method that the code calls is in the manifest's table of scopes."""
    called = set[str]()
    for file in (ROOT / "bots/slack").glob("*.py"):
        written = file.read_text(encoding="utf-8")
        # Methods of the app-level token are excluded: no workspace grants them.
        called |= set(re.findall(r"client\.((?:auth|chat|conversations|users|views|team|bots)_\w+)", written))
    methods = {_method(name) for name in called}
    assert set() == methods - SCOPES_OF_METHODS.keys()
    assert {"chat.postMessage", "conversations.history", "views.publish", "users.info"} <= methods


def _method(name: str) -> str:
    family, *words = name.split("_")
    first, *more = words
    return f"{family}.{first}{''.join(word[0].upper() + word[1:] for word in more)}"
