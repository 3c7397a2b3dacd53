"""The message that shows a draft subscription: what it says, what its menus change, and what it carries unseen."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.commands import values_of, write_command
from bots.discord.components import count, text_size
from bots.discord.controls import Control
from bots.discord.draft_state import DraftState, choice_in, fits, state_in
from bots.discord.subscription_draft import broken, chosen, confirmation, draft
from bots.discord.subscription_form import WINDOWS, changes_of, subscription_modal, with_changes
from bots.domain.requests import Subscribe
from bots.domain.subscriptions import Every, Subscription, Weekday
from summarizer import Style
from tests.discord.interactions import Json
from tests.discord.test_subscription_form import HERE, NOW, PLAIN, errors_in, fields, subscriptions
from tests.fakes.discord import rules
from tests.support import hostile


def check_message(message: Json) -> None:
    """Check a message against the documented limits of Discord."""
    assert () == rules.message(message, kind=rules.Kind.CREATE)
    assert count(message["components"]) <= 40
    assert text_size(message["components"]) <= 4000
    for option in (each for menu in menus(message) for each in menu["options"]):
        assert 1 <= len(option["value"]) <= 100
        assert 1 <= len(option["label"]) <= 100


def menus(message: Json) -> list[Json]:
    """Return the menus of a draft."""
    rows = (each for each in message["components"][0]["components"] if each["type"] == 1)
    return [each for row in rows for each in row["components"] if each["type"] == 3]


def text_of(message: Json) -> str:
    """Return the texts of a draft."""
    return "\n".join(each["content"] for each in message["components"][0]["components"] if each["type"] == 10)


@given(subscription=subscriptions)
def test_a_message_carries_the_whole_draft(subscription: Subscription) -> None:
    """The draft read back from its message equals the one shown, and the message is within Discord's limits."""
    new = Subscription(id="", channel=HERE)
    state = DraftState(changes=changes_of(values_of(subscription), new))
    shown = draft(subscription, state, next_due=NOW)
    check_message(shown)
    read = state_in(shown)
    assert read == state
    assert subscription == with_changes(new, read.changes)


def test_a_draft_shows_sentences_and_no_command() -> None:
    """What is stored in the message is in no text of it, and nothing reads like a command line."""
    state = DraftState(changes={"source": "sample", "query": "agents"})
    said = text_of(draft(with_changes(PLAIN, state.changes), state, next_due=NOW))
    assert "```" not in said
    assert "=" not in said
    assert "agents" in said


@hostile.patient
@given(
    typed=st.dictionaries(st.sampled_from([*WINDOWS["papers"], *WINDOWS["times"]]), hostile.texts, max_size=5),
    changes=st.dictionaries(st.sampled_from(sorted(values_of(PLAIN))), hostile.texts, max_size=3),
)
def test_what_cannot_be_read_is_carried_or_said_to_be_too_long(typed: dict[str, str], changes: dict[str, str]) -> None:
    """Whatever was entered is shown again by Change, unless no message can carry it, which the message then says."""
    state = DraftState(changes={name: said[:100] for name, said in changes.items()}, window="papers", typed=typed)
    message = broken(PLAIN, state, ["Query: “x” is wrong. @everyone `*"])
    check_message(message)
    assert all(menu["disabled"] for menu in menus(message))
    read = state_in(message)
    assert read == (state if fits(state) else replace(state, typed={}))
    assert ("still there" in text_of(message)) is fits(state)


@pytest.mark.parametrize("damage", ["", "!", "eNo", "AAAA", "W10", "eJyLjgUAARUAuQ"])
def test_a_message_that_is_no_draft_carries_nothing(damage: str) -> None:
    """Damaged values make no draft, and no error."""
    option = {"label": "a", "value": f"weekdays|{damage}"}
    message = {"components": [{"type": 17, "components": [{"type": 1, "components": [{"options": [option]}]}]}]}
    assert state_in(message) in (None, DraftState())


def test_a_draft_that_0_1_0_posted_is_read_whole() -> None:
    """A message of 0.1.0 has the draft as its command between backticks; every option of it counts."""
    old = replace(PLAIN, query="agents", settle=2, interests="`code`")
    line = write_command(Subscribe(channel=HERE, subscription=old))
    message = {"components": [{"type": 17, "components": [{"type": 10, "content": f"```\n{line}\n```"}]}]}
    state = state_in(message)
    assert state is not None
    assert old == with_changes(Subscription(id="", channel=HERE), state.changes)


def test_menus_change_what_they_show() -> None:
    """The menus below a draft change days and number, and a subscription's own days stay available."""
    assert 8 == with_changes(PLAIN, chosen(Control.LIMIT, "8")).limit
    assert Style.SHORT == with_changes(PLAIN, chosen(Control.STYLE, "short")).style
    monthly = with_changes(replace(PLAIN, settle=3), chosen(Control.EVERY, "month"))
    assert (Every.MONTH, 0) == (monthly.every, monthly.settle)
    odd = replace(PLAIN, weekdays=frozenset({Weekday.TUE}))
    assert {} == chosen(Control.EVERY, "as-set")
    assert "As set" in str(draft(odd, DraftState(), next_due=None))
    weekly = with_changes(odd, chosen(Control.EVERY, "week"))
    assert (Every.WEEK, frozenset({Weekday.FRI})) == (weekly.every, weekly.weekdays)


def test_an_option_is_named_without_what_it_carries() -> None:
    """A choice in a menu of a draft is read without the piece of the state in its value."""
    message = draft(PLAIN, DraftState(changes={"query": "x" * 300}), next_due=None)
    values = [choice_in(each["value"]) for each in menus(message)[0]["options"]]
    assert ["weekdays", "daily", "week", "month"] == values
    assert ["papers", "times", "look", "language"] == [
        choice_in(each["value"]) for each in menus(message)[2]["options"]
    ]


def test_what_was_wrong_is_shown_again() -> None:
    """The window that Change opens after an error has what was typed and chosen."""
    typed = {**fields(subscription_modal(PLAIN, window="times")), "at": "25:00", "on": "mon"}
    state = DraftState(window="times", typed=typed)
    read = state_in(broken(PLAIN, state, errors_in(PLAIN, "times", **typed).values()))
    assert read is not None
    again = subscription_modal(PLAIN, window=read.window, typed=read.typed)
    assert typed == fields(again)


def test_the_button_that_ends_a_subscription_names_it() -> None:
    """The question whether to end a subscription carries its id and its channel's."""
    assert "pw:unsubscribe_sure:ab12 22" in json.dumps(confirmation("ab12 22"))
