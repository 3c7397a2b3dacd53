"""A click in a message, a modal or the home tab is parsed as the action on its button."""

from typing import Any

import pytest

from bots.domain.channels import Channel
from bots.domain.errors import BadCommand
from bots.domain.requests import (
    Abstract,
    Cite,
    Hidden,
    Lookup,
    MoreLike,
    NotForUs,
    Pause,
    Request,
    Resume,
    Save,
    Saved,
    Unhide,
    Unsave,
    Unsubscribe,
)
from bots.slack.actions import AnswerRequest, Nothing, OpenPreview, OpenSubscribe, Show
from bots.slack.controls import Control, paper_row, pdf_url, row_id
from bots.slack.incoming import read_control
from tests.slack.recorded import CHANNEL, TLDR, WHERE, at_home, pressed
from tests.support.factories import a_paper


@pytest.mark.parametrize(
    ("control", "request_", "show"),
    [
        (Control.ABSTRACT, Abstract(**WHERE, paper_id=TLDR), Show.MODAL),
        (Control.SAVE, Save(**WHERE, paper_id=TLDR), Show.PRIVATE),
        (Control.UNSAVE, Unsave(**WHERE, paper_id=TLDR), Show.PRIVATE),
        (Control.MORE, MoreLike(**WHERE, paper_id=TLDR), Show.PRIVATE),
        (Control.NOT_FOR_US, NotForUs(**WHERE, paper_id=TLDR, sure=False), Show.PRIVATE),
        (Control.HIDE, NotForUs(**WHERE, paper_id=TLDR), Show.PRIVATE),
        (Control.UNDO, Unhide(**WHERE, paper_id=TLDR), Show.PRIVATE),
        (Control.CITE, Cite(**WHERE, paper_id=TLDR), Show.PRIVATE),
        (Control.SHOW, Lookup(**WHERE, text="arxiv:2004.15011"), Show.PRIVATE),
    ],
)
def test_buttons_of_a_paper(control: Control, request_: Request, show: Show) -> None:
    """A paper's button requests the action in its label, for that paper."""
    action = read_control(pressed({"action_id": control, "block_id": "x", "value": "arxiv:2004.15011"}))
    assert isinstance(action, AnswerRequest)
    assert (request_, show) == (action.request, action.show)
    assert ("1548261231.000200", "1548261230.000100") == (action.location.message, action.location.thread)


@pytest.mark.parametrize(("value", "page"), [("2", 2), ("0", 1), ("", 1), ("-3", 1), ("٣", 1), ("9" * 40, 1)])
def test_a_page_of_the_hidden_papers_is_asked_for(value: str, page: int) -> None:
    """The buttons of the list carry the number of a page; anything else is the first page."""
    for name in (Control.HIDDEN_NEWER, Control.HIDDEN_OLDER):
        action = read_control(pressed({"action_id": name, "block_id": "hidden", "value": value}))
        assert isinstance(action, AnswerRequest)
        assert Hidden(**WHERE, page=page) == action.request


def test_buttons_of_an_earlier_version_ask_for_it() -> None:
    """The buttons and links of a card of version 1 concern version 1, those of the newest version name none."""
    newest = a_paper(id=TLDR, version=3, url="https://arxiv.org/abs/2004.15011")
    first = a_paper(id=TLDR, version=1, url="https://arxiv.org/abs/2004.15011v1")
    assert ["arxiv:2004.15011", "arxiv:2004.15011v1"] == [
        str(row["elements"][0]["value"]) for row in (paper_row(newest, 1), paper_row(first, 1)) if row
    ]
    assert "https://arxiv.org/pdf/2004.15011" == pdf_url(newest)
    assert "https://arxiv.org/pdf/2004.15011v1" == pdf_url(first)
    action = read_control(pressed({"action_id": Control.ABSTRACT, "block_id": "x", "value": "arxiv:2004.15011v1"}))
    assert isinstance(action, AnswerRequest)
    assert Abstract(**WHERE, paper_id=TLDR, version=1) == action.request


def test_menu_of_a_paper() -> None:
    """A menu choice belongs to the paper of its row."""
    row = row_id(str(TLDR), 3)

    def choose(value: str) -> Any:
        action = {"type": "overflow", "action_id": Control.MENU, "block_id": row, "selected_option": {"value": value}}
        return read_control(pressed(action))

    assert Nothing() == choose("pdf")
    assert Cite(**WHERE, paper_id=TLDR) == choose("bibtex").request
    assert (Lookup(**WHERE, text="arxiv:2004.15011"), Show.CHANNEL) == (choose("share").request, choose("share").show)
    with pytest.raises(BadCommand):
        choose("else")


@pytest.mark.parametrize(
    ("control", "kind"), [(Control.PAUSE, Pause), (Control.RESUME, Resume), (Control.UNSUBSCRIBE, Unsubscribe)]
)
def test_buttons_of_a_subscription(control: Control, kind: type[Pause | Resume | Unsubscribe]) -> None:
    """A subscription's button names the subscription and its channel, whatever view it is clicked in."""
    action = read_control(at_home({"action_id": control, "value": "a1b2c3 C9"}))
    assert isinstance(action, AnswerRequest)
    there = Channel(platform="slack", workspace="T1DC2JH3J", channel="C9")
    assert kind(channel=there, user="U2147483697", subscription_id="a1b2c3") == action.request
    assert Show.HOME == action.show


def test_what_opens() -> None:
    """Editing and subscribing open the modal; a preview carries the values entered so far."""
    edit = read_control(pressed({"action_id": Control.EDIT, "value": "a1b2c3 C2147483705"}))
    assert isinstance(edit, OpenSubscribe)
    assert ("a1b2c3", CHANNEL) == (edit.subscription_id, edit.location.channel)
    assert isinstance(read_control(pressed({"action_id": Control.SUBSCRIBE})), OpenSubscribe)
    preview = read_control(pressed({"action_id": Control.PREVIEW}, view={"id": "V1", "type": "modal", "state": {}}))
    assert isinstance(preview, OpenPreview)
    assert "V1" == preview.view["id"]


def test_in_the_home_tab() -> None:
    """In the home tab a search redraws it, and replies that are private elsewhere open as a modal."""
    search = read_control(at_home({"action_id": Control.SAVED_SEARCH, "value": " kv  cache "}))
    assert isinstance(search, AnswerRequest)
    assert "kv cache" == getattr(search.request, "words", None)
    assert isinstance(search.request, Saved)
    assert Show.HOME == search.show
    cite = read_control(at_home({"action_id": Control.SAVED_CITE}))
    assert isinstance(cite, AnswerRequest)
    assert Show.MODAL == cite.show
    assert ("1.2", True) == (cite.location.view_hash, cite.location.home)
