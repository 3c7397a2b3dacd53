"""What members of a chat are told of failures whose remedy only the operator has."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bots.config.settings import read_settings
from bots.config.source_catalogue import catalogue
from bots.domain.errors import PaperwireError, SettingsError
from bots.sources.feed import FeedSource
from bots.sources.source_opener import SourceOpener
from bots.usecases.problems import hint_for_members, problem
from tests.sources.conftest import StillClock, a_client, a_context

#: What no member of a chat can act on: settings, Python's quotes, code quotes, files of the machine.
_NEVER = ("sources.", "PAPERWIRE_", " '", "`", "file")


@pytest.fixture
async def opener(tmp_path: Path) -> AsyncIterator[SourceOpener]:
    """Opens every installed source, with no setting given."""
    settings = read_settings({}, database=str(tmp_path / "store.sqlite3"))
    async with a_client(StillClock()) as client:
        yield SourceOpener(catalogue(), client=client, settings=settings.of_source, folder=tmp_path)


@pytest.mark.parametrize(
    "spec",
    [
        "openreview:ICLR.cc/2026/Conference",
        "semanticscholar:2004.15011",
        "frobnicate:1",
        "feed:natur",
        "feed:blog",
        "feed:http://127.0.0.1/feed.xml",
        "huggingface:decade",
        "crossref:foo",
        "biorxiv:!",
        "pubmed:!!",
        "openalex:a|b",
        "arxiv:cs.XX",
    ],
)
async def test_an_error_of_a_source_has_words_that_a_member_can_act_on(opener: SourceOpener, spec: str) -> None:
    """No error of a source shows a member a setting, a Python string or the source that only the operator may use."""
    with pytest.raises(PaperwireError) as caught:
        opener(spec)
    told = problem(caught.value)
    assert [] == [each for each in _NEVER if each in f" {told.message} {told.hint}"]
    assert told.hint


async def test_a_source_that_is_not_set_up_says_whom_to_ask(opener: SourceOpener) -> None:
    """A member reads that the source is off and who can change that; the operator reads the settings."""
    with pytest.raises(SettingsError) as caught:
        opener("openreview:ICLR.cc/2026/Conference")
    member, operator = problem(caught.value), problem(caught.value, trusted=True)
    assert "OpenReview is not set up here: it needs a key or an account." == member.message
    assert "Ask whoever runs Paperwire here" in member.hint
    assert "sources.openreview_user" in operator.message


async def test_a_misspelt_feed_is_guessed() -> None:
    """The few names that are near are offered, not a list of twenty."""
    async with a_client(StillClock()) as client:
        with pytest.raises(SettingsError) as caught:
            FeedSource.open("natur", a_context(client, "feed", {}))
    assert "Did you mean nature" in caught.value.hint
    assert "plos-one" not in caught.value.hint


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        ("Try again. Set slack.bot_token.", "Try again. Tell whoever runs Paperwire here."),
        ("Run: paperwire doctor", "Tell whoever runs Paperwire here."),
        ("arxiv.org/category_taxonomy lists the names.", "arxiv.org/category_taxonomy lists the names."),
        (
            "Whoever runs Paperwire here can allow it. The setting is a.b_c.",
            "Whoever runs Paperwire here can allow it.",
        ),
    ],
)
def test_a_hint_for_members_names_no_setting(hint: str, told: str) -> None:
    """A sentence with a setting or a command of the terminal becomes a word to the operator, once."""
    assert told == hint_for_members(hint)
