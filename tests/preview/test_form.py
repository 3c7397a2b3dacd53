"""The form: what a person sees of a subscription, and what is wrong with what was typed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.commands import FIELDS
from bots.domain.subscriptions import Look, SortBy, Subscription, Weekday
from bots.preview.form import CHOICES, Form, filled, offered_sources, read
from summarizer import Style
from tests.preview.conftest import START

EDITED = replace(
    START,
    sources=("told", "arxiv:cs.CL+cs.LG"),
    query='"kv cache" OR agents',
    interests="sparse attention",
    categories=("cs.CL", "stat.*"),
    sort_by=SortBy.NEWEST,
    limit=7,
    style=Style.STRUCTURED,
    look=Look.COMPACT,
    threaded=True,
)


@pytest.mark.parametrize("subscription", [START, EDITED])
def test_a_form_that_is_sent_unchanged_changes_nothing(subscription: Subscription) -> None:
    """The fields of a subscription are read back as the same subscription."""
    form = filled((), subscription)
    assert subscription == read(filled(tuple(form.values.items()), START), subscription)


def test_what_is_sent_replaces_what_was_there() -> None:
    """A field that is sent counts, even an empty one; a name that is no field does not."""
    read_ = read(filled([("query", ""), ("limit", "3"), ("trusted", "1"), ("id", "x")], EDITED), EDITED)
    assert isinstance(read_, Subscription)
    assert ("", 3, EDITED.sources) == (read_.query, read_.limit, read_.sources)


@pytest.mark.parametrize(
    ("name", "value"),
    [("query", "ti:("), ("limit", "0"), ("limit", "x"), ("at", "25:00"), ("style", "long"), ("source", ""),
     ("category", "!"), ("zone", "Mars"), ("interests", "x" * 600)],
)  # fmt: skip
def test_what_is_wrong_is_named_at_its_field(name: str, value: str) -> None:
    """A wrong value is named at its own field, in a sentence, and at no other."""
    form = read(filled([(name, value)], START), START)
    assert isinstance(form, Form)
    assert [name] == list(form.wrong)
    assert " " in form.wrong[name]


@given(values=st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=40)))
def test_any_text_is_read_or_named(values: dict[str, str]) -> None:
    """Whatever is typed, it is a subscription or a form with at least one error; nothing is raised."""
    found = read(filled(tuple(values.items()), START), START)
    assert isinstance(found, Subscription) or found.wrong


def test_every_choice_is_accepted() -> None:
    """Every option of every menu of the form is one that the grammar reads."""
    for name, options in CHOICES.items():
        for value in options:
            sent = dict(filled((), START).values) | {name: str(value)}
            found = read(filled(tuple(sent.items()), START), START)
            assert isinstance(found, Subscription), (name, value)
    assert {each.value for each in Look} == {str(value) for value in CHOICES["look"]}


def test_a_round_up_needs_no_other_days() -> None:
    """Who chooses a week's best and leaves the days as they were gets the days of a round-up; chosen days stay."""
    sent = dict(filled((), START).values) | {"every": "week"}
    found = read(filled(tuple(sent.items()), START), START)
    assert isinstance(found, Subscription)
    assert {Weekday.FRI} == found.weekdays
    found = read(filled(tuple((sent | {"on": "tue"}).items()), START), START)
    assert isinstance(found, Subscription)
    assert {Weekday.TUE} == found.weekdays


def test_sources_are_suggested() -> None:
    """The field of sources suggests specs with their names, the shipped day among them."""
    suggested = dict(offered_sources())
    assert "huggingface" in suggested
    assert "sample" in suggested
    assert all(suggested.values())
