"""The previews against the fakes of Slack and Discord, which read the same markup with parsers of their own."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.discord.components import Type, inside
from bots.discord.outgoing import digest_parts as discord_parts
from bots.domain.digests import Digest
from bots.domain.subscriptions import Look
from bots.preview.discord_markdown import markdown
from bots.preview.slack_mrkdwn import mrkdwn
from bots.slack.outgoing import digest_parts as slack_parts
from tests.fakes.discord.markdown import read as read_markdown
from tests.fakes.discord.markdown_html import blocks_html
from tests.fakes.slack.mrkdwn import read as read_mrkdwn
from tests.fakes.slack.mrkdwn import shown as shown_mrkdwn
from tests.preview.drawn import drawn, seen
from tests.support import hostile
from tests.support.factories import a_digest


class _Other(HTMLParser):
    """The text and the links of another renderer's HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.links = "", list[str]()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")

    def handle_data(self, data: str) -> None:
        self.text += data


@hostile.patient
@given(digest=hostile.digests, look=st.sampled_from(Look))
def test_discord_reads_the_same(digest: Digest, look: Look) -> None:
    """Each text of a message has the same letters and the same links in the preview as in the fake Discord."""
    given_ = a_digest(entries=digest.entries, notes=digest.notes, topic=digest.topic, look=look)
    for part in discord_parts(given_):
        for each in inside(part.payload["components"]):  # type: ignore[arg-type]  # a payload is JSON
            if each["type"] == Type.TEXT:
                ours, theirs = drawn(markdown(each["content"])), _Other(blocks_html(read_markdown(each["content"])))
                assert seen(theirs.text) == seen(ours.text)
                assert theirs.links == ours.links


@hostile.patient
@given(digest=hostile.digests)
def test_slack_reads_the_same(digest: Digest) -> None:
    """The text of a notification has the same letters in the preview as in the fake Slack."""
    for part in slack_parts(digest):
        text = str(part.payload["text"])
        assert _unquoted(shown_mrkdwn(read_mrkdwn(text))) == _unquoted(drawn(mrkdwn(text)).text)


def _unquoted(text: str) -> str:
    """Return the letters without the signs of quotes: Slack draws them as a bar, the fake leaves them in the text."""
    return seen(text.replace(">", ""))


@pytest.mark.parametrize(
    "text",
    ["**b** *i* __u__ ~~s~~ `c`", "# h\n-# small\n> quote", r"\*no\*", "[x](<https://a.example>)", "a_b_c 2*3*4",
     "- item\n- other", "**bold *both* bold**", "```py\n**x**\n```"],
)  # fmt: skip
def test_ordinary_markdown_reads_the_same(text: str) -> None:
    """Ordinary markup has the same letters and links in both."""
    ours, theirs = drawn(markdown(text)), _Other(blocks_html(read_markdown(text)))
    assert seen(theirs.text) == seen(ours.text)
    assert theirs.links == ours.links
