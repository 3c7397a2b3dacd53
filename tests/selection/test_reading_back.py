"""A query that can be read in two ways is said back as it was read; a clear one is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.errors import BadQuery
from bots.selection import parse_query, read_as


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("agents OR robots", "agents or robots"),
        ("(agents OR robots) -survey", "agents or robots -survey"),
        ("(agents OR robots) -survey", "agents OR robots -survey"),
        ("(agents OR robots) -survey", "agents OR robots NOT survey"),
        ("agents OR (robots -survey)", "agents or (robots not survey)"),
        ("(kv cache) OR agents", "kv cache or agents"),
        ("(kv cache) OR agents", "kv cache OR agents"),
        ("agents robots", "agents and robots"),
        ("agents -survey", "agents not survey"),
        ("(agents planning) OR (robots grasping)", "agents AND planning OR robots AND grasping"),
        ('("kv cache" OR ti:agents) -survey', '"kv cache" or ti:agents -survey'),
        ("agents (plans OR tools)", "agents (plans or tools)"),
        ("-(agents OR robots)", "not (agents or robots)"),
    ],
)
def test_an_open_query_is_said_back(expected: str, text: str) -> None:
    """Small operators and groups without brackets are written out; that text means the same and says nothing new."""
    assert expected == read_as(text)
    assert parse_query(text) == parse_query(expected)
    assert "" == read_as(expected)


@pytest.mark.parametrize(
    "text",
    ["", "agents", "kv cache", "agents OR robots", '"kv cache" OR (agents -survey)', "agents -survey", "a AND b",
     "agents NOT survey", '"to be or not to be"', "agents (plans OR tools)", "agents or", "(agents", "~survey"],
)  # fmt: skip
def test_a_clear_query_is_not_said_back(text: str) -> None:
    """Capitals, brackets and quotes leave nothing open; what is no query is refused elsewhere."""
    assert "" == read_as(text)


@given(
    st.lists(st.sampled_from(["a ", "b ", "or ", "OR ", "and ", "not ", "-", "(", ") ", '"c d" ', "ti:"])).map("".join)
)
def test_what_is_said_back_means_the_same(text: str) -> None:
    """Whatever is typed, the text that is said back is a query with the same meaning."""
    meant = read_as(text)
    if meant:
        assert parse_query(text) == parse_query(meant)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """A text that is no query is said back as nothing."""
    try:
        parse_query(text)
    except BadQuery:
        assert "" == read_as(text)
