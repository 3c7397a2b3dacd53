"""Interactions become requests, and unreadable ones become errors that explain the problem."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.discord.actions import AnswerRequest, Confirm, OpenSubscribe, OpenSummarize, ReadFile, ShareThis
from bots.discord.controls import Control, control_id
from bots.discord.incoming import read_command, read_control
from bots.discord.message_text import bare
from bots.discord.modals import read_file, read_summarize
from bots.discord.payloads import location_of
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand, BadPaste, BadQuery, RequestError
from bots.domain.papers import PaperId
from bots.domain.requests import (
    Abstract,
    Cite,
    DigestNow,
    Help,
    Hidden,
    ListSubscriptions,
    Lookup,
    MoreLike,
    NotForUs,
    Pause,
    Request,
    Resume,
    Save,
    Saved,
    Search,
    Summarize,
    Unhide,
    Unsave,
    Unsubscribe,
)
from bots.domain.subscriptions import SortBy
from summarizer import Style
from tests.discord.interactions import Json, control, interaction, on_message, slash, window

HERE = Channel(platform="discord", workspace="77", channel="22")
OWN = Channel(platform="discord", channel="5")
PAPER = PaperId.arxiv("1706.03762")


def asked(payload: Json, **more: Any) -> Request:
    """Return the single request of a payload."""
    action = read_command(payload, **more) if payload["type"] == 2 else read_control(payload)
    assert isinstance(action, AnswerRequest)
    (request,) = action.requests
    return request


@pytest.mark.parametrize(
    ("payload", "request_"),
    [
        (slash("paper lookup", paper=" 1706.03762 "), Lookup(channel=HERE, user="5", text="1706.03762")),
        (slash("paper search", words="KV  cache", limit=3), Search(channel=HERE, user="5", words="KV cache", limit=3)),
        (slash("paper subscriptions"), ListSubscriptions(channel=HERE, user="5")),
        (slash("paper saved", words="cats"), Saved(channel=OWN, place=HERE, user="5", words="cats")),
        (slash("paper help", topic="digest"), Help(channel=HERE, user="5", topic="digest")),
        (slash("paper digest"), DigestNow(channel=HERE, user="5")),
    ],
)
def test_a_command_is_the_request_it_stands_for(payload: Json, request_: Request) -> None:
    """A request for a person's own data has no server; every other request has its channel."""
    assert request_ == asked(payload)


def test_a_digest_is_asked_for_with_the_former_name_of_an_option() -> None:
    """A client that still shows the commands of 0.1.0 sends `order`, which is read as `sort`."""
    (former, today) = (asked(slash("paper digest", **{name: "newest"})) for name in ("order", "sort"))
    assert isinstance(today, DigestNow)
    assert SortBy.NEWEST == today.sort_by
    assert today == former


def test_a_digest_is_asked_for_with_the_grammar_of_every_chat() -> None:
    """The options of a command have the same meaning as in a typed command."""
    typed = slash("paper digest", source="arxiv:cs.CL, huggingface", query="a -b", sort="newest", day="yesterday")
    assert DigestNow(
        channel=HERE, user="5", sources=("arxiv:cs.CL", "huggingface"), query="a -b", sort_by=SortBy.NEWEST,
        day=date(2026, 11, 23),
    ) == asked(typed, today=date(2026, 11, 24))  # fmt: skip


@pytest.mark.parametrize(
    "payload",
    [slash("paper lookup", paper="  "), slash("paper search", words="--"), slash("paper digest", query="(((")],
)
def test_what_cannot_be_done_as_typed_says_what_would_be(payload: Json) -> None:
    """Invalid input is refused with a hint, and nothing is guessed."""
    with pytest.raises(BadQuery) as refused:
        read_command(payload)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("verb", "request_"),
    [
        (Control.SHOW, Lookup(channel=HERE, user="5", text=str(PAPER))),
        (Control.ABSTRACT, Abstract(channel=HERE, user="5", paper_id=PAPER)),
        (Control.SAVE, Save(channel=OWN, place=HERE, user="5", paper_id=PAPER)),
        (Control.UNSAVE, Unsave(channel=OWN, place=HERE, user="5", paper_id=PAPER)),
        (Control.MORE, MoreLike(channel=HERE, user="5", paper_id=PAPER)),
        (Control.NOT_FOR_US, NotForUs(channel=HERE, user="5", paper_id=PAPER, sure=False)),
        (Control.HIDE, NotForUs(channel=HERE, user="5", paper_id=PAPER)),
        (Control.UNDO, Unhide(channel=HERE, user="5", paper_id=PAPER)),
        (Control.CITE, Cite(channel=OWN, place=HERE, user="5", paper_id=PAPER)),
    ],
)
def test_a_button_carries_its_paper(verb: Control, request_: Request) -> None:
    """A button contains its paper's id, so it works after a restart; so does a second button for the same paper."""
    assert request_ == asked(control(control_id(verb, str(PAPER))))
    assert request_ == asked(control(control_id(verb, str(PAPER), 2)))


