"""Payloads as docs.slack.dev shows them are parsed into the intended actions; invalid payloads are refused."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.errors import BadPaste, RequestError
from bots.domain.requests import (
    DigestNow,
    Help,
    ListSubscriptions,
    Lookup,
    Pause,
    Request,
    Saved,
    Search,
    SmallTalk,
    Subscribe,
    Summarize,
    Talk,
)
from bots.slack.actions import AnswerRequest, OpenSubscribe, OpenSummarize, SharedLink, Show
from bots.slack.controls import Control
from bots.slack.incoming import read_command, read_control, read_event, read_links, read_shortcut
from bots.slack.message_text import papers_in, typed
from bots.slack.payloads import Location, location_of
from tests.slack.recorded import TLDR, WHERE, chosen, command, event, pressed
from tests.support import hostile

DAY = date(2026, 11, 24)


# ── slash commands ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("", Help(**WHERE)),
        ("help", Help(**WHERE)),
        ("2004.15011", Lookup(**WHERE, text="2004.15011")),
        ("https://arxiv.org/abs/2004.15011", Lookup(**WHERE, text="https://arxiv.org/abs/2004.15011")),
        ("<https://arxiv.org/abs/2004.15011|a paper>", Lookup(**WHERE, text="https://arxiv.org/abs/2004.15011")),
        ("10.1145/3292500.3330701", Lookup(**WHERE, text="10.1145/3292500.3330701")),
        ("attention is all you need", Lookup(**WHERE, text="attention is all you need")),
        ("Transformers", Lookup(**WHERE, text="Transformers")),
        ("search AT&amp;T speech", Search(**WHERE, words="AT&T speech")),
        ("digest now", DigestNow(**WHERE)),
        ("digest yesterday", DigestNow(**WHERE, day=date(2026, 11, 23))),
        ("subscriptions", ListSubscriptions(**WHERE)),
        ("saved", Saved(**WHERE)),
        ("saved KV cache", Saved(**WHERE, words="KV cache")),
        ("pause a1b2c3", Pause(**WHERE, subscription_id="a1b2c3")),
        ("we show " * 20, Summarize(**WHERE, text=("we show " * 20).strip())),
    ],
)
def test_commands(text: str, request_: Request) -> None:
    """A command is parsed by the common grammar; other text is a title, or an abstract if it is long."""
    action = read_command(command(text), today=DAY)
    assert isinstance(action, AnswerRequest)
    assert (request_, Show.PRIVATE) == (action.request, action.show)


def test_where_a_command_was_typed() -> None:
    """The location of a command holds everything that its response needs."""
    assert Location(
        **WHERE,
        trigger="13345224609.738474920.8088930838d88f008e0",
        response_url="https://hooks.slack.com/commands/1234/5678",
    ) == location_of(command(""))


def test_an_enterprise_without_a_workspace() -> None:
    """If an app is installed in a whole enterprise and no workspace is named, the enterprise's id takes its place."""
    body = command("help", team_id=None, enterprise_id="E1", is_enterprise_install="true")
    assert "E1" == location_of(body).channel.workspace


def test_subscribe_opens_the_modal() -> None:
    """A bare "subscribe" opens the modal; with options the subscription is created as typed."""
    assert isinstance(read_command(command(" subscribe ")), OpenSubscribe)
    action = read_command(command("subscribe query=agents limit=3"))
    assert isinstance(action, AnswerRequest)
    assert isinstance(action.request, Subscribe)
    assert ("agents", 3) == (action.request.subscription.query, action.request.subscription.limit)
    assert isinstance(read_command(command("summarize")), OpenSummarize)


@pytest.mark.parametrize(
    "text", ["serach attention", "digest of agents", "subscribe limit=1000", "unsubscribe limit=2 x=3"]
)
def test_slips_are_told(text: str) -> None:
    """A misspelt command, or one with invalid words, is an error with the correct form, not a search."""
    with pytest.raises(RequestError) as caught:
        read_command(command(text))
    assert caught.value.hint


