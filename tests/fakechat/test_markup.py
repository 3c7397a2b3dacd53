"""The fake chat's markup is parsed as documented."""

from hypothesis import given
from hypothesis import strategies as st

from bots.fakechat import markup
from tests.support import hostile


def test_mentions_ring() -> None:
    """Mentions of people, groups and channels notify, and so does a bare @everyone."""
    text = "a <@U123> <!channel> <!subteam^S1|team> @here b@example.org"
    assert ("<@U123>", "<!channel>", "<!subteam^S1|team>", "@here") == markup.pings(text)


def test_links_need_a_label() -> None:
    """Only a URL with a label in angle brackets is a link, and readers see its label."""
    text = "<https://a.example/?x=1&amp;y|A &lt;b&gt;> <https://b.example> https://c.example"
    assert (markup.Link(url="https://a.example/?x=1&y", label="A <b>"),) == markup.links(text)
    assert "A <b> <https://b.example> https://c.example" == markup.shown(text)


def test_entities_are_resolved_once() -> None:
    """An escaped escape is decoded to the escape that was written."""
    assert "&lt;" == markup.unescape(markup.escape("&lt;"))


@given(text=st.one_of(st.text(), hostile.texts))
def test_escaped_text_is_only_text(text: str) -> None:
    """Escaped text mentions no one, links nowhere and is displayed as it was written."""
    escaped = markup.escape(text)
    assert () == markup.pings(escaped)
    assert () == markup.links(escaped)
    assert text == markup.shown(escaped)
