"""The modal for pasting a text: its two fields are one text, and an address or id in it is looked up."""

import pytest
from hypothesis import given

from bots.domain.requests import Lookup, Summarize
from bots.slack.actions import AnswerRequest
from bots.slack.modals import read_summarize, summarize_modal
from summarizer import Style
from tests.slack import strict
from tests.slack.reading import seen
from tests.slack.test_modals import CHANNEL, errors_of, sent
from tests.support import hostile


def test_a_text_in_two_fields() -> None:
    """A text of 5,500 characters fills two fields and is joined again; the modal states the limit."""
    text = "word " * 1100
    view = summarize_modal(CHANNEL, text)
    strict.check_shown(view)
    assert "morethan6,000belongsinadirectmessage" in seen(view["blocks"])
    answer = read_summarize(sent(view, title="A title"))
    assert isinstance(answer, AnswerRequest)
    assert (
        Summarize(channel=CHANNEL, user="U1", text=text.strip(), title="A title", style=Style.SHORT) == answer.request
    )


@pytest.mark.parametrize("put", ["", None, " \n "])
def test_a_text_is_needed(put: str | None) -> None:
    """Without a text, its field has an error that requests one."""
    assert ["abstract"] == list(errors_of(read_summarize(sent(summarize_modal(CHANNEL), abstract=put))))


def test_an_address_is_looked_up() -> None:
    """A pasted URL of a paper is looked up and the paper shown."""
    answer = read_summarize(sent(summarize_modal(CHANNEL), abstract="https://arxiv.org/abs/2004.15011"))
    assert isinstance(answer, AnswerRequest)
    assert Lookup(channel=CHANNEL, user="U1", text="https://arxiv.org/abs/2004.15011") == answer.request


def test_a_text_that_was_cut_within_a_word() -> None:
    """A word that a full field cut in two is joined again."""
    view = summarize_modal(CHANNEL)
    answer = read_summarize(sent(view, abstract="x" * 3000, more="yz and more"))
    assert isinstance(answer, AnswerRequest)
    assert isinstance(answer.request, Summarize)
    assert f"{'x' * 3000}yz and more" == answer.request.text


@hostile.patient
@given(text=hostile.texts, title=hostile.texts)
def test_hostile_texts(text: str, title: str) -> None:
    """A text of any kind fits in the modal within every limit."""
    strict.check_shown(summarize_modal(CHANNEL, text, title))
