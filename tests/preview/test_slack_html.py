"""Slack's messages as HTML: every text of every block is shown, none is markup, and nothing is left out."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.digests import Digest
from bots.domain.replies import Reply
from bots.domain.subscriptions import Look
from bots.preview.slack_html import block, slack_message
from bots.preview.slack_mrkdwn import mrkdwn
from bots.slack.blocks import escape
from bots.slack.outgoing import digest_parts, reply_messages
from tests.preview.drawn import drawn, seen
from tests.support import hostile
from tests.support.factories import a_digest, a_long_digest

ADDRESS = "https://arxiv.org/abs/1706.03762"


def texts_in(given_: Any) -> Iterator[str]:
    """Yield every text of the blocks that Slack shows as it is."""
    if isinstance(given_, dict):
        if given_.get("type") in ("plain_text", "text", "link") and isinstance(given_.get("text"), str):
            yield given_["text"]
        for value in given_.values():
            yield from texts_in(value)
    elif isinstance(given_, list):
        for value in given_:
            yield from texts_in(value)


@hostile.patient
@given(digest=hostile.digests, look=st.sampled_from(Look))
def test_every_text_of_a_digest_is_shown(digest: Digest, look: Look) -> None:
    """Whatever a paper holds, each text of its message is visible as text, and no block is of an unknown kind."""
    for part in digest_parts(a_digest(entries=digest.entries, notes=digest.notes, topic=digest.topic, look=look)):
        shown = drawn(slack_message(part.payload))
        held = seen(shown.text)
        assert all(seen(text) in held for text in texts_in(part.payload["blocks"]))
        assert "unknown" not in shown.classes


@hostile.patient
@given(reply=hostile.answers)
def test_every_kind_of_reply_is_drawn(reply: Reply) -> None:
    """Every kind of block that any reply has is known."""
    for payload in reply_messages(reply):
        shown = drawn(slack_message(payload))
        assert "unknown" not in shown.classes
        assert all(seen(text) in seen(shown.text) for text in texts_in(payload["blocks"]))


kinds = st.text(min_size=1, max_size=20).filter(lambda kind: kind.strip() and not kind.startswith("rich_text"))


@given(kind=kinds, text=st.text(min_size=1, max_size=30))
def test_an_unknown_kind_is_shown_as_such(kind: str, text: str) -> None:
    """A block, a control or a leaf of an unknown kind is shown with its kind and its texts."""
    strange = {"type": f"x-{kind}", "title": {"type": "plain_text", "text": text}, "action_id": "an id"}
    for given_ in (
        strange,
        {"type": "actions", "elements": [strange]},
        {"type": "context", "elements": [strange]},
        {"type": "rich_text", "elements": [strange]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [strange]}]},
        {"type": "section", "text": strange, "fields": [strange], "accessory": strange},
    ):
        shown = drawn(block(given_))
        assert "unknown" in shown.classes
        assert seen(f"x-{kind}") in seen(shown.text)
        assert seen(text) in seen(shown.text)
        assert "an id" not in shown.text


@pytest.mark.parametrize("given_", [None, 5, "text", [], {}, {"type": 3}, {"type": ["x"]}])
def test_what_is_no_block_is_shown_too(given_: object) -> None:
    """Something that is no block at all is shown as such."""
    assert "unknown" in drawn(block(given_)).classes


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a *b* c", "a <strong>b</strong> c"),
        ("_i_ ~s~ `c*d*`", "<em>i</em> <s>s</s> <code>c*d*</code>"),
        ("2 * 3 * 4, snake_case_name", "2 * 3 * 4, snake_case_name"),
        ("*_both_*", "<strong><em>both</em></strong>"),
        ("```x\n*y*```", "<pre>x\n*y*</pre>"),
        ("&gt; quoted\nnot", "<blockquote>quoted</blockquote>not"),
        ("&lt;b&gt; &amp;lt;", "&lt;b&gt; &amp;lt;"),
        ("<#C1|general>", '<span class="slack-mention">general</span>'),
        ("<@U1>", '<span class="slack-mention">@U1</span>'),
        ("<!subteam^S1>", '<span class="slack-mention">@subteam</span>'),
        ("<!here>", '<span class="slack-mention">@here</span>'),
        ("<javascript:alert(1)|x>", "x"),
    ],
)
def test_mrkdwn(text: str, html: str) -> None:
    """Each sign of mrkdwn is drawn as Slack shows it; signs inside words and alone are text."""
    assert html == mrkdwn(text)


def test_a_link_of_mrkdwn() -> None:
    """A link shows its label and leads to its address, in a page of its own."""
    made = mrkdwn(f"<{ADDRESS}?a=1&amp;b=2|code>")
    assert [f"{ADDRESS}?a=1&b=2"] == drawn(made).links
    assert "code" == drawn(made).text
    assert 'target="_blank"' in made


@hostile.patient
@given(text=hostile.texts)
def test_escaped_text_is_no_markup(text: str) -> None:
    """A text that was escaped for Slack mentions nobody, links nowhere and makes no element."""
    shown = drawn(mrkdwn(escape(text)))
    assert [] == shown.links
    assert "slack-mention" not in shown.classes


@hostile.patient
@given(text=hostile.texts)
def test_any_mrkdwn_is_harmless(text: str) -> None:
    """Any text at all as mrkdwn, as another adapter may send it, does nothing but show."""
    drawn(mrkdwn(text))


def test_a_long_digest_has_several_messages() -> None:
    """Each message of a long digest is drawn, and together they show every paper."""
    parts = digest_parts(a_long_digest(60))
    text = "".join(drawn(slack_message(part.payload)).text for part in parts)
    assert 1 < len(parts)
    assert all(f"Paper {number}" in text for number in range(60))


def test_a_message_without_blocks_is_its_text() -> None:
    """A message that has only a text is shown by it."""
    assert "Hello world" == drawn(slack_message({"text": "Hello *world*"})).text
