"""The shortest command of a subscription: it says what differs, and means the whole."""

import shlex
from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.commands import parse_command, short_command, terminal_command
from bots.domain.channels import Channel
from bots.domain.requests import Subscribe
from bots.domain.subscriptions import Every, Look, SortBy, Subscription, Weekday, WhenEmpty
from summarizer import Style

HERE = Channel(platform="slack", workspace="T1", channel="C1")
PLAIN = Subscription(id="", channel=HERE)
words = (
    st.text("abc \"'\\=-üü漢", min_size=1, max_size=20)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: any(map(str.isalnum, text)))
)
subscriptions = st.builds(
    replace,
    st.just(PLAIN),
    sources=st.sampled_from((("huggingface",), ("arxiv:cs.CL+cs.LG",), ("huggingface", "sample"))),
    interests=st.just("") | words,
    categories=st.sampled_from(((), ("cs.CL",), ("cs.*", "stat.ML"))),
    sort_by=st.sampled_from(SortBy),
    limit=st.integers(1, 20),
    style=st.sampled_from(Style),
    look=st.sampled_from(Look),
    threaded=st.booleans(),
    empty=st.sampled_from(WhenEmpty),
    times=st.sampled_from(((time(9, 0),), (time(8, 30), time(17, 0)))),
    timezone=st.sampled_from((ZoneInfo("UTC"), ZoneInfo("Europe/Berlin"))),
)


def test_a_plain_subscription_needs_no_option() -> None:
    """A subscription with every default is the command alone."""
    assert "subscribe" == short_command(PLAIN)
    assert "paperwire subscribe --to slack:T1:C1" == terminal_command(PLAIN, "slack:T1:C1")


def test_only_what_differs_is_written() -> None:
    """Each option that differs is written once, quoted where it has spaces."""
    changed = replace(PLAIN, query="kv cache", limit=3, look=Look.CARDS)
    assert 'subscribe query="kv cache" limit=3 look=cards' == short_command(changed)
    assert "--query 'kv cache' --limit 3 --look cards" in terminal_command(changed, "console")


@given(subscription=subscriptions)
def test_it_is_read_back(subscription: Subscription) -> None:
    """Whatever differs, the command makes an equal subscription, in a chat and word by word in a terminal."""
    request = parse_command(short_command(subscription), channel=HERE)
    assert isinstance(request, Subscribe)
    assert subscription == request.subscription
    typed = shlex.split(terminal_command(subscription, "console"))
    assert ["paperwire", "subscribe", "--to", "console"] == typed[:4]
    assert 0 == len(typed) % 2


@pytest.mark.parametrize("every", [Every.WEEK, Every.MONTH])
def test_a_round_up_has_days_of_its_own(every: Every) -> None:
    """The days that a round-up has by itself are not written; others are."""
    usual = parse_command(f"subscribe every={every}", channel=HERE)
    assert isinstance(usual, Subscribe)
    assert f"subscribe every={every}" == short_command(usual.subscription)
    other = replace(usual.subscription, weekdays=frozenset({Weekday.MON}))
    assert f"subscribe on=mon every={every}" == short_command(other)