# ── mentions and direct messages ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("<@UBOT> help", "help"),
        ("<@UBOT|paperwire>: <https://a.example/?a=1&amp;b=2>", ": https://a.example/?a=1&b=2"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<#C1|papers> and <#C2>", "#papers and"),
        ("<!here> a &lt; b &amp;amp; c", "@here a < b &amp; c"),
        ("<!subteam^S1|@team> <!date^1^{date}|today>", "@team today"),
        ("lookup <id>", "lookup <id>"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_what_was_typed(text: str, meant: str) -> None:
    """Slack's markup and entities are decoded once, and mentions of people removed."""
    assert meant == typed(text)


def test_a_mention_with_links() -> None:
    """Each paper whose URL is in a mention is looked up once, and answered in the thread."""
    text = (
        "<@UBOT> what of <https://arxiv.org/abs/2004.15011v2> and <https://arxiv.org/pdf/2004.15011|this> and "
        "<https://huggingface.co/papers/1706.03762> and <https://example.com|no paper>?"
    )
    action = read_event(event(text))
    assert [
        Lookup(**WHERE, text="https://arxiv.org/abs/2004.15011v2"),
        Lookup(**WHERE, text="https://huggingface.co/papers/1706.03762"),
    ] == [each.request for each in action]
    assert {Show.THREAD} == {each.show for each in action}
    assert {"1515449522.000016"} == {each.location.message for each in action}


def test_a_command_with_a_link_stays_a_command() -> None:
    """A mention that begins with a command is that command, with or without links."""
    (action,) = read_event(event("<@UBOT> search <https://arxiv.org/abs/2004.15011>"))
    assert isinstance(action.request, Search)


def test_a_direct_message() -> None:
    """An abstract in a direct message is summarised; an empty mention is a call for help."""
    (action,) = read_event(event("We show that &lt; " * 12, "message", channel="D1", channel_type="im"))
    assert isinstance(action.request, Summarize)
    assert action.request.text.startswith("We show that < We")
    (helped,) = read_event(event("<@UBOT>"))
    assert SmallTalk(**WHERE, talk=Talk.HELP) == helped.request


@pytest.mark.parametrize(
    "more", [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"subtype": "bot_message"}, {"hidden": True}]
)
def test_messages_that_nobody_wrote(more: dict[str, Any]) -> None:
    """Messages of apps, edits and deletions are not answered."""
    assert () == read_event(event("help", **more))


def test_a_message_with_a_file() -> None:
    """Of a message with a file, the text is parsed."""
    (action,) = read_event(event("help", "message", subtype="file_share", files=[{"id": "F1"}]))
    assert Help(**WHERE) == action.request


def test_links_that_are_unfurled() -> None:
    """Of the URLs in an event, those of papers are returned as they were posted."""
    links = [
        {"domain": "arxiv.org", "url": "https://arxiv.org/abs/2004.15011?x=1"},
        {"domain": "arxiv.org", "url": "https://arxiv.org/list/cs.CL/new"},
        {"domain": "huggingface.co", "url": "https://huggingface.co/papers/2004.15011"},
        {"domain": "huggingface.co", "url": "https://huggingface.co/models"},
        "junk",
    ]
    body = event("", "link_shared", links=links, unfurl_id="C1.1", source="composer")
    assert (
        SharedLink(url="https://arxiv.org/abs/2004.15011?x=1", paper_id=TLDR),
        SharedLink(url="https://huggingface.co/papers/2004.15011", paper_id=TLDR),
    ) == read_links(body)


@pytest.mark.parametrize(("links", "requests"), [(1, 1), (3, 3), (4, 1), (120, 1)])
def test_no_more_cards_than_one_can_read(links: int, requests: int) -> None:
    """Up to three papers of a message get a card each; more are one request, which lists the first and counts all."""
    text = " ".join(f"<https://arxiv.org/abs/2004.{number:05}>" for number in range(links))
    assert links == len(papers_in(text))
    asked = read_shortcut(chosen(text=text))
    assert requests == len(asked)
    assert all(isinstance(each, AnswerRequest) and isinstance(each.request, Lookup) for each in asked)


# ── shortcuts ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_shortcuts() -> None:
    """A message is summarised, or its papers are shown; without a message the modal opens."""
    (text,) = read_shortcut(chosen(text=" ".join(["We show this &amp; that."] * 8)))
    assert isinstance(text, AnswerRequest)
    assert Summarize(**WHERE, text=" ".join(["We show this & that."] * 8)) == text.request
    (link,) = read_shortcut(chosen(text="see <https://arxiv.org/abs/2004.15011>"))
    assert isinstance(link, AnswerRequest)
    assert Lookup(**WHERE, text="https://arxiv.org/abs/2004.15011") == link.request
    everywhere = {name: value for name, value in chosen().items() if name not in ("channel", "message", "message_ts")}
    (modal,) = read_shortcut(everywhere | {"type": "shortcut", "callback_id": "summarize"})
    assert isinstance(modal, OpenSummarize)
    assert "U2147483697" == modal.location.channel.channel


def test_a_message_without_text() -> None:
    """A message with only a file is refused, and the error explains that files are not read."""
    with pytest.raises(BadPaste) as caught:
        read_shortcut(chosen(text="", files=[{"id": "F1"}]))
    assert "Paperwire reads no files here" in caught.value.hint


# ── junk ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

NAMES = "type user id team channel event text actions action_id value view links url message ts block_id".split()
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | hostile.texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
READERS = (read_command, read_event, read_shortcut, read_control)


@hostile.patient
@given(payload=junk, control=st.sampled_from([*Control, "other"]), value=hostile.texts)
def test_junk_is_refused(payload: Any, control: str, value: str) -> None:
    """Any payload is parsed or refused with a RequestError; no other error is raised."""
    whole = {"action_id": control, "value": value, "block_id": value, "selected_option": payload}
    bodies = [payload, command("") | {"text": payload}, event(payload), pressed(whole), chosen(text=payload)]
    for read in READERS:
        for body in bodies:
            with suppress(RequestError):
                read(body)
    assert isinstance(read_links(payload), tuple)


@hostile.patient
@given(text=hostile.texts)
def test_hostile_words(text: str) -> None:
    """Any text in a command, a message or a message shortcut is parsed or refused."""
    for read, body in ((read_command, command(text)), (read_event, event(text)), (read_shortcut, chosen(text=text))):
        with suppress(RequestError):
            assert read(body) is not None
