"""The papers that a Slack message names: links, ids in a sentence, and no other numbers."""

import pytest

from bots.domain.channels import Channel
from bots.domain.requests import Lookup, Request, Summarize
from bots.slack.message_text import asked_in, papers_in

HERE = Channel(platform="slack", workspace="T1", channel="C1")
LINK = "https://arxiv.org/abs/2004.15011v2"


def requests_in(text: str) -> list[Request]:
    """Return the requests of one message to the bot."""
    return list(asked_in(text, channel=HERE, user="U2"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"<{LINK}>", [LINK]),
        (f"<{LINK}|TLDR> is good", [LINK]),
        ("<@U1>: 1706.03762", ["1706.03762"]),
        ("<@U1> see arXiv:1706.03762 and 2004.15011v2", ["1706.03762", "2004.15011v2"]),
        (f"<{LINK}> and arXiv:2004.15011", [LINK]),
        ("https://arxiv.org/abs/1706.03762,https://arxiv.org/abs/2004.15011", ["1706.03762", "2004.15011"]),
        ("we moved to CUDA 12.4 on 2020.12 at 192.168.12.1", []),
        (f"{'We study words. ' * 20} Compared with arXiv:1706.03762 it is better.", []),
        (f"{'We study words. ' * 20} The code of <{LINK}> is used.", [LINK]),
    ],
)
def test_the_papers_of_a_message_are_found(text: str, named: list[str]) -> None:
    """Links count in any message, ids only in one that is too short for an abstract; each paper counts once."""
    assert named == list(papers_in(text))


def test_an_id_after_a_mention_is_looked_up() -> None:
    """A mention, a colon and an id is a look-up of that id, and two ids are two look-ups."""
    assert [Lookup(channel=HERE, user="U2", text="1706.03762")] == requests_in("<@U1>: 1706.03762")
    both = requests_in("<@U1> see arXiv:1706.03762 and 2004.15011")
    assert ["1706.03762", "2004.15011"] == [asked.text for asked in both if isinstance(asked, Lookup)]


def test_an_abstract_that_cites_is_condensed() -> None:
    """A text of an abstract's length is condensed, although it cites a paper by its id."""
    (asked,) = requests_in("We study the words of papers. " * 12 + "Compared with arXiv:1706.03762 it is better.")
    assert isinstance(asked, Summarize)
