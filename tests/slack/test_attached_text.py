"""What a person forwards, or another app has posted, is read: its words are in attachments and blocks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.requests import Lookup, Request, Summarize
from bots.slack.actions import AnswerRequest
from bots.slack.attached_text import attached, text_of
from bots.slack.fields import Refused
from bots.slack.incoming import read_event, read_shortcut
from bots.slack.modals import read_summarize

ABSTRACT = "We present a method for reading long messages. " * 8
RSS = {
    "text": "",
    "attachments": [
        {"fallback": "New paper", "title": "A Paper", "title_link": "https://arxiv.org/abs/2304.03442", "text": "short"}
    ],
}
BLOCKS = {
    "text": "",
    "blocks": [
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "link", "url": "https://arxiv.org/abs/1706.03762"}]}
            ],
        }
    ],
}
FORWARDED = {"text": "", "attachments": [{"is_share": True, "text": ABSTRACT, "from_url": "https://x.slack.com/p1"}]}
NESTED = {
    "text": "",
    "attachments": [{"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "see arXiv:1810.04805"}}]}],
}


def event(**message: Any) -> dict[str, Any]:
    """Return the event of a direct message."""
    told = {"type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "ts": "1.2", **message}
    return {"team_id": "T1", "event": told}


def shortcut(message: dict[str, Any]) -> dict[str, Any]:
    """Return the payload of the message shortcut."""
    where = {"team": {"id": "T1"}, "user": {"id": "U1"}, "channel": {"id": "C1"}}
    return {"type": "message_action", **where, "message": {"ts": "1.2", **message}}


def requests_in(found: tuple[Any, ...]) -> list[Request]:
    """Return the requests of some actions."""
    return [each.request for each in found if isinstance(each, AnswerRequest)]


@pytest.mark.parametrize(
    ("message", "named"),
    [(RSS, "2304.03442"), (BLOCKS, "1706.03762"), (NESTED, "1810.04805")],
    ids=["rss", "rich", "nested"],
)  # fmt: skip
def test_papers_in_attachments_are_found(message: dict[str, Any], named: str) -> None:
    """A link of another app's post is looked up, by the shortcut and in a message to the bot."""
    for found in (read_shortcut(shortcut(message)), read_event(event(**message))):
        (request,) = requests_in(found)
        assert isinstance(request, Lookup)
        assert named in request.text


@pytest.mark.parametrize("own", ["", "what about this?"])
def test_a_forwarded_abstract_is_condensed(own: str) -> None:
    """An abstract that is forwarded, with a word or without, is condensed."""
    (request,) = requests_in(read_event(event(**{**FORWARDED, "text": own})))
    assert isinstance(request, Summarize)
    assert "We present a method" in request.text
    (request,) = requests_in(read_shortcut(shortcut({**FORWARDED, "text": own})))
    assert isinstance(request, Summarize)


def test_ones_own_words_come_first() -> None:
    """A message that names a paper itself is not read past it; an unfurl below it adds nothing."""
    unfurl = [{"title": "Other", "title_link": "https://arxiv.org/abs/1810.04805"}]
    (request,) = requests_in(read_event(event(text="<https://arxiv.org/abs/1706.03762>", attachments=unfurl)))
    assert isinstance(request, Lookup)
    assert "1706.03762" in request.text
    assert "1810.04805" not in text_of({"text": "https://arxiv.org/abs/1706.03762", "attachments": unfurl})


@pytest.mark.parametrize(
    ("text", "papers"),
    [
        ("<https://arxiv.org/abs/1706.03762> and 2004.15011", 2),
        ("2004.15011 <https://arxiv.org/abs/1706.03762>", 2),
        ("arXiv:2004.15011, <https://arxiv.org/abs/1706.03762|the old one>", 2),
        ("<https://arxiv.org/abs/1706.03762> 1706.03762", 1),
        ("10.1038/nature14539 and <https://huggingface.co/papers/1706.03762>", 2),
    ],
)
def test_an_id_and_a_link_are_both_answered(text: str, papers: int) -> None:
    """Every paper of a message is looked up once, however it is named."""
    assert papers == len(requests_in(read_event(event(text=text))))


@pytest.mark.parametrize("text", ["1706.03762", "arXiv:1706.03762", " 1706.03762v2 ", "https://arxiv.org/abs/1706.03762",
                                  "doi:10.1038/nature14539", "arXiv: 1706.03762", "(1706.03762)"])  # fmt: skip
def test_a_bare_id_in_the_summarize_window_is_looked_up(text: str) -> None:
    """Only an id, pasted into the window for abstracts, is the paper's card."""
    field = {"abstract": {"field": {"type": "plain_text_input", "value": text}}}
    payload = {
        "user": {"id": "U1"},
        "team": {"id": "T1"},
        "view": {"id": "V1", "private_metadata": '{"channel": "C1"}', "state": {"values": field}},
    }
    read = read_summarize(payload)
    assert not isinstance(read, Refused)
    assert isinstance(read.request, Lookup)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["text", "blocks", "attachments", "elements", "fields", "url"]), inner, max_size=4
            )
        ),
        max_leaves=30,
    )
)
def test_any_message_is_read(message: Any) -> None:
    """Whatever the attachments hold, they are read as text, and not more of it than was there."""
    assert len(attached(message)) <= len(str(message)) + 1
    assert isinstance(text_of(message), str)


def test_deep_and_wide_attachments_are_bounded() -> None:
    """Nesting and numbers are cut, not followed without end."""
    deep: Any = "end"
    for _ in range(5000):
        deep = {"elements": [deep]}
    assert "" == attached({"text": "", "blocks": [deep]})
    wide = {"text": "", "attachments": [{"text": "x" * 9000}] * 3 + [{"text": f"{n}" * 9000} for n in range(50)]}
    assert 40_000 >= len(attached(wide))