@pytest.mark.parametrize(
    ("held", "page"), [("2", 2), ("0", 1), ("", 1), ("-3", 1), ("٣", 1), ("9" * 40, 1), ("12345", 12345)]
)
def test_a_page_of_the_hidden_papers_is_asked_for(held: str, page: int) -> None:
    """The buttons of the list carry the number of a page; anything else is the first page."""
    for button in (Control.HIDDEN_NEWER, Control.HIDDEN_OLDER):
        assert Hidden(channel=HERE, user="5", page=page) == asked(control(control_id(button, held)))
    assert Hidden(channel=HERE, user="5") == asked(slash("paper hidden"))


def test_a_button_of_an_earlier_version_asks_for_it() -> None:
    """The buttons of a card of version 1 ask for the abstract and the citation of version 1."""
    held = f"{PAPER}v1"
    assert Abstract(channel=HERE, user="5", paper_id=PAPER, version=1) == asked(
        control(control_id(Control.ABSTRACT, held))
    )
    assert Cite(channel=OWN, place=HERE, user="5", paper_id=PAPER, version=1) == asked(
        control(control_id(Control.CITE, held))
    )
    assert Save(channel=OWN, place=HERE, user="5", paper_id=PAPER) == asked(control(control_id(Control.SAVE, held)))


def test_the_buttons_of_a_subscription_name_it_and_its_channel() -> None:
    """A subscription's buttons contain its id and its channel, and ending it requires a confirmation."""
    there = replace(HERE, channel="99")
    pause = Pause(channel=there, user="5", subscription_id="ab12")
    assert pause == asked(control("pw:pause:ab12 99"))
    assert Resume(channel=there, user="5", subscription_id="ab12") == asked(control("pw:resume:ab12 99"))
    assert isinstance(read_control(control("pw:unsubscribe:ab12 99")), Confirm)
    assert Unsubscribe(channel=there, user="5", subscription_id="ab12") == asked(control("pw:unsubscribe_sure:ab12 99"))
    opened = read_control(control("pw:edit:ab12 99"))
    assert isinstance(opened, OpenSubscribe)
    assert ("ab12", there) == (opened.subscription_id, opened.channel)


def test_other_buttons_do_what_they_say() -> None:
    """The buttons for the saved list, help, sharing and a new subscription do what they say."""
    assert Cite(channel=OWN, place=HERE, user="5") == asked(control("pw:saved_cite:"))
    assert Help(channel=HERE, user="5") == asked(control("pw:help:"))
    assert isinstance(read_control(control("pw:share:")), ShareThis)
    assert isinstance(read_control(control("pw:subscribe:")), OpenSubscribe)


@pytest.mark.parametrize("name", ["", "pw:abstract:nonsense", "pw:pause:", "pw:fly:1", "somebody else's", "pw:keep:x"])
def test_a_button_that_is_none_of_ours_is_refused(name: str) -> None:
    """A foreign or malformed custom id is refused."""
    with pytest.raises(RequestError):
        read_control(control(name))


def test_a_channel_that_is_named_is_subscribed_in() -> None:
    """The permissions of the bot and of the person in a named channel are read, which Discord sends since July 2026."""
    payload = slash("paper subscribe", channel="99")
    payload["data"]["resolved"] = {"channels": {"99": {"type": 15, "permissions": "16", "app_permissions": "1024"}}}
    opened = read_command(payload)
    assert isinstance(opened, OpenSubscribe)
    assert ("99", 15, 16, 1024) == (opened.channel.channel, opened.kind, opened.theirs, opened.ours)


