"""Messages in embeds have the same content, within the limits of embeds."""

from dataclasses import replace
from typing import Any

import pytest

from bots.discord.components import V2, container, row, separator, text
from bots.discord.embeds import as_embeds
from bots.discord.outgoing import digest_parts, reply_messages
from bots.domain import replies
from bots.domain.replies import Reply
from bots.testing.samples import a_long_digest
from tests.discord import strict
from tests.discord.markdown import seen
from tests.discord.papers import CHANNEL
from tests.discord.test_outgoing import EVERY
from tests.support.factories import a_digest, an_entry


def legacy(reply: Reply) -> Any:
    """Return the first message of a reply as embeds."""
    return as_embeds(reply_messages(reply)[0].payload)


@pytest.mark.parametrize("reply", EVERY, ids=lambda each: type(each).__name__)
def test_embeds_say_what_cards_say(reply: Reply) -> None:
    """Every word of a message is in its embeds, in the same order."""
    for message in reply_messages(reply):
        assert seen(message.payload) == seen(as_embeds(message.payload))


def test_a_digest_as_embeds() -> None:
    """The heading is the message's content, which notifications show; each paper has an embed and a row of buttons."""
    (part,) = digest_parts(a_digest(channel=CHANNEL))
    made = as_embeds(part.payload)
    assert "flags" not in made
    headline, about = made["content"].splitlines()
    assert "**5 papers for Tuesday 24 November 2026**" == headline
    assert about.startswith("-# 229 found")
    assert 5 == len(made["embeds"])
    assert 5 == len(made["components"])
    assert [f"{number} · Abstract" for number in range(1, 6)] == [
        each["components"][0]["label"] for each in made["components"]
    ]
    assert strict.presses(part.payload["components"]) == strict.presses(made["components"])


def test_what_is_for_the_sender_stays() -> None:
    """A part in embeds keeps its thread flag and its title."""
    _, part, *_ = digest_parts(replace(a_long_digest(12), channel=CHANNEL))
    made = as_embeds(part.payload)
    assert (True, part.payload["title"]) == (made["thread"], made["title"])
    assert {"parse": []} == made["allowed_mentions"]


def test_buttons_beside_a_text_stand_below() -> None:
    """The links to a paper's page and PDF get their own row, above the paper's other buttons."""
    made = legacy(replies.Card(entry=an_entry()))
    assert [["Open paper", "PDF"], ["Abstract", "Save", "More like this", "Not for us", "BibTeX"]] == [
        [each["label"] for each in each_row["components"]] for each_row in made["components"]
    ]


def test_what_does_not_fit_is_left_out_from_the_end() -> None:
    """Only the first five rows are kept, and the last of ten embeds contains all further texts."""
    button = {"type": 2, "style": 2, "label": "x", "custom_id": "pw:save:1"}
    pieces = [each for number in range(12) for each in (text(f"n{number}"), separator(), row([button]))]
    made = as_embeds({"flags": V2 | 64, "components": [container(pieces)], "allowed_mentions": {"parse": []}})
    assert 64 == made["flags"]
    assert 5 == len(made["components"])
    assert 10 == len(made["embeds"])
    assert "n9\nn10\nn11" == made["embeds"][-1]["description"]


def test_a_message_of_another_kind_stays_as_it_is() -> None:
    """A message without Components V2 is returned unchanged."""
    assert {"content": "x"} == as_embeds({"content": "x"})