def test_summarize_opens_a_window_or_reads_a_file() -> None:
    """Without a file the command opens the modal for pasting; with a file it reads the file."""
    opened = read_command(slash("summarize", style="short"))
    assert isinstance(opened, OpenSummarize)
    assert Style.SHORT == opened.style
    payload = slash("summarize", file="8")
    payload["data"]["resolved"] = {"attachments": {"8": {"url": "http://cdn/a", "filename": "a.txt", "size": 12}}}
    read = read_command(payload)
    assert isinstance(read, ReadFile)
    (request,) = read_file(read, b"\xef\xbb\xbfWe show.", most=100).requests
    assert Summarize(channel=HERE, user="5", text="We show.") == request


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_a_text_file_in_any_usual_encoding_is_read(encoding: str) -> None:
    """A file from an older editor is decoded as paper files are."""
    content = "Die Ärzte prüften die Müdigkeit.".encode(encoding)
    asked = ReadFile(location=location_of(slash("summarize")), url="", name="a.txt", size=9, style=Style.SHORT)
    (request,) = read_file(asked, content, most=1000).requests
    assert isinstance(request, Summarize)
    assert "Die Ärzte prüften die Müdigkeit." == request.text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"text"),
        ("a.txt", b"\xff\xfe\x00"),
        ("a.txt", b"   "),
        ("a.txt", bytes(range(100))),
        ("a.txt", b"x" * 101),
    ],
)
def test_a_file_that_is_no_text_is_refused(name: str, content: bytes) -> None:
    """A file that is not text is refused with a hint that says what to provide instead."""
    asked_ = ReadFile(location=location_of(slash("summarize")), url="", name=name, size=len(content), style=Style.SHORT)
    with pytest.raises(BadPaste) as refused:
        read_file(asked_, content, most=100)
    assert refused.value.hint


def test_a_window_with_a_text_asks_to_condense_it() -> None:
    """A pasted text is condensed, a lone address is looked up as a paper, and an empty text is an error."""
    action = read_summarize(window("summarize", text=" We show. ", title="A  b", style="structured"))
    assert isinstance(action, AnswerRequest)
    text = Summarize(channel=HERE, user="5", text="We show.", title="A b", style=Style.STRUCTURED)
    assert (text,) == action.requests
    link = read_summarize(window("summarize", text="https://arxiv.org/abs/1706.03762"))
    assert isinstance(link, AnswerRequest)
    assert isinstance(link.requests[0], Lookup)
    with pytest.raises(BadPaste):
        read_summarize(window("summarize", text="  "))


def test_of_a_message_its_papers_are_shown_else_its_text_is_condensed() -> None:
    """The text of content, embeds, components and forwards is read; a message with only a picture is refused."""
    links = {"content": "see <https://arxiv.org/abs/1706.03762>, and [this](https://arxiv.org/abs/2004.15011)."}
    action = read_command(on_message(links))
    assert isinstance(action, AnswerRequest)
    assert ["https://arxiv.org/abs/1706.03762", "https://arxiv.org/abs/2004.15011"] == [
        each.text for each in action.requests if isinstance(each, Lookup)
    ]
    told = f"We show it. {' '.join(['It works well on all five sets.'] * 4)}"
    for message in (
        {"content": f"<@55> **We** show ||it||.{told.removeprefix('We show it.')}"},
        {"embeds": [{"description": told}]},
        {"components": [{"type": 17, "components": [{"type": 10, "content": told}]}]},
        {"content": "", "message_snapshots": [{"message": {"content": told}}]},
    ):
        (request,) = read_command(on_message(message)).requests  # type: ignore[union-attr]
        assert Summarize(channel=HERE, user="5", text=told) == request
    for short in ("lunch?", "We show it."):
        with pytest.raises(BadPaste, match="no abstract, and no link"):
            read_command(on_message({"content": short}))
    with pytest.raises(BadPaste):
        read_command(on_message({"content": "", "attachments": [{"filename": "cat.png"}]}))


def test_text_is_read_as_it_was_typed() -> None:
    """Discord's markdown, mentions and escapes are removed, and the person's text is kept."""
    assert "Title https://a.b/c and 2 * 3" == bare("## **[Title](<https://a.b/c>)** and 2 \\* 3")


def test_whoever_cannot_be_answered_is_not() -> None:
    """An interaction without a token, an id or a person is refused."""
    for gap in ("token", "id"):
        with pytest.raises(BadCommand):
            location_of({**slash("paper help"), gap: ""})
    with pytest.raises(BadCommand):
        location_of({**slash("paper help"), "member": {}})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(data=json_values, kind=st.sampled_from((2, 3, 5)))
def test_whatever_a_payload_holds_is_a_request_or_a_named_refusal(data: Any, kind: int) -> None:
    """Every payload leads to an action or a RequestError."""
    payload = interaction(kind, data)
    reads: dict[int, Callable[[object], object]] = {2: read_command, 3: read_control, 5: read_summarize}
    with suppress(RequestError):
        assert reads[kind](payload) is not None
